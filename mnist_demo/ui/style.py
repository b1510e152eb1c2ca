"""The page's own style: large answers for the last row, in the colours of the theme."""

from __future__ import annotations

import streamlit as st

STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding: 4.5rem clamp(1rem, 3vw, 3rem) 3rem; max-width: 90rem; }
[data-testid="stButtonGroup"] [role="radiogroup"], [data-testid="stButtonGroup"] > div { flex-wrap: wrap; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] * {
  color: inherit !important; opacity: 1; }
[data-testid="stBaseButton-primary"] { color: #fff; color: light-dark(#fff, #10151f); }
.st-key-unseen { display: none; }
.answer { display: flex; align-items: center; gap: 1rem; min-height: 7rem; }
.answer-digit { font-size: 7rem; line-height: 1; font-weight: 700; color: var(--answer-colour, #2f7fe0); }
.answer-words { font-size: 1.5rem; line-height: 1.3; margin: 0; font-weight: 600; }
.pictures { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.picture { margin: 0.5rem 0 0; max-width: 10.5rem; }
.picture img { width: 10.5rem; height: 10.5rem; object-fit: contain; display: block;
  image-rendering: pixelated;
  background: #000; border: 1px solid #8a94a6; }
.picture.sheet, .picture.sheet img { width: 100%; max-width: 16rem; height: auto; }
.picture.wide, .picture.wide img { width: 12rem; max-width: 12rem; }
.pictures .picture:not(.wide), .pictures .picture:not(.wide) img { width: 6rem; }
.pictures .picture img { height: 6rem; }
.picture figcaption { font-size: 0.9rem; line-height: 1.3; margin-top: 0.3rem; }
.invitation { border: 2px dashed #8a94a6; border-radius: 0.75rem; padding: 1.25rem; min-height: 280px;
  display: flex; flex-direction: column; justify-content: center; align-items: center; text-align: center; }
.invitation span { font-size: 3rem; line-height: 1; }
.invitation p { font-size: 1.4rem; line-height: 1.35; margin: 0.75rem 0 0; }
</style>
"""


def render_style() -> None:
    """Add the style to the page."""
    st.html(STYLE)
