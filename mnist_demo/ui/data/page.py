"""The page of the images: what the network learns from, as pictures, as numbers and in figures."""

from __future__ import annotations

import numpy as np
import streamlit as st
from markupsafe import Markup

from mnist_demo.charts import counts_figure, lay_out, picture_html, row_html
from mnist_demo.data import DIGITS, DataSummary, count_split
from mnist_demo.errors import DatasetUnavailable
from mnist_demo.runs import digit_name
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.choice import choose_one
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.common.images import render_images_note
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.components import render_chart, render_gallery
from mnist_demo.ui.data.number_table import number_table_html, one_hot_html
from mnist_demo.ui.data.spoiled import learned_or_none, render_spoiled
from mnist_demo.ui.view import View, fragment

SAMPLES_AT_ONCE = 30
SHOWN_KEY, DIGIT_KEY = "data_shown", "data_digit"
LICENCE = "[CC BY-SA 3.0](https://creativecommons.org/licenses/by-sa/3.0/)"


def render_data(view: View) -> None:
    """Show the page."""
    try:
        summary = services.data_summary()
    except DatasetUnavailable as error:
        show_problem(error, view.texts)
        return
    if not summary.info.is_mnist:
        render_images_note(summary.info, view.texts)
    render_spoiled(view, summary)
    _render_samples(view, summary)
    _render_means(summary, view.texts)
    _render_split(view, summary)
    if summary.info.is_mnist:
        render_images_note(summary.info, view.texts)
        st.caption(view.texts.data_page.made_by.format(licence=LICENCE))


@fragment
def _render_samples(view: View, summary: DataSummary) -> None:
    """Let the visitor choose a digit and an image of it, and look at that image."""
    texts = view.texts
    left, right = st.columns([7, 5], gap="large")
    with left:
        row = _choose_sample(summary, texts)
    with right:
        if row is not None:
            _render_chosen(view, summary, row)
    if row is not None:
        _render_numbers(view, summary, row)


def _choose_sample(summary: DataSummary, texts: Texts) -> int | None:
    words = texts.data_page
    digit = st.segmented_control(words.digit, range(DIGITS), default=3, required=True, key=DIGIT_KEY)
    rows = summary.rows(digit)
    if not len(rows):
        st.info(words.no_images.format(digit=digit_name(digit, texts)))
        return None
    shown = rows[: st.session_state.get(SHOWN_KEY, {}).get(digit, SAMPLES_AT_ONCE)]
    chosen = render_gallery(
        lay_out(summary.images[shown]),
        [words.sample.format(digit=digit_name(digit, texts), row=texts.numbers.whole(row)) for row in shown],
        words.samples.format(digit=digit_name(digit, texts)),
        key=f"samples_{digit}_{summary.info.fingerprint[:8]}",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        more = len(shown) < len(rows)
        st.button(
            words.more,
            on_click=_show_more,
            args=(digit,),
            icon=":material/add:",
            disabled=not more,
            key="more",
        )
        whole = texts.numbers.whole
        template = words.shown if len(summary.images) == len(summary.y_train) else words.shown_of_first
        st.markdown(
            template.format(
                shown=whole(len(shown)), images=whole(len(rows)), first=whole(len(summary.images))
            )
        )
    if summary.info.is_mnist and digit != 1:
        st.button(words.look_at_ones, type="tertiary", on_click=_show_ones, key="look_at_ones")
    return int(shown[chosen])


def _show_more(digit: int) -> None:
    shown = st.session_state.setdefault(SHOWN_KEY, {})
    shown[digit] = shown.get(digit, SAMPLES_AT_ONCE) + SAMPLES_AT_ONCE


def _show_ones() -> None:
    st.session_state[DIGIT_KEY] = 1


def _render_chosen(view: View, summary: DataSummary, row: int) -> None:
    texts, words, digit = view.texts, view.texts.data_page, int(summary.labels[row])
    said = digit_name(digit, texts)
    image = picture_html(summary.images[row], words.sample.format(digit=said, row=texts.numbers.whole(row)))
    st.html(image)
    put = st.button(words.put_on_canvas, icon=":material/draw:", key="put_sample")
    render_heading(words.one_hot.format(digit=digit), "label", view)
    st.html(one_hot_html(digit, words.one_hot_alt.format(digit=digit)))
    if put:
        view.session.canvas.put_image(summary.images[row])
        st.switch_page(view.links["draw"])


def _render_numbers(view: View, summary: DataSummary, row: int) -> None:
    texts, words, image = view.texts, view.texts.data_page, summary.images[row]
    render_heading(words.numbers, "image", view)
    scales = {"raw": words.raw, "scaled": words.scaled}
    scale = choose_one(words.scale, scales, key="scale")
    alt = words.numbers_alt.format(
        digit=digit_name(int(summary.labels[row]), texts),
        ink=int((image > 0).sum()),
        pixels=image.size,
        peak=int(image.max()) if scale == "raw" else texts.numbers.number(image.max() / 255, 2),
    )
    st.html(number_table_html(image, alt, texts.numbers if scale == "scaled" else None))


def _render_means(summary: DataSummary, texts: Texts) -> None:
    render_heading(texts.data_page.mean_images)
    means = np.rint(summary.means).astype(np.uint8)
    captions = [texts.data_page.mean_image.format(digit=digit_name(digit, texts)) for digit in range(DIGITS)]
    pictures = [picture_html(mean, caption) for mean, caption in zip(means, captions, strict=True)]
    st.html(MEANS_STYLE + Markup('<div class="means">{}</div>').format(row_html(pictures)))


def _render_split(view: View, summary: DataSummary) -> None:
    """Show the three parts, split as the visitor's settings say, and how many of each digit they have."""
    texts, split = view.texts, view.session.latest_config.validation_split
    words, numbers = texts.data_page, texts.numbers
    render_heading(words.split, "overfitting", view)
    st.markdown(words.split_note.format(share=numbers.percent(split, 0)))
    counts = count_split(summary.y_train, summary.y_test, split)
    if learned := learned_or_none(view.session.latest_config, summary):
        counts[0] = np.bincount(summary.y_train[learned.rows], minlength=DIGITS)
    parts = (words.training, words.validation, words.test)
    uses = (words.training_use, words.validation_use, words.test_use)
    box = Markup('<div style="flex: {}"><b>{}</b><strong>{}</strong><span>{}</span></div>')
    boxes = Markup().join(
        box.format(images, numbers.whole(images), part, use)
        for images, part, use in zip(counts.sum(axis=1).tolist(), parts, uses, strict=True)
    )
    st.html(SPLIT_STYLE + Markup('<div class="split">{}</div>').format(boxes))
    said = ", ".join(
        f"{digit}: {numbers.whole(count)}" for digit, count in enumerate(counts.sum(axis=0).tolist())
    )
    render_chart(counts_figure(counts, parts, numbers), words.counts, f"{words.counts}: {said}", key="counts")


MEANS_STYLE = Markup("""<style>
.means .pictures { display: grid; grid-template-columns: repeat(10, minmax(0, 1fr)); }
.means.means .pictures .picture, .means.means .pictures .picture img { width: 100%; max-width: none;
  height: auto; }
@media (max-width: 640px) {
  .means .pictures { grid-template-columns: repeat(5, minmax(0, 1fr)); }
  .st-key-data_digit, .st-key-data_digit [data-testid="stButtonGroup"] { width: 100%; }
  .st-key-data_digit [role="radiogroup"] { flex-wrap: nowrap; width: 100%; }
  .st-key-data_digit [role="radiogroup"] > * { flex: 1 1 0; min-width: 0; padding-inline: 0; }
}
</style>""")
"""As many in a row as there are digits, or half of them, so that no row is left with one."""
SPLIT_STYLE = Markup("""<style>
.split { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.split div { min-width: 11rem; padding: 0.6rem 0.9rem; border-radius: 0.5rem; color: #fff; }
.split div:nth-child(1) { background: var(--fill-training); }
.split div:nth-child(2) { background: var(--fill-validation); }
.split div:nth-child(3) { background: var(--fill-test); }
.split b { display: block; font-size: 1.9rem; line-height: 1.2; }
.split strong, .split span { display: block; font-size: 1rem; line-height: 1.35; }
</style>""")
