import base64
import html
import io
import re

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mnist_demo.charts.pictures import (
    OPPOSITION,
    SUPPORT,
    grey,
    heat_map,
    lay_out,
    neuron_grid,
    picture_html,
    row_html,
)

PIXELS = np.array([[0, 128], [255, 7]], np.uint8)


def decoded(markup: str) -> NDArray[np.uint8]:
    """Read the pixels of the picture that stands in a piece of HTML."""
    (encoded,) = re.findall(r'src="data:image/png;base64,([^"]+)"', markup)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))))


class TestPicture:
    def test_pixels_arrive_as_they_are(self):
        """PNG loses nothing, and the browser asks nobody for it."""
        np.testing.assert_array_equal(decoded(picture_html(PIXELS, "grey")), PIXELS)
        coloured = np.stack([PIXELS, 255 - PIXELS, PIXELS], axis=-1)
        np.testing.assert_array_equal(decoded(picture_html(coloured, "coloured")), coloured)

    def test_caption_is_the_text_of_the_picture(self):
        """Whoever does not see it hears what stands below it."""
        markup = picture_html(PIXELS, "Cropped to the ink")
        assert 'alt="Cropped to the ink"' in markup
        assert "<figcaption>Cropped to the ink</figcaption>" in markup

    @pytest.mark.parametrize("caption", ['"><script>alert(1)</script>', "3 < 5 & 'so on'", '" onload="x'])
    def test_caption_is_text_never_markup(self, caption: str):
        """No sign of a caption ends the attribute or begins an element."""
        markup = picture_html(PIXELS, caption)
        (alt,) = re.findall(r'alt="([^"]*)"', markup)
        (said,) = re.findall(r"<figcaption>(.*)</figcaption>", markup)
        assert html.unescape(alt) == html.unescape(said) == caption
        assert re.findall(r"<(\w+)", markup) == ["figure", "img", "figcaption"]
        assert re.findall(r' (\w+)="', markup) == ["class", "alt", "src"]

    def test_wide_picture_is_marked(self):
        """The grid of neurons is wider than an image."""
        assert 'class="picture wide"' in picture_html(PIXELS, "x", kind="wide")
        assert 'class="picture"' in picture_html(PIXELS, "x")

    def test_row_holds_its_pictures_in_order(self):
        """From left to right as given."""
        markup = row_html([picture_html(PIXELS, caption) for caption in ("first", "second")])
        assert re.findall(r'alt="([^"]*)"', markup) == ["first", "second"]
        assert markup.startswith('<div class="pictures">')
        assert markup.endswith("</div>")


class TestGrey:
    def test_shares_become_bytes(self):
        """0 is black, 1 is white, and what lies between is rounded to the nearest."""
        shares = np.array([[0, 1, 0.5, 0.0021, 0.0019]], np.float32)
        assert grey(shares).tolist() == [[0, 255, 128, 1, 0]]
        assert grey(shares).dtype == np.uint8


class TestHeatMap:
    def test_strongest_voices_have_the_full_colours(self):
        """Blue for, orange against, each as bright as its share of the strongest."""
        shares = np.array([[2, -2]], np.float32)
        coloured = heat_map(shares, np.ones((1, 2), np.float32))
        assert coloured.dtype == np.uint8
        assert coloured.tolist() == [[SUPPORT.tolist(), OPPOSITION.tolist()]]

    def test_colours_are_told_apart(self):
        """Support is blue above all, opposition red above all."""
        assert SUPPORT.argmax() == 2
        assert OPPOSITION.argmax() == 0

    def test_ink_that_says_nothing_is_dark_grey(self):
        """The drawing stays visible beneath; where there is no ink it is black."""
        shares = np.array([[4, 0, 0, 0]], np.float32)
        ink = np.array([[1, 1, 0.5, 0]], np.float32)
        assert heat_map(shares, ink)[0, 1:].tolist() == [[70, 70, 70], [35, 35, 35], [0, 0, 0]]

    def test_weak_voice_is_seen_by_the_root_of_its_share(self):
        """A quarter of the strongest, on black, has half the colour."""
        coloured = heat_map(np.array([[4, 1, -1]], np.float32), np.zeros((1, 3), np.float32))
        assert coloured[0, 1].tolist() == np.rint(SUPPORT / 2).tolist()
        assert coloured[0, 2].tolist() == np.rint(OPPOSITION / 2).tolist()

    def test_weak_voice_is_mixed_with_the_ink(self):
        """Half colour, half grey ink of 70."""
        coloured = heat_map(np.array([[4, 1]], np.float32), np.ones((1, 2), np.float32))
        assert coloured[0, 1].tolist() == np.rint(35 + SUPPORT / 2).tolist()

    def test_where_nothing_speaks_only_ink_is_seen(self):
        """A network that answers nothing divides by no zero."""
        coloured = heat_map(np.zeros((2, 2), np.float32), np.ones((2, 2), np.float32))
        assert (coloured == 70).all()


class TestNeuronGrid:
    @pytest.mark.parametrize(
        ("neurons", "shape"),
        [(1, (1, 8)), (8, (1, 8)), (9, (2, 8)), (64, (6, 12)), (128, (8, 16)), (1024, (32, 32))],
    )
    def test_grid_has_room_for_all(self, neurons: int, shape: tuple[int, int]):
        """About twice as wide as high, from 8 to 32 columns."""
        assert neuron_grid(np.ones(neurons, np.float32)).shape == shape

    def test_neurons_stand_in_reading_order(self):
        """The strongest is white, the others by their share of it, the rest of the row black."""
        activations = np.array([0, 1, 2, 3, 4, 0, 0, 2, 1], np.float32)
        assert neuron_grid(activations).tolist() == [
            [0, 64, 128, 191, 255, 0, 0, 128],
            [64, 0, 0, 0, 0, 0, 0, 0],
        ]

    def test_silent_layer_is_black(self):
        """Where no neuron answers, nothing is divided by zero."""
        assert not neuron_grid(np.zeros(10, np.float32)).any()


class TestSprite:
    @pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (3, 2, 2), (5, 3, 2), (128, 12, 11)])
    def test_every_picture_lies_in_its_place(self, count: int, columns: int, rows: int):
        """Row by row, and black where there is none."""
        tiles = np.random.default_rng(1).integers(1, 255, (count, 3, 2), np.uint8)
        sprite = lay_out(tiles)
        assert (sprite.columns, sprite.rows) == (columns, rows)
        sheet = decoded(f'src="{sprite.url}"')
        assert sheet.shape == (3 * rows, 2 * columns)
        for index, tile in enumerate(tiles):
            top, left = 3 * (index // columns), 2 * (index % columns)
            np.testing.assert_array_equal(sheet[top : top + 3, left : left + 2], tile)

    def test_colours_are_kept(self):
        """A picture in colours lies there in colours."""
        tiles = np.random.default_rng(1).integers(0, 255, (2, 3, 3, 3), np.uint8)
        np.testing.assert_array_equal(decoded(f'src="{lay_out(tiles).url}"'), np.hstack(tiles))
