"""Papers to print: on the network of a school, and on privacy."""

from __future__ import annotations

import re

import pytest
from markupsafe import escape

from mnist_demo.jobs import EXPERIMENTS
from mnist_demo.texts import languages, load_texts
from mnist_demo.ui.classroom.papers import PAPERS, build_paper, network_card

pytestmark = pytest.mark.parametrize("language", languages())


@pytest.mark.parametrize("name", PAPERS)
def test_paper_is_whole_and_asks_nobody(language: str, name: str):
    """It can be saved and handed on."""
    paper = build_paper(name, language)
    assert f'<html lang="{language}">' in paper
    assert not re.search(r"https?://|<script|src=|href=", paper)


def test_card_has_what_the_app_shows(language: str):
    """In the same order."""
    paper = build_paper("network", language)
    places = [paper.index(escape(what)) for what, _ in network_card(load_texts(language))]
    assert places == sorted(places)


def test_questions_about_experiments_have_the_same_choices_in_every_language(language: str):
    """Votes are counted by the choice's place."""
    for experiment in EXPERIMENTS:
        counts = [
            len(getattr(load_texts(code).class_questions, f"{experiment.name}_choices").split("|"))
            for code in (language, "en")
        ]
        assert counts[0] == counts[1] >= 2
