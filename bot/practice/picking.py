"""Which problem comes next, and why: due first, then new, no two in a row on one topic. Pure.

A backlog is spread over days: each has its portion, the most urgent first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendar import is_due
from bot.catalogue import Catalogue
from bot.catalogue.problem import Problem
from bot.model import Card, ConceptId, Origin, ProblemId, Role
from bot.practice.memory import retrievability

RECALL_MINUTES = 0.5
ENOUGH = 10
"""So many due concepts are asked on one day without a second thought."""
SPREAD = 5
"""Days over which more than ENOUGH are spread."""
FULL = 25
"""With more due concepts than this, nothing new is put that was not asked for."""
REST = timedelta(days=21)
"""A variant is not put again within this time where there is another choice."""
OFF_ROLE = 0.5
"""What a concept outside the target role weighs against one inside it."""

Exposures = Mapping[tuple[ProblemId, str, str], tuple[datetime, int]]
"""(problem, variant, concept of a recall question or "") -> (last put, times)."""


@dataclass(frozen=True, slots=True)
class Pick:
    problem: Problem
    variant: str
    origin: Origin
    concept: ConceptId | None = None
    """Set: only this concept's recall question is asked."""


@dataclass(frozen=True, slots=True)
class Learner:
    """What picking needs to know of a member."""

    role: Role | None
    zone: str
    cards: tuple[Card, ...]
    exposures: Exposures
    last_topic: str | None = None
    resting: frozenset[ConceptId] = frozenset()
    """Concepts that a mentor is asked about, and that are not asked meanwhile."""
    recalled_today: int = 0
    """Due concepts that were asked and rated on this local date already."""
    days_left: int | None = None
    """Local days until the interview; None without one that is still to come."""


def portion(due: int, done: int, days_left: int | None = None) -> int:
    """How many of the concepts that are due are asked today, where so many others have been done today.

    A fifth of what was due in the morning and at least ENOUGH, so that a backlog grows smaller by the day; more where
    so few days are left before an interview.
    """
    morning = due + done
    days = SPREAD if days_left is None else max(1, min(SPREAD, days_left))
    whole = morning if morning <= ENOUGH else max(ENOUGH, math.ceil(morning / days))
    return min(due, max(0, whole - done))


def today(learner: Learner, bank: Catalogue, now: datetime) -> tuple[tuple[Card, ...], int]:
    """The cards of today's portion, most urgent first; and how many that are due, too, are left for the next days."""
    cards = due(learner, bank, now)
    most = portion(len(cards), learner.recalled_today, learner.days_left)
    return cards[:most], len(cards) - most


def due(learner: Learner, bank: Catalogue, now: datetime) -> tuple[Card, ...]:
    """The cards due on the member's local date, most urgent first: the most forgotten, weighed by the target role.

    Concepts that no live problem tests any more, or that are resting, are left out.
    """
    awake = [c for c in learner.cards if c.concept not in learner.resting]
    cards = [c for c in awake if is_due(c.due_at, now, learner.zone) and bank.problems_for(c.concept)]

    def urgency(card: Card) -> tuple[float, str]:
        weight = 1.0 if any(suits(p, learner.role) for p in bank.problems_for(card.concept)) else OFF_ROLE
        return -(1 - retrievability(card, now)) * weight, card.concept

    return tuple(sorted(cards, key=urgency))


def soonest(learner: Learner, bank: Catalogue) -> datetime | None:
    """When the next concept that can still be asked falls due."""
    return min((c.due_at for c in learner.cards if bank.problems_for(c.concept)), default=None)


def suits(problem: Problem, role: Role | None) -> bool:
    return role is None or "all" in problem.tags.roles or role in problem.tags.roles


def matches(problem: Problem, want: str) -> bool:
    """Whether a problem is what was asked for: a role, round, topic, area of topics, its own id, or "role+round"."""
    role, both, round_ = want.partition("+")
    if both:
        return problem.tags.round == round_ and bool({"all", role} & set(problem.tags.roles))
    if want == problem.id or want == problem.tags.round or want in problem.tags.roles:
        return True
    return any(t == want or t.startswith(want + ".") for t in problem.tags.topics)


def recall(learner: Learner, bank: Catalogue, now: datetime, *, everything: bool = False) -> Pick | None:
    """The next recall question of today's portion, or of `everything` that is due; None where there is none."""
    cards = due(learner, bank, now) if everything else today(learner, bank, now)[0]
    return next((p for c in _apart(cards, learner, bank) if (p := _recall_of(c, learner, bank))), None)


def pick(learner: Learner, bank: Catalogue, now: datetime, want: str = "") -> Pick | None:
    """The next thing to work on; None where nothing in the bank is what was asked for.

    What the member asked for by name is their own choice and unrated; what is due or
    chosen by the mentor is served work. Where FULL would be passed, due work goes on after the day's portion.
    """
    if not want:
        cards, later = today(learner, bank, now)
        if not cards and later > FULL:
            cards = due(learner, bank, now)
        for card in _apart(cards, learner, bank):
            if card.last_rating == 1 and (again := _unrested(card, learner, bank, now)):
                return again
            if asked := _recall_of(card, learner, bank):
                return asked
    wanted = (
        [p for p in bank.problems.values() if matches(p, want)]
        if want
        else [p for p in bank.problems.values() if suits(p, learner.role)]
    )
    if want and len(wanted) == 1:
        return Pick(wanted[0], _variant(wanted[0], learner), Origin.SELF)
    new = [p for p in wanted if not _seen(p, learner)]
    if new:
        return Pick(min(new, key=lambda p: _newness(p, learner)), "v1", Origin.SELF if want else Origin.NEW)
    if not wanted:
        return None
    oldest = min(wanted, key=lambda p: (_last(p, _variant(p, learner), learner), p.id))
    return Pick(oldest, _variant(oldest, learner), Origin.SELF)


def minutes(cards_due: int, new: Problem | None) -> int:
    """How many minutes the day's work takes, at least 1."""
    return max(1, round(cards_due * RECALL_MINUTES + (new.tags.minutes if new else 0)))


def _newness(problem: Problem, learner: Learner) -> tuple[bool, bool, int, str]:
    specific = learner.role is None or learner.role in problem.tags.roles
    return problem.topic == learner.last_topic, not specific, problem.tags.difficulty, problem.id


def _apart(cards: Sequence[Card], learner: Learner, bank: Catalogue) -> list[Card]:
    """The cards with those of the last topic moved behind the others."""
    return sorted(cards, key=lambda c: bank.topic_of(c.concept) == learner.last_topic)


def _recall_of(card: Card, learner: Learner, bank: Catalogue) -> Pick | None:
    """The concept's recall question that was asked longest ago."""
    asking = [p for p in bank.problems_for(card.concept) if any(r.concept == card.concept for r in p.recall)]
    if not asking:
        return None
    chosen = min(asking, key=lambda p: (_last(p, "recall", learner, card.concept), not suits(p, learner.role), p.id))
    return Pick(chosen, "recall", Origin.DUE, card.concept)


def _unrested(card: Card, learner: Learner, bank: Catalogue, now: datetime) -> Pick | None:
    """A full problem on a concept that failed, in a variant that has not been seen lately."""
    fresh = [
        (p, v)
        for p in bank.problems_for(card.concept)
        for v in ("v1", *(v.id for v in p.variants))
        if _last(p, v, learner) < (now - REST).timestamp()
    ]
    if not fresh:
        return None
    problem, variant = min(
        fresh, key=lambda f: (_last(f[0], f[1], learner), not suits(f[0], learner.role), f[0].id, f[1])
    )
    return Pick(problem, variant, Origin.DUE)


def _variant(problem: Problem, learner: Learner) -> str:
    """The variant that was put longest ago, or never."""
    return min(("v1", *(v.id for v in problem.variants)), key=lambda v: (_last(problem, v, learner), v))


def _last(problem: Problem, variant: str, learner: Learner, concept: str = "") -> float:
    """When this was last put, in seconds since 1970; 0 for never."""
    seen = learner.exposures.get((problem.id, variant, concept))
    return seen[0].timestamp() if seen else 0.0


def _seen(problem: Problem, learner: Learner) -> bool:
    return any(_last(problem, v, learner) for v in ("v1", *(v.id for v in problem.variants)))
