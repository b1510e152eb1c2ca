"""The page's own style: large answers for the last row, in the colours of the theme, with room on a phone."""

from __future__ import annotations

import streamlit as st

PAGE_CSS = """
[data-testid="stMainBlockContainer"] { padding: 4.1rem clamp(1rem, 3vw, 3rem) 3rem; max-width: 90rem; }
[data-testid="stButtonGroup"] [role="radiogroup"], [data-testid="stButtonGroup"] > div { flex-wrap: wrap; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] * {
  color: inherit !important; opacity: 1; }
[data-testid="InputInstructions"] { display: none; } /* "Press Enter", written over what is typed */
:is(a, button, summary, [role="button"]):not(.gallery > *):focus-visible {
  outline: 3px solid #1d5fc4 !important; outline-color: light-dark(#1d5fc4, #9cc3ff) !important;
  outline-offset: 2px !important; box-shadow: none !important; }
[data-testid="stButtonGroup"] button:focus-visible { outline-offset: -3px !important; } /* cut off outside */
[data-testid="stBaseButton-primary"] { color: #fff; color: light-dark(#fff, #10151f); }
[class*="st-key-unseen"], [data-testid="stLayoutWrapper"]:has(> [class*="st-key-unseen"]) { display: none; }
[data-testid="stMain"] h1, [data-testid="stMain"] h2 { padding-block: 0.25rem; }
[data-testid="stMain"] [data-testid="stHeading"]:has(h1, h2) [data-testid="stMarkdownContainer"] {
  margin: 0; }
[data-testid="stLayoutWrapper"]:has(> .st-key-tagline) { margin-top: -0.75rem; }
@media (min-width: 768px) { [data-testid="stLayoutWrapper"]:has(> .st-key-explore) { display: none; } }
.st-key-explore a { min-height: 2.75rem; }
.st-key-explore a, .st-key-explore a * { white-space: normal; overflow: visible; }
[data-testid="stExpandSidebarButton"] { width: auto; min-width: 1.75rem; white-space: nowrap; }
[data-testid="stExpandSidebarButton"]::after { font-size: 1rem; padding-inline: 0.35rem; }
@media (max-width: 767px) { [data-testid="stToolbar"] > div > :last-child { min-width: 0; } }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-top: 3.9rem; }
  [data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] { row-gap: 0.75rem; }
  .st-key-header { flex-wrap: nowrap; column-gap: 0.75rem; }
  .st-key-header > :first-child { flex: 1 1 0; width: auto; min-width: 0; }
  .st-key-header > :last-child { flex: none; width: auto; }
  .st-key-header h1 { font-size: 1.2rem; line-height: 1.25; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-tagline) { display: none; }
}
"""

ANSWER_CSS = """
.answer { display: flex; align-items: center; gap: 1rem; min-height: 6rem; }
.answer-digit { font-size: 7rem; line-height: 0.9; font-weight: 700; color: var(--answer-colour, #2f7fe0); }
.answer-words { font-size: 1.5rem; line-height: 1.3; margin: 0; font-weight: 600; }
.news { font-weight: 600; margin: 0; }
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
@media (max-width: 640px) {
  .answer { min-height: 4.75rem; gap: 0.75rem; }
  .answer-digit { font-size: 5.5rem; }
  .answer-words { font-size: 1.3rem; line-height: 1.25; }
  .invitation { min-height: 0; }
}
"""

# Board, answers, hand and choice: one below the other as they stand in the page or, where there is room for
# two columns, the answers beside the rest. The tools stand beside the canvas, where a thumb is,
# unless the columns are narrow.
DRAWING_CSS = """
.st-key-drawing_room { container-type: inline-size; }
.st-key-drawing, .st-key-drawing > :first-child > *,
.st-key-board, .st-key-answers, .st-key-hand, .st-key-choice { row-gap: 0.5rem; }
.st-key-board h2 { font-size: 1.3rem; padding: 0 0 0.25rem; }
.st-key-hand [data-testid="stButtonGroup"] > div { display: grid; gap: 0.3rem;
  grid-template-columns: repeat(10, minmax(0, 2.25rem)); }
.st-key-hand [data-testid="stButtonGroup"] button { padding: 0; min-width: 0; width: 100%; }
.st-key-evidence { display: grid; grid-template-columns: 5.75rem minmax(0, 1fr); gap: 0 0.75rem; }
.st-key-evidence > :nth-child(n + 3) { grid-column: 1 / -1; }
.st-key-evidence .picture, .st-key-evidence .picture img { width: 100%; height: auto; margin-top: 0; }
.st-key-train h2 { padding-block: 0; }
.st-key-pen { margin-bottom: -0.5rem; } /* the slider keeps room there for marks that it does not show */
@container (min-width: 345px) and (max-width: 36.9rem), (min-width: 44rem) {
  .st-key-board { display: grid; grid-template-columns: 280px minmax(0, 6rem); column-gap: 0.5rem; }
  .st-key-board > :first-child { grid-column: 1 / -1; }
  .st-key-tools { flex-direction: column; align-items: stretch; }
  .st-key-tools > *, .st-key-tools button { width: 100%; }
  .st-key-tools button { padding: 0.45rem 0.1rem; min-height: 3.25rem; }
  .st-key-tools button > div > span { flex-direction: column; gap: 0.1rem; }
  .st-key-tools button p { font-size: 0.8rem; }
}
@media (min-width: 641px) {
  .st-key-choice button { min-height: 1.75rem; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-drawing_room) { margin-block: -0.6rem; }
}
@container (min-width: 37rem) {
  .st-key-drawing { display: grid; grid-template: auto auto 1fr / 280px minmax(0, 1fr); column-gap: 1.75rem; }
  .st-key-drawing > :first-child, .st-key-drawing > :first-child > * { display: contents; }
  .st-key-drawing :has(> .st-key-answers) { grid-area: 1 / 2 / 4 / 3; }
}
@container (min-width: 44rem) {
  .st-key-drawing { grid-template-columns: calc(280px + 6.5rem) minmax(0, 1fr); }
  .st-key-evidence { grid-template: auto 1fr / 10.5rem minmax(0, 1fr); gap: 0 1.25rem; }
  .st-key-evidence > :nth-child(2) { grid-area: 1 / 2 / 3 / 3; }
  .st-key-evidence > :nth-child(n + 3) { grid-column: 1; }
}
"""


def render_style() -> None:
    """Add the style to the page."""
    st.html(f"<style>{PAGE_CSS}{ANSWER_CSS}{DRAWING_CSS}</style>")
