"""The templates beside the code; values in HTML and SVG are always escaped."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from mnist_demo.charts.theme import DARK, DARK_TEXT_FROM, LIGHT, Colour, OnBlack

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1]),
    autoescape=select_autoescape(("html", "svg")),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.globals |= {
    "Colour": Colour,
    "OnBlack": OnBlack,
    "LIGHT": LIGHT,
    "DARK": DARK,
    "DARK_TEXT_FROM": DARK_TEXT_FROM,
}


def render_template(path: str, /, **values: object) -> Markup:
    """Fill in a template.

    Args:
        path: Its place in the package, such as "export/report.html".
        values: What it asks for; one that is missing is an error.
    """
    return Markup(_ENVIRONMENT.get_template(path).render(values))
