"""What a graded answer says about memory, and when a concept comes back. The scheduler is FSRS; it reads no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from fsrs import Card as FsrsCard
from fsrs import Rating, Scheduler
from fsrs import State as FsrsState

from bot.model import Card, ConceptId

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
