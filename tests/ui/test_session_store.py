"""What is kept of sessions: a copy, of the latest ones, of a size that a server can bear."""

from __future__ import annotations

from mnist_demo.runs.run import RunConfig
from mnist_demo.ui.session import Session
from mnist_demo.ui.session_store import MAX_SESSIONS, SessionStore


def session_with_a_seven() -> Session:
    """Make a session in which somebody has drawn, chosen a pen and moved the settings."""
    session = Session()
    session.canvas.pen_pixels = 20
    session.canvas.put_sample(7)
    session.show_config(RunConfig(epochs=3, batch_size=1024))
    return session


def reload(store: SessionStore, session: Session) -> Session:
    """Open the session's address anew."""
    after = Session()
    store.restore(session.session_id, after)
    return after


def test_reload_brings_back_drawing_pen_and_settings():
    """A new session has all that the first had, and settings that the page shows anew."""
    store, before = SessionStore(), session_with_a_seven()
    before.take_result("mine")
    store.keep(before)
    after = reload(store, before)
    assert after.canvas.drawing == before.canvas.drawing
    assert after.canvas.steps is not None
    assert after.canvas.pen_pixels == 20
    assert after.first_config == after.latest_config == before.latest_config
    assert after.own_run_ids == ("mine",)
    assert after.session_id != before.session_id


def test_two_visitors_of_one_link_do_not_share_a_canvas():
    """What one of them draws does not reach the other."""
    store, owner = SessionStore(), session_with_a_seven()
    store.keep(owner)
    guest = reload(store, owner)
    guest.canvas.clear()
    assert reload(store, owner).canvas.drawing == owner.canvas.drawing


def test_unknown_session_changes_nothing():
    """An address cannot break a session."""
    session = Session()
    SessionStore().restore("../../etc", session)
    assert session == Session(session_id=session.session_id)


def test_session_that_was_idle_longest_is_forgotten():
    """The store stays small, and who is still drawing stays in it."""
    store = SessionStore(max_sessions=2)
    old, idle, new = session_with_a_seven(), session_with_a_seven(), session_with_a_seven()
    for session in (old, idle, old, new):
        store.keep(session)
    assert not reload(store, old).canvas.is_empty
    assert reload(store, idle).canvas.is_empty


def test_store_takes_no_more_bytes_than_it_may():
    """However large each drawing is; the latest stay."""
    sessions = [session_with_a_seven() for _ in range(10)]
    size = sessions[0].canvas.save().size
    store = SessionStore(max_bytes=3 * size)
    for session in sessions * 2:
        store.keep(session)
    kept = [not reload(store, session).canvas.is_empty for session in sessions]
    assert kept == 7 * [False] + 3 * [True]


def test_what_was_left_is_given_back():
    """Sessions that come and go do not fill the store for ever."""
    session = session_with_a_seven()
    store = SessionStore(max_bytes=session.canvas.save().size)
    for _ in range(3):
        store.keep(session)
        store.keep(Session(session_id=session.session_id))
    store.keep(session)
    assert not reload(store, session).canvas.is_empty


def test_whole_class_with_full_canvases_takes_little_memory():
    """The bound is on what is kept, not on what is drawn."""
    assert session_with_a_seven().canvas.save().size * MAX_SESSIONS < 2_000_000


def test_session_in_which_nothing_was_done_takes_nobodys_place():
    """A whole class that only looks does not push out the drawing on the projector; a cleared one is gone."""
    store, drawn = SessionStore(max_sessions=2), session_with_a_seven()
    store.keep(drawn)
    for _ in range(3):
        store.keep(Session())
    assert not reload(store, drawn).canvas.is_empty
    store.keep(Session(session_id=drawn.session_id))
    assert reload(store, drawn).canvas.is_empty
