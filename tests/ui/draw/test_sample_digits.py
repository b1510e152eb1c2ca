import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mnist_demo.data import CANVAS_PIXELS
from mnist_demo.data.mnist import Dataset
from mnist_demo.data.preprocessing import frame_drawing, prepare_images
from mnist_demo.network.mlp import Network
from mnist_demo.ui.draw.drawing import Drawing, enlarge
from mnist_demo.ui.draw.sample_digits import SAMPLES, render_sample, sample_drawing


def draw(drawing: Drawing) -> NDArray[np.uint8]:
    """Draw strokes as the canvas does, with round ends and joints."""
    image = Image.new("L", (CANVAS_PIXELS, CANVAS_PIXELS))
    pen = ImageDraw.Draw(image)
    for stroke in drawing.strokes:
        points = [(x, y) for _, x, y in stroke.path]
        width = stroke.pen_pixels
        pen.line(points, 255, width, joint="curve")
        for x, y in points:
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), 255)
    return np.asarray(image)


def test_there_is_a_sample_of_each_digit():
    """0 to 9, in order."""
    assert list(SAMPLES) == list(range(10))


@pytest.mark.parametrize("pen_pixels", [8, 18, 32])
@pytest.mark.parametrize("digit", SAMPLES)
def test_sample_is_recognised_as_its_digit(digit: int, pen_pixels: int):
    """By the network that ships, at more than 90 %, with the thinnest, the usual and the thickest pen."""
    frame = frame_drawing(draw(sample_drawing(digit, CANVAS_PIXELS, pen_pixels)))
    probabilities = Network.load("notebook").predict(frame.reshape(1, -1))[0]
    assert probabilities.argmax() == digit
    assert probabilities[digit] > 0.9


@pytest.mark.parametrize("digit", SAMPLES)
def test_sample_stays_on_the_canvas(digit: int):
    """Even the thickest pen leaves no ink at the border, where it would be cut."""
    drawing = draw(sample_drawing(digit, CANVAS_PIXELS, 32))
    assert not drawing[[0, -1]].any()
    assert not drawing[:, [0, -1]].any()


def test_stroke_becomes_a_path_of_the_canvas():
    """A 7 is one stroke: moved to the start, then a line to each corner, in pixels of the canvas."""
    (stroke,) = sample_drawing(7, 100, 6).strokes
    assert stroke.path == (("M", 24, 14), ("L", 76, 13), ("L", 44, 90))
    assert stroke.pen_pixels == 6


@pytest.mark.parametrize("digit", SAMPLES)
def test_picture_of_a_sample_is_what_the_canvas_will_draw(digit: int):
    """So that the answer is there before the canvas sends its own picture."""
    np.testing.assert_array_equal(
        render_sample(digit, CANVAS_PIXELS, 18), draw(sample_drawing(digit, CANVAS_PIXELS, 18))
    )


def test_four_is_two_strokes():
    """As one writes it, so that Undo takes them back one by one."""
    assert len(sample_drawing(4, CANVAS_PIXELS, 18).strokes) == 2


def test_image_of_mnist_is_read_the_same_from_the_canvas(mnist: Dataset):
    """It has been framed before, and framing it again leaves it what it is to the network."""
    images = mnist.x_train[:100]
    framed = np.stack([frame_drawing(enlarge(image, CANVAS_PIXELS)).ravel() for image in images])
    network = Network.load("notebook")
    answers, wanted = network.predict(framed), network.predict(prepare_images(images))
    np.testing.assert_allclose(answers, wanted, atol=0.05)
