"""The pages, in the order of the navigation; a page is a folder, a line here, and words in the catalogues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mnist_demo.texts import Texts, languages, load_texts
from mnist_demo.ui.classroom.page import render_class
from mnist_demo.ui.compare.page import render_compare
from mnist_demo.ui.data.page import render_data
from mnist_demo.ui.draw.page import render_draw
from mnist_demo.ui.evaluate.page import render_evaluation
from mnist_demo.ui.inside.page import render_inside
from mnist_demo.ui.lab.page import render_lab
from mnist_demo.ui.lesson.page import render_lesson_page
from mnist_demo.ui.runs.page import render_runs
from mnist_demo.ui.view import View


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        name: The last part of its address; its words in the section `pages` of the catalogues begin with it.
        icon: One of Google's Material Symbols.
        render: Draws it, below its title.
        teaches: Whether it is for the teacher alone.
    """

    name: str
    icon: str
    render: Callable[[View], None]
    teaches: bool = False

    def label(self, texts: Texts) -> str:
        """Return its name in the navigation."""
        return str(getattr(texts.pages, self.name))

    def title(self, texts: Texts) -> str:
        """Return its heading."""
        return str(getattr(texts.pages, f"{self.name}_title"))

    def purpose(self, texts: Texts) -> str:
        """Return one sentence on what it is for."""
        return str(getattr(texts.pages, f"{self.name}_purpose"))


PAGES = (
    Page("draw", "draw", render_draw),
    Page("lesson", "school", render_lesson_page),
    Page("class", "groups", render_class, teaches=True),
    Page("data", "photo_library", render_data),
    Page("inside", "hub", render_inside),
    Page("evaluation", "fact_check", render_evaluation),
    Page("compare", "compare_arrows", render_compare),
    Page("lab", "science", render_lab),
    Page("runs", "inventory_2", render_runs),
)
"""The first one opens when no other is asked for, and is the one with the settings of training."""


def check_words(pages: Sequence[Page]) -> None:
    """Hold the pages against the catalogues, when the app starts.

    Raises:
        LookupError: The words of a page are missing, or a page is missing of which there are words.
    """
    expected = {page.name + word for page in pages for word in ("", "_title", "_purpose")}
    for language in languages():
        words = {name for name in vars(load_texts(language).pages) if not name.startswith("_")}
        if missing := sorted(expected - words):
            raise LookupError(f"{language}.toml: the section [pages] lacks {', '.join(missing)}.")
        if unknown := sorted(words - expected):
            raise LookupError(f"{language}.toml: no page in ui/pages.py has the words {', '.join(unknown)}.")


check_words(PAGES)
