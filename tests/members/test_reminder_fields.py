"""What people write into the form of their reminders, and how it is refused."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.errors import FieldError
from bot.members import reminder_fields as fields

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("every day", (0, 1, 2, 3, 4, 5, 6)),
        ("Daily", (0, 1, 2, 3, 4, 5, 6)),
        ("weekdays", (0, 1, 2, 3, 4)),
        ("working days", (0, 1, 2, 3, 4)),
        ("Mon Wed Fri", (0, 2, 4)),
        ("mon, wed & fri", (0, 2, 4)),
        ("Mondays and Thursdays", (0, 3)),
        ("Tu/Th", (1, 3)),
        ("Mon – Fri", (0, 1, 2, 3, 4)),
        ("friday to monday", (0, 4, 5, 6)),
        ("weekdays and Sat", (0, 1, 2, 3, 4, 5)),
        ("every day except Sunday", (0, 1, 2, 3, 4, 5)),
        ("not weekends", (0, 1, 2, 3, 4)),
    ],
)
def test_days_are_taken_as_people_write_them(typed: str, days: tuple[int, ...]) -> None:
    assert fields.weekdays(typed) == days


@pytest.mark.parametrize("typed", ["", "none", "every day but Mon-Sun"])
def test_no_day_at_all_names_the_ways_to_stop(typed: str) -> None:
    with pytest.raises(FieldError, match=r"me pause.*reminders=no") as refused:
        fields.weekdays(typed)
    assert refused.value.field == "days"


@pytest.mark.parametrize("typed", ["soon", "Montag", "m", "1,2", "mon-tue-wed"])
def test_days_that_are_none_say_how_to_write_them(typed: str) -> None:
    with pytest.raises(FieldError, match="Write them like Mon Wed Fri"):
        fields.weekdays(typed)


@pytest.mark.parametrize("typed", ["22:00-07:00", "22-7", "10pm to 7am", "22.00–7.00", "from 22 until 7"])
def test_quiet_hours_are_taken_as_people_write_them(typed: str) -> None:
    assert fields.quiet(typed) == (time(22), time(7))


def test_there_may_be_no_quiet_hours() -> None:
    assert fields.quiet("none") is None


@pytest.mark.parametrize("typed", ["9-9", "0-24", "00:00-00:00"])
def test_quiet_hours_over_the_whole_day_name_the_ways_to_stop(typed: str) -> None:
    with pytest.raises(FieldError, match=r"whole day.*me pause.*reminders=no") as refused:
        fields.quiet(typed)
    assert refused.value.field == "quiet"


@pytest.mark.parametrize("typed", ["22", "22-", "22-25", "1-2-3", "at night"])
def test_quiet_hours_that_are_none_say_how_to_write_them(typed: str) -> None:
    with pytest.raises(FieldError, match="Write them like 22:00-07:00"):
        fields.quiet(typed)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("3 Dec", date(2026, 12, 3)), ("today", TODAY), ("in 21 days", date(2026, 12, 12)), ("none", None)],
)
def test_an_interview_is_a_day_to_come_or_none(typed: str, day: date | None) -> None:
    assert fields.interview(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-11-20", "20 November 2026 is over"),
        ("2028-11-21", "more than two years away"),
        ("soon", "Write it like 2026-12-21 or 21 December"),
        ("3/12/2026", "can mean two days"),
    ],
)
def test_an_interview_that_cannot_be_is_refused_with_the_remedy(typed: str, said: str) -> None:
    with pytest.raises(FieldError, match=said) as refused:
        fields.interview(typed, TODAY)
    assert refused.value.field == "interview"


@pytest.mark.parametrize(
    ("typed", "day"), [("7", date(2026, 11, 28)), ("tomorrow", date(2026, 11, 22)), ("365", date(2027, 11, 21))]
)
def test_a_pause_ends_after_some_days_or_on_a_day(typed: str, day: date) -> None:
    assert fields.first_day_back(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0", "over already"),
        ("today", "over already"),
        ("20.11.2026", "over already"),
        ("366", "365 days at most"),
        ("soon", "not a day that I understand"),
    ],
)
def test_a_pause_that_cannot_be_is_refused_with_the_remedy(typed: str, said: str) -> None:
    with pytest.raises(FieldError, match=said):
        fields.first_day_back(typed, TODAY)
