"""Ways to the other pages and the settings, which Streamlit hides behind a small button on a phone."""

from __future__ import annotations

import json
from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from mnist_demo.texts import Texts

NARROW = "(max-width: 767px)"
"""Where Streamlit moves the navigation into the sidebar, and folds that away."""


def name_menu(name: str) -> None:
    """Say beside the button that opens the sidebar what lies there; its own name stays Streamlit's."""
    st.html(
        f"<style>@media {NARROW} {{ [data-testid='stExpandSidebarButton']::after {{"
        f" content: {json.dumps(name, ensure_ascii=False)}; }} }}</style>"
    )


def render_links(pages: Sequence[StreamlitPage], texts: Texts) -> None:
    """Show the other pages, each with what it is for; in `style` hidden where the navigation is in sight."""
    words = texts.page_links
    purposes = {
        "data": words.data,
        "inside": words.inside,
        "evaluation": words.evaluation,
        "compare": words.compare,
        "lab": words.lab,
        "runs": words.runs,
    }
    with st.container(key="explore", gap="xsmall"):
        st.header(words.title, anchor=False)
        for page in pages:
            st.page_link(page, label=f"**{page.title}**: {purposes[page.url_path]}")
