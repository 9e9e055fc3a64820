"""Which problem a cohort is asked next, the same for all, and until when it stays open. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import calendar
from bot.catalogue import Catalogue
from bot.catalogue.problem import Problem
from bot.cohort_model import Preset
from bot.cohorts.prompt_settings import Wanted
from bot.model import ProblemId, Role
from bot.practice.picking import matches

DAYS_OPEN = 3
"""How long a prompt stays open where the next one does not come earlier: as long as people still remember it."""
BEFORE_NEXT = timedelta(hours=1)
"""How long before the next prompt one closes."""
CAREER = "career"
"""The area of problems about finding a job."""


@dataclass(frozen=True, slots=True)
class Asked:
    problem: ProblemId
    variant: str


@dataclass(frozen=True, slots=True)
class Past:
    """What a cohort has behind it."""

    asked: tuple[Asked, ...] = ()
    """Oldest first."""
    seen: Mapping[ProblemId, int] = field(default_factory=dict)
    """How many of its learners have had a problem before them."""

    def then(self, problem: Problem, variant: str) -> Past:
        """With one more that is asked."""
        return replace(self, asked=(*self.asked, Asked(problem.id, variant)))


def suiting(bank: Catalogue, wanted: Wanted, preset: Preset = Preset.STUDY_GROUP) -> list[Problem]:
    """The problems of a timetable's kind. A workplace is not asked about changing jobs unless an organiser says so."""
    is_discreet = preset is Preset.WORKPLACE and not wanted.topics
    suits = [p for p in bank.problems.values() if wanted.suits(p) and not p.tags.warm_up]
    return [p for p in suits if not (is_discreet and matches(p, CAREER))]


def choose(
    among: Sequence[Problem], bank: Catalogue, mix: Mapping[Role, int], past: Past
) -> tuple[Problem, str] | None:
    """One of several problems, and its variant; None where there is none to choose from.

    What was asked here comes again only when nothing else is left, then the oldest first; two in a row are on one topic
    only where there is no other; the role that is furthest behind its share goes first, with what is not for all roles
    anyway; then what few have seen, and what lets topics take turns.
    """
    if not among:
        return None
    order = [a.problem for a in past.asked]
    pool = [p for p in among if p.id not in order]
    if not pool:
        last_asked = {id: n for n, id in enumerate(order)}
        oldest = sorted(among, key=lambda p: last_asked[p.id])
        chosen = next((p for p in oldest if p.topic != _last_topic(bank, order)), oldest[0])
        return chosen, _variant(chosen, past.asked)
    apart = [p for p in pool if p.topic != _last_topic(bank, order)] or pool
    topics = [p.topic for id in order if (p := bank.problems.get(id))]
    behind = _behind(bank, mix, order)

    def turn(problem: Problem) -> tuple[float, bool, int, int, int, str]:
        tags, share = problem.tags, max((behind[r] for r in behind if _is_for(problem, r)), default=0.0)
        for_all = bool(mix) and "all" in tags.roles
        return -share, for_all, past.seen.get(problem.id, 0), topics.count(problem.topic), tags.difficulty, problem.id

    chosen = min(apart, key=turn)
    return chosen, _variant(chosen, past.asked)


def _last_topic(bank: Catalogue, order: Sequence[ProblemId]) -> str:
    last = bank.problems.get(order[-1]) if order else None
    return last.topic if last else ""


def _behind(bank: Catalogue, mix: Mapping[Role, int], order: Sequence[ProblemId]) -> dict[Role, float]:
    """How many problems each role of a mix is behind its share, with the one that comes now."""
    had = dict.fromkeys(mix, 0.0)
    for id in order:
        problem = bank.problems.get(id)
        of = [r for r in mix if problem and _is_for(problem, r)]
        for role in of:
            had[role] += 1 / len(of)
    rounds = sum(had.values()) + 1
    return {role: rounds * weight / sum(mix.values()) - had[role] for role, weight in mix.items()}


def _is_for(problem: Problem, role: Role) -> bool:
    return "all" in problem.tags.roles or role in problem.tags.roles


def _variant(problem: Problem, asked: Sequence[Asked]) -> str:
    """The variant that was asked here least often, the first of several."""
    used = [a.variant for a in asked if a.problem == problem.id]
    return min(("v1", *(v.id for v in problem.variants)), key=used.count)


def closes(opened: datetime, next_at: datetime | None, zone: str) -> datetime:
    """When a prompt of the timetable closes: an hour before the next one, after three days at the latest."""
    at = calendar.local(opened, zone)
    latest = calendar.instant(at.date() + timedelta(days=DAYS_OPEN), at.time(), zone)
    return min(latest, next_at - BEFORE_NEXT) if next_at and next_at - BEFORE_NEXT > opened else latest
