"""Where runs are brought back from files, and what came of each."""

from __future__ import annotations

import streamlit as st

from mnist_demo.errors import DatasetUnavailable, UnknownRun, UploadRefused
from mnist_demo.network import HeldOutImages
from mnist_demo.runs import UPLOAD_MEGABYTES, escape_markdown, keep_upload, run_name
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.problem import problem_markdown
from mnist_demo.ui.identity import current_person
from mnist_demo.ui.session import Session

UPLOAD_KEY = "upload"

STYLE = """<style>
[data-testid="stFileChips"], [data-testid="stFileChips"] * { max-height: none !important; }
[data-testid="stFileChip"]:has([role="alert"]) { flex-wrap: wrap; height: auto; max-width: none; }
[data-testid="stFileChip"] [role="alert"] { position: static !important; clip-path: none !important;
  clip: auto !important; width: 100% !important; height: auto !important; white-space: normal !important;
  padding: 0.25rem 0.5rem 0.4rem !important; font-size: 0.9rem; line-height: 1.3; }
</style>"""
"""Why a file was refused is read below its name; Streamlit shows it to a mouse only."""


def render_upload(session: Session, texts: Texts) -> None:
    """Show where whole runs are brought back, and what came of each of the files that lie there."""
    words = texts.export
    st.html(STYLE)
    with st.expander(words.import_run):
        st.markdown(words.import_note)
        files = st.file_uploader(
            words.choose_file,
            type="zip",
            accept_multiple_files=True,
            key=UPLOAD_KEY,
            on_change=_take_uploads,
            args=(session,),
            max_upload_size=UPLOAD_MEGABYTES,
        )
    for file in files:
        match session.uploads.get(file.file_id):
            case str() as run_id:
                _render_brought(run_id, texts)
            case UploadRefused() as problem:
                said = words.not_imported.format(
                    file=escape_markdown(file.name), problem=problem_markdown(problem, texts)
                )
                st.error(said, icon=":material/error:")


def _render_brought(run_id: str, texts: Texts) -> None:
    try:
        run = services.store().get(run_id)
    except UnknownRun:
        return  # deleted meanwhile
    name = escape_markdown(run_name(run, texts))
    st.success(texts.export.imported.format(name=name), icon=":material/check:")


def _take_uploads(session: Session) -> None:
    """Make runs of the files that have just been chosen; of each once, and a bad one stops no other."""
    files = st.session_state.get(UPLOAD_KEY) or []
    known = session.uploads
    session.uploads = {file.file_id: known[file.file_id] for file in files if file.file_id in known}
    new = [file for file in files if file.file_id not in known]
    held_out, person = _held_out_images() if new else None, current_person()
    for file in new:
        try:
            run = keep_upload(file.getvalue(), services.store(), person, held_out)
            session.uploads[file.file_id] = run.id
        except UploadRefused as error:
            session.uploads[file.file_id] = error


def _held_out_images() -> HeldOutImages | None:
    """Give the test images; without any an upload keeps the figures that it claims, and is marked so."""
    try:
        return services.held_out_images()
    except DatasetUnavailable:
        return None
