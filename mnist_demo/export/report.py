"""The report of a run: one HTML file with everything in it, to read, to print, to hand in."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable
from datetime import datetime

import numpy as np
from PIL import Image

from mnist_demo.charts import PICTURED_NEURONS, accuracy_svg, loss_svg, weight_pictures
from mnist_demo.network import Network
from mnist_demo.runs import SETTINGS, EpochRecord, Run, setting_value
from mnist_demo.texts import NO_NUMBER, Texts

STYLE = """
:root { color-scheme: light dark; }
body { font: 17px/1.5 system-ui, sans-serif; color: #1b2330; background: #fff; max-width: 62rem;
  margin: 0 auto; padding: 2rem 1.25rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.35rem; margin: 2rem 0 0.75rem; }
.lead { font-size: 1.15rem; margin: 0.5rem 0 1.5rem; overflow-wrap: anywhere; }
.figures { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 0; }
.figures div { border: 1px solid #8a94a6; border-radius: 0.6rem; padding: 0.7rem 1.1rem; }
.figures dt { font-size: 1rem; }
.figures dd { font-size: 1.9rem; font-weight: 700; margin: 0; }
.charts { display: grid; gap: 1.25rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); }
figure { margin: 0; break-inside: avoid; }
figcaption { font-weight: 600; margin-bottom: 0.3rem; }
svg { width: 100%; height: auto; display: block; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.35rem 1.1rem 0.35rem 0; border-bottom: 1px solid #8a94a6; }
.epochs td, .epochs th { text-align: right; }
.weights { width: 100%; max-width: 44rem; image-rendering: pixelated; border: 1px solid #8a94a6; }
footer { margin-top: 2.5rem; font-size: 0.95rem; overflow-wrap: anywhere; }
@media screen and (prefers-color-scheme: dark) { body { color: #eef2f8; background: #10151f; } }
@media print { body { font-size: 11pt; padding: 0; max-width: none; } h2 { break-after: avoid; }
  tr { break-inside: avoid; } .charts { grid-template-columns: 1fr 1fr; } @page { margin: 15mm; } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def build_report(run: Run, network: Network | None, name: str, outcome: str, texts: Texts) -> str:
    """Write the report of a run.

    Args:
        run: The run.
        network: Its network, None where there is none; the first layer's weights are pictured.
        name: What the run is called on the page.
        outcome: What came of it, in one sentence.
        texts: The language of the report.

    Returns:
        A whole HTML document that asks no host for anything.
    """
    words = texts.report
    said = html.escape(outcome)
    parts = [
        f'<!doctype html><html lang="{texts.code}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        f"<title>{html.escape(name)} · {html.escape(words.title)}</title><style>{STYLE}</style></head><body>",
        f"<main><h1>{html.escape(name)}</h1>",
        f'<p class="lead">{said}</p>',
        _figures(run, texts),
        f"<h2>{html.escape(words.curves)}</h2>",
        _charts(run, texts),
        f"<h2>{html.escape(words.settings)}</h2>",
        _table(_setting_rows(run, texts)),
        f"<h2>{html.escape(words.epoch_by_epoch)}</h2>",
        _epoch_table(run.history.epochs, texts),
        _weights_section(network, texts),
        f"</main><footer>{_footer(run, texts)}</footer></body></html>",
    ]
    return "".join(parts)


def _figures(run: Run, texts: Texts) -> str:
    words, numbers = texts.report, texts.numbers
    accuracy = NO_NUMBER if run.test_accuracy is None else numbers.percent(run.test_accuracy, 2)
    loss = NO_NUMBER if run.test_loss is None else numbers.number(run.test_loss, 4)
    seconds = sum(record.seconds for record in run.history.epochs)
    shown = {
        words.test_accuracy: accuracy,
        words.test_loss: loss,
        words.epochs_trained: f"{run.history.reached_epoch} / {run.config.epochs}",
        words.duration: f"{numbers.number(seconds, 1)} s",
    }
    items = (
        f"<div><dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd></div>"
        for label, value in shown.items()
    )
    return f'<dl class="figures">{"".join(items)}</dl>'


def _charts(run: Run, texts: Texts) -> str:
    words, numbers = texts.charts, texts.numbers
    titles = {"loss": words.loss_title, "accuracy": words.accuracy_title}
    alts = dict(titles)
    if run.history.epochs:
        last = run.history.epochs[-1]
        shown = {
            "loss": (numbers.number(last.loss, 3), numbers.number(last.val_loss, 3)),
            "accuracy": (numbers.percent(last.accuracy), numbers.percent(last.val_accuracy)),
        }
        for measure, (training, validation) in shown.items():
            values = {"epoch": last.epoch, "epochs": run.config.epochs}
            values |= {"training": training, "validation": validation}
            alts[measure] = words.curve_alt.format(title=titles[measure], **values)
    figures = []
    for measure, draw in (("loss", loss_svg), ("accuracy", accuracy_svg)):
        svg = draw(run.history, run.config.epochs, words, numbers, alts[measure])
        figures.append(f"<figure><figcaption>{html.escape(titles[measure])}</figcaption>{svg}</figure>")
    return f'<div class="charts">{"".join(figures)}</div>'


def _setting_rows(run: Run, texts: Texts) -> Iterable[tuple[str, str]]:
    """Pair every setting, and the images, with their labels."""
    report, numbers = texts.report, texts.numbers
    for setting in SETTINGS:
        yield setting.label(texts), setting_value(setting, run, texts)
    counts = (numbers.whole(run.dataset.n_train), numbers.whole(run.dataset.n_test))
    form = report.images_mnist if run.dataset.is_mnist else report.images_other
    yield report.images, form.format(train=counts[0], test=counts[1])


def _table(rows: Iterable[tuple[str, str]]) -> str:
    lines = (
        f'<tr><th scope="row">{html.escape(label)}</th><td>{html.escape(value)}</td></tr>'
        for label, value in rows
    )
    return f"<table>{''.join(lines)}</table>"


def _epoch_table(records: Iterable[EpochRecord], texts: Texts) -> str:
    words, numbers = texts.report, texts.numbers
    heads = (words.epoch, words.loss, words.accuracy, words.val_loss, words.val_accuracy, words.seconds)
    lines = [f"<tr>{''.join(f'<th scope=col>{html.escape(head)}</th>' for head in heads)}</tr>"]
    for record in records:
        cells = (
            numbers.number(record.loss, 4),
            numbers.percent(record.accuracy, 2),
            numbers.number(record.val_loss, 4),
            numbers.percent(record.val_accuracy, 2),
            numbers.number(record.seconds, 1),
        )
        shown = "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
        lines.append(f"<tr><th scope=row>{record.epoch}</th>{shown}</tr>")
    return f'<div class="wide"><table class="epochs">{"".join(lines)}</table></div>'


def _weights_section(network: Network | None, texts: Texts) -> str:
    if network is None or not np.isfinite(network.layers[0][0]).all():
        return ""
    words = texts.report
    file = io.BytesIO()
    Image.fromarray(weight_pictures(network.layers[0][0])).save(file, "PNG")
    encoded = base64.b64encode(file.getvalue()).decode()
    shown = min(PICTURED_NEURONS, network.hidden[0])
    note = html.escape(words.weights_note.format(shown=shown, neurons=network.hidden[0]))
    return (
        f"<h2>{html.escape(words.weights)}</h2><p>{note}</p>"
        f'<img class="weights" alt="{note}" src="data:image/png;base64,{encoded}">'
    )


def _footer(run: Run, texts: Texts) -> str:
    date = datetime.fromisoformat(run.created).astimezone().strftime(texts.runs.date_format)
    form = texts.report.uploaded if run.uploaded else texts.report.trained
    return html.escape(form.format(date=date, id=run.id, app=texts.app.title))
