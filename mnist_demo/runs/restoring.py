"""Bringing deleted runs back while there is room: deleting must be no way around the limits."""

from __future__ import annotations

from collections.abc import Collection

from mnist_demo.errors import NoRoom
from mnist_demo.runs.owner import Owner
from mnist_demo.runs.store import RunStore
from mnist_demo.runs.upload import MAX_UPLOADS, MAX_UPLOADS_OF_A_VISITOR, find_refusal, keeping
from mnist_demo.runs.usage import folder_size


def restore_runs(
    store: RunStore, run_ids: Collection[str], person: Owner, *, max_runs: int, max_gigabytes: float
) -> None:
    """Bring deleted runs back, in this order, as far as there is room.

    Args:
        store: Where they were deleted.
        run_ids: Which ones.
        person: Who asks for it.
        max_runs: How many runs may be kept.
        max_gigabytes: What these may take, of 1000^3 bytes; what is deleted does not count, or the last
            deletion could not be undone where it is full.

    Raises:
        NoRoom: There is none for the next one.
        NotAllowed: Somebody else has deleted it.
        UnknownRun: It is in the bin no more, or cannot be moved now.
    """
    with keeping:
        deleted = {entry.run.id: entry.run for entry in store.deleted(person)}
        usage, listed = store.usage(), list(store.list())
        count, size = usage.runs, usage.bytes
        for run_id in run_ids:
            if run := deleted.get(run_id):
                count, size = count + 1, size + folder_size(run.folder)
                too_much = count > max_runs or size > max_gigabytes * 1000**3
                if too_much or (run.uploaded and find_refusal(listed, run.owner)):
                    raise NoRoom(
                        "restore_no_room",
                        runs=max_runs,
                        gigabytes=f"{max_gigabytes:g}",
                        uploads=MAX_UPLOADS,
                        own=MAX_UPLOADS_OF_A_VISITOR,
                    )
                listed.append(run)
            store.restore(run_id, person)
