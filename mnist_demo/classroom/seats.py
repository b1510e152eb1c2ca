"""Who sits in a class: no names, but two safe words, a symbol and a colour; tokens tell phones apart."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from random import Random

from mnist_demo.charts import DIGIT_FILLS
from mnist_demo.texts import languages, load_texts

TOKEN_BYTES = 24
CODE_SIGNS = "CDFGHJKMNPRTVWXY34679"
"""Of a class's code: none that looks like another one, and no vowels, so that no word comes about."""
CODE_LENGTH = 4
SYMBOLS = ("●", "▲", "■", "◆", "★", "♥", "♣", "♠", "▼", "✚", "◐")
"""Eleven, beside ten colours: both change from seat to seat, and 110 pairs come before one comes again."""


class SeatStatus(StrEnum):
    """Whether a phone takes part."""

    PRESENT = "present"
    REMOVED = "removed"
    """It may join again, as somebody new."""
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Seat:
    """One phone's place in a class.

    Attributes:
        number: From 1, in the order of joining; all that an export says of a person.
        digest: Of the phone's token, which is kept nowhere.
        status: Whether it takes part.
    """

    number: int
    digest: bytes
    status: SeatStatus = SeatStatus.PRESENT


def new_code() -> str:
    """Make a class's code, short enough to be read from a projector."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def new_token() -> str:
    """Make a token that nobody guesses."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> bytes:
    """Return what is kept of a token, from which nobody finds it out."""
    return sha256(f"mnist-demo seat {token}".encode("utf-8", "replace")).digest()


def is_digest(digest: bytes, other: bytes) -> bool:
    """Tell whether two digests are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(digest, other)


@cache
def seat_words(language: str) -> tuple[str, ...]:
    """Return all two-word names of a language; the same place is the same animal in all of them."""
    words = load_texts(language).seats
    animals, traits = (text.split(", ") for text in (words.animals, words.traits))
    return tuple(words.name.format(animal=animal, trait=trait) for animal in animals for trait in traits)


def seat_name(number: int, seed: int) -> dict[str, str]:
    """Return what a seat is called in each language; names come again after more seats than a class has.

    Args:
        number: The seat's, from 1.
        seed: The class's: in another class, the same seat has another name.
    """
    order = _order(seed)
    place = order[(number - 1) % len(order)]
    return {language: seat_words(language)[place] for language in languages()}


@cache
def _order(seed: int) -> tuple[int, ...]:
    places = list(range(min(len(seat_words(language)) for language in languages())))
    Random(seed).shuffle(places)
    return tuple(places)


def seat_symbol(number: int) -> str:
    """Return a seat's symbol."""
    return SYMBOLS[(number - 1) % len(SYMBOLS)]


def seat_color(number: int) -> str:
    """Return a seat's colour, under which dark signs are read well, such as "#5aa9ff"."""
    return DIGIT_FILLS[(number - 1) % len(DIGIT_FILLS)]
