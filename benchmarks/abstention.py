"""What the networks take for no digit: `python -m benchmarks.abstention STROKES.npz [LETTERS.npz]`.

Digits, letters and scribbles are drawn on the page's canvas as in `benchmarks.drawing`, framed, and put to
each network that ships; a share is averaged by writer. So are pairs of MNIST's test images, side by side, put
to the function that tells several digits from one. With `--rules` the rules that were compared are measured,
too: how many letters each tells if so many pen digits, or MNIST's test images, are false alarms.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.outlier_rules import Rows, area_under_curve, build_rules, milliseconds_an_answer
from benchmarks.strokes import (
    PLACEMENT_SEED,
    WrittenDigits,
    average_by_writer,
    draw_all,
    draw_scribbles,
    load_strokes,
)
from mnist_demo.data import CANVAS_PIXELS, Picture
from mnist_demo.data.mnist import Dataset, load_mnist
from mnist_demo.data.preprocessing import crop_to_ink, dilate, frame_drawing, prepare_images
from mnist_demo.data.several import looks_like_several
from mnist_demo.data.summary import split_validation
from mnist_demo.network.abstention import abstains
from mnist_demo.network.calibration import apply_temperature
from mnist_demo.network.mlp import PRETRAINED_RUNS, Network
from mnist_demo.network.outliers import OUTLIERS_FILE, OutlierDetector
from mnist_demo.runs.files import read_run

SCRIBBLES = 1000
PAIRS = 1000
GAPS, HEIGHTS, SECOND_HEIGHT, WIDENINGS = (4, 8, 16, 30, 50), (60, 170), (0.7, 1.2), (0, 3)
"""Of pairs, in pixels: between them; of the first; of the second as a share of it; added to their strokes."""
FALSE_ALARMS = (0.03, 0.05)
TEST_FALSE_ALARMS = 0.012

Kinds = dict[str, tuple[Rows, NDArray[np.int16]]]
"""Of each kind the images (n, 784), and who drew each of them (n,)."""


def draw_pairs(dataset: Dataset, count: int, seed: int = PLACEMENT_SEED) -> list[Picture]:
    """Put two of MNIST's test images side by side on the canvas, of all sizes, distances and pens."""
    random, pairs = np.random.default_rng(seed), []
    while len(pairs) < count:
        height = int(random.integers(*HEIGHTS))
        heights = height, int(height * random.uniform(*SECOND_HEIGHT))
        rows, gap = random.integers(len(dataset.x_test), size=2), int(random.choice(GAPS))
        wider = float(random.uniform(*WIDENINGS))
        one, other = (
            enlarge(dataset.x_test[row], tall, wider) for row, tall in zip(rows, heights, strict=True)
        )
        width = one.shape[1] + gap + other.shape[1]
        if max(width, len(one), len(other)) >= CANVAS_PIXELS:
            continue
        canvas, left = np.zeros((CANVAS_PIXELS,) * 2, np.uint8), int(random.integers(CANVAS_PIXELS - width))
        for ink, start in ((one, left), (other, left + one.shape[1] + gap)):
            top = int(random.integers(CANVAS_PIXELS - max(len(one), len(other)) + 1))
            canvas[top : top + len(ink), start : start + ink.shape[1]] = ink
        pairs.append(canvas)
    return pairs


def enlarge(image: NDArray[np.uint8], height: int, wider: float = 0) -> Picture:
    """Bring the ink of an image (28, 28) to a height in pixels, and make its strokes wider."""
    ink = crop_to_ink(image)
    size = max(1, round(ink.shape[1] * height / len(ink))), height
    large = np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BICUBIC))
    return crop_to_ink(dilate(large, wider))


def build_kinds(
    drawings: dict[str, list[Picture]], written: dict[str, WrittenDigits], dataset: Dataset
) -> Kinds:
    """Frame what was drawn of each kind; MNIST's test images, of no writer's, are one more."""
    kinds = {
        kind: (np.stack([frame_drawing(ink).ravel() for ink in drawn]), written[kind].writers)
        for kind, drawn in drawings.items()
    }
    test = prepare_images(dataset.x_test)
    return kinds | {"MNIST test images": (test, np.arange(len(test), dtype=np.int16))}


def measure_shares(name: str, kinds: Kinds) -> dict[str, tuple[float, float, float]]:
    """Measure the share of each kind that is no digit to a network: of all writers, and of either half."""
    shares = {}
    for kind, (x, writers) in kinds.items():
        told = abstains(name, x)
        whole, *halves = (
            average_by_writer(told[some], writers[some])
            for some in (writers >= 0, writers % 2 == 0, writers % 2 == 1)
        )
        shares[kind] = (whole, halves[0], halves[1])
    return shares


def told_of_the_others(
    digits: tuple[Rows, NDArray[np.int16]], letters: tuple[Rows, NDArray[np.int16]], false_alarms: float
) -> tuple[float, float]:
    """Take a threshold on half of the writers, and use it on the others, both ways.

    Args:
        digits: A rule's numbers (n,), and who wrote each digit.
        letters: The same of letters.
        false_alarms: Share of the digits of the one half above the threshold.

    Returns:
        The share of letters told, and of digits that are false alarms, of the other half.
    """
    shares = []
    for half in (0, 1):
        limit = np.quantile(digits[0][digits[1] % 2 == half], 1 - false_alarms)
        others = ((numbers[writers % 2 != half] > limit).mean() for numbers, writers in (letters, digits))
        shares.append(list(others))
    told, alarms = np.mean(shares, axis=0).tolist()
    return told, alarms


def print_rules(name: str, dataset: Dataset, kinds: Kinds) -> None:
    """Print what each rule would tell with the weights of a network."""
    (digits, digit_writers), (letters, letter_writers) = kinds["pen digits"], kinds["letters"]
    folder = PRETRAINED_RUNS / name
    run = read_run(folder, pretrained=True)
    assert run.calibration, "a pretrained run is calibrated"
    network = apply_temperature(Network.load(folder), run.calibration.temperature)
    path = folder / OUTLIERS_FILE
    detector = OutlierDetector.load(path, network.hidden) if path.is_file() else None
    images, _ = split_validation(dataset.x_train, run.config.validation_split)
    x, (test, _) = prepare_images(images), kinds["MNIST test images"]
    print(f"\n{name}: letters told, if so many are false alarms")
    print(f"  {'':48}{'AUC':>7}{'3 % pen':>9}{'5 % pen':>9}{'1.2 % test':>12}{'other writers':>18}{'ms':>7}")
    for rule_name, rule in build_rules(network, detector, x, dataset.y_train[: len(x)]).items():
        of_digits, of_letters, of_test = (
            rule(network.activations(rows), rows) for rows in (digits, letters, test)
        )
        limits = [np.quantile(of_digits, 1 - share) for share in FALSE_ALARMS]
        limits.append(np.quantile(of_test, 1 - TEST_FALSE_ALARMS))
        told = [f"{(of_letters > limit).mean():.1%}" for limit in limits]
        area, taken = area_under_curve(of_digits, of_letters), milliseconds_an_answer(network, rule, test)
        others, alarms = told_of_the_others((of_digits, digit_writers), (of_letters, letter_writers), 0.03)
        told.append(f"{others:.1%} at {alarms:.1%}")
        print(f"  {rule_name:48}{area:7.4f}{told[0]:>9}{told[1]:>9}{told[2]:>12}{told[3]:>18}{taken:7.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("strokes", type=Path, metavar="STROKES.npz", help="digits as strokes")
    parser.add_argument("letters", type=Path, nargs="?", metavar="LETTERS.npz", help="letters as strokes")
    parser.add_argument("--rules", action="store_true", help="compare rules, too; takes letters")
    options = parser.parse_args()
    if options.rules and not options.letters:
        parser.error("--rules takes LETTERS.npz")
    dataset = load_mnist()
    written = {"pen digits": load_strokes(options.strokes), "scribbles": draw_scribbles(SCRIBBLES)}
    if options.letters:
        written["letters"] = load_strokes(options.letters)
    drawings = {kind: draw_all(strokes) for kind, strokes in written.items()}
    kinds = build_kinds(drawings, written, dataset)
    names = sorted(folder.name for folder in PRETRAINED_RUNS.iterdir() if folder.is_dir())
    for name in names:
        print(f"\n{name}: names no digit for")
        for kind, (whole, even, odd) in measure_shares(name, kinds).items():
            print(f"  {kind:22}{whole:7.2%}   halves {even:.2%}, {odd:.2%}")
    pairs, single = draw_pairs(dataset, PAIRS), drawings["pen digits"]
    told, wrongly = (np.mean([looks_like_several(ink) for ink in drawn]) for drawn in (pairs, single))
    print(f"\nmore than one digit: {told:.1%} of {len(pairs)} pairs, {wrongly:.2%} of single pen digits")
    if options.rules:
        for name in names:
            print_rules(name, dataset, kinds)


if __name__ == "__main__":
    main()
