"""A long text is broken where a reader would break it, and nothing of it is lost."""

from __future__ import annotations

import pytest

from adapters.cutting import cut, cuts


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("short", ["short"]),
        ("one two\n\nthree four\nfive", ["one two\n\n", "three four\n", "five"]),
        ("It is. That is so.", ["It is. ", "That is so."]),
        ("召回率很。重要。好。", ["召回率很。重要。好。"]),
        ("abcdefghijklmnop", ["abcdefghijkl", "mnop"]),
        ("a bcdefghijklmnop", ["a bcdefghijk", "lmnop"]),
    ],
)
def test_it_is_broken_behind_a_paragraph_else_a_line_a_sentence_a_word(text: str, pieces: list[str]) -> None:
    assert cut(text, 12) == pieces


def test_what_weighs_more_takes_more_room() -> None:
    text = "a*b*c*"
    assert list(cuts(text, [2 if char == "*" else 1 for char in text], 3)) == [(0, 2), (2, 4), (4, 6)]


def test_what_is_too_heavy_stands_alone() -> None:
    assert list(cuts("aXb", [1, 99, 1], 3)) == [(0, 1), (1, 2), (2, 3)]
