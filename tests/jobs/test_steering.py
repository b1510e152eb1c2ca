"""Who may hold a run in training, who still joins it, and when it goes on by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mnist_demo.errors import InvalidConfig, NotAllowed
from mnist_demo.jobs.board import Board
from mnist_demo.jobs.controls import Controls, Goal
from mnist_demo.jobs.events import Started, StepDone
from mnist_demo.jobs.holding import HOLD_SECONDS, Holding
from mnist_demo.jobs.job import Job, advance
from mnist_demo.jobs.messages import Heartbeat, Message, Steer
from mnist_demo.jobs.process import Patience, TrainerSilent
from mnist_demo.jobs.queue import Room, assign, stop, submit
from mnist_demo.jobs.state import TrainerState, Worker, WorkerPhase, replace_job
from mnist_demo.jobs.steering import let_go_on, steer
from mnist_demo.jobs.supervisor import Plan, Supervisor
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.runs.rates import MAX_RATE_CHANGES, RateChange
from mnist_demo.runs.run import RunConfig
from mnist_demo.runs.store import RunStore
from mnist_demo.settings import Settings
from mnist_demo.texts.loading import languages, message

ROOM = Room(runs=0, gigabytes=0.0, max_waiting=100, max_runs=500, max_gigabytes=2)
ANA, BEN = Owner("ana"), Owner("ben")
CONFIG = RunConfig()


def press_train(state: TrainerState, person: Owner, config: RunConfig = CONFIG) -> TrainerState:
    """Let somebody press Train."""
    job = Job(f"{person.id}-{config.seed}", config, owners=(person,))
    return assign(submit(state, job, ROOM))


def pause(controls: Controls) -> Controls:
    """Press Pause."""
    return controls.press("pause")


def choose(rate: float) -> object:
    """Choose a learning rate."""
    return lambda controls: controls.choose_rate(rate)


@pytest.fixture
def state() -> TrainerState:
    """Ana's run is in training."""
    return press_train(TrainerState((Worker(WorkerPhase.READY),)), ANA)


class TestWhoMay:
    @pytest.mark.parametrize("person", [ANA, TEACHER])
    def test_whoever_waits_for_it_alone_and_the_teacher(self, state: TrainerState, person: Owner):
        """Pause is known at once."""
        (job,) = steer(state, "ana-1", person, pause).training
        assert (job.controls.goal, job.is_held_back, job.is_paused) == ("pause", True, False)

    def test_others_are_refused(self, state: TrainerState):
        """In a sentence of every language."""
        with pytest.raises(NotAllowed) as refused:
            steer(state, "ana-1", BEN, pause)
        assert refused.value.code == "others_job"

    def test_several_who_wait_leave_it_to_the_teacher(self, state: TrainerState):
        """Nobody holds up the others."""
        state = press_train(state, BEN)
        for person in (ANA, BEN):
            with pytest.raises(NotAllowed) as refused:
                steer(state, "ana-1", person, pause)
            assert refused.value.code == "shared_job"
        assert all(message(refused.value, language) for language in languages())
        assert steer(state, "ana-1", TEACHER, pause).training[0].is_held_back
        assert not state.training[0].may_steer(ANA)

    def test_job_that_waits_or_is_being_stopped_or_is_unknown_changes_nothing(self, state: TrainerState):
        """The page was behind."""
        state = press_train(state, BEN, RunConfig(seed=2))
        assert steer(state, "ben-2", BEN, pause) is state
        assert steer(state, "nobody", BEN, pause) is state
        stopping = stop(state, "ana-1", ANA)
        assert steer(stopping, "ana-1", ANA, pause) is stopping

    def test_pressed_twice_is_pressed_once(self, state: TrainerState):
        """Steps alone are counted."""
        paused = steer(state, "ana-1", ANA, pause)
        assert steer(paused, "ana-1", ANA, pause) is paused
        steps = [lambda controls: controls.press("step")] * 2
        for step in steps:
            paused = steer(paused, "ana-1", ANA, step)
        assert paused.training[0].controls.presses == 3

    def test_rate_that_no_run_can_have_is_refused(self, state: TrainerState):
        """As in the settings."""
        with pytest.raises(InvalidConfig):
            steer(state, "ana-1", ANA, choose(7.0))

    def test_rate_is_changed_only_so_often(self, state: TrainerState):
        """All have to find room in the run's description, told by the trainer or not; pausing goes on."""
        rates = [0.01 * (1 + place % 2) for place in range(MAX_RATE_CHANGES)]
        for rate in rates:
            state = steer(state, "ana-1", ANA, choose(rate))
        with pytest.raises(NotAllowed) as refused:
            steer(state, "ana-1", ANA, choose(0.1))
        assert str(MAX_RATE_CHANGES) in message(refused.value, "en")
        assert steer(state, "ana-1", ANA, choose(rates[-1])) is state
        assert steer(state, "ana-1", ANA, pause).training[0].is_held_back


class TestJoining:
    @pytest.mark.parametrize(
        "press",
        [pause, lambda controls: replace(controls, slow=True), choose(0.1)],
        ids=["pause", "slow", "rate"],
    )
    def test_run_that_is_held_or_changed_is_joined_by_nobody(self, state: TrainerState, press: object):
        """Ben gets a run of his own; Ana, who presses Train again, none."""
        held = steer(state, "ana-1", ANA, press)
        assert [job.owners for job in press_train(held, BEN).pending] == [(ANA,), (BEN,)]

    def test_owner_who_presses_train_again_has_it_already(self, state: TrainerState):
        """Paused or not."""
        held = steer(state, "ana-1", ANA, pause)
        assert press_train(held, ANA) is held

    def test_run_that_goes_on_is_joined_again(self, state: TrainerState):
        """Unless its rate was changed: then it is another run for ever."""
        gone_on = steer(steer(state, "ana-1", ANA, pause), "ana-1", ANA, Controls.let_go)
        assert [job.owners for job in press_train(gone_on, BEN).pending] == [(ANA, BEN)]
        (job,) = state.training
        step = StepDone(1, 2, 9, 0.5, 0.5, 0.5, 0.5, 1.0, is_point=False, rate_change=RateChange(1, 0.1))
        changed = replace_job(state, job.id, advance(job, step, ""))
        assert changed.training[0].history.rates == (RateChange(1, 0.1),)
        assert [job.owners for job in press_train(changed, BEN).pending] == [(ANA,), (BEN,)]


class TestStandingStill:
    def test_trainer_says_when_it_stands(self, state: TrainerState):
        """Until it says that it goes on, or is asked to, it is paused."""
        (job,) = steer(state, "ana-1", ANA, pause).training
        still = advance(job, Started(), "", is_still=True)
        assert (job.is_paused, still.is_paused) == (False, True)
        assert not replace(still, controls=still.controls.press("run")).is_paused
        assert replace(still, controls=still.controls.press("step")).is_paused
        assert not advance(still, Started(), "").is_paused

    def test_trainer_is_told_of_each_press(self, state: TrainerState):
        """In order."""
        told: list[Message] = []
        board = Board(state)
        board.tell = [told.append]
        for press in (pause, choose(0.01), Controls.let_go):
            board.change(lambda state, press=press: steer(state, "ana-1", ANA, press))
        assert [message.job for message in told if isinstance(message, Steer)] == ["ana-1"] * 3
        assert [message.controls.goal for message in told] == ["pause", "pause", "run"]
        assert told[-1].controls.rate == 0.01


class TestGoingOn:
    def overdue(self, *states: tuple[float, TrainerState]) -> list[set[str]]:
        """Look at times, in seconds."""
        now = [0.0]
        holding, found = Holding(lambda: now[0]), []
        for now[0], state in states:
            found.append(holding.overdue(state))
        return found

    def test_held_run_goes_on_when_others_have_waited(self, state: TrainerState):
        """At full speed, with the rate that was chosen, and its owner is told."""
        held = steer(state, "ana-1", ANA, lambda controls: replace(pause(controls), slow=True, rate=0.1))
        waiting = press_train(held, BEN)
        looks = self.overdue((0, waiting), (HOLD_SECONDS, waiting), (HOLD_SECONDS + 1, waiting))
        assert looks == [set(), set(), {"ana-1"}]
        (job,) = let_go_on(waiting, looks[-1]).training
        assert (job.controls.goal, job.controls.slow, job.controls.rate) == ("run", False, 0.1)
        assert job.went_on
        (job,) = steer(let_go_on(waiting, looks[-1]), "ana-1", ANA, pause).training
        assert not job.went_on

    def test_nobody_waits(self, state: TrainerState):
        """Then it may be held for ever; the time begins when somebody waits."""
        held = steer(state, "ana-1", ANA, pause)
        waiting, late = press_train(held, BEN), 10 * HOLD_SECONDS
        assert self.overdue((0, held), (late, held), (late + 1, waiting)) == [set(), set(), set()]

    def test_each_press_gives_time(self, state: TrainerState):
        """Somebody is there."""
        held = press_train(steer(state, "ana-1", ANA, pause), BEN)
        stepped = steer(held, "ana-1", ANA, lambda controls: controls.press("step"))
        times = (0, HOLD_SECONDS - 1, HOLD_SECONDS + 1)
        assert self.overdue(*zip(times, (held, stepped, stepped), strict=True)) == [set()] * 3

    def test_run_that_nobody_holds_is_left_alone(self, state: TrainerState):
        """However long others wait."""
        waiting = press_train(state, BEN, RunConfig(seed=2))
        assert self.overdue((0, waiting), (10 * HOLD_SECONDS, waiting)) == [set(), set()]
        assert let_go_on(waiting, {"ana-1"}) is waiting


@pytest.mark.parametrize("goal", ["run", "pause", "step"])
def test_trainer_that_stands_still_is_not_taken_for_one_that_hangs(
    state: TrainerState, goal: Goal, tmp_path: Path
):
    """However long it is paused; one that was to go on and does not is replaced."""
    (job,) = state.training
    job = replace(job, is_still=True, controls=Controls().press("pause").press(goal))
    board = Board(replace_job(state, job.id, job))
    patience = Patience(heartbeats=3)
    plan = Plan(Settings(tmp_path), RunStore(tmp_path, tmp_path / "none"), (), patience)
    supervisor = Supervisor(0, board, plan, lambda: None, lambda: None)
    for _ in range(patience.heartbeats):
        supervisor._take(Heartbeat())
    if goal == "run":
        with pytest.raises(TrainerSilent):
            supervisor._take(Heartbeat())
    else:
        supervisor._take(Heartbeat())
