"""What is kept of visits: a copy, of the latest ones, of a size that a server can bear."""

from __future__ import annotations

from mnist_demo.data.preprocessing import frame_in_steps
from mnist_demo.runs.run import RunConfig
from mnist_demo.ui.draw.sample_digits import canvas_objects, render_sample
from mnist_demo.ui.session import Visitor
from mnist_demo.ui.session_store import MOST_CHARACTERS, Visits

PIXELS, PEN = 280, 20


def visitor_with_a_seven() -> Visitor:
    """Give a visitor who has drawn, chosen a pen and moved the settings."""
    visitor = Visitor(pen_pixels=PEN)
    visitor.put_on_canvas(canvas_objects(7, PIXELS, PEN))
    visitor.steps = frame_in_steps(render_sample(7, PIXELS, PEN))
    visitor.show_config(RunConfig(epochs=3, batch_size=1024))
    return visitor


def test_reload_brings_back_drawing_pen_and_settings():
    """A new visitor has all that the first had, and settings that the page shows anew."""
    visits, before, after = Visits(), visitor_with_a_seven(), Visitor()
    visits.keep(before)
    visits.bring_back(before.visit, after)
    assert after.objects == after.initial_objects == before.objects
    assert after.steps is before.steps
    assert after.pen_pixels == PEN
    assert after.first_config == after.latest_config == before.latest_config
    assert after.visit != before.visit


def test_two_visitors_of_one_link_do_not_share_a_canvas():
    """What one changes in the drawing's objects does not reach the other."""
    visits, owner, guest, late = Visits(), visitor_with_a_seven(), Visitor(), Visitor()
    visits.keep(owner)
    visits.bring_back(owner.visit, guest)
    guest.objects[0]["stroke"] = "#000000"
    visits.bring_back(owner.visit, late)
    assert late.objects == owner.objects != guest.objects


def test_unknown_visit_changes_nothing():
    """An address cannot break a visit."""
    visitor = Visitor()
    Visits().bring_back("../../etc", visitor)
    assert visitor == Visitor(visit=visitor.visit)


def test_the_visit_that_was_idle_longest_is_forgotten():
    """The store stays small, and who is still drawing stays in it."""
    visits = Visits(most=2)
    old, idle, new = visitor_with_a_seven(), visitor_with_a_seven(), visitor_with_a_seven()
    for visitor in (old, idle, old, new):
        visits.keep(visitor)
    kept, forgotten = Visitor(), Visitor()
    visits.bring_back(old.visit, kept)
    visits.bring_back(idle.visit, forgotten)
    assert kept.objects
    assert not forgotten.objects


def test_monstrous_drawing_is_not_kept_but_the_settings_are():
    """A page cannot fill the server's memory with one drawing."""
    visits, visitor, after = Visits(), visitor_with_a_seven(), Visitor()
    visitor.objects = [{"type": "Image", "src": "x" * MOST_CHARACTERS}]
    visits.keep(visitor)
    visits.bring_back(visitor.visit, after)
    assert after.objects == []
    assert after.steps is None
    assert after.latest_config.epochs == 3


def test_visit_in_which_nothing_was_done_takes_nobodys_place():
    """A whole class that only looks does not push out the drawing on the projector; a cleared one is gone."""
    visits, drawn, back = Visits(most=2), visitor_with_a_seven(), Visitor()
    visits.keep(drawn)
    for _ in range(3):
        visits.keep(Visitor())
    visits.bring_back(drawn.visit, back)
    assert back.objects
    cleared, again = Visitor(visit=drawn.visit), Visitor()
    visits.keep(cleared)
    visits.bring_back(drawn.visit, again)
    assert not again.objects
