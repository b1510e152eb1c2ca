"""A visitor without a browser: speaks Streamlit's protocol, and sees what a browser would be told to draw."""

from __future__ import annotations

from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.chaos.server import PATIENCE_SECONDS, Server
from tests.texts.source import page_names

FIRST_PAGE = "draw"
PAGE_NAMES = (FIRST_PAGE, *sorted(set(page_names()) - {FIRST_PAGE}))


@dataclass
class Seen:
    """What a page showed.

    Attributes:
        texts: Paragraphs and notices.
        exceptions: Errors in Python: there should be none.
    """

    texts: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)


def open_socket(server: Server) -> ClientConnection:
    """Connect as a page does."""
    return connect(
        f"ws://127.0.0.1:{server.port}/_stcore/stream",
        origin=f"http://127.0.0.1:{server.port}",  # type: ignore[arg-type]
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        open_timeout=PATIENCE_SECONDS,
    )


def draw(socket: ClientConnection, page: str, query: str = "") -> Seen:
    """Ask for a page, and read until it is drawn."""
    asked = BackMsg()
    asked.rerun_script.page_name = "" if page == FIRST_PAGE else page
    asked.rerun_script.query_string = query
    socket.send(asked.SerializeToString())
    return read_page(socket)


def read_page(socket: ClientConnection) -> Seen:
    """Read what a page shows until its script has ended."""
    seen = Seen()
    while True:
        told = ForwardMsg()
        told.ParseFromString(socket.recv(timeout=PATIENCE_SECONDS, decode=False))
        kind = told.WhichOneof("type")
        if kind == "script_finished" and told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            return seen
        element = told.delta.new_element if kind == "delta" else None
        if element and element.WhichOneof("type") == "exception":
            seen.exceptions.append(f"{element.exception.type}: {element.exception.message}")
        elif element:
            seen.texts += [text for text in (element.markdown.body, element.alert.body) if text]


def visit(server: Server, page: str, query: str = "") -> Seen:
    """Open a page as a new visitor."""
    with open_socket(server) as socket:
        return draw(socket, page, query)


def check_pages(server: Server, query: str = "") -> None:
    """Check that every page opens without an error in Python."""
    for page in PAGE_NAMES:
        seen = visit(server, page, query)
        assert seen.exceptions == [], page
        assert seen.texts, page
