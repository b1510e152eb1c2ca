"""What the pages say of the images in use, run by Streamlit's test harness."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from mnist_demo.texts.loading import languages


def page(name: str, language: str) -> None:
    """Show the note; runs as a script of its own."""
    from mnist_demo.data.mnist import DatasetInfo
    from mnist_demo.texts.loading import load_texts
    from mnist_demo.ui.common.images import render_images_note

    render_images_note(DatasetInfo(name, "ab" * 32, 12_345, 678), load_texts(language))


def told(name: str, language: str) -> tuple[list[str], list[str]]:
    """What is said in passing, and what as a warning."""
    app = AppTest.from_function(page, args=(name, language), default_timeout=60).run()
    assert not app.exception
    return [caption.value for caption in app.caption], [warning.value for warning in app.warning]


@pytest.mark.parametrize("language", languages())
def test_mnist_is_said_in_passing(language: str):
    """It is what everybody expects."""
    (caption,), warnings = told("mnist", language)
    assert caption.startswith("MNIST: 12")
    assert "678" in caption
    assert warnings == []


@pytest.mark.parametrize("name", ["other", "digits8x8"])
@pytest.mark.parametrize("language", languages())
def test_other_images_are_said_plainly_not_to_be_mnist(language: str, name: str):
    """With the same figures, in a colour that nobody overlooks."""
    captions, (warning,) = told(name, language)
    assert captions == []
    assert "MNIST.**" in warning
    assert "678" in warning
