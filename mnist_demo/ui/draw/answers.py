"""Answers under the pen: a browser sends the ink on its canvas, and gets what the page would show of it.

By the very functions of the page, so that the two never contradict each other, and without a script run.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from starlette.responses import JSONResponse, PlainTextResponse, Response

from mnist_demo.data import DIGITS, FramingSteps, frame_in_steps
from mnist_demo.errors import DamagedRun, DemoError, EmptyDrawing, InvalidRequest, UnknownRun
from mnist_demo.texts import Texts, load_texts, match_language, message
from mnist_demo.ui.draw.answer import answer_view, network_view
from mnist_demo.ui.draw.canvas import CANVAS_PIXELS, PEN_PIXELS
from mnist_demo.ui.draw.reader import NotBegun, Reader, find_reader
from mnist_demo.ui.draw.sample_digits import render_sample

INK_BYTES = CANVAS_PIXELS**2
INK_TYPE = "application/octet-stream"
"""No page of another host may send it without having asked."""
UNCOMPRESSED = {"Content-Encoding": "identity"}
"""Weights are noise to gzip: it would save a quarter, and take longer than all the rest of an answer."""


def answer_network(asked: Mapping[str, str]) -> Response:
    """Answer with the picture of a network, see `answer.network_view`.

    Args:
        asked: Which `run`, or a `reader.live_name`; the `language` of the page.

    Returns:
        JSON; 204 for a page that is early; 404 where there is no such network.
    """
    texts = load_texts(match_language(asked.get("language")))
    try:
        reader = find_reader(asked.get("run", ""))
    except NotBegun:
        return Response(status_code=204)
    except (UnknownRun, DamagedRun) as error:
        return _refusal(404, error, texts.code)
    return JSONResponse(network_view(reader, texts), headers=UNCOMPRESSED)


def answer_drawing(asked: Mapping[str, str], kind: str, ink: bytes) -> Response:
    """Answer a drawing, see `answer.answer_view`.

    Args:
        asked: `run` and `language` as for `answer_network`; perhaps a `sample` digit instead of the drawing,
            and a `neuron` whose computation is wanted too. A page that follows a network in training tells
            which version of it is `known`, and gets another one's picture (`network`) with the answer; one
            that asks `again` about the same drawing gets an answer only then.
        kind: Content type, which has to be `INK_TYPE`.
        ink: The canvas, row by row, a byte of brightness for each pixel; none with a sample.

    Returns:
        JSON; 204 without ink, early, or without news; 404, 413, 415 or 422 with one sentence.
    """
    texts = load_texts(match_language(asked.get("language")))
    if kind != INK_TYPE:
        return _refusal(415, InvalidRequest("ink_type", expected=INK_TYPE), texts.code)
    if len(ink) > INK_BYTES:
        return _refusal(413, InvalidRequest("ink_size", expected=INK_BYTES), texts.code)
    try:
        drawn = frame_sample(asked["sample"]) if "sample" in asked else frame_ink(ink)
        return _answer(find_reader(asked.get("run", "")), asked, drawn, texts)
    except (EmptyDrawing, NotBegun):
        return Response(status_code=204)
    except InvalidRequest as error:
        return _refusal(422, error, texts.code)
    except (UnknownRun, DamagedRun) as error:
        return _refusal(404, error, texts.code)


def _answer(reader: Reader, asked: Mapping[str, str], drawn: FramingSteps, texts: Texts) -> Response:
    is_known = asked.get("known", reader.version) == reader.version
    if is_known and "again" in asked:
        return Response(status_code=204)
    answer = answer_view(reader, drawn, texts, asked.get("neuron", ""))
    if is_known:
        return JSONResponse(answer)
    return JSONResponse(answer | {"network": network_view(reader, texts)}, headers=UNCOMPRESSED)


def frame_ink(ink: bytes) -> FramingSteps:
    """Frame what a browser sent of its canvas.

    Raises:
        InvalidRequest: It is not the size of the canvas.
        EmptyDrawing: There is no ink.
    """
    if len(ink) != INK_BYTES:
        raise InvalidRequest("ink_size", expected=INK_BYTES)
    return frame_in_steps(np.frombuffer(ink, np.uint8).reshape(CANVAS_PIXELS, CANVAS_PIXELS))


@lru_cache(maxsize=DIGITS)
def frame_sample(digit: str) -> FramingSteps:
    """Frame one of the ten samples.

    Raises:
        InvalidRequest: There is no such digit.
    """
    if digit not in map(str, range(DIGITS)):
        raise InvalidRequest("sample_unknown", digit=digit)
    return frame_in_steps(render_sample(int(digit), CANVAS_PIXELS, PEN_PIXELS))


def _refusal(status: int, error: DemoError, language: str) -> Response:
    return PlainTextResponse(message(error, language), status)
