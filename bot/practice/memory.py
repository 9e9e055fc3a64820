"""What a graded answer says about memory, and when a concept comes back. The scheduler is FSRS; it reads no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from fsrs import Card as FsrsCard
from fsrs import Rating, Scheduler
from fsrs import State as FsrsState

from bot.calendar import instant, local_date
from bot.model import Card, ConceptId, Horizon

# Long answers are noisier than flashcards and a day is the unit, so: no steps within a
# day, at most 60 days apart, and fuzz off because it draws from the global generator.
SCHEDULER = Scheduler(
    desired_retention=0.85, learning_steps=(), relearning_steps=(), maximum_interval=60, enable_fuzzing=False
)
AGAIN = int(Rating.Again)
GROWTH = 2.5
"""How many times the last interval the next one may be, until a concept was passed three times."""
CAREFUL_PASSES = 3
FRESH_AFTER = timedelta(days=30)
"""A variant not seen for this long counts as fresh."""
CERTAIN = 0.9
"""The confidence from which a verdict may earn Easy."""
NOON = time(12)
"""Where only a due date counts: an hour that no clock change skips."""


def rate(
    share: float,
    *,
    must_missed: bool,
    fatal: bool,
    revealed: bool,
    hints: int,
    fresh: bool,
    first: bool,
    confident: bool,
) -> Rating:
    """The FSRS rating of one concept from the weighted share (0..1) of its criteria that were met.

    Again is the only rating that FSRS counts as a failure, so every failure is Again;
    never Easy on a first exposure, which would put the next review 16 days off.
    """
    if revealed or fatal or must_missed or share < 0.5:
        return Rating.Again
    if share < 0.75 or hints >= 2:
        return Rating.Hard
    if share >= 0.95 and hints == 0 and fresh and not first and confident:
        return Rating.Easy
    return Rating.Good


def replay(concept: ConceptId, reviews: Iterable[tuple[datetime, int]]) -> Card | None:
    """The card of a concept after its ratings (1..4), oldest first; None without any."""
    card = FsrsCard(card_id=0, due=datetime.min.replace(tzinfo=UTC))
    interval = passes = lapses = count = 0
    rating = Rating.Again
    for at, value in reviews:
        rating = Rating(value)
        card, _ = SCHEDULER.review_card(card, rating, at.astimezone(UTC))
        days = round((card.due - at) / timedelta(days=1))
        if rating is Rating.Again:
            lapses += count > 0
        else:
            if interval and passes < CAREFUL_PASSES:
                days = min(days, int(GROWTH * interval))
            passes += 1
        interval = max(1, days)
        card.due = at + timedelta(days=interval)
        count += 1
    if count == 0 or card.stability is None or card.difficulty is None or card.last_review is None:
        return None
    return Card(
        concept=concept,
        due_at=card.due,
        stability=card.stability,
        difficulty=card.difficulty,
        last_at=card.last_review,
        last_rating=int(rating),
        interval_days=interval,
        reviews=count,
        passes=passes,
        lapses=lapses,
    )


def as_of(card: Card, zone: str, horizon: Horizon | None, today: date) -> Card:
    """The card as it counts for a learner: due by their own dates, and sooner with an interview ahead of them.

    FSRS counts days of 24 hours; a learner's days are 23 or 25 hours long where the clocks change. `today` is their
    local date; an interview that is over changes nothing.
    """
    due_on = local_date(card.last_at, zone) + timedelta(days=card.interval_days)
    if horizon and today <= horizon.interview_on:
        due_on = min(due_on, _wanted_by(horizon, local_date(card.last_at, zone), zone))
    if due_on == local_date(card.due_at, zone):
        return card
    return replace(card, due_at=instant(due_on, NOON, zone))


def _wanted_by(horizon: Horizon, last_on: date, zone: str) -> date:
    """The latest date for a concept last reviewed on a date: after half the time that was left to the interview.

    That time is counted anew each week since the interview's date was set. Where it was set long after the review,
    the concept is wanted at once and not in the past.
    """
    set_on = local_date(horizon.set_at, zone)
    weeks = max(0, (last_on - set_on).days // 7)
    left = (horizon.interview_on - set_on).days - 7 * weeks
    return max(set_on, last_on + timedelta(days=min(max(1, left // 2), SCHEDULER.maximum_interval)))


def retrievability(card: Card, now: datetime) -> float:
    """The chance, 0..1, that the member still recalls the concept (FSRS)."""
    return SCHEDULER.get_card_retrievability(
        FsrsCard(
            card_id=0,
            state=FsrsState.Review,
            stability=card.stability,
            difficulty=card.difficulty,
            due=card.due_at,
            last_review=card.last_at,
        ),
        now.astimezone(UTC),
    )
