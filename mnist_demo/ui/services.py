"""What all visitors share: the store of runs, the trainer, the loaded networks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_demo.calibration import cool
from mnist_demo.data import load_mnist
from mnist_demo.data_summary import DataSummary, summarise
from mnist_demo.evaluation import Evaluation, HeldOutImages, evaluate
from mnist_demo.inside import IMPORTANCE_IMAGES, neuron_importance
from mnist_demo.network import Network
from mnist_demo.network_damage import NETWORK_HARMS, accuracy_curve
from mnist_demo.preprocessing import prepare_images
from mnist_demo.run_store import RunStore
from mnist_demo.runs import DatasetInfo, Run
from mnist_demo.settings import Settings
from mnist_demo.snapshots import Snapshots
from mnist_demo.training.client import Trainer

LOADED_NETWORKS = 8
KNOWN_IMAGES = 10_000


# Not `st.cache_resource` for store and trainer: a browser may ask Streamlit to clear its caches, and a second
# trainer would start while the first one goes on, unheard.
@cache
def settings() -> Settings:
    """Read the settings once."""
    return Settings.from_environment()


@cache
def store() -> RunStore:
    """Open the store of runs."""
    return RunStore(settings().home)


@cache
def trainer() -> Trainer:
    """Start the trainer; it is warm some seconds later."""
    started = Trainer(settings(), store())
    started.start()
    return started


@st.cache_resource(show_spinner=False, max_entries=LOADED_NETWORKS)
def run_network(run_id: str) -> Network:
    """Load the network of a run.

    Raises:
        UnknownRun: There is no whole run of that id.
        DamagedRun: Its weights cannot be read any more.
    """
    return store().load_network(store().get(run_id))


def calibrated_network(run: Run) -> Network:
    """Load the network of a run, as sure of itself as it may be; raises what `run_network` does."""
    network = run_network(run.id)
    return cool(network, run.calibration.temperature) if run.calibration else network


@st.cache_resource(show_spinner=False)
def known_images() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Load some training images (n, 28, 28) and their labels (n,), for pages that show images like a drawing.

    The page never waits for a download: where MNIST is not on this computer, it shows the offline digits.
    """
    dataset = load_mnist(settings())
    return dataset.x_train[:KNOWN_IMAGES].copy(), dataset.y_train[:KNOWN_IMAGES].copy()


@st.cache_resource(show_spinner=False, max_entries=2)
def data_summary(fingerprint: str) -> DataSummary:
    """Summarise the images that are on this computer, without waiting for a download.

    Args:
        fingerprint: Of the trainer's images, empty while it has none: so the offline digits that are shown
            during a download give way to what was downloaded.

    Raises:
        DatasetUnavailable: The images that were asked for cannot be read.
    """
    del fingerprint  # only tells one state of the computer from another
    return summarise(load_mnist(settings()))


@st.cache_resource(show_spinner=False, max_entries=4)
def known_points(run_id: str) -> NDArray[np.float32]:
    """Give what the last hidden layer of a run answers to `known_images`, (n, neurons) float32."""
    return run_network(run_id).activations(prepare_images(known_images()[0])).hidden[-1]


@dataclass(frozen=True, eq=False)
class LabImages:
    """What the laboratory measures accuracy on: (n, 784) float32, labels (n,), and whose images they are."""

    x: NDArray[np.float32]
    labels: NDArray[np.uint8]
    dataset: DatasetInfo


def lab_images() -> LabImages:
    """Give all test images, so that an undamaged network has the accuracy that its run says.

    The page never waits for a download: where MNIST is not on this computer, these are the offline digits,
    until the trainer has other images.

    Raises:
        DatasetUnavailable: `MNIST_DEMO_DATA` is set to what cannot be read.
    """
    images, known = _load_lab_images(None), trainer().state.dataset
    if known and known.fingerprint != images.dataset.fingerprint:
        return _load_lab_images(known.fingerprint)
    return images


@st.cache_resource(show_spinner=False, max_entries=2)
def _load_lab_images(fingerprint: str | None) -> LabImages:  # noqa: ARG001 - a new one loads anew
    dataset = load_mnist(settings())
    return LabImages(prepare_images(dataset.x_test), dataset.y_test.copy(), dataset.info)


@st.cache_resource(show_spinner=False, max_entries=64)
def lab_curve(
    run_id: str,
    harm: str,
    layer: int,
    _images: LabImages,
    fingerprint: str,  # noqa: ARG001 - stands for the images in the cache's key
) -> list[float]:
    """Measure how a run's accuracy falls when one of `NETWORK_HARMS` grows in a layer.

    Raises:
        UnknownRun: There is no whole run of that id.
        DamagedRun: Its weights cannot be read any more.
    """
    chosen = NETWORK_HARMS[harm]
    return accuracy_curve(
        run_network(run_id), chosen.damage, layer, chosen.strengths, (_images.x, _images.labels)
    )


@st.cache_resource(show_spinner=False, max_entries=4)
def run_snapshots(run_id: str) -> Snapshots | None:
    """Load how the network of a run was after some epochs; None where nobody kept that.

    Raises:
        UnknownRun: There is no whole run of that id.
        DamagedRun: They cannot be read.
    """
    return store().load_snapshots(store().get(run_id))


@st.cache_resource(show_spinner=False, max_entries=LOADED_NETWORKS)
def neuron_order(run_id: str, fingerprint: str) -> tuple[int, ...]:
    """Order the first layer's neurons of a run by how much they matter for some training images, most first.

    Raises:
        DatasetUnavailable: The images that were asked for cannot be read.
    """
    x = prepare_images(data_summary(fingerprint).images[:IMPORTANCE_IMAGES])
    return tuple(np.argsort(-neuron_importance(run_network(run_id), x), kind="stable").tolist())


@st.cache_resource(show_spinner=False, max_entries=2)
def live_network(weights: str) -> Network:
    """Load the network of a job in training, as it was after an epoch, from the file of that epoch.

    Raises:
        UnknownRun: The job has ended meanwhile.
    """
    return Network.load(Path(weights))


@st.cache_resource(show_spinner=False, max_entries=2)
def held_out_images(fingerprint: str | None) -> HeldOutImages:  # noqa: ARG001 - it names what is remembered
    """Load the test images that are on this computer; without MNIST, those of the offline digits.

    Args:
        fingerprint: Which images the trainer has; when it has downloaded MNIST, the page takes that, too.

    Raises:
        DatasetUnavailable: `MNIST_DEMO_DATA` is set to what cannot be read.
    """
    dataset = load_mnist(settings())
    return HeldOutImages(dataset.x_test.copy(), dataset.y_test.copy(), dataset.info)


@st.cache_resource(show_spinner=False, max_entries=LOADED_NETWORKS)
def run_evaluation(run_id: str, fingerprint: str | None) -> Evaluation:
    """Evaluate the network of a run on `held_out_images(fingerprint)`.

    Raises:
        UnknownRun: There is no whole run of that id.
        DamagedRun: Its weights cannot be read any more.
        DatasetUnavailable: The images cannot be read.
    """
    held_out = held_out_images(fingerprint)
    return evaluate(run_network(run_id), held_out.images, held_out.labels)
