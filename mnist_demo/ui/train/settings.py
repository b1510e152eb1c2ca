"""What to train, and the buttons that start and end it."""

from __future__ import annotations

import json

import streamlit as st

from mnist_demo.charts import contact_sheet, picture_html
from mnist_demo.errors import NoRoom, NotAllowed
from mnist_demo.jobs import TrainerState
from mnist_demo.runs import (
    SETTINGS,
    RunConfig,
    brief_settings,
    changed_settings,
    escape_markdown,
    folded_changes,
    has_effect,
    run_identity,
    run_name,
)
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.session import Session
from mnist_demo.ui.train.controls import render_controls
from mnist_demo.ui.train.fields import chosen_config, render_setting, tell_faults
from mnist_demo.ui.view import View

JOB_PARAMETER = "job"
FOLDED_KEY = "folded_settings"


def render_settings(view: View) -> None:
    """Show the settings that matter most, and the others behind a button, with what is changed among them."""
    session, texts = view.session, view.texts
    if session.settings_language != texts.code:  # what a slider holds is written in a language
        session.show_config(chosen_config(session) or session.latest_config)
        session.settings_language = texts.code
    config = session.latest_config = chosen_config(session) or session.latest_config
    with st.container(horizontal=True, key="sliders"):
        for setting in SETTINGS:
            if setting.panel == "top":
                render_setting(session, setting, texts)
    with st.container(horizontal=True, vertical_alignment="center", key="actions"):
        _render_train_and_stop(view)
        with st.popover(texts.settings.more, icon=":material/tune:", key=FOLDED_KEY):
            _count_changes(config, texts)
            for setting in SETTINGS:
                if setting.panel == "folded":
                    render_setting(session, setting, texts)
            if config.changes_images:
                _render_samples(view.state, config, texts)
            _render_advanced(session, config, texts)
            st.button(
                texts.settings.defaults, on_click=session.show_config, args=(RunConfig(),), width="stretch"
            )
    render_controls(view)
    st.caption(brief_settings(config, texts))
    tell_faults(session, texts)


def _render_advanced(session: Session, config: RunConfig, texts: Texts) -> None:
    """Fold away what a first lesson does without, unless something of it is changed."""
    settings = [setting for setting in SETTINGS if setting.panel == "advanced"]
    is_changed = any(setting in settings for setting in changed_settings(session.first_config))
    with st.expander(
        texts.settings.advanced, expanded=is_changed, key=f"advanced_{session.settings_revision}"
    ):
        for setting in settings:
            if has_effect(setting, config):
                render_setting(session, setting, texts)


def _count_changes(config: RunConfig, texts: Texts) -> None:
    """Add to the title of the folded settings how many are changed; beside Stop there is room for a number.

    By a style, since Streamlit would build anew, and fold, what gets another title: under the hand that has
    just changed something in it.
    """
    if count := len(folded_changes(config)):
        form = texts.settings.changed_one if count == 1 else texts.settings.changed
        title = json.dumps(f" ({form.format(count=count)})", ensure_ascii=False)
        button = f".st-key-{FOLDED_KEY} button p::after"
        st.html(
            f"<style>{button} {{ content: {title}; }}"
            f".st-key-actions:has(.st-key-stop) {button} {{ content: ' ({count})'; }}</style>"
        )


def _render_samples(state: TrainerState, config: RunConfig, texts: Texts) -> None:
    """Show what the settings make of some training images, once the trainer has left a sample."""
    samples = services.store().live.load_samples(state.dataset) if state.dataset else None
    if samples is not None:
        shown = samples[int(config.european), int(config.augment)]
        words = texts.settings.european_sample if config.european else texts.settings.augment_sample
        st.html(picture_html(contact_sheet(shown), words, kind="sheet"))


def _render_train_and_stop(view: View) -> None:
    """Show Train and Stop."""
    session, words = view.session, view.texts.settings
    st.button(
        words.train,
        type="primary",
        key="train",
        on_click=_press_train,
        args=(view,),
        icon=":material/play_arrow:",
        disabled=chosen_config(session) is None,
    )
    render_stop(view)


def render_stop(view: View) -> None:
    """Show Stop to whoever may stop the job in training, or Leave where others stay."""
    words, followed = view.texts.settings, view.followed
    if followed and followed.may_end(view.person):
        stays = len(followed.owners) > 1 and not view.person.is_teacher
        st.button(
            words.leave_training if stays else words.stop,
            key="stop",
            on_click=_press_stop,
            args=(view, followed.id),
            icon=":material/stop:",
            help=words.leave_training_help if stays else None,
        )


def render_waiting(view: View) -> None:
    """Offer to leave the queue, say why Train was refused, and name an earlier run of the same settings."""
    session, state, words = view.session, view.state, view.texts.settings
    if session.job_id and state.place_in_queue(session.job_id):
        st.button(words.leave_queue, key="queue", on_click=_press_stop, args=(view, session.job_id))
    if view.followed and len(view.followed.owners) > 1:
        st.caption(words.shared if view.person.is_teacher else f"{words.shared} {words.shared_controls}")
    if session.train_problem:
        show_problem(session.train_problem, view.texts, st.warning)
    same = next((run for run in view.runs if run.id == session.same_run_id), None)
    if same and same.config == session.latest_config:
        name = escape_markdown(run_name(same, view.texts))
        st.button(
            words.same_settings.format(name=name),
            type="tertiary",
            key="same_settings",
            on_click=session.choose_run,
            args=(same.id, state),
        )


def _press_train(view: View) -> None:
    """Train what is chosen; what was typed wrong at the last moment, the field says."""
    config = chosen_config(view.session)
    if config is not None:
        start_training(view, config)


def start_training(view: View, config: RunConfig) -> None:
    """Train these settings; what this visitor waits for already stays one job."""
    session, trainer = view.session, services.trainer()
    session.train_problem = None
    try:
        job = trainer.submit(config, view.person)
    except (NotAllowed, NoRoom) as error:
        session.train_problem = error
        return
    state = trainer.state
    if job.id == session.job_id:
        return  # pressed twice
    same = services.store().find(run_identity(config, state.dataset)) if state.dataset else None
    session.await_job(job.id, same.id if same and not same.pretrained else None)
    st.query_params[JOB_PARAMETER] = job.id


def _press_stop(view: View, job_id: str) -> None:
    """Stop a job, or leave it to the others who wait for it."""
    view.session.train_problem = None
    try:
        services.trainer().stop(job_id, view.person)
    except NotAllowed as error:  # the page was behind: its visitor has left it in another tab
        view.session.train_problem = error
