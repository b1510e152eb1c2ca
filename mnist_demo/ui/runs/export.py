"""What visitors take home (model, history, report, notebook, whole run, drawing), and bring back."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import streamlit as st

from mnist_demo.charts import png_bytes
from mnist_demo.data import FramingSteps
from mnist_demo.errors import UnknownRun, UploadRefused
from mnist_demo.export import build_history_spreadsheet, build_notebook, build_report
from mnist_demo.runs import (
    MODEL_FILE,
    UPLOAD_MEGABYTES,
    Run,
    escape_markdown,
    keep_upload,
    pack_run,
    run_name,
    run_outcome,
)
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.session import Session

UPLOAD_KEY = "upload"
NOT_IN_FILE_NAMES = re.compile(r"[\s\\/:*?\"<>|.,;·%#\u2011]+")
MINUTE_LENGTH = len("20260102-0304")

STYLE = """<style>
[data-testid="stFileChips"], [data-testid="stFileChips"] * { max-height: none !important; }
[data-testid="stFileChip"]:has([role="alert"]) { flex-wrap: wrap; height: auto; max-width: none; }
[data-testid="stFileChip"] [role="alert"] { position: static !important; clip-path: none !important;
  clip: auto !important; width: 100% !important; height: auto !important; white-space: normal !important;
  padding: 0.25rem 0.5rem 0.4rem !important; font-size: 0.9rem; line-height: 1.3; }
</style>"""
"""Why a file was refused is read below its name; Streamlit shows it to a mouse only."""


def render_downloads(run: Run, texts: Texts) -> None:
    """Show the button that opens a run's downloads; each is built only when it is asked for."""
    if st.button(texts.export.download, key=f"take_{run.id}", icon=":material/download:"):
        st.dialog(escape_markdown(run_name(run, texts)))(_render_downloads)(run, texts)


def _render_downloads(run: Run, texts: Texts) -> None:
    words, stem = texts.export, file_stem(run, texts)
    history, model = run.folder / "history.csv", run.folder / MODEL_FILE
    table = partial(build_history_spreadsheet, run.history, texts)
    _render_download(words.report, f"{stem}.html", "text/html", partial(_report, run, texts))
    _render_download(
        words.notebook, f"{stem}.ipynb", "application/x-ipynb+json", partial(_notebook, run, texts)
    )
    _render_download(words.history_table, f"{stem}-{words.history_file}.csv", "text/csv", table)
    _render_download(words.history, f"{stem}-history.csv", "text/csv", history.read_bytes)
    if model.is_file():
        _render_download(words.model, f"{stem}.keras", "application/octet-stream", model.read_bytes)
    if run.has_weights:
        _render_download(words.whole_run, f"{stem}.zip", "application/zip", partial(pack_run, run.folder))
    if not model.is_file():
        st.caption(words.no_model_uploaded if run.uploaded else words.no_model)


def file_stem(run: Run, texts: Texts) -> str:
    """Name a run's files after it and the minute of its end: a teacher gets them from a whole class."""
    name = NOT_IN_FILE_NAMES.sub("-", run_name(run, texts)).strip("-").lower()
    parts = ["mnist", name, "" if run.pretrained else run.id[:MINUTE_LENGTH]]
    return "-".join(part for part in parts if part)


def _render_download(label: str, name: str, mime: str, build: Callable[[], str | bytes]) -> None:
    st.download_button(label, build, name, mime, key=f"download_{name}", on_click="ignore", width="stretch")


def _report(run: Run, texts: Texts) -> str:
    network = services.store().load_network(run) if run.has_weights else None
    return build_report(run, network, run_name(run, texts), run_outcome(run, texts), texts)


def _notebook(run: Run, texts: Texts) -> str:
    return build_notebook(
        run, escape_markdown(run_name(run, texts)), escape_markdown(run_outcome(run, texts)), texts
    )


def render_drawing_download(steps: FramingSteps | None, texts: Texts) -> None:
    """Show the small button that downloads the drawing as it is on the canvas."""
    words = texts.export
    st.download_button(
        words.drawing,
        partial(png_bytes, steps.ink) if steps else b"",
        "digit.png",
        "image/png",
        key="download_drawing",
        help=words.drawing_help,
        on_click="ignore",
        icon=":material/download:",
        disabled=steps is None,
    )


def render_upload(session: Session, texts: Texts) -> None:
    """Show where a whole run is brought back, and what came of the file that lies there."""
    words = texts.export
    st.html(STYLE)
    with st.expander(words.import_run):
        st.markdown(words.import_note)
        file = st.file_uploader(
            words.choose_file,
            type="zip",
            key=UPLOAD_KEY,
            on_change=_take_upload,
            args=(session,),
            max_upload_size=UPLOAD_MEGABYTES,
        )
    if file is None:
        return
    if session.upload_problem:
        show_problem(session.upload_problem, texts)
    elif session.uploaded_run:
        _render_brought(session.uploaded_run, texts)


def _render_brought(run_id: str, texts: Texts) -> None:
    try:
        run = services.store().get(run_id)
    except UnknownRun:
        return  # deleted meanwhile
    name = escape_markdown(run_name(run, texts))
    st.success(texts.export.imported.format(name=name), icon=":material/check:")


def _take_upload(session: Session) -> None:
    """Make a run of the file that was just chosen; called once a file."""
    file = st.session_state.get(UPLOAD_KEY)
    session.uploaded_run, session.upload_problem = None, None
    if file is None:
        return
    try:
        session.uploaded_run = keep_upload(file.getvalue(), services.store()).id
    except UploadRefused as error:
        session.upload_problem = error
