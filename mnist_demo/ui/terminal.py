"""What the terminal says of strangers' nonsense: one line each, so that it stays readable for the teacher."""

from __future__ import annotations

import logging

WEBSOCKET_LOGGER = "streamlit.web.server.starlette.starlette_websocket"
"""Writes a traceback for each frame that is no message of Streamlit's protocol."""


def tell_frames_in_one_line() -> None:
    """Leave out the tracebacks of frames that no page of ours would send; they can come by the thousand."""
    logger = logging.getLogger(WEBSOCKET_LOGGER)
    if not any(isinstance(known, OneLine) for known in logger.filters):
        logger.addFilter(OneLine())


class OneLine(logging.Filter):
    """Puts an exception's kind in place of its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change a record that has an exception, and let every record pass."""
        if record.exc_info and record.exc_info[1]:
            record.msg = f"{record.getMessage()} ({type(record.exc_info[1]).__name__})"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True
