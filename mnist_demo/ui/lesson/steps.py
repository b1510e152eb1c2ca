"""The steps of the lesson, in the notebook's order; a step is a line here, and words in the catalogues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mnist_demo.texts import Texts
from mnist_demo.ui.lesson.checks import render_checks
from mnist_demo.ui.lesson.hand import render_hand
from mnist_demo.ui.lesson.layers import render_layers
from mnist_demo.ui.lesson.learning import render_learning
from mnist_demo.ui.lesson.neuron import render_neuron
from mnist_demo.ui.lesson.numbers import render_image, render_label
from mnist_demo.ui.lesson.probabilities import render_loss, render_softmax
from mnist_demo.ui.lesson.progress import STEP_NAMES
from mnist_demo.ui.lesson.question import Question
from mnist_demo.ui.lesson.subject import Subject
from mnist_demo.ui.lesson.training import (
    mistakes_option,
    render_epochs,
    render_evaluation,
    render_overfitting,
)
from mnist_demo.ui.view import View


@dataclass(frozen=True)
class Step:
    """A step.

    Attributes:
        name: Its words in the section `lesson_steps` of the catalogues begin with it.
        render: Shows what there is to do, once its question is answered.
        right: Which option is right, from 0, or what finds that out; None: that shows in what one does.
        code: The topic of `common.lessons` whose code is shown; empty for none.
        draws: Whether a canvas stands beside it.
        asks: Whether it has one question; else it asks its own ones.
        hides_network: Whether the network in use would answer it, so that it is shown only afterwards.
        wide: Whether what it shows takes the whole width, below text and canvas.
    """

    name: str
    render: Callable[[View, Subject], None]
    right: int | Callable[[View], int | None] | None
    code: str = ""
    draws: bool = False
    wide: bool = False
    asks: bool = True
    hides_network: bool = False

    def title(self, texts: Texts) -> str:
        """Return its heading."""
        return self._words(texts, "title")

    def text(self, texts: Texts) -> str:
        """Return its explanation, in Markdown."""
        return self._words(texts, "text")

    def question(self, view: View) -> Question | None:
        """Return what is asked before the result; None in the step that has questions of its own."""
        if not self.asks:
            return None
        texts = view.texts
        right = self.right(view) if callable(self.right) else self.right
        options = tuple(self._words(texts, "options").split("|"))
        return Question(self.name, self._words(texts, "question"), options, right, self._words(texts, "why"))

    def _words(self, texts: Texts, kind: str) -> str:
        return str(getattr(texts.lesson_steps, f"{self.name}_{kind}"))


STEPS = (
    Step("image", render_image, 2, "data", draws=True, wide=True),
    Step("label", render_label, 2, "one_hot"),
    Step("neuron", render_neuron, 1, "neuron", draws=True),
    Step("layers", render_layers, 2, "layers"),
    Step("softmax", render_softmax, 0, "probabilities", draws=True),
    Step("loss", render_loss, 0, "loss", draws=True),
    Step("learning", render_learning, 2, "learning", draws=True),
    Step("epochs", render_epochs, 2, "epochs"),
    Step("overfitting", render_overfitting, 1, "validation_split"),
    Step("evaluation", render_evaluation, mistakes_option, "evaluation", hides_network=True),
    Step("hand", render_hand, None, "preprocessing", draws=True),
    Step("checks", render_checks, None, draws=True, wide=True, asks=False),
)
assert tuple(step.name for step in STEPS) == STEP_NAMES
