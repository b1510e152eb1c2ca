"""The class as it is on the disk, and what is told of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mnist_demo.classroom import ClassState, Phase, Reader, phone_view, wall_view


@dataclass(frozen=True)
class Latest:
    """The class at one moment; made anew with every change.

    Attributes:
        state: The class.
        reader: Who reads its drawings.
    """

    state: ClassState
    reader: Reader

    @cached_property
    def phones(self) -> bytes:
        """What all phones are told, as JSON."""
        return _json(phone_view(self.state))

    @cached_property
    def wall(self) -> bytes:
        """What the teacher is told, as JSON."""
        taught = self.reader.taught if self.state.phase is Phase.COMPARED else None
        accuracy = taught.on_test.before.right / taught.on_test.before.of if taught else self.reader.accuracy
        return _json(wall_view(self.state, accuracy, taught, self.after))

    @cached_property
    def after(self) -> Mapping[str, int]:
        """What the network reads in each drawing, by its id, after it has learned from the class."""
        is_compared = self.state.phase is Phase.COMPARED and self.reader.taught
        return self.reader.read_again(self.state.tiles) if is_compared else {}

    def followed_by(self, state: ClassState) -> Latest:
        """Go on to another state; where phones are told the same as before, it is not written again."""
        after = Latest(state, self.reader)
        if state.told == self.state.told:
            vars(after)["phones"] = self.phones
        return after


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
