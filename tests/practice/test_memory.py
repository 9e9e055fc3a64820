"""From a verdict to the day on which a concept comes back."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from fsrs import Rating
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Card, ConceptId
from bot.practice import memory
from tests.talk import MONDAY

PLAIN = {
    "must_missed": False,
    "fatal": False,
    "revealed": False,
    "hints": 0,
    "fresh": True,
    "first": False,
    "confident": True,
}
CONCEPT = ConceptId("llm.rag.chunking")


@pytest.mark.parametrize(
    ("share", "given", "rating"),
    [
        (0.49, {}, Rating.Again),
        (1.0, {"must_missed": True}, Rating.Again),
        (1.0, {"fatal": True}, Rating.Again),
        (1.0, {"revealed": True}, Rating.Again),
        (0.5, {}, Rating.Hard),
        (0.74, {}, Rating.Hard),
        (1.0, {"hints": 2}, Rating.Hard),
        (0.75, {}, Rating.Good),
        (0.95, {"hints": 1}, Rating.Good),
        (1.0, {}, Rating.Easy),
        (1.0, {"first": True}, Rating.Good),
        (1.0, {"fresh": False}, Rating.Good),
        (1.0, {"confident": False}, Rating.Good),
    ],
)
def test_ratings_follow_the_table(share: float, given: dict[str, bool], rating: Rating) -> None:
    assert memory.rate(share, **(PLAIN | given)) is rating  # type: ignore[arg-type]


def days(*ratings: int) -> list[int]:
    """The interval after each rating, every review on the day it is due."""
    at, reviews, intervals = MONDAY, [], []
    for rating in ratings:
        reviews.append((at, rating))
        card = memory.replay(CONCEPT, reviews)
        assert card is not None
        intervals.append(card.interval_days)
        at = card.due_at
    return intervals


@pytest.mark.parametrize(
    ("ratings", "intervals"),
    [((3, 3, 3, 3), [4, 10, 25, 60]), ((2, 2, 2), [2, 5, 12]), ((1, 3, 3), [1, 2, 5]), ((3, 1, 3, 3), [4, 1, 2, 5])],
)
def test_intervals_grow_by_two_and_a_half_at_most_until_three_passes(
    ratings: tuple[int, ...], intervals: list[int]
) -> None:
    assert days(*ratings) == intervals


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12))
def test_every_history_gives_a_whole_day_between_one_and_sixty(ratings: list[int]) -> None:
    intervals = days(*ratings)

    assert all(1 <= d <= 60 for d in intervals)
    assert all(
        after <= 60 and (r != 1 or after <= max(1, before))
        for (before, after), r in zip(pairwise(intervals), ratings[1:], strict=True)
    )


def test_a_failure_counts_as_a_lapse_only_after_the_first_review() -> None:
    card = memory.replay(CONCEPT, [(MONDAY, 1), (MONDAY + timedelta(days=1), 1)])

    assert isinstance(card, Card)
    assert (card.reviews, card.passes, card.lapses) == (2, 0, 1)


def test_nothing_reviewed_is_no_card() -> None:
    assert memory.replay(CONCEPT, []) is None


def test_recall_fades_from_one_towards_the_wanted_retention_on_the_due_day() -> None:
    card = memory.replay(CONCEPT, [(MONDAY, 3)])

    assert card is not None
    assert memory.retrievability(card, MONDAY) == 1.0
    assert memory.retrievability(card, card.due_at) == pytest.approx(0.85, abs=0.03)
