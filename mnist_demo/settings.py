"""What the environment decides: read once, then frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

APP_NAME = "mnist-demo"


@dataclass(frozen=True)
class Settings:
    """Where runs are kept, which images are used, and who may come in.

    Attributes:
        home: Folder for the runs that are trained here (`MNIST_DEMO_HOME`; default the user's data folder).
        data: An `mnist.npz` or a folder of IDX files (`MNIST_DEMO_DATA`); None: the MNIST inside.
        hosts: Names of the server beside the computer's own (`MNIST_DEMO_HOSTS`, with commas).
        embed: Sites that may show the pages in a frame (`MNIST_DEMO_EMBED`, with commas).
        teacher_key: Makes a teacher of whoever has it (`MNIST_DEMO_TEACHER_KEY`); empty: one kept in `home`.
    """

    home: Path
    data: Path | None = None
    hosts: tuple[str, ...] = ()
    embed: tuple[str, ...] = ()
    teacher_key: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings; an empty variable counts as unset."""
        home = environment.get("MNIST_DEMO_HOME")
        data = environment.get("MNIST_DEMO_DATA")
        return cls(
            home=Path(home or platformdirs.user_data_dir(APP_NAME, appauthor=False)).expanduser().absolute(),
            data=Path(data).expanduser().absolute() if data else None,
            hosts=_list(environment.get("MNIST_DEMO_HOSTS")),
            embed=_list(environment.get("MNIST_DEMO_EMBED")),
            teacher_key=(environment.get("MNIST_DEMO_TEACHER_KEY") or "").strip(),
        )


def _list(text: str | None) -> tuple[str, ...]:
    """Read names with commas or blanks between them."""
    return tuple((text or "").replace(",", " ").split())
