"""Components of our own, for what Streamlit's charts cannot do: keep their node while their data changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from mnist_demo.charts import STAGE_COLOURS, Sprite
from mnist_demo.texts import Texts, section_entries
from mnist_demo.ui.components.parts import (
    CANVAS_SCRIPTS,
    CHART_SCRIPTS,
    LIVE_SCRIPTS,
    STAGE_SCRIPTS,
    declare,
    read_files,
)
from mnist_demo.ui.routes import answer_url, network_url, plotly_url


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, what stands in each row, and by what rows are sorted (None: last)."""

    title: str
    cells: list[str]
    keys: list[float | str | None]


_chart = declare(
    "chart",
    read_files(*CHART_SCRIPTS),
    html='<figure class="titled"><figcaption></figcaption><div class="chart"></div></figure>',
    css=".titled { margin: 0; } .titled figcaption { font-weight: 600; } "
    ".clickable .drag { cursor: pointer; }",
)
_live = declare("live", read_files(*LIVE_SCRIPTS), html=read_files("live.html"), css=read_files("live.css"))
_stage = declare(
    "stage", read_files(*STAGE_SCRIPTS), html=read_files("stage.html"), css=read_files("stage.css")
)
_projector = declare(
    "projector",
    read_files("memory.js", "keys.js", "projector.js"),
    html='<button class="projector" type="button"></button>',
    css=read_files("projector.css"),
)
_gallery = declare(
    "gallery",
    read_files("latest.js", "gallery.js"),
    html='<div class="gallery" role="radiogroup"></div>',
    css=read_files("gallery.css"),
)
_canvas = declare("canvas", read_files(*CANVAS_SCRIPTS))
_table = declare(
    "table",
    read_files("latest.js", "table.js"),
    html='<div class="sortable" role="region" tabindex="0"><table><thead><tr></tr></thead>'
    "<tbody></tbody></table></div>",
    css=read_files("table.css"),
)
_turn = declare("turn", read_files("turn.js"))
_translate = declare("translate", read_files("latest.js", "menu.js", "colours.js", "translate.js"))


def render_chart(
    figure: dict[str, Any],
    title: str,
    alt: str,
    key: str,
    on_click: Callable[[Any, Any], None] | None = None,
) -> None:
    """Show a Plotly figure, as plain values; a changed figure is redrawn in the same node.

    Args:
        figure: `data` and `layout`, the layout with a `height` in pixels.
        title: Stands above it.
        alt: What the chart says, in words.
        key: Names the place in the page.
        on_click: Called with x and y of a point that was clicked, before the page or fragment runs again.
            Keys reach no point: give the keyboard another way to the same thing.
    """
    data = {"figure": figure, "title": title, "alt": alt, "plotly": plotly_url()}

    def take_click() -> None:
        point = st.session_state[key].get("clicked")
        if on_click and point:
            on_click(point["x"], point["y"])

    listeners: dict[str, Any] = {"on_clicked_change": take_click} if on_click else {}
    _chart(data=data | {"clickable": bool(on_click)}, key=key, **listeners)


def render_live(view: dict[str, Any], url: str, key: str, on_watch: Callable[[], None]) -> None:
    """Show a view of the training panel, and follow the trainer at an address (`live_url`) from then on.

    `on_watch` is called when the visitor wants to watch somebody else's training.
    """
    _live(
        data={"view": view, "url": url, "plotly": plotly_url()},
        key=key,
        on_page_state_key_change=lambda: None,
        on_watch_change=on_watch,
    )


def render_stage(
    *,
    run: str,
    live: bool = False,
    epoch: int | None = None,
    answer: dict[str, Any] | None,
    drawing: str,
    canvas: str = "",
    image: str = "",
    texts: Texts,
    key: str,
) -> None:
    """Show a network and its answer; from then on they follow the pen, and a network in training, by HTTP.

    Args:
        run: Who reads, as for `answers.answer_network`.
        live: Whether that one is in training.
        epoch: After which one the network of a run is meant; None: as it is now.
        answer: What it answers to the drawing, see `answer.answer_view`; None where there is none.
        drawing: Names what lies on the canvas.
        canvas: Key of the canvas that is read.
        image: On a page without a canvas, what the answer is to, see `answer.packed_image`.
        texts: The words.
        key: Names the place in the page.
    """
    stage = texts.stage
    words = {
        "invitation": texts.drawing.invitation,
        "bars": texts.charts.probability_title,
        "picture_label": stage.picture_label,
        "input": stage.input,
        "layer": stage.layer,
        "layer_part": stage.layer_part,
        "outputs": stage.outputs,
        "inputs": stage.inputs,
        "weights": stage.weights,
        "product": stage.product,
        "close": stage.close,
        "neuron": stage.neuron,
        "output": stage.output,
        "veil": stage.veil,
        "veil_help": stage.veil_help,
        "veiled": stage.veiled,
        "reveal": stage.reveal,
    }
    data = {"run": run, "live": live, "epoch": epoch, "answer": answer, "drawing": drawing}
    data |= {"canvas": canvas, "image": image, "language": texts.code, "network_url": network_url()}
    _stage(data=data | {"answer_url": answer_url(), "words": words, "colours": STAGE_COLOURS}, key=key)


def render_projector_button(texts: Texts) -> None:
    """Show the button that makes everything larger, for a projector; the browser remembers it."""
    words = texts.stage
    _projector(
        data={"label": words.projector, "help": words.projector_help}, key="projector", width="content"
    )


def render_gallery(sprite: Sprite, names: list[str], label: str, key: str, tile: str = "3.5rem") -> int:
    """Show small pictures and let one be chosen, by mouse, finger or arrow keys; at first it is the first.

    Args:
        sprite: The pictures in one.
        names: What each of them is, in words.
        label: What they are all together.
        key: Names the place in the page.
        tile: The least width of a picture, in CSS.

    Returns:
        Which one is chosen, from 0.
    """
    chosen = st.session_state.get(key, {}).get("chosen", 0)
    chosen = chosen if chosen < len(names) else 0
    data = {"sprite": sprite.url, "columns": sprite.columns, "rows": sprite.rows, "names": names}
    data |= {"label": label, "chosen": chosen, "tile": tile}
    _gallery(data=data, key=key, default={"chosen": 0}, on_chosen_change=lambda: None)
    return chosen


def prepare_canvas(canvas_key: str, texts: Texts) -> None:
    """Fit the canvas of this key into the page: its size, its name, without buttons of its own.

    Takes no room on the page.
    """
    label = texts.drawing.canvas_label.format(pen=texts.drawing.tools)
    with st.container(key="unseen"):
        _canvas(data={"canvas": canvas_key, "label": label}, key=f"{canvas_key}_dress")


def scroll_to_step(step: int, top: str) -> None:
    """Scroll to the container of the key `top` whenever `step` is another one; takes no room on the page."""
    with st.container(key="unseen_turn"):
        _turn(data={"step": step, "top": top}, key="turn")


def render_sortable_table(columns: Sequence[Column], label: str, key: str) -> None:
    """Show a table that is sorted by a press on a column's title; its first column names the rows.

    Args:
        columns: All of the same length.
        label: What the table shows, in words.
        key: Names the place in the page.
    """
    data = [asdict(column) | {"keys": [_sort_key(key) for key in column.keys]} for column in columns]
    _table(data={"columns": data, "label": label}, key=key)


def _sort_key(value: float | str | None) -> float | str | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value  # JSON has no NaN


def render_language(texts: Texts) -> None:
    """Tell the browser the page's language and write Streamlit's own words in it; takes no room on the page.

    The section [streamlit] of a catalogue has an entry for each of them, named by the words as Streamlit
    writes them; braces stand for what changes, such as a number.
    """
    dictionary = {
        english: shown for english, shown in section_entries(texts.streamlit).items() if shown != english
    }
    with st.container(key="unseen_words"):
        _translate(data={"language": texts.code, "dictionary": dictionary}, key="words")
