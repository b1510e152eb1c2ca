"""What all visitors share: the store of runs, the trainer, the loaded networks."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_demo.classroom import Reader
from mnist_demo.data import DataSummary, load_mnist, prepare_images, summarise
from mnist_demo.jobs import Trainer
from mnist_demo.network import (
    IMPORTANCE_IMAGES,
    WEIGHT_PERTURBATIONS,
    AbstentionRule,
    Checkpoints,
    Evaluation,
    HeldOutImages,
    Network,
    OutlierDetector,
    accuracy_curve,
    apply_temperature,
    evaluate,
    neuron_importance,
    prepared_batches,
)
from mnist_demo.runs import ROBUST_RUN, Run, RunStore, parts
from mnist_demo.settings import Settings
from mnist_demo.ui.classroom.service import Classroom
from mnist_demo.ui.classroom.teaching import ClassTeacher
from mnist_demo.ui.doors.teacher_key import TeacherKey, open_key
from mnist_demo.ui.doors.visitors import VisitorNames
from mnist_demo.ui.presence import OpenPages
from mnist_demo.ui.session_store import SessionStore

LOADED_NETWORKS = 8


# Not `st.cache_resource` for store, trainer and visits: a browser may ask Streamlit to clear its caches, and
# a second trainer would start while the first one goes on, unheard.
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
    started = Trainer(settings(), store(), is_there=open_pages().has)
    started.start()
    return started


@cache
def open_pages() -> OpenPages:
    """Know who has a page open."""
    return OpenPages()


@cache
def session_store() -> SessionStore:
    """Keep what reloads of the page would lose."""
    return SessionStore()


@cache
def teacher_key() -> TeacherKey:
    """Return the key that is set, or the one that is kept in the home.

    Raises:
        HomeUnusable: That cannot be read, or not be kept.
    """
    return TeacherKey(settings().teacher_key) if settings().teacher_key else open_key(settings().home)


@cache
def classroom() -> Classroom:
    """Open the class; one that a server before this one has left goes on.

    Raises:
        ClassNotKept: Neither can its file be read nor be set aside.
    """
    folder = settings().home / "classroom"
    return Classroom(folder, class_reader, ClassTeacher(folder, store(), trainer))


def class_reader(run_id: str) -> Reader:
    """Load the network that reads what a class draws.

    Args:
        run_id: Of its run; empty: the best one that ships with the app.

    Raises:
        UnknownRun: There is no whole run of that id.
        DamagedRun: What it consists of cannot be read any more.
    """
    run = store().get(run_id or ROBUST_RUN)
    return Reader(run.id, calibrated_network(run), abstention_rule(run), run.test_accuracy, run.taught)


@cache
def visitor_names() -> VisitorNames:
    """Open what visitors call themselves."""
    return VisitorNames(settings().home / "visitors")


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
    return apply_temperature(network, run.calibration.temperature) if run.calibration else network


@st.cache_resource(show_spinner=False, max_entries=LOADED_NETWORKS)
def _run_detector(run_id: str) -> OutlierDetector | None:
    return parts.run_detector(store().get(run_id))


def abstention_rule(run: Run) -> AbstentionRule | None:
    """Tell when the network of a run abstains; None where nobody has measured how far it can be trusted.

    Raises:
        UnknownRun: There is no whole run of that id.
        DamagedRun: What it is told by cannot be read any more.
    """
    return AbstentionRule(run.calibration, _run_detector(run.id)) if run.calibration else None


@st.cache_resource(show_spinner=False)
def _images() -> tuple[DataSummary, HeldOutImages]:
    """Read all images once, and keep what the pages show of them: 55 MB are too many to hold."""
    dataset = load_mnist(settings())
    return summarise(dataset), HeldOutImages(dataset.x_test, dataset.y_test, dataset.info)


def data_summary() -> DataSummary:
    """Summarise the images; reading them takes some tenths of a second, the first time.

    Raises:
        DatasetUnavailable: They cannot be read.
    """
    return _images()[0]


def held_out_images() -> HeldOutImages:
    """Give the test images; raises what `data_summary` does."""
    return _images()[1]


@st.cache_resource(show_spinner=False, max_entries=2)
def known_points(run_id: str) -> NDArray[np.float32]:
    """Return what a run's last hidden layer answers to images of `data_summary`, (n, neurons) float32.

    Without a hidden layer, these are the ten logits.

    Of the largest layer these are 40 MB.
    """
    network = run_network(run_id)
    return np.concatenate(
        [network.activations(x).features[-1] for x in prepared_batches(data_summary().images)]
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def lab_curve(run_id: str, perturbation: str, layer: int) -> list[float]:
    """Measure how a run's test accuracy falls when one of `WEIGHT_PERTURBATIONS` grows in a layer.

    Raises:
        UnknownRun: There is no whole run of that id.
        DamagedRun: Its weights cannot be read any more.
        DatasetUnavailable: The images cannot be read.
    """
    chosen, held_out = WEIGHT_PERTURBATIONS[perturbation], held_out_images()
    network = run_network(run_id)
    return accuracy_curve(network, chosen.perturb, layer, chosen.strengths, held_out.images, held_out.labels)


@st.cache_resource(show_spinner=False, max_entries=2)
def run_checkpoints(run_id: str) -> Checkpoints | None:
    """Load how the network of a run was after some epochs, at most 16 MB; None where nobody kept that.

    Raises:
        UnknownRun: There is no whole run of that id.
        DamagedRun: They cannot be read.
    """
    return parts.run_checkpoints(store().get(run_id))


@st.cache_resource(show_spinner=False, max_entries=LOADED_NETWORKS)
def neuron_order(run_id: str) -> tuple[int, ...]:
    """Order the first layer's neurons of a run by how much they matter for some training images, most first.

    Raises:
        DatasetUnavailable: The images that were asked for cannot be read.
    """
    x = prepare_images(data_summary().images[:IMPORTANCE_IMAGES])
    return tuple(np.argsort(-neuron_importance(run_network(run_id), x), kind="stable").tolist())


@lru_cache(maxsize=2)
def live_network(weights: str) -> Network:
    """Load the network of a job in training from the file that the trainer has left a moment ago.

    Raises:
        UnknownRun: The job has ended meanwhile.
    """
    return Network.load(Path(weights))


@st.cache_resource(show_spinner=False, max_entries=LOADED_NETWORKS)
def run_evaluation(run_id: str) -> Evaluation:
    """Evaluate the network of a run on `held_out_images`.

    Raises:
        UnknownRun: There is no whole run of that id.
        DamagedRun: Its weights cannot be read any more.
        DatasetUnavailable: The images cannot be read.
    """
    held_out = held_out_images()
    return evaluate(run_network(run_id), held_out.images, held_out.labels)
