"""What somebody typed never moves the cursor, recolours or reorders the screen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inert import inert, inert_line


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("plain words", "plain words"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[Hgone", "gone"),
        ("\x9b31mred", "red"),
        ("\x1b]0;a title\x07after", "after"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq#0\x1b\\after", "after"),
        ("lonely \x1b", "lonely "),
        ("back\x08\x08\x00bell\x07", "backbell"),
        ("over\rwrite", "overwrite"),
        ("two\r\nlines", "two\nlines"),
        ("a\u2028b\u2029c\x0bd\x85e", "a\nb\nc\nd\ne"),
        ("a\tb", "a    b"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\u2066isolated\u2069 \u200fmark", "isolated mark"),
        ("zero\u200bwidth\ufeff\u2060", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("lost \udcff byte", "lost � byte"),
        ("👩\u200d💻 می\u200cخواهم é 한글", "👩\u200d💻 می\u200cخواهم é 한글"),
        ("[bold red]not markup[/]", "[bold red]not markup[/]"),
    ],
)
def test_codes_go_and_words_stay(typed: str, drawn: str) -> None:
    assert inert(typed) == drawn


def test_a_label_stays_on_one_line() -> None:
    assert inert_line(" two\nlines\t of \x1b[1mit ") == "two lines of it"


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_no_text_holds_a_control_or_format_character_afterwards(text: str) -> None:
    allowed = "\n\u200c\u200d"
    left = [c for c in inert(text) if c not in allowed and unicodedata.category(c) in ("Cc", "Cf", "Cs")]

    assert left == []
    assert inert(inert(text)) == inert(text)
    inert(text).encode()
