"""An interview ahead brings reviews forward, and due dates are the learner's own dates, whatever the clocks do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.calendar import instant, local_date, zone_names
from bot.model import Card, ConceptId, Horizon
from bot.practice import memory
from tests.talk import DAY, MONDAY

CONCEPT = ConceptId("llm.rag.chunking")
ZONES = st.sampled_from(zone_names())
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def reviewed(*reviews: tuple[datetime, int]) -> Card:
    card = memory.replay(CONCEPT, reviews)
    assert card is not None
    return card


def until_the_interview(days: int, first: int) -> tuple[list[int], float]:
    """The days of a concept's reviews, Good after the first rating; and recall (0..1) on the day itself."""
    horizon = Horizon(local_date(MONDAY, "UTC") + timedelta(days=days), MONDAY)
    reviews, at, rating = [], MONDAY, first
    while at < MONDAY + days * DAY:
        reviews.append((at, rating))
        card = memory.as_of(reviewed(*reviews), "UTC", horizon, local_date(at, "UTC"))
        at, rating = instant(local_date(card.due_at, "UTC"), time(9), "UTC"), 3
    return [(at - MONDAY).days for at, _ in reviews], memory.retrievability(reviewed(*reviews), MONDAY + days * DAY)


@pytest.mark.parametrize(
    ("days", "reviews"),
    [
        (14, [0, 4, 11]),
        (21, [0, 4, 14, 17, 20]),
        # the growth of 2.5 at most makes these 14 and 39 what would be 26 and 49
        (45, [0, 4, 14, 29, 37, 42, 43, 44]),
        (90, [0, 4, 14, 39, 66, 79, 85, 88]),
    ],
)
def test_reviews_come_after_half_of_what_is_left_counted_anew_each_week(days: int, reviews: list[int]) -> None:
    assert until_the_interview(days, first=3)[0] == reviews


@pytest.mark.parametrize(("days", "recall"), [(14, 0.99), (21, 0.98), (45, 0.97), (90, 0.99)])
@pytest.mark.parametrize("first", [1, 3])
def test_on_the_day_it_is_remembered(days: int, recall: float, first: int) -> None:
    known = until_the_interview(days, first)[1]

    assert known >= (round(recall, 2) - 0.005 if first == 3 else 0.966)


@given(zone=ZONES, at=INSTANTS, ratings=st.lists(st.integers(1, 4), min_size=1, max_size=4), data=st.data())
def test_an_interview_never_puts_a_review_off_nor_before_the_day_it_was_set(
    zone: str, at: datetime, ratings: list[int], data: st.DataObject
) -> None:
    card = reviewed(*((at + n * DAY, r) for n, r in enumerate(ratings)))
    set_at = at + timedelta(hours=data.draw(st.integers(-2000, 2000)))
    horizon = Horizon(local_date(set_at, zone) + timedelta(days=data.draw(st.integers(0, 120))), set_at)
    today = local_date(max(set_at, card.last_at), zone)

    without = local_date(memory.as_of(card, zone, None, today).due_at, zone)
    due_on = local_date(memory.as_of(card, zone, horizon, today).due_at, zone)

    assert due_on <= without
    assert due_on >= min(without, local_date(set_at, zone))


def test_an_interview_that_is_over_changes_nothing() -> None:
    card = replace(reviewed((MONDAY, 3)), due_at=MONDAY + 30 * DAY, interval_days=30)
    horizon = Horizon(date(2026, 1, 19), MONDAY)

    on_the_day = memory.as_of(card, "UTC", horizon, date(2026, 1, 19))
    day_after = memory.as_of(card, "UTC", horizon, date(2026, 1, 20))

    assert local_date(on_the_day.due_at, "UTC") == date(2026, 1, 12)
    assert day_after == card


@given(zone=ZONES, at=INSTANTS, ratings=st.lists(st.integers(1, 4), min_size=1, max_size=4))
@example("Europe/Berlin", datetime(2026, 3, 28, 22, 30, tzinfo=UTC), [1])  # 24 hours later it is the day after next
@example("America/Nuuk", datetime(2026, 3, 28, 1, 30, tzinfo=UTC), [1])  # the hour before midnight is skipped
def test_a_concept_is_due_so_many_local_dates_after_its_review(zone: str, at: datetime, ratings: list[int]) -> None:
    card = reviewed(*((at + n * DAY, r) for n, r in enumerate(ratings)))

    due_on = local_date(memory.as_of(card, zone, None, local_date(card.last_at, zone)).due_at, zone)

    assert due_on == local_date(card.last_at, zone) + timedelta(days=card.interval_days)
