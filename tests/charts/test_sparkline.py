import base64
import math
import re
import xml.etree.ElementTree as ET

import pytest

from mnist_demo.charts.sparkline import EDGE, HEIGHT, WIDTH, sparkline_html
from mnist_demo.runs.run import History
from tests.factories import make_history

SVG = "{http://www.w3.org/2000/svg}"


def drawn(history: History) -> ET.Element:
    """Draw, and read the drawing."""
    return ET.fromstring(base64.b64decode(re.search(r"base64,([^\"]+)", sparkline_html(history, ""))[1]))


def places(path: ET.Element) -> list[tuple[float, float]]:
    """Where a line goes."""
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path.get("d"))]


class TestSparkline:
    def test_both_losses_fill_the_room(self):
        """The form of the curves is what the picture is for: best at the bottom, worst at the top."""
        training, validation = drawn(make_history([0.5, 0.4, 0.6], [0.9, 0.3, 0.1])).iter(f"{SVG}path")
        assert places(training)[0] == (EDGE, EDGE)
        assert places(training)[-1] == (WIDTH - EDGE, HEIGHT - EDGE)
        assert [x for x, _ in places(validation)] == [x for x, _ in places(training)]
        assert validation.get("stroke-dasharray")
        assert not training.get("stroke-dasharray")

    @pytest.mark.parametrize("losses", [[0.5, 0.5], [math.nan, 0.5], [0.5, math.inf]])
    def test_odd_histories_stay_in_the_picture(self, losses: list[float]):
        """Nothing divides by zero; what has overflowed is left out."""
        for path in drawn(make_history(losses, losses)).iter(f"{SVG}path"):
            for x, y in places(path):
                assert 0 <= x <= WIDTH
                assert 0 <= y <= HEIGHT

    @pytest.mark.parametrize(
        "history", [History(), make_history([0.5]), make_history([math.nan] * 2, [math.nan] * 2)]
    )
    def test_nothing_to_draw_is_nothing(self, history: History):
        """Not an empty frame, nor two points that are no curve."""
        assert sparkline_html(history, "Curve") == ""

    def test_words_are_text(self):
        """They come from a catalogue, and are escaped all the same."""
        assert 'alt="&#34;&gt;"' in sparkline_html(make_history([0.5, 0.4]), '">')
