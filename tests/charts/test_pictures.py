import base64
import html
import io
import re

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mnist_demo.charts.pictures import (
    SHEET_GAP_PIXELS,
    SHEET_NEURONS,
    contact_sheet,
    first_layer_sheet,
    grey,
    heat_map,
    lay_out,
    neuron_grid,
    picture_html,
    row_html,
    weight_pictures,
)
from mnist_demo.charts.theme import Colour, OnBlack, rgb

SUPPORT, OPPOSITION = rgb(OnBlack.POSITIVE), rgb(OnBlack.NEGATIVE)

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

    def test_last_row_is_filled_up_with_paper(self):
        """As many columns as were asked for."""
        sheet = contact_sheet(np.zeros((3, 2, 2), np.uint8), columns=2, paper=255)
        assert sheet.shape == (4, 4)
        assert (sheet == 255).sum() == 4
        assert (sheet[2:, 2:] == 255).all()


class TestWeightPictures:
    COUNTS = np.eye(28, dtype=bool)

    def test_blue_is_for_and_orange_against(self):
        """The weight that excites most is blue, the one that inhibits most orange, none is black."""
        weights = np.zeros((28, 28, 1), np.float32)
        weights[0, 0], weights[1, 1] = 0.5, -0.5
        (picture,) = weight_pictures(weights.reshape(784, 1), self.COUNTS)
        red, _, blue = picture[0, 0].astype(int)
        assert blue > red
        red, _, blue = picture[1, 1].astype(int)
        assert red > blue
        assert not picture[2, 2].any()

    def test_pixels_that_do_not_count_stay_black(self):
        """Their weights are as chance drew them."""
        pictures = weight_pictures(np.ones((784, 3), np.float32), self.COUNTS)
        assert pictures.shape == (3, 28, 28, 3)
        assert not pictures[:, ~self.COUNTS].any()
        assert pictures[:, self.COUNTS].any(axis=-1).all()

    def test_nothing_is_white_on_white(self):
        """On paper a picture on black would take all the ink."""
        weights = np.zeros((28, 28, 1), np.float32)
        weights[0, 0], weights[1, 1] = 0.5, -0.5
        (picture,) = weight_pictures(weights.reshape(784, 1), self.COUNTS, on_white=True)
        assert picture[0, 0].tolist() == rgb(Colour.POSITIVE).tolist()
        assert picture[1, 1].tolist() == rgb(Colour.NEGATIVE).tolist()
        assert (picture[2:] == 255).all()


class TestFirstLayerSheet:
    def test_neurons_with_larger_weights_come_first(self):
        """Each on its own white square."""
        weights = np.zeros((784, 2), np.float32)
        weights[:28, 0], weights[28:56, 1] = 0.1, -4
        sheet = first_layer_sheet(weights)
        gap, step = SHEET_GAP_PIXELS, 28 + 2 * SHEET_GAP_PIXELS
        assert sheet.shape == (step, 8 * step, 3)
        assert sheet[gap + 1, gap].tolist() == rgb(Colour.NEGATIVE).tolist()
        assert sheet[gap, gap].tolist() == [255, 255, 255]
        assert sheet[gap, step + gap].tolist() == rgb(Colour.POSITIVE).tolist()
        assert (sheet[:, 2 * step :] == 255).all()

    def test_large_layer_is_not_shown_whole(self):
        """A report stays small."""
        random = np.random.default_rng(1).normal(size=(784, 1024)).astype(np.float32)
        assert first_layer_sheet(random).shape == first_layer_sheet(random[:, :SHEET_NEURONS]).shape
