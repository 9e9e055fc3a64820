"""What becomes of attacks on the grader: which goals it keeps, as a table. It makes no attack and sets no threshold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.catalogue.problem import Problem
from bot.grading import rubric
from bot.grading.attacks import DISHONEST, UNSEEN, Attack, Try, attacks
from bot.grading.deterministic import DeterministicGrader
from bot.grading.exemplars import near_duplicates
from bot.grading.question import full
from bot.model import Band

SOME = (
    Attack.KEYWORDS, Attack.SPRINKLED, Attack.SHUFFLED, Attack.OWN_SHUFFLED, Attack.OWN_NEGATED, Attack.OFF_TOPIC,
    Attack.VAGUE,
)  # fmt: skip
GOALS: Mapping[Attack, float] = dict.fromkeys(Attack, 0.0) | dict.fromkeys(SOME, 0.05)
"""Share of the tries that may reach Strong Hire unreviewed."""

FLAGGED = 0.05
"""Share of honest answers that may be flagged."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of the tries of one kind."""

    attack: Attack
    problems: int
    tries: int
    reached: int
    """Strong Hire, final: no person would look at it."""
    withheld: int
    """A flag keeps them from Strong Hire."""
    not_gradable: int

    @property
    def kept(self) -> bool:
        """Whether the goal is kept."""
        return self.reached <= GOALS[self.attack] * self.tries


@dataclass(frozen=True, slots=True)
class Report:
    """What became of all tries, and of the honest exemplars, each graded without itself."""

    rows: tuple[Row, ...]
    honest: int
    flagged: int

    @property
    def kept(self) -> bool:
        """Whether every goal is kept."""
        return all(row.kept for row in self.rows) and self.flagged <= FLAGGED * self.honest


def withstand(grader: DeterministicGrader, problems: Sequence[Problem], bank: Sequence[Problem]) -> Report:
    """Grade every attack on the problems, and their honest exemplars; `bank` lends the texts of other problems."""
    counts: dict[Attack, Counter[str]] = {attack: Counter() for attack in Attack}
    for problem in problems:
        for attempt in attacks(problem, bank):
            counts[attempt.attack].update(_outcome(grader, problem, attempt))
    rows = (
        Row(attack, len(problems), count["tries"], count["reached"], count["withheld"], count["not_gradable"])
        for attack, count in counts.items()
    )
    flagged, honest = _honest(grader, problems)
    return Report(tuple(rows), honest, flagged)


def _outcome(grader: DeterministicGrader, problem: Problem, attempt: Try) -> Mapping[str, int]:
    strong = (e.id for e in problem.exemplars if e.band is Band.STRONG_HIRE)
    without = frozenset(strong if attempt.attack in UNSEEN else ())
    question = full(problem)
    assessment = grader.grade(question, attempt.text, without)
    result = rubric.outcome(question, assessment)
    gradable = result.band is not Band.NOT_GRADABLE
    return {
        "tries": 1,
        "reached": result.lowest is Band.STRONG_HIRE,
        "withheld": gradable and bool(assessment.flags),
        "not_gradable": not gradable,
    }


def _honest(grader: DeterministicGrader, problems: Sequence[Problem]) -> tuple[int, int]:
    """Of the honest exemplars, each graded without itself: how many are flagged, of how many."""
    flagged = total = 0
    for problem in problems:
        for exemplar in problem.exemplars:
            if exemplar.style not in DISHONEST:
                question = full(problem, exemplar.variant)
                assessment = grader.grade(question, exemplar.text, near_duplicates(problem, exemplar))
                total += 1
                flagged += bool(assessment.flags)
    return flagged, total


def table(report: Report) -> Iterator[str]:
    """The lines of a Markdown table, and one on the honest exemplars."""
    yield "| attack | problems | tries | Strong Hire, unreviewed | goal | withheld | not gradable |"
    yield "|---|---|---|---|---|---|---|"
    for row in report.rows:
        goal = f"≤ {100 * GOALS[row.attack]:.0f} %" if GOALS[row.attack] else "0"
        reached = f"{row.reached}{'' if row.kept else ' (missed)'}"
        cells = (row.attack, row.problems, row.tries, reached, goal, row.withheld, row.not_gradable)
        yield f"| {' | '.join(map(str, cells))} |"
    yield ""
    yield (
        f"Honest exemplars flagged, each graded without itself: {report.flagged} of {report.honest} "
        f"(goal: ≤ {100 * FLAGGED:.0f} %)."
    )


def as_json(report: Report) -> dict[str, Any]:
    """The same as a JSON object; an attack is named by the enumeration."""
    rows = [
        {**asdict(row), "attack": row.attack.name.lower(), "goal": GOALS[row.attack], "kept": row.kept}
        for row in report.rows
    ]
    honest = {"tries": report.honest, "flagged": report.flagged, "goal": FLAGGED}
    return {"attacks": rows, "honest": honest, "kept": report.kept}
