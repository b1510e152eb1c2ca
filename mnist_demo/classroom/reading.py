"""What the network makes of the drawings of a class: framed one by one, read all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_demo.classroom.drawing import Drawing, Held, Reading
from mnist_demo.data import Picture, Stroke, draw_strokes, frame_in_steps, looks_like_several, prepare_images
from mnist_demo.errors import EmptyDrawing, InvalidRequest
from mnist_demo.network import AbstentionRule, Network, is_unsure
from mnist_demo.runs import Taught

INK_SHARES = (0.006, 0.4)
"""Of the canvas: a stroke as long as the pen is wide has 0.007, and the largest 8 has 0.25."""


@dataclass(frozen=True, eq=False)
class Reader:
    """A network that reads what a class draws.

    Attributes:
        run: Id of its run.
        network: The network, its temperature applied.
        rule: When it abstains; None where nobody has measured that.
        accuracy: Share of MNIST's test images that it recognises; None where nobody has measured that.
        taught: What it has learned from a class, if from one.
    """

    run: str
    network: Network
    rule: AbstentionRule | None = None
    accuracy: float | None = None
    taught: Taught | None = None

    def read(self, drawings: Sequence[tuple[Stroke, ...]]) -> list[Reading | InvalidRequest]:
        """Read drawings; see `_frame` for what is none."""
        framed = [_frame(strokes) for strokes in drawings]
        frames = [found[1] for found in framed if not isinstance(found, InvalidRequest)]
        readings = iter(self._read_frames(np.stack(frames).reshape(len(frames), -1)) if frames else ())
        return [
            found if isinstance(found, InvalidRequest) else _judge(found[0], *next(readings))
            for found in framed
        ]

    def read_again(self, drawings: Sequence[Drawing]) -> dict[str, int]:
        """Give the likeliest digit of drawings that were framed before, by their ids."""
        if not drawings:
            return {}
        images = np.frombuffer(b"".join(drawing.reading.image for drawing in drawings), np.uint8)
        x = prepare_images(images.reshape(len(drawings), -1))
        found = self.network.activations(x).probabilities.argmax(axis=1).tolist()
        return {drawing.id: digit for drawing, digit in zip(drawings, found, strict=True)}

    def _read_frames(self, x: NDArray[np.float32]) -> list[tuple[Reading, Held | None]]:
        """Read frames (n, 784) float32, and tell of each why the network names no digit."""
        answers = self.network.activations(x)
        unsure, no_digit = is_unsure(answers), np.zeros(len(x), bool)
        if self.rule:
            no_digit = self.rule.sees_no_digit(answers, x)
        images = np.rint(255 * x).astype(np.uint8)
        return [
            (
                Reading(image.tobytes(), tuple(probabilities)),
                Held.NO_DIGIT if is_none else Held.UNSURE if is_unsure_ else None,
            )
            for image, probabilities, is_none, is_unsure_ in zip(
                images, answers.probabilities.tolist(), no_digit, unsure, strict=True
            )
        ]


def _frame(strokes: tuple[Stroke, ...]) -> tuple[Picture, NDArray[np.float32]] | InvalidRequest:
    """Return a drawing as the canvas shows it and as the network reads it, or that there is no ink on it."""
    try:
        steps = frame_in_steps(draw_strokes(strokes))
    except EmptyDrawing:
        return InvalidRequest("class_no_ink")
    return steps.ink, steps.frame


def _judge(ink: Picture, reading: Reading, held: Held | None) -> Reading:
    """Decide whether the teacher has to see a drawing first.

    That there is too much ink, or too little, is said only where the network is sure: the reason also tells
    whether a drawing that is shown counts as read, see `Drawing.verdict`.
    """
    low, high = INK_SHARES
    if not low <= ink.mean() / 255 <= high:
        held = held or Held.INK
    elif looks_like_several(ink):
        held = Held.SEVERAL
    return Reading(reading.image, reading.probabilities, held)
