"""The live panel by itself in an empty page, asking the server's own answers about a job that goes on."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib.resources import files
from urllib.parse import parse_qsl, urlparse

import pytest
from playwright.sync_api import Page, Route, expect

from mnist_demo.charts.axes import axis_ranges
from mnist_demo.jobs.events import EpochDone, StepDone
from mnist_demo.jobs.job import Job, JobPhase, advance
from mnist_demo.jobs.state import TrainerState, Worker, WorkerPhase
from mnist_demo.runs.rates import RateChange
from mnist_demo.runs.run import History, RunConfig
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui import components
from mnist_demo.ui.routes import answer_live, live_url
from mnist_demo.ui.train.interest import Interest, page_state_key
from mnist_demo.ui.train.live import job_view
from tests.browser.component import CALL, component_parts, fill_page
from tests.factories import FIRST_EPOCH, MNIST

EN = load_texts("en")
STEPS = 4
POINTS = "[0, 1].map((line) => [...(document.querySelector('.live-loss').data?.[line].x ?? [])])"

AXIS = "document.querySelector('.live-loss')._fullLayout.yaxis"


class Training:
    """A job that goes on when it is told to; every answer that the page gets is the server's own.

    Attributes:
        state: The trainer's state.
        asked: What each question of the page said that it knew.
        held: Questions that came while it `holds` them back.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.holds, self.held, self.asked = page, False, list[Route](), list[dict[str, str]]()
        self.state = TrainerState((Worker(WorkerPhase.READY),), dataset=MNIST, version=1)
        self.start("a1")
        page.route("**/live*", self._take)

    def start(self, job_id: str) -> None:
        """Begin another job."""
        job = Job(job_id, RunConfig(epochs=30), JobPhase.TRAINING)
        self.put(job)

    def put(self, job: Job) -> None:
        """Let the trainer have this job."""
        worker = Worker(WorkerPhase.READY, job)
        self.state = replace(self.state, workers=(worker,), version=self.state.version + 1)

    def go_on(self, steps: int = 1) -> None:
        """Train so many steps of four an epoch, and validate after each epoch."""
        for _ in range(steps):
            epoch, step = divmod(len(self.state.training[0].history.steps), STEPS)
            self._report(StepDone(epoch + 1, step + 1, STEPS, 0.5, 0.5, 1 / (step + 1), 0.5, 1000.0))
            if step + 1 == STEPS:
                self._report(EpochDone(replace(FIRST_EPOCH, epoch=epoch + 1)))

    def _report(self, event: StepDone | EpochDone) -> None:
        job = advance(self.state.training[0], event, "")
        self.put(job)

    def data(self) -> dict:
        """Return what the page's script gives the panel now."""
        interest = Interest.in_jobs(self.state.training[0].id, None)
        view = job_view(self.state, self.state.training[0], EN) | {
            "page_state_key": page_state_key(self.state, interest)
        }
        url = f"http://127.0.0.1{live_url('en', interest)}"
        return json.loads(json.dumps({"view": view, "url": url, "plotly": ""}))

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
        self.page.evaluate(CALL, [*component_parts(components.LIVE_SCRIPTS, html), [self.data()], None])

    def show_again(self) -> None:
        """Give the open panel what the page's script has drawn anew."""
        self.page.evaluate("data => cleanUps.push(call(data))", self.data())

    def wait_until_fitted(self, scale: str = "linear") -> None:
        """Wait until the loss axis is the one that the server has for all that is known."""
        low, high = axis_ranges(self.state.training[0].history, "loss")[scale]
        ends = [math.log10(low), math.log10(high)] if scale == "log" else [low, high]
        self.page.wait_for_function(
            f"([scale, ends]) => {AXIS}.type === scale"
            f" && {AXIS}.range.every((end, place) => Math.abs(end - ends[place]) < 1e-9)",
            arg=[scale, ends],
        )

    def wait_until_shown(self) -> None:
        """Wait until the chart has all points that there are, and find each of them there once."""
        history = self.state.training[0].history
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
    assert page.locator(".live-log > div").all_text_contents() == training.data()["view"]["log"]
    alt = page.locator(".live-accuracy").get_attribute("aria-label")
    assert alt == training.data()["view"]["charts"]["accuracy"]["alt"]
    assert "After epoch 4 of 30" in alt


def test_rate_that_is_changed_is_marked_at_once(page: Page, training: Training) -> None:
    """On both charts, though no point follows: whoever holds a run chooses the rate while it stands still."""
    training.show()
    training.wait_until_shown()
    job = training.state.training[0]
    training.put(replace(job, history=replace(job.history, rates=(RateChange(3000, 0.003),))))
    for name in ("loss", "accuracy"):
        chart = page.locator(f".live-{name}")
        chart.scroll_into_view_if_needed()  # out of sight, it waits
        expect(chart.get_by_text("0.003", exact=True)).to_be_visible()
        expect(chart.locator("path[style*=dasharray]").first).to_be_attached()


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
    assert page.evaluate("asked[0]") == [
        "page_state_key",
        page_state_key(training.state, Interest.in_jobs("a1", None)),
    ]
    assert page.evaluate(POINTS) == shown
    training.show_again()
    training.wait_until_shown()


def test_server_that_starts_again_is_followed(page: Page, training: Training) -> None:
    """Its states are counted from the beginning, and none of them has the jobs of before."""
    training.show()
    training.wait_until_shown()
    training.state = TrainerState((Worker(WorkerPhase.READY),), dataset=MNIST)
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


@pytest.fixture
def beginning(page: Page) -> Training:
    """Begin a job of which the page knows its first step, in the style of the panel."""
    page.add_style_tag(path=str(files(components) / "live.css"))
    training = Training(page)
    training.go_on()
    return training


def zoom(page: Page) -> list[float]:
    """Draw a frame in the middle of the loss chart, and return the ends of the axis that come of it."""
    area = page.locator(".live-loss .nsewdrag")
    box = area.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.6, steps=5)
    before = page.evaluate(f"{AXIS}.range")
    page.mouse.up()
    page.wait_for_function(f"(before) => `${{{AXIS}.range}}` !== `${{before}}`", arg=before)
    return page.evaluate(f"{AXIS}.range")


def test_axis_leaves_the_first_batches_behind(page: Page, beginning: Training) -> None:
    """It follows while the network is trained: from all that there is to the ends of the epochs."""
    beginning.show()
    beginning.wait_until_fitted()
    before = page.evaluate(f"{AXIS}.range")
    beginning.go_on(2 * STEPS)
    beginning.wait_until_fitted()
    assert page.evaluate(f"{AXIS}.range") != before


def test_zoom_is_kept_until_a_double_click(page: Page, beginning: Training) -> None:
    """Though the range that the server has changes meanwhile; then the axis is that of now, and follows."""
    beginning.show()
    beginning.wait_until_fitted()
    zoomed = zoom(page)
    for _ in range(2):
        beginning.go_on(STEPS)
        beginning.wait_until_shown()
        assert page.evaluate(f"{AXIS}.range") == zoomed
    page.locator(".live-loss .nsewdrag").dblclick()
    beginning.wait_until_fitted()
    beginning._report(EpochDone(replace(FIRST_EPOCH, epoch=3, loss=2.0)))
    beginning.wait_until_fitted()


def test_loss_can_have_an_axis_of_logarithms(page: Page, beginning: Training) -> None:
    """The button says by its name what it does, and whether it is pressed; the axis follows there, too."""
    beginning.show()
    beginning.wait_until_fitted()
    button = page.get_by_role("button", name=EN.training.log_scale_name)
    expect(button).to_have_text("log")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert "log" in EN.training.log_scale_name
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    beginning.wait_until_fitted("log")
    beginning.go_on(2 * STEPS)
    beginning.wait_until_fitted("log")
    zoom(page)
    button.click()
    beginning.wait_until_fitted()
    assert page.evaluate("document.querySelector('.live-accuracy')._fullLayout.yaxis.type") == "linear"


def test_axis_of_logarithms_is_remembered(page: Page, training: Training) -> None:
    """Whoever comes back to the page has it again."""
    page.route("http://127.0.0.1/", lambda route: route.fulfill(body="", content_type="text/html"))
    for _ in range(2):
        page.goto("http://127.0.0.1/")
        fill_page(page)
        training.show()
        if not page.evaluate("localStorage.mnistDemoLossScale"):
            page.locator(".live-scale").click()
        training.wait_until_fitted("log")
    assert page.evaluate("localStorage.mnistDemoLossScale") == "log"


def test_level_of_guessing_is_there_while_the_axis_reaches_it(page: Page, beginning: Training) -> None:
    """At its place on both kinds of axis, and not as half a word at the edge."""
    shown = "document.querySelector('.live-loss')._fullLayout.shapes[0].visible"
    beginning.put(replace(beginning.state.training[0], history=History()))
    beginning.show()
    beginning.wait_until_fitted()
    label = page.locator(".live-loss .shape-label")
    expect(label).to_have_text(EN.charts.by_chance)
    high = page.evaluate(f"{AXIS}.range[1]")
    assert high > math.log(10)
    line = page.locator(".live-loss .shapelayer path").first.bounding_box()
    area = page.locator(".live-loss .nsewdrag").bounding_box()
    low, high = page.evaluate(f"{AXIS}.range")
    place = area["y"] + area["height"] * (high - math.log(10)) / (high - low)
    assert line["y"] + line["height"] / 2 == pytest.approx(place, abs=2)
    words = label.bounding_box()
    assert words["y"] > line["y"]
    beginning._report(EpochDone(replace(FIRST_EPOCH, loss=40.0, val_loss=2.3)))
    page.wait_for_function(f"{AXIS}.range[1] > 40")  # the line is at the bottom, its words above it
    words, line = label.bounding_box(), page.locator(".live-loss .shapelayer path").first.bounding_box()
    assert words["y"] + words["height"] < line["y"] + line["height"]
    beginning.put(replace(beginning.state.training[0], history=History()))
    beginning.go_on(2 * STEPS)
    beginning.show_again()
    page.wait_for_function(f"!{shown}")


def test_note_moves_nothing_when_it_comes(page: Page, beginning: Training) -> None:
    """Its room is there from the start; what is not said is not read out, either."""
    beginning.show()
    note = page.locator(".live-note")
    expect(note).to_be_hidden()
    below = page.locator(".live-keras").bounding_box()
    beginning.go_on(STEPS)
    expect(note).to_be_visible()
    expect(note).to_have_text(EN.training.validation_ahead)
    assert page.locator(".live-keras").bounding_box()["y"] == below["y"]


def test_charts_fill_the_height_that_the_style_gives(page: Page, beginning: Training) -> None:
    """At once when it changes; with little height the axis's title goes, and the words keep their size."""
    beginning.show()
    layout = "document.querySelector('.live-loss')._fullLayout"
    page.wait_for_function(f"{layout}?.height === 280 && {layout}.xaxis.title.text === 'Epochs'")
    area = page.locator(".live-loss .nsewdrag")
    before = area.bounding_box()["height"]
    font = page.evaluate(f"{layout}.legend.font.size")
    page.evaluate("document.querySelector('.live').style.setProperty('--chart-height', '160px')")
    page.wait_for_function(f"{layout}.height === 160 && !{layout}.xaxis.title.text")
    assert area.bounding_box()["height"] > before - 120 + 30  # smaller margins
    assert page.evaluate(f"{layout}.legend.font.size") == font
    page.evaluate("document.querySelector('.live').style.setProperty('--chart-height', '400px')")
    page.wait_for_function(f"{layout}.height === 400 && {layout}.xaxis.title.text === 'Epochs'")


def test_charts_fill_a_width_that_changes_without_the_window(page: Page, beginning: Training) -> None:
    """As when the sidebar is folded away; a narrow chart has no room for the thin line's name."""
    beginning.go_on(STEPS)
    beginning.show()
    beginning.wait_until_shown()
    names = page.locator(".live-loss .legendtext")
    expect(names).to_have_count(3)
    page.evaluate("document.querySelector('.live').style.width = '320px'")
    page.wait_for_function("document.querySelector('.live-loss')._fullLayout.width === 320")
    expect(names).to_have_text([EN.charts.training, EN.charts.validation])


def test_keras_lines_are_folded_away(page: Page, training: Training) -> None:
    """Whoever opens them sees the last one."""
    page.add_style_tag(path=str(files(components) / "live.css"))
    training.go_on(25 * STEPS)
    training.show()
    expect(page.locator(".live-log")).to_be_hidden()
    page.get_by_text(EN.training.keras_prints).click()
    page.wait_for_function("document.querySelector('.live-log').scrollTop > 0")
