"""What one visitor chose, as one typed value in the session's state.

Widgets get their first value as an argument, never through `st.session_state`: a value that is set there does
not reach the browser when the run that set it is interrupted. To set a widget anew, its key gets a revision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

import streamlit as st

from mnist_demo.data import FramingSteps
from mnist_demo.errors import DemoError
from mnist_demo.jobs import TrainerState
from mnist_demo.runs import RunConfig

_KEY = "visitor"
SESSION_ID_BYTES = 8


@dataclass(frozen=True)
class Offer:
    """A run in the store that Train found for some settings."""

    run_id: str
    config: RunConfig


@dataclass
class Comparison:
    """What one visitor compares.

    Attributes:
        first: Ids of the runs that the page last put into the picker.
        latest: Ids of those that the visitor has chosen; None: nothing yet, so the newest runs are shown.
        offered: What there was to choose from, and in which language.
        revision: Grows when the page, not the visitor, makes the choice.
        experiment: Name of the experiment that this visitor started and wants to see.
    """

    first: tuple[str, ...] = ()
    latest: tuple[str, ...] | None = None
    offered: tuple[str, ...] = ()
    revision: int = 0
    experiment: str = ""

    def propose(self, run_ids: tuple[str, ...]) -> None:
        """Put these runs into the picker."""
        self.first = run_ids
        self.revision += 1

    def choose(self, run_ids: tuple[str, ...]) -> None:
        """Compare these runs from now on."""
        self.latest = run_ids
        self.propose(run_ids)

    def note(self, run_ids: tuple[str, ...]) -> None:
        """Take in what the picker shows."""
        if self.latest is not None or run_ids != self.first:
            self.latest = run_ids


@dataclass
class Session:
    """One browser tab's choices; widgets that a panel owns keep their values under their own keys.

    Attributes:
        session_id: Names this session in the address, so that a reload finds again what was kept of it.
        run_id: The run whose network recognises drawings; None: the one that ships with the app.
        new_run_id: The run that the visitor waited for, now in use; None once they chose or trained another.
        job_id: The job that this visitor started last.
        offer: What Train found in the store and offers instead of training.
        dismissed_job_id: The job whose result the visitor has left by choosing a run.
        drawing_revision: Grows when the page, not the pen, changes the drawing.
        initial_objects: The drawing that the page last put on the canvas, as Fabric.js objects.
        objects: The drawing as it is now.
        sample: A digit that the page has put on the canvas, on its way to what the network sees.
        stale_image: The PNG that the canvas had sent before the page changed the drawing.
        sent_image: The PNG that it has sent last.
        steps: The drawing on its way to what the network sees; None: nothing is drawn.
        first_config: What the settings showed when they were last set from here.
        latest_config: What they showed when they were last on the page.
        settings_revision: Grows when the page, not the visitor, sets the settings.
        settings_language: Code of the language in which the settings were last shown.
        pen_pixels: Width of the pen.
        lab_revision: Grows when the page takes the damage of the laboratory back.
        uploaded_run: The id of the run that was made of the file in the uploader.
        upload_problem: Or why none was made of it.
        comparison: The runs on the page that compares them.
    """

    session_id: str = field(default_factory=lambda: token_hex(SESSION_ID_BYTES))
    run_id: str | None = None
    new_run_id: str | None = None
    job_id: str | None = None
    offer: Offer | None = None
    dismissed_job_id: str | None = None
    drawing_revision: int = 0
    initial_objects: list[dict[str, Any]] = field(default_factory=list)
    objects: list[dict[str, Any]] = field(default_factory=list)
    sample: FramingSteps | None = None
    stale_image: bytes | None = None
    sent_image: bytes | None = None
    steps: FramingSteps | None = None
    first_config: RunConfig = field(default_factory=RunConfig)
    latest_config: RunConfig = field(default_factory=RunConfig)
    settings_revision: int = 0
    settings_language: str = ""
    pen_pixels: int = 18
    lab_revision: int = 0
    uploaded_run: str | None = None
    upload_problem: DemoError | None = None
    comparison: Comparison = field(default_factory=Comparison)

    def show_config(self, config: RunConfig) -> None:
        """Set the settings."""
        self.first_config = self.latest_config = config
        self.settings_revision += 1

    def put_on_canvas(self, objects: list[dict[str, Any]], sample: FramingSteps | None = None) -> None:
        """Replace the drawing; the page knows already what a sample looks like to the network."""
        self.initial_objects = self.objects = objects
        self.sample, self.stale_image = sample, self.sent_image
        self.drawing_revision += 1

    def take_result(self, run_id: str) -> None:
        """Use the run that the visitor waited for; as they have not chosen it, the page has to say so."""
        self.run_id = self.new_run_id = run_id

    def await_job(self, job_id: str) -> None:
        """Wait for a job that the visitor has started; its run will be the new one."""
        self.job_id = job_id
        self.offer = self.new_run_id = None

    def choose_run(self, run_id: str, state: TrainerState) -> None:
        """Use a run from now on, and turn away from the result of the last job."""
        self.run_id = run_id
        self.offer = self.new_run_id = None
        if state.current and state.current.phase.is_over:
            self.dismissed_job_id = state.current.id


def current_session(state: TrainerState, prepare: Callable[[Session], None]) -> Session:
    """Get this session's visitor; a new one is not concerned by a run that had ended before.

    Args:
        state: What the trainer does.
        prepare: Called with a new visitor.
    """
    if _KEY not in st.session_state:
        over = state.current and state.current.phase.is_over
        session = Session(dismissed_job_id=state.current.id if over else None)
        prepare(session)
        st.session_state[_KEY] = session
    return st.session_state[_KEY]
