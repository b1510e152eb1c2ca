"""Drawings that phones have sent: read in a thread of its own, as many at once as have come meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from mnist_demo.classroom import Drawing, Reading, pack_strokes, read_strokes
from mnist_demo.data import Stroke
from mnist_demo.errors import DemoError, InvalidRequest, TooMuch
from mnist_demo.ui.classroom.batches import Batches

MAX_WAITING = 600
"""Drawings that may wait to be read, three for each phone."""
READ_AT_ONCE = 16
MakeDrawing = Callable[[Reading, bytes], Drawing]
Read = Callable[[list[tuple[Stroke, ...]]], list[Reading | InvalidRequest]]


@dataclass(frozen=True)
class _Sent:
    """A drawing on its way.

    Attributes:
        drawing: Makes it of its reading and the packed strokes.
        strokes: As the phone has sent them.
    """

    drawing: MakeDrawing
    strokes: object


class Arriving:
    """Reads drawings, and hands them on to be written.

    Args:
        read: Reads drawings; an error stands in the place of what cannot be read.
        hand_on: Takes a drawing, and the future of who waits for it.
    """

    def __init__(self, read: Read, hand_on: Callable[[Drawing, Future[bool]], None]) -> None:
        self._read_all, self._hand_on = read, hand_on
        self._readers = Batches("class-reader", self._read, READ_AT_ONCE)

    def put(self, drawing: MakeDrawing, strokes: object) -> Future[bool]:
        """Take a drawing; see `Classroom.draw`."""
        if len(self._readers) >= MAX_WAITING:
            raise TooMuch("class_busy")
        return self._readers.put(_Sent(drawing, strokes))

    def _read(self, taken: list[tuple[_Sent, Future[Any]]]) -> None:
        whole = []
        for sent, future in taken:
            try:
                whole.append((sent, future, read_strokes(sent.strokes)))
            except DemoError as error:
                future.set_exception(error)
        readings = self._read_all([strokes for _, _, strokes in whole])
        for (sent, future, _), reading in zip(whole, readings, strict=True):
            if isinstance(reading, DemoError):
                future.set_exception(reading)
            else:
                self._hand_on(sent.drawing(reading, pack_strokes(sent.strokes)), future)

    def close(self) -> None:
        """Finish all that waits."""
        self._readers.close()
