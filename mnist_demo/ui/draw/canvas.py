"""The canvas: what lies on it, what the network sees of that, and what of it survives a reload."""

from __future__ import annotations

import io
import json
import zlib
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_demo.data import CANVAS_PIXELS, FAINT, PEN_PIXELS, FramingSteps, frame_in_steps
from mnist_demo.errors import EmptyDrawing, UnreadableDrawing
from mnist_demo.ui.draw.drawing import Drawing, enlarge, read_drawing
from mnist_demo.ui.draw.sample_digits import render_sample, sample_drawing

MAX_PNG_BYTES = 2 * 4 * CANVAS_PIXELS**2
"""Twice what the pixels take without any compression."""
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_SIZE = 2 * CANVAS_PIXELS.to_bytes(4)
PNG_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
"""What a picture is made of; other chunks may hold megabytes of text for each kilobyte of the file."""
MAX_SAVED_STEPS = 2000
THINNINGS_PIXELS = (0, 1, 2, 4, 8, 16)
"""A drawing of too many steps to be kept as it is loses those that are closer together than this."""
MAX_SAVED_INK_BYTES = 20_000


class CanvasReport(Protocol):
    """What the package of the canvas says of the canvas in the browser.

    Attributes:
        json_data: The Fabric.js canvas; before the browser has sent one, what the page has put there.
    """

    json_data: Any

    @property
    def image_bytes(self) -> bytes | None:
        """Its PNG, None before the browser has sent one; a `ValueError` or the like for anything else."""


@dataclass(frozen=True)
class SavedCanvas:
    """What is kept of a canvas, some kilobytes at the most.

    Attributes:
        drawing: The strokes as compressed JSON.
        image: The image below the strokes.
        ink: What the canvas looked like, (CANVAS_PIXELS, CANVAS_PIXELS) uint8, compressed; empty without ink.
        pen_pixels: Width of the pen.
    """

    drawing: bytes
    image: bytes = b""
    ink: bytes = b""
    pen_pixels: int = PEN_PIXELS

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.drawing) + len(self.image) + len(self.ink)


@dataclass
class Canvas:
    """One visitor's canvas.

    The browser has a canvas of its own and tells of it some time after each stroke. What the page puts there
    counts at once, and until the browser tells of something new: it may tell of such a change late, or never.

    Attributes:
        drawing: What lies on it.
        steps: The drawing on its way to what the network sees; None without ink.
        problem: Why the drawing could not be read, or will not outlive a reload.
        pen_pixels: Width of the pen.
        revision: Grows when the page, not the pen, changes the drawing.
    """

    drawing: Drawing = field(default_factory=Drawing)
    steps: FramingSteps | None = None
    problem: UnreadableDrawing | None = None
    pen_pixels: int = PEN_PIXELS
    revision: int = 0
    _placed: Drawing = field(default_factory=Drawing)
    _told: int | None = None  # a hash of what the browser has told last
    _outdated: int | None = None  # and of what it had told before the page changed the drawing

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies on it."""
        return self.drawing == Drawing()

    @property
    def picture(self) -> NDArray[np.uint8]:
        """What the network is given of it, (CANVAS_PIXELS, CANVAS_PIXELS) uint8; black without ink."""
        return self.steps.ink if self.steps else np.zeros((CANVAS_PIXELS, CANVAS_PIXELS), np.uint8)

    @property
    def token(self) -> str:
        """A name of what lies on it, which is another one after every change."""
        return f"{hash((self.drawing, self.revision)):x}"

    @property
    def initial_drawing(self) -> dict[str, Any]:
        """What the page has put there last, as the package takes it; a change of it is drawn anew."""
        return {"objects": self._placed.to_fabric(CANVAS_PIXELS), "revision": self.revision}

    def put(self, drawing: Drawing, steps: FramingSteps | None) -> None:
        """Replace what lies on the canvas."""
        self.drawing = self._placed = drawing
        self.steps, self.problem = steps, None
        self._outdated = self._told
        self.revision += 1

    def put_sample(self, digit: int) -> None:
        """Put a digit there as if somebody had drawn it."""
        drawing = sample_drawing(digit, CANVAS_PIXELS, self.pen_pixels)
        self.put(drawing, _frame(render_sample(digit, CANVAS_PIXELS, self.pen_pixels)))

    def put_image(self, image: NDArray[np.uint8]) -> None:
        """Put an image (28, 28) uint8 there, on which one can draw."""
        self.put(Drawing(image.tobytes()), _frame(enlarge(image, CANVAS_PIXELS)))

    def undo(self) -> None:
        """Take the last stroke back; what the network sees follows when the browser has drawn the rest."""
        rest = self.drawing.without_last()
        self.put(rest, None if rest == Drawing() else self.steps)

    def clear(self) -> None:
        """Take everything away."""
        self.put(Drawing(), None)

    def leave(self) -> None:
        """Let the browser's canvas begin with the drawing of now when its page is opened again."""
        self._placed = self.drawing

    def read(self, report: CanvasReport) -> None:
        """Take in what the browser tells; see `problem` for what could not be read."""
        try:
            png = report.image_bytes
        except (AttributeError, TypeError, ValueError):  # no string, no comma in it, no base64
            png = b""
        if png is None:
            return
        try:
            drawing = read_drawing(report.json_data, self._placed.image)
            told = hash((png, drawing))  # a stroke over old ink changes nothing that one sees
            if told in {self._told, self._outdated}:
                return
            self.drawing, self._told, self._outdated, self.problem = drawing, told, None, None
            self.steps = None if self.is_empty else _frame(decode_png(png))
            self._check_ink()
        except UnreadableDrawing as error:
            self.steps, self.problem = None, error

    def _check_ink(self) -> None:
        """See whether the browser has shown what was drawn: some hide what is on a canvas, or scramble it.

        Raises:
            UnreadableDrawing: There is no ink though there are strokes, or more than they can leave.
        """
        if self.drawing.image or not self.drawing.reaches(CANVAS_PIXELS):
            return
        inked = int((self.steps.ink > FAINT).sum()) if self.steps else 0
        if not 0 < inked <= self.drawing.max_pixels:
            raise UnreadableDrawing("drawing_hidden")

    def save(self) -> SavedCanvas:
        """Return what is kept over a reload: of a drawing of very many points fewer, or else none."""
        ink = zlib.compress(self.steps.ink.tobytes(), 1) if self.steps else b""
        for pixels in THINNINGS_PIXELS:
            drawing = self.drawing.thinned(pixels) if pixels else self.drawing
            if drawing.steps <= MAX_SAVED_STEPS and len(ink) <= MAX_SAVED_INK_BYTES:
                return SavedCanvas(_pack(drawing), drawing.image, ink, self.pen_pixels)
        self.problem = UnreadableDrawing("drawing_not_kept")
        return SavedCanvas(EMPTY.drawing, pen_pixels=self.pen_pixels)

    def restore(self, saved: SavedCanvas) -> None:
        """Put there what was kept."""
        drawing = read_drawing(json.loads(zlib.decompress(saved.drawing)), saved.image)
        ink = np.frombuffer(zlib.decompress(saved.ink), np.uint8) if saved.ink else None
        self.put(drawing, None if ink is None else _frame(ink.reshape(CANVAS_PIXELS, CANVAS_PIXELS)))
        self.pen_pixels = saved.pen_pixels


def _pack(drawing: Drawing) -> bytes:
    fabric = {"objects": drawing.to_fabric(CANVAS_PIXELS)}
    return zlib.compress(json.dumps(fabric, separators=(",", ":")).encode(), 1)


EMPTY = SavedCanvas(_pack(Drawing()))
"""A canvas on which nothing was done."""


def decode_png(png: bytes) -> NDArray[np.uint8]:
    """Decode the picture of the canvas, (CANVAS_PIXELS, CANVAS_PIXELS, 4) uint8, RGBA.

    Raises:
        UnreadableDrawing: It is no PNG, too large, or not of the canvas' size, which its first bytes tell.
    """
    if len(png) > MAX_PNG_BYTES or not png.startswith(PNG_START):
        raise UnreadableDrawing("drawing_unreadable")
    try:
        with Image.open(io.BytesIO(_without_extras(png)), formats=("PNG",)) as image:
            return np.asarray(image.convert("RGBA"))
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableDrawing("drawing_unreadable") from error


def _without_extras(png: bytes) -> bytes:
    """Leave out the chunks of a PNG that its pixels do not need, and refuse one that tells another size."""
    parts, place = [PNG_START], len(PNG_START)
    while place < len(png):
        end = place + 12 + int.from_bytes(png[place : place + 4])  # length, name, and a checksum at the end
        name = png[place + 4 : place + 8]
        if name == b"IHDR" and png[place + 8 : place + 16] != PNG_SIZE:
            raise UnreadableDrawing("drawing_unreadable")
        if name in PNG_CHUNKS:
            parts.append(png[place:end])
        place = end
    return b"".join(parts)


def _frame(picture: NDArray[np.uint8]) -> FramingSteps | None:
    """Frame a picture; None without ink on it, which strokes outside the canvas leave."""
    try:
        return frame_in_steps(picture)
    except EmptyDrawing:
        return None
