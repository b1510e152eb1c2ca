"""What a class can be asked besides digits: about the ready-made experiments, and what the lesson asks.

In all languages at once: each phone shows its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mnist_demo.jobs import EXPERIMENTS, Experiment
from mnist_demo.texts import Texts, languages, load_texts
from mnist_demo.ui.common.predictions import RIGHT_CHOICES, choices, question
from mnist_demo.ui.lesson.steps import STEPS
from mnist_demo.ui.view import View

Words = Mapping[str, str]
"""One text for each language, by its code."""


@dataclass(frozen=True)
class AskedQuestion:
    """A question with choices.

    Attributes:
        group: Where it comes from, in the page's language.
        id: Its name.
        text: What is asked.
        choices: What can be answered.
        answer: Which of them is right, from 0; None: that shows in what one does.
    """

    group: str
    id: str
    text: Words
    choices: tuple[Words, ...]
    answer: int | None


def experiment_id(experiment: Experiment) -> str:
    """Name the question about an experiment."""
    return f"experiment-{experiment.name}"


def class_questions(view: View) -> tuple[AskedQuestion, ...]:
    """List the questions, those of the experiments first."""
    return (*_experiment_questions(view.texts), *_lesson_questions(view))


def _experiment_questions(texts: Texts) -> list[AskedQuestion]:
    group = texts.class_questions.from_experiments
    questions = []
    for experiment in EXPERIMENTS:
        name = experiment.name
        text = {code: question(name, load_texts(code)) for code in languages()}
        offered = {code: choices(name, load_texts(code)) for code in languages()}
        questions.append(
            AskedQuestion(group, experiment_id(experiment), text, _turn(offered), RIGHT_CHOICES[name])
        )
    return questions


def _lesson_questions(view: View) -> list[AskedQuestion]:
    group = view.texts.class_questions.from_lesson
    questions = []
    for step in STEPS:
        asked = {code: step.question(replace(view, texts=load_texts(code))) for code in languages()}
        known = {code: each for code, each in asked.items() if each}
        if not known:
            continue
        text = {code: each.text for code, each in known.items()}
        offered = {code: list(each.options) for code, each in known.items()}
        answer = known[view.texts.code].right
        questions.append(AskedQuestion(group, f"lesson-{step.name}", text, _turn(offered), answer))
    return questions


def _turn(offered: Mapping[str, list[str]]) -> tuple[Words, ...]:
    """Turn the choices of each language into the languages of each choice."""
    count = min(map(len, offered.values()))
    return tuple({code: each[place] for code, each in offered.items()} for place in range(count))
