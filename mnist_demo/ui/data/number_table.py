"""An image as its numbers, and a label as ten of them: tables that can be read from the last row."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from mnist_demo.charts import DARK_TEXT_FROM
from mnist_demo.data import one_hot
from mnist_demo.texts import NumberTexts

STYLE = Markup("""<style>
.numbers { overflow-x: auto; background: #000; border: 1px solid var(--border); }
.numbers table { border-collapse: collapse; table-layout: fixed; width: 100%; min-width: 58rem; margin: 0; }
.numbers td { border: 0; padding: 0; height: 1.6rem; text-align: center; color: #fff; font-size: 0.95rem;
  line-height: 1; font-variant-numeric: tabular-nums; }
.numbers td.dark { color: #000; }
.numbers td.zero { color: var(--border); }
.one-hot { display: grid; grid-template-columns: repeat(10, minmax(0, 1fr)); gap: 0.25rem; max-width: 34rem; }
.one-hot div { text-align: center; border: 1px solid var(--border); border-radius: 0.3rem;
  padding: 0.2rem 0; }
.one-hot b { display: block; font-size: 1.5rem; line-height: 1.3; }
.one-hot .hot { background: var(--fill-chosen); color: #fff; border-color: var(--fill-chosen); }
.one-hot span { font-size: 0.9rem; }
</style>""")


def number_table_html(image: NDArray[np.uint8], alt: str, scaled: NumberTexts | None = None) -> Markup:
    """Write an image as a table of its pixels, each on its own grey.

    Args:
        image: (h, w) uint8.
        alt: What the picture shows, in words; 784 numbers read out help nobody.
        scaled: Write the pixels as shares from 0 to 1, in these numbers; None: as they are, 0 to 255.
    """
    rows = Markup("".join(f"<tr>{''.join(_cell(int(pixel), scaled) for pixel in row)}</tr>" for row in image))
    return STYLE + Markup(
        '<div class="numbers" tabindex="0" role="img" aria-label="{}"><table>{}</table></div>'
    ).format(alt, rows)


def _cell(pixel: int, scaled: NumberTexts | None) -> str:
    if not pixel:
        return '<td class="zero">0</td>'
    said = scaled.number(pixel / 255, 2) if scaled else str(pixel)
    look = ' class="dark"' if pixel >= DARK_TEXT_FROM else ""
    return f'<td{look} style="background:#{pixel:02x}{pixel:02x}{pixel:02x}">{said}</td>'


def one_hot_html(digit: int, alt: str) -> Markup:
    """Write a label as ten numbers in boxes, the digit's own in colour, with the digits below."""
    box = Markup('<div class="{}"><b>{}</b><span>{}</span></div>')
    boxes = Markup().join(
        box.format("hot" if value else "", value, place) for place, value in enumerate(one_hot(digit))
    )
    return STYLE + Markup('<div class="one-hot" role="img" aria-label="{}">{}</div>').format(alt, boxes)
