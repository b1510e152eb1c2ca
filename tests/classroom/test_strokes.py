"""What phones may send of a drawing."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mnist_demo.classroom.strokes import (
    MAX_POINTS,
    MAX_STROKES,
    pack_strokes,
    read_json,
    read_strokes,
    unpack_strokes,
)
from mnist_demo.errors import InvalidRequest
from tests.classroom.classes import STROKES

POINT = [1, 2, 3]


def test_strokes_lose_their_times_for_the_canvas():
    """And keep them in the file."""
    (stroke,) = read_strokes(STROKES)
    assert stroke.dtype == np.float32
    assert stroke.tolist() == [[140, 60], [140, 100], [139.5, 220]]
    assert unpack_strokes(pack_strokes(STROKES)) == STROKES


def test_a_little_outside_of_the_canvas_is_allowed():
    """The largest drawing, too."""
    assert len(read_strokes([[[-280, 560, 0]]])) == 1
    assert len(read_strokes([[POINT] * (MAX_POINTS // MAX_STROKES)] * MAX_STROKES)) == MAX_STROKES


@pytest.mark.parametrize(
    "strokes",
    [
        None,
        {},
        "strokes",
        [],
        [[]],
        [STROKES[0], []],
        [[POINT, []]],
        [[[1, 2]]],
        [[[1, 2, 3, 4]]],
        [[["1", "2", "3"]]],
        [[[True, 2, 3]]],
        [[[None, 2, 3]]],
        [[[[1], 2, 3]]],
        [[[-281, 0, 0]]],
        [[[0, 561, 0]]],
        [[[10**400, 0, 0]]],
        [[[float("nan"), 0, 0]]],
        [[[0, float("inf"), 0]]],
        [[[0, 0, float("nan")]]],
        [[[0, 0, -1]]],
        [[POINT]] * (MAX_STROKES + 1),
        [[POINT] * (MAX_POINTS + 1)],
        [[[-280, 0, 0], [560, 0, 0]] * 50],
    ],
    ids=lambda value: repr(value)[:40],
)
def test_everything_else_is_refused(strokes: object):
    """One sentence, whatever it was."""
    with pytest.raises(InvalidRequest):
        read_strokes(strokes)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b"\xff",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"a": 1' + b"0" * 5000 + b"}",
        b'{"a": "\\ud83d"}',
        b'{"\\uDE00": 1}',
    ],
    ids=lambda body: repr(body[:12]),
)
def test_only_an_object_that_can_be_written_again_is_read(body: bytes):
    """Deep nesting, endless numbers and half an emoji break nothing."""
    with pytest.raises(InvalidRequest):
        read_json(body)


def test_json_is_read():
    """As browsers write it."""
    assert read_json(json.dumps({"strokes": STROKES}).encode()) == {"strokes": STROKES}
    assert read_json(b'{"a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}
