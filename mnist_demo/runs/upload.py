"""A whole run as one zip, read from a file that nobody vouches for; `packing` makes such files.

Only settings, figures, weights and the outlier detector travel. A `model.keras` is never taken from an
upload, since loading one can run code, and no array is ever unpickled. What is announced (names, sizes,
shapes) is checked before anything is unpacked, and what is unpacked is read by the checks of `files`, like
every run on the disk.
"""

from __future__ import annotations

import io
import tempfile
import threading
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from mnist_demo.errors import DamagedRun, UnknownRun, UploadRefused
from mnist_demo.network import (
    OUTLIERS_FILE,
    PARSE_ERRORS,
    WEIGHTS_FILE,
    CrowdedArchive,
    HeldOutImages,
    Network,
    OutlierDetector,
    evaluate,
    is_finite,
    load_detector,
    open_archive,
    read_member,
    reading,
)
from mnist_demo.runs.files import OS_JUNK_FILES, read_run
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.runs.run import Run
from mnist_demo.runs.store import RunStore
from mnist_demo.runs.taught import Score

UPLOAD_MEGABYTES = 16
"""Enough for four layers of 1024 neurons, whose weights fill 15.1; Streamlit's setting says the same."""
UPLOAD_BYTES = UPLOAD_MEGABYTES * 2**20
MAX_UPLOADS = 100
"""How many uploaded runs a store holds at most: 1.6 GB."""
MAX_UPLOADS_OF_A_VISITOR = 20
"""So that nobody takes all places."""
MEMBER_BYTES = {
    "config.json": 2**14,
    "metrics.json": 2**14,
    "history.csv": 2**16,
    "steps.csv": 2**20,
    WEIGHTS_FILE: UPLOAD_BYTES,
    OUTLIERS_FILE: 2**19,
}
"""The files of an uploaded run, and how large each may be when it is unpacked."""
OPTIONAL_MEMBERS = frozenset({OUTLIERS_FILE})
"""Older runs have none."""
MAX_STEPS = 20_000
MACOS_JUNK_FOLDER = "__MACOSX"

keeping = threading.Lock()
"""Held while a place is looked for and taken."""


def keep_upload(data: bytes, store: RunStore, person: Owner, held_out: HeldOutImages | None = None) -> Run:
    """Read a zip that somebody uploaded and keep its run, while there is room for one more.

    Args:
        data: The bytes of the file, whatever they are.
        store: Where the run is kept; all uploads into it go through one process.
        person: Who uploaded it: it is theirs, whatever the file says.
        held_out: Test images; if the run was trained on the images that they belong to, its test figures are
            measured on them, whatever the file says. That takes about 0.2 s.

    Raises:
        UploadRefused: It is not a whole and plausible run, there are too many uploads already, or it cannot
            be written; the error says which.
    """
    _check_places(store, person)
    run, network, detector = read_upload(data)
    run = replace(run, owner=person)
    if held_out and held_out.info == run.dataset and run.test_accuracy is not None:
        measured = evaluate(network, held_out.images, held_out.labels)
        accuracy, loss = measured.accuracy, measured.loss
        run = replace(run, test_accuracy=accuracy, test_loss=loss, is_measured_here=True)
        if run.taught:
            found = replace(run.taught.on_test, after=Score(measured.correct, measured.images))
            run = replace(run, taught=replace(run.taught, on_test=found))
    with keeping:  # two uploads at once must not both see the last free place
        _check_places(store, person)
        try:
            return store.save(run, network, detector=detector)
        except OSError as error:
            raise UploadRefused("upload_not_kept", reason=error) from error


def _check_places(store: RunStore, person: Owner) -> None:
    if refusal := find_refusal(store.list(), person):
        raise refusal


def find_refusal(runs: Iterable[Run], person: Owner) -> UploadRefused | None:
    """Say why no uploaded run of somebody can come to these runs; None where one can."""
    uploads = [run for run in runs if run.uploaded]
    if len(uploads) >= MAX_UPLOADS:
        return UploadRefused("upload_no_room", limit=MAX_UPLOADS)
    own = [run for run in uploads if run.owner.id == person.id]
    if not person.is_teacher and len(own) >= MAX_UPLOADS_OF_A_VISITOR:
        return UploadRefused("upload_no_room_own", limit=MAX_UPLOADS_OF_A_VISITOR)
    return None


def read_upload(data: bytes) -> tuple[Run, Network, OutlierDetector | None]:
    """Read and check a zip that somebody uploaded; nothing of it stays on the disk.

    Returns:
        The run, marked as uploaded, for `RunStore.save`, which gives it folder and date; its network; and its
        outlier detector, where it has one.

    Raises:
        UploadRefused: It is not a whole and plausible run; the error says what is wrong.
    """
    if len(data) > UPLOAD_BYTES:
        raise UploadRefused("upload_too_large", limit=UPLOAD_MEGABYTES)
    members = _unpack(data)
    try:
        with reading(Path(WEIGHTS_FILE)), tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "run"
            folder.mkdir()
            for name, content in members.items():
                (folder / name).write_bytes(content)
            run, network = read_run(folder), Network.load(folder)
            detector = load_detector(folder, run.config.hidden)
    except DamagedRun as error:
        raise _refusal(error) from error
    except UnknownRun as error:  # the server's disk or memory is full
        raise UploadRefused("upload_not_kept", reason=error.details.get("reason", error)) from error
    if len(run.history.steps) > MAX_STEPS:
        raise UploadRefused("upload_damaged", file="steps.csv", reason=f"> {MAX_STEPS}")
    if not is_finite(network):
        raise UploadRefused("upload_not_finite")
    run = replace(run, uploaded=True, is_measured_here=False, owner=TEACHER, checksums={})
    return run, network, detector


def _unpack(data: bytes) -> dict[str, bytes]:
    try:
        with open_archive(io.BytesIO(data)) as archive:
            members = _members(archive)
            return {name: read_member(archive, info) for name, info in members.items()}
    except CrowdedArchive as error:
        raise UploadRefused("upload_members", found="…", expected=", ".join(MEMBER_BYTES)) from error
    except PARSE_ERRORS as error:
        raise UploadRefused("upload_no_zip") from error


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files of a run by their names, whoever packed them.

    A file manager packs the folder around the files, and what it leaves in every folder.

    Raises:
        UploadRefused: There are others, one of them twice, or a larger one.
    """
    found = [
        (PurePosixPath(info.filename.replace("\\", "/")), info)
        for info in archive.infolist()
        if not info.is_dir()
    ]
    found = [(path, info) for path, info in found if not _is_junk(path)]
    in_one_folder = len({path.parent for path, _ in found}) == 1 and len(found[0][0].parts) <= 2
    names = [path.name if in_one_folder else str(path) for path, _ in found]
    required = set(MEMBER_BYTES) - OPTIONAL_MEMBERS
    if len(set(names)) < len(names) or not required <= set(names) <= set(MEMBER_BYTES):
        raise UploadRefused("upload_members", found=_some(names), expected=", ".join(MEMBER_BYTES))
    members = dict(zip(names, (info for _, info in found), strict=True))
    for name, info in members.items():
        if info.file_size > MEMBER_BYTES[name]:
            raise UploadRefused("upload_member_too_large", file=name)
    return members


def _is_junk(path: PurePosixPath) -> bool:
    return path.parts[0] == MACOS_JUNK_FOLDER or path.name.startswith("._") or path.name in OS_JUNK_FILES


def _some(names: list[str]) -> str:
    """List some names for a sentence, the long ones cut."""
    shown = [name[:30] or "?" for name in names]
    return ", ".join(shown[:6] + ["…"] * (len(shown) > 6)) or "0"


def _refusal(error: DamagedRun) -> UploadRefused:
    """Return the error for an upload whose folder would be quarantined."""
    if error.code == "run_newer":
        return UploadRefused("upload_newer")
    details = error.details
    reason = details.get("reason") or f"{details.get('found')} ≠ {details.get('expected')}"
    return UploadRefused("upload_damaged", file=Path(details["file"]).name, reason=reason)
