"""Hand a kept run over: who pressed Train first may leave while it is being kept, and others stay."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import replace

from mnist_demo.runs.owner import Owner
from mnist_demo.runs.run import Run
from mnist_demo.runs.store import RunStore, changing
from mnist_demo.runs.unfinished import finish, make_durable
from mnist_demo.runs.writer import write_run


def hand_over(store: RunStore, run_id: str, owner: Owner) -> Run:
    """Keep a run as somebody else's, under another id, and remove it as it was.

    Its checksums count its owner, and stand in another file: changed one after the other, a computer that is
    switched off in between would leave a run that looks damaged.

    Args:
        store: Where it is.
        run_id: One of the own runs.
        owner: Whose it is from now on.

    Raises:
        UnknownRun: There is no run of that id, or its folder cannot be changed now.
    """
    run = replace(store.get(run_id), owner=owner)
    folder = run.folder.with_name(f"{run.id[:-4]}{secrets.token_hex(2)}")
    with changing(run.id), store.unfinished() as copy, store.unfinished() as old:
        shutil.copytree(run.folder, copy)
        checksums = write_run(run, copy)
        for path in copy.iterdir():
            make_durable(path)
        make_durable(copy)
        folder = finish(copy, folder)
        run.folder.rename(old)
    return replace(run, folder=folder, checksums=checksums)
