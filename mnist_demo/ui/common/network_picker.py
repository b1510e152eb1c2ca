"""The field in which a visitor chooses the network in use, the same on every page."""

from __future__ import annotations

import streamlit as st

from mnist_demo.runs import Run, choice_labels, escape_markdown, offered_runs, pretrained_runs, run_name
from mnist_demo.ui import services
from mnist_demo.ui.session import Session
from mnist_demo.ui.view import View


def render_network_picker(view: View) -> Run | None:
    """Show the field and return the run in use, on all pages; where there is no run yet, say so.

    Streamlit's field sends the label of what was chosen, not the run: two runs of one label would be one, and
    a run that somebody renamed would be none. So no two labels are alike, and where one of them changes it is
    another field, which begins with the run in use; what the former one may still send nobody reads.
    """
    if not view.run:
        st.info(view.texts.app.no_run)
        return None
    usable = [run for run in view.runs if run.has_weights]
    offered = offered_runs(usable, view.person, {view.run.id})
    labels = choice_labels(offered, view.texts)
    words = view.texts.drawing
    more = f" {words.network_more}" if len(offered) < len(usable) else ""
    key = f"network_{view.session.run_revision}_{hash(tuple(labels.items()))}"
    with st.container(key="network"):
        st.selectbox(
            view.texts.drawing.network,
            list(labels),
            list(labels).index(view.run.id),
            key=key,
            format_func=labels.__getitem__,
            help=words.network_help + more,
            on_change=_choose,
            args=(view.session, key),
        )
    return view.run


def render_other_network(view: View) -> None:
    """Offer the pretrained network that is not in use: first the robust one, then the notebook's."""
    in_use = view.run.id if view.run else ""
    other = next((run for run in pretrained_runs(view.runs) if run.id != in_use), None)
    if other:
        st.button(
            view.texts.drawing.switch_network.format(name=escape_markdown(run_name(other, view.texts))),
            on_click=view.session.choose_run,
            args=(other.id, view.state),
            type="tertiary",
            icon=":material/swap_horiz:",
        )


def _choose(session: Session, key: str) -> None:
    session.choose_run(st.session_state[key], services.trainer().state, in_picker=True)
