"""How a language writes numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

MINUS = "\N{MINUS SIGN}"
NO_BREAK_SPACE = "\u00a0"
NO_NUMBER = "–"


@dataclass(frozen=True)
class NumberTexts:
    """Writes numbers as a language does.

    Attributes:
        decimal: The decimal mark.
        thousands: What separates groups of three digits.
        thousands_from: The smallest number whose digits are grouped.
        percent_format: A percentage, with its number at {number}.
    """

    decimal: str
    thousands: str
    thousands_from: str
    percent_format: str

    def number(self, value: float, digits: int) -> str:
        """Return a number with some digits after the decimal mark; a dash for NaN and infinity."""
        if not math.isfinite(value):
            return NO_NUMBER
        grouped = round(abs(value), digits) >= float(self.thousands_from)
        return self._localised(f"{value:{',' if grouped else ''}.{digits}f}")

    def whole(self, value: float) -> str:
        """Return a number rounded to a whole one."""
        return self.number(value, 0)

    def shortest(self, value: float | Decimal) -> str:
        """Return a number such as 0.0001 with all of its digits and no more."""
        return self._localised(f"{Decimal(str(value)).normalize():f}")

    def shortest_percent(self, share: float) -> str:
        """Return a share from 0 to 1 as a percentage with all of its digits and no more."""
        number = self.shortest(100 * Decimal(str(share)))
        return self.percent_format.format(number=number).replace(" ", NO_BREAK_SPACE)

    def percent(self, share: float, digits: int = 1) -> str:
        """Return a share from 0 to 1 as a percentage, which is 100 only if the share is exactly 1."""
        shown = round(100 * share, digits)
        smallest = 10**-digits
        if shown == 100 and share < 1:
            shown = 100 - smallest
        return self.percent_format.format(number=self.number(shown, digits)).replace(" ", NO_BREAK_SPACE)

    def chance(self, probability: float) -> str:
        """Return a probability as a percentage below 100: softmax reaches 1 only because float32 rounds.

        Always with one digit, so that an answer is the same figure wherever it is written.
        """
        return self.percent(min(probability, 1 - 1e-9))

    def _localised(self, text: str) -> str:
        marks = {".": self.decimal, ",": self.thousands, "-": MINUS}
        return "".join(marks.get(sign, sign) for sign in text)
