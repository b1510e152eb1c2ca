"""The terminal stays readable, whatever strangers send."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from mnist_demo.ui.terminal import WEBSOCKET_LOGGER, tell_frames_in_one_line


@pytest.fixture
def terminal() -> Iterator[io.StringIO]:
    """Read what the logger of Streamlit's websocket writes, with the filter twice over."""
    logger, written = logging.getLogger(WEBSOCKET_LOGGER), io.StringIO()
    filters, handler = list(logger.filters), logging.StreamHandler(written)
    logger.addHandler(handler)
    tell_frames_in_one_line()
    tell_frames_in_one_line()
    yield written
    logger.removeHandler(handler)
    logger.filters[:] = filters


def test_error_is_told_in_one_line(terminal: io.StringIO):
    """With its kind in place of the traceback."""
    logging.getLogger(WEBSOCKET_LOGGER).warning("Error in %s", "x", exc_info=ValueError("y"))
    assert terminal.getvalue() == "Error in x (ValueError)\n"


def test_other_words_stay(terminal: io.StringIO):
    """Nothing is left out."""
    logging.getLogger(WEBSOCKET_LOGGER).warning("%s bytes", 9)
    assert terminal.getvalue() == "9 bytes\n"


def test_logger_is_streamlits():
    """In the version that is installed: another name would filter nothing."""
    from streamlit.web.server.starlette import starlette_websocket

    assert starlette_websocket.__name__ == WEBSOCKET_LOGGER
