"""A drawing as plain values of our own; whatever a browser says of its canvas is read here, or left out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Self, TypeGuard

import numpy as np
from numpy.typing import NDArray

from mnist_demo.charts import picture_url
from mnist_demo.data import IMAGE_SIDE
from mnist_demo.errors import UnreadableDrawing

Point = tuple[float, float]
Step = tuple[Any, ...]
"""A step of a path: what it does, and the places that it needs."""

NUMBERS = {"M": 2, "L": 2, "Q": 4}
"""The steps that a pen makes (move, line, curve), and how many numbers each has."""
FARTHEST_PIXELS = 10_000
"""A hand that draws leaves the canvas, but not the desk."""
PEN_PIXELS = (1, 100)
DECIMALS = 2
SOFT_EDGE_PIXELS = 3
MAX_STEPS = 20_000
"""Of a whole drawing; a digit has some dozens."""


@dataclass(frozen=True)
class Stroke:
    """A stroke of the pen.

    Attributes:
        path: Its steps, in pixels of the canvas, such as ("M", 10.0, 20.0).
        pen_pixels: Width of the pen.
    """

    path: tuple[Step, ...]
    pen_pixels: float

    @classmethod
    def through(cls, points: list[Point], pen_pixels: float) -> Self:
        """Draw straight lines from point to point."""
        return cls(tuple(("L" if place else "M", *point) for place, point in enumerate(points)), pen_pixels)

    @property
    def max_pixels(self) -> float:
        """How many pixels it can leave on a canvas, soft edges included."""
        places = [step[at : at + 2] for step in self.path for at in range(1, len(step), 2)]
        width = self.pen_pixels + SOFT_EDGE_PIXELS
        return width * (width + sum(math.dist(one, other) for one, other in pairwise(places)))

    def thinned(self, pixels: float) -> Self:
        """Leave out the steps that end less than so many pixels from the one before; the last one stays."""
        kept = [self.path[0]]
        for step in self.path[1:]:
            if step is self.path[-1] or math.dist(step[-2:], kept[-1][-2:]) >= pixels:
                kept.append(step)
        return replace(self, path=tuple(kept))

    def to_fabric(self) -> dict[str, Any]:
        """Write it as the Fabric.js object that the canvas makes of a stroke."""
        return {
            "type": "Path",
            "path": [list(step) for step in self.path],
            "stroke": "#ffffff",
            "strokeWidth": self.pen_pixels,
            "strokeLineCap": "round",
            "strokeLineJoin": "round",
            "fill": None,
        }


@dataclass(frozen=True)
class Drawing:
    """What lies on a canvas.

    Attributes:
        image: An image below the strokes, 28 x 28 bytes of brightness, that the page has put there; or none.
        strokes: The strokes, in the order in which they were drawn.
    """

    image: bytes = b""
    strokes: tuple[Stroke, ...] = ()

    @property
    def steps(self) -> int:
        """The steps of all strokes."""
        return sum(len(stroke.path) for stroke in self.strokes)

    @property
    def max_pixels(self) -> float:
        """How many pixels its strokes can leave on a canvas."""
        return sum(stroke.max_pixels for stroke in self.strokes)

    def reaches(self, canvas_pixels: int) -> bool:
        """Tell whether a step of a stroke ends on a canvas of a size, and not beside it."""
        ends = (step[-2:] for stroke in self.strokes for step in stroke.path)
        return any(min(end) >= 0 and max(end) < canvas_pixels for end in ends)

    def without_last(self) -> Self:
        """Take back the last stroke, or the image once there is none."""
        return replace(self, strokes=self.strokes[:-1]) if self.strokes else type(self)()

    def thinned(self, pixels: float) -> Self:
        """Leave out steps of the strokes that are closer together than so many pixels."""
        return replace(self, strokes=tuple(stroke.thinned(pixels) for stroke in self.strokes))

    def to_fabric(self, canvas_pixels: int) -> list[dict[str, Any]]:
        """Write it as the Fabric.js objects that a canvas of a size shows."""
        image = [_image_object(self.image, canvas_pixels)] if self.image else []
        return [*image, *(stroke.to_fabric() for stroke in self.strokes)]


def enlarge(image: NDArray[np.uint8], canvas_pixels: int) -> NDArray[np.uint8]:
    """Enlarge an image (28, 28) uint8 to the canvas, every pixel a sharp square: (canvas, canvas) uint8.

    Sharp, so that framing finds in an image of MNIST, which has been framed before, little to change.
    """
    return image.repeat(canvas_pixels // len(image), axis=0).repeat(canvas_pixels // len(image), axis=1)


def _image_object(image: bytes, canvas_pixels: int) -> dict[str, Any]:
    pixels = np.frombuffer(image, np.uint8).reshape(IMAGE_SIDE, IMAGE_SIDE)
    place = {"left": 0, "top": 0, "originX": "left", "originY": "top"}
    size = {"width": canvas_pixels, "height": canvas_pixels}
    return {"type": "Image", "src": picture_url(enlarge(pixels, canvas_pixels)), **place, **size}


def read_drawing(fabric: object, image: bytes = b"") -> Drawing:
    """Read what lies on a Fabric.js canvas.

    A browser may send anything, and what it sends may be shown to somebody else: only strokes are taken, of
    numbers that a pen could have drawn. No image is taken from it; it only tells whether ours is still there.

    Args:
        fabric: The canvas as its browser writes it, with a list of `objects`.
        image: What the page had put below the strokes.

    Raises:
        UnreadableDrawing: There are more than `MAX_STEPS` steps.
    """
    objects = fabric.get("objects") if isinstance(fabric, dict) else None
    found = [entry for entry in objects if isinstance(entry, dict)] if isinstance(objects, list) else []
    has_image = bool(found) and found[0].get("type") == "Image"
    if sum(len(path) for entry in found if isinstance(path := entry.get("path"), list)) > MAX_STEPS:
        raise UnreadableDrawing("drawing_unreadable")
    strokes = (_read_stroke(entry) for entry in found)
    return Drawing(image if has_image else b"", tuple(stroke for stroke in strokes if stroke))


def _read_stroke(entry: dict[str, Any]) -> Stroke | None:
    pen, path = entry.get("strokeWidth"), entry.get("path")
    if (
        entry.get("type") != "Path"
        or not _is_number(pen, *PEN_PIXELS)
        or not isinstance(path, list)
        or not path
    ):
        return None
    steps = [_read_step(step) for step in path]
    whole = all(steps) and steps[0][0] == "M"
    return Stroke(tuple(steps), pen) if whole else None


def _read_step(step: object) -> Step:
    """Read a step of a path; an empty one where it is none."""
    if not isinstance(step, list) or not step or not isinstance(step[0], str):
        return ()
    kind, *places = step
    whole = len(places) == NUMBERS.get(kind) and all(
        _is_number(place, -FARTHEST_PIXELS, FARTHEST_PIXELS) for place in places
    )
    return (kind, *(round(place, DECIMALS) for place in places)) if whole else ()


def _is_number(value: Any, low: float, high: float) -> TypeGuard[float]:  # noqa: ANN401 - whatever was sent
    """Tell a number within bounds; true, infinity and what is no number are none."""
    return type(value) in (int, float) and low <= value <= high
