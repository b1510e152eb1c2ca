"""The tables of a class's file, and how drawings and questions stand in them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from mnist_demo.classroom.drawing import Drawing, Held, Reading
from mnist_demo.classroom.state import Question

SCHEMA = """
CREATE TABLE class (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL);
CREATE TABLE seats (number INTEGER PRIMARY KEY, digest BLOB NOT NULL, status TEXT NOT NULL);
CREATE TABLE rounds (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, digit INTEGER, question TEXT);
CREATE TABLE drawings (
    place INTEGER PRIMARY KEY, round INTEGER NOT NULL, seat INTEGER NOT NULL, sequence INTEGER NOT NULL,
    asked INTEGER NOT NULL, guess INTEGER, shown INTEGER, held TEXT, image BLOB NOT NULL,
    probabilities BLOB NOT NULL, strokes BLOB NOT NULL, UNIQUE (round, seat, sequence)
);
CREATE TABLE votes (
    round INTEGER NOT NULL, seat INTEGER NOT NULL, choice INTEGER NOT NULL, PRIMARY KEY (round, seat)
) WITHOUT ROWID;
"""
ADD_DRAWING = f"INSERT OR REPLACE INTO drawings VALUES (NULL{', ?' * 10})"
DRAWING_COLUMNS = "round, seat, sequence, asked, guess, shown, held, image, probabilities, strokes"


def drawing_row(drawing: Drawing) -> tuple[object, ...]:
    """Write a drawing as `ADD_DRAWING` takes it."""
    reading = drawing.reading
    probabilities = np.array(reading.probabilities, "<f4").tobytes()
    return (
        drawing.round,
        drawing.seat,
        drawing.sequence,
        drawing.asked,
        drawing.guess,
        drawing.shown,
        reading.held,
        reading.image,
        probabilities,
        drawing.strokes,
    )


def read_drawing(row: tuple[Any, ...]) -> Drawing:
    """Read the `DRAWING_COLUMNS` of a drawing."""
    number, seat, sequence, asked, guess, shown, held, image, probabilities, strokes = row
    values = tuple(np.frombuffer(probabilities, "<f4").tolist())
    reading = Reading(image, values, Held(held) if held else None)
    return Drawing(seat, number, sequence, asked, reading, strokes, _bool(guess), _bool(shown))


def _bool(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def read_question(text: str | None) -> Question | None:
    """Read a question from JSON; None stays None."""
    if not text:
        return None
    values = json.loads(text)
    return Question(values["id"], values["text"], tuple(values["choices"]), values["answer"])
