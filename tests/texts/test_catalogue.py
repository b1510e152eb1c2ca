import copy
import pickle
from typing import Any

import pytest

from mnist_demo.texts.catalogue import Section, Texts, find_faults, placeholders

NUMBERS = {"decimal": ".", "thousands": ",", "thousands_from": "1000", "percent_format": "{number}%"}
COUNT = "{seen} of {all}"
MODEL = {"language_name": "Esperanto", "numbers": NUMBERS, "page": {"title": "a", "count": COUNT}}


def with_page(**entries: object) -> dict[str, Any]:
    """The model with another page."""
    return {**MODEL, "page": entries}


class TestAttributes:
    @pytest.fixture
    def texts(self) -> Texts:
        """A small catalogue."""
        return Texts("eo", MODEL)

    def test_entry_is_an_attribute_of_its_section(self, texts: Texts):
        """As the pages read it."""
        assert texts.page.title == "a"

    def test_language_knows_its_code_and_its_name(self, texts: Texts):
        """The code is the file's name, so nobody can translate it."""
        assert (texts.code, texts.language_name) == ("eo", "Esperanto")

    def test_numbers_are_more_than_words(self, texts: Texts):
        """The marks of the catalogue write numbers."""
        assert texts.numbers.percent(0.5) == "50.0%"

    def test_wrong_entry_is_named_with_its_section(self, texts: Texts):
        """It never stands for itself on the page."""
        with pytest.raises(AttributeError, match=r"\[page\] .* no entry 'titel'"):
            _ = texts.page.titel

    def test_wrong_section_is_named(self, texts: Texts):
        """A typing error says where it is."""
        with pytest.raises(AttributeError, match=r"no section \[pages\]"):
            _ = texts.pages

    def test_section_can_be_copied_and_pickled(self, texts: Texts):
        """What asks an object for its special methods is told that there are none."""
        assert copy.deepcopy(texts.page).title == pickle.loads(pickle.dumps(texts.page)).title == "a"

    def test_section_without_entries_refuses_all(self):
        """Also before its entries are there."""
        with pytest.raises(AttributeError):
            _ = Section.__new__(Section).title


class TestFindFaults:
    def test_catalogue_like_the_model_has_no_faults(self):
        """Other words, in another order."""
        assert find_faults(with_page(count="{all}: {seen}", title="b"), MODEL) == []

    @pytest.mark.parametrize(
        ("catalogue", "faults"),
        [
            (with_page(title="a"), ["page.count is missing."]),
            (with_page(**MODEL["page"], colour="red"), ["page.colour is unknown."]),
            (MODEL | {"motto": "red"}, ["motto is unknown."]),
            (MODEL | {"page": "a"}, ["page.count is missing.", "page.title is missing.", "page is unknown."]),
            (with_page(count=COUNT, title=["a"]), ["page.title has to be text, not ['a']."]),
            (with_page(count=COUNT, title={"x": "y"}), ["page.title has to be text, not {'x': 'y'}."]),
            (with_page(count=COUNT, title=5), ["page.title has to be text, not 5."]),
            (with_page(count="{seen}", title="a"), ["page.count has other placeholders than {all}, {seen}."]),
            (with_page(count=COUNT, title="{b}"), ["page.title has other placeholders than none."]),
            (with_page(count=COUNT + "{", title="a"), ["page.count has a brace too many or too few"]),
            (with_page(count=COUNT, title="a}"), ["page.title has a brace too many or too few"]),
            (with_page(title=1, colour="red"), [
                "page.count is missing.", "page.colour is unknown.", "page.title has to be text, not 1."]),
        ],
    )  # fmt: skip
    def test_every_fault_is_named(self, catalogue: dict[str, Any], faults: list[str]):
        """All at once, so that a translator mends them in one go."""
        found = find_faults(catalogue, MODEL)
        assert len(found) == len(faults)
        assert all(text.startswith(start) for text, start in zip(found, faults, strict=True))


def test_placeholders_are_the_names_in_braces():
    """Those of Plotly's own templates, too."""
    assert placeholders("%{x}: {images} of {images}, 100 %") == {"x", "images"}
