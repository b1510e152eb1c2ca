"""Whose a run is, and who may change it: a visitor what they trained, the teacher everything."""

from __future__ import annotations

from dataclasses import dataclass


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
