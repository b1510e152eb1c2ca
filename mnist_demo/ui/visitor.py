"""What one visitor chose, as one typed value in the session's state.

Widgets get their first value as an argument, never through `st.session_state`: a value that is set there does
not reach the browser when the run that set it is interrupted. To set a widget anew, its key gets a revision.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_demo.runs import RunConfig
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
        frame: The drawing as the network sees it, (28, 28) float32; None: nothing is drawn.
        first_config: What the settings showed when they were last set from here.
        settings_revision: Grows when the page, not the visitor, sets the settings.
        pen_pixels: Width of the pen.
    """

    run_id: str | None = None
    job_id: str | None = None
    offered_run_id: str | None = None
    dismissed_job_id: str | None = None
    drawing_revision: int = 0
    initial_objects: list[dict[str, Any]] = field(default_factory=list)
    objects: list[dict[str, Any]] = field(default_factory=list)
    frame: NDArray[np.float32] | None = None
    first_config: RunConfig = field(default_factory=RunConfig)
    settings_revision: int = 0
    pen_pixels: int = 18

    def show_config(self, config: RunConfig) -> None:
        """Set the settings."""
        self.first_config = config
        self.settings_revision += 1

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
