"""The style of projector view, for the last row of a classroom; `projector.js` switches it."""

from __future__ import annotations

# Whatever one reads has at least 24 pixels, and what the last row does not need is gone.
PROJECTOR_CSS = """
@media (min-width: 900px) {
  .projector-view { font-size: 24px; --canvas: 290px; --stage-height: 352px; --chart-height: 110px; }
  .projector-view [data-testid="stHeader"] { display: none; }
  .projector-view [data-testid="stMainBlockContainer"] { padding: 0.4rem 1.5rem 1rem; max-width: none; }
  .projector-view .st-key-page_draw { row-gap: 0.4rem; }
  .projector-view .st-key-header { flex-wrap: nowrap; gap: 0.75rem; }
  .projector-view .st-key-page_draw h1 { font-size: 1.2rem; white-space: nowrap; }
  .projector-view .st-key-header > :has(> .st-key-network) { flex: 1 1 8rem; min-width: 6rem; }
  .projector-view .st-key-looks { flex-wrap: nowrap; }
  .projector-view .st-key-stage { gap: 0.4rem 1rem; }
  .projector-view :is(.st-key-tools, .st-key-folded_settings) button p { display: none; }
  .projector-view :is(.st-key-tools, .st-key-folded_settings) button span[data-has-shortcut] { gap: 0; }
  .projector-view .st-key-tools [data-testid="stIconMaterial"] { font-size: 1.4rem; }
  .projector-view .st-key-sliders { display: grid; grid-template-columns: minmax(0, 1fr) max-content; }
  .projector-view .st-key-sliders [data-testid="stWidgetLabel"] * { white-space: nowrap; }
  .projector-view .st-key-controls > :has(> :is(.st-key-actions, .st-key-hand)) { order: -1; }
  .projector-view .st-key-actions button:not([data-testid="stPopoverButton"])
    span[data-has-shortcut] > :first-child { display: none; }
  .projector-view .st-key-hand_goals { flex-wrap: nowrap; }
  .projector-view .st-key-hand_pause button p { position: absolute; width: 1px; opacity: 0; }
  .projector-view .st-key-hand_pause [data-testid="stIconMaterial"] { font-size: 1.4rem; }
  .projector-view .st-key-controls:has(.st-key-hand) > :has(> .st-key-sliders) { display: none; }
  .projector-view .live-legend { display: flex; }
  .projector-view .st-key-follow, .projector-view [data-testid="stSlider"] [data-testid="stTooltipIcon"],
  .projector-view .st-key-damaged, .projector-view .st-key-tagline,
  .projector-view .st-key-home, .projector-view .live-note,
  .projector-view .live-keras, .projector-view .live-detail { display: none; }
  .projector-view :is(.stage-bars b, .stage-bars span, .stage-picture > canvas, .live-scale, .answer-words,
    [data-testid="stCaptionContainer"] p, .picture figcaption, [data-testid="stButtonGroup"] button *,
    .st-key-page_lesson :is([data-testid="stCode"], [data-testid="stButton"], [data-testid="stSliderTickBar"],
      .one-hot) *, .st-key-page_lesson code, .numbers td,
    [data-testid="stWidgetLabel"] *, [data-testid="stSliderThumbValue"],
    [data-testid="stSliderThumbValue"] *) { font-size: 1rem !important; }
  .projector-view .answer-words { font-size: 1.1rem !important; }
  .projector-view .veiled .answer-words { line-height: 1.15; }
  .projector-view .veil-reveal { padding-block: 0; line-height: 1.4; }
  .projector-view .stage-bars li { min-height: 0; line-height: 1; }
  .projector-view .live-status { font-size: 1rem; line-height: 1.2; }
  .projector-view .live-charts figcaption { min-height: 1.5rem; line-height: 1.2; flex-wrap: nowrap; }
  .projector-view .live-scale { padding-block: 0; }
  .projector-view .live-progress { margin-top: 0.15rem; }
}
@media (min-width: 1600px) and (min-height: 1000px) { .projector-view {
  font-size: 30px; --canvas: 430px; --stage-height: 500px; --chart-height: 225px; } }
"""
