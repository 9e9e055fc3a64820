"""A member's answers to the questions of `role match`, as values that fit each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Literal, TypeVar

from bot.door.messages import clip
from bot.errors import FieldError
from bot.model import Interest, Preference, Role, Skill

Check = Literal["chosen", "grabbed"]
E = TypeVar("E", bound=StrEnum)

INTERESTS = ("interest_first", "interest_second", "interest_least")
LONGEST_SEARCH = 60
"""Months."""
LONGEST_CAREER = 60
"""Years."""
MOST_HOURS = 80
"""A week."""
WEEKS_PER_MONTH = 4.3


@dataclass(frozen=True, slots=True)
class Sheet:
    """One complete set of answers. The three interests differ."""

    interest_first: Interest
    interest_second: Interest
    interest_least: Interest
    scenario: Interest
    """Which part of a failing feature the member grabs first."""
    skills: Mapping[Skill, int]
    """All eight, 0..4."""
    prefs: Mapping[Preference, int]
    """All four, 0..4."""
    months: float | None
    """Until an offer is needed, more than 0; None: no date."""
    hours_per_week: float
    """To learn and apply, more than 0."""
    current: str | None = None
    """A role's id where the member works as one of the six now; else a word of their own."""
    years: float | None = None
    sector: str | None = None
    place: str | None = None
    in_mind: Role | None = None
    """The role that the member had thought of."""
    check: Check | None = None
    """Where `scenario` is neither the first nor the second interest: which of them the member stands by."""


def sheet_from(raw: Mapping[str, object]) -> Sheet:
    """The sheet of plain values, as a YAML file or the questionnaire gives them.

    Required: interest_first, interest_second, interest_least, scenario, skills, prefs, hours_per_week. Raises
    FieldError that names the value ("skills.swe"), what is wrong with it and what to write.
    """
    known = {f.name for f in fields(Sheet)}
    for name in raw:
        if name not in known:
            raise FieldError(str(name), f"There is no answer called “{_short(name)}”. There are: {', '.join(known)}.")
    liked = {name: _one_of(raw, name, Interest) for name in INTERESTS}
    for n, name in enumerate(INTERESTS):
        for earlier in INTERESTS[:n]:
            if liked[earlier] == liked[name]:
                raise FieldError(
                    name,
                    f"{name} and {earlier} are both “{liked[name]}”. They contradict each other: choose another "
                    f"for one of the two.",
                )
    months = None if raw.get("months") is None else _amount(raw, "months", LONGEST_SEARCH)
    years = None if raw.get("years") is None else _amount(raw, "years", LONGEST_CAREER, least=0)
    return Sheet(
        interest_first=liked["interest_first"],
        interest_second=liked["interest_second"],
        interest_least=liked["interest_least"],
        scenario=_one_of(raw, "scenario", Interest),
        skills=_levels(raw, "skills", Skill),
        prefs=_levels(raw, "prefs", Preference),
        months=months,
        hours_per_week=_amount(raw, "hours_per_week", MOST_HOURS),
        current=_words(raw, "current"),
        years=years,
        sector=_words(raw, "sector"),
        place=_words(raw, "place"),
        in_mind=None if raw.get("in_mind") is None else _one_of(raw, "in_mind", Role),
        check=_check(raw),
    )


def _one_of(raw: Mapping[str, object], name: str, kinds: type[E]) -> E:
    given = raw.get(name)
    try:
        return kinds(str(given))
    except ValueError:
        allowed = ", ".join(kinds)
        what = "is missing" if given is None else f"cannot be “{_short(given)}”"
        raise FieldError(name, f"{name} {what}. Choose one of {allowed}.") from None


def _levels(raw: Mapping[str, object], name: str, kinds: type[E]) -> dict[E, int]:
    given = raw.get(name)
    if not isinstance(given, Mapping):
        raise FieldError(name, f"{name} is missing. Give each of {', '.join(kinds)} a level from 0 to 4.")
    if unknown := [key for key in given if key not in set(kinds)]:
        raise FieldError(f"{name}.{unknown[0]}", f"There is no “{_short(unknown[0])}” in {name}: {', '.join(kinds)}.")
    levels: dict[E, int] = {}
    for kind in kinds:
        level = given.get(kind.value)
        if not isinstance(level, int) or isinstance(level, bool) or not 0 <= level <= 4:
            what = "is missing" if level is None else f"cannot be “{_short(level)}”"
            raise FieldError(f"{name}.{kind}", f"{name}.{kind} {what}. Give a level: 0, 1, 2, 3 or 4.")
        levels[kind] = level
    return levels


def _amount(raw: Mapping[str, object], name: str, most: float, least: float | None = None) -> float:
    """A number above 0 (or from `least`) and up to `most`."""
    given = raw.get(name)
    span = f"more than 0 and at most {most:g}" if least is None else f"from {least:g} to {most:g}"
    if isinstance(given, int | float) and not isinstance(given, bool):
        if (given > 0 if least is None else given >= least) and given <= most:
            return float(given)
        raise FieldError(name, f"{name} cannot be {given:g}: give a number {span}.")
    what = "is missing" if given is None else f"“{_short(given)}” is not a number"
    raise FieldError(name, f"{name}: {what}. Give a number {span}.")


def _words(raw: Mapping[str, object], name: str) -> str | None:
    given = raw.get(name)
    if given is None or isinstance(given, str):
        return given or None
    raise FieldError(name, f"{name} cannot be “{_short(given)}”: write a word, or leave it out.")


def _check(raw: Mapping[str, object]) -> Check | None:
    match raw.get("check"):
        case None:
            return None
        case "chosen":
            return "chosen"
        case "grabbed":
            return "grabbed"
        case other:
            raise FieldError("check", f"check cannot be “{_short(other)}”. Choose chosen or grabbed, or leave it out.")


def _short(value: object) -> str:
    return clip(str(value), 40)
