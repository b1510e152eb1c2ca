"""What a setting of training is: which values it takes, how they are written, where the panel offers them.

`RunConfig` declares each of its fields by one of the `kinds`. The words of a setting are the entries of
the catalogues' `settings` that begin with its name: NAME is its label, NAME_help stands beside its widget,
NAME_short is its part of automatic names, and NAME_CHOICE says a choice that is a word.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Generic, Literal, TypeVar

from mnist_demo.texts import Texts

Value = TypeVar("Value")


@dataclass(frozen=True)
class Setting(ABC, Generic[Value]):
    """One setting of training.

    Attributes:
        default: Its value in the classic notebook.
        name: Its field of `RunConfig`, its key in `config.json`, and the beginning of its words.
        panel: Where its widget stands: at the top, among the folded ones, among those that are folded once
            more, since a first lesson does without them, or nowhere.
        always_named: Whether every automatic name tells it, not only where it is not the default.
        has_singular: Whether a name says "1 epoch", by the entry NAME_short_one, but "2 epochs".
        is_notebook_constant: Whether a run's notebook has a constant NAME for it, rather than other cells.
        is_later: Whether there were runs before it: its default goes without saying in `config.json`, so that
            they keep their identity, and that older versions of the app read what does not need it.
        is_of_hidden: Whether it says something of hidden layers only, and nothing of a network without any.
        shown_as: Computes, from configuration and number of training images, what is shown instead of the
            value.
    """

    default: Value
    _: KW_ONLY
    name: str = ""
    panel: Literal["top", "folded", "advanced"] | None = "folded"
    always_named: bool = False
    has_singular: bool = False
    is_notebook_constant: bool = True
    is_later: bool = False
    is_of_hidden: bool = False
    shown_as: Callable[[Any, int], Any] | None = None

    @abstractmethod
    def check(self, value: object) -> None:
        """Raise `InvalidConfig`, naming the setting and what may be chosen, unless it can have this value."""

    @abstractmethod
    def write(self, value: Any, texts: Texts) -> str:  # noqa: ANN401 - a value of this setting
        """Write a value; two values are never written alike."""

    def sort_key(self, value: Any) -> float | str:  # noqa: ANN401 - a value of this setting
        """Return what a table sorts a value by."""
        return value if isinstance(value, str) else float(value)

    def shown(self, config: Any, n_train: int) -> Any:  # noqa: ANN401 - a `RunConfig`; a value of this setting
        """Return the value in a configuration, or what is shown instead of it."""
        return self.shown_as(config, n_train) if self.shown_as else getattr(config, self.name)

    def label(self, texts: Texts) -> str:
        """Return what the setting is called."""
        return self._words("", texts)

    def help(self, texts: Texts) -> str:
        """Return what is to be known before one changes it."""
        return self._words("_help", texts)

    def short(self, value: Any, texts: Texts) -> str:  # noqa: ANN401 - a value of this setting
        """Write a value together with what it is, in a few words: "seed 7"."""
        form = "_short_one" if self.has_singular and value == 1 else "_short"
        return self._words(form, texts).format(value=self.write(value, texts))

    def entries(self) -> Iterator[str]:
        """Name the entries of the catalogues' `settings` that it needs."""
        yield from (self.name, f"{self.name}_short")
        if self.panel:
            yield f"{self.name}_help"
        if self.has_singular:
            yield f"{self.name}_short_one"

    def _words(self, ending: str, texts: Texts) -> str:
        """Return the entry of a catalogue that is called by its name and this ending."""
        words: str = getattr(texts.settings, self.name + ending)
        return words


def declare(setting: Setting[Value]) -> Value:
    """Declare a field of a dataclass by a setting, whose default it takes."""
    return field(default=setting.default, metadata={"setting": setting})
