"""Links for phones, and their QR codes."""

from __future__ import annotations

from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from mnist_demo.texts import languages, load_texts
from mnist_demo.ui.classroom.addresses import Address, Kind
from mnist_demo.ui.classroom.doors import QUIET_MODULES, Door, make_doors, qr_code

SVG = "{http://www.w3.org/2000/svg}"


def a_door(kind: Kind = Kind.WIFI, language: str = "en") -> Door:
    """Make the door to a class at one address."""
    address = Address("192.168.1.40", "wlp2s0", kind)
    texts = load_texts(language)
    (door,) = make_doors([address], scheme="http", port=8501, path="/c", code="K7M2", texts=texts)
    return door


def test_link_has_the_numbers_of_the_address_in_it():
    """No name, which phones on a school's network may not find; and what one types is short."""
    door = a_door()
    assert door.url == "http://192.168.1.40:8501/c/K7M2"
    assert door.address == "192.168.1.40:8501/c"
    assert door.origin == "http://192.168.1.40:8501"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", Kind)
def test_every_interface_has_a_name(kind: Kind, language: str):
    """With what the system calls it, by which somebody who knows the computer finds it."""
    assert "wlp2s0" in a_door(kind, language).name


def test_code_is_dark_on_white_with_its_margin():
    """In a page of any colour; 29 modules hold such a link."""
    url = qr_code("http://192.168.1.40:8501/c/K7M2")
    assert url.startswith("data:image/svg+xml")
    drawn = ElementTree.fromstring(unquote(url.partition(",")[2]))
    assert drawn.get("viewBox") == f"0 0 {29 + 2 * QUIET_MODULES} {29 + 2 * QUIET_MODULES}"
    paper, ink = drawn.findall(f"{SVG}path") or drawn.findall("path")
    assert paper.get("fill") in {"#fff", "white"}
    assert ink.get("stroke") == "#000"


def test_another_link_is_another_code():
    """It is the link that is drawn."""
    assert qr_code("http://192.168.1.40:8501/c/K7M2") != qr_code("http://192.168.1.40:8501/c/K7M3")
