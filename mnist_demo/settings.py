"""What the environment decides: read once, then frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "mnist-demo"


@dataclass(frozen=True)
class Settings:
    """Where runs are kept and which images are used.

    Attributes:
        home: Folder for the runs that are trained here (`MNIST_DEMO_HOME`; default the user's data folder).
        data: An `mnist.npz` or a folder of IDX files (`MNIST_DEMO_DATA`); None: the MNIST inside.
    """

    home: Path
    data: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings; an empty variable counts as unset."""
        home = environment.get("MNIST_DEMO_HOME")
        data = environment.get("MNIST_DEMO_DATA")
        return cls(
            home=Path(home or platformdirs.user_data_dir(APP_NAME, appauthor=False)).expanduser().absolute(),
            data=Path(data).expanduser().absolute() if data else None,
        )
