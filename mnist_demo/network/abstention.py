"""The page's rule for a run that comes with the app, by its name: when it answers with no digit."""

from __future__ import annotations

import json
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mnist_demo.errors import UnknownRun
from mnist_demo.network.archives import reading
from mnist_demo.network.calibration import AbstentionRule, apply_temperature, read_calibration
from mnist_demo.network.mlp import PRETRAINED_RUNS, Network
from mnist_demo.network.outliers import load_detector


def abstains(run_name: str, x: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return for each image whether a pretrained network answers with no digit on the page, (n,) bool.

    Args:
        run_name: "notebook" or "robust".
        x: (n, 784) float32, 0 to 1, as `data.frame_drawing` gives them.

    Raises:
        UnknownRun: No run of that name comes with the app.
        DamagedRun: Its files are not what was saved.
    """
    network, rule = _load(run_name)
    return rule.abstains(network.activations(x), x)


@lru_cache(maxsize=4)
def _load(run_name: str) -> tuple[Network, AbstentionRule]:
    folder = PRETRAINED_RUNS / run_name
    network = Network.load(folder)
    metrics = folder / "metrics.json"
    with reading(metrics):
        calibration = read_calibration(json.loads(metrics.read_text(encoding="utf-8")).get("calibration"))
    if not calibration:
        raise UnknownRun("run_unknown", name=run_name)
    rule = AbstentionRule(calibration, load_detector(folder, network.hidden))
    return apply_temperature(network, calibration.temperature), rule
