"""Five ratings of oneself -> a band, and what has moved since the last time. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.calendar import local_date
from bot.catalogue.asking import AssessmentBand, Rated, SelfAssessment
from bot.errors import FieldError
from bot.model import Event

ASSESSED = "self_assessed"
"""The event; its data holds `ratings`, dimension -> 1 to 5."""
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Earlier:
    """The assessment before this one."""

    ratings: Mapping[str, int]
    """May lack a dimension that was not asked for then."""
    days: int
    """Local days since then; 0 for the same day."""


def rating(dimension: Rated, text: str) -> int:
    """A rating from 1 to 5. Raises FieldError that names what was to be rated."""
    typed = text.strip()
    if typed in {str(n) for n in range(LOWEST, HIGHEST + 1)}:
        return int(typed)
    given = f"“{typed[:40]}” is none of them" if typed else "it is still open"
    raise FieldError(
        dimension.id,
        f"{dimension.name}: rate it {LOWEST} to {HIGHEST}; {given}. /rolecall role assess alone shows what each means.",
    )


def band(known: SelfAssessment, ratings: Mapping[str, int]) -> AssessmentBand:
    """Where the sum of all ratings falls."""
    total = sum(ratings.values())
    return next(b for b in known.bands if b.low <= total <= b.high)


def earlier(events: Sequence[Event], now: datetime, zone: str) -> Earlier | None:
    """The latest of some assessments, oldest first; None where there is none."""
    if not events:
        return None
    last = events[-1]
    kept = last.data.get("ratings")
    ratings = {str(id): int(value) for id, value in kept.items()} if isinstance(kept, Mapping) else {}
    return Earlier(ratings, (local_date(now, zone) - local_date(last.at, zone)).days)
