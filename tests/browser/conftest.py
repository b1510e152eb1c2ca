"""A real server with a home of its own, and a real Chromium that looks at it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, WebSocket, expect, sync_playwright

from tests.browser.chromium import explain_missing, find_chromium
from tests.browser.component import fill_page

REPOSITORY = Path(__file__).parents[2]
START_SECONDS = 60
PATIENCE_MILLISECONDS = 60_000
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OWN_SCHEMES = {"data", "blob"}
PORTS = range(20_000, 30_000)
"""Below those that a system gives to every connection, which might be faster than a server that starts."""
SOCKETS: WeakKeyDictionary[Page, WebSocket] = WeakKeyDictionary()
"""By which Streamlit tells each page what to show."""

expect.set_options(timeout=PATIENCE_MILLISECONDS)


@dataclass(frozen=True)
class Server:
    """A running app.

    Attributes:
        url: Address of its main page.
        home: Folder of its runs.
        process: The web server.
    """

    url: str
    home: Path
    process: subprocess.Popen


def free_port() -> int:
    """Find a port that nobody uses; processes that run tests at the same time look at different places."""
    for attempt in range(len(PORTS)):
        port = PORTS[(os.getpid() + attempt) % len(PORTS)]
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    pytest.fail(f"Every port of {PORTS} is in use.")


@contextlib.contextmanager
def run_server(
    home: Path, environment: Mapping[str, str] | None = None, port: int | None = None
) -> Iterator[Server]:
    """Start the app as the README does, with the images inside, and wait until it answers.

    Args:
        home: Folder of its runs.
        environment: Variables of its own.
        port: Of a server that was there before; None: a free one.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    variables = {**os.environ, "MNIST_DEMO_HOME": str(home), "MNIST_DEMO_DATA": "", **(environment or {})}
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=variables, stdout=log, stderr=log)
    try:
        server = Server(f"http://127.0.0.1:{port}", home, process)
        wait_until_it_answers(server)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def wait_until_it_answers(server: Server) -> None:
    """Wait for the health address; fail with the server's log when it does not come."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=START_SECONDS):
                return
        except OSError:  # refused, or reset while it starts
            time.sleep(0.05)  # nothing to wait on before the port is open
    pytest.fail(f"The server did not start:\n{(server.home / 'server.log').read_text()}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the app for all browser tests that do not need a server of their own."""
    with run_server(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once."""
    executable = find_chromium()
    if not executable:
        pytest.skip(explain_missing())
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty page that has the components' scripts and a node to draw in."""
    context = browser.new_context()
    page = context.new_page()
    fill_page(page)
    yield page
    context.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open pages as visitors of their own; at the end no page may have asked another host or met an error."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []
    errors: list[str] = []

    def note_request(request: Request) -> None:
        address = urlparse(request.url)
        if address.scheme not in OWN_SCHEMES and address.hostname != "127.0.0.1":
            foreign.append(request.url)

    def open_one(
        url: str, *, locale: str = "en-US", width: int = 1280, height: int = 800, **options: object
    ) -> Page:
        # The policy forbids eval, by which Playwright waits; `test_doors` looks at the pages with it.
        options = {"bypass_csp": True, "locale": locale} | options
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.on("request", note_request)
        page = context.new_page()
        note_socket(page)
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        wait_until_connected(page)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not foreign, "the page asked another host"
    assert not errors


def note_socket(page: Page) -> None:
    """Note by which websocket Streamlit will speak to a page that is about to be opened."""
    page.on("websocket", lambda socket: SOCKETS.update({page: socket}))


def wait_until_connected(page: Page) -> None:
    """Wait until the page has its websocket, its title and its style, which comes a little later."""
    page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    page.get_by_test_id("stMainBlockContainer").get_by_role("heading").first.wait_for()
    page.wait_for_function("getComputedStyle(document.documentElement).getPropertyValue('--canvas')")
