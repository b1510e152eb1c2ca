"""What is kept of visits: a copy, of the latest ones, of a size that a server can bear."""

from __future__ import annotations

from mnist_demo.data.preprocessing import frame_in_steps
from mnist_demo.runs.run import RunConfig
from mnist_demo.ui.draw.sample_digits import canvas_objects, render_sample
from mnist_demo.ui.session import Session
from mnist_demo.ui.session_store import MAX_CHARACTERS, SessionStore

PIXELS, PEN = 280, 20


def visitor_with_a_seven() -> Session:
    """Give a visitor who has drawn, chosen a pen and moved the settings."""
    session = Session(pen_pixels=PEN)
    session.put_on_canvas(canvas_objects(7, PIXELS, PEN))
    session.steps = frame_in_steps(render_sample(7, PIXELS, PEN))
    session.show_config(RunConfig(epochs=3, batch_size=1024))
    return session


def test_reload_brings_back_drawing_pen_and_settings():
    """A new visitor has all that the first had, and settings that the page shows anew."""
    session_store, before, after = SessionStore(), visitor_with_a_seven(), Session()
    session_store.keep(before)
    session_store.restore(before.session_id, after)
    assert after.objects == after.initial_objects == before.objects
    assert after.steps is before.steps
    assert after.pen_pixels == PEN
    assert after.first_config == after.latest_config == before.latest_config
    assert after.session_id != before.session_id


def test_two_visitors_of_one_link_do_not_share_a_canvas():
    """What one changes in the drawing's objects does not reach the other."""
    session_store, owner, guest, late = SessionStore(), visitor_with_a_seven(), Session(), Session()
    session_store.keep(owner)
    session_store.restore(owner.session_id, guest)
    guest.objects[0]["stroke"] = "#000000"
    session_store.restore(owner.session_id, late)
    assert late.objects == owner.objects != guest.objects


def test_unknown_visit_changes_nothing():
    """An address cannot break a visit."""
    session = Session()
    SessionStore().restore("../../etc", session)
    assert session == Session(session_id=session.session_id)


def test_the_visit_that_was_idle_longest_is_forgotten():
    """The store stays small, and who is still drawing stays in it."""
    session_store = SessionStore(most=2)
    old, idle, new = visitor_with_a_seven(), visitor_with_a_seven(), visitor_with_a_seven()
    for session in (old, idle, old, new):
        session_store.keep(session)
    kept, forgotten = Session(), Session()
    session_store.restore(old.session_id, kept)
    session_store.restore(idle.session_id, forgotten)
    assert kept.objects
    assert not forgotten.objects


def test_monstrous_drawing_is_not_kept_but_the_settings_are():
    """A page cannot fill the server's memory with one drawing."""
    session_store, session, after = SessionStore(), visitor_with_a_seven(), Session()
    session.objects = [{"type": "Image", "src": "x" * MAX_CHARACTERS}]
    session_store.keep(session)
    session_store.restore(session.session_id, after)
    assert after.objects == []
    assert after.steps is None
    assert after.latest_config.epochs == 3


def test_visit_in_which_nothing_was_done_takes_nobodys_place():
    """A whole class that only looks does not push out the drawing on the projector; a cleared one is gone."""
    session_store, drawn, back = SessionStore(most=2), visitor_with_a_seven(), Session()
    session_store.keep(drawn)
    for _ in range(3):
        session_store.keep(Session())
    session_store.restore(drawn.session_id, back)
    assert back.objects
    cleared, again = Session(session_id=drawn.session_id), Session()
    session_store.keep(cleared)
    session_store.restore(drawn.session_id, again)
    assert not again.objects
