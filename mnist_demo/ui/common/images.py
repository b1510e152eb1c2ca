"""Which images are in use, said wherever somebody trains on them or looks at them."""

from __future__ import annotations

import streamlit as st

from mnist_demo.data import DatasetInfo
from mnist_demo.texts import Texts


def render_images_note(images: DatasetInfo, texts: Texts) -> None:
    """Say which images these are, and plainly when they are not MNIST's."""
    form = texts.data.mnist if images.is_mnist else texts.data.other
    note = form.format(train=texts.numbers.whole(images.n_train), test=texts.numbers.whole(images.n_test))
    if images.is_mnist:
        st.caption(note)
    else:
        st.warning(note, icon=":material/info:")
