from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mnist_demo.data.mnist import Dataset
from mnist_demo.data.preprocessing import frame_drawing, prepare_images
from mnist_demo.network.mlp import Network
from mnist_demo.ui.draw.sample_digits import SAMPLES, canvas_objects, enlarge, image_objects

CANVAS_PIXELS = 280


def draw(objects: list[dict[str, Any]]) -> NDArray[np.uint8]:
    """Draw Fabric.js paths as the canvas does, with round ends and joints."""
    image = Image.new("L", (CANVAS_PIXELS, CANVAS_PIXELS))
    pen = ImageDraw.Draw(image)
    for path in objects:
        points = [(x, y) for _, x, y in path["path"]]
        width = path["strokeWidth"]
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
    frame = frame_drawing(draw(canvas_objects(digit, CANVAS_PIXELS, pen_pixels)))
    probabilities = Network.load("notebook").predict(frame.reshape(1, -1))[0]
    assert probabilities.argmax() == digit
    assert probabilities[digit] > 0.9


@pytest.mark.parametrize("digit", SAMPLES)
def test_sample_stays_on_the_canvas(digit: int):
    """Even the thickest pen leaves no ink at the border, where it would be cut."""
    drawing = draw(canvas_objects(digit, CANVAS_PIXELS, 32))
    assert not drawing[[0, -1]].any()
    assert not drawing[:, [0, -1]].any()


def test_stroke_becomes_a_path_of_the_canvas():
    """A 7 is one stroke: moved to the start, then a line to each corner, in pixels of the canvas."""
    (path,) = canvas_objects(7, 100, 6)
    assert path["path"] == [["M", 24, 14], ["L", 76, 13], ["L", 44, 90]]
    assert path["strokeWidth"] == 6
    assert path["fill"] is None


def test_path_is_drawn_as_by_the_pen():
    """White, with round ends and joints, as the canvas writes what was drawn by hand."""
    (path,) = canvas_objects(7, 100, 6)
    assert (path["type"], path["stroke"]) == ("Path", "#ffffff")
    assert (path["strokeLineCap"], path["strokeLineJoin"]) == ("round", "round")


def test_four_is_two_strokes():
    """As one writes it, so that Undo takes them back one by one."""
    assert len(canvas_objects(4, 280, 18)) == 2


def test_image_of_mnist_is_read_the_same_from_the_canvas(mnist: Dataset):
    """It has been framed before, and framing it again leaves it what it is to the network."""
    images = mnist.x_train[:100]
    framed = np.stack([frame_drawing(enlarge(image, CANVAS_PIXELS)).ravel() for image in images])
    network = Network.load("notebook")
    answers, wanted = network.predict(framed), network.predict(prepare_images(images))
    np.testing.assert_allclose(answers, wanted, atol=0.05)


def test_image_is_one_object_as_large_as_the_canvas():
    """So Undo takes it back at once."""
    (shown,) = image_objects(enlarge(np.eye(28, dtype=np.uint8), CANVAS_PIXELS))
    assert (shown["type"], shown["width"], shown["height"]) == ("Image", CANVAS_PIXELS, CANVAS_PIXELS)
    assert shown["src"].startswith("data:image/png;base64,")
