"""What many judged answers say of graders and of problems: counts, classical item analysis, and what to revise.

Pure arithmetic over histories; it names no member and looks nothing up.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from bot.model import FLAGS, Band, Judge, MemberId, ProblemId, State
from bot.store.statistics import Appealed, Graded, History, Reviewed

ENOUGH = 20
"""Members whose first answers are needed before difficulty or discrimination is given, and readings of a criterion
before its doubtful share counts."""

TOO_HARD, TOO_EASY = 0.9, 0.1
"""Difficulty beyond which a problem tells little about anybody."""

DISCRIMINATES = 0.2
"""Least correlation with the rest; below it an item is poor (Ebel, Essentials of Educational Measurement, 1972)."""

DOUBTFUL = 0.4
"""Share of its readings left unsure from which a criterion's wording or cues are at fault, not the answers."""

OVERTURNED = 3
"""Verdicts on one criterion that people overturned, at least a third of those they looked at, before it is named."""

CREDIT = {State.MISSED: 0.0, State.UNSURE: 0.0, State.PARTLY: 0.5, State.MET: 1.0}


@dataclass(frozen=True, slots=True)
class Said:
    """What a grader said of one point: a criterion, a misconception that it heard, or FLAGS."""

    grader: str
    version: str
    judge: Judge
    state: State
    """Of a misconception and of FLAGS always MET: it is held against the answer."""
    is_criterion: bool


@dataclass(frozen=True, slots=True)
class Appeal:
    """A learner's word against a grader's."""

    against: Said
    upheld: bool | None = None
    """None while it waits."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One history, point by point."""

    said: Mapping[str, Said]
    """The grader's last word on each point before people decided it."""
    ruled: Mapping[str, tuple[State, Judge]]
    """People's last word."""
    appeals: Mapping[str, Appeal]
    """Against graders; an appeal against people is theirs to answer for."""


def reading(history: History) -> Reading:
    """Who said what of each point of an answer."""
    said: dict[str, Said] = {}
    ruled: dict[str, tuple[State, Judge]] = {}
    appeals: dict[str, Appeal] = {}
    for step in history.steps:
        match step:
            case Graded():
                said = {p: s for p, s in said.items() if p in ruled} | {p: s for p, s in _said(step) if p not in ruled}
            case Appealed(point) if point in said and point not in ruled:
                appeals[point] = Appeal(said[point])
            case Reviewed(rulings, by):
                for point, ruling in rulings.items():
                    if point in appeals and point not in ruled:
                        against = appeals[point].against
                        appeals[point] = Appeal(against, _upheld(against, ruling.state))
                    ruled[point] = ruling.state, by
    return Reading(said, ruled, appeals)


def _said(step: Graded) -> Iterable[tuple[str, Said]]:
    found = step.assessment
    by = (found.grader, found.version)
    for verdict in found.verdicts:
        # a new grading keeps what people had decided
        if verdict.by in {Judge.GRADER, Judge.MODEL}:
            yield str(verdict.criterion), Said(*by, verdict.by, verdict.state, is_criterion=True)
    for mistake in found.mistakes:
        yield mistake.misconception, Said(*by, Judge.GRADER, State.MET, is_criterion=False)
    if found.flags:
        yield FLAGS, Said(*by, Judge.GRADER, State.MET, is_criterion=False)


def _upheld(said: Said, ruling: State) -> bool:
    """Whether people found for the learner: more of a criterion, less of what was held against them."""
    gained = CREDIT[ruling] - CREDIT[said.state]
    return gained > 0 if said.is_criterion else gained < 0


@dataclass(slots=True)
class Agreement:
    """How often people who looked said the same."""

    looked_at: int = 0
    same: int = 0


@dataclass(slots=True)
class GraderFigures:
    """One judge of one grader at one version; a cascade has two judges, the built-in one and the language model."""

    grader: str
    version: str
    judge: Judge
    answers: int = 0
    criteria: int = 0
    unsure: int = 0
    looked_at: int = 0
    """Decided criteria that mentors or peers ruled on."""
    overturned: int = 0
    """Of these, how many got another state: confident errors."""
    mentors: dict[tuple[ProblemId, str], Agreement] = field(default_factory=dict)
    """Agreement with mentors on decided criteria, by problem and criterion."""
    appeals: int = 0
    settled: int = 0
    upheld: int = 0

    @property
    def confident_errors(self) -> float | None:
        """Per 100 decided criteria that people looked at; they look where there is doubt, so it is no random sample."""
        return 100 * self.overturned / self.looked_at if self.looked_at else None

    @property
    def agreement(self) -> float | None:
        """Share of decided criteria on which mentors said the same; None where no mentor looked."""
        looked_at = sum(a.looked_at for a in self.mentors.values())
        return sum(a.same for a in self.mentors.values()) / looked_at if looked_at else None


def graders(histories: Iterable[History]) -> list[GraderFigures]:
    """Figures of every grader, version and judge, by name."""
    found: dict[tuple[str, str, Judge], GraderFigures] = {}

    def of(said: Said) -> GraderFigures:
        key = (said.grader, said.version, said.judge)
        return found.setdefault(key, GraderFigures(*key))

    for history in histories:
        read = reading(history)
        spoke = {(said.grader, said.version, said.judge): said for said in read.said.values()}
        for said in spoke.values():
            of(said).answers += 1
        for point, said in read.said.items():
            if said.is_criterion:
                _count(of(said), history.problem, point, said, read.ruled.get(point))
        for appeal in read.appeals.values():
            figures = of(appeal.against)
            figures.appeals += 1
            figures.settled += appeal.upheld is not None
            figures.upheld += appeal.upheld is True
    return [found[key] for key in sorted(found)]


def _count(
    figures: GraderFigures, problem: ProblemId, point: str, said: Said, ruled: tuple[State, Judge] | None
) -> None:
    figures.criteria += 1
    if said.state is State.UNSURE:
        figures.unsure += 1
    elif ruled is not None:
        state, by = ruled
        figures.looked_at += 1
        figures.overturned += state is not said.state
        if by is Judge.MENTOR:
            agreement = figures.mentors.setdefault((problem, point), Agreement())
            agreement.looked_at += 1
            agreement.same += state is said.state


@dataclass(slots=True)
class CriterionFigures:
    """One criterion over all answers, recall questions included."""

    read: int = 0
    unsure: int = 0
    looked_at: int = 0
    overturned: int = 0


@dataclass(frozen=True, slots=True)
class ProblemFigures:
    """One problem. Answers to its recall questions count in the criteria and the appeals only."""

    problem: ProblemId
    attempts: int
    bands: Mapping[Band, int]
    """Of the answers whose band is final."""
    difficulty: float | None
    """1 - mean score of members' first final answers, 0..1; None for fewer than ENOUGH."""
    discrimination: float | None
    """-1..1: correlation of these scores with the members' mean score on other problems (the point-biserial, were
    scores 0 or 1); None for fewer than ENOUGH members with other answers, or where scores do not differ."""
    appeals: int
    upheld: int
    criteria: Mapping[str, CriterionFigures]
    revise: tuple[str, ...]
    """Reasons to revise it, as half sentences."""


def problems(histories: Iterable[History]) -> list[ProblemFigures]:
    """Figures of every problem that somebody answered, by id."""
    attempts: Counter[ProblemId] = Counter()
    bands: dict[ProblemId, Counter[Band]] = defaultdict(Counter)
    first: dict[ProblemId, dict[MemberId, float]] = defaultdict(dict)
    criteria: dict[ProblemId, dict[str, CriterionFigures]] = defaultdict(dict)
    appeals: Counter[ProblemId] = Counter()
    upheld: Counter[ProblemId] = Counter()
    for history in histories:
        id, outcome = history.problem, history.outcome
        attempts[id] += not history.is_recall
        if not history.is_recall and not outcome.provisional:
            bands[id][outcome.band] += 1
            if outcome.band is not Band.NOT_GRADABLE and not outcome.by_learner:
                first[id].setdefault(history.member, outcome.score)
        read = reading(history)
        appeals[id] += len(read.appeals)
        upheld[id] += sum(appeal.upheld is True for appeal in read.appeals.values())
        for point, said in read.said.items():
            if said.is_criterion:
                _read(criteria[id].setdefault(point, CriterionFigures()), said, read.ruled.get(point))
    found = []
    for id in sorted(attempts):
        scores = list(first[id].values())
        difficulty = 1 - fmean(scores) if len(scores) >= ENOUGH else None
        discrimination = _discrimination(id, first)
        found.append(
            ProblemFigures(
                id,
                attempts[id],
                bands[id],
                difficulty,
                discrimination,
                appeals[id],
                upheld[id],
                criteria[id],
                tuple(_reasons(difficulty, discrimination, criteria[id])),
            )
        )
    return found


def _read(figures: CriterionFigures, said: Said, ruled: tuple[State, Judge] | None) -> None:
    figures.read += 1
    if said.state is State.UNSURE:
        figures.unsure += 1
    elif ruled is not None:
        figures.looked_at += 1
        figures.overturned += ruled[0] is not said.state


def _discrimination(id: ProblemId, first: Mapping[ProblemId, Mapping[MemberId, float]]) -> float | None:
    pairs = []
    for member, score in first[id].items():
        elsewhere = [scores[member] for other, scores in first.items() if other != id and member in scores]
        if elsewhere:
            pairs.append((score, fmean(elsewhere)))
    return correlation(pairs) if len(pairs) >= ENOUGH else None


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's r; None where one side does not vary."""
    mean_x, mean_y = (fmean(side) for side in zip(*pairs, strict=True))
    spread_x = sum((x - mean_x) ** 2 for x, _ in pairs)
    spread_y = sum((y - mean_y) ** 2 for _, y in pairs)
    if spread_x < 1e-12 or spread_y < 1e-12:
        return None
    return sum((x - mean_x) * (y - mean_y) for x, y in pairs) / math.sqrt(spread_x * spread_y)


def _reasons(
    difficulty: float | None, discrimination: float | None, criteria: Mapping[str, CriterionFigures]
) -> Iterable[str]:
    if difficulty is not None and difficulty > TOO_HARD:
        yield f"hardly anybody can answer it (difficulty {difficulty:.2f}): is the prompt clear?"
    if difficulty is not None and difficulty < TOO_EASY:
        yield f"nearly everybody can answer it (difficulty {difficulty:.2f}): ask for more"
    if discrimination is not None and discrimination < DISCRIMINATES:
        yield f"those who do well elsewhere do no better here (discrimination {discrimination:.2f}): what does it test?"
    for name, c in sorted(criteria.items()):
        if c.read >= ENOUGH and c.unsure >= DOUBTFUL * c.read:
            yield f"{name} stays unsure in {c.unsure} of {c.read} answers: add ways to say it"
        if c.overturned >= OVERTURNED and 3 * c.overturned >= c.looked_at:
            yield f"people overturned {name} in {c.overturned} of {c.looked_at} answers: compare its words with theirs"
