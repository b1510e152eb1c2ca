"""The guard before Streamlit's websocket, with a real websocket of Starlette behind it."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.websockets import WebSocket, WebSocketDisconnect

from mnist_demo.ui.doors.frames import UNSUPPORTED_DATA, BinaryFrames
from tests.ui.doors.apart import run_apart

Message = dict[str, Any]


async def echo(scope: Message, receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
    """Send back what comes, read as bytes, as Streamlit reads it."""
    websocket = WebSocket(scope, receive, send)
    await websocket.accept()
    try:
        while True:
            await websocket.send_bytes(await websocket.receive_bytes())
    except WebSocketDisconnect:
        pass


def answers_to(*frames: Message) -> list[Message]:
    """Send frames through the guard, then leave; list what comes back."""
    coming = [{"type": "websocket.connect"}]
    coming += [{"type": "websocket.receive", **frame} for frame in frames]
    coming += [{"type": "websocket.disconnect", "code": 1000}]
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    run_apart(BinaryFrames(echo)({"type": "websocket"}, receive, send))
    return sent[1:]  # after the one that accepts


@pytest.mark.parametrize("data", [b"hello", b""])
def test_binary_frames_pass(data: bytes):
    """Empty ones, too."""
    assert [answer["bytes"] for answer in answers_to({"bytes": data}, {"bytes": data})] == [data, data]


@pytest.mark.parametrize("frame", [{"text": "hello"}, {"text": ""}, {"text": "", "bytes": None}])
def test_text_frame_ends_the_connection(frame: Message):
    """With the code that says why, without an error in Python; what comes later is not read."""
    (closed,) = answers_to(frame, {"bytes": b"later"})
    assert (closed["type"], closed["code"]) == ("websocket.close", UNSUPPORTED_DATA)


def test_nothing_is_said_to_a_page_that_was_closed():
    """Streamlit goes on speaking to it, from another task, until it hears that the page is gone."""
    sent: list[Message] = []
    coming = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": "hello"}]

    async def speak_on(_scope: Message, receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
        await receive()
        await send({"type": "websocket.accept"})
        await receive()
        await send({"type": "websocket.send", "bytes": b"more"})

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    run_apart(BinaryFrames(speak_on)({"type": "websocket"}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]
