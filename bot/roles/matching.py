"""Which roles fit a sheet, how far each is, and why. Pure: a sheet and the role files in, a result out.

Every number is a sum of contributions, so that an explanation can name where each point comes
from. docs/matching.md has the formulas, what they were measured against, and why they differ
from the ones that were tried first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import sqrt
from typing import Literal

from bot.catalogue.landscape import Landscape
from bot.catalogue.role import Profile, RoleGuide
from bot.model import Interest, Preference, Role, Round, Skill
from bot.roles.sheet import WEEKS_PER_MONTH, Check, Sheet

Advice = Literal["single", "two options", "dual-track"]
Margin = Literal["close call", "lean", "clear"]

INTEREST_SHARE = 0.68
"""Of the fit; the rest is preferences."""
LIKED, SECOND, NEUTRAL, LEAST = 4.0, 2.75, 1.0, 0.25
GRABBED = 0.4
"""What the part of a failing feature that somebody grabs first adds to that interest."""
STOOD_BY = {None: GRABBED, "grabbed": 1.0, "chosen": 0.0}
"""The same, once it is asked whether they stand by it."""
WEAKEST = 0.4
"""Share of the readiness that hangs on the weakest key skill alone: a loop is failed in one round."""
KEY = 3.0
"""Weight from which a skill is a key skill."""
LEARNT = 0.8
"""How much of a gap is forgiven that closes at once; one that takes all the time there is counts in full."""
NO_DATE_WEEKS = 39.0
"""The time there is where no date is given: nine months."""
CALM, PRESSED = 8.0, 1.5
"""Months until an offer is needed: from the first on nothing presses, at the second everything does."""
READY_SHARE = (0.25, 0.70)
"""Share of readiness in the total, calm and pressed."""
EXPERIENCE = 8.0
"""Points for holding the role now, when pressed."""
LATE_PER_WEEK, LATE_MOST = 0.4, 15.0
MARKET = {Role.AI_ENGINEER: 2.0, Role.MLOPS: 1.0, Role.DATA_SCIENTIST: -2.0, Role.RESEARCH_ENGINEER: -2.0}
"""Supply and demand in 2026 (EngineersOfAI); breaks a tie under a deadline and changes nothing else."""
TIE = 2.0
SOON = 4.0
"""Months: a deadline that calls for two tracks, and for the market to break a tie."""
LEAN, CLEAR = 10.0, 15.0
"""Points of margin. Of 134 labelled sheets the first role was right in 60 of 80 below LEAN, in 33 of 33 from CLEAR."""
SECOND_TRACK = 8.0
"""Weeks within which the second role must be reachable to be worth a second track."""
STUDIED = 2.0
"""Weight from which a gap is counted in the weeks of a role."""


@dataclass(frozen=True, slots=True)
class Score:
    """One role's three numbers and their sum."""

    role: Role
    total: float
    fit: float
    """0..100: would the member like the work."""
    readiness: float
    """0..100: would they pass the loop today."""
    weeks: float
    """Until the gaps are closed, at the member's hours a week."""
    contributions: Mapping[str, float]
    """Dimension ("base", "interest.product", "skill.swe", "pref.on_call", "experience", "deadline", "market") ->
    points; they sum to `total`. The base is the same for every role; what is missing or disliked is negative."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one role stands before another: points of one dimension."""

    dimension: str
    points: float


@dataclass(frozen=True, slots=True)
class Gap:
    skill: Skill
    have: int
    need: int
    weeks: float


@dataclass(frozen=True, slots=True)
class Against:
    """Why a role is not the advice."""

    role: Role
    reasons: tuple[Reason, ...]
    """Its largest deficits against the first role; points are negative."""
    round: Round | None
    """The round of its loop that would show the largest gap; None where no skill is missing."""
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Flip:
    """One answer, changed by one step, that puts another role first."""

    answer: str
    """As in a sheet: "skills.swe", "prefs.on_call", "scenario", "interest_second"."""
    before: int | Interest
    after: int | Interest
    first: Role


@dataclass(frozen=True, slots=True)
class Result:
    ranking: tuple[Score, ...]
    """All six, best first."""
    margin: float
    """Points between the first two."""
    word: Margin
    advice: Advice
    why: tuple[Reason, ...]
    """Up to three: what puts the first before the second."""
    gaps: tuple[Gap, ...]
    """Up to three of the first role, by weight in its loop."""
    rounds: tuple[Round, ...]
    """Of the first role's loop, the ones to study first; those without a gap are left out."""
    not_this: Against
    flip: Flip | None
    """None: no single step changes the first role."""
    unsure: bool
    """The scenario contradicts the stated interests, so everything is one step less certain."""
    market_decided: bool
    """Only the market broke the tie between the first two."""
    shown: Mapping[Skill, int] = field(default_factory=dict)
    """Skills for which graded answers took the place of what the member said."""


def match(sheet: Sheet, landscape: Landscape, shown: Mapping[Skill, int] | None = None) -> Result:
    """The result for a sheet; `shown` replaces what the sheet says of those skills (0..4)."""
    if shown:
        sheet = replace(sheet, skills={**sheet.skills, **shown})
    weeks = {skill: scale.weeks_per_level for skill, scale in landscape.matching.skills.items()}
    plain = {role: _score(sheet, guide, weeks) for role, guide in landscape.roles.items()}
    totals = _with_market({role: score.total for role, score in plain.items()}, sheet.months)
    ranking = tuple(_moved(plain[role], totals[role]) for role in _ranked(totals))
    first, second = ranking[:2]
    guide = landscape.roles[first.role]
    margin = first.total - second.total
    unsure = sheet.scenario not in (sheet.interest_first, sheet.interest_second)
    return Result(
        ranking=ranking,
        margin=margin,
        word=_word(margin, unsure=unsure),
        advice=_advice(sheet, margin, second.weeks),
        why=tuple(r for r in _reasons(first, second) if r.points > 0)[:3],
        gaps=_gaps(sheet, guide.profile, weeks)[:3],
        rounds=_rounds(sheet, guide),
        not_this=_against(sheet, landscape, ranking, weeks),
        flip=_flip(sheet, landscape, weeks, first.role),
        unsure=unsure,
        market_decided=max(plain.values(), key=lambda score: score.total).role != first.role,
        shown=dict(shown or {}),
    )


# --- the three numbers


def urgency(months: float | None) -> float:
    """How much a deadline presses, 0..1."""
    return 0.0 if months is None else min(1.0, max(0.0, (CALM - months) / (CALM - PRESSED)))


_INTERESTS = tuple(f"interest.{i}" for i in Interest)
_PREFERENCES = {p: f"pref.{p}" for p in Preference}
_SKILLS = {s: f"skill.{s}" for s in Skill}
LIKE_ALL = 100 - 50 * INTEREST_SHARE
"""The fit of somebody whose interests say nothing about a role and who dislikes nothing in it."""


def _score(sheet: Sheet, guide: RoleGuide, weeks_per_level: Mapping[Skill, float]) -> Score:
    fit_share, ready_share = _shares(sheet)
    gaps = _gaps(sheet, guide.profile, weeks_per_level)
    today = _lacking({g.skill: 1 - g.have / g.need for g in gaps}, guide.profile)
    parts = [part(sheet, guide, weeks_per_level) for part in PARTS]
    contributions = {"base": fit_share * LIKE_ALL + ready_share * 100} | parts[0] | parts[1] | parts[2]
    return Score(
        role=guide.role,
        total=sum(contributions.values()),
        fit=LIKE_ALL + sum([*parts[0].values(), *parts[1].values()]) / fit_share,
        readiness=max(0.0, 100 - 100 * sum(today.values())),
        weeks=sum(g.weeks for g in gaps if guide.profile.skills[g.skill].weight >= STUDIED),
        contributions=contributions,
    )


def _shares(sheet: Sheet) -> tuple[float, float]:
    """The shares of fit and readiness in the total."""
    calm, pressed = READY_SHARE
    ready = calm + (pressed - calm) * urgency(sheet.months)
    return 1 - ready, ready


def _liked(sheet: Sheet, guide: RoleGuide, weeks_per_level: Mapping[Skill, float]) -> dict[str, float]:
    """The terms of Pearson's correlation between a member's interests and a role's, in points."""
    mine = _interests(sheet.interest_first, sheet.interest_second, sheet.interest_least, sheet.scenario, sheet.check)
    theirs = _standard(guide.profile.likes)
    points = 50 * INTEREST_SHARE * _shares(sheet)[0]
    return {name: points * a * b for name, a, b in zip(_INTERESTS, mine, theirs, strict=True)}


@lru_cache(maxsize=4096)
def _interests(
    first: Interest, second: Interest, least: Interest, grabbed: Interest, stands_by: Check | None
) -> tuple[float, ...]:
    """How much a member likes each kind of work, standardised, in the order of `Interest`."""
    likes = dict.fromkeys(Interest, NEUTRAL) | {first: LIKED, second: SECOND, least: LEAST}
    likes[grabbed] += STOOD_BY[stands_by]
    return _standard(tuple(likes.values()))


@lru_cache(maxsize=4096)
def _standard(values: tuple[float, ...]) -> tuple[float, ...]:
    """The values less their mean, at length one; all 0 where they do not differ."""
    mean = sum(values) / len(values)
    length = sqrt(sum((v - mean) ** 2 for v in values))
    return tuple((v - mean) / length if length else 0.0 for v in values)


def _disliked(sheet: Sheet, guide: RoleGuide, weeks_per_level: Mapping[Skill, float]) -> dict[str, float]:
    """What the role asks for that the member would not choose, or the reverse, in points."""
    points = -100 * (1 - INTEREST_SHARE) * _shares(sheet)[0] / 4 / len(Preference)
    return {_PREFERENCES[p]: points * abs(asked - sheet.prefs[p]) for p, asked in guide.profile.preferences.items()}


def _able(sheet: Sheet, guide: RoleGuide, weeks_per_level: Mapping[Skill, float]) -> dict[str, float]:
    """What is missing by the date, what comes too late, and what having done the job is worth, in points."""
    pace = 10 / sheet.hours_per_week
    time = NO_DATE_WEEKS if sheet.months is None else WEEKS_PER_MONTH * sheet.months
    points = -100 * _shares(sheet)[1]
    missing: dict[Skill, float] = {}
    all_weeks = 0.0
    for skill, need, weight in guide.profile.asked:
        have = sheet.skills[skill]
        if have < need:
            weeks = weeks_per_level[skill] * (need - have) * pace
            missing[skill] = (1 - have / need) * (1 - LEARNT * max(0.0, 1 - weeks / time))
            if weight >= STUDIED:
                all_weeks += weeks
    contributions = {_SKILLS[s]: points * part for s, part in _lacking(missing, guide.profile).items()}
    contributions["experience"] = urgency(sheet.months) * EXPERIENCE if sheet.current == guide.role else 0.0
    contributions["deadline"] = 0.0 if sheet.months is None else -_late(all_weeks - time)
    return contributions


Part = Callable[[Sheet, RoleGuide, Mapping[Skill, float]], dict[str, float]]
PARTS: tuple[Part, ...] = (_liked, _disliked, _able)
"""All that a total consists of, but for the base and the market. Interests, preferences and the rest of a sheet
decide one of them each."""


def _gaps(sheet: Sheet, profile: Profile, weeks_per_level: Mapping[Skill, float]) -> tuple[Gap, ...]:
    """The skills that fall short, the one that weighs most in the loop first. Surplus never hurts."""
    pace = 10 / sheet.hours_per_week
    short = [
        Gap(s, sheet.skills[s], need, weeks_per_level[s] * (need - sheet.skills[s]) * pace)
        for s, need, _ in profile.asked
        if sheet.skills[s] < need
    ]
    return tuple(sorted(short, key=lambda g: (-profile.skills[g.skill].weight * (g.need - g.have), -g.weeks)))


def _lacking(missing: Mapping[Skill, float], profile: Profile) -> dict[Skill, float]:
    """What each missing skill takes from the readiness, as shares that sum to at most 1."""
    lost: dict[Skill, float] = {}
    weakest, most = None, 0.0
    for skill, _, weight in profile.asked:
        if part := missing.get(skill):
            lost[skill] = (1 - WEAKEST) * weight / profile.whole_weight * part
            if weight >= KEY and part > most:
                weakest, most = skill, part
    if weakest:
        lost[weakest] += WEAKEST * most
    return lost


def _late(weeks: float) -> float:
    """Points lost for so many weeks of learning after the date."""
    return min(LATE_MOST, LATE_PER_WEEK * max(0.0, weeks))


def _with_market(totals: Mapping[Role, float], months: float | None) -> Mapping[Role, float]:
    """The totals, with the market's points where they break a tie under a deadline."""
    if months is None or months > SOON:
        return totals
    one, two = sorted(totals.values(), reverse=True)[:2]
    if one - two >= TIE:
        return totals
    return {role: total + MARKET.get(role, 0.0) for role, total in totals.items()}


def _ranked(totals: Mapping[Role, float]) -> list[Role]:
    return sorted(totals, key=lambda role: (-totals[role], role))


def _moved(score: Score, total: float) -> Score:
    if total == score.total:
        return score
    return replace(score, total=total, contributions={**score.contributions, "market": total - score.total})


# --- what follows from them


def _word(margin: float, *, unsure: bool) -> Margin:
    words: tuple[Margin, ...] = ("close call", "lean", "clear")
    certain = (margin >= LEAN) + (margin >= CLEAR)
    return words[max(0, certain - unsure)]


def _advice(sheet: Sheet, margin: float, weeks_of_second: float) -> Advice:
    holds_one = sheet.current in set(Role)
    if sheet.months is not None and sheet.months <= SOON and holds_one and weeks_of_second <= SECOND_TRACK:
        return "dual-track"
    return "two options" if margin < LEAN else "single"


def _reasons(one: Score, other: Score) -> list[Reason]:
    """Where one role has more points than another, the largest difference first."""
    dimensions = dict.fromkeys([*one.contributions, *other.contributions])
    points = {d: one.contributions.get(d, 0.0) - other.contributions.get(d, 0.0) for d in dimensions}
    return [Reason(d, p) for d, p in sorted(points.items(), key=lambda item: (-item[1], item[0])) if p]


def _rounds(sheet: Sheet, guide: RoleGuide) -> tuple[Round, ...]:
    """The rounds that would show the most, worst first."""
    short = {s: ask.weight * max(0, ask.need - sheet.skills[s]) for s, ask in guide.profile.skills.items()}
    shows = {r.round: sum(short[s] for s in r.skills) for r in guide.loop.rounds}
    return tuple(sorted((r for r in shows if shows[r]), key=lambda r: -shows[r]))


def _against(
    sheet: Sheet, landscape: Landscape, ranking: tuple[Score, ...], weeks_per_level: Mapping[Skill, float]
) -> Against:
    """Why not the role that the member had in mind, or does now; else the one that the first is mistaken for."""
    had = next((s for s in ranking[1:] if s.role == sheet.in_mind), None)
    others = {score.role: score for score in ranking[2:]}
    usual = others.get(landscape.roles[ranking[0].role].mistaken_for)
    has = next((score for role, score in others.items() if role == sheet.current), None)
    other = had or has or usual or max(ranking[2:], key=lambda s: (s.fit, s.role))
    guide = landscape.roles[other.role]
    gap = next(iter(_gaps(sheet, guide.profile, weeks_per_level)), None)
    shows = [r for r in guide.loop.rounds if gap and gap.skill in r.skills]
    deepest = min(
        shows, key=lambda r: (r.round in (Round.PHONE_SCREEN, Round.BEHAVIOURAL), len(r.skills)), default=None
    )
    deficits = sorted((r for r in _reasons(other, ranking[0]) if r.points < 0), key=lambda r: (r.points, r.dimension))
    return Against(other.role, tuple(deficits[:3]), deepest.round if deepest else None, gap)


# --- the one answer that would change it


def _flip(sheet: Sheet, landscape: Landscape, weeks_per_level: Mapping[Skill, float], first: Role) -> Flip | None:
    """The single step that puts another role first most clearly."""

    def points(part: Part, of: Sheet) -> dict[Role, float]:
        return {role: sum(part(of, guide, weeks_per_level).values()) for role, guide in landscape.roles.items()}

    unchanged = {part: points(part, sheet) for part in PARTS}
    best: tuple[float, Flip] | None = None
    for answer, before, after, changed in steps(sheet):
        part = {"skills": _able, "prefs": _disliked}.get(answer.partition(".")[0], _liked)
        moved = {**unchanged, part: points(part, changed)}
        like, stand, can = moved.values()
        totals = _with_market({role: like[role] + stand[role] + can[role] for role in like}, sheet.months)
        if totals[first] == max(totals.values()):
            continue
        winner, runner_up = _ranked(totals)[:2]
        lead = totals[winner] - totals[runner_up]
        if best is None or lead > best[0]:
            best = lead, Flip(answer, before, after, winner)
    return best[1] if best else None


def steps(sheet: Sheet) -> Iterator[tuple[str, int | Interest, int | Interest, Sheet]]:
    """Every sheet that differs in one answer: a level up or down, another scenario, second or least liked work."""
    for s in Skill:
        for level in (sheet.skills[s] - 1, sheet.skills[s] + 1):
            if 0 <= level <= 4:
                yield f"skills.{s}", sheet.skills[s], level, replace(sheet, skills={**sheet.skills, s: level})
    for p in Preference:
        for level in (sheet.prefs[p] - 1, sheet.prefs[p] + 1):
            if 0 <= level <= 4:
                yield f"prefs.{p}", sheet.prefs[p], level, replace(sheet, prefs={**sheet.prefs, p: level})
    for i in Interest:
        if i != sheet.scenario:
            yield "scenario", sheet.scenario, i, replace(sheet, scenario=i, check=None)
        if i not in (sheet.interest_first, sheet.interest_second, sheet.interest_least):
            yield "interest_second", sheet.interest_second, i, replace(sheet, interest_second=i)
            yield "interest_least", sheet.interest_least, i, replace(sheet, interest_least=i)
