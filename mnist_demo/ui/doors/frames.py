"""A guard before Streamlit's websocket: pages send binary frames only; a text frame ends the connection.

Streamlit reads every frame as binary; a text frame would be an error in Python, told with its traceback.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNSUPPORTED_DATA = 1003
"""What the protocol of websockets (RFC 6455, 7.4.1) has for a kind of data that nobody here reads."""


class BinaryFrames:
    """ASGI middleware that closes a websocket at its first text frame.

    Args:
        app: What is behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but text frames."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return

        is_closed = False

        async def receive_binary() -> Message:
            nonlocal is_closed
            message = await receive()
            if message["type"] == "websocket.receive" and message.get("bytes") is None:
                is_closed = True
                await send({"type": "websocket.close", "code": UNSUPPORTED_DATA, "reason": ""})
                return {"type": "websocket.disconnect", "code": UNSUPPORTED_DATA, "reason": ""}
            return message

        async def send_while_open(message: Message) -> None:
            if not is_closed:  # what Streamlit was about to say to a page that is gone, nobody hears
                await send(message)

        await self._app(scope, receive_binary, send_while_open)
