"""What phones, one's own phone and the wall are told, as values for JSON: before reveal no results."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from mnist_demo.classroom.drawing import Drawing
from mnist_demo.classroom.learning import after_view, compared_view
from mnist_demo.classroom.seats import Seat, SeatStatus, seat_color, seat_name, seat_symbol
from mnist_demo.classroom.state import ClassState
from mnist_demo.classroom.tallies import tally
from mnist_demo.runs import Taught

Plain = dict[str, Any]
PROBABILITY_DECIMALS = 4


def phone_view(state: ClassState) -> Plain:
    """Tell all phones the same."""
    return {
        "version": state.told,
        "state": state.phase,
        "paused": state.switches.paused,
        "locked": state.switches.locked,
        **_round_view(state),
    }


def _round_view(state: ClassState) -> Plain:
    asked = state.round
    if not asked:
        return {"round": 0, "kind": None, "digit": None, "question": None}
    question: Plain | None = None
    if asked.question:
        question = {
            "id": asked.question.id,
            "text": asked.question.text,
            "choices": list(asked.question.choices),
        }
        if state.is_revealed:
            question["answer"] = asked.question.answer
    return {"round": asked.number, "kind": asked.kind, "digit": asked.digit, "question": question}


def seat_view(seat: Seat, seed: int) -> Plain:
    """Tell a phone who it is."""
    return {
        "seat": seat.number,
        "name": seat_name(seat.number, seed),
        "symbol": seat_symbol(seat.number),
        "color": seat_color(seat.number),
    }


def own_view(state: ClassState, seat: Seat) -> Plain:
    """Tell a phone what has become of what it sent in this round."""
    drawing = state.latest.get(seat.number)
    told: Plain = {
        "round": state.round_number,
        "sent": bool(drawing) or seat.number in state.votes,
        "sequence": drawing.sequence if drawing else None,
        "choice": state.votes.get(seat.number),
        "guess": drawing.guess_word if drawing else None,
    }
    if drawing and state.is_revealed:
        told |= {
            "read": drawing.reading.read,
            "probability": round(drawing.reading.probability, PROBABILITY_DECIMALS),
            "verdict": drawing.verdict,
            "guess_right": drawing.is_foretold,
            "counts": drawing.is_visible,
        }
    return told


def wall_view(
    state: ClassState,
    accuracy: float | None,
    taught: Taught | None = None,
    after: Mapping[str, int] = MappingProxyType({}),
) -> Plain:
    """Tell the teacher all that may be known.

    Args:
        state: The class.
        accuracy: Of its network on MNIST's test images.
        taught: What the network has just learned from the class; None: nothing.
        after: What it reads now in each drawing, by its id.
    """
    switches = state.switches
    seats = [seat for seat in state.seats.values() if seat.status is not SeatStatus.REMOVED]
    sent = {drawing.seat for drawing in state.tiles} | state.votes.keys()
    return {
        "version": state.version,
        "state": state.phase,
        "paused": switches.paused,
        "blank": switches.blank,
        "locked": switches.locked,
        "code": state.code,
        "run": state.run,
        "can_undo": bool(state.earlier),
        **_round_view(state),
        "joined": len(state.present),
        "sent": sum(seat.number in sent for seat in state.present),
        "held": sum(drawing.is_held for drawing in state.tiles),
        "seats": [
            seat_view(seat, state.seed)
            | {"sent": seat.number in sent, "blocked": seat.status is SeatStatus.BLOCKED}
            for seat in seats
        ],
        "tiles": [_tile_view(state, drawing) | after_view(drawing, after) for drawing in state.tiles],
        "waits": state.waits,
        "failed": state.failed,
        "compared": compared_view(taught) if taught else None,
        "tallies": _tallies_view(state, accuracy) if state.is_revealed else None,
    }


def _tile_view(state: ClassState, drawing: Drawing) -> Plain:
    told: Plain = {
        "id": drawing.id,
        **seat_view(state.seats[drawing.seat], state.seed),
        "held": drawing.is_held,
        "hidden": drawing.shown is False,
    }
    if drawing.is_held or state.is_revealed:
        told |= {
            "image": base64.b64encode(drawing.reading.image).decode(),
            "asked": drawing.asked,
            "guess": drawing.guess_word,
            "reason": drawing.reading.held or "",
        }
    if state.is_revealed:
        told |= {
            "read": drawing.reading.read,
            "probabilities": [round(value, PROBABILITY_DECIMALS) for value in drawing.reading.probabilities],
            "verdict": drawing.verdict,
        }
    return told


def _tallies_view(state: ClassState, accuracy: float | None) -> Plain:
    figures = tally(state)
    return asdict(figures) | {"of": figures.of, "mnist": accuracy}
