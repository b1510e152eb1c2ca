import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mnist_demo.data.mnist import Dataset
from mnist_demo.data.preprocessing import (
    FAINT,
    FRAME_CENTRE,
    INK_PIXELS,
    STROKE_PIXELS,
    centre_by_mass,
    crop_to_ink,
    dilate,
    frame_drawing,
    normalize_stroke_width,
    prepare_images,
    scale_into_box,
    stroke_width,
)
from mnist_demo.data.shape import IMAGE_SIDE
from mnist_demo.errors import EmptyDrawing
from mnist_demo.network.mlp import Network

CANVAS = 280
Picture = NDArray[np.uint8]


def blank() -> Picture:
    """A canvas without ink."""
    return np.zeros((CANVAS, CANVAS), np.uint8)


def box(top: int, left: int, height: int, width: int, ink: int = 255) -> Picture:
    """A filled rectangle on a canvas."""
    drawing = blank()
    drawing[top : top + height, left : left + width] = ink
    return drawing


def disc(row: float, column: float, radius: float) -> Picture:
    """A filled circle on a canvas."""
    rows, columns = np.mgrid[:CANVAS, :CANVAS]
    return np.where((rows - row) ** 2 + (columns - column) ** 2 <= radius**2, 255, 0).astype(np.uint8)


def polyline(*points: tuple[float, float], pen: int = 18) -> Picture:
    """A stroke of a round pen through points (row, column)."""
    image = Image.new("L", (CANVAS, CANVAS))
    draw = ImageDraw.Draw(image)
    draw.line([(column, row) for row, column in points], 255, pen)
    for row, column in points:
        draw.ellipse((column - pen / 2, row - pen / 2, column + pen / 2, row + pen / 2), 255)
    return np.asarray(image)


def centre_of_mass(picture: NDArray) -> tuple[float, float]:
    """Row and column on which a picture would balance."""
    mass = picture.astype(np.float64)
    return (
        float(np.arange(mass.shape[0]) @ mass.sum(axis=1) / mass.sum()),
        float(np.arange(mass.shape[1]) @ mass.sum(axis=0) / mass.sum()),
    )


def ink_shape(frame: NDArray) -> tuple[int, ...]:
    """Height and width of the ink."""
    return crop_to_ink((frame * 255).astype(np.uint8)).shape


def place(drawing: Picture) -> NDArray[np.float32]:
    """Frame a drawing with its stroke as it is."""
    framed = centre_by_mass(scale_into_box(crop_to_ink(drawing)))
    return prepare_images(framed[np.newaxis]).reshape(IMAGE_SIDE, IMAGE_SIDE)


SHAPES = {
    "disc": disc(60, 200, 50),
    "ring": disc(150, 150, 90) - disc(150, 150, 60),
    "off-centre ring": disc(150, 150, 90) - disc(150, 175, 60),
    "bar": box(100, 20, 30, 150),
    "upright bar": box(10, 250, 250, 25),
    "seven": polyline((30, 60), (30, 200), (250, 110)),
    "one": polyline((60, 100), (20, 140), (260, 140)),
    "slanted one": polyline((20, 200), (250, 120)),
    "four": polyline((20, 100), (150, 60), (150, 220)) | polyline((60, 170), (260, 160)),
    "cross": polyline((40, 40), (240, 240)) | polyline((40, 240), (240, 40)),
    "triangle": polyline((20, 140), (250, 40), (250, 240), (20, 140)),
    "corner": polyline((30, 60), (250, 60), (250, 150)),
    "thin line": polyline((30, 30), (100, 250), pen=2),
    "nine": disc(80, 150, 60) - disc(80, 150, 35) | polyline((90, 200), (260, 180)),
}
shapes = pytest.mark.parametrize("drawing", SHAPES.values(), ids=SHAPES.keys())


class TestPrepareImages:
    def test_bytes_become_shares_of_white(self):
        """0, 51 and 255 become 0, 0.2 and 1."""
        images = np.zeros((2, 28, 28), np.uint8)
        images[0, 0, :3] = 0, 51, 255
        rows = prepare_images(images)
        np.testing.assert_array_equal(rows[0, :3], np.array([0, 0.2, 1], np.float32))

    def test_each_image_becomes_a_row_of_float32(self):
        """The network reads (n, 784) float32."""
        rows = prepare_images(np.ones((3, 28, 28), np.uint8))
        assert rows.shape == (3, 784)
        assert rows.dtype == np.float32

    def test_pixels_stay_in_reading_order(self):
        """Row 2, column 5 is number 2 * 28 + 5 = 61."""
        images = np.zeros((1, 28, 28), np.uint8)
        images[0, 2, 5] = 255
        assert prepare_images(images)[0].argmax() == 61


class TestShapeOfADrawing:
    def test_grey_and_rgba_agree(self):
        """Grey ink, opaque grey and white of that opacity are the same drawing."""
        grey = SHAPES["disc"] // 2
        opaque = np.stack([grey, grey, grey, np.full_like(grey, 255)], axis=2)
        white = np.full_like(grey, 255)
        transparent = np.stack([white, white, white, grey], axis=2)
        np.testing.assert_array_equal(frame_drawing(opaque), frame_drawing(grey))
        np.testing.assert_array_equal(frame_drawing(transparent), frame_drawing(grey))

    def test_coloured_ink_counts_in_full(self):
        """A red stroke is as much ink as a white one."""
        white = SHAPES["seven"]
        red = np.stack([white, blank(), blank(), np.full_like(white, 255)], axis=2)
        np.testing.assert_array_equal(frame_drawing(red), frame_drawing(white))

    @pytest.mark.parametrize("shape", [(784,), (28, 28, 3), (2, 28, 28), (1, 28, 28, 4)])
    def test_other_shapes_are_refused(self, shape: tuple[int, ...]):
        """What is neither (H, W) nor (H, W, 4) is a mistake in the program, and said to be."""
        with pytest.raises(ValueError, match=r"\(H, W\) or \(H, W, 4\)"):
            frame_drawing(np.ones(shape, np.uint8))

    def test_frame_is_float32_of_28_by_28(self):
        """The frame has the type that the network reads."""
        frame = frame_drawing(SHAPES["ring"])
        assert frame.shape == (28, 28)
        assert frame.dtype == np.float32

    def test_drawing_itself_stays_as_it_is(self):
        """Framing only reads, even from a picture that nobody may write to."""
        drawing = SHAPES["ring"].copy()
        drawing.flags.writeable = False
        frame_drawing(drawing)
        np.testing.assert_array_equal(drawing, SHAPES["ring"])


class TestBlankDrawing:
    def test_black_drawing_is_refused(self):
        """Without ink there is nothing to recognise."""
        with pytest.raises(EmptyDrawing):
            frame_drawing(blank())

    def test_opaque_black_canvas_is_refused(self):
        """A canvas with its black background has no ink either."""
        canvas = np.zeros((CANVAS, CANVAS, 4), np.uint8)
        canvas[..., 3] = 255
        with pytest.raises(EmptyDrawing):
            frame_drawing(canvas)

    def test_transparent_white_is_no_ink(self):
        """Colour that cannot be seen does not count."""
        canvas = np.full((CANVAS, CANVAS, 4), 255, np.uint8)
        canvas[..., 3] = 0
        with pytest.raises(EmptyDrawing):
            frame_drawing(canvas)

    def test_canvas_of_no_size_is_refused(self):
        """An image without pixels is blank."""
        with pytest.raises(EmptyDrawing):
            frame_drawing(np.zeros((0, 0), np.uint8))


class TestScale:
    def test_bar_keeps_its_proportions(self):
        """40 by 200 becomes 4 by 20: rows 14 - 1.5 = 12.5, to even 12, columns 14 - 9.5 = 4.5, to even 4."""
        expected = np.zeros((28, 28), np.float32)
        expected[12:16, 4:24] = 1
        np.testing.assert_array_equal(place(box(17, 33, 40, 200)), expected)

    @shapes
    def test_longer_side_becomes_20_pixels(self, drawing: Picture):
        """Whatever its size on the canvas, the ink is 20 pixels on its longer side."""
        assert max(ink_shape(frame_drawing(drawing))) == INK_PIXELS

    def test_each_pixel_is_the_mean_of_its_area(self):
        """Of the four pixels of a corner, one is white: a quarter of 255 is 63.75, written 64."""
        drawing = box(100, 100, 40, 40)
        drawing[100, 101] = drawing[101, 100] = drawing[101, 101] = 0
        frame = place(drawing)
        assert frame[4, 4] == np.float32(64) / np.float32(255)
        assert (frame[4:24, 4:24].ravel()[1:] == 1).all()

    def test_thin_line_keeps_a_pixel(self):
        """A line too thin for a pixel of the frame is a pixel wide, not nothing."""
        frame = place(box(140, 10, 1, 260))
        assert ink_shape(frame) == (1, 20)

    def test_single_pixel_fills_the_box(self):
        """A dot of one pixel is enlarged to 20 by 20."""
        expected = np.zeros((28, 28), np.float32)
        expected[4:24, 4:24] = 1
        np.testing.assert_array_equal(frame_drawing(box(3, 270, 1, 1)), expected)

    def test_small_drawing_is_enlarged_smoothly(self):
        """Black and white side by side get greys between them when they are enlarged."""
        drawing = blank()
        drawing[5, 5] = drawing[6, 6] = 255
        frame = frame_drawing(drawing)
        assert ink_shape(frame) == (20, 20)
        assert ((frame > 0.2) & (frame < 0.8)).any()

    @shapes
    def test_peak_is_full_white(self, drawing: Picture):
        """Averaging thins a stroke; its brightest pixel is white again afterwards."""
        frame = frame_drawing(drawing)
        assert frame.max() == 1
        assert frame.min() == 0

    def test_faint_ink_is_stretched_to_white(self):
        """A grey drawing gives the frame of a white one."""
        np.testing.assert_array_equal(
            frame_drawing(box(0, 0, 40, 200, ink=FAINT + 1)), frame_drawing(box(0, 0, 40, 200))
        )

    @pytest.mark.parametrize("level", [1, FAINT])
    def test_stray_faint_pixels_change_nothing(self, level: int):
        """A browser that protects against fingerprinting flips low bits of what is read from a canvas."""
        drawing = box(101, 101, 37, 78)
        with_stray = drawing.copy()
        with_stray[::40, ::40] |= level
        np.testing.assert_array_equal(crop_to_ink(with_stray), crop_to_ink(drawing))
        assert np.abs(frame_drawing(with_stray) - frame_drawing(drawing)).max() < 0.02
        with pytest.raises(EmptyDrawing):
            frame_drawing(np.full((280, 280), level, np.uint8))

    def test_soft_edge_of_a_stroke_is_ink_however_faint(self):
        """It hangs together with what is brighter: a clean drawing is framed to its last pixel."""
        drawing = box(100, 100, 40, 80)
        drawing[98:100, 100:180] = 2
        assert crop_to_ink(drawing).shape == (42, 80)

    def test_two_faint_dots_far_apart_are_ink(self):
        """Dots that average to less than one grey level are still two dots, in opposite corners."""
        drawing = blank()
        drawing[0, 0] = drawing[279, 279] = 60
        frame = place(drawing)
        assert np.argwhere(frame).tolist() == [[4, 4], [23, 23]]
        assert frame.max() == 1


class TestStroke:
    def test_width_of_a_long_bar(self):
        """A bar of 10 by 200 has 2000 pixels of area and 420 of edges: 2 * 2000 / 420 = 9.52."""
        assert stroke_width(box(30, 30, 10, 200)) == pytest.approx(9.52, rel=0.01)

    def test_width_of_a_grey_bar_is_that_of_a_white_one(self):
        """Faint ink is as wide as bright ink."""
        assert stroke_width(box(30, 30, 10, 200, ink=50)) == pytest.approx(stroke_width(box(30, 30, 10, 200)))

    def test_usual_stroke_stays_as_it_is(self):
        """A pen of 24 draws a 7 of 220 pixels: nothing is changed, not even copied."""
        ink = crop_to_ink(polyline((30, 60), (30, 200), (250, 110), pen=24))
        assert normalize_stroke_width(ink) is ink

    @pytest.mark.parametrize(("pen", "width"), [(4, STROKE_PIXELS[0]), (44, STROKE_PIXELS[1])])
    def test_unusual_stroke_is_brought_to_the_nearest_usual_width(self, pen: int, width: float):
        """In the frame, a hair is as wide as MNIST's thinnest strokes and a brush as its thickest."""
        drawing = polyline((40, 60), (40, 220), (240, 110), pen=pen)
        evened = scale_into_box(normalize_stroke_width(crop_to_ink(drawing)), 200)
        assert stroke_width(evened) / 10 == pytest.approx(width, rel=0.1)

    def test_hole_filled_by_a_thick_pen_opens(self):
        """A ring whose hole is a seventh of it has a darker and wider hole afterwards."""
        ring = disc(140, 140, 35) - disc(140, 140, 6)
        hole = (place(ring) < 0.5)[10:19, 10:19].sum()
        assert (frame_drawing(ring) < 0.5)[10:19, 10:19].sum() > hole

    def test_picture_in_the_scale_of_mnist_stays_as_it_is(self):
        """Ink of 20 pixels has no finer pixels by which to thin it."""
        ink = np.full((20, 12), 255, np.uint8)
        assert normalize_stroke_width(ink) is ink

    @pytest.mark.parametrize("pixels", [-4.0, -1.5, 0.5, 3.0])
    def test_edges_move_by_so_many_pixels(self, pixels: float):
        """Along its middle row, a bar of 40 holds twice as many pixels more, edges in parts of white."""
        moved = dilate(box(100, 100, 41, 40), pixels)
        row = moved[len(moved) // 2 - CANVAS // 2 + 120]
        assert row.sum(dtype=int) / 255 == pytest.approx(40 + 2 * pixels, abs=0.01)

    def test_round_ink_stays_round(self):
        """A disc that grows by 12 is as wide across as along its diagonals, to one pixel in ten."""
        grown = dilate(disc(140, 140, 3), 12)
        rows, columns = np.nonzero(grown)
        assert np.ptp(rows + columns) / np.sqrt(2) == pytest.approx(np.ptp(rows), rel=0.1)

    def test_a_patch_is_not_thinned_away(self):
        """A filled disc is no stroke: it stays a filled disc of 20 pixels."""
        frame = frame_drawing(disc(140, 140, 100))
        assert ink_shape(frame) == (20, 20)
        assert (frame[9:19, 9:19] == 1).all()

    def test_noise_of_any_kind_has_a_frame(self):
        """However odd the ink, something of it is left."""
        random = np.random.default_rng(5)
        for _ in range(50):
            side = int(random.integers(21, 150))
            noise = random.random((side, side)) ** random.integers(1, 30)
            assert frame_drawing((255 * noise).astype(np.uint8)).max() == 1


class TestCentre:
    @shapes
    def test_centre_of_mass_is_nearest_to_pixel_14(self, drawing: Picture):
        """Moved by whole pixels, the centre of mass ends up at most half a pixel from 14."""
        row, column = centre_of_mass(frame_drawing(drawing))
        assert abs(row - FRAME_CENTRE) <= 0.5 + 1e-6
        assert abs(column - FRAME_CENTRE) <= 0.5 + 1e-6

    def test_heavy_side_stays_in_the_frame(self):
        """A long hammer would need 12 columns before it and has 8: it moves to the border and is not cut."""
        hammer = box(40, 40, 120, 20) | box(95, 40, 10, 200)
        frame = place(hammer)
        assert ink_shape(frame) == (12, 20)
        assert frame[:, 8].max() == 1
        assert frame[:, 27].max() > 0
        assert frame[:, :8].max() == 0

    def test_heavy_bottom_stays_in_the_frame(self):
        """The other way round and upright, it moves to the upper border and is not cut either."""
        hammer = box(220, 40, 20, 120) | box(40, 98, 200, 4)
        frame = place(hammer)
        assert ink_shape(frame) == (20, 12)
        assert frame[0].max() > 0
        assert frame[19].max() == 1
        assert frame[20:].max() == 0

    @pytest.mark.parametrize(("rows", "columns"), [(-40, -80), (60, 70), (0, 1), (-47, 77)])
    def test_place_on_the_canvas_does_not_matter(self, rows: int, columns: int):
        """The same drawing elsewhere gives exactly the same frame."""
        drawing = polyline((60, 100), (60, 180), (200, 130))
        moved = np.roll(drawing, (rows, columns), axis=(0, 1))
        np.testing.assert_array_equal(frame_drawing(moved), frame_drawing(drawing))

    def test_twice_the_pixels_give_the_same_frame(self):
        """A drawing of 100 pixels and its copy of 200, each pixel made four, are framed the same."""
        pattern = np.random.default_rng(3).choice(np.array([0, 90, 255], np.uint8), (20, 13))
        drawing = np.kron(pattern, np.ones((5, 5), np.uint8))
        doubled = np.kron(drawing, np.ones((2, 2), np.uint8))
        np.testing.assert_array_equal(frame_drawing(doubled), frame_drawing(drawing))

    def test_size_hardly_matters(self):
        """Small strokes by a thin pen and large ones by a thick pen differ by 2 % of white on average."""
        small = polyline((60, 100), (60, 180), (150, 130), pen=12)
        large = polyline((40, 60), (40, 220), (220, 120), pen=24)
        assert np.abs(frame_drawing(small) - frame_drawing(large)).mean() < 0.02


@pytest.fixture(scope="module")
def test_images(mnist: Dataset) -> NDArray[np.uint8]:
    """MNIST's 10,000 test images."""
    return mnist.x_test


@pytest.fixture(scope="module")
def training_images(mnist: Dataset) -> NDArray[np.uint8]:
    """MNIST's 60,000 training images."""
    return mnist.x_train


def enlarge(image: NDArray[np.uint8]) -> Picture:
    """Enlarge an image of 28 by 28 smoothly to a canvas."""
    return np.asarray(Image.fromarray(image).resize((CANVAS, CANVAS), Image.Resampling.BICUBIC))


class TestAgainstMnist:
    def test_framing_mnist_again_changes_nothing(self, test_images: NDArray[np.uint8]):
        """At least 85 % of 1,000 images come back to the bit: they lie in such a frame already."""
        same = [
            np.array_equal(frame_drawing(image), prepare_images(image[None]).reshape(28, 28))
            for image in test_images[:1000]
        ]
        assert np.mean(same) >= 0.85

    def test_centre_of_mass_of_mnist_is_at_pixel_14(self, test_images: NDArray[np.uint8]):
        """MNIST's makers put the centre of mass where this program does."""
        centres = np.array([centre_of_mass(image) for image in test_images])
        assert np.abs(centres - FRAME_CENTRE).max() < 0.53
        np.testing.assert_allclose(centres.mean(axis=0), FRAME_CENTRE, atol=0.02)

    def test_ink_of_mnist_is_20_pixels_long(self, test_images: NDArray[np.uint8]):
        """The longer side of the ink is 20 of 28 pixels, but for one faint border in a thousand images."""
        assert test_images.shape[1:] == (IMAGE_SIDE, IMAGE_SIDE)
        sides = np.array([max(crop_to_ink(image).shape) for image in test_images])
        assert (sides == INK_PIXELS).mean() > 0.999
        assert sides.max() == INK_PIXELS

    def test_peak_of_mnist_is_white(self, test_images: NDArray[np.uint8]):
        """The brightest pixel is 255 in nearly nine of ten images, and never far below."""
        peaks = test_images.max(axis=(1, 2))
        assert (peaks == 255).mean() > 0.85
        assert peaks.min() >= 250

    def test_training_images_lie_where_drawings_are_put(self, training_images: NDArray[np.uint8]):
        """Centre of mass within half a pixel of 14, longer side 20, and peak 255 in about nine of ten."""
        shares = training_images / training_images.sum(axis=(1, 2), keepdims=True)
        for axis in (1, 2):
            centres = shares.sum(axis=3 - axis) @ np.arange(IMAGE_SIDE)
            assert centres.min() > 13.48
            assert centres.max() <= 14.50 + 1e-9
        sides = np.zeros(len(training_images), int)
        for axis in (1, 2):
            marked = training_images.any(axis=axis)
            lengths = IMAGE_SIDE - marked.argmax(axis=1) - marked[:, ::-1].argmax(axis=1)
            sides = np.maximum(sides, lengths)
        assert (sides == INK_PIXELS).mean() > 0.999
        assert sides.max() == INK_PIXELS
        assert 0.85 < (training_images.max(axis=(1, 2)) == 255).mean() < 0.95

    def test_most_strokes_of_mnist_are_usual(self, training_images: NDArray[np.uint8]):
        """Of 1,000 training images, enlarged to the canvas, 85 % or more keep their strokes as they are."""
        inks = [crop_to_ink(enlarge(image)) for image in training_images[::60]]
        assert np.mean([normalize_stroke_width(ink) is ink for ink in inks]) >= 0.85

    def test_enlarged_mnist_is_recognised_as_before(self, test_images: NDArray[np.uint8], mnist: Dataset):
        """Put on the canvas, 2,000 test images are read as well as with their strokes as they are."""
        network, labels = Network.load("notebook"), mnist.y_test[:2000]
        drawings = [enlarge(image) for image in test_images[:2000]]
        evened, escape_markdown = (
            (network.predict(np.stack([way(d).ravel() for d in drawings])).argmax(axis=1) == labels).mean()
            for way in (frame_drawing, place)
        )
        assert evened > escape_markdown - 0.003


class TestPatch:
    @pytest.mark.parametrize(("height", "width"), [(40, 200), (200, 50), (120, 120), (60, 160)])
    def test_filled_rectangle_keeps_its_shape(self, height: int, width: int):
        """A patch is no stroke: its shorter side shrinks as its longer one does, to 20 pixels."""
        frame = frame_drawing(box(0, 0, height, width))
        rows, columns = np.nonzero(frame)
        sides = (np.ptp(rows) + 1, np.ptp(columns) + 1)
        assert sides == (round(20 * height / max(height, width)), round(20 * width / max(height, width)))
