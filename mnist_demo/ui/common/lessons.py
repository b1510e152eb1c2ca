"""Lessons: short explanations where things happen, each with the source code that runs."""

from __future__ import annotations

from functools import cache

import streamlit as st

from mnist_demo.export import running_source
from mnist_demo.texts import LOCALES, Texts

MODEL = "mnist_demo.training.model"
LOOP = "mnist_demo.training.loop"
COMPILED = "mnist_demo.training.compiled"
LESSON_ICON = ":material/school:"
SOURCES: dict[str, tuple[tuple[str, str], ...]] = {
    "data": (("mnist_demo.data.preprocessing", "prepare_images"),),
    "one_hot": ((MODEL, "one_hot_labels"),),
    "layers": ((MODEL, "build_network"),),
    "compile": ((MODEL, "compile_network"),),
    "epochs": ((LOOP, "TrainingSession.train"),),
    "batch_size": ((COMPILED, "CompiledNetwork._train_batches"), (COMPILED, "CompiledNetwork._train_batch")),
    "validation_split": (("mnist_demo.data.summary", "split_validation"),),
    "evaluation": ((LOOP, "TrainingSession.evaluate"), (COMPILED, "CompiledNetwork.evaluate")),
    "accuracy": ((COMPILED, "CompiledNetwork._evaluate_batches"),),
    "preprocessing": (
        ("mnist_demo.data.preprocessing", "frame_in_steps"),
        ("mnist_demo.data.preprocessing", "crop_to_ink"),
        ("mnist_demo.data.preprocessing", "scale_into_box"),
        ("mnist_demo.data.preprocessing", "centre_by_mass"),
    ),
    "probabilities": (("mnist_demo.network.mlp", "softmax"),),
    "why": (("mnist_demo.network.attribution", "integrated_gradients"),),
}
"""For each lesson the functions whose source code it shows: module and name."""


@cache
def lesson_text(topic: str, language: str) -> str:
    """Return the text of a lesson, in Markdown."""
    return (LOCALES / language / f"{topic}.md").read_text(encoding="utf-8")


@st.fragment
def render_lesson(topic: str, texts: Texts) -> None:
    """Show a lesson in an expander; its content is sent only when it is opened."""
    title = getattr(texts.lessons, topic)
    with st.expander(title, icon=LESSON_ICON, key=f"lesson_{topic}", on_change="rerun") as box:
        if box.open:
            _render_content(topic, texts)


@st.fragment
def render_lesson_button(topic: str, texts: Texts) -> None:
    """Show a lesson behind a button, where there is little room; its content is sent when it is opened."""
    title = getattr(texts.lessons, topic)
    with st.popover(
        title, icon=LESSON_ICON, type="tertiary", key=f"lesson_button_{topic}", on_change="rerun"
    ) as box:
        if box.open:
            _render_content(topic, texts)


def _render_content(topic: str, texts: Texts) -> None:
    st.markdown(lesson_text(topic, texts.code))
    for module, function in SOURCES[topic]:
        st.code(running_source(module, function), language="python", wrap_lines=True)
