"""Answers under the pen: a browser sends the ink on its canvas, and gets what the page would show of it.

By the very functions of the page, so that the two never contradict each other, and without a script run.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from starlette.responses import JSONResponse, PlainTextResponse, Response

from mnist_demo.data import (
    CANVAS_PIXELS,
    DIGITS,
    IMAGE_SIDE,
    PEN_PIXELS,
    PIXELS,
    FramingSteps,
    frame_in_steps,
)
from mnist_demo.errors import DamagedRun, DemoError, EmptyDrawing, InvalidRequest, UnknownRun
from mnist_demo.texts import Texts, load_texts, match_language, message
from mnist_demo.ui.common.answer import Doubt, doubt_of_ink
from mnist_demo.ui.draw.answer import answer_view, network_view
from mnist_demo.ui.draw.reader import NotBegun, Reader, find_reader
from mnist_demo.ui.draw.sample_digits import render_sample

INK_BYTES = CANVAS_PIXELS**2
INK_TYPE = "application/octet-stream"
"""No page of another host may send it without having asked."""
IMAGE_BYTES = 4 * PIXELS
UNCOMPRESSED = {"Content-Encoding": "identity"}
"""Weights are noise to gzip: it would save a quarter, and take longer than all the rest of an answer."""


def answer_network(asked: Mapping[str, str]) -> Response:
    """Answer with the picture of a network, see `answer.network_view`.

    Args:
        asked: Which `run`, or a `reader.live_name`; perhaps after which `epoch`; the `language` of the page.

    Returns:
        JSON; 204 for a page that is early; 404 where there is no such network.
    """
    texts = load_texts(match_language(asked.get("language")))
    try:
        reader = find_reader(asked.get("run", ""), asked.get("epoch", ""))
    except NotBegun:
        return Response(status_code=204)
    except (UnknownRun, DamagedRun) as error:
        return _refusal(404, error, texts.code)
    return JSONResponse(network_view(reader, texts), headers=UNCOMPRESSED)


def answer_drawing(asked: Mapping[str, str], ink: bytes) -> Response:
    """Answer a drawing, see `answer.answer_view`.

    Args:
        asked: `run`, `epoch` and `language` as for `answer_network`; perhaps a `sample` digit instead of the
            drawing, and a `neuron` whose computation is wanted too. A page that follows a network in training
            tells which version of it is `known`, and gets another one's picture (`network`) with the answer;
            one that asks `again` about the same drawing gets an answer only then.
        ink: The canvas, row by row, a byte of brightness for each pixel; none with a sample; or an image as
            networks read it, `IMAGE_BYTES` of float32.

    Returns:
        JSON; 204 without ink, early, or without news; 404, 413 or 422 with one sentence.
    """
    texts = load_texts(match_language(asked.get("language")))
    if len(ink) > INK_BYTES:
        return _refusal(413, InvalidRequest("ink_size", expected=INK_BYTES), texts.code)
    try:
        frame, drawn = _frame(asked, ink)
        return _answer(find_reader(asked.get("run", ""), asked.get("epoch", "")), asked, frame, drawn, texts)
    except (EmptyDrawing, NotBegun):
        return Response(status_code=204)
    except InvalidRequest as error:
        return _refusal(422, error, texts.code)
    except (UnknownRun, DamagedRun) as error:
        return _refusal(404, error, texts.code)


def _frame(asked: Mapping[str, str], ink: bytes) -> tuple[NDArray[np.float32], Doubt]:
    """Make of what was sent an image as networks read it; tell what speaks against it as a drawing."""
    if len(ink) == IMAGE_BYTES:
        return read_image(ink), Doubt.NONE
    steps = frame_sample(asked["sample"]) if "sample" in asked else frame_ink(ink)
    return steps.frame, doubt_of_ink(steps)


def _answer(
    reader: Reader, asked: Mapping[str, str], frame: NDArray[np.float32], drawn: Doubt, texts: Texts
) -> Response:
    is_known = asked.get("known", reader.version) == reader.version
    if is_known and "again" in asked:
        return Response(status_code=204)
    answer = answer_view(reader, frame, texts, drawn=drawn, neuron=asked.get("neuron", ""))
    if "sample" in asked:
        answer["sentence"] = texts.stage.sample.format(sentence=answer["sentence"])
    if is_known:
        return JSONResponse(answer)
    return JSONResponse(answer | {"network": network_view(reader, texts)}, headers=UNCOMPRESSED)


def read_image(values: bytes) -> NDArray[np.float32]:
    """Read an image as `answer.packed_image` wrote it, (28, 28) float32.

    Raises:
        InvalidRequest: Something in it is no brightness from 0 to 1.
    """
    image = np.frombuffer(values, "<f4").astype(np.float32).reshape(IMAGE_SIDE, IMAGE_SIDE)
    if not ((image >= 0) & (image <= 1)).all():  # a NaN is neither
        raise InvalidRequest("image_values")
    return image


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
