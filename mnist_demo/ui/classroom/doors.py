"""The doors to a class: for each address of this computer a link, and that link as a QR code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import segno

from mnist_demo.texts import Texts
from mnist_demo.ui.classroom.addresses import Address, Kind

PAPER, INK = "#ffffff", "#000000"
"""In both themes: phones read a dark code on white, and many no other."""
QUIET_MODULES = 4
"""The margin that the standard asks for (ISO/IEC 18004)."""


@dataclass(frozen=True)
class Door:
    """A way in.

    Attributes:
        name: Of the interface.
        ip: The address of this computer.
        origin: Of every link to this server there.
        address: What one types.
        url: Where the QR code leads.
        qr: The code, see `qr_code`.
    """

    name: str
    ip: str
    origin: str
    address: str
    url: str
    qr: str


def make_doors(
    addresses: Sequence[Address], *, scheme: str, port: int, path: str, code: str, texts: Texts
) -> tuple[Door, ...]:
    """Make a door for each address; the address stands in it as numbers, which every phone finds.

    Args:
        addresses: The likeliest first.
        scheme: "http" or "https".
        port: Of the server.
        path: Where the page for phones is, such as "/c".
        code: The class's.
        texts: The words.
    """
    doors = []
    for address in addresses:
        host = f"{address.ip}:{port}"
        origin, name = f"{scheme}://{host}", interface_name(address, texts)
        url = f"{origin}{path}/{code}"
        doors.append(Door(name, address.ip, origin, f"{host}{path}", url, qr_code(url)))
    return tuple(doors)


def interface_name(address: Address, texts: Texts) -> str:
    """Say what an interface is, and what the system calls it."""
    words = texts.class_page
    forms = {Kind.WIFI: words.wifi, Kind.CABLE: words.cable, Kind.VIRTUAL: words.virtual}
    form = forms.get(address.kind)
    return form.format(interface=address.interface) if form else address.interface


def qr_code(url: str) -> str:
    """Draw a link as a QR code: an SVG without a size of its own, as a data URL."""
    code = segno.make(url, error="m", micro=False)
    drawn: str = code.svg_data_uri(border=QUIET_MODULES, omitsize=True, dark=INK, light=PAPER)
    return drawn
