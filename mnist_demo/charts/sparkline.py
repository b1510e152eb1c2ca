"""A run's course at a glance: its losses, small enough to stand beside its name."""

from __future__ import annotations

import base64
import math

from markupsafe import Markup

from mnist_demo.charts.svg import Plane
from mnist_demo.charts.templates import render_template
from mnist_demo.runs import History

WIDTH, HEIGHT, EDGE = 120, 44, 5


def sparkline_html(history: History, alt: str) -> Markup:
    """Draw training and validation loss over epochs, without axes; nothing before the second epoch.

    The scale is the run's own: it shows the form of its curves, not how they compare with another's. An
    image, since Streamlit takes drawings out of HTML.

    Args:
        history: The run's.
        alt: What the picture shows, in words.
    """
    losses = {
        kind: [(float(record.epoch - 1), getattr(record, field)) for record in history.epochs]
        for kind, field in (("training", "loss"), ("validation", "val_loss"))
    }
    shown = [value for points in losses.values() for _, value in points if math.isfinite(value)]
    if not shown or len(history.epochs) < 2:
        return Markup()
    low, high = min(shown), max(shown)
    epochs, room = len(history.epochs) - 1, (WIDTH, HEIGHT, EDGE, WIDTH - EDGE, EDGE, HEIGHT - EDGE)
    plane = Plane(epochs, low, high if high > low else low + 1, *room)
    svg = render_template(
        "charts/sparkline.svg",
        width=WIDTH,
        height=HEIGHT,
        paths={kind: plane.path(points) for kind, points in losses.items()},
        ends={kind: plane.places(points)[-1:] for kind, points in losses.items()},
    )
    address = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    return Markup('<img class="sparkline" alt="{}" src="{}" width="{}" height="{}">').format(
        alt, address, WIDTH, HEIGHT
    )
