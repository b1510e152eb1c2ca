"""Which addresses are this server's own, so that no other site speaks to it in a visitor's name.

A site whose name is pointed at this computer ("DNS rebinding") would be of one origin with the pages, and a
site that opens a WebSocket from a visitor's browser sends their cookies along. The first is told by the
header Host, the second by Origin.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?::[0-9]{1,5})?", re.IGNORECASE)
LOCALHOST = "localhost"


def host_name(host: str) -> str:
    """Return the name or address in a header Host, without port and brackets; empty where it is none."""
    match = HOST.fullmatch(host)
    return match[1].strip("[]").lower().rstrip(".") if match else ""


def read_address(text: str | None) -> IPv4Address | IPv6Address | None:
    """Read an IP address; an IPv4 address in the clothes of IPv6 is one of IPv4, and None is none at all."""
    try:
        address = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_loopback(name: str | None) -> bool:
    """Tell whether a name or address means the computer itself."""
    address = read_address(name)
    return address.is_loopback if address else name == LOCALHOST


def computer_names() -> frozenset[str]:
    """Return what this computer is called, without asking the network around it."""
    name = socket.gethostname().lower().rstrip(".")
    first = name.partition(".")[0]
    return frozenset({name, first, f"{first}.local"})


def link_host(named: Iterable[str | None]) -> str:
    """Return under which name or address another computer finds this one, as it stands in a link.

    Args:
        named: Those that are set for the server, the best first. One that means whatever computer it is said
            on, or all addresses of this one, leads nobody here; without any other, the computer's own does.
    """
    for name in named:
        address = read_address(name)
        found = str(address) if address else host_name(name or "")
        if found and not is_loopback(found) and not (address and address.is_unspecified):
            return f"[{found}]" if isinstance(address, IPv6Address) else found
    return socket.gethostname()


class OwnHosts:
    """The names and addresses under which this server answers.

    Args:
        named: Those that are set for it, beside the computer's own.
    """

    def __init__(self, named: Iterable[str] = ()) -> None:
        self._names = {*computer_names(), *(name.lower().rstrip(".") for name in named)} - {""}

    def include(self, host: str, reached: str | None) -> bool:
        """Tell whether a header Host is one of them.

        Args:
            host: The header, with or without a port.
            reached: The address of this computer at which the request arrived; with Wi-Fi and cable it has
                several, and they change.
        """
        name = host_name(host)
        address = read_address(name)
        if address and address == read_address(reached):
            return True
        return is_loopback(name) or name in self._names


def is_own_origin(origin: str, host: str) -> bool:
    """Tell whether a page of `origin` is one of those at `host`, a header Host that is our own.

    Word for word: Streamlit asks an outside service for its own address when the two differ, and the whole
    server waits for the answer.
    """
    return origin in {f"http://{host}", f"https://{host}"}
