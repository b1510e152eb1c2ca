"""Two visitors and a teacher in browsers of their own: what one of them trained the others leave alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from mnist_demo.runs import Owner, RunStore
from mnist_demo.ui.doors.visitors import visitor_id
from mnist_demo.ui.identity import VISITOR_COOKIE
from tests.browser.conftest import OpenPage, Server, run_server, wait_until_connected
from tests.factories import save_run

pytestmark = pytest.mark.browser

FORWARDED = {"X-Forwarded-For": "203.0.113.5"}
PATIENCE_SECONDS = 30


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server in which nobody else trains or deletes: only then are recorded frames true of it later."""
    with run_server(tmp_path) as running:
        yield running


@pytest.fixture
def store(server: Server) -> RunStore:
    """The runs of the server."""
    return RunStore(server.home)


def token_of(page: Page) -> str:
    """Return the cookie that says which visitor has a page."""
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == VISITOR_COOKIE)


def card(page: Page, name: str) -> Locator:
    """Find what the list shows of the run of a name."""
    return page.locator("[data-testid=stVerticalBlock]").filter(has_text=name).last


def show_runs(page: Page, server: Server) -> None:
    """Open the list of runs anew."""
    page.goto(f"{server.url}/runs")
    wait_until_connected(page)


def replay(server: Server, frames: list[bytes], token: str) -> None:
    """Send recorded frames as another visitor, each after the script run of the one before has ended."""
    headers = {**FORWARDED, "Cookie": f"{VISITOR_COOKIE}={token}"}
    with connect(
        server.url.replace("http", "ws") + "/_stcore/stream",
        origin=Origin(server.url),
        subprotocols=[Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN")],
        additional_headers=headers,
        max_size=None,
    ) as socket:
        for frame in frames:
            socket.send(frame)
            kind = None
            while kind != "script_finished":
                kind = ForwardMsg.FromString(socket.recv(PATIENCE_SECONDS)).WhichOneof("type")


def test_run_of_a_visitor_is_changed_by_them_and_the_teacher_alone(
    server: Server, open_page: OpenPage, store: RunStore
):
    """Others see it, and no button for it; what the owner's browser has sent does nothing in their name."""
    ana, ben = (open_page(server.url, extra_http_headers=FORWARDED) for _ in range(2))
    run = save_run(store, name="Anas net", owner=Owner(visitor_id(token_of(ana))))
    sent: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame if isinstance(frame, bytes) else b""))

    ana.on("websocket", listen)
    for page in (ana, ben):
        show_runs(page, server)
        expect(card(page, "Anas net").get_by_role("button", name="Use")).to_be_visible()
    for button in ("Rename", "Delete"):
        expect(card(ana, "Anas net").get_by_role("button", name=button)).to_be_visible()
        expect(card(ben, "Anas net").get_by_role("button", name=button)).to_have_count(0)
    card(ana, "Anas net").get_by_role("button", name="Delete").click()
    ana.get_by_test_id("stPopoverBody").get_by_role("button", name="Delete").click()
    expect(ana.get_by_role("button", name="Undo")).to_be_visible()
    show_runs(ben, server)
    expect(ben.get_by_text("Anas net")).to_have_count(0)

    # Not the signs of life that a browser sends from time to time, which no script run answers.
    deleting = [frame for frame in sent if BackMsg.FromString(frame).WhichOneof("type") == "rerun_script"]
    store.restore(run.id, run.owner)
    replay(server, deleting, token_of(ben))
    assert RunStore(server.home).get(run.id)
    replay(server, deleting, token_of(ana))
    assert run.id not in {kept.id for kept in RunStore(server.home).list()}

    teacher = open_page(server.url)
    show_runs(teacher, server)
    teacher.get_by_text("Deleted").first.click()
    teacher.locator(f".st-key-restore_{run.id}").get_by_role("button").click()
    expect(card(teacher, "Anas net").get_by_role("button", name="Delete")).to_be_visible()
