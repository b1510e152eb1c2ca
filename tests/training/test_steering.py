"""A run that is paused, stepped or slowed down computes what an uninterrupted one does."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np
import pytest

from mnist_demo.data.preprocessing import prepare_images
from mnist_demo.data.summary import split_validation
from mnist_demo.jobs.controls import Controls
from mnist_demo.jobs.events import EpochDone, Event, Started, StepDone, extend_history
from mnist_demo.jobs.messages import Steer, Stop
from mnist_demo.runs.rates import RateChange
from mnist_demo.runs.run import EpochRecord, History, RunConfig
from mnist_demo.training import segments, steering
from mnist_demo.training.channel import Channel
from mnist_demo.training.epochs import shuffle
from mnist_demo.training.loop import TrainingSession
from mnist_demo.training.model import draw_initial_weights, new_network, one_hot_labels
from mnist_demo.training.steering import Steering
from tests.mnist import arrays_of, part_of_mnist

JOB = "job7"
IMAGES = 1000
CONFIG = RunConfig(epochs=3, batch_size=32, hidden=(16, 8), seed=3)
"""25 steps an epoch."""
TOLERANCE = 1e-5
"""As in `test_loop`: Keras adds up in another order."""

Press = Callable[[Controls], Controls]


@pytest.fixture(scope="module")
def arrays() -> tuple[np.ndarray, ...]:
    """Some of MNIST's digits."""
    return tuple(arrays_of(part_of_mnist(IMAGES, 300)).values())


@pytest.fixture(scope="module")
def session(arrays: tuple[np.ndarray, ...]) -> TrainingSession:
    """The real loop, compiled."""
    session = TrainingSession(*arrays)
    session.warm_up(CONFIG)
    return session


def goal(name: str) -> Press:
    """Press pause, run, step or epoch."""
    return lambda controls: controls.press(name)


def slow(controls: Controls) -> Controls:
    """Press slow motion."""
    return replace(controls, slow=not controls.slow)


def rate(value: float) -> Press:
    """Choose a learning rate."""
    return lambda controls: replace(controls, rate=value)


PAUSE, RUN = goal("pause"), goal("run")


class Hand:
    """Trains a run as the worker does, and presses what is planned.

    Args:
        session: Trains.
        plan: What is pressed when training stands still, one after the other; then it is let go on.
        first: What is pressed before the run begins.
        during: What is pressed after so many steps of the whole run, standing or not.
        config: Of the run.
    """

    def __init__(
        self,
        session: TrainingSession,
        plan: list[Press],
        first: Press = PAUSE,
        during: dict[int, list[Press]] | None = None,
        config: RunConfig = CONFIG,
    ) -> None:
        self.channel, self.config = Channel(io.StringIO(), io.StringIO()), config
        self.controls, self.history = Controls(), History()
        self.stood: list[float] = []
        self.losses: dict[int, float] = {}
        steering, during = Steering(JOB, config, self.channel), during or {}
        self.press(first)
        for event in session.train(config, steering.control):
            for press in during.get(self.step_of(event), []):
                self.press(press)
            self.history = extend_history(self.history, event)
            if stands := steering.stands_after(event):
                self.stood.append(self.epochs_at(event))
                before = self.controls.presses
                while self.controls.presses == before:  # another rate lets nothing go on
                    self.press(plan.pop(0) if plan else RUN)
            steering.wait(event)
            assert stands or not isinstance(event, StepDone) or event.step <= event.steps
        self.weights = np.concatenate([a.ravel() for layer in session.weights() for a in layer])

    def press(self, press: Press) -> None:
        """Press something; the trainer hears of what that changes."""
        before, self.controls = self.controls, press(self.controls)
        if self.controls != before:
            self.channel.hear(Steer(JOB, self.controls))

    def step_of(self, event: Event) -> int:
        """Count the steps of the whole run until an event, and note the running loss there."""
        if not isinstance(event, StepDone):
            return -1
        step = (event.epoch - 1) * event.steps + event.step
        self.losses[step] = event.loss
        return step

    @staticmethod
    def epochs_at(event: Event) -> float:
        """Give the place of an event, 1.5 in mid second epoch."""
        match event:
            case StepDone():
                return event.epoch - 1 + event.step / event.steps
            case EpochDone(record):
                return record.epoch
        return 0

    def records(self) -> list[EpochRecord]:
        """Give the epochs without what the clock says."""
        return [replace(record, seconds=0) for record in self.history.epochs]


@pytest.fixture(scope="module")
def uninterrupted(session: TrainingSession) -> Hand:
    """A run that nobody touches, with the running loss after every step."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "SEGMENT_SECONDS", 0)
        return Hand(session, [], first=goal("run"))


STEPPED = [goal("step")] * 3 + [goal("epoch")] * 2
PLANS = {
    "paused": ([], goal("pause"), {7: [goal("pause")], 30: [goal("pause")]}),
    "stepped": (STEPPED, goal("pause"), {}),
    "slow": ([], slow, {40: [slow]}),
    "slow, stepped": ([slow, *STEPPED], goal("pause"), {60: [goal("pause")]}),
}


@pytest.mark.parametrize("name", PLANS)
def test_held_run_is_the_uninterrupted_one_bit_for_bit(
    name: str, session: TrainingSession, uninterrupted: Hand, monkeypatch: pytest.MonkeyPatch
):
    """Weights, history, and the running loss at each step that was reported."""
    monkeypatch.setattr(steering, "SLOW_STEP_SECONDS", 0.0)
    plan, first, during = PLANS[name]
    held = Hand(session, list(plan), first, during)
    assert held.stood or name == "slow"
    assert np.array_equal(held.weights, uninterrupted.weights)
    assert held.records() == uninterrupted.records()
    assert len(held.losses) >= 3
    assert {step: uninterrupted.losses[step] for step in held.losses} == held.losses
    assert held.history.rates == ()


def test_each_press_moves_as_far_as_it_says(session: TrainingSession):
    """Paused before the first step: two steps, the rest of the epoch, a whole one, a step, the rest."""
    plan = [goal("step"), goal("step"), goal("epoch"), goal("epoch"), goal("step"), goal("epoch")]
    hand = Hand(session, plan)
    assert hand.stood == [0, 1 / 25, 2 / 25, 1, 2, 2 + 1 / 25]
    assert hand.history.reached_epoch == 3


def test_steps_that_are_pressed_fast_are_all_taken(session: TrainingSession):
    """Three presses before the first is heard are three steps, each a point of the curves."""
    hand = Hand(session, [lambda controls: controls.press("step").press("step")], goal("pause"))
    assert hand.stood[:1] == [0]
    three = Hand(session, [], first=goal("step"), during={1: [goal("step"), goal("step")]})
    assert three.stood == [3 / 25]
    assert [record.epochs for record in three.history.steps[:3]] == [1 / 25, 2 / 25, 3 / 25]


def test_pause_in_an_epoch_that_was_asked_for_takes_it_back(
    session: TrainingSession, monkeypatch: pytest.MonkeyPatch
):
    """The latest press counts."""
    monkeypatch.setattr(segments, "SEGMENT_SECONDS", 0)
    hand = Hand(session, [], first=goal("epoch"), during={5: [goal("pause")]})
    assert hand.stood == [5 / 25]


def test_nobody_stands_between_the_last_step_and_validation(session: TrainingSession):
    """Nor where nothing would be left to do."""
    hand = Hand(session, [], first=goal("step"), during={step: [goal("step")] for step in range(1, 25)})
    assert hand.stood == [1]
    assert Hand(session, [], first=goal("run"), during={75: [goal("pause")]}).stood == []


class CountingChannel(Channel):
    """Counts how often somebody waits, and presses Stop at the first time that would never end."""

    waits = 0

    def next_steer(self, seconds: float | None) -> Steer | None:
        """Wait."""
        if seconds is None:
            self.waits += 1
            self.hear(Stop("another"))
            self.hear(Stop(JOB))
        return super().next_steer(seconds)


def test_paused_run_waits_once_and_stop_ends_the_wait():
    """It asks nothing again and again; the Stop of another job wakes it, but does not let it go on."""
    channel = CountingChannel(io.StringIO(), io.StringIO())
    channel.hear(Steer("another", Controls()))
    channel.hear(Steer(JOB, Controls().press("pause")))
    held = Steering(JOB, CONFIG, channel)
    assert held.stands_after(Started())
    held.wait(Started())
    assert channel.waits == 1
    assert channel.is_stopped(JOB)


def test_end_of_the_process_ends_the_wait():
    """Whatever is pressed: what was learned has to be kept."""
    channel = Channel(io.StringIO(), io.StringIO())
    channel.serves = True
    channel.hear(Steer(JOB, Controls().press("pause")))
    held = Steering(JOB, CONFIG, channel)
    assert held.stands_after(Started())
    channel.ends = True
    held.wait(Started())


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_changed_rate_trains_like_keras_with_the_same_rates(
    schedule: str, optimizer: str, arrays: tuple[np.ndarray, ...]
):
    """From the very batch on that the history names; the first in mid epoch, the second at an epoch's end."""
    config = replace(CONFIG, schedule=schedule, optimizer=optimizer)
    session, differences = TrainingSession(*arrays), []
    for seed in (1, 2, 3):  # see `SEEDS` of test_loop
        config = replace(config, seed=seed)
        plan = [goal("step"), rate(0.005), goal("epoch"), rate(0.0005), goal("run")]
        hand = Hand(session, plan, config=config)
        assert hand.history.rates == (RateChange(1, 0.005), RateChange(25, 0.0005))
        network = fit_with_rates(arrays, config, hand.history.rates)
        pairs = zip(session.network.get_weights(), network.get_weights(), strict=True)
        differences.append(max(np.abs(ours - kerases).max() for ours, kerases in pairs))
        if differences[-1] < TOLERANCE:
            return
    pytest.fail(f"The trainings differ by {differences}.")


def fit_with_rates(
    arrays: tuple[np.ndarray, ...], config: RunConfig, rates: tuple[RateChange, ...]
) -> keras.Sequential:
    """Train batch by batch with Keras's own `train_on_batch`, the rate set before each."""
    images, labels = prepare_images(arrays[0]), one_hot_labels(arrays[1])
    train, _ = split_validation(np.arange(len(images)), config.validation_split)
    network, step = new_network(config), 0
    draw_initial_weights(network, config.seed)
    for epoch in range(1, config.epochs + 1):
        for rows in np.split(shuffle(train, config.seed, epoch), range(32, len(train), 32)):
            chosen = [config.learning_rate, *(change.rate for change in rates if change.step <= step)][-1]
            share = 0.001 + 0.999 * (1 + np.cos(np.pi * (epoch - 1) / config.epochs)) / 2
            network.optimizer.learning_rate = chosen * (share if config.schedule == "cosine" else 1)
            network.train_on_batch(images[rows], labels[rows])
            step += 1
    return network


def test_rate_that_was_changed_back_before_the_next_step_is_no_change(
    session: TrainingSession, uninterrupted: Hand
):
    """Nor one that no step was trained with."""
    plan = [rate(0.1), rate(CONFIG.learning_rate), goal("run")]
    hand = Hand(session, plan)
    assert hand.history.rates == ()
    assert np.array_equal(hand.weights, uninterrupted.weights)


def test_single_steps_cost_the_history_only_so_many_points(
    session: TrainingSession, monkeypatch: pytest.MonkeyPatch
):
    """Slow motion for an hour must leave a run that can be uploaded."""
    monkeypatch.setattr(steering, "SLOW_STEP_SECONDS", 0.0)
    monkeypatch.setattr(segments, "MAX_SINGLE_POINTS", 10)
    monkeypatch.setattr(segments, "MAX_POINTS", 6)
    hand = Hand(session, [], first=slow)
    assert len(hand.history.steps) <= 10 + segments.MAX_POINTS + CONFIG.epochs < 75
