"""A question that is answered before its result is shown: who predicts first, learns."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from mnist_demo.runs import escape_markdown
from mnist_demo.texts import Texts
from mnist_demo.ui.lesson.progress import Progress


@dataclass(frozen=True)
class Question:
    """A question in words.

    Attributes:
        name: Under which its answer is kept.
        text: What is asked.
        options: What one may answer.
        right: Which of them is right, from 0; None: that shows in what one does then.
        why: Why.
    """

    name: str
    text: str
    options: tuple[str, ...]
    right: int | None
    why: str


def ask(question: Question, progress: Progress, texts: Texts) -> bool:
    """Ask, or show what was answered; return whether there is an answer, so that the result may be shown."""
    given = progress.answers.get(question.name)
    if given is None or given >= len(question.options):
        _offer(question, progress, texts)
        return False
    with st.container(key=f"asked_{question.name}", gap="xsmall"):
        st.markdown(f"**{escape_markdown(question.text)}**")
        st.markdown(outcome(question, given, texts))
    return True


def outcome(question: Question, given: int, texts: Texts) -> str:
    """Say what was answered, and whether that was right, as Markdown."""
    words, answer = texts.lesson, escape_markdown(question.options[given])
    if question.right is None:
        return words.said.format(answer=answer)
    if given == question.right:
        return words.right.format(answer=answer)
    return words.wrong.format(answer=answer, right=escape_markdown(question.options[question.right]))


def _offer(question: Question, progress: Progress, texts: Texts) -> None:
    with st.container(border=True, key=f"question_{question.name}"):
        key = f"lesson_{question.name}"
        chosen = st.radio(
            f"**{escape_markdown(question.text)}**",
            range(len(question.options)),
            index=None,
            key=key,
            format_func=[escape_markdown(option) for option in question.options].__getitem__,
        )
        st.button(
            texts.lesson.commit,
            type="primary",
            key=f"commit_{question.name}",
            disabled=chosen is None,
            on_click=_commit,
            args=(progress, question.name, key),
        )


def _commit(progress: Progress, question: str, key: str) -> None:
    chosen = st.session_state.get(key)
    if chosen is not None:
        progress.commit(question, chosen)
