import math

from mnist_demo.runs.run import RunStatus
from mnist_demo.texts import load_texts
from mnist_demo.ui.runs.card import run_html
from tests.factories import make_run

EN, ES = load_texts("en"), load_texts("es")


class TestCard:
    def test_name_and_figures_are_said_once(self):
        """A list of twenty repeats nothing."""
        card = run_html(make_run(name="Ana", test_accuracy=0.976, test_loss=0.0864), False, ES)
        assert card.count("Ana") == 1
        assert card.count("97,6\u00a0%") == 1
        assert "0,086" in card
        assert "terminada" not in card

    def test_name_is_text(self):
        """Whatever somebody typed."""
        name = "<b>*a* -> :material/delete: www.other.example</b>"
        card = run_html(make_run(name=name), False, EN)
        assert "&lt;b&gt;*a* -&gt; :material/delete: www.other.example&lt;/b&gt;" in card

    def test_run_in_use_says_so(self):
        """And no other."""
        assert EN.runs.in_use in run_html(make_run(), True, EN)
        assert EN.runs.in_use not in run_html(make_run(), False, EN)

    def test_run_that_ended_early_says_how(self):
        """Without figures that nobody took."""
        run = make_run(status=RunStatus.FAILED, test_accuracy=None, test_loss=None)
        card = run_html(run, False, EN)
        assert "Failed after epoch 2." in card
        assert "run-figures" not in card

    def test_run_that_learned_nothing_says_what_to_do(self):
        """As beside the curves."""
        card = run_html(make_run(test_loss=math.nan, test_accuracy=0.098), False, EN)
        assert EN.runs.try_slower in card
