"""The page's styles: answers large enough for the last row, in the theme's colours, and room on a phone."""

from __future__ import annotations

import json

import streamlit as st

from mnist_demo.charts import css_variables
from mnist_demo.ui.draw.canvas import CANVAS_PIXELS

NARROW = "(max-width: 767px)"
"""Where Streamlit moves the navigation into the sidebar, and folds that away."""

PAGE_CSS = """
[data-testid="stMainBlockContainer"] { padding: 4.1rem clamp(1rem, 3vw, 3rem) 3rem; max-width: 90rem; }
[data-testid="stButtonGroup"] [role="radiogroup"], [data-testid="stButtonGroup"] > div { flex-wrap: wrap; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] * {
  color: inherit !important; opacity: 1; }
[data-testid="InputInstructions"] { display: none; } /* "Press Enter", written over what is typed */
:is(a, button, summary, [role="button"]):not(.gallery > *):focus-visible {
  outline: 3px solid var(--fill-chosen) !important;
  outline-color: light-dark(var(--fill-chosen), #9cc3ff) !important;
  outline-offset: 2px !important; box-shadow: none !important; }
[data-testid="stButtonGroup"] button:focus-visible { outline-offset: -3px !important; } /* cut off outside */
[data-testid="stSidebar"] [data-testid="stSliderTickBar"] { opacity: 1; } /* without a mouse over it, too */
[data-testid="stBaseButton-primary"] { color: #fff; color: light-dark(#fff, #10151f); }
[class*="st-key-unseen"], [data-testid="stLayoutWrapper"]:has(> [class*="st-key-unseen"]) { display: none; }
[data-testid="stMain"] h1, [data-testid="stMain"] h2 { padding-block: 0.25rem; }
[data-testid="stMain"] [data-testid="stHeading"]:has(h1, h2) [data-testid="stMarkdownContainer"] {
  margin: 0; }
[data-testid="stLayoutWrapper"]:has(> .st-key-tagline) { margin-top: -0.75rem; }
[data-testid="stLayoutWrapper"]:has(> .st-key-home) { margin-bottom: -1.1rem; }
.st-key-home a { padding: 0; min-height: 0; }
.st-key-home a p { font-size: 0.9rem; font-weight: 600; }
.st-key-network { max-width: 40rem; }
@media (min-width: 768px) { [data-testid="stLayoutWrapper"]:has(> .st-key-explore) { display: none; } }
.st-key-explore a { min-height: 2.75rem; }
.st-key-explore a, .st-key-explore a * { white-space: normal; overflow: visible; }
@media (max-width: 1439px) {
  [data-testid="stTopNavLink"] > :has([data-testid="stIconMaterial"]) { display: none; } }
[data-testid="stExpandSidebarButton"] { width: auto; min-width: 1.75rem; white-space: nowrap; }
[data-testid="stExpandSidebarButton"]::after { font-size: 1rem; padding-inline: 0.35rem; }
@media (max-width: 767px) { [data-testid="stToolbar"] > div > :last-child { min-width: 0; } }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-top: 3.9rem; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-home) { margin-bottom: -0.5rem; }
  [class*="st-key-page_"] { row-gap: 0.75rem; }
  .st-key-header { flex-wrap: nowrap; column-gap: 0.75rem; }
  .st-key-header > :first-child { flex: 1 1 0; width: auto; min-width: 0; }
  .st-key-header > :last-child { flex: none; width: auto; }
  .st-key-header h1 { font-size: 1.2rem; line-height: 1.25; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-tagline) { display: none; }
}
"""

ANSWER_CSS = """
.answer { display: flex; align-items: center; gap: 1rem; min-height: 6rem; }
.answer-digit { font-size: 7rem; line-height: 0.9; font-weight: 700; color: var(--right); }
.answer.flipped .answer-digit { color: var(--wrong); }
.answer-words { font-size: 1.5rem; line-height: 1.3; margin: 0; font-weight: 600; }
.news { font-weight: 600; margin: 0; }
.pictures, .pair { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.picture { margin: 0.5rem 0 0; max-width: 10.5rem; }
.picture img { width: 10.5rem; height: 10.5rem; object-fit: contain; display: block;
  image-rendering: pixelated;
  background: #000; border: 1px solid var(--border); }
.picture.sheet, .picture.sheet img { width: 100%; max-width: 16rem; height: auto; }
.picture.wide, .picture.wide img { width: 12rem; max-width: 12rem; }
.pictures .picture:not(.wide), .pictures .picture:not(.wide) img { width: 6rem; }
.pictures .picture img { height: 6rem; }
.picture figcaption { font-size: 0.9rem; line-height: 1.3; margin-top: 0.3rem; }
.wiring { overflow-x: auto; border: 1px solid var(--border); }
.wiring img { display: block; width: 100%; min-width: 46rem; }
.invitation { border: 2px dashed var(--border); border-radius: 0.75rem; padding: 1.25rem;
  min-height: var(--canvas);
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

# Board, answers, hand and choice are stacked in the order of the page or, where there is room for two
# columns, the answers are beside the rest. The tools are beside the canvas, in reach of a thumb, unless the
# columns are narrow.
DRAWING_CSS = """
.st-key-drawing_room { container-type: inline-size; }
.st-key-drawing, .st-key-drawing > :first-child > *,
.st-key-board, .st-key-answers, .st-key-hand, .st-key-choice { row-gap: 0.5rem; }
.st-key-board h2 { padding: 0 0 0.25rem; }
.st-key-hand [data-testid="stButtonGroup"] > div { display: grid; gap: 0.3rem;
  grid-template-columns: repeat(10, minmax(0, 2.25rem)); }
.st-key-hand [data-testid="stButtonGroup"] button { padding: 0; min-width: 0; width: 100%; }
.st-key-evidence { display: grid; grid-template-columns: 5.75rem minmax(0, 1fr); gap: 0 0.75rem; }
.st-key-evidence > :nth-child(n + 3) { grid-column: 1 / -1; }
.st-key-evidence .picture, .st-key-evidence .picture img { width: 100%; height: auto; margin-top: 0; }
.st-key-train h2 { padding-block: 0; }
.st-key-pen { margin-bottom: -0.5rem; } /* the slider keeps room there for marks that it does not show */
@container (min-width: 345px) and (max-width: 36.9rem), (min-width: 44rem) {
  .st-key-board { display: grid; grid-template-columns: var(--canvas) minmax(0, 6rem); column-gap: 0.5rem; }
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
  .st-key-drawing { display: grid; column-gap: 1.75rem;
    grid-template: auto auto 1fr / var(--canvas) minmax(0, 1fr); }
  .st-key-drawing > :first-child, .st-key-drawing > :first-child > * { display: contents; }
  .st-key-drawing :has(> .st-key-answers) { grid-area: 1 / 2 / 4 / 3; }
}
@container (min-width: 44rem) {
  .st-key-drawing { grid-template-columns: calc(var(--canvas) + 6.5rem) minmax(0, 1fr); }
  .st-key-evidence { grid-template: auto 1fr / 10.5rem minmax(0, 1fr); gap: 0 1.25rem; }
  .st-key-evidence > :nth-child(2) { grid-area: 1 / 2 / 3 / 3; }
  .st-key-evidence > :nth-child(n + 3) { grid-column: 1; }
}
"""


def render_style(menu: str) -> None:
    """Add the style to the page.

    Args:
        menu: What lies behind the button that opens the sidebar; stands beside it, in the page's language.
    """
    name = json.dumps(menu, ensure_ascii=False)
    button = f"@media {NARROW} {{ [data-testid='stExpandSidebarButton']::after {{ content: {name}; }} }}"
    canvas = f":root {{ --canvas: {CANVAS_PIXELS}px; }}"
    st.html(f"<style>{css_variables()}{canvas}{PAGE_CSS}{ANSWER_CSS}{DRAWING_CSS}{button}</style>")
