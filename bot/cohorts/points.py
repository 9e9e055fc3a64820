"""What an answer is worth, and which answers of a day count. Pure; it knows no ledger and compares no texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.grading import rubric
from bot.grading.question import Question
from bot.model import Assessment, Band, Origin, ServingId, State

RULE = 1
"""The version of these rules. Whoever changes them keeps the former for the days that were booked by it."""

RATED = frozenset(Origin) - {Origin.SELF}
"""What the mentor, the cohort or an interview served. What members pick for themselves is practice, and unrated."""

BASE = {Band.NO_HIRE: 2, Band.LEAN_HIRE: 6, Band.STRONG_HIRE: 10}
TENTHS = {1: 8, 2: 9, 3: 10, 4: 12, 5: 14}
"""By a problem's difficulty 1..5, what its band is multiplied by, in tenths."""
HINT, LEAST = 2, 2
"""What each hint costs, and what a graded answer is worth at the least."""
DAILY = 60
"""Points of one day, at most."""
HOURLY, HOUR = 8, timedelta(hours=1)
"""So many answers of any hour count, at most."""
REVIEW, REVIEWS_A_WEEK = 5, 15
"""Points for a review of another member's answer that settled something, and of a week's reviews together."""

NOT_GRADABLE = str(Band.NOT_GRADABLE)
HOURLY_LIMIT, DAILY_LIMIT, WEEKLY_LIMIT = "hourly_limit", "daily_limit", "weekly_limit"
ASKED_AGAIN = "asked_again"
"""Why a recall counts only for what it is better than an earlier one of the same concept and day."""
REPEATS_OWN, REPEATS_REFERENCE, REPEATS_HINT = "repeats_own", "repeats_reference", "repeats_hint"
ANSWERED_TWICE = "answered_twice"
"""One person has answered a prompt on two accounts: the first counts."""
REPEATS = frozenset({REPEATS_OWN, REPEATS_REFERENCE, REPEATS_HINT, ANSWERED_TWICE})
REVIEWED_ANOTHER = "reviewed_another"
LINKED = "linked"
"""Why a review is not counted after all: both sides of it, or two such reviews, were one person's."""
REGRADED, REVIEWED, APPEALED, RECOUNTED = "regraded", "reviewed", "appealed", "recounted"
"""Why something was corrected. RECOUNTED: another answer of the day counts differently now."""
NEARLY_THE_SAME, GIVEN_BACK = "nearly_the_same", "given_back"
"""Why an organiser took points back, or gave them again."""

NONE, CORRECTION, VOID, RESTORED, REVIEW_KIND = "none", "correction", "void", "restored", "review"
"""Kinds of rows of the ledger besides the origins."""


@dataclass(frozen=True, slots=True)
class Item:
    """A graded answer to served work. A serving takes one answer, so that only the first ever counts; a question that
    is put once more since its answer could not be graded is a serving, and an item, of its own."""

    id: ServingId
    answered_at: datetime
    band: Band
    """As `rated`."""
    difficulty: int
    """1..5"""
    hints: int = 0
    """How many were shown."""
    repeats: str = ""
    """One of REPEATS where the answer says nothing in its own words."""
    recalls: str = ""
    """The concept of a recall question. One that stays unsure is due, and asked, again on the same day."""


@dataclass(frozen=True, slots=True)
class Due:
    """What an item is worth within its day, and why: its band, or what kept it from counting in full."""

    id: ServingId
    points: int
    reason: str


def rated(asked: Question, assessment: Assessment) -> Band:
    """The band that points are given for: what is unsure, appealed, or only the learner's own word counts as missed.

    So a provisional verdict is worth its lowest band, until whoever settles it corrects that.
    """
    verdicts = tuple(replace(v, state=State.MISSED) if v.by_learner else v for v in assessment.verdicts)
    mistakes = tuple(replace(m, denied=False) for m in assessment.mistakes)
    return rubric.outcome(asked, replace(assessment, verdicts=verdicts, mistakes=mistakes)).band


def worth(band: Band, difficulty: int, hints: int = 0) -> int:
    """The points of an answer, halves rounded up; 0 for one that could not be graded."""
    if band is Band.NOT_GRADABLE:
        return 0
    whole = (BASE[band] * TENTHS[difficulty] + 5) // 10
    return max(LEAST, whole - HINT * hints)


def day(items: Iterable[Item]) -> tuple[Due, ...]:
    """What each answer of one member's local day is due, in the order of answering.

    Of several recalls of one concept the best counts, so that saying something unsure over and over brings nothing.
    Each day begins afresh, its hours too, so that what changes on one never moves another.
    """
    left, counted, found = DAILY, list[datetime](), list[Due]()
    recalled: dict[str, int] = {}
    for item in sorted(items, key=lambda i: (i.answered_at, i.id)):
        whole = worth(item.band, item.difficulty, item.hints)
        lately = sum(at > item.answered_at - HOUR for at in counted)
        if item.repeats:
            found.append(Due(item.id, 0, item.repeats))
        elif not whole:
            found.append(Due(item.id, 0, NOT_GRADABLE))
        elif lately >= HOURLY:
            found.append(Due(item.id, 0, HOURLY_LIMIT))
        else:
            before = recalled.get(item.recalls, 0)
            given = min(max(0, whole - before), left)
            reason = str(item.band) if given == whole else DAILY_LIMIT if given < whole - before else ASKED_AGAIN
            found.append(Due(item.id, given, reason))
            left -= given
            if item.recalls:
                recalled[item.recalls] = before + given
            if given:
                counted.append(item.answered_at)
    return tuple(found)


def review(this_week: int) -> int:
    """What one more accepted review is worth to a reviewer who has got so many points for reviews in their week."""
    return max(0, min(REVIEW, REVIEWS_A_WEEK - this_week))
