"""What a browser sends to Streamlit, recorded in a real Chromium, and told apart by what it does."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.conftest import note_socket, wait_until_connected
from tests.browser.steps import (
    THREE,
    choose_long_run,
    draw,
    is_in_training,
    press,
    wait_until_trainer_is_ready,
)

STROKES = (THREE, ((60, 200), (110, 215)), ((200, 40), (230, 60)), ((40, 40), (60, 60)))
"""In pixels of the canvas: a digit, and some marks beside it."""
WIDGET_ID = re.compile(rb"\$\$ID-[0-9a-f]{32}-[\w.-]+")


@dataclass(frozen=True)
class Recording:
    """The frames of one visitor, as protobufs.

    Attributes:
        opening: Asks for the page.
        strokes: Tell of a stroke each, the drawing growing from one to the next.
    """

    opening: BackMsg
    strokes: tuple[BackMsg, ...]

    @classmethod
    def of(cls, frames: list[bytes]) -> Recording:
        """Find opening and strokes among what was sent: only strokes run a fragment, with a picture in them.

        Raises:
            LookupError: There is no stroke, or no opening.
        """
        messages = [BackMsg.FromString(frame) for frame in frames]
        runs = [message for message in messages if message.WhichOneof("type") == "rerun_script"]
        strokes = tuple(run for run in runs if run.rerun_script.fragment_id and b"image/png" in _bytes(run))
        if not strokes or runs[0] in strokes:
            raise LookupError("There is no opening, or no stroke, among the frames that were recorded.")
        return cls(runs[0], strokes)


def _bytes(message: BackMsg) -> bytes:
    return message.SerializeToString()


def record(page: Page, url: str) -> Recording:
    """Open the page, draw, and keep what Chromium sends."""
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: frames.append(frame if isinstance(frame, bytes) else b""))

    page.on("websocket", listen)
    note_socket(page)
    page.goto(url)
    wait_until_connected(page)
    wait_until_trainer_is_ready(page)
    for points in STROKES:
        draw(page, points)
    return Recording.of(frames)


def train(page: Page, url: str, seed: int) -> None:
    """Train a run of about a minute, and leave the page once it is under way."""
    page.goto(url)
    wait_until_connected(page)
    choose_long_run(page, seed)
    press(page, "Train")
    is_in_training(page)
    page.goto("about:blank")


def for_session(stroke: BackMsg, query: str, ids: dict[bytes, bytes], cached: list[str]) -> bytes:
    """Write a recorded stroke as another session would send it.

    Args:
        stroke: As it was recorded.
        query: The address of the session's page.
        ids: The session's widget ids by their keys.
        cached: What it tells the server that it keeps of earlier messages.
    """
    own = BackMsg()
    own.CopyFrom(stroke)
    own.rerun_script.query_string = query
    own.rerun_script.cached_message_hashes[:] = cached
    for widget in own.rerun_script.widget_states.widgets:
        widget.id = ids.get(key_of(widget.id.encode()), widget.id.encode()).decode()
    return own.SerializeToString()


def widget_ids(frame: bytes) -> dict[bytes, bytes]:
    """Find the ids of the widgets with a key in a frame from the server, by their keys."""
    return {key_of(found): found for found in WIDGET_ID.findall(frame)}


def key_of(widget_id: bytes) -> bytes:
    """Take the key out of a widget's id."""
    return widget_id.split(b"-", 2)[-1]
