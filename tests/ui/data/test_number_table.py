"""An image as its numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.data.number_table import number_table_html, one_hot_html

IMAGE = np.array([[0, 51], [255, 117]], np.uint8)


def cells(markup: str) -> list[str]:
    """Read what stands in the cells."""
    return re.findall(r"<td[^>]*>([^<]*)</td>", markup)


def test_pixels_stand_there_as_they_are():
    """Row by row, each on its own grey."""
    markup = number_table_html(IMAGE, "a 7")
    assert cells(markup) == ["0", "51", "255", "117"]
    assert "background:#333333" in markup


def test_pixels_stand_there_as_the_network_gets_them():
    """Divided by 255, in the numbers of the language."""
    assert cells(number_table_html(IMAGE, "un 7", load_texts("es").numbers)) == ["0", "0,20", "1,00", "0,46"]


@pytest.mark.parametrize("pixel", range(1, 256, 6))
def test_every_number_can_be_read_on_its_grey(pixel: int):
    """A contrast of at least 4.5 to 1, by the formula of WCAG 2."""
    markup = number_table_html(np.full((1, 1), pixel, np.uint8), "")
    share = pixel / 255
    light = share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
    text = 0.0 if 'class="dark"' in markup else 1.0
    brighter, darker = max(light, text), min(light, text)
    assert (brighter + 0.05) / (darker + 0.05) >= 4.5


def test_alternative_is_text_never_markup():
    """No sign of it ends the attribute."""
    assert 'aria-label="&lt;b&gt; &#34;7&#34;"' in number_table_html(IMAGE, '<b> "7"')


def test_label_marks_its_one():
    """One box is hot, and it is the digit's."""
    markup = one_hot_html(7, "seven")
    assert re.findall(r'<div class="hot"><b>1</b><span>(\d)</span>', markup) == ["7"]
    assert markup.count("<b>0</b>") == 9
