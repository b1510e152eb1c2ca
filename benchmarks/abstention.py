"""How well what is no digit is told from digits: `python -m benchmarks.abstention DIGITS.npz LETTERS.npz`.

Digits and capital letters that people wrote are drawn on the page's canvas as in `benchmarks.drawing`, and
put to the page's rule for each network that ships. Beside it stand single numbers, each with the threshold at
which it takes a share of the same people's digits for something else; and with the threshold taken on one
half of the writers and used on the other half. `docs/abstention.md` has the figures.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.strokes import CANVAS_PIXELS, WrittenDigits, draw_placements, load_strokes, render_digit
from mnist_demo.data.mnist import load_mnist
from mnist_demo.data.non_digits import make_non_digits
from mnist_demo.data.preprocessing import crop_to_ink, frame_drawing
from mnist_demo.data.several import looks_like_several
from mnist_demo.network.abstention import abstains
from mnist_demo.network.calibration import logit_margin
from mnist_demo.network.mlp import PRETRAINED_RUNS, Activations, Network
from mnist_demo.network.outliers import OUTLIERS_FILE, OutlierDetector

FALSE_ALARMS = (0.03, 0.05)
NEIGHBOUR = 5
SCRIBBLES, SCRIBBLE_SEED = 2000, 2026
"""Made with another seed than those that the detector learned from."""
PAIRS = 1000
GAPS, HEIGHTS = (4, 12, 30), ((60, 60), (110, 110), (110, 75))
TIMED_ANSWERS = 300

Rows = NDArray[np.float32]
Strangeness = Callable[[Activations, Rows], Rows]


def frame_all(written: WrittenDigits) -> Rows:
    """Draw and frame everything that was written, (n, 784)."""
    placements = draw_placements(len(written.digits))
    pairs = zip(written.digits, placements, strict=True)
    return np.stack([frame_drawing(render_digit(strokes, placement)).ravel() for strokes, placement in pairs])


def single_numbers(network: Network, training: Rows) -> dict[str, Strangeness]:
    """List the single numbers that are compared, larger where something looks less like a digit."""
    known = normalized(network.activations(training).hidden[-1])

    def neighbour(answers: Activations, _x: Rows) -> Rows:
        cosines = normalized(answers.hidden[-1]) @ known.T
        return -np.partition(cosines, -NEIGHBOUR, axis=1)[:, -NEIGHBOUR]

    def detector(answers: Activations, _x: Rows) -> Rows:
        return found.scores(answers)

    found = OutlierDetector.load(PRETRAINED_RUNS / "robust" / OUTLIERS_FILE, network.hidden)
    return {
        "highest probability": lambda answers, _x: -answers.probabilities.max(axis=1),
        "energy": lambda answers, _x: -np.log(np.exp(answers.logits).sum(axis=1)),
        "logit margin": lambda answers, x: -logit_margin(answers, x),
        "cosine to the fifth nearest training image, last hidden layer": neighbour,
        "the detector in the hidden layers": detector,
    }


def normalized(rows: Rows) -> Rows:
    """Bring rows (n, m) to length 1."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-6))


def area_under_curve(strange: Rows, usual: Rows) -> float:
    """Return how often something strange has the larger number than something usual; Mann and Whitney's U."""
    ranks = np.argsort(np.argsort(np.concatenate([strange, usual])))[: len(strange)]
    return float((ranks.sum() - len(strange) * (len(strange) - 1) / 2) / (len(strange) * len(usual)))


def share_told(strange: Rows, usual: Rows, false_alarms: float) -> float:
    """Return the share of what is strange above the threshold that so many of the usual ones pass."""
    return float((strange > np.quantile(usual, 1 - false_alarms)).mean())


def on_the_other_half(
    strange: Rows, usual: Rows, writers: tuple[NDArray[np.int16], NDArray[np.int16]], false_alarms: float
) -> tuple[float, float]:
    """Take the threshold on half of the writers; return what the others tell, and false alarms."""
    told, alarms = [], []
    for half in (0, 1):
        threshold = np.quantile(usual[writers[1] % 2 == half], 1 - false_alarms)
        told.append((strange[writers[0] % 2 != half] > threshold).mean())
        alarms.append((usual[writers[1] % 2 != half] > threshold).mean())
    return float(np.mean(told)), float(np.mean(alarms))


def print_rule(sets: dict[str, Rows]) -> None:
    """Print on how much of each set the page abstains, and how long that takes."""
    for run in ("robust", "notebook"):
        print(f"\nThe page's rule, {run} network: how much it abstains on")
        for name, x in sets.items():
            print(f"  {name:44}{abstains(run, x).mean():7.2%}")
        started = time.perf_counter()
        for row in sets["pen digits"][:TIMED_ANSWERS]:
            abstains(run, row[np.newaxis])
        milliseconds = 1000 * (time.perf_counter() - started) / TIMED_ANSWERS
        print(f"  {'milliseconds an image, prediction included':44}{milliseconds:7.2f}")


def print_single_numbers(
    digits: WrittenDigits, letters: WrittenDigits, sets: dict[str, Rows], training: Rows
) -> None:
    """Print how the robust network's single numbers tell letters from digits."""
    network = Network.load("robust")
    usual, strange = sets["pen digits"], sets["pen letters"]
    answers = network.activations(usual), network.activations(strange)
    print(
        "\nSingle numbers, robust network: area under the curve; letters told at false alarms on pen digits;"
    )
    print("the same with the threshold of other writers")
    for name, number in single_numbers(network, training).items():
        numbers = number(answers[1], strange), number(answers[0], usual)
        told = [f"{share_told(*numbers, alarms):.1%} at {alarms:.0%}" for alarms in FALSE_ALARMS]
        other = on_the_other_half(*numbers, (letters.writers, digits.writers), FALSE_ALARMS[0])
        area = area_under_curve(*numbers)
        print(f"  {name:62}{area:.4f}  {', '.join(told)}; {other[0]:.1%} at {other[1]:.1%}")


def draw_pair(
    one: NDArray[np.uint8], other: NDArray[np.uint8], heights: tuple[int, int], gap: int
) -> NDArray[np.uint8]:
    """Put two images of MNIST side by side on a canvas, so many pixels tall and apart."""
    canvas, left = np.zeros((CANVAS_PIXELS,) * 2, np.uint8), 5
    for image, height in zip((one, other), heights, strict=True):
        ink = crop_to_ink(image)
        width = max(1, round(ink.shape[1] * height / ink.shape[0]))
        drawn = np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.BICUBIC))
        drawn = drawn[:, : CANVAS_PIXELS - left]
        canvas[250 - height : 250, left : left + drawn.shape[1]] = drawn
        left += width + gap
    return canvas


def print_several(digits: WrittenDigits, images: NDArray[np.uint8]) -> None:
    """Print how many pairs of digits are told, and how many single ones are taken for several."""
    random = np.random.default_rng(SCRIBBLE_SEED)
    print("\nSeveral digits: told")
    for heights in HEIGHTS:
        for gap in GAPS:
            pairs = images[random.integers(0, len(images), (PAIRS, 2))]
            told = np.mean([looks_like_several(draw_pair(*pair, heights, gap)) for pair in pairs])
            print(f"  pairs {heights[0]} and {heights[1]} pixels tall, {gap:2} apart{told:20.1%}")
    placements = draw_placements(len(digits.digits))
    drawings = (render_digit(*both) for both in zip(digits.digits, placements, strict=True))
    print(f"  single pen digits{np.mean([looks_like_several(drawing) for drawing in drawings]):31.2%}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("digits", type=Path, metavar="DIGITS.npz", help="digits as strokes")
    parser.add_argument("letters", type=Path, metavar="LETTERS.npz", help="letters as strokes")
    options = parser.parse_args()
    digits, letters = load_strokes(options.digits), load_strokes(options.letters)
    dataset = load_mnist()
    scribbles = make_non_digits(dataset.x_test, dataset.y_test, SCRIBBLES, SCRIBBLE_SEED)
    sets = {
        "pen digits": frame_all(digits),
        "pen letters": frame_all(letters),
        "made non-digits of another seed": scale(scribbles),
        "MNIST's test images": scale(dataset.x_test),
    }
    print_rule(sets)
    print_single_numbers(digits, letters, sets, scale(dataset.x_train[:20_000]))
    print_several(digits, dataset.x_test)


def scale(images: NDArray[np.uint8]) -> Rows:
    """Bring bytes to the network's input, (n, 784) float32."""
    return images.reshape(len(images), -1).astype(np.float32) / 255


if __name__ == "__main__":
    main()
