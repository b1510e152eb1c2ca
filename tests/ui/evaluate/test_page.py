"""What the evaluation page says about the images, run by Streamlit's test harness."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.evaluate.page import reliability_alt
from tests.factories import DIGITS, MNIST

WORDS = load_texts("en").evaluation


def page(trained: str, tested: str) -> None:
    """Show where the images come from; runs as a script of its own."""
    from dataclasses import replace

    from mnist_demo.texts.loading import load_texts
    from mnist_demo.ui.evaluate.page import render_origin
    from tests.factories import DIGITS, MNIST

    known = {"mnist": MNIST, "digits": DIGITS, "others": replace(MNIST, name="other", fingerprint="0")}
    known["more"] = replace(known["others"], fingerprint="1")
    render_origin(known[trained], known[tested], load_texts("en"))


def told(trained: str, tested: str) -> tuple[list[str], list[str]]:
    """What is said for information, and what as a warning."""
    app = AppTest.from_function(page, args=(trained, tested), default_timeout=60).run()
    assert not app.exception
    return [info.value for info in app.info], [warning.value for warning in app.warning]


def test_nothing_is_said_where_a_run_meets_its_own_test():
    """MNIST on MNIST is what everybody expects."""
    assert MNIST.fingerprint != DIGITS.fingerprint
    assert told("mnist", "mnist") == ([], [])


def test_other_images_are_said_not_to_be_mnist():
    """A run that was trained on them has its own test here, and still no MNIST."""
    (info,), warnings = told("others", "others")
    assert "not MNIST" in info
    assert warnings == []


@pytest.mark.parametrize(
    ("trained", "tested", "first", "second"),
    [
        ("mnist", "others", WORDS.mnist, WORDS.other),
        ("digits", "mnist", WORDS.other, WORDS.mnist),
        ("others", "more", WORDS.other, "not the same ones"),
        ("digits", "others", WORDS.other, "not the same ones"),
    ],
)
def test_other_images_than_the_runs_are_another_test(trained: str, tested: str, first: str, second: str):
    """The figures must not be read as the run's own, and both kinds of images are named."""
    _, (warning,) = told(trained, tested)
    assert f"trained on {first}" in warning
    assert second in warning


def test_ranges_of_few_images_are_told_apart():
    """Whoever cannot see that their points are grey, and on no line, hears that they may be chance."""
    figure = {"data": [{}, {"text": ["a", "b"]}, {"name": "fewer than 10 images", "text": ["c"]}]}
    assert reliability_alt(figure, WORDS) == f"{WORDS.reliability_title}. a; b. Fewer than 10 images: c."
    assert reliability_alt({"data": figure["data"][:2]}, WORDS) == f"{WORDS.reliability_title}. a; b."
    none_of_many = {"data": [{}, {"text": []}, figure["data"][2]]}
    assert reliability_alt(none_of_many, WORDS) == f"{WORDS.reliability_title}. Fewer than 10 images: c."
