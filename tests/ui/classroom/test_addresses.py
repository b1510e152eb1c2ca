"""Which of a computer's addresses phones are sent to."""

from __future__ import annotations

import pytest

from mnist_demo.ui.classroom.addresses import Kind, kind_of, limit_to, own_addresses, rank_addresses

LINUX = (
    ("lo", "lo", "127.0.0.1"),
    ("docker0", "docker0", "172.17.0.1"),
    ("br-5f2a", "br-5f2a", "172.18.0.1"),
    ("virbr0", "virbr0", "192.168.122.1"),
    ("tun0", "tun0", "10.8.0.2"),
    ("enp3s0", "enp3s0", "192.168.1.40"),
    ("wlp2s0", "wlp2s0", "192.168.1.41"),
)
WINDOWS = (
    ("{A}", "VirtualBox Host-Only Ethernet Adapter", "192.168.56.1"),
    ("{B}", "Hyper-V Virtual Ethernet Adapter", "172.27.16.1"),
    ("{C}", "TAP-Windows Adapter V9", "10.8.0.6"),
    ("{D}", "Realtek PCIe GbE Family Controller", "169.254.10.20"),
    ("{E}", "Intel(R) Wi-Fi 6 AX201 160MHz", "10.20.30.40"),
    ("{F}", "Microsoft Wi-Fi Direct Virtual Adapter", "192.168.137.1"),
)
MAC = (("lo0", "lo0", "127.0.0.1"), ("utun3", "utun3", "100.100.1.1"), ("en0", "en0", "192.168.0.7"))


def ips(*found: tuple[str, str, str]) -> list[str]:
    """Rank addresses and return their numbers."""
    return [address.ip for address in rank_addresses(found)]


def test_wifi_and_ethernet_come_before_what_programs_have_set_up():
    """Docker and VirtualBox have addresses of their own, which no phone reaches."""
    assert ips(*LINUX)[:2] == ["192.168.1.41", "192.168.1.40"]
    assert set(ips(*LINUX)[2:]) == {"172.17.0.1", "172.18.0.1", "192.168.122.1", "10.8.0.2"}


def test_windows_names_what_the_short_name_does_not():
    """Its hotspot counts as Wi-Fi, though it is called virtual, and an address without a network is none."""
    assert ips(*WINDOWS)[:2] == ["10.20.30.40", "192.168.137.1"]
    assert "169.254.10.20" not in ips(*WINDOWS)


def test_loopback_is_no_address_for_phones():
    """Nor is IPv6, which is too long to be typed."""
    assert ips(*MAC) == ["192.168.0.7", "100.100.1.1"]
    assert ips(("lo", "lo", "127.0.0.1"), ("eth0", "eth0", "fe80::1%eth0"), ("eth1", "eth1", "::1")) == []


def test_private_addresses_come_before_public_ones():
    """A school's own network is more likely to be the one that phones are in."""
    assert ips(("wlan0", "wlan0", "8.8.4.4"), ("eth0", "eth0", "10.0.0.9")) == ["10.0.0.9", "8.8.4.4"]


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("wlan0",), Kind.WIFI),
        (("bridge100",), Kind.WIFI),
        (("eth0",), Kind.CABLE),
        (("vethd1e2",), Kind.VIRTUAL),
        (("vboxnet0",), Kind.VIRTUAL),
        (("wg0",), Kind.VIRTUAL),
        (("{X}", "vEthernet (WSL)"), Kind.VIRTUAL),
        (("usb0",), Kind.OTHER),
    ],
)
def test_interfaces_are_told_by_their_names(names: tuple[str, ...], kind: Kind):
    """The short one, or the one that people are shown."""
    assert kind_of(*names) is kind


@pytest.mark.parametrize(
    ("bound", "left"),
    [
        (None, ["192.168.0.7", "100.100.1.1"]),
        ("0.0.0.0", ["192.168.0.7", "100.100.1.1"]),
        ("::", ["192.168.0.7", "100.100.1.1"]),
        ("127.0.0.1", []),
        ("localhost", []),
        ("192.168.0.7", ["192.168.0.7"]),
    ],
)
def test_only_where_the_server_listens(bound: str | None, left: list[str]):
    """An address at which nobody answers helps nobody."""
    assert [address.ip for address in limit_to(bound, rank_addresses(MAC))] == left


def test_this_computer_can_be_asked():
    """Whatever it has, nothing of it means the computer itself."""
    assert all(not address.ip.startswith("127.") for address in own_addresses(None))
    assert own_addresses("127.0.0.1") == ()
