"""Five ways to train the notebook's network, each measured in a process of its own by `benchmarks.training`.

An epoch is the notebook's: 48,000 reshuffled images, a step of Adam for every batch, running means of loss
and accuracy, and at its end the validation on the 12,000 images held back. All keep the images in memory.

Each contender yields the seconds of one epoch after another; the first includes compilation.

    python -m benchmarks.contenders torch    trains an epoch for each line of standard input
"""

# ruff: noqa: PLC0415 - each process imports its own framework and no other

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.mnist import load_mnist
from mnist_demo.data.preprocessing import prepare_images
from mnist_demo.runs.run import RunConfig
from mnist_demo.settings import Settings

TRAIN_IMAGES = 48_000
VALIDATION_SPLIT = 0.2
LEARNING_RATE = 0.001
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7

Images = NDArray[np.uint8]
Labels = NDArray[np.uint8]
Hidden = tuple[int, int]
Contender = Callable[[Images, Labels, int, Hidden], Iterator[float]]


def training_images() -> tuple[Images, Labels]:
    """Load MNIST's 60,000 training images."""
    dataset = load_mnist(Settings(home=Path()))
    return dataset.x_train, dataset.y_train


def train_with_ours(
    images: Images, labels: Labels, batch_size: int, hidden: Hidden, **changes: bool
) -> Iterator[float]:
    """Train as the app does: by the session's events, in segments by the clock; `changes` are settings."""
    from mnist_demo.jobs.events import EpochDone
    from mnist_demo.training.loop import TrainingSession

    session = TrainingSession(images, labels, images[:1000], labels[:1000])
    config = RunConfig(2, batch_size, LEARNING_RATE, VALIDATION_SPLIT, hidden, **changes)
    while True:
        for event in session.train(
            config
        ):  # the second epoch is measured: the first one's segments start short
            if isinstance(event, EpochDone) and event.record.epoch == 1:
                started = time.perf_counter()
        yield time.perf_counter() - started


def train_with_fit(images: Images, labels: Labels, batch_size: int, hidden: Hidden) -> Iterator[float]:
    """Train as the notebook does, progress bar and all."""
    return _fit(images, labels, batch_size, hidden, verbose=1)


def train_with_fit_jit(images: Images, labels: Labels, batch_size: int, hidden: Hidden) -> Iterator[float]:
    """Train with `fit` and what Keras offers to make it faster; without the bar."""
    return _fit(images, labels, batch_size, hidden, verbose=0, jit_compile=True, steps_per_execution=50)


def _fit(
    images: Images, labels: Labels, batch_size: int, hidden: Hidden, verbose: int, **settings: int
) -> Iterator[float]:
    import keras

    from mnist_demo.training.model import build_network, one_hot_labels

    class Stopwatch(keras.callbacks.Callback):
        def on_epoch_begin(self, *_: object) -> None:
            self.started = time.perf_counter()

        def on_epoch_end(self, *_: object) -> None:
            self.seconds = time.perf_counter() - self.started

    network, stopwatch = build_network(hidden), Stopwatch()
    adam = keras.optimizers.Adam(LEARNING_RATE)
    network.compile(adam, "categorical_crossentropy", metrics=["accuracy"], **settings)
    x, y = prepare_images(images), one_hot_labels(labels)
    asked = {"batch_size": batch_size, "validation_split": VALIDATION_SPLIT, "callbacks": [stopwatch]}
    while True:
        with redirect_stdout(io.StringIO()):
            network.fit(x, y, epochs=1, verbose=verbose, **asked)
        yield stopwatch.seconds


def train_with_torch(images: Images, labels: Labels, batch_size: int, hidden: Hidden) -> Iterator[float]:
    """Train with PyTorch's usual loop, without a DataLoader, which would slow it down."""
    import torch
    from torch import nn

    sizes = (784, *hidden, 10)
    layers = [layer for inputs, units in pairwise(sizes) for layer in (nn.Linear(inputs, units), nn.ReLU())][
        :-1
    ]
    network, loss_of = nn.Sequential(*layers), nn.CrossEntropyLoss()
    adam = torch.optim.Adam(network.parameters(), LEARNING_RATE, eps=EPSILON)
    x, held_back = torch.from_numpy(prepare_images(images)).split(TRAIN_IMAGES)
    y, held_back_answers = torch.from_numpy(labels.astype(np.int64)).split(TRAIN_IMAGES)
    while True:
        started = time.perf_counter()
        total, correct = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        for rows in torch.randperm(TRAIN_IMAGES).split(batch_size):
            batch, answers = x[rows], y[rows]
            logits = network(batch)
            loss = loss_of(logits, answers)
            adam.zero_grad()
            loss.backward()
            adam.step()
            total += loss.detach() * len(rows)
            correct += (logits.argmax(1) == answers).sum()
        with torch.no_grad():
            logits = network(held_back)
            right = (logits.argmax(1) == held_back_answers).sum()
            _ = [value.item() for value in (total, correct, loss_of(logits, held_back_answers), right)]
        yield time.perf_counter() - started


def train_with_jax(images: Images, labels: Labels, batch_size: int, hidden: Hidden) -> Iterator[float]:
    """Train with JAX: a `lax.scan` over the whole batches under `jit`, one call an epoch."""
    import jax
    from jax import numpy as jnp

    loss_of, step = _jax_functions()

    @jax.jit
    def train_epoch(state: tuple, x: jax.Array, y: jax.Array, key: jax.Array) -> tuple:
        steps = TRAIN_IMAGES // batch_size
        rows = jax.random.permutation(key, TRAIN_IMAGES)[: steps * batch_size]
        batches = x[rows].reshape(steps, batch_size, -1), y[rows].reshape(steps, batch_size)
        state, _ = jax.lax.scan(step, (*state, jnp.float32(0), jnp.int32(0)), batches)
        return state, loss_of(state[0], x[TRAIN_IMAGES:], y[TRAIN_IMAGES:])

    rng, weights = np.random.default_rng(1), []
    for pair in pairwise((784, *hidden, 10)):
        limit = (6 / sum(pair)) ** 0.5  # Glorot's
        weights.append((jnp.array(rng.uniform(-limit, limit, pair), jnp.float32), jnp.zeros(pair[1])))
    nothing = jax.tree.map(jnp.zeros_like, weights)
    state, key = (weights, nothing, nothing, jnp.float32(0)), jax.random.key(1)
    x, y = jnp.array(prepare_images(images)), jnp.array(labels, jnp.int32)
    while True:
        started = time.perf_counter()
        key, drawn = jax.random.split(key)
        (*state, total, correct), validation = train_epoch(tuple(state), x, y, drawn)
        _ = [float(value) for value in (total, correct, *validation)]
        yield time.perf_counter() - started


def _jax_functions() -> tuple[Callable, Callable]:
    """Make the loss with the number of right answers, and a step of Adam as in Keras, for `lax.scan`."""
    import jax
    from jax import numpy as jnp

    def loss_of(weights: list, x: jax.Array, y: jax.Array) -> tuple[jax.Array, jax.Array]:
        for kernel, bias in weights[:-1]:
            x = jax.nn.relu(x @ kernel + bias)
        logits = x @ weights[-1][0] + weights[-1][1]
        picked = jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1)
        return -picked.mean(), (logits.argmax(1) == y).sum()

    def step(state: tuple, batch: tuple) -> tuple:
        weights, first, second, count, total, correct = state
        (loss, right), gradients = jax.value_and_grad(loss_of, has_aux=True)(weights, *batch)
        count += 1
        rate = LEARNING_RATE * jnp.sqrt(1 - BETA_2**count) / (1 - BETA_1**count)
        first = jax.tree.map(lambda m, g: m + (g - m) * (1 - BETA_1), first, gradients)
        second = jax.tree.map(lambda v, g: v + (g * g - v) * (1 - BETA_2), second, gradients)
        weights = jax.tree.map(lambda w, m, v: w - m * rate / (jnp.sqrt(v) + EPSILON), weights, first, second)
        return (weights, first, second, count, total + loss * len(batch[1]), correct + right), None

    return loss_of, step


CONTENDERS: dict[str, Contender] = {
    "ours": train_with_ours,
    "augmented": partial(train_with_ours, augment=True),
    "european": partial(train_with_ours, european=True),
    "both": partial(train_with_ours, augment=True, european=True),
    "fit": train_with_fit,
    "fit_jit": train_with_fit_jit,
    "torch": train_with_torch,
    "jax": train_with_jax,
}


def main() -> None:
    """Train an epoch for each line that comes in, and answer with its seconds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=CONTENDERS)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--hidden", type=int, nargs=2, default=(128, 64))
    asked = parser.parse_args()
    epochs = CONTENDERS[asked.name](*training_images(), asked.batch_size, tuple(asked.hidden))
    for _ in sys.stdin:
        print(json.dumps(next(epochs)), flush=True)


if __name__ == "__main__":
    main()
