"""Step 11: one's own hand, framed and as it is."""

from __future__ import annotations

import streamlit as st

from mnist_demo.charts import grey, picture_html
from mnist_demo.data import shrink_unframed
from mnist_demo.runs import digit_name
from mnist_demo.ui import services
from mnist_demo.ui.lesson.probabilities import bars
from mnist_demo.ui.lesson.subject import Subject
from mnist_demo.ui.view import View


def render_hand(view: View, subject: Subject) -> None:
    """Compare what the network says of the drawing framed like MNIST's images, and merely shrunk."""
    assert view.run
    words, network = view.texts.lesson, services.calibrated_network(view.run)
    images = {words.unframed: shrink_unframed(subject.steps.ink), words.framed: subject.steps.frame}
    answers = {name: network.predict(image.reshape(1, -1))[0] for name, image in images.items()}
    framed, unframed = (
        digit_name(int(answers[name].argmax()), view.texts) for name in (words.framed, words.unframed)
    )
    template = words.hand_same if framed == unframed else words.hand_differs
    st.markdown(template.format(framed=framed, unframed=unframed))
    for column, (name, image) in zip(st.columns(2), images.items(), strict=True):
        with column:
            st.html(picture_html(grey(image), name))
            st.html(bars(answers[name], int(answers[name].argmax()), view.texts))
