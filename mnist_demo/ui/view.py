"""What a page is drawn from: one picture of the world, taken once, and passed on whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from itertools import chain
from typing import Concatenate, ParamSpec

import streamlit as st
from streamlit.navigation.page import Page as Link

from mnist_demo.jobs import Job, TrainerState
from mnist_demo.runs import Owner, Run
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.identity import current_person
from mnist_demo.ui.session import Session

P = ParamSpec("P")


@dataclass(frozen=True)
class View:
    """Everything that a page shows, as it was when the page began to be drawn.

    Attributes:
        session: What this visitor chose; the one part that is not frozen.
        state: What the trainer does.
        runs: All whole runs.
        run: The one in use; None where there is no run with a network.
        texts: The words.
        links: Where the pages are, by their names.
        person: Who looks at it.
    """

    session: Session
    state: TrainerState
    runs: tuple[Run, ...]
    run: Run | None
    texts: Texts
    links: Mapping[str, Link]
    person: Owner

    @property
    def followed(self) -> Job | None:
        """The job in training that this visitor started, or watches."""
        return self.session.interest.followed(self.state)

    def retake(self) -> View:
        """Return the view of this moment.

        The run in use stays the same, perhaps under another name. Once it is gone the whole page runs again,
        which says so and shows what is used instead: no part of a page changes its network by itself.
        """
        state, runs = services.trainer().state, services.store().list()  # in this order: jobs become runs
        run = next((run for run in runs if self.run and run.id == self.run.id), None)
        if self.run and not run:
            st.rerun()
        return replace(self, state=state, runs=runs, run=run)


def take_view(session: Session, state: TrainerState, texts: Texts, links: Mapping[str, Link]) -> View:
    """Look around once for a run of the whole page; `state` is what the trainer does now."""
    runs = services.store().list()
    return View(session, state, runs, session.settle_run(runs), texts, links, current_person())


def fragment(
    render: Callable[Concatenate[View, P], None], *, run_every: float | None = None
) -> Callable[Concatenate[View, P], None]:
    """Make a function that draws a part of a page run again alone, as `st.fragment` does.

    Streamlit keeps the arguments of a fragment, and calls it with the same ones until the whole page runs
    again: a view among them would show the trainer as it was minutes ago. So the first call, in the run of
    the page, gets the page's own view, which keeps its parts in step, and each later one a view of then.

    Args:
        render: Draws the part; other arguments than the view must stay true until the page runs again.
        run_every: Seconds until it runs again by itself; None: only when a widget in it is used.
    """

    def draw(view: View, /, *args: P.args, **kwargs: P.kwargs) -> None:
        views = chain((view,), iter(view.retake, None))

        @wraps(render)  # Streamlit tells fragments apart by the names of their functions
        def draw_again() -> None:
            render(next(views), *args, **kwargs)

        st.fragment(draw_again, run_every=run_every)()

    return draw
