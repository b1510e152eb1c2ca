"""How far somebody is in the lesson."""

from __future__ import annotations

import pytest

from mnist_demo.ui.lesson.progress import Progress, asked_step


def test_answer_is_given_once():
    """Who has seen the result changes no prediction; who asks to be asked again may."""
    progress = Progress()
    progress.commit("image", 1)
    progress.commit("image", 2)
    assert progress.answers == {"image": 1}
    progress.ask_again("image")
    progress.commit("image", 2)
    assert progress.answers == {"image": 2}


def test_steps_end_where_the_lesson_ends():
    """Nobody leaves it by Back or by an address."""
    progress = Progress()
    for asked, reached in ((0, 1), (5, 5), (13, 12)):
        progress.go_to(asked, 12)
        assert progress.step == reached


def test_reload_keeps_step_and_answers():
    """And nothing of the copy that learns, which is made again."""
    progress, after = Progress(), Progress()
    progress.go_to(7, 12)
    progress.commit("loss", 0)
    progress.learn(10)
    after.restore(progress.save())
    assert (after.step, after.answers, after.presses) == (7, {"loss": 0}, ())


def test_copy_forgets_what_it_learned_from_another_drawing():
    """Each drawing and label begins with a fresh copy; the last press can be taken back."""
    progress = Progress()
    progress.begin_to_learn_from("a 3")
    progress.learn(1)
    progress.learn(100)
    progress.unlearn()
    progress.begin_to_learn_from("a 3")
    assert progress.presses == (1,)
    progress.begin_to_learn_from("a 4")
    assert progress.presses == ()


@pytest.mark.parametrize(
    ("text", "step"),
    [("4", 4), ("12", 12), ("99", 99), ("", None), ("-1", None), ("four", None), ("٤", None), ("100", None)],
)
def test_address_asks_for_a_step_by_its_number(text: str, step: int | None):
    """Whatever else stands there asks for none."""
    assert asked_step({"step": text}, "step") == step
