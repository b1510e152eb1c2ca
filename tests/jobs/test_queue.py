"""The rules of the queue: who joins whom, who comes next, who leaves, and how much there may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from mnist_demo.errors import NoRoom, NotAllowed, TrainingFailed
from mnist_demo.jobs.board import Board
from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.jobs.messages import HandOver, Message, Stop, Train
from mnist_demo.jobs.queue import (
    Room,
    assign,
    end_job,
    end_visitors,
    find_same,
    give_up,
    let_go,
    stop,
    submit,
    wake,
)
from mnist_demo.jobs.state import TrainerState, Worker, WorkerPhase
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.runs.run import RunConfig
from mnist_demo.texts.loading import languages, message

ROOM = Room(runs=0, gigabytes=0.0, max_waiting=100, max_runs=500, max_gigabytes=2)
ANA, BEN, EVA = (Owner(name.lower(), name) for name in ("Ana", "Ben", "Eva"))
CLASS = [Owner(f"visitor{number}") for number in range(30)]
FREE = TrainerState((Worker(WorkerPhase.READY),))
COLD = TrainerState()


def config(seed: int) -> RunConfig:
    """Make settings that differ from those of any other number."""
    return RunConfig(seed=seed)


def press(state: TrainerState, person: Owner, seed: int, room: Room = ROOM) -> TrainerState:
    """Let somebody press Train; the trainers take what they can."""
    job = Job(f"{person.id}-{seed}", config(seed), owners=(person,))
    return assign(submit(state, job, room))


def press_all(state: TrainerState, *presses: tuple[Owner, int]) -> TrainerState:
    """Let several press Train, one after the other."""
    for person, seed in presses:
        state = press(state, person, seed)
    return state


def work_off(state: TrainerState) -> list[str]:
    """Train all that there is, one job after the other on one trainer, and list what was trained."""
    begun = next(iter(state.training), None)
    state, trained = assign(replace(state, workers=(Worker(WorkerPhase.READY, begun),))), []
    while state.training:
        (job,) = state.training
        trained.append(job.id)
        state = assign(end_job(state, 0, f"run-of-{job.id}"))
    return trained


def owners(state: TrainerState) -> list[tuple[Owner, ...]]:
    """List whose the jobs are, those in training first."""
    return [job.owners for job in state.pending]


class TestJoining:
    def test_thirty_visitors_with_equal_settings_make_one_run(self):
        """A class presses Train on the notebook's settings, and nobody waits for twenty-nine others."""
        state = press_all(FREE, *((person, 1) for person in CLASS))
        assert owners(state) == [tuple(CLASS)]
        assert work_off(state) == ["visitor0-1"]

    @pytest.mark.parametrize("person", [ANA, TEACHER])
    @pytest.mark.parametrize("state", [FREE, COLD], ids=["trains", "waits"])
    def test_thirty_presses_of_one_person_are_one_run(self, person: Owner, state: TrainerState):
        """In training or waiting; the state does not even change."""
        state = press(state, person, 1)
        for _ in range(29):
            assert press(state, person, 1) is state
        assert owners(state) == [(person,)]

    def test_job_that_is_over_is_trained_anew(self):
        """Whoever presses Train then wants to see it learn."""
        state = end_job(press(FREE, ANA, 1), 0, "run1")
        assert owners(press(state, ANA, 1)) == [(ANA,)]

    def test_job_that_is_being_stopped_is_not_joined(self):
        """Its run will not be what they want."""
        state = press(stop(press(FREE, ANA, 1), "ana-1", ANA), BEN, 1)
        assert owners(state) == [(ANA,), (BEN,)]

    def test_same_job_is_found_wherever_it_is(self):
        """The page follows it from then on."""
        state = press_all(FREE, (ANA, 1), (BEN, 2))
        assert [find_same(state, config(seed), EVA).id for seed in (1, 2)] == ["ana-1", "ben-2"]
        assert find_same(state, config(3), EVA) is None


class TestOneEach:
    def test_other_settings_take_the_place_of_those_that_wait(self):
        """Whoever changes their mind keeps their place, and holds up nobody twice."""
        state = press_all(FREE, (TEACHER, 9), (ANA, 1), (BEN, 2), (ANA, 3))
        assert [job.config.seed for job in state.queue] == [3, 2]
        assert state.find("ana-1") is None

    def test_changing_ones_mind_leaves_a_shared_job_to_the_others(self):
        """And a new one comes last, as everybody's does."""
        state = press_all(FREE, (TEACHER, 9), (ANA, 1), (BEN, 1), (EVA, 2), (ANA, 3))
        assert owners(state) == [(TEACHER,), (BEN,), (EVA,), (ANA,)]

    def test_changing_ones_mind_to_what_others_wait_for_joins_them(self):
        """Nothing of one's own stays behind."""
        state = press_all(FREE, (TEACHER, 9), (ANA, 1), (BEN, 2), (ANA, 2))
        assert owners(state) == [(TEACHER,), (BEN, ANA)]

    def test_other_settings_are_refused_while_ones_network_is_trained(self):
        """It would have to be stopped, which nobody has asked for."""
        with pytest.raises(NotAllowed) as refusal:
            press_all(FREE, (ANA, 1), (ANA, 2))
        for language in languages():
            assert message(refusal.value, language)

    def test_after_stop_the_next_may_be_pressed_at_once(self):
        """Though the last one is still being kept."""
        state = stop(press(FREE, ANA, 1), "ana-1", ANA)
        assert owners(press(state, ANA, 2)) == [(ANA,), (ANA,)]

    def test_teacher_may_queue_any_number(self):
        """Experiments are several runs."""
        assert len(press_all(FREE, *((TEACHER, seed) for seed in range(5))).pending) == 5


class TestTurns:
    def test_thirty_visitors_with_different_settings_are_trained_in_turn(self):
        """As they came, each once."""
        state = press_all(FREE, *((person, seed) for seed, person in enumerate(CLASS)))
        assert work_off(state) == [f"visitor{number}-{number}" for number in range(30)]

    def test_experiments_of_the_teacher_starve_nobody(self):
        """Pupils come between, and the experiment goes on between pupils."""
        state = press_all(FREE, *((TEACHER, seed) for seed in range(4)), (ANA, 10), (BEN, 11))
        assert work_off(state) == ["teacher-0", "ana-10", "ben-11", "teacher-1", "teacher-2", "teacher-3"]

    def test_pupils_who_press_again_and_again_starve_no_experiment(self):
        """Whoever has had a turn comes after those who have not."""
        state, trained = press_all(FREE, *((TEACHER, seed) for seed in range(3)), (ANA, 10), (BEN, 20)), []
        for seed in range(30, 38):
            job = state.training[0]
            trained.append(job.id.split("-")[0])
            state = assign(end_job(state, 0, "run"))
            if not job.is_of(TEACHER):
                state = press(state, job.owners[0], seed)
        assert trained.count("teacher") == 3

    def test_one_person_at_home_is_trained_in_the_order_of_the_presses(self):
        """As it always was."""
        state = press_all(FREE, *((TEACHER, seed) for seed in (3, 1, 2)))
        assert work_off(state) == ["teacher-3", "teacher-1", "teacher-2"]

    def test_place_is_that_of_the_turn(self):
        """What the page says is what happens."""
        state = press_all(FREE, (TEACHER, 1), (TEACHER, 2), (TEACHER, 3), (ANA, 4))
        assert [state.place_in_queue(job) for job in ("ana-4", "teacher-2", "teacher-3")] == [1, 2, 3]

    def test_job_that_a_pupil_joins_comes_in_the_pupils_turn(self):
        """The last run of an experiment is also theirs."""
        state = press_all(FREE, (TEACHER, 1), (TEACHER, 2), (TEACHER, 3), (ANA, 3))
        assert work_off(state) == ["teacher-1", "teacher-3", "teacher-2"]


class TestStop:
    def test_visitor_leaves_a_job_to_those_who_stay(self):
        """The next of them is whose run it becomes."""
        state = stop(press_all(FREE, (ANA, 1), (BEN, 1)), "ana-1", ANA)
        assert owners(state) == [(BEN,)]
        assert state.training[0].phase is JobPhase.TRAINING

    def test_last_to_leave_stops_it(self):
        """Nobody waits for it any more."""
        state = press_all(FREE, (ANA, 1), (BEN, 1))
        state = stop(stop(state, "ana-1", ANA), "ana-1", BEN)
        assert state.training[0].phase is JobPhase.STOPPING

    def test_last_to_leave_takes_it_from_the_queue(self):
        """Where it has not begun."""
        state = press_all(COLD, (ANA, 1), (BEN, 2))
        assert owners(stop(state, "ana-1", ANA)) == [(BEN,)]

    def test_teacher_ends_it_for_all(self):
        """In training and in the queue, their own or not."""
        state = press_all(FREE, (ANA, 1), (BEN, 1), (TEACHER, 1), (EVA, 2))
        state = stop(stop(state, "ana-1", TEACHER), "eva-2", TEACHER)
        assert state.training[0].phase is JobPhase.STOPPING
        assert state.queue == ()

    @pytest.mark.parametrize("state", [FREE, COLD], ids=["trains", "waits"])
    def test_visitor_may_not_end_what_is_somebody_elses(self, state: TrainerState):
        """Whatever ids they have learned."""
        with pytest.raises(NotAllowed) as refusal:
            stop(press(state, ANA, 1), "ana-1", BEN)
        for language in languages():
            assert message(refusal.value, language)

    @pytest.mark.parametrize("person", [ANA, TEACHER])
    def test_job_that_is_over_or_unknown_is_stopped_in_vain(self, person: Owner):
        """A page may be a second behind."""
        state = end_job(press(FREE, ANA, 1), 0, "run1")
        assert stop(state, "ana-1", person) is state
        assert stop(state, "nobody's", person) is state

    def test_what_only_visitors_wait_for_ends(self):
        """For the next class."""
        state = end_visitors(press_all(FREE, (ANA, 1), (BEN, 2)))
        assert owners(state) == [(ANA,)]
        assert state.training[0].phase is JobPhase.STOPPING

    def test_what_the_teacher_waits_for_goes_on_as_the_teachers(self):
        """In training or in the queue, whoever pressed first."""
        state = end_visitors(
            press_all(FREE, (ANA, 1), (TEACHER, 1), (BEN, 2), (TEACHER, 2), (EVA, 3), (TEACHER, 4))
        )
        assert [(job.config.seed, job.owners) for job in state.pending] == [
            (seed, (TEACHER,)) for seed in (1, 2, 4)
        ]
        assert state.training[0].phase is JobPhase.TRAINING
        assert end_visitors(state) is state


class TestGone:
    def test_those_who_are_gone_leave_the_queue(self):
        """A job stays for those who are there."""
        state = press_all(FREE, (TEACHER, 9), (ANA, 1), (BEN, 1), (EVA, 2))
        assert owners(let_go(state, {"ana", "eva"})) == [(TEACHER,), (BEN,)]

    def test_job_in_training_goes_on(self):
        """Its run is kept for whoever comes back."""
        state = press_all(FREE, (ANA, 1), (BEN, 2))
        assert owners(let_go(state, {"ana"})) == [(ANA,), (BEN,)]


class TestRoom:
    @pytest.mark.parametrize(
        ("room", "code"),
        [
            (replace(ROOM, max_waiting=2), "queue_full"),
            (replace(ROOM, runs=497), "too_many_runs"),
            (replace(ROOM, gigabytes=2.0), "runs_too_large"),
        ],
    )
    def test_one_too_many_is_refused_with_what_to_do(self, room: Room, code: str):
        """One trains and two wait: with 497 runs there will be 500."""
        state = press_all(FREE, (TEACHER, 1), (TEACHER, 2), (TEACHER, 3))
        with pytest.raises(NoRoom) as refusal:
            press(state, ANA, 4, room)
        assert refusal.value.code == code
        for language in languages():
            assert refusal.value.details["limit"] in message(refusal.value, language)

    def test_who_joins_or_changes_their_mind_needs_no_room(self):
        """The queue does not grow."""
        full = replace(ROOM, max_waiting=1, max_runs=0, max_gigabytes=0)
        state = press_all(FREE, (TEACHER, 1), (ANA, 2))
        assert owners(press(state, BEN, 2, full)) == [(TEACHER,), (ANA, BEN)]
        assert owners(press(state, ANA, 3, full)) == [(TEACHER,), (ANA,)]


class TestSeveralTrainers:
    TWO = TrainerState((Worker(WorkerPhase.READY), Worker(WorkerPhase.READY)))

    def test_each_free_trainer_takes_the_next_job(self):
        """Two are trained, and the third waits."""
        state = press_all(self.TWO, (ANA, 1), (BEN, 2), (EVA, 3))
        assert [job.owners for job in state.training] == [(ANA,), (BEN,)]
        assert owners(assign(end_job(state, 1, "run2"))) == [(ANA,), (EVA,)]

    def test_trainer_that_gives_up_leaves_the_queue_to_the_others(self):
        """Only with the last one nobody can train what waits."""
        state = press_all(self.TWO, (ANA, 1), (BEN, 2), (EVA, 3))
        state = give_up(end_job(state, 0, ""), 0, WorkerPhase.BROKEN, TrainingFailed("trainer_broken"))
        assert (state.worker, len(state.queue)) == (WorkerPhase.READY, 1)
        state = give_up(end_job(state, 1, ""), 1, WorkerPhase.BROKEN, TrainingFailed("trainer_broken"))
        assert (state.worker, state.queue) == (WorkerPhase.BROKEN, ())

    def test_trainers_that_start_later_do_not_make_it_hopeful(self):
        """They start when the first one is ready, which it will never be."""
        state = press(TrainerState((Worker(), Worker(WorkerPhase.LATER))), ANA, 1)
        assert give_up(state, 0, WorkerPhase.BROKEN, TrainingFailed("trainer_broken")).queue == ()

    def test_trainer_is_woken_once(self):
        """One that runs already is left alone."""
        state = TrainerState((Worker(WorkerPhase.READY), Worker(WorkerPhase.LATER)))
        assert wake(state, 1).workers[1].phase is WorkerPhase.STARTING
        assert wake(state, 0) is state


class TestBoard:
    """What a change means for the processes is told to them, and nothing else."""

    def told_by(self, *changes: Callable[[TrainerState], TrainerState]) -> list[Message]:
        """Make changes, and list what the one process was told."""
        told: list[Message] = []
        board = Board(FREE)
        board.tell = [told.append]
        for change in changes:
            board.change(change)
        return told

    ANAS = partial(submit, job=Job("ana-1", config(1), owners=(ANA,)), room=ROOM)
    BENS = partial(submit, job=Job("ben-1", config(1), owners=(BEN,)), room=ROOM)

    def test_job_is_told_with_its_first_owner(self):
        """Whose run it becomes."""
        assert self.told_by(self.ANAS, self.BENS) == [Train("ana-1", config(1), ANA)]

    def test_run_is_handed_over_when_the_first_leaves(self):
        """The next one may rename and delete it."""
        told = self.told_by(self.ANAS, self.BENS, lambda state: stop(state, "ana-1", ANA))
        assert told[1:] == [HandOver("ana-1", BEN)]

    def test_stop_is_told_once(self):
        """However often it is pressed."""
        told = self.told_by(self.ANAS, *[lambda state: stop(state, "ana-1", ANA)] * 3)
        assert told[1:] == [Stop("ana-1")]

    def test_next_job_is_told_when_one_has_ended(self):
        """In the same change, so that no trainer idles."""
        later = partial(submit, job=Job("eva-2", config(2), owners=(EVA,)), room=ROOM)
        told = self.told_by(self.ANAS, later, lambda state: end_job(state, 0, "run1"))
        assert [order.job for order in told] == ["ana-1", "eva-2"]

    def test_closed_board_gives_out_nothing(self):
        """The server ends."""
        board = Board(FREE)
        board.tell = [pytest.fail]
        board.close()
        assert board.change(self.ANAS).training == ()

    def test_refusal_changes_nothing(self):
        """Not even the version, which makes all pages look."""
        board = Board(FREE)
        board.tell = [lambda _order: None]
        before = board.change(self.ANAS)
        with pytest.raises(NotAllowed):
            board.change(lambda state: stop(state, "ana-1", BEN))
        assert board.state is before
        assert board.change(lambda state: state) is before
