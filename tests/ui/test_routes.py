"""What the server answers besides Streamlit's pages."""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request

from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.jobs.state import TrainerState, Worker, WorkerPhase
from mnist_demo.runs.run import RunConfig
from mnist_demo.ui import services
from mnist_demo.ui.doors.limits import RateLimit
from mnist_demo.ui.identity import TEACHER_COOKIE
from mnist_demo.ui.routes import (
    answer_live,
    compressed_plotly,
    enter_as_teacher,
    leave_as_teacher,
    live_url,
    teacher_path,
    visitor_path,
)
from mnist_demo.ui.train.interest import Interest
from tests.factories import HISTORY, MNIST

OWN = Interest.in_jobs("a1", None)
JOB = Job("a1", RunConfig(epochs=2), JobPhase.TRAINING, HISTORY)
STATE = TrainerState(
    (Worker(WorkerPhase.READY, JOB),), dataset=MNIST, queue=(Job("b2", RunConfig()),), version=7
)


def ask(**asked: str) -> dict[str, Any]:
    """Ask how the job goes on, and read the answer."""
    return json.loads(answer_live(STATE, asdict(OWN) | asked).body)


def test_page_that_knows_it_all_gets_an_empty_answer():
    """That is most of them, most of the time."""
    assert answer_live(STATE, {"known": "7"}).status_code == 204
    assert answer_live(STATE, {"known": "6"}).status_code == 200


def test_page_gets_the_points_that_it_does_not_have():
    """As many as it says."""
    assert ask()["charts"]["loss"]["points"][0]["x"] == [0.5, 1.5]
    assert ask(epochs="1", steps="1")["charts"]["loss"]["points"][0]["x"] == [1.5]


@pytest.mark.parametrize("count", ["", "-1", "1e3", "x", "²", "9" * 5000, "1.5"])
def test_count_that_is_none_is_none_known(count: str):
    """An address that somebody typed breaks nothing."""
    assert ask(steps=count, epochs=count) == ask()


def test_answer_is_in_the_language_of_the_page():
    """English where there is none of that name."""
    assert ask(language="es")["status"] != ask()["status"] == ask(language="xx")["status"]


def test_place_in_the_queue_is_the_asking_pages_own():
    """A page whose job waits is told it, and no other."""
    waits, other = (Interest.in_jobs(job, None).own for job in ("b2", "nobody's"))
    assert "number 1" in ask(own=waits)["worker"]
    assert ask(own=other)["worker"] == ""


def test_address_names_language_and_job():
    """In a form that takes any text."""
    assert live_url("es", Interest("b2")) == "/mnist-demo/live?language=es&own=b2&watched="
    assert live_url("en", Interest()) == "/mnist-demo/live?language=en&own=&watched="


def test_plotly_is_sent_compressed():
    """And is the script that the tests drive."""
    assert b"Plotly" in gzip.decompress(compressed_plotly())


def visit(path: str, cookie: str = "") -> Request:
    """Make a request as a browser sends it."""
    headers = [(b"cookie", f"{TEACHER_COOKIE}={cookie}".encode())] if cookie else []
    path, _, query = path.partition("?")
    return Request(
        {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": headers}
    )


@pytest.mark.parametrize(
    ("page", "path"), [("class", "class"), ("", ""), ("https://other.example", ""), ("/other.example", "")]
)
def test_link_of_the_teacher_may_lead_to_a_page(page: str, path: str):
    """The remote control begins there; no link leads to another site."""
    link = f"{teacher_path(services.teacher_key().key)}&{urlencode({'page': page})}"
    entered = enter_as_teacher(RateLimit(1, 1), visit(link))
    assert (entered.status_code, entered.headers["Location"]) == (303, f"/{path}")


def test_teacher_by_key_is_one_until_the_browser_is_closed_or_they_say_so():
    """On a computer that others use after them."""
    key = services.teacher_key()
    entered = enter_as_teacher(RateLimit(1, 1), visit(teacher_path(key.key)))
    assert entered.headers["Set-Cookie"].startswith(f"{TEACHER_COOKIE}={key.cookie}; ")
    assert "Max-Age" not in entered.headers["Set-Cookie"]
    left = leave_as_teacher(visit(visitor_path(), key.cookie))
    assert (left.status_code, left.headers["Location"]) == (303, "/")
    assert left.headers["Set-Cookie"].startswith(f"{TEACHER_COOKIE}=; Path=/; Max-Age=0; ")


def test_link_on_another_site_ends_nothing():
    """The browser does not send the cookie with it."""
    assert "Set-Cookie" not in leave_as_teacher(visit(visitor_path())).headers
