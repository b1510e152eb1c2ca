"""How well drawn digits are recognised: `python -m benchmarks.drawing STROKES.npz [LETTERS.npz]`.

Digits that people wrote are drawn on the page's canvas with position, size and pen of a fixed seed, framed
and put to each network that ships. Accuracy is averaged for each writer first, then over the writers, so
that whoever wrote much does not count for more. Beside it stands what a user would pick instead: the canvas
scaled to 28 by 28 as it is. European forms are found as `benchmarks.forms` says. The sweep holds everything
as usual but for what its name says. Last comes what each network takes for no digit: of these drawings, of
letters, of scribbles of a fixed seed and of MNIST's test images.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.abstention import SCRIBBLES, build_kinds, measure_shares
from benchmarks.forms import RULES, find_forms
from benchmarks.mistakes import save_sheet
from benchmarks.strokes import (
    PLACEMENT_SEED,
    Placement,
    WrittenDigits,
    average_by_writer,
    draw_all,
    draw_placements,
    draw_scribbles,
    load_strokes,
    render_digit,
)
from mnist_demo.data import CANVAS_PIXELS
from mnist_demo.data.mnist import load_mnist
from mnist_demo.data.preprocessing import frame_drawing, shrink_unframed
from mnist_demo.network.mlp import PRETRAINED_RUNS, Network

SIZE_EDGES = (90, 120, 150, 185, 220)
OFFSET_EDGES = (0, 10, 20, 36)
PEN_EDGES = (12, 15, 18, 21, 25)
USUAL = Placement(size=155, pen=18)
CORNER = (CANVAS_PIXELS - USUAL.size) / 2 - 2
"""Two pixels are left to the canvas's edges."""
SWEEP: dict[str, tuple[Placement, float]] = {
    "usual (155 pixels, pen 18)": (USUAL, 0),
    "tiny (60 pixels, pen 12)": (Placement(60, 12), 0),
    "huge (270 pixels)": (Placement(270, 18), 0),
    "in the upper left corner": (Placement(USUAL.size, USUAL.pen, -CORNER, -CORNER), 0),
    "thin pen (4)": (Placement(USUAL.size, 4), 0),
    "thin pen (8)": (Placement(USUAL.size, 8), 0),
    "thick pen (32)": (Placement(USUAL.size, 32), 0),
    "100 pixels, pen 18": (Placement(100, 18), 0),
    "100 pixels, 1 % of the lowest bits flipped": (Placement(100, 18), 0.01),
    "40 pixels, pen 8": (Placement(40, 8), 0),
    "40 pixels, 1 % of the lowest bits flipped": (Placement(40, 8), 0.01),
}
"""How all digits are drawn, and the share of pixels whose lowest bit a browser flips against fingerprints."""

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Inputs:
    """What the network reads, (n, 784) float32 each, of the same drawings."""

    framed: Rows
    naive: Rows


def build_inputs(written: WrittenDigits, placements: list[Placement], flipped: float = 0) -> Inputs:
    """Draw each digit and bring it to the network's input in both ways.

    Args:
        written: The digits.
        placements: Where and how each is drawn.
        flipped: Share of the pixels whose lowest bit is flipped.
    """
    framed, naive = [], []
    random = np.random.default_rng(PLACEMENT_SEED)
    for strokes, placement in zip(written.digits, placements, strict=True):
        drawing = render_digit(strokes, placement)
        if flipped:
            drawing = drawing ^ (random.random(drawing.shape) < flipped).astype(np.uint8)
        framed.append(frame_drawing(drawing).ravel())
        naive.append(shrink_unframed(drawing).ravel())
    return Inputs(np.stack(framed), np.stack(naive))


def average_in_bins(
    right: NDArray[np.bool_], writers: NDArray[np.int16], values: NDArray[Any], edges: Sequence[int]
) -> dict[str, float]:
    """Average for each bin of `values` (n,), from one edge to before the next; empty ones are left out."""
    shares = {}
    for low, high in pairwise(edges):
        chosen = (values >= low) & (values < high)
        if chosen.any():
            shares[str(low) if high == low + 1 else f"{low} to below {high}"] = average_by_writer(
                right[chosen], writers[chosen]
            )
    return shares


def average_by_form(right: NDArray[np.bool_], written: WrittenDigits) -> dict[str, float]:
    """Average for each European form, for the same digits without, and for all digits without any form."""
    forms = find_forms(written)
    european = np.logical_or.reduce([forms[name] for name, _ in RULES.values()])
    chosen = forms | {"all European": european, "all others": ~european}
    return {
        f"{name} ({some.sum()} of {len(np.unique(written.writers[some]))} writers)": average_by_writer(
            right[some], written.writers[some]
        )
        for name, some in chosen.items()
        if some.any()
    }


def measure_network(
    network: Network, written: WrittenDigits, placements: list[Placement], inputs: Inputs
) -> dict[str, Any]:
    """Measure one network on the default protocol, whole and by digit, pen, size and offset."""
    right = network.predict(inputs.framed).argmax(axis=1) == written.labels
    naive = network.predict(inputs.naive).argmax(axis=1) == written.labels
    pens, sizes, offsets = (
        np.array(column)
        for column in zip(*((p.pen, p.size, np.hypot(p.right, p.down)) for p in placements), strict=True)
    )
    writers = written.writers
    return {
        "accuracy": average_by_writer(right, writers),
        "accuracy_of_all_digits": float(right.mean()),
        "naive_accuracy": average_by_writer(naive, writers),
        "by_digit": average_in_bins(right, writers, written.labels, range(11)),
        "by_form": average_by_form(right, written),
        "by_pen_pixels": average_in_bins(right, writers, pens, PEN_EDGES),
        "by_size_pixels": average_in_bins(right, writers, sizes, SIZE_EDGES),
        "by_offset_pixels": average_in_bins(right, writers, offsets, OFFSET_EDGES),
    }


def measure_sweep(networks: dict[str, Network], written: WrittenDigits) -> dict[str, dict[str, Any]]:
    """Measure each network with every digit drawn the same way, one way after the other."""
    sweep: dict[str, dict[str, Any]] = {name: {} for name in networks}
    for row, (placement, flipped) in SWEEP.items():
        inputs = build_inputs(written, [placement] * len(written.digits), flipped)
        for name, network in networks.items():
            framed, naive = (
                average_by_writer(network.predict(rows).argmax(axis=1) == written.labels, written.writers)
                for rows in (inputs.framed, inputs.naive)
            )
            sweep[name][row] = {"accuracy": framed, "naive_accuracy": naive}
    return sweep


def measure_no_digits(
    networks: Iterable[str], written: WrittenDigits, inputs: Inputs, letters: Path | None
) -> dict[str, dict[str, float]]:
    """Measure how much of what each network takes for no digit, see `benchmarks.abstention`."""
    others = {"scribbles": draw_scribbles(SCRIBBLES)}
    if letters:
        others["letters"] = load_strokes(letters)
    drawings = {kind: draw_all(strokes) for kind, strokes in others.items()}
    kinds = {"pen digits": (inputs.framed, written.writers)} | build_kinds(drawings, others, load_mnist())
    return {
        name: {kind: shares[0] for kind, shares in measure_shares(name, kinds).items()} for name in networks
    }


def print_table(name: str, results: dict[str, Any]) -> None:
    """Print the results of one network, in percent."""
    print(f"\n{name}")
    print(f"  {'all, by writer':44}{results['accuracy']:7.2%}   naive {results['naive_accuracy']:7.2%}")
    print(f"  {'all digits alike':44}{results['accuracy_of_all_digits']:7.2%}")
    for group in ("by_digit", "by_form", "by_pen_pixels", "by_size_pixels", "by_offset_pixels"):
        for row, share in results[group].items():
            print(f"  {group.replace('_', ' ')} {row:{43 - len(group)}}{share:7.2%}")
    for row, shares in results["sweep"].items():
        print(f"  {row:44}{shares['accuracy']:7.2%}   naive {shares['naive_accuracy']:7.2%}")
    for kind, share in results["names_no_digit"].items():
        print(f"  {'names no digit for ' + kind:44}{share:7.2%}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("strokes", type=Path, metavar="STROKES.npz", help="digits as strokes")
    parser.add_argument("letters", type=Path, nargs="?", metavar="LETTERS.npz", help="letters as strokes")
    parser.add_argument("--limit", type=int, help="so many digits only, evenly spread")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sheet", type=Path, metavar="FILE.png", help="picture of the surest mistakes")
    names = sorted(folder.name for folder in PRETRAINED_RUNS.iterdir() if folder.is_dir())
    parser.add_argument("--network", default=names[0], choices=names, help="whose mistakes the picture shows")
    options = parser.parse_args()
    started = time.perf_counter()
    written = load_strokes(options.strokes, options.limit)
    networks = {name: Network.load(PRETRAINED_RUNS / name) for name in names}
    placements = draw_placements(len(written.digits))
    inputs = build_inputs(written, placements)
    sweep = measure_sweep(networks, written)
    no_digits = measure_no_digits(networks, written, inputs, options.letters)
    results = {
        name: measure_network(network, written, placements, inputs)
        | {"sweep": sweep[name], "names_no_digit": no_digits[name]}
        for name, network in networks.items()
    }
    if options.sheet:
        save_sheet(options.sheet, networks[options.network], written, placements, inputs.framed)
    about = {
        "digits": len(written.digits),
        "writers": len(np.unique(written.writers)),
        "seed": PLACEMENT_SEED,
    }
    seconds = time.perf_counter() - started
    if options.json:
        print(json.dumps(about | {"seconds": seconds, "networks": results}, allow_nan=False))
        return
    print(f"{about['digits']} digits of {about['writers']} writers, seed {PLACEMENT_SEED}, {seconds:.0f} s")
    for name, result in results.items():
        print_table(name, result)


if __name__ == "__main__":
    main()
