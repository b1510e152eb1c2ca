"""Under which addresses phones find this computer, asked of its network interfaces themselves.

Neither of its name, which phones on a school's network seldom know, nor of the way to the internet, which
may not be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Address

import ifaddr

from mnist_demo.ui.doors.hosts import is_loopback, read_address

WIFI = re.compile(r"wi-?fi|wireless|wlan|wlp|wlx|^wl|802\.11|airport", re.IGNORECASE)
CABLE = re.compile(r"ethernet|^eth\d|^en[a-z]?\d|gbe|gigabit", re.IGNORECASE)
VIRTUAL = re.compile(
    r"docker|veth|^br-|virbr|vbox|virtual|vmnet|vmware|vethernet|hyper-v|wsl|lxc|lxd|podman|cni|flannel"
    r"|^tun|^tap|tap-|utun|^wg|wireguard|^ppp|vpn|tailscale|^zt|zerotier|openvpn|ipsec|awdl|llw|bluetooth",
    re.IGNORECASE,
)
HOTSPOT = re.compile(r"wi-?fi direct|^bridge\d", re.IGNORECASE)
"""What Windows and macOS call the hotspot that they open; Windows calls it virtual besides."""


class Kind(IntEnum):
    """What an interface is, in the order in which a class should try them."""

    WIFI = 0
    CABLE = 1
    OTHER = 2
    VIRTUAL = 3


@dataclass(frozen=True)
class Address:
    """An address of this computer.

    Attributes:
        ip: Its numbers.
        interface: What the system calls the interface.
        kind: What that is.
    """

    ip: str
    interface: str
    kind: Kind


def kind_of(*names: str) -> Kind:
    """Tell from the names of an interface what it is: the short one, and the one that people are shown."""
    if any(map(HOTSPOT.search, names)):
        return Kind.WIFI
    for pattern, kind in ((VIRTUAL, Kind.VIRTUAL), (WIFI, Kind.WIFI), (CABLE, Kind.CABLE)):
        if any(map(pattern.search, names)):
            return kind
    return Kind.OTHER


def rank_addresses(found: Iterable[tuple[str, str, str]]) -> tuple[Address, ...]:
    """Order the addresses of a computer, the likeliest for phones first.

    Args:
        found: Each interface's short name, the name that people are shown, and one of its addresses.

    Returns:
        Its IPv4 addresses that another computer can reach: Wi-Fi and Ethernet first, private addresses before
        public ones, virtual interfaces last.
    """
    ranked = []
    for place, (name, shown, ip) in enumerate(found):
        address = read_address(ip)
        if not isinstance(address, IPv4Address):
            continue
        if address.is_loopback or address.is_link_local or address.is_unspecified:
            continue
        kind = kind_of(name, shown)
        rank = (kind is Kind.VIRTUAL, not address.is_private, kind, place)
        ranked.append((rank, Address(str(address), shown or name, kind)))
    return tuple(address for _, address in sorted(ranked, key=lambda each: each[0]))


def limit_to(bound: str | None, addresses: tuple[Address, ...]) -> tuple[Address, ...]:
    """Leave out addresses at which the server does not listen.

    Args:
        bound: The address that it is told to listen at; none, or all zeros: at every one.
        addresses: Those of this computer.
    """
    address = read_address(bound)
    if not bound or (address and address.is_unspecified):
        return addresses
    if is_loopback(bound):
        return ()
    return tuple(each for each in addresses if each.ip == str(address)) if address else addresses


def own_addresses(bound: str | None) -> tuple[Address, ...]:
    """Ask the interfaces of this computer now, and rank what a server that listens at `bound` is found by."""
    found = [
        (str(adapter.name), str(adapter.nice_name), str(ip.ip))
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if ip.is_IPv4
    ]
    return limit_to(bound, rank_addresses(found))
