"""Whose a run is, and who may change it: a visitor what they trained, the teacher everything."""

from __future__ import annotations

from dataclasses import dataclass

from mnist_demo.errors import NotAllowed
from mnist_demo.runs.names import clean_name

MAX_ID_LENGTH = 100


@dataclass(frozen=True)
class Owner:
    """Somebody who trains, renames and deletes runs.

    Attributes:
        id: Tells people apart, and is nobody's secret: of a visitor it is made of their cookie by a one-way
            function, so that it may stand in files that others download.
        name: What they call themselves; empty until they say.
    """

    id: str
    name: str = ""

    @property
    def is_teacher(self) -> bool:
        """Whether this is the teacher, who may change everything."""
        return self.id == TEACHER.id


TEACHER = Owner("teacher")
"""Whoever opens the page on the computer itself, or has the key; runs without an owner are theirs."""


def may_change(person: Owner, owner: Owner) -> bool:
    """Tell whether somebody may stop, rename or delete what belongs to `owner`."""
    return person.is_teacher or person.id == owner.id


def check_may_change(person: Owner, owner: Owner) -> None:
    """Check that somebody may stop, rename or delete what belongs to `owner`.

    Raises:
        NotAllowed: They may not.
    """
    if not may_change(person, owner):
        raise NotAllowed("not_yours")


def read_owner(value: object) -> Owner:
    """Read an owner as a file holds them; what names none is the teacher's.

    Raises:
        TypeError: This is no owner.
    """
    if value is None:
        return TEACHER
    if not isinstance(value, dict) or not all(type(value.get(entry)) is str for entry in ("id", "name")):
        raise TypeError(f"owner: {value!r}")
    if not 0 < len(value["id"]) <= MAX_ID_LENGTH:
        raise TypeError(f"owner: {value['id']!r}")
    return Owner(value["id"], clean_name(value["name"]))
