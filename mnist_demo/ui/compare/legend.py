"""The legend of compared runs, which wraps on a phone and takes nothing of the chart's room."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from markupsafe import Markup

from mnist_demo.charts import line_style

STYLE = Markup("""<style>
ul.legend.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; list-style: none; }
ul.legend.legend { margin: 0; padding: 0; }
ul.legend.legend li { display: flex; align-items: center; gap: 0.5rem; margin: 0; padding: 0; }
ul.legend.legend li { font-size: 1.15rem; font-weight: 600; }
ul.legend.legend img { flex: none; width: 40px; height: 20px; }
</style>""")
MARKERS = {
    "circle": '<circle cx="20" cy="10" r="6.5"/>',
    "diamond": '<path d="M20 2l8 8-8 8-8-8z"/>',
    "square": '<path d="M14 4h12v12h-12z"/>',
    "triangle-up": '<path d="M20 2l8 14h-16z"/>',
    "x": '<path d="M14 1l6 6 6-6 3 3-6 6 6 6-3 3-6-6-6 6-3-3 6-6-6-6z"/>',
    "star": '<path d="M20 0l3 7 7.5 .6-5.7 5 1.7 7.4-6.5-3.9-6.5 3.9 1.7-7.4-5.7-5 7.5-.6z"/>',
}
"""The chart's markers, drawn in 40 × 20 pixels."""


def legend_html(names: Sequence[str]) -> Markup:
    """Write for each run its line with its marker, and its name; names are text, not HTML."""
    item = Markup('<li><img alt="" src="{}">{}</li>')
    items = Markup().join(item.format(_line_picture(number), name) for number, name in enumerate(names))
    return STYLE + Markup('<ul class="legend">{}</ul>').format(items)


def _line_picture(number: int) -> str:
    """Draw a line with its marker, as an image: Streamlit takes drawings out of HTML."""
    colour, symbol = line_style(number)
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" fill="{colour}">'
        f'<path d="M0 8h40v4h-40z"/>{MARKERS[symbol]}</svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"
