"""What may be told of a cohort without telling of anybody: figures that rest on FEWEST people or more. Pure.

How many people did something is told in steps, so that no two of these numbers, nor one of them and a number that is
known anyway (who is on the roster, what a channel has seen), differ by a group of one to four.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

FEWEST = 5
"""People on whom every figure rests, at least."""
STEP = 5
"""Numbers of people are told in steps of so many, shares in steps of so many per cent."""
SHOWN = 3
"""Topics on either side, and problems that the grader doubts most."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Something counted or summed up, and on how many different people it rests."""

    total: float
    people: int


@dataclass(frozen=True, slots=True)
class People:
    """How many people, from one number to another."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class WeekOf:
    """What is told of one week."""

    monday: date
    active: People
    """Who answered anything."""
    answers: int | None
    """None where it rests on too few people. So `cleared`."""
    cleared: int | None
    """Due concepts."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of something that has a name, in per cent."""

    name: str
    percent: int


@dataclass(frozen=True, slots=True)
class Doubts:
    """Of the answers to a problem: on how many the grader was not sure, and so on."""

    name: str
    answers: Tally
    unsure: int
    appealed: int
    overturned: int


@dataclass(frozen=True, slots=True)
class Doubted:
    """`Doubts` as they are told: in per cent."""

    name: str
    unsure: int
    appealed: int
    overturned: int
    """Somebody decided otherwise than the grader."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How many answered a problem that was put before the whole cohort."""

    on: date
    name: str
    answered: People


@dataclass(frozen=True, slots=True)
class Waiting:
    """The answers that people are asked about."""

    open: int | None
    """None where it rests on too few people. So `usual`."""
    oldest: timedelta | None
    """None where nothing waits."""
    usual: timedelta | None
    """The median of how long the last ones took."""


@dataclass(frozen=True, slots=True)
class Report:
    learners: int
    """As on the roster."""
    weeks: tuple[WeekOf, ...]
    """Newest first; the first one has only begun."""
    strong: tuple[Share, ...]
    """Topics, the strongest first."""
    weak: tuple[Share, ...]
    """Other topics, the weakest first."""
    doubted: tuple[Doubted, ...]
    asked: tuple[Asked, ...]
    waiting: Waiting


def people(n: int, of: int) -> People:
    """How many of a known number, as far as it may be told.

    Fewer than FEWEST are one step, and so are all but fewer than FEWEST: what is left over is then not told either. Of
    fewer than two steps only whether it is the first one.
    """
    if n < FEWEST:
        return People(0, min(FEWEST - 1, of))
    last = max(FEWEST, (of - FEWEST + 1) // STEP * STEP)
    least = min(n // STEP * STEP, last)
    return People(least, of if least == last else least + STEP - 1)


def total(of: Tally) -> int | None:
    """The number, or None where it rests on too few people."""
    return round(of.total) if of.people >= FEWEST else None


def share(part: float, of: Tally) -> int | None:
    """In per cent, to the nearest step; None where the whole rests on too few people, or is nothing."""
    if of.people < FEWEST or of.total <= 0:
        return None
    return round(100 / STEP * part / of.total) * STEP


def topics(credit: Mapping[str, tuple[float, Tally]]) -> tuple[tuple[Share, ...], tuple[Share, ...]]:
    """The strongest topics and, of the others, the weakest; of each topic is given what was reached, and of what."""
    found = [Share(name, percent) for name, (part, of) in credit.items() if (percent := share(part, of)) is not None]
    ranked = sorted(found, key=lambda s: (-s.percent, s.name))
    return tuple(ranked[:SHOWN]), tuple(reversed(ranked[SHOWN:][-SHOWN:]))


def doubted(problems: Iterable[Doubts]) -> tuple[Doubted, ...]:
    """The problems whose grading was doubted most."""
    found: list[Doubted] = []
    for p in problems:
        unsure, appealed, overturned = (share(n, p.answers) or 0 for n in (p.unsure, p.appealed, p.overturned))
        if unsure + appealed + overturned > 0:
            found.append(Doubted(p.name, unsure, appealed, overturned))
    return tuple(sorted(found, key=lambda d: (-d.overturned, -d.appealed, -d.unsure, d.name))[:SHOWN])


def waiting(open_: Tally, oldest: timedelta | None, took: Sequence[timedelta], whose: Iterable[str]) -> Waiting:
    """`took`, `whose`: how long the last settled ones took, and whose they were."""
    usual = timedelta(seconds=median(t.total_seconds() for t in took)) if len(set(whose)) >= FEWEST else None
    return Waiting(total(open_), oldest, usual)
