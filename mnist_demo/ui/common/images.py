"""A note on which images are in use, wherever visitors train on them or look at them."""

from __future__ import annotations

import streamlit as st

from mnist_demo.data import DatasetInfo
from mnist_demo.texts import Texts


def render_images_note(images: DatasetInfo, texts: Texts) -> None:
    """Show which images these are, as a warning if they are not MNIST's."""
    template = texts.data.mnist if images.is_mnist else texts.data.other
    note = template.format(train=texts.numbers.whole(images.n_train), test=texts.numbers.whole(images.n_test))
    if images.is_mnist:
        st.caption(note)
    else:
        st.warning(note, icon=":material/info:")
