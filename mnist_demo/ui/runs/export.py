"""What visitors take home: model, history, report, notebook, whole run, drawing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from mnist_demo.charts import png_bytes
from mnist_demo.errors import DamagedRun, UnknownRun
from mnist_demo.export import build_history_spreadsheet, build_notebook, build_report
from mnist_demo.runs import (
    Run,
    escape_markdown,
    file_stem,
    pack_run,
    parts,
    run_name,
    run_outcome,
)
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.draw.canvas import Canvas


def render_downloads(run: Run, texts: Texts) -> None:
    """Show the button that opens a run's downloads; each is built only when it is asked for."""
    if st.button(texts.export.download, key=f"take_{run.id}", icon=":material/download:"):
        st.dialog(escape_markdown(run_name(run, texts)))(_render_downloads)(run, texts)


def _render_downloads(run: Run, texts: Texts) -> None:
    words, stem = texts.export, file_stem(run, texts)
    history = run.folder / "history.csv"
    table = partial(build_history_spreadsheet, run.history, texts)
    _render_download(words.report, f"{stem}.html", "text/html", partial(_report, run, texts))
    if run.taught:
        st.caption(words.no_notebook_taught)
    else:
        notebook = partial(_notebook, run, texts)
        _render_download(words.notebook, f"{stem}.ipynb", "application/x-ipynb+json", notebook)
    _render_download(words.history_table, f"{stem}-{words.history_file}.csv", "text/csv", table)
    _render_download(words.history, f"{stem}-history.csv", "text/csv", history.read_bytes)
    _render_model(run, stem, texts)
    if run.has_weights:
        _render_download(words.whole_run, f"{stem}.zip", "application/zip", partial(pack_run, run.folder))


def _render_model(run: Run, stem: str, texts: Texts) -> None:
    """Show the button for the Keras file, or why there is none: a damaged one is not given out."""
    words = texts.export
    try:
        model = parts.run_model(run)
    except (DamagedRun, UnknownRun) as error:
        show_problem(error, texts)
        return
    if model:
        _render_download(words.model, f"{stem}.keras", "application/octet-stream", model.read_bytes)
    else:
        st.caption(words.no_model_uploaded if run.uploaded else words.no_model)


def _render_download(label: str, name: str, mime: str, build: Callable[[], str | bytes]) -> None:
    st.download_button(label, build, name, mime, key=f"download_{name}", on_click="ignore", width="stretch")


def _report(run: Run, texts: Texts) -> str:
    network = services.store().load_network(run) if run.has_weights else None
    return build_report(run, network, run_name(run, texts), run_outcome(run, texts), texts)


def _notebook(run: Run, texts: Texts) -> str:
    return build_notebook(
        run, escape_markdown(run_name(run, texts)), escape_markdown(run_outcome(run, texts)), texts
    )


def render_drawing_download(canvas: Canvas, texts: Texts) -> None:
    """Show the small button that downloads the drawing as it is on the canvas when it is pressed."""
    words = texts.export
    st.download_button(
        words.drawing,
        lambda: png_bytes(canvas.picture),
        "digit.png",
        "image/png",
        key="download_drawing",
        help=words.drawing_help,
        on_click="ignore",
        icon=":material/download:",
    )
