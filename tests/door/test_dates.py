"""Which day is meant by what people write."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.door.dates import read

SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-03",
        "03.12.2026",
        "3. 12.",
        "3 Dec",
        "3 December 2026",
        "3rd of December",
        "Dec 3",
        "December 3rd, 2026",
        "Thu, 3 Dec 2026",
        "until 3 dec.",
        "in 12 days",
        "12 days",
    ],
)
def test_a_date_is_taken_as_people_write_it(typed: str) -> None:
    assert read(typed, SATURDAY) == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", SATURDAY),
        ("tomorrow", date(2026, 11, 22)),
        ("Monday", date(2026, 11, 23)),
        ("sat", date(2026, 11, 28)),
        ("in 2 weeks", date(2026, 12, 5)),
    ],
)
def test_a_day_near_by_may_be_named_by_how_far_it_is(typed: str, day: date) -> None:
    assert read(typed, SATURDAY) == day


@pytest.mark.parametrize(
    ("typed", "day"),
    [("21 Nov", SATURDAY), ("20 Nov", date(2027, 11, 20)), ("29 Feb", date(2028, 2, 29)), ("1.1.", date(2027, 1, 1))],
)
def test_without_a_year_it_is_the_next_such_day(typed: str, day: date) -> None:
    assert read(typed, SATURDAY) == day


@pytest.mark.parametrize("typed", ["", "soon", "7", "31 Feb", "2026-13-01", "0.5.2026", "3 Xyz", "ma 3", "5 minutes"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert read(typed, SATURDAY) is None


def test_a_date_with_slashes_is_not_guessed() -> None:
    assert read("3/12/2026", SATURDAY) is None


@given(st.text(max_size=40) | st.from_regex(r"(in )?\d{1,4} (day|week)s|\d{1,2} [A-Za-z]{3,9} \d{4}", fullmatch=True))
def test_no_text_breaks_it(text: str) -> None:
    found = read(text, SATURDAY)
    assert found is None or isinstance(found, date)
