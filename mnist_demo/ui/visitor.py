"""What one visitor chose, as one typed value in the session's state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from mnist_demo.training.jobs import TrainerState

_KEY = "visitor"


@dataclass
class Visitor:
    """One browser tab's choices; widgets that a panel owns keep their values under their own keys.

    Attributes:
        run_id: The run whose network recognises drawings; None: the first in the list.
        job_id: The job that this visitor started last.
        offered_run_id: A run that Train found in the store and offers instead.
        dismissed_job_id: The job whose result the visitor has left by choosing a run.
        drawing_revision: Grows when the page, not the pen, changes the drawing.
        initial_objects: The drawing that the page last put on the canvas, as Fabric.js objects.
        objects: The drawing as it is now.
    """

    run_id: str | None = None
    job_id: str | None = None
    offered_run_id: str | None = None
    dismissed_job_id: str | None = None
    drawing_revision: int = 0
    initial_objects: list[dict[str, Any]] = field(default_factory=list)
    objects: list[dict[str, Any]] = field(default_factory=list)

    def put_on_canvas(self, objects: list[dict[str, Any]]) -> None:
        """Replace the drawing."""
        self.initial_objects = self.objects = objects
        self.drawing_revision += 1

    def choose_run(self, run_id: str, state: TrainerState) -> None:
        """Use a run from now on, and turn away from the result of the last job."""
        self.run_id = run_id
        self.offered_run_id = None
        if state.current and state.current.phase.is_over:
            self.dismissed_job_id = state.current.id


def current_visitor() -> Visitor:
    """Get this session's visitor."""
    return st.session_state.setdefault(_KEY, Visitor())


def keep_widgets(*keys: str) -> None:
    """Keep the values of widgets that the page now shown does not have: Streamlit forgets them otherwise."""
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
