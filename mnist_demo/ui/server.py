"""What happens when the server starts and ends: the trainer starts with it, not with the first visitor."""

from __future__ import annotations

import contextlib
import gc
import importlib
import locale
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from types import FrameType
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from mnist_demo.errors import HomeUnusable, InvalidSetting, ServerLimited
from mnist_demo.jobs import TrainerState
from mnist_demo.runs import check_setting_words, pretrained_runs
from mnist_demo.texts import languages, load_texts, match_language, message
from mnist_demo.ui import routes, services
from mnist_demo.ui.doors.frames import BinaryFrames
from mnist_demo.ui.doors.hosts import OwnHosts, host_name, link_host
from mnist_demo.ui.doors.middleware import Doors
from mnist_demo.ui.doors.policy import check_sites
from mnist_demo.ui.garbage import collect_in_pauses
from mnist_demo.ui.open_files import raise_open_files
from mnist_demo.ui.terminal import tell_frames_in_one_line
from mnist_demo.ui.train.live import run_view

IMPORTED_LATE = ("pandas", "streamlit.emojis")
"""What Streamlit imports for the first page with a component or a button on it, which takes half a second."""
LAST_REQUESTS_SECONDS = 5
SET_NAME = {"server": "address", "browser": "serverAddress"}
"""Where else Streamlit is told the server's name, by section."""
Handler = Callable[[int, FrameType | None], Any]


def open_store() -> None:
    """Open all that is kept; where nothing can be, the server ends with one sentence that says why.

    Files are what visitors and runs are made of: as many as the system allows may be open at a time.
    """
    try:
        raise_open_files()
    except ServerLimited as error:
        print(message(error, _language()), file=sys.stderr)
    try:
        check_sites(services.settings().embed)
        services.store()
        services.teacher_key()
    except (HomeUnusable, InvalidSetting) as error:
        sys.exit(message(error, _language()))


def middleware() -> list[Middleware]:
    """Return what stands in front of Streamlit: the doors, and the guard of its websocket.

    The doors answer under every name that is set for the server.
    """
    settings = services.settings()
    named = [*settings.hosts, *(st.get_option(f"{section}.{SET_NAME[section]}") for section in SET_NAME)]
    hosts = OwnHosts(host_name(name) for name in named if name)
    doors = Middleware(
        Doors, settings=settings, hosts=hosts, key=services.teacher_key(), path=routes.home_path()
    )
    return [doors, Middleware(BinaryFrames)]


def tell_teacher() -> None:
    """Print the teacher's link, unless its key was set, and so is known: terminals are often kept."""
    if services.settings().teacher_key:
        return
    secure = st.get_option("server.sslCertFile")
    set_for_it = (st.get_option(f"{section}.{SET_NAME[section]}") for section in ("browser", "server"))
    host = link_host([*services.settings().hosts, *set_for_it])
    address = f"http{'s' if secure else ''}://{host}:{st.get_option('browser.serverPort')}"
    link = f"{address}{routes.teacher_path(services.teacher_key().key)}"
    print(load_texts(_language()).identity.teacher_link.format(link=link), flush=True)


def _language() -> str:
    return match_language(locale.getlocale()[0])


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start the trainer and make ready what the first visitor needs; end the trainer with the server."""
    for language in languages():
        check_setting_words(load_texts(language))
    tell_frames_in_one_line()
    trainer, classroom, ended = services.trainer(), services.classroom(), threading.Event()
    try:
        # Only now: the canvas registers itself with the runtime, which exists since a moment ago.
        importlib.import_module("mnist_demo.ui.app")
        warm_up()
        threading.Thread(target=collect_in_pauses, args=(ended,), daemon=True).start()
        tell_teacher()
        end_in_time(trainer.close)
        yield
    finally:
        ended.set()
        trainer.close()
        classroom.close()


def end_in_time(close: Callable[[], None]) -> None:
    """Close at the first signal to end, and soon after that end the server, whatever it waits for.

    It waits for every request that is under way, and an upload whose sender has stopped never ends. A second
    Ctrl-C would end the wait: nobody has to press it.
    """
    if threading.current_thread() is not threading.main_thread():
        return  # as in tests: signals go to the main thread

    def handle(end: Handler, number: int, frame: FrameType | None) -> None:
        end(number, frame)
        threading.Thread(target=insist, args=(end,), daemon=True).start()

    def insist(end: Handler) -> None:
        close()
        time.sleep(LAST_REQUESTS_SECONDS)
        end(signal.SIGINT, None)

    for number in (signal.SIGINT, signal.SIGTERM):
        if callable(end := signal.getsignal(number)):
            signal.signal(number, partial(handle, end))


def warm_up() -> None:
    """Do once what would otherwise cost the first visitor half a second, and every visitor a little.

    What is loaded by now stays, so it is taken out of the collector's rounds, each of which would take 70 ms
    longer.
    """
    for run in pretrained_runs(services.store().list())[:1]:
        services.calibrated_network(run)
        services.abstention_rule(run)
        for language in languages():
            run_view(TrainerState(), run, load_texts(language))
    routes.compressed_plotly()
    for module in IMPORTED_LATE:
        with contextlib.suppress(ImportError):  # another version may have no such module, and no such delay
            importlib.import_module(module)
    gc.collect()
    gc.freeze()
