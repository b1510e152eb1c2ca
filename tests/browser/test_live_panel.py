"""The live panel by itself in an empty page, asking the server's own answers about a job that goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from urllib.parse import parse_qsl, urlparse

import pytest
from playwright.sync_api import Page, Route

from mnist_demo.jobs.events import EpochDone, StepDone
from mnist_demo.jobs.state import Job, JobPhase, TrainerState, WorkerPhase, advance
from mnist_demo.runs.run import RunConfig
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui import components
from mnist_demo.ui.routes import answer_live
from mnist_demo.ui.train.live import job_view, page_state_key
from tests.browser.component import CALL, component_parts
from tests.factories import FIRST_EPOCH, MNIST

EN = load_texts("en")
STEPS = 4
POINTS = "[0, 1].map((line) => [...(document.querySelector('.live-loss').data?.[line].x ?? [])])"


class Training:
    """A job that goes on when it is told to; every answer that the page gets is the server's own.

    Attributes:
        state: The trainer's state.
        asked: What each question of the page said that it knew.
        held: Questions that came while it `holds` them back.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.holds, self.held, self.asked = page, False, list[Route](), list[dict[str, str]]()
        self.state = TrainerState(WorkerPhase.READY, dataset=MNIST, version=1)
        self.start("a1")
        page.route("**/live*", self._take)

    def start(self, job_id: str) -> None:
        """Begin another job."""
        job = Job(job_id, RunConfig(epochs=30), JobPhase.TRAINING)
        self.state = replace(self.state, current=job, version=self.state.version + 1)

    def go_on(self, steps: int = 1) -> None:
        """Train so many steps of four an epoch, and validate after each epoch."""
        for _ in range(steps):
            epoch, step = divmod(len(self.state.current.history.steps), STEPS)
            self._report(StepDone(epoch + 1, step + 1, STEPS, 0.5, 0.5, 1 / (step + 1), 0.5, 1000.0))
            if step + 1 == STEPS:
                self._report(EpochDone(replace(FIRST_EPOCH, epoch=epoch + 1)))

    def _report(self, event: StepDone | EpochDone) -> None:
        job = advance(self.state.current, event, "")
        self.state = replace(self.state, current=job, version=self.state.version + 1)

    def data(self) -> dict:
        """Return what the page's script gives the panel now."""
        view = job_view(self.state, self.state.current, EN) | {
            "page_state_key": page_state_key(self.state, None)
        }
        return json.loads(
            json.dumps({"view": view, "url": "http://127.0.0.1/live?language=en", "plotly": ""})
        )

    def _take(self, route: Route) -> None:
        self.asked.append(dict(parse_qsl(urlparse(route.request.url).query)))
        if self.holds:
            self.held.append(route)
        else:
            self.answer(route)

    def hold_question(self) -> Route:
        """Wait for the next question, and return it without an answer."""
        self.holds = True
        while not self.held:
            self.page.evaluate("0")  # hands the page's requests on
        self.holds = False
        return self.held.pop()

    def answer(self, route: Route) -> None:
        """Answer a question by the state of now."""
        query = dict(parse_qsl(urlparse(route.request.url).query))
        response = answer_live(self.state, query)
        route.fulfill(status=response.status_code, body=bytes(response.body), content_type="application/json")

    def show(self) -> None:
        """Open the panel with what the page knows now."""
        html = (files(components) / "live.html").read_text()
        self.page.evaluate(CALL, [*component_parts("live.js", html), [self.data()], None])

    def show_again(self) -> None:
        """Give the open panel what the page's script has drawn anew."""
        self.page.evaluate("data => cleanUps.push(call(data))", self.data())

    def wait_until_shown(self) -> None:
        """Wait until the chart has all points that there are, and find each of them there once."""
        history = self.state.current.history
        expected = [[step.epochs for step in history.steps], [record.epoch for record in history.epochs]]
        self.page.wait_for_function(f"(points) => `${{{POINTS}}}` === `${{points}}`", arg=expected)


@pytest.fixture
def training(page: Page) -> Training:
    """Begin a job of which the page knows two epochs and a step."""
    training = Training(page)
    training.go_on(2 * STEPS + 1)
    return training


def test_curves_and_log_grow_by_what_follows(page: Page, training: Training) -> None:
    """Each question names the points that the page has; the chart, its words and Keras's lines grow."""
    training.show()
    for _ in range(2):
        training.go_on(STEPS)
        training.wait_until_shown()
    known = [(int(asked["steps"]), int(asked["epochs"])) for asked in training.asked]
    assert known == sorted(known)
    assert known[0] == (2 * STEPS + 1, 2)
    assert page.locator(".live-log > div").all_inner_texts() == training.data()["view"]["log"]
    alt = page.locator(".live-accuracy").get_attribute("aria-label")
    assert alt == training.data()["view"]["charts"]["accuracy"]["alt"]
    assert "After epoch 4 of 30" in alt


def test_page_that_missed_answers_catches_up(page: Page, training: Training) -> None:
    """A network that is gone for a while costs no point."""
    training.show()
    training.wait_until_shown()
    page.route("**/live*", lambda route: route.abort())
    for _ in range(2):
        training.go_on(3)
        page.wait_for_event("requestfailed")
    page.unroute("**/live*")
    page.route("**/live*", training._take)
    training.wait_until_shown()


def test_late_answer_to_an_old_question_adds_no_point_twice(page: Page, training: Training) -> None:
    """The page was drawn anew meanwhile, with points that the answer brings, too."""
    training.show()
    late = training.hold_question()
    training.go_on(3)
    training.show_again()
    training.wait_until_shown()
    with page.expect_event("requestfinished", lambda request: request == late.request):
        training.answer(late)
    training.go_on()
    training.wait_until_shown()


def test_page_drawn_from_an_older_state_gets_the_rest_again(page: Page, training: Training) -> None:
    """A script that began before the latest answer ends after it."""
    old = training.data()
    training.show()
    training.go_on(5)
    training.wait_until_shown()
    page.evaluate("data => cleanUps.push(call(data))", old)
    training.wait_until_shown()


def test_points_of_another_job_are_left_to_the_page(page: Page, training: Training) -> None:
    """The panel asks its page to run again, and shows the other job as soon as it has."""
    training.show()
    training.wait_until_shown()
    shown = page.evaluate(POINTS)
    training.start("b2")
    training.go_on(3 * STEPS)
    page.wait_for_function("asked.length > 0")
    assert page.evaluate("asked[0]") == ["page_state_key", page_state_key(training.state, None)]
    assert page.evaluate(POINTS) == shown
    training.show_again()
    training.wait_until_shown()


def test_server_that_starts_again_is_followed(page: Page, training: Training) -> None:
    """Its states are counted from the beginning, and none of them has the jobs of before."""
    training.show()
    training.wait_until_shown()
    training.state = TrainerState(WorkerPhase.READY, dataset=MNIST)
    page.wait_for_function("asked.length > 0")
    training.start("c3")
    training.show_again()
    training.go_on(STEPS)
    training.wait_until_shown()


def test_panel_outlives_an_overtaken_call(page: Page, training: Training) -> None:
    """It goes on asking how the trainer is, whichever of two calls Streamlit cleans up after."""
    training.show()
    training.show_again()
    page.evaluate("cleanUps[0]()")
    training.go_on()
    training.wait_until_shown()
    training.show_again()
    page.evaluate("cleanUps.at(-1)()")
    training.go_on()
    training.wait_until_shown()


@pytest.mark.parametrize("ends", ["pointerup", "pointercancel"])
def test_curves_wait_while_a_hand_draws(page: Page, training: Training, ends: str) -> None:
    """A stroke, or a drag over a chart, is not disturbed by the next points; they come when it is over."""
    training.show()
    training.wait_until_shown()
    page.mouse.down()
    page.wait_for_function("document.querySelector('.live-loss').drawing === null")
    drawn = page.locator(".live-loss").get_attribute("data-drawn")
    for _ in range(2):
        page.evaluate("document.dispatchEvent(new PointerEvent('pointerdown'))")  # a hand is never too slow
        training.go_on()
        page.wait_for_event("requestfinished", lambda request: "/live" in request.url)
    assert page.locator(".live-loss").get_attribute("data-drawn") == drawn
    page.evaluate(f"document.dispatchEvent(new PointerEvent('{ends}'))")
    training.wait_until_shown()
