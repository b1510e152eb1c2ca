"""The report of a run: whole in one file, in the page's language, with nothing that a name could break."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from mnist_demo.export.report import build_report
from mnist_demo.network.mlp import Network
from mnist_demo.runs.run import History, Run, RunConfig, RunStatus
from mnist_demo.texts.loading import languages, load_texts
from tests.factories import DIGITS, FIRST_EPOCH, make_run, random_network

EN = load_texts("en")
SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "img", "link", "br"}


class Balanced(HTMLParser):
    """Reads a document and notes every element; one that is not closed fails."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def report_of(run: Run, language: str = "en", network: Network | None = None, name: str = "My run") -> str:
    return build_report(run, network, name, "It ended.", load_texts(language))


def read(report: str) -> Balanced:
    parser = Balanced()
    parser.feed(report)
    assert parser.open == []
    return parser


def curves(report: str) -> list[ET.Element]:
    return [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", report, re.S)]


@pytest.mark.parametrize("language", languages())
def test_report_is_whole_and_in_the_language_of_the_page(language: str):
    """Name, outcome, figures as the language writes them, settings, a row an epoch, two curves, a picture."""
    texts = load_texts(language)
    report = read(report_of(make_run(), language, random_network()))
    assert ("html", {"lang": language}) in report.elements
    for said in ("My run", "It ended.", texts.report.settings, texts.settings.learning_rate):
        assert said in report.text
    for figure in (texts.numbers.percent(0.975, 2), texts.numbers.number(0.375, 4), "3\u20112", "Adam"):
        assert figure in report.text
    tags = [tag for tag, _ in report.elements]
    assert (tags.count("svg"), tags.count("img"), tags.count("script")) == (2, 1, 0)


def test_report_asks_no_host():
    """It opens without internet, and a rule in it forbids what it does not need."""
    report = report_of(make_run(), network=random_network())
    addresses = [
        value
        for _, attributes in read(report).elements
        for value in attributes.values()
        if "//" in str(value) and not str(value).startswith("data:")
    ]
    assert set(addresses) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in report
    assert "url(" not in re.sub(r"url\(#\w+\)", "", report)


def test_name_is_text():
    """A name that would be a script is shown as it was typed."""
    report = read(report_of(make_run(), name='<script>alert(1)</script>&"'))
    assert '<script>alert(1)</script>&"' in report.text
    assert "script" not in {tag for tag, _ in report.elements}


def test_every_picture_has_its_words():
    """For who cannot see them."""
    report = report_of(make_run(), network=random_network())
    assert all(attributes["alt"] for tag, attributes in read(report).elements if tag == "img")
    for svg, title in zip(curves(report), (EN.charts.loss_title, EN.charts.accuracy_title), strict=True):
        assert svg.find(f"{SVG}title").text.startswith(f"{title}. After epoch 2 of 2")


def test_points_lie_where_their_numbers_say():
    """Training is a row of circles: its x grows evenly, a lower loss lies lower, all within the picture."""
    loss, accuracy = curves(report_of(make_run()))
    for svg, falls in ((loss, True), (accuracy, False)):
        first, second = svg.findall(f"{SVG}circle")[:2]
        assert float(first.get("cx")) < float(second.get("cx"))
        assert (float(first.get("cy")) < float(second.get("cy"))) is falls
        width, height = map(float, svg.get("viewBox").split()[2:])
        assert all(
            0 <= float(c.get("cx")) <= width and 0 <= float(c.get("cy")) <= height for c in (first, second)
        )


def test_overflowed_loss_leaves_a_gap():
    """No "nan" among the coordinates, and a dash in the table."""
    broken = replace(FIRST_EPOCH, loss=float("nan"), val_loss=float("inf"))
    run = make_run(config=RunConfig(epochs=1), history=History((broken,)), test_loss=float("nan"))
    report = report_of(run)
    assert "nan" not in re.sub(r"<style>.*?</style>", "", report, flags=re.S)
    assert "–" in read(report).text
    assert len(curves(report)) == 2


def test_run_that_failed_at_once_has_a_report():
    """Without network, epochs and test."""
    run = make_run(
        status=RunStatus.FAILED, history=History(), has_weights=False, test_loss=None, test_accuracy=None
    )
    report = read(report_of(run))
    assert "0 / 2" in report.text
    assert "img" not in {tag for tag, _ in report.elements}


def test_network_that_overflowed_has_no_picture():
    """There is nothing to see in it."""
    network = random_network()
    network.layers[0][0][0, 0] = np.nan
    assert "<img" not in report_of(make_run(), network=network)


def test_report_says_what_is_not_mnist_and_what_was_uploaded():
    """Figures of other images cannot be compared, and those of an upload nobody here has seen."""
    run = make_run(dataset=DIGITS, uploaded=True)
    assert EN.report.images_other.split(":")[0] in read(report_of(run)).text
    assert "Uploaded on" in read(report_of(run)).text
    assert "Trained on" in read(report_of(make_run())).text


def test_network_without_hidden_layers_has_neither_their_settings_nor_dead_neurons():
    """What does not exist is no row, and no column."""
    texts = load_texts("en")
    of_neurons = {texts.settings.activation, texts.settings.dropout, texts.report.dead}
    config = RunConfig(epochs=2, hidden=(), activation="tanh", dropout=0.2)
    direct = read(report_of(make_run(config=config))).text
    assert not {label for label in of_neurons if label in direct}
    assert texts.settings.l2 in direct
    deep = read(report_of(make_run(config=replace(config, hidden=(3, 2))))).text
    assert {label for label in of_neurons if label in deep} == of_neurons


def test_digit_that_nobody_chose_is_no_row():
    """Nothing was left out, and nothing made rare."""
    texts = load_texts("en")
    assert texts.settings.rare_digit not in read(report_of(make_run())).text
    rare = read(report_of(make_run(config=RunConfig(epochs=2, rare_digit=0)))).text
    assert texts.settings.rare_digit in rare
    assert texts.settings.missing_digit not in rare
