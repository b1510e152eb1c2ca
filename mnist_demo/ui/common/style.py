"""The page's styles: answers large enough for the last row, in the theme's colours, and room on a phone."""

from __future__ import annotations

import json

import streamlit as st

from mnist_demo.charts import css_variables
from mnist_demo.ui.common.projector_style import PROJECTOR_CSS

NARROW = "(max-width: 767px)"
"""Where Streamlit moves the navigation into the sidebar, and folds that away."""

PAGE_CSS = """
[data-testid="stMainBlockContainer"] { padding: 4.1rem clamp(1rem, 3vw, 3rem) 3rem; max-width: 90rem; }
[data-testid="stButtonGroup"] [role="radiogroup"], [data-testid="stButtonGroup"] > div { flex-wrap: wrap; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] * {
  color: inherit !important; opacity: 1; }
[data-testid="stMain"]:focus-visible, [data-testid="stMain"]:focus-visible::before {
  outline: none !important; box-shadow: none !important; } /* no frame around all when a key is pressed */
[data-testid="stCode"] .token { color: inherit !important; } /* the theme's are too pale to be read */
[data-testid="InputInstructions"] { display: none; } /* "Press Enter", written over what is typed */
:is(a, button, summary, [role="button"]):not(.gallery > *):focus-visible {
  outline: 3px solid var(--fill-chosen) !important;
  outline-color: light-dark(var(--fill-chosen), var(--stage-focus)) !important;
  outline-offset: 2px !important; box-shadow: none !important; }
[data-testid="stButtonGroup"] button:focus-visible { outline-offset: -3px !important; } /* cut off outside */
[data-testid="stButtonGroup"] [data-selected][data-hovered] {
  background-color: transparent !important; } /* the theme's is too near to its words */
[role="option"][data-key], [role="option"][data-key] > div { white-space: normal !important;
  height: auto !important; overflow: visible !important; }
[role="option"][data-key] { min-height: 2.5rem; padding-block: 0.5rem !important; }
[data-testid="stSliderTickBar"] { opacity: 1; } /* without a mouse over it, too */
[data-testid="stBaseButton-primary"] { color: #fff; color: light-dark(#fff, #10151f); }
[class*="st-key-unseen"], [data-testid="stLayoutWrapper"]:has(> [class*="st-key-unseen"]) { display: none; }
[data-testid="stMain"] h1, [data-testid="stMain"] h2 { padding-block: 0.25rem; }
[data-testid="stMain"] [data-testid="stHeading"]:has(h1, h2) [data-testid="stMarkdownContainer"] {
  margin: 0; }
[class*="st-key-page_"]:not(.st-key-page_draw) [data-testid="stHeading"]:has(h2),
[class*="st-key-section_"] { margin-top: 1rem; }
[class*="st-key-section_"] [data-testid="stHeading"]:has(h2) { margin-top: 0 !important; }
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
  .st-key-header { gap: 0.4rem 0.75rem; } /* the languages go below a title that has no room beside them */
  .st-key-header > :first-child { flex: 1 1 6rem; width: auto; }
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
.pictures, .pair { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.picture { margin: 0.5rem 0 0; max-width: 10.5rem; }
.picture img { width: 10.5rem; height: 10.5rem; object-fit: contain; display: block;
  image-rendering: pixelated;
  background: #000; border: 1px solid var(--border); }
.picture.sheet, .picture.sheet img { width: 100%; max-width: 16rem; height: auto; }
.picture.wide, .picture.wide img { width: 12rem; max-width: 12rem; }
.pictures { --side: 6rem; }
.pictures .picture:not(.wide), .pictures .picture:not(.wide) img { width: var(--side); }
.pictures .picture img { height: var(--side); }
.picture figcaption { font-size: 0.9rem; line-height: 1.3; margin-top: 0.3rem; }
@media (max-width: 640px) {
  .pair { flex-wrap: nowrap; }
  .pair .picture { flex: 1 1 0; max-width: none; }
  .pair .picture img { width: 100%; height: auto; }
  :is(.st-key-page_inside, .st-key-page_evaluation) .pictures { --side: 4.8rem; }
  .answer { min-height: 4.75rem; gap: 0.75rem; }
  .answer-digit { font-size: 5.5rem; }
  .answer-words { font-size: 1.3rem; line-height: 1.25; }
}
"""

# The stage: canvas, network with answer, training. Heights come in a few steps, so that everything that one
# needs is in sight without scrolling; on a phone the parts are stacked, the answer first.
STAGE_CSS = """
:root { --canvas: 280px; --stage-height: 336px; --chart-height: 200px; }
@media (min-width: 900px) and (min-height: 600px) { :root {
  --canvas: 290px; --stage-height: 342px; --chart-height: 112px; } }
@media (min-width: 1000px) and (min-height: 760px) { :root {
  --canvas: 330px; --stage-height: 382px; --chart-height: 146px; } }
@media (min-width: 1200px) and (min-height: 860px) { :root {
  --canvas: 400px; --stage-height: 452px; --chart-height: 180px; } }
@media (min-width: 1600px) and (min-height: 1000px) { :root {
  --canvas: 500px; --stage-height: 552px; --chart-height: 230px; } }
@media (max-height: 480px) and (min-width: 600px) {
  :root { --canvas: 216px; --stage-height: 268px; }
  .st-key-page_draw h1 { font-size: 1.1rem; }
  .st-key-page_draw .st-key-header { flex-wrap: nowrap; }
  [data-testid="stMainBlockContainer"]:has(.st-key-stage) { padding-top: 3.7rem; }
  .stage .stage-bars li { min-height: 0.9rem; }
  .stage .stage-answer .answer, .stage .stage-answer .invitation { min-height: 3.4rem; }
  .stage .stage-answer .answer-digit { font-size: 3.5rem; }
  .st-key-page_draw { row-gap: 0.4rem; }
  .st-key-tools button { min-height: 2.25rem; }
  .st-key-tools button p { display: none; }
}
@media (max-width: 899px) { .st-key-projector { display: none; } } /* no projector is that small */
@media (max-width: 340px) { :root { --canvas: 240px; } }
/* The same picture by itself, with no canvas beside it. */
.st-key-page_inside { --stage-height: clamp(380px, 68vh, 760px); --answer-width: clamp(16rem, 27cqw, 24rem);
  --picture-height: 118cqw; }
.st-key-page_draw h1 { font-size: 1.5rem; }
.st-key-stage { display: grid; gap: 0.6rem 1.25rem; grid-template-columns: var(--canvas) minmax(0, 1fr); }
/* Whatever stands between the stage and its parts is as good as not there. */
.st-key-stage :has(.st-key-board):not(:has(> .st-key-board)) { display: contents; }
.st-key-stage :has(> :is(.st-key-board, .st-key-tools, .st-key-network_view, .st-key-controls, .st-key-curves,
  .st-key-closer)) { min-width: 0; }
.st-key-stage :has(> .st-key-board) { grid-area: board; }
.st-key-stage :has(> .st-key-tools) { grid-area: tools; }
.st-key-stage :has(> .st-key-network_view) { grid-area: network; }
.st-key-stage :has(> .st-key-controls) { grid-area: controls; }
.st-key-stage :has(> .st-key-curves) { grid-area: curves; }
.st-key-stage :has(> .st-key-closer) { grid-area: closer; }
.st-key-board, .st-key-controls, .st-key-curves, .st-key-closer { row-gap: 0.4rem; }
@media (max-width: 599px) {
  .st-key-page_draw h1 { font-size: 1.15rem; }
  .st-key-page_draw .st-key-header > :has(> .st-key-network) { flex: 1 0 100%; order: 3; }
  .st-key-stage { column-gap: 0.5rem; grid-template-areas:
    "board tools" "network network" "controls controls" "curves curves" "closer closer"; }
  .st-key-stage :has(> .st-key-tools) { max-width: 6rem; }
  .st-key-lesson_doing .st-key-board { display: grid; gap: 0.5rem;
    grid-template-columns: var(--canvas) minmax(0, 6rem); }
  .st-key-tools { flex-direction: column; align-items: stretch; width: 100%; height: 100%; }
  .st-key-tools > *, .st-key-tools button { width: 100%; }
  .st-key-tools button { height: 100%; }
}
@media (max-width: 360px) {
  .st-key-tools button p { display: none; }
  .st-key-actions { flex-wrap: wrap !important; }
}
/* Three words side by side are wider than the smaller canvases. */
@media (max-width: 999px), (max-height: 759px) {
  :root:not(.projector-view) .st-key-actions button:not([data-testid="stBaseButton-primary"])
    span[data-has-shortcut] > :first-child { display: none; } }
@media (min-width: 600px) {
  .st-key-stage { grid-template-rows: auto 1fr; grid-template-areas:
    "board network" "tools network" "controls controls" "curves curves" "closer closer"; }
  .st-key-stage .st-key-tools { margin-top: -0.2rem; } }
@media (min-width: 900px) { .st-key-stage { grid-template-areas:
  "board network" "tools network" "controls curves" "closer closer"; } }
.st-key-tools { flex-wrap: nowrap; width: var(--canvas); }
.st-key-tools > * { flex: 1 1 0; min-width: 0; }
.st-key-tools button { width: 100%; min-height: 2.75rem; padding: 0.2rem 0.1rem; }
.st-key-tools button span[data-has-shortcut] { flex-direction: column; gap: 0.1rem; }
.st-key-tools button p { font-size: 0.8rem; line-height: 1; }
:is(.st-key-tools, .st-key-actions) [data-testid="stPopoverButton"] [aria-hidden="true"]:not(span) {
  display: none; }
:is(.st-key-tools, .st-key-actions) [data-testid="stPopoverButton"] > div {
  justify-content: center; margin-right: 0; } /* where the arrow was */
.st-key-sliders { flex-wrap: nowrap; gap: 1rem; }
.st-key-sliders > * { flex: 1 1 0; min-width: 0; }
.st-key-sliders [data-testid="stSliderTickBar"] { display: none; }
.st-key-actions { flex-wrap: nowrap; gap: 0.3rem; }
.st-key-actions:has(.st-key-stop) { flex-wrap: wrap; }
:root:not(.projector-view) .st-key-actions:has(.st-key-stop) [data-testid="stPopoverButton"]
  span[data-has-shortcut] > :first-child { display: none; }
:is(.st-key-actions, .st-key-hand) button { min-height: 2.5rem; padding-inline: 0.45rem; }
:is(.st-key-actions, .st-key-hand) button p { white-space: nowrap; }
.st-key-actions [data-testid="stBaseButton-primary"] p { font-size: 1.1rem; font-weight: 600; }
.st-key-hand, .st-key-hand_goals, .st-key-hand_pace { gap: 0.35rem; }
.st-key-closer [data-testid="stButtonGroup"] { width: auto; }
.st-key-same_settings button { justify-content: flex-start; text-align: left; padding: 0; }
:is(.st-key-header, .st-key-lesson_top) > :has(> .st-key-network) { flex: 0 1 32rem; min-width: 12rem; }
:is(.st-key-header, .st-key-lesson_top) .st-key-network label { display: none; }
[data-testid="stMainBlockContainer"]:has(.st-key-stage) { max-width: 112rem; }
.st-key-looks { gap: 0.5rem; }
button:disabled { pointer-events: none; } /* it would swallow the end of a stroke that is lifted over it */
.st-key-stage { user-select: none; } /* a press beside the canvas marks no text */
.st-key-closer, .st-key-curves { user-select: text; }
.answer-hidden :is(.st-key-closer, .st-key-closer *) { visibility: hidden; } /* it would tell the answer */
.st-key-lessons { margin-top: 2rem; }
"""

# The lesson: text and question, beside them canvas and result, all in one sight.
LESSON_CSS = """
:root:has(.st-key-page_lesson) { --canvas: 240px; }
@media (min-width: 1200px) and (min-height: 860px) { :root:has(.st-key-page_lesson) { --canvas: 330px; } }
@media (min-width: 1600px) and (min-height: 1000px) { :root:has(.st-key-page_lesson) { --canvas: 420px; } }
.st-key-page_lesson { row-gap: 0.6rem; }
.st-key-page_lesson h1 { font-size: 1.5rem; }
.st-key-page_lesson > [data-testid="stLayoutWrapper"]:has(> .st-key-tagline) { display: none; }
.st-key-page_lesson [data-testid="stHeading"]:has(h2) { margin-top: 0 !important; }
.st-key-page_lesson .st-key-tools { gap: 0.3rem; } /* whose canvas may be smaller than on the first page */
.st-key-page_lesson .st-key-tools button { padding-inline: 0; }
.st-key-page_lesson .st-key-tools button p { font-size: 0.75rem; }
.st-key-lesson_doing { display: grid; gap: 0.75rem 1.5rem; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 1000px) { .st-key-lesson_doing:has(.st-key-board) {
  grid-template-columns: var(--canvas) minmax(0, 1fr); } }
[class*="st-key-code_"] > :has([data-testid="stCode"]) { flex: 1 1 22rem; }
.st-key-lesson_steps { width: auto; scroll-margin-top: 4.2rem; }
/* In one row, where there is room. */
.st-key-page_lesson .pictures .picture:only-child { display: flex; gap: 0.75rem; align-items: center;
  width: auto; max-width: 24rem; } /* its words have their room beside it */
.st-key-lesson_result [data-testid="stColumn"] .picture img { width: 100%; max-width: 10.5rem; height: auto; }
.st-key-lesson_result .st-key-hand { flex-flow: row wrap; column-gap: 1rem; }
.st-key-lesson_result .st-key-hand > * { flex: 0 1 auto; width: auto; }
.st-key-lesson_result .st-key-hand_pace [data-testid="stSelectbox"] { min-width: 10rem; }
@media (max-width: 640px) { .st-key-lesson_top > :has(> .st-key-network) { flex: 1 0 100%; } }
"""


def render_style(menu: str) -> None:
    """Add the style to the page.

    Args:
        menu: What lies behind the button that opens the sidebar; stands beside it, in the page's language.
    """
    name = json.dumps(menu, ensure_ascii=False)
    button = f"@media {NARROW} {{ [data-testid='stExpandSidebarButton']::after {{ content: {name}; }} }}"
    parts = (css_variables(), PAGE_CSS, ANSWER_CSS, STAGE_CSS, LESSON_CSS, PROJECTOR_CSS, button)
    st.html(f"<style>{''.join(parts)}</style>")
