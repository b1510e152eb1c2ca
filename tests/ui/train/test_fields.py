"""What the fields hold becomes the configuration that is trained."""

from __future__ import annotations

import pytest
import streamlit as st

from mnist_demo.runs.run import RunConfig
from mnist_demo.ui.session import Session
from mnist_demo.ui.train.fields import chosen_config


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    """A visitor's session, and fields that hold nothing but what a test gives them."""
    monkeypatch.setattr(st, "session_state", {})
    session = Session()
    session.show_config(RunConfig(hidden=(200, 100, 50), activation="tanh", dropout=0.5, l2=0.001))
    return session


def hold(session: Session, **values: object) -> None:
    """Let fields hold values."""
    st.session_state.update({f"{name}_{session.settings_revision}": value for name, value in values.items()})


def test_untouched_fields_hold_what_they_were_set_to(session: Session):
    """Of any depth."""
    assert chosen_config(session) == session.first_config


@pytest.mark.parametrize(("count", "hidden"), [(1, (200,)), (2, (200, 100)), (4, (200, 100, 50, 32))])
def test_layers_come_and_go_at_the_end(session: Session, count: int, hidden: tuple[int, ...]):
    """Those before them stay."""
    hold(session, hidden=count)
    assert chosen_config(session).hidden == hidden


def test_width_is_that_of_its_slider(session: Session):
    """Counted from 1."""
    hold(session, hidden=2, hidden2=7)
    assert chosen_config(session).hidden == (200, 7)


def test_what_needs_hidden_layers_is_not_trained_without(session: Session):
    """Else one network would be trained as several runs; the penalty is on any network's weights."""
    hold(session, hidden=0)
    assert chosen_config(session) == RunConfig(hidden=(), l2=0.001)


def test_wrong_value_is_no_configuration(session: Session):
    """The page says which."""
    hold(session, seed=-1)
    assert chosen_config(session) is None
