"""Seconds for an epoch of the notebook's training, side by side: `python -m benchmarks.training`.

Trains the same network in five ways (`benchmarks.contenders`), each warm in its own process and in turns, so
that whatever else the machine does meets all of them. Prints medians over the rounds, their ratios, and the
limit that arithmetic sets: the operations of an epoch at the speed of one large matrix product on the same
cores. What is not installed is left out (`pip install -r requirements-bench.txt`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np

REPOSITORY = Path(__file__).resolve().parent.parent
MODULES = {"ours": "tensorflow", "fit": "tensorflow", "fit_jit": "tensorflow", "torch": "torch", "jax": "jax"}
TITLES = {
    "ours": "this app",
    "fit": "model.fit, as in the notebook",
    "fit_jit": "model.fit, jit_compile, 50 steps a call",
    "torch": "PyTorch, eager loop",
    "jax": "JAX, lax.scan under jit",
    "limit": "arithmetic limit",
}
TRAIN_IMAGES, VALIDATION_IMAGES = 48_000, 12_000
CHANGES = {
    "ours": "the images as they are",
    "european": "European digits",
    "augmented": "augmentation",
    "both": "augmentation and European digits",
}
MATRIX = 2048
BATCH_SIZES = (8, 16, 32, 64, 128, 256, 512, 1024)
HIDDEN_SIZES = (32, 64, 128, 256, 512, 1024)
WARM_UP_EPOCHS = 2


class Contender:
    """A process that trains one epoch when asked; warm once it is built."""

    def __init__(self, name: str, batch_size: int = 32, hidden: tuple[int, int] = (128, 64)) -> None:
        self.name = name
        sizes = ["--batch-size", str(batch_size), "--hidden", *map(str, hidden)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.contenders", name, *sizes],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(WARM_UP_EPOCHS):
            self.train_epoch()

    def train_epoch(self) -> float:
        """Let it train; give the seconds that it took."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
            return float(json.loads(self._process.stdout.readline()))
        except (BrokenPipeError, json.JSONDecodeError):
            command = f"echo | python -m benchmarks.contenders {self.name}"
            raise SystemExit(f"The contender {self.name} broke down; see why with: {command}") from None

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()


def measure(rounds: int) -> list[dict[str, float]]:
    """Let the contenders that are installed train in turns; give each round's seconds, with the limit's."""
    names = [name for name, module in MODULES.items() if find_spec(module)]
    return [
        seconds | {"limit": epoch_operations() / measure_arithmetic()}
        for seconds in measure_in_turns(names, rounds)
    ]


def measure_in_turns(names: list[str], rounds: int) -> Iterator[dict[str, float]]:
    """Let contenders train an epoch each, another one first in each round; give each round's seconds."""
    contenders = [Contender(name) for name in names]
    for number in range(rounds):
        first = number % len(contenders)
        yield {one.name: one.train_epoch() for one in contenders[first:] + contenders[:first]}
    for contender in contenders:
        contender.close()


def epoch_operations(hidden: tuple[int, int] = (128, 64)) -> float:
    """Count the multiplications and additions of an epoch's matrix products.

    An image costs each weight two operations on the way forward, and in training two for its gradient
    and two for that of the layer's input, which the first layer does not need.
    """
    layers = [inputs * neurons for inputs, neurons in pairwise((784, *hidden, 10))]
    return TRAIN_IMAGES * (6 * sum(layers) - 2 * layers[0]) + VALIDATION_IMAGES * 2 * sum(layers)


def measure_arithmetic(repeats: int = 5) -> float:
    """Give the operations a second of a product of two float32 matrices, 2048 by 2048: the best of some."""
    left, right = np.random.default_rng(0).random((2, MATRIX, MATRIX), np.float32)
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        left @ right
        seconds.append(time.perf_counter() - started)
    return 2 * MATRIX**3 / min(seconds)


def summarize(results: list[dict[str, float]]) -> dict[str, object]:
    """Give medians over the rounds: seconds, and ratios to ours; None for what is not installed."""
    return {
        "epoch_seconds": {
            name: median(seconds[name] for seconds in results) if name in results[0] else None
            for name in MODULES
        },
        "ratio_to_ours": {
            name: median(seconds[name] / seconds["ours"] for seconds in results)
            if name in results[0]
            else None
            for name in MODULES
        },
        "limit_seconds": median(seconds["limit"] for seconds in results),
    }


def measure_growth(rounds: int) -> list[dict[str, object]]:
    """Measure ours alone with other batch sizes and other layers (n and n / 2 neurons)."""
    cases = [(batch_size, (128, 64)) for batch_size in BATCH_SIZES]
    cases += [(32, (size, size // 2)) for size in HIDDEN_SIZES]
    rows: list[dict[str, object]] = []
    for batch_size, hidden in cases:
        contender = Contender("ours", batch_size, hidden)
        seconds = median(contender.train_epoch() for _ in range(rounds))
        contender.close()
        speed = epoch_operations(hidden) / seconds / 1e9
        rows.append({"batch_size": batch_size, "hidden": hidden, "seconds": seconds, "gflops": speed})
    return rows


def table(summary: dict, rounds: int) -> str:
    """Lay the summary out as text."""
    seconds = summary["epoch_seconds"] | {"limit": summary["limit_seconds"]}
    ratios = summary["ratio_to_ours"] | {"limit": seconds["limit"] / seconds["ours"]}
    lines = [f"An epoch in batches of 32, with its validation: medians of {rounds} rounds", ""]
    lines.append(f"{'':40} {'seconds':>9} {'ratio to this app':>18}")
    for name, title in TITLES.items():
        if seconds[name] is None:
            lines.append(f"{title:40} {'not installed':>28}")
        else:
            lines.append(f"{title:40} {seconds[name]:9.3f} {ratios[name]:18.2f}")
    return "\n".join(lines)


def growth_table(rows: list[dict]) -> str:
    """Lay the growth out as text."""
    lines = ["", "This app alone", "", f"{'batch':>6} {'neurons':>12} {'seconds':>9} {'GFLOP/s':>9}"]
    for row in rows:
        neurons = " + ".join(map(str, row["hidden"]))
        lines.append(f"{row['batch_size']:6} {neurons:>12} {row['seconds']:9.3f} {row['gflops']:9.0f}")
    return "\n".join(lines)


def changes_table(results: list[dict[str, float]]) -> str:
    """Lay out as text what it costs to change the images in every epoch: medians, and of their ratios."""
    lines = ["", f"This app, {len(results)} rounds", "", f"{'':40} {'seconds':>9} {'ratio':>9}"]
    for name, title in CHANGES.items():
        seconds = median(row[name] for row in results)
        lines.append(f"{title:40} {seconds:9.3f} {median(row[name] / row['ours'] for row in results):9.2f}")
    return "\n".join(lines)


def bar_chart(summary: dict) -> str:
    """Draw the medians as an SVG."""
    seconds = summary["epoch_seconds"] | {"limit": summary["limit_seconds"]}
    bars = [(TITLES[name], seconds[name]) for name in TITLES if seconds[name] is not None]
    scale, height = 400 / max(value for _, value in bars), 36 * len(bars) + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" font-family="sans-serif" '
        f'font-size="14" role="img"><title>Seconds for one epoch</title><rect width="760" height="{height}" '
        'fill="#fff"/><text x="16" y="26" font-weight="bold">Seconds for one epoch (shorter is better)</text>'
    ]
    for place, (title, value) in enumerate(bars):
        top, width = 44 + 36 * place, max(1.0, value * scale)
        colour, line = "#c2410c" if place == 0 else "#64748b", top + 17
        parts += [
            f'<text x="16" y="{line}">{title}</text>',
            f'<rect x="290" y="{top}" width="{width:.1f}" height="24" fill="{colour}"/>',
            f'<text x="{298 + width:.1f}" y="{line}">{value:.2f}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    """Measure, and print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="epochs of each contender (default 5)")
    parser.add_argument("--growth", action="store_true", help="also measure other batch sizes and layers")
    parser.add_argument("--changes", action="store_true", help="only measure what changing the images costs")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write a bar chart of the medians")
    asked = parser.parse_args()
    if asked.changes:
        print(changes_table(list(measure_in_turns(list(CHANGES), asked.rounds))))
        return
    summary = summarize(measure(asked.rounds))
    growth = measure_growth(asked.rounds) if asked.growth else []
    if asked.svg:
        asked.svg.write_text(bar_chart(summary), encoding="utf-8")
    if asked.json:
        print(json.dumps(summary | ({"growth": growth} if asked.growth else {})))
    else:
        print(table(summary, asked.rounds))
        if asked.growth:
            print(growth_table(growth))


if __name__ == "__main__":
    main()
