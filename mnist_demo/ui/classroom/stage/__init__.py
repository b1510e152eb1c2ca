"""The component with which a teacher leads a class, and which a projector shows.

No script of the page runs while a class draws: the component polls the wall and posts commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from mnist_demo.texts import Texts, section_entries
from mnist_demo.ui.classroom.doors import Door
from mnist_demo.ui.classroom.papers import network_card
from mnist_demo.ui.classroom.questions import AskedQuestion
from mnist_demo.ui.components.parts import declare, read_files

SHARED_SCRIPTS = ("latest.js", "write.js", "keys.js")
SCRIPTS = (
    "figures.js",
    "compared.js",
    "people.js",
    "wall.js",
    "large.js",
    "join.js",
    "ending.js",
    "leading.js",
    "class.js",
)


class Asked(NamedTuple):
    """What a teacher wants of the page itself.

    Attributes:
        changed: Whether a class was started, or has ended.
        put: An image for the canvas, base64 of its 784 bytes; empty for none.
    """

    changed: bool
    put: str


_class_room = declare(
    "class",
    "\n".join((read_files(*SHARED_SCRIPTS), read_files(*SCRIPTS, package=__package__))),
    html=read_files("class.html", package=__package__),
    css=read_files("class.css", package=__package__),
)


def render_class_room(
    *,
    code: str,
    url: str,
    card_url: str,
    doors: Sequence[Door],
    questions: Sequence[AskedQuestion],
    texts: Texts,
    key: str,
) -> Asked:
    """Show the class that goes on, or how to start one; from then on it is followed by HTTP.

    Args:
        code: The class's; empty where none goes on.
        url: Where classes are on this server.
        card_url: Where the card of the network is, to print.
        doors: The ways by which phones come in, the likeliest first; none where no phone can.
        questions: What can be asked besides digits.
        texts: The words.
        key: Names the place in the page.
    """
    words = section_entries(texts.class_stage)
    words |= {"thousands": texts.numbers.thousands, "thousands_from": texts.numbers.thousands_from}
    data: dict[str, Any] = {"code": code, "url": url, "words": words}
    data |= {"card": network_card(texts), "card_url": card_url}
    data |= {"doors": [asdict(door) for door in doors], "questions": [asdict(one) for one in questions]}
    told = _class_room(data=data, key=key, on_changed_change=lambda: None, on_put_change=lambda: None)
    return Asked(told.get("changed") is not None, told.get("put") or "")
