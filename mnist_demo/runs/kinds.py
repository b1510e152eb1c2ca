"""The kinds of settings: a number, a choice, a switch, a digit, layers; how each is checked and written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, cast

from mnist_demo.data import DIGITS
from mnist_demo.errors import InvalidConfig
from mnist_demo.runs.setting import Setting, Value
from mnist_demo.texts import NumberTexts, Texts

NO_BREAK_HYPHEN = "\u2011"
MAX_SHOWN_LETTERS = 60
"""Of a value that is no list of layers: a file may hold anything."""


@dataclass(frozen=True)
class Number(Setting[Value]):
    """A number from `low` to `high`, both included, a whole one if they are; or None, if that is the default.

    Attributes:
        steps: What the panel offers; without them one types a number.
        form: How a language writes it: by default a whole number in groups, another in all its digits.
    """

    low: float
    high: float
    _: KW_ONLY
    steps: Sequence[Value] = ()
    form: Callable[[NumberTexts, float], str] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number."""
        return isinstance(self.low, int)

    def check(self, value: object) -> None:
        """Refuse what is no number, or outside its range."""
        if value is not None or self.default is not None:
            check_range(self.name, value, self.low, self.high)

    def write(self, value: float, texts: Texts) -> str:
        """Write the number as the language does."""
        form = self.form or (NumberTexts.whole if self.is_whole else NumberTexts.shortest)
        return form(texts.numbers, value)


@dataclass(frozen=True)
class Choice(Setting[Value]):
    """One of a few numbers, or of a few words, which have entries NAME_WORD in the catalogues."""

    choices: tuple[Value, ...]

    @property
    def has_words(self) -> bool:
        """Whether one chooses a word, not a number."""
        return isinstance(self.default, str)

    def check(self, value: object) -> None:
        """Refuse what is none of the choices; 32.0 is not 32, for TensorFlow counts in whole numbers."""
        if type(value) is not type(self.default) or value not in self.choices:
            choices = ", ".join(map(str, self.choices))
            raise InvalidConfig("config_choice", name=self.name, value=value, choices=choices)

    def write(self, value: Any, texts: Texts) -> str:  # noqa: ANN401 - one of the choices
        """Write the word for a choice, or the number as the language does."""
        return self._words(f"_{value}", texts) if self.has_words else texts.numbers.whole(value)

    def entries(self) -> Iterator[str]:
        """Add an entry for each word."""
        yield from super().entries()
        yield from (f"{self.name}_{choice}" for choice in self.choices if self.has_words)


@dataclass(frozen=True)
class Switch(Setting[bool]):
    """On or off."""

    def check(self, value: object) -> None:
        """Refuse anything but true and false."""
        if not isinstance(value, bool):
            raise InvalidConfig("config_choice", name=self.name, value=value, choices="true, false")

    def write(self, value: bool, texts: Texts) -> str:
        """Write yes or no."""
        return texts.settings.yes if value else texts.settings.no


@dataclass(frozen=True)
class Digit(Setting[int | None]):
    """One of the ten digits, or None, which has the entry `no_digit` in the catalogues."""

    def check(self, value: object) -> None:
        """Refuse what is neither a digit nor None."""
        if value is not None:
            check_range(self.name, value, 0, DIGITS - 1)

    def write(self, value: int | None, texts: Texts) -> str:
        """Write the digit as a mere figure, or the word for none."""
        return texts.settings.no_digit if value is None else str(value)

    def sort_key(self, value: int | None) -> float:
        """Sort none before all digits."""
        return -1.0 if value is None else float(value)


@dataclass(frozen=True)
class Layers(Setting[tuple[int, ...]]):
    """The neurons in each hidden layer, from the image to the answer.

    Attributes:
        low: Fewest neurons in a layer.
        high: Most neurons in a layer.
        most: How many layers there may be; there may also be none.
        steps: What the panel offers for a layer.
        fresh: How many neurons the panel gives a layer that is added.
    """

    low: int
    high: int
    _: KW_ONLY
    most: int
    steps: Sequence[int]
    fresh: Sequence[int]

    def check(self, value: object) -> None:
        """Refuse anything but whole numbers in their range, not more than there may be layers."""
        sizes = value if isinstance(value, tuple) else (None,)
        fits = all(type(neurons) is int and self.low <= neurons <= self.high for neurons in sizes)
        if len(sizes) > self.most or not fits:
            shown = str(value)[:MAX_SHOWN_LETTERS]
            raise InvalidConfig(
                "config_layers", name=self.name, value=shown, most=self.most, low=self.low, high=self.high
            )

    def write(self, value: tuple[int, ...], texts: Texts) -> str:
        """Write the layers as the field does, 128-64, with hyphens at which no line breaks."""
        return NO_BREAK_HYPHEN.join(map(str, value)) if value else self._words("_none", texts)

    def short(self, value: tuple[int, ...], texts: Texts) -> str:
        """Write the layers together with what they are: "layers 128-64", "no hidden layer"."""
        return super().short(value, texts) if value else self._words("_short_none", texts)

    def sort_key(self, value: tuple[int, ...]) -> float:
        """Sort by the first layer, then by the second, and so on."""
        return sum((neurons / (self.high + 1) ** place for place, neurons in enumerate(value)), 0.0)

    def resized(self, value: tuple[int, ...], count: int) -> tuple[int, ...]:
        """Return so many layers: those that there are, and fresh ones after them."""
        return (*value[:count], *self.fresh[len(value) : count])

    def count_label(self, texts: Texts) -> str:
        """Return what the number of layers is called."""
        return self._words("_count", texts)

    def count_help(self, texts: Texts) -> str:
        """Return what is to be known before one changes that."""
        return self._words("_count_help", texts)

    def layer_label(self, number: int, texts: Texts) -> str:
        """Return what a layer is called, counted from 1."""
        return self._words("_layer", texts).format(number=number)

    def entries(self) -> Iterator[str]:
        """Add the entries of no layer, of their number, and of a single one."""
        yield from super().entries()
        yield from (
            f"{self.name}_{ending}" for ending in ("none", "short_none", "count", "count_help", "layer")
        )


def check_range(name: str, value: object, low: float, high: float) -> None:
    """Check that a value is a number in its range, and a whole one if the bounds are.

    Raises:
        InvalidConfig: It is not; the error names the setting, the value and the bounds.
    """
    kinds = int if isinstance(low, int) else (int, float)
    if not isinstance(value, kinds) or isinstance(value, bool) or not low <= cast("float", value) <= high:
        raise InvalidConfig("config_range", name=name, value=value, low=low, high=high)
