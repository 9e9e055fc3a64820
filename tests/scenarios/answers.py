"""What people of different skill answer to what they are asked, in words of the bank's exemplars and their own."""

from __future__ import annotations

import random
import re
from enum import StrEnum

from bot.catalogue import Catalogue
from bot.catalogue.problem import Exemplar, Group, Problem, Recall
from bot.model import Band


class Skill(StrEnum):
    EXPERT = "expert"
    FAIR = "fair"
    NOVICE = "novice"


_LIKE = {
    Skill.EXPERT: ((Band.STRONG_HIRE, "concise"), (Band.STRONG_HIRE, "detailed")),
    Skill.FAIR: ((Band.LEAN_HIRE, "partial"), (Band.STRONG_HIRE, "concise")),
    Skill.NOVICE: ((Band.NO_HIRE, "vague"), (Band.NO_HIRE, "fluent_wrong"), (Band.LEAN_HIRE, "partial")),
}
"""Which exemplars somebody's answers are like, in turn."""
_FORGETS = {Skill.EXPERT: 9, Skill.FAIR: 2, Skill.NOVICE: 1}
"""Every so many recall questions somebody does not know it."""


def answer(bank: Catalogue, asked: str, skill: Skill, turn: int, own: tuple[str, str]) -> str:
    """An answer to what a message asks. `own`: two words that nobody else would write."""
    problem, recall = _asked(bank, asked)
    here, there = own
    if recall:
        return _remembered(problem, recall, here, knows=turn % _FORGETS[skill] > 0)
    of_band, style = _LIKE[skill][turn % len(_LIKE[skill])]
    thoughts = re.split(r"(?<=[.!?])\s+", _like(problem, of_band, style).text)
    random.Random(here).shuffle(thoughts)  # everybody has an order of their own
    return f"At {here} we learnt this the hard way. {' '.join(thoughts)} My colleague {there} would say the same."


def _asked(bank: Catalogue, text: str) -> tuple[Problem, Recall | None]:
    """The problem that a message puts, as a whole or by one of its recall questions, whose code is not marked there."""
    for problem in bank.problems.values():
        if recall := next((r for r in problem.recall if r.ask.replace("`", "") in text), None):
            return problem, recall
    for problem in bank.problems.values():
        if problem.title in text:
            return problem, None
    raise AssertionError(f"this asks nothing that the bank knows: {text[:200]}")


def _remembered(problem: Problem, recall: Recall, here: str, *, knows: bool) -> str:
    """A sentence, short enough to be known by heart."""
    if not knows:
        return f"At {here} I read about it, and it has gone again."
    asked = [c for c in problem.criteria if c.id in recall.criteria]
    said = [" with ".join(_first(group) for group in c.says) for c in asked]
    return f"As at {here}: {'; '.join(said)}."


def _first(group: Group) -> str:
    way = group[0]
    return way if isinstance(way, str) else f"{way.number:g} {next(iter(way.unit), '')}".strip()


def _like(problem: Problem, band: Band, style: str) -> Exemplar:
    """The exemplar of that band and style, or else another of that band, or any of the problem's worst."""
    of_band = [e for e in problem.exemplars if e.band == band]
    others = of_band or [e for e in problem.exemplars if e.band == Band.NO_HIRE]
    return next((e for e in others if e.style == style), others[0])
