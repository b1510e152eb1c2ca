"""A network learns from the class: what it learns from, how the class goes on meanwhile, and what is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from mnist_demo.classroom.drawing import Drawing, latest_drawings
from mnist_demo.classroom.state import ClassState, Phase
from mnist_demo.classroom.tallies import wilson_interval
from mnist_demo.classroom.transitions import check_phase, step
from mnist_demo.data import PIXELS, ClassDrawings, is_held_out
from mnist_demo.data.class_drawings import MIN_DRAWINGS, MIN_PEOPLE
from mnist_demo.errors import NotNow
from mnist_demo.runs import Comparison, Score, Taught

Plain = dict[str, Any]


def begin_training(state: ClassState, *, waits: bool = False) -> ClassState:
    """Let the network learn from the class.

    Args:
        state: The class.
        waits: Whether other networks are trained first.

    Raises:
        NotNow: The round has not been revealed.
    """
    check_phase(state, {Phase.REVEALED, Phase.COMPARED})
    return step(state, phase=Phase.TRAINING, earlier=(), waits=waits, failed=False)


def start_training(state: ClassState) -> ClassState:
    """Say that it waits no longer.

    Raises:
        NotNow: Nothing is being trained.
    """
    check_phase(state, {Phase.TRAINING})
    return step(state, waits=False, is_told=False)


def end_training(state: ClassState, run: str = "") -> ClassState:
    """Compare before and after; without a run, as where training has failed, the class is where it was.

    The network of the run reads from the next round on. What was done meanwhile cannot be undone: that would
    lead back to a training that is over.

    Raises:
        NotNow: Nothing is being trained.
    """
    check_phase(state, {Phase.TRAINING})
    phase = Phase.COMPARED if run else Phase.REVEALED
    return step(state, phase=phase, run=run or state.run, earlier=(), waits=False, failed=not run)


def class_drawings(drawings: Iterable[Drawing], state: ClassState) -> ClassDrawings:
    """Choose what a network learns from, and what it is tested on.

    These are the latest drawings of all rounds, also those that wait for the teacher: what the network is not
    sure of is what it can learn most from, and nobody sees them for that. None that the teacher hides, and
    none of whoever was removed or blocked.

    Args:
        drawings: Of all rounds.
        state: The class.

    Raises:
        NotNow: They are too few; the sentence says how many it takes.
    """
    latest = latest_drawings(drawings).values()
    chosen = [found for found in latest if found.seat in state.present_numbers and found.shown is not False]
    images = np.frombuffer(b"".join(found.reading.image for found in chosen), np.uint8)
    found = ClassDrawings(
        images.reshape(-1, PIXELS),
        np.array([found.asked for found in chosen], np.uint8),
        np.array([found.seat for found in chosen], np.int64),
    )
    if not found.are_enough:
        raise NotNow("class_too_few", drawings=MIN_DRAWINGS, people=MIN_PEOPLE, found=len(found))
    return found


def compared_view(taught: Taught) -> Plain:
    """Tell what came of it: of the people held out, and on the test images, each with its 95 % interval."""
    return {
        "drawings": taught.drawings,
        "people": taught.people,
        "held_people": taught.held_people,
        "on_class": _comparison_view(taught.on_class),
        "on_test": _comparison_view(taught.on_test),
    }


def _comparison_view(compared: Comparison) -> Plain:
    scores = {"before": compared.before, "after": compared.after, "control": compared.control}
    return {name: _score_view(score) for name, score in scores.items()}


def _score_view(score: Score) -> Plain:
    return asdict(score) | {"interval": wilson_interval(score.right, score.of)}


def after_view(drawing: Drawing, after: Mapping[str, int]) -> Plain:
    """Tell of a tile what the network reads in it now; nothing where that is not known."""
    if drawing.id not in after:
        return {}
    before, now = drawing.reading.read == drawing.asked, after[drawing.id] == drawing.asked
    flip = "" if before == now else "won" if now else "lost"
    held_out = bool(is_held_out(np.array([drawing.seat]))[0])
    return {"after": after[drawing.id], "flip": flip, "held_out": held_out}
