"""The canvas, told by a browser that is slow, silent or hostile."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mnist_demo.errors import UnreadableDrawing
from mnist_demo.ui.draw.canvas import (
    CANVAS_PIXELS,
    EMPTY,
    MAX_PNG_BYTES,
    MAX_SAVED_STEPS,
    Canvas,
    decode_png,
)
from mnist_demo.ui.draw.drawing import Drawing, Stroke
from mnist_demo.ui.draw.sample_digits import render_sample, sample_drawing

SIZE = (CANVAS_PIXELS, CANVAS_PIXELS)
DIGIT = np.full((28, 28), 200, np.uint8)
SAVED_BYTES = 50_000
"""More than any canvas takes that is kept."""


@dataclass
class Report:
    """What the package of the canvas says."""

    json_data: Any
    image_bytes: bytes | None


def png(ink: NDArray[np.uint8], kind: str = "PNG") -> bytes:
    """Write a picture (h, w) as the browser does, RGBA."""
    file = io.BytesIO()
    Image.fromarray(ink).convert("RGBA" if kind == "PNG" else "RGB").save(file, kind)
    return file.getvalue()


def told(drawing: Drawing, ink: NDArray[np.uint8] | None) -> Report:
    """Tell of a drawing; without ink as before the browser has sent anything."""
    fabric = {"objects": drawing.to_fabric(CANVAS_PIXELS)}
    return Report(fabric, None if ink is None else png(ink))


def drawn(digit: int, pen: int = 18) -> Report:
    """Tell of a digit that somebody has drawn."""
    return told(sample_drawing(digit, CANVAS_PIXELS, pen), render_sample(digit, CANVAS_PIXELS, pen))


BLANK = told(Drawing(), np.zeros(SIZE, np.uint8))


class TestReading:
    def test_drawing_is_framed(self):
        """Strokes for the page, ink for the network."""
        canvas = Canvas()
        canvas.read(drawn(7))
        assert canvas.drawing == sample_drawing(7, CANVAS_PIXELS, 18)
        np.testing.assert_array_equal(canvas.steps.ink, render_sample(7, CANVAS_PIXELS, 18))

    def test_before_the_browser_has_sent_anything_the_page_knows_what_it_put_there(self):
        """Coming back to the page, the drawing is answered at once."""
        canvas = Canvas()
        canvas.put_sample(7)
        canvas.read(told(canvas.drawing, None))
        assert canvas.steps.ink.any()
        assert not canvas.is_empty

    def test_strokes_outside_leave_no_ink(self):
        """There is something to undo, and nothing to answer."""
        canvas = Canvas()
        canvas.read(
            told(Drawing(strokes=(Stroke.through([(-90, 5), (-80, 9)], 18),)), np.zeros(SIZE, np.uint8))
        )
        assert canvas.steps is None
        assert not canvas.is_empty

    @pytest.mark.parametrize("shown", [0, 1, 255], ids=["blank", "low bits", "white"])
    def test_browser_that_hides_the_canvas_is_told_of(self, shown: int):
        """It is not left looking as if nothing had been drawn, and no noise is read as a digit."""
        canvas = Canvas()
        canvas.read(told(sample_drawing(7, CANVAS_PIXELS, 18), np.full(SIZE, shown, np.uint8)))
        assert canvas.steps is None
        assert canvas.problem.code == "drawing_hidden"
        canvas.read(drawn(7))
        assert canvas.problem is None

    @pytest.mark.parametrize("pen", [8, 18, 32])
    @pytest.mark.parametrize("digit", range(10))
    def test_digits_leave_no_more_ink_than_their_strokes_can(self, digit: int, pen: int):
        """No true drawing is taken for a scrambled one."""
        canvas = Canvas()
        canvas.read(drawn(digit, pen))
        assert canvas.problem is None
        assert canvas.steps.ink.any()

    def test_stroke_over_old_ink_counts(self):
        """The picture is the same, and Undo has one stroke more to take back."""
        canvas, one = Canvas(), sample_drawing(1, CANVAS_PIXELS, 18)
        ink = render_sample(1, CANVAS_PIXELS, 18)
        canvas.read(told(one, ink))
        canvas.read(told(Drawing(strokes=one.strokes * 2), ink))
        canvas.undo()
        assert canvas.drawing == one


class TestChangingByThePage:
    def test_late_word_of_the_former_drawing_changes_nothing(self):
        """The browser still tells of the 1, when the page has put a 7 there."""
        canvas = Canvas()
        canvas.read(drawn(1))
        canvas.put_sample(7)
        canvas.read(drawn(1))
        assert canvas.drawing == sample_drawing(7, CANVAS_PIXELS, 18)
        canvas.read(drawn(7))
        canvas.read(drawn(1))
        assert canvas.drawing == sample_drawing(1, CANVAS_PIXELS, 18)

    def test_page_puts_what_the_browser_is_to_draw(self):
        """Each time under another number, so that the browser draws also what it had drawn before."""
        canvas = Canvas()
        canvas.put_sample(4)
        first = canvas.initial_drawing
        assert len(first["objects"]) == 2
        canvas.put_sample(4)
        assert canvas.initial_drawing["objects"] == first["objects"]
        assert canvas.initial_drawing["revision"] != first["revision"]

    def test_pens_drawing_is_not_sent_back(self):
        """Each stroke would build the canvas anew under the hand."""
        canvas = Canvas()
        before = canvas.initial_drawing
        canvas.read(drawn(7))
        assert canvas.initial_drawing == before
        canvas.leave()
        assert canvas.initial_drawing["objects"] == drawn(7).json_data["objects"]

    def test_undo_takes_strokes_back_until_nothing_is_left(self):
        """What was answered holds until the browser has drawn the rest; nothing is answered to nothing."""
        canvas = Canvas()
        canvas.read(drawn(4))
        canvas.undo()
        assert len(canvas.drawing.strokes) == 1
        assert canvas.steps is not None
        canvas.undo()
        assert canvas.is_empty
        assert canvas.steps is None
        canvas.undo()
        assert canvas.is_empty

    def test_cleared_canvas_is_empty_at_once(self):
        """Before the browser says so, and after."""
        canvas = Canvas()
        canvas.read(drawn(4))
        canvas.clear()
        canvas.read(drawn(4))
        assert canvas.is_empty
        canvas.read(BLANK)
        assert canvas.is_empty
        assert canvas.steps is None

    def test_image_stays_below_what_is_drawn_on_it(self):
        """The browser's own words for it are not taken."""
        canvas = Canvas()
        canvas.put_image(DIGIT)
        assert canvas.steps.ink.shape == SIZE
        on_it = Drawing(DIGIT.tobytes(), sample_drawing(1, CANVAS_PIXELS, 18).strokes)
        canvas.read(told(on_it, np.full(SIZE, 200, np.uint8)))
        assert canvas.drawing == on_it
        canvas.undo()
        assert canvas.drawing == Drawing(DIGIT.tobytes())

    def test_black_image_has_nothing_to_answer(self):
        """Images of one's own may be anything."""
        canvas = Canvas()
        canvas.put_image(np.zeros((28, 28), np.uint8))
        assert canvas.steps is None


class TestSaving:
    def restored(self, canvas: Canvas) -> Canvas:
        """Reload the page."""
        other = Canvas()
        other.restore(canvas.save())
        return other

    def test_reload_brings_all_back(self):
        """Drawing, pen, and to the pixel what the network sees."""
        canvas = Canvas(pen_pixels=25)
        canvas.read(drawn(7, 25))
        other = self.restored(canvas)
        assert other.drawing == canvas.drawing
        assert other.initial_drawing["objects"] == canvas.drawing.to_fabric(CANVAS_PIXELS)
        assert other.pen_pixels == 25
        np.testing.assert_array_equal(other.steps.frame, canvas.steps.frame)

    def test_image_comes_back_as_well(self):
        """With a stroke upon it."""
        canvas = Canvas()
        canvas.put_image(DIGIT)
        canvas.read(
            told(Drawing(DIGIT.tobytes(), sample_drawing(1, 280, 18).strokes), np.full(SIZE, 200, np.uint8))
        )
        assert self.restored(canvas).drawing == canvas.drawing

    def test_untouched_canvas_is_the_empty_one(self):
        """So that the store need not keep it."""
        assert Canvas().save() == EMPTY
        assert self.restored(Canvas()).is_empty

    def test_drawing_of_5000_points_comes_back_thinned(self):
        """It looks the same: no point of it moves, and none is missing for long."""
        angles = np.linspace(0, 60 * np.pi, 5000)
        points = np.stack([140 + angles * np.cos(angles) / 2, 140 + angles * np.sin(angles) / 2], 1).round(4)
        canvas = Canvas()
        spiral = Drawing(strokes=(Stroke.through([tuple(point) for point in points.tolist()], 12),))
        canvas.read(told(spiral, render_sample(3, CANVAS_PIXELS, 18)))
        assert canvas.save().size <= SAVED_BYTES
        (stroke,) = self.restored(canvas).drawing.strokes
        kept = {step[1:] for step in stroke.path}
        assert kept <= {step[1:] for step in canvas.drawing.strokes[0].path}
        assert MAX_SAVED_STEPS / 2 < len(kept) <= MAX_SAVED_STEPS
        places = np.array(sorted(kept))
        apart = np.hypot(*(points[::100, np.newaxis] - places).T).min(axis=0)
        assert apart.max() < 8
        assert canvas.problem is None

    def test_monstrous_drawing_is_told_not_to_survive(self):
        """Nothing is lost without a word."""
        dots = np.random.default_rng(1).uniform(0, 280, (MAX_SAVED_STEPS + 1, 2)).round(2).tolist()
        strokes = tuple(Stroke.through([tuple(dot)], 18) for dot in dots)
        canvas = Canvas(pen_pixels=25)
        canvas.read(told(Drawing(strokes=strokes), render_sample(3, CANVAS_PIXELS, 18)))
        saved = canvas.save()
        assert saved.size <= SAVED_BYTES
        assert canvas.problem.code == "drawing_not_kept"
        assert self.restored(canvas).is_empty
        assert self.restored(canvas).pen_pixels == 25
        canvas.clear()
        assert canvas.problem is None

    def test_most_that_is_kept_takes_little(self):
        """As many steps as may be, all over the canvas."""
        places = np.random.default_rng(1).uniform(0, 280, (MAX_SAVED_STEPS, 4)).round(2).tolist()
        path = (("M", 1.0, 1.0), *(("Q", *place) for place in places[1:]))
        canvas = Canvas()
        canvas.read(told(Drawing(strokes=(Stroke(path, 18),)), render_sample(3, CANVAS_PIXELS, 18)))
        assert canvas.save().size <= SAVED_BYTES
        assert len(self.restored(canvas).drawing.strokes[0].path) == MAX_SAVED_STEPS

    def test_noise_is_too_much_to_keep(self):
        """A picture that no pen has drawn fills no server."""
        noise = np.random.default_rng(1).integers(0, 256, SIZE, np.uint8)
        canvas = Canvas()
        canvas.read(told(sample_drawing(3, CANVAS_PIXELS, 18), noise))
        assert canvas.save().size <= SAVED_BYTES


def chunk(name: bytes, data: bytes) -> bytes:
    """Write a chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def header(width: int, height: int) -> bytes:
    """Write the chunk that tells the size of a grey picture."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))


@cache
def black() -> bytes:
    """Write the chunk of 13,000 by 13,000 black pixels."""
    return chunk(b"IDAT", zlib.compress(bytes(13_001 * 13_000), 9))


def bomb(*headers: bytes) -> bytes:
    """Write a PNG of them."""
    return b"".join([b"\x89PNG\r\n\x1a\n", *headers, black(), chunk(b"IEND", b"")])


@contextmanager
def little_memory() -> Iterator[None]:
    """Allow some copies of a canvas, and no more."""
    tracemalloc.start()
    try:
        yield
        _, most = tracemalloc.get_traced_memory()
        assert most < 4 * MAX_PNG_BYTES
    finally:
        tracemalloc.stop()


class TestHostilePictures:
    def test_picture_of_the_canvas_is_decoded(self):
        """The usual case: what the browser sends."""
        ink = render_sample(3, CANVAS_PIXELS, 18)
        np.testing.assert_array_equal(decode_png(png(ink))[..., 0], ink)
        assert decode_png(png(ink)).shape == (*SIZE, 4)

    @pytest.mark.parametrize("size", [(1000, 1000), (280, 281), (279, 280), (1, 1), (560, 560)])
    def test_other_size_is_refused(self, size: tuple[int, int]):
        """Whatever it holds."""
        with pytest.raises(UnreadableDrawing):
            decode_png(png(np.zeros(size[::-1], np.uint8)))

    @pytest.mark.parametrize(
        "headers",
        [
            [header(13_000, 13_000)],
            [header(280, 280), header(13_000, 13_000)],
            [header(2**31 - 1, 2**31 - 1)],
            [],
        ],
    )
    def test_large_picture_is_refused_without_unpacking_it(self, headers: list[bytes]):
        """Its size is read before any pixel, also where it tells two sizes."""
        picture = bomb(*headers)
        with little_memory(), pytest.raises(UnreadableDrawing):
            decode_png(picture)

    def test_picture_with_more_pixels_than_it_tells_costs_no_memory(self):
        """The first ones are taken."""
        picture = bomb(header(280, 280))
        with little_memory():
            assert decode_png(picture).shape == (*SIZE, 4)

    def test_text_in_a_picture_is_not_unpacked(self):
        """Comments of a megabyte take a kilobyte each."""
        text = chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(1_000_000), 9))
        plain = png(render_sample(3, CANVAS_PIXELS, 18))
        stuffed = plain[:33] + 300 * text + plain[33:]
        assert len(stuffed) < MAX_PNG_BYTES
        np.testing.assert_array_equal(decode_png(stuffed), decode_png(plain))

    @pytest.mark.parametrize("kind", ["JPEG", "BMP", "GIF", "TIFF", "PPM", "EPS", "WEBP"])
    def test_other_formats_are_refused(self, kind: str):
        """Only the format that the canvas sends is ever opened."""
        with pytest.raises(UnreadableDrawing):
            decode_png(png(np.zeros(SIZE, np.uint8), kind))

    def test_very_long_file_is_refused(self):
        """Though it begins as a picture."""
        with pytest.raises(UnreadableDrawing):
            decode_png(png(np.zeros(SIZE, np.uint8)) + bytes(MAX_PNG_BYTES))

    def test_damaged_pictures_are_pictures_or_refused(self):
        """Any byte may be another one, and the file may end anywhere."""
        whole, random = png(render_sample(3, CANVAS_PIXELS, 18)), np.random.default_rng(1)
        refused = 0
        for place in random.integers(0, len(whole), 600).tolist():
            changed = bytearray(whole)
            changed[place] ^= int(random.integers(1, 256))
            for damaged in (bytes(changed), whole[:place]):
                try:
                    assert decode_png(damaged).shape == (*SIZE, 4)
                except UnreadableDrawing:
                    refused += 1
        assert refused > 300

    @pytest.mark.parametrize("picture", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"x" * 1000])
    def test_rubbish_is_told(self, picture: bytes):
        """The strokes stay, and clearing or drawing goes on."""
        canvas = Canvas()
        canvas.read(drawn(7))
        canvas.read(Report(drawn(1).json_data, picture))
        assert canvas.problem.code == "drawing_unreadable"
        assert canvas.steps is None
        canvas.read(drawn(1))
        assert canvas.problem is None
        assert canvas.steps is not None

    @pytest.mark.parametrize("error", [ValueError, AttributeError, TypeError])
    def test_what_is_no_picture_at_all_is_told(self, error: type[Exception]):
        """The package fails on a text without a comma, on bad base64, on a number."""

        class Rubbish:
            json_data = drawn(7).json_data

            @property
            def image_bytes(self) -> bytes:
                raise error

        canvas = Canvas()
        canvas.read(Rubbish())
        assert canvas.problem.code == "drawing_unreadable"
