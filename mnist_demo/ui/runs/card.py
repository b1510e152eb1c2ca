"""What the list says of a run: its name once, settings and date, the form of its curves, and its figures."""

from __future__ import annotations

from markupsafe import Markup

from mnist_demo.charts import sparkline_html
from mnist_demo.runs import Run, run_date, run_name, run_remark, run_summary
from mnist_demo.texts import Texts

STYLE = """<style>
.run { display: grid; grid-template-columns: minmax(0, 1fr) auto 10rem; gap: 0.25rem 1.5rem;
  align-items: center; }
.run div { line-height: 1.35; }
.run-name { font-weight: 600; font-size: 1.15rem; overflow-wrap: anywhere; }
.run-name span { font-weight: 400; font-size: 0.9rem; border: 1px solid var(--border); border-radius: 1rem;
  padding: 0.05rem 0.6rem; margin-left: 0.4rem; white-space: nowrap; }
.run-settings, .run-figures { font-size: 0.9rem; }
.run-remark { border-left: 0.3rem solid var(--wrong); padding-left: 0.6rem; margin-top: 0.35rem; }
.run .run-figures { text-align: right; grid-column: 3; }
.run-figures strong { display: block; font-size: 1.7rem; line-height: 1.15; }
@media (max-width: 640px) {
  .run { grid-template-columns: minmax(0, 1fr) auto; }
  .run > :first-child { grid-column: 1 / -1; }
  .run .run-figures { text-align: left; grid-column: 1; grid-row: 2; }
  .run .sparkline { grid-column: 2; grid-row: 2; }
}
</style>"""


def run_html(run: Run, in_use: bool, texts: Texts) -> Markup:
    """Write a run's card; names are text, not HTML.

    Args:
        run: What it is about.
        in_use: Whether its network is the one in use.
        texts: The words.
    """
    words = texts.runs
    badge = Markup("<span>{}</span>").format(words.in_use) if in_use else ""
    named = run.name or run.pretrained or run.taught
    settings = f"{run_summary(run, texts)} · " if named else ""
    remark = run_remark(run, texts)
    about = Markup('<div class="run-name">{}{}</div><div class="run-settings">{}</div>{}').format(
        Markup("<bdi>{}</bdi>").format(run_name(run, texts)),
        badge,
        settings + run_date(run, texts),
        Markup('<div class="run-remark">{}</div>').format(remark) if remark else "",
    )
    return Markup('<div class="run"><div>{}</div>{}{}</div>').format(
        about, sparkline_html(run.history, words.curve), _figures_html(run, texts)
    )


def _figures_html(run: Run, texts: Texts) -> Markup:
    """Write accuracy and loss; nothing where neither was measured."""
    if run.test_accuracy is None or run.test_loss is None:
        return Markup()
    loss = texts.runs.loss.format(loss=texts.numbers.number(run.test_loss, 3))
    return Markup('<div class="run-figures"><strong>{}</strong>{}<br>{}</div>').format(
        texts.numbers.percent(run.test_accuracy), texts.runs.accuracy, loss
    )
