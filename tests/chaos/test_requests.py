"""Malformed requests and frames: each is answered or cut off, and the server serves the next one."""

from __future__ import annotations

import contextlib
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

from tests.chaos.conftest import FULL, StartServer, Tell
from tests.chaos.hostile import VALUES, flip_bit
from tests.chaos.page import check_pages, draw, open_socket
from tests.chaos.server import TRACEBACK, Server

SEED = 48
REQUESTS = 500 if FULL else 60
FRAMES = 500 if FULL else 60
ROUTES = ("live", "network", "answer", "answer", "nothing", "", "../x", "%00", "plotly")
PARAMETERS = ("language", "own", "watched", "known", "epochs", "steps", "run", "sample", "neuron", "again")
METHODS = ("GET", "GET", "POST", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "X")
WORDS = [str(value)[:2000].encode(errors="surrogatepass") for value in VALUES]
ANSWER_SECONDS = 20
VISITORS = 250
FORGED_WIDGET = "KeyError: 'st.session_state has no key"


def hostile_request(random: Random) -> bytes:
    """Make a request that is nearly one."""
    query = "&".join(
        f"{random.choice(PARAMETERS)}={quote(random.choice(WORDS))}" for _ in range(random.randrange(5))
    )
    body = random.randbytes(random.choice([0, 1, 1000, 78_400, 78_401, 200_000]))
    length = random.choice([*[len(body)] * 18, -1, "x"])
    kind = random.choice([*["application/octet-stream"] * 6, "text/plain", "\x80"])
    lines = [
        f"{random.choice(METHODS)} /mnist-demo/{random.choice(ROUTES)}?{query} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Origin: http://{random.choice([*['127.0.0.1'] * 9, 'other.example'])}",
        "Connection: close",
        f"Content-Type: {kind}",
        f"Content-Length: {length}",
    ]
    request = "\r\n".join([*lines, "", ""]).encode("latin-1") + body
    return flip_bit(request[:300], random) + request[300:] if random.random() < 0.2 else request


def status_of(server: Server, request: bytes) -> int:
    """Send bytes and read the status; 0: the server has cut the connection, or waits for more."""
    address = ("127.0.0.1", server.port)
    with socket.create_connection(address, ANSWER_SECONDS) as connection, contextlib.suppress(OSError):
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        head = connection.recv(64).split()
        return int(head[1]) if len(head) > 1 else 0
    return 0


def hostile_frame(random: Random) -> bytes | str:
    """Make a message of Streamlit's protocol that is nearly one."""
    message = BackMsg()
    message.rerun_script.query_string = random.choice(WORDS).decode(errors="replace")
    message.rerun_script.page_name = random.choice(["", "runs", "x" * 5000, "../x"])
    state = message.rerun_script.widget_states.widgets.add()
    state.id = random.choice(
        ["$$ID-x-canvas", "$$ID-x-None", f"$$ID-x-{random.randrange(99)}", "language", ""]
    )
    state.json_value = random.choice(WORDS).decode(errors="replace")
    kinds: tuple[Callable[[], bytes | str], ...] = (
        message.SerializeToString,
        lambda: flip_bit(message.SerializeToString(), random),
        lambda: random.randbytes(random.randrange(1, 3000)),
        lambda: random.choice(WORDS).decode(errors="replace"),
        lambda: b"",
    )
    return random.choice(kinds)()


@pytest.fixture
def server(start: StartServer) -> Server:
    """Start a server whose trainer need not be ready."""
    started = start()
    started.wait_for(lambda _: True)
    return started


def test_malformed_requests(server: Server, tell: Tell):
    """None makes the server fail (5xx), and none is told in the terminal as an error in Python."""
    random = Random(SEED)
    counts: dict[int, int] = {}
    for _ in range(REQUESTS):
        request = hostile_request(random)
        status = status_of(server, request)
        counts[status] = counts.get(status, 0) + 1
        assert status < 500 or status == 501, request[:500]
    check_pages(server)
    assert TRACEBACK not in server.log()
    told = ", ".join(f"{count} x {status or 'cut off'}" for status, count in sorted(counts.items()))
    tell("malformed requests", REQUESTS, told)


def test_malformed_frames(server: Server, tell: Tell):
    """Whoever sends them may lose their page; everybody else goes on."""
    random, lost = Random(SEED), 0
    with open_socket(server) as other:
        assert not draw(other, "runs").exceptions
        sent = 0
        while sent < FRAMES:
            with contextlib.suppress(ConnectionClosed), open_socket(server) as connection:
                lost += 1
                while sent < FRAMES:
                    sent += 1
                    connection.send(hostile_frame(random))
                    with contextlib.suppress(TimeoutError):
                        connection.recv(timeout=0.02, decode=False)
        assert not draw(other, "runs").exceptions
    check_pages(server)
    # A widget that no page of ours has: Streamlit fails on it, on the sender's own page.
    forged = server.log().count(FORGED_WIDGET)
    assert server.log().count(TRACEBACK) == 2 * forged  # the second during the first
    told = f"in {lost} connections; {forged} of the senders' own pages failed, everybody else's goes on"
    tell("malformed frames", FRAMES, told)


@pytest.mark.full_chaos
@pytest.mark.skipif(not shutil.which("prlimit"), reason="prlimit is not here to set the limit")
def test_visitors_with_few_open_files(start: StartServer, home: Path, tell: Tell):
    """The server raises the limit of a system that begins with 256, and serves more visitors than that."""
    server = start(home, "prlimit", "--nofile=256:4096")
    server.wait_for(lambda _: True)
    with contextlib.ExitStack() as visitors:
        for _ in range(VISITORS):
            visitors.enter_context(open_socket(server))
        files = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
        check_pages(server)
    assert TRACEBACK not in server.log()
    tell("ulimit -n 256", VISITORS, f"visitors at once, {files} files open, all pages open")


@pytest.mark.full_chaos
@pytest.mark.skipif(not shutil.which("prlimit"), reason="prlimit is not here to set the limit")
def test_limit_that_cannot_be_raised_is_told(start: StartServer, home: Path, tell: Tell):
    """In one line of the terminal, and the app starts."""
    server = start(home, "prlimit", "--nofile=256:256")
    server.wait_for(lambda _: True)
    assert len([line for line in server.log().splitlines() if "ulimit -n" in line]) == 1
    tell("ulimit -n 256, hard", 1, "told in one line, starts")
