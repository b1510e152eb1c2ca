"""Lessons: short explanations where things happen, each with its line of Keras and the source that runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import streamlit as st

from mnist_demo.export import running_source
from mnist_demo.texts import LOCALES, Texts
from mnist_demo.ui.common.lesson_numbers import numbers_in_use
from mnist_demo.ui.session import current_session

MODEL = "mnist_demo.training.model"
LOOP = "mnist_demo.training.loop"
COMPILED = "mnist_demo.training.compiled"
LESSON_ICON = ":material/school:"


TOPICS = ("compile", "batch_size", "accuracy", "preprocessing", "probabilities", "why")
"""What no step of the page Lesson says, in the order in which a network is trained and then reads."""


def network_code(hidden: Sequence[int]) -> str:
    """Write in Keras a network with so many neurons in each of its hidden layers."""
    lines = [f'    keras.layers.Dense({neurons}, activation="relu"),' for neurons in hidden]
    lines = ["    keras.Input((784,)),", *lines, '    keras.layers.Dense(10, activation="softmax"),']
    return "\n".join(["model = keras.Sequential([", *lines, "])"])


KERAS: dict[str, str] = {
    "data": "x_train = x_train.reshape(-1, 784) / 255",
    "one_hot": "y_train = keras.utils.to_categorical(digits, 10)",
    "layers": network_code((128, 64)),
    "compile": """model.compile(
    optimizer="adam",
    loss="categorical_crossentropy",
    metrics=["accuracy"],
)""",
    "epochs": "model.fit(x_train, y_train, epochs=10)",
    "batch_size": "model.fit(x_train, y_train, batch_size=32)",
    "validation_split": "model.fit(x_train, y_train, validation_split=0.2)",
    "evaluation": "loss, accuracy = model.evaluate(x_test, y_test)",
    "accuracy": "accuracy = (model.predict(x_test).argmax(axis=1) == test_digits).mean()",
    "probabilities": "probabilities = model.predict(x_test[:1])",
}
"""What one writes in Keras for it; there is none for what the app does besides."""
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
"""For each lesson, or step of one, the functions whose source code it shows: module and name."""
STEP_SOURCES: dict[str, tuple[tuple[str, str], ...]] = {
    "neuron": (("mnist_demo.network.mlp", "Network.activations"),),
    "loss": (("mnist_demo.network.gradient", "cross_entropy"),),
    "learning": (
        ("mnist_demo.network.gradient", "loss_gradient"),
        ("mnist_demo.network.gradient", "Learner.step"),
    ),
}
STEP_KERAS: dict[str, str] = {
    "neuron": 'keras.layers.Dense(128, activation="relu")',
    "loss": "loss = keras.losses.categorical_crossentropy(\n    label, probabilities\n)",
    "learning": "model.train_on_batch(drawing, label)",
}
"""Both for what only a step of the page Lesson shows."""


@cache
def lesson_template(topic: str, language: str) -> str:
    """Return the text of a lesson, in Markdown, with names in braces where numbers belong."""
    return (LOCALES / language / f"{topic}.md").read_text(encoding="utf-8")


def lesson_text(topic: str, language: str, numbers: Mapping[str, str]) -> str:
    """Return the text of a lesson, in Markdown, with the numbers of `lesson_numbers`."""
    return lesson_template(topic, language).format_map(numbers)


@st.fragment
def render_lesson(topic: str, texts: Texts) -> None:
    """Show a lesson in an expander; its content is sent only when it is opened."""
    title = getattr(texts.lessons, topic)
    with st.expander(title, icon=LESSON_ICON, key=f"lesson_{topic}", on_change="rerun") as box:
        if box.open:
            _render_content(topic, "lesson", texts)


@st.fragment
def render_lesson_button(topic: str, texts: Texts) -> None:
    """Show a lesson behind a button, where there is little room; its content is sent when it is opened."""
    title = getattr(texts.lessons, topic)
    with st.popover(
        title, icon=LESSON_ICON, type="tertiary", key=f"lesson_button_{topic}", on_change="rerun"
    ) as box:
        if box.open:
            _render_content(topic, "button", texts)


def _render_content(topic: str, place: str, texts: Texts) -> None:
    """Show text, the line of Keras, and on request the app's own source, which is longer than a beginner's.

    Source is never wrapped: in Python the indentation has a meaning.
    """
    numbers = numbers_in_use(current_session().latest_config, texts.numbers)
    st.markdown(lesson_text(topic, texts.code, numbers))
    render_code(topic, place, texts)


def render_code(topic: str, place: str, texts: Texts) -> None:
    """Show a topic's line of Keras, and on request the source that runs here; `place` names where."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"code_{place}"):
        if line := (KERAS | STEP_KERAS).get(topic):
            st.code(line, language="python")
        shows = st.toggle(texts.lessons.show_source, key=f"source_{place}_{topic}", width="content")
    if shows:
        for module, function in (SOURCES | STEP_SOURCES)[topic]:
            st.code(running_source(module, function), language="python")
