"""What one visitor chose, as one typed value in Streamlit's session state.

Widgets get their first value as an argument, never through `st.session_state`: a value that is set there does
not reach the browser when the run that set it is interrupted. To set a widget anew, its key gets a revision.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from secrets import token_hex

import streamlit as st

from mnist_demo.errors import DemoError
from mnist_demo.jobs import TrainerState
from mnist_demo.runs import Run, RunConfig, pretrained_runs
from mnist_demo.ui.draw.canvas import Canvas
from mnist_demo.ui.lesson.progress import Progress
from mnist_demo.ui.train.interest import Interest

_KEY = "session"
SESSION_ID_BYTES = 8


@dataclass
class Comparison:
    """What one visitor compares.

    Attributes:
        first: Ids of the runs that the page last put into the picker.
        latest: Ids of those that the visitor has chosen; None: nothing yet, so the newest runs are shown.
        offered: What there was to choose from, and under which names.
        revision: Grows when the page, not the visitor, makes the choice.
        experiment: Name of the experiment that this visitor started and wants to see.
        problem: Why not all of it could be queued.
        guesses: What this visitor has predicted of experiments, by their names.
    """

    first: tuple[str, ...] = ()
    latest: tuple[str, ...] | None = None
    offered: tuple[object, ...] = ()
    revision: int = 0
    experiment: str = ""
    problem: DemoError | None = None
    guesses: dict[str, int] = field(default_factory=dict)

    def propose(self, run_ids: tuple[str, ...]) -> None:
        """Put these runs into the picker."""
        self.first = run_ids
        self.revision += 1

    def choose(self, run_ids: tuple[str, ...]) -> None:
        """Compare these runs from now on."""
        self.latest = run_ids
        self.propose(run_ids)

    def has_lost(self, run_ids: Collection[str]) -> bool:
        """Let go of the chosen runs that are not among these; tell whether there were any."""
        before = self.latest or ()
        if self.latest is not None:
            self.latest = tuple(run_id for run_id in self.latest if run_id in run_ids)
        return before != (self.latest or ())


@dataclass
class Session:
    """One browser tab's choices; widgets that a panel owns keep their values under their own keys.

    Attributes:
        session_id: Names this session in the address, so that a reload finds again what was kept of it.
        page: The page that was drawn last, by its name.
        run_id: The run whose network is in use; None: the one that ships with the app.
        run_revision: Grows when the page, not the visitor in the picker, sets that run.
        run_is_lost: Whether the run that was in use is gone, and the page has to say so.
        own_run_ids: The runs that this visitor has trained.
        new_run_id: The run that the visitor waited for, now in use; None once they chose or trained another.
        job_id: The job that this visitor started last, until its result is in use; one that has failed stays
            until the visitor chooses a run or trains another.
        watched_job_id: Somebody else's job that the visitor watches.
        train_problem: Why the last Train or Stop was refused.
        same_run_id: A run that was trained with the settings of that job before.
        canvas: The drawing.
        first_config: What the settings showed when they were last set from here.
        latest_config: What they showed when they were last on the page.
        settings_revision: Grows when the page, not the visitor, sets the settings.
        settings_language: Code of the language in which the settings were last shown.
        lab_revision: Grows when the page takes the damage of the laboratory back.
        uploads: For each file in the uploader the id of the run that was made of it, or why none was.
        runs_page: Which page of the list of runs is turned to, from 0.
        chosen_runs: The ids of the runs that are chosen there, to be deleted or taken home together.
        choice_revision: Grows when the page, not the visitor, makes that choice.
        just_deleted: The ids of the runs that the visitor has deleted last.
        bin_pages: How many pages of deleted runs are shown, one below the other.
        comparison: The runs on the page that compares them.
        lesson: How far the lesson is.
    """

    session_id: str = field(default_factory=lambda: token_hex(SESSION_ID_BYTES))
    page: str = ""
    run_id: str | None = None
    run_revision: int = 0
    run_is_lost: bool = False
    own_run_ids: tuple[str, ...] = ()
    new_run_id: str | None = None
    job_id: str | None = None
    watched_job_id: str | None = None
    train_problem: DemoError | None = None
    same_run_id: str | None = None
    canvas: Canvas = field(default_factory=Canvas)
    first_config: RunConfig = field(default_factory=RunConfig)
    latest_config: RunConfig = field(default_factory=RunConfig)
    settings_revision: int = 0
    settings_language: str = ""
    lab_revision: int = 0
    uploads: dict[str, str | DemoError] = field(default_factory=dict)
    runs_page: int = 0
    chosen_runs: frozenset[str] = frozenset()
    choice_revision: int = 0
    just_deleted: tuple[str, ...] = ()
    bin_pages: int = 1
    comparison: Comparison = field(default_factory=Comparison)
    lesson: Progress = field(default_factory=Progress)

    def turn_to(self, page: str) -> None:
        """Note which page is drawn; coming to one, the browser builds its canvas and its settings anew."""
        if page != self.page:
            self.page = page
            self.canvas.leave()
            self.show_config(self.latest_config)

    def show_config(self, config: RunConfig) -> None:
        """Set the settings."""
        self.first_config = self.latest_config = config
        self.settings_revision += 1

    def settle_run(self, runs: Sequence[Run]) -> Run | None:
        """Return the run in use; where it is gone, use a pretrained one and note that this is to be said."""
        usable = [run for run in runs if run.has_weights]
        in_use = next((run for run in usable if run.id == self.run_id), None)
        if in_use:
            return in_use
        instead = next(iter([*pretrained_runs(usable), *usable]), None)
        if self.run_id:
            self._use(instead.id if instead else None)
            self.run_is_lost = True
        return instead

    def take_result(self, run_id: str) -> None:
        """Use the run that the visitor waited for; as they have not chosen it, the page has to say so."""
        self._use(run_id)
        self.new_run_id = run_id
        self.own_run_ids += (run_id,)

    def await_job(self, job_id: str, same_run_id: str | None = None) -> None:
        """Wait for a job that the visitor has started; its run will be the new one."""
        self.job_id, self.same_run_id = job_id, same_run_id
        self.new_run_id = None

    @property
    def interest(self) -> Interest:
        """The jobs that concern this visitor."""
        return Interest.in_jobs(self.job_id, self.watched_job_id)

    def choose_run(self, run_id: str, state: TrainerState, *, in_picker: bool = False) -> None:
        """Use a run from now on, and turn away from the result of the last job, or its failure.

        Args:
            run_id: The run.
            state: What the trainer does.
            in_picker: Whether the picker shows it already, and has the keyboard's focus.
        """
        self._use(run_id, is_shown=in_picker)
        self.new_run_id = self.same_run_id = None
        job = state.find(self.job_id) if self.job_id else None
        if job and job.phase.is_over:
            self.job_id = None

    def choose_runs(self, run_ids: Collection[str]) -> None:
        """Choose exactly these on the list of runs."""
        self.chosen_runs = frozenset(run_ids)
        self.choice_revision += 1

    def choose_none(self) -> None:
        """Choose no run on the list."""
        self.choose_runs(())

    def forget_loss(self) -> None:
        """Say no longer that the run that was in use is gone."""
        self.run_is_lost = False

    def _use(self, run_id: str | None, *, is_shown: bool = False) -> None:
        self.run_id, self.run_is_lost = run_id, False
        self.run_revision += not is_shown


def current_session(prepare: Callable[[Session], object] = lambda _: None) -> Session:
    """Return this browser tab's session; `prepare` is called with a new one."""
    session: Session | None = st.session_state.get(_KEY)
    if session is None:
        session = st.session_state[_KEY] = Session()
        prepare(session)
    return session
