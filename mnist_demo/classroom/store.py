"""The file of a class: what was acknowledged is in it, and a server that was killed goes on from it.

A commit is on the disk before anybody is told of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from mnist_demo.classroom.database import ClassDatabase
from mnist_demo.classroom.drawing import Drawing
from mnist_demo.classroom.files import FILE, explained, read_rows
from mnist_demo.classroom.rows import (
    ADD_DRAWING,
    DRAWING_COLUMNS,
    drawing_row,
    read_drawing,
    read_question,
)
from mnist_demo.classroom.seats import Seat, SeatStatus
from mnist_demo.classroom.state import ClassState, Kind, Phase, Round, Switches
from mnist_demo.errors import ClassNotKept

WITHOUT_DRAWINGS = {Phase.LOBBY, Phase.ENDED}


class ClassStore(ClassDatabase):
    """The file of one class, by what a class consists of."""

    @classmethod
    def find(cls, folder: Path) -> Self | None:
        """Open the file of a class that has not been ended; None where there is none.

        Raises:
            ClassElsewhere: Another server has it open.
            ClassNotKept: It cannot be opened.
        """
        return cls(folder) if (folder / FILE).is_file() else None

    def _get(self, query: str, *values: object) -> Any:  # noqa: ANN401 - whatever a column holds
        row = self.connection.execute(query, values).fetchone()
        return row[0] if row else None

    def write(self, before: ClassState | None, after: ClassState) -> None:
        """Write what one transition has changed, in a transaction."""
        old = before or ClassState(after.code, after.run)
        if after.round and after.round != old.round:
            self._write_round(after.round)
        for seat in _changed(old.seats, after.seats):
            self.connection.execute(
                "INSERT OR REPLACE INTO seats VALUES (?, ?, ?)", (seat.number, seat.digest, seat.status)
            )
        earlier = old.drawings if old.round == after.round else {}
        for drawing in _changed(earlier, after.drawings):
            if (drawing.seat, drawing.sequence) in earlier:
                self.connection.execute(
                    "UPDATE drawings SET shown = ? WHERE round = ? AND seat = ? AND sequence = ?",
                    (drawing.shown, drawing.round, drawing.seat, drawing.sequence),
                )
            else:
                self.connection.execute(ADD_DRAWING, drawing_row(drawing))
        for seat_number in after.votes.keys() - (old.votes.keys() if old.round == after.round else ()):
            self.connection.execute(
                "INSERT OR REPLACE INTO votes VALUES (?, ?, ?)",
                (after.round_number, seat_number, after.votes[seat_number]),
            )

    def write_version(self, state: ClassState) -> None:
        """Write what a class is doing; once in a transaction is enough."""
        told = {
            "code": state.code,
            "run": state.run,
            "seed": state.seed,
            "version": state.version,
            "phase": state.phase,
            "switches": asdict(state.switches),
            "round": state.round_number,
        }
        self.connection.execute("INSERT OR REPLACE INTO class VALUES (1, ?)", (json.dumps(told),))

    def _write_round(self, opened: Round) -> None:
        question = json.dumps(asdict(opened.question)) if opened.question else None
        self.connection.execute(
            "INSERT OR REPLACE INTO rounds VALUES (?, ?, ?, ?)",
            (opened.number, opened.kind, opened.digit, question),
        )

    def has_drawing(self, number: int, seat: int, sequence: int) -> bool:
        """Tell whether a drawing of any round is kept."""
        query = "SELECT 1 FROM drawings WHERE round = ? AND seat = ? AND sequence = ?"
        with explained():
            return self._get(query, number, seat, sequence) is not None

    def load(self) -> ClassState | None:
        """Return the class as it was when it was written last; None for a file in which none was begun.

        What could be undone is forgotten, and a training that was going on has ended.

        Raises:
            ClassNotKept: The file does not hold what was written, and is closed.
        """
        try:
            with explained(KeyError, TypeError, ValueError):
                return self._load()
        except ClassNotKept:
            self.close()
            raise

    def _load(self) -> ClassState | None:
        written = self._get("SELECT state FROM class")
        if not written:
            return None
        told = json.loads(written)
        phase = Phase(told["phase"])
        rounds = {found.number: found for found in self.rounds()}
        version = told["version"] + 1
        drawings = [] if phase in WITHOUT_DRAWINGS else list(self.drawings(told["round"]))
        votes = {} if phase in WITHOUT_DRAWINGS else dict(self.votes(told["round"]))
        seats = list(self._seats())
        return ClassState(
            code=told["code"],
            run=told["run"],
            seed=told["seed"],
            version=version,
            told=version,
            phase=Phase.REVEALED if phase is Phase.TRAINING else phase,
            round=rounds.get(told["round"]),
            switches=Switches(**told["switches"]),
            seats={seat.number: seat for seat in seats},
            drawings={(drawing.seat, drawing.sequence): drawing for drawing in drawings},
            votes=votes,
        )

    def rounds(self) -> list[Round]:
        """List the rounds of the class."""
        rows = self.connection.execute("SELECT number, kind, digit, question FROM rounds ORDER BY number")
        return [Round(number, Kind(kind), digit, read_question(text)) for number, kind, digit, text in rows]

    def drawings(self, number: int | None = None) -> Iterator[Drawing]:
        """Give the drawings of a round, or of all, in the order in which they came."""
        query = f"SELECT {DRAWING_COLUMNS} FROM drawings WHERE round = ifnull(?, round) ORDER BY place"
        return map(read_drawing, self.connection.execute(query, (number,)))

    def votes(self, number: int) -> list[tuple[int, int]]:
        """List seat and choice of each vote of a round."""
        return self.connection.execute("SELECT seat, choice FROM votes WHERE round = ?", (number,)).fetchall()

    def _seats(self) -> Iterator[Seat]:
        rows = self.connection.execute("SELECT number, digest, status FROM seats ORDER BY number")
        return (Seat(number, digest, SeatStatus(status)) for number, digest, status in rows)


def read_drawings(folder: Path) -> list[Drawing]:
    """List the drawings of all rounds of a class, beside whoever writes to its file.

    Raises:
        ClassNotKept: It cannot be read.
    """
    query = f"SELECT {DRAWING_COLUMNS} FROM drawings ORDER BY place"
    return list(map(read_drawing, read_rows(folder, query)))


def _changed(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[Any]:
    """List the values that are others than before."""
    if before is after:
        return []
    return [value for key, value in after.items() if before.get(key) is not value]
