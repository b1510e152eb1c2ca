"""Who sits in a class."""

from __future__ import annotations

from collections import Counter

import pytest

from mnist_demo.classroom.seats import (
    CODE_SIGNS,
    digest_of,
    new_code,
    new_token,
    seat_color,
    seat_name,
    seat_symbol,
    seat_words,
)
from mnist_demo.classroom.transitions import MAX_PHONES
from mnist_demo.texts import languages


@pytest.mark.parametrize("language", languages())
def test_there_are_more_names_than_phones_and_none_twice(language: str):
    """In every language as many, since a place is the same animal in all of them."""
    words = seat_words(language)
    assert len(words) == len(set(words)) == len(seat_words("en")) > MAX_PHONES
    assert all(len(word) <= 24 for word in words)


def test_every_seat_of_a_class_has_another_name():
    """And another one in the next class, so that nobody waits for the best."""
    count = len(seat_words("es"))
    names = [seat_name(number, 7)["es"] for number in range(1, count + 1)]
    assert len(set(names)) == count
    assert seat_name(count + 1, 7) == seat_name(1, 7)
    assert seat_name(1, 7) != seat_name(1, 8)
    assert set(seat_name(1, 7)) == set(languages())


def test_symbols_and_colours_take_turns():
    """110 pairs before one comes again."""
    pairs = Counter((seat_symbol(number), seat_color(number)) for number in range(1, 111))
    assert max(pairs.values()) == 1


def test_code_is_of_signs_that_nobody_mistakes():
    """Neither O and 0, nor I and 1, nor a word."""
    assert not set(CODE_SIGNS) & set("0O1IL5S2Z8BAEIOU")
    assert all(len(code) == 4 and set(code) <= set(CODE_SIGNS) for code in (new_code() for _ in range(50)))


def test_tokens_are_random_and_not_to_be_found_in_their_digests():
    """A digest is of 32 bytes whatever somebody sends."""
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(digest_of(token)) == 32 for token in (*tokens, "", "\ud800", "x" * 10_000))
