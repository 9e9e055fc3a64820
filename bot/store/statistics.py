"""What was said of answers, and by whom, for statistics over everybody. It counts nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import func, select

from bot.model import Assessment, Band, Judge, MemberId, Outcome, ProblemId, Ruling
from bot.store.session import Tx
from bot.store.stored import assessment_from, rulings_from
from bot.store.tables import attempt, log, serving, spending


@dataclass(frozen=True, slots=True)
class Graded:
    """Verdicts by a grader; a later one corrects an earlier one."""

    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Appealed:
    """The learner says that a verdict on a point is wrong."""

    point: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What mentors or peers decided, by point."""

    rulings: dict[str, Ruling]
    by: Judge


Step = Graded | Appealed | Reviewed


@dataclass(frozen=True, slots=True)
class History:
    """One judged answer: whose, to what, what became of it, and every step on the way, oldest first."""

    member: MemberId
    """To tell members apart; statistics name nobody."""
    problem: ProblemId
    is_recall: bool
    """An answer to the recall question of one concept, not to the whole problem."""
    outcome: Outcome
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Calls:
    """What one language model was asked, by outcome."""

    model: str
    outcome: str
    calls: int
    tokens_in: int
    tokens_out: int
    cost_usd: float


def histories(tx: Tx) -> Iterator[History]:
    """Every judged answer, in the order in which the problems were put."""
    rows = tx.execute(
        select(
            serving.c.number,
            serving.c.member_id,
            serving.c.problem_id,
            serving.c.concept,
            attempt.c.score,
            attempt.c.band,
            attempt.c.lowest,
            attempt.c.highest,
            attempt.c.provisional,
            attempt.c.by_learner,
            log.c.kind,
            log.c.data,
        )
        .join(attempt, attempt.c.serving_id == serving.c.id)
        .join(log, log.c.serving_id == serving.c.id)
        .where(attempt.c.band.is_not(None), log.c.kind.in_(("assessed", "regraded", "appealed", "reviewed")))
        .order_by(serving.c.number, log.c.id)
        .execution_options(yield_per=1000)
    )
    for _, events in groupby(rows, key=lambda r: r.number):
        steps = tuple((_step(r.kind, r.data), r) for r in events)
        r = steps[0][1]
        yield History(
            MemberId(r.member_id),
            ProblemId(r.problem_id),
            r.concept is not None,
            Outcome(r.score, Band(r.band), Band(r.lowest), Band(r.highest), r.provisional, r.by_learner),
            tuple(step for step, _ in steps),
        )


def _step(kind: str, data: dict[str, object]) -> Step:
    if kind == "appealed":
        return Appealed(str(data["point"]))
    if kind == "reviewed":
        return Reviewed(rulings_from(data["points"]), Judge(str(data["by"])))  # type: ignore[arg-type]
    return Graded(assessment_from(data["assessment"]))  # type: ignore[arg-type]


def calls(tx: Tx) -> list[Calls]:
    """What language models were asked, and what that cost."""
    rows = tx.execute(
        select(
            spending.c.model,
            spending.c.outcome,
            func.count(),
            func.sum(spending.c.tokens_in),
            func.sum(spending.c.tokens_out),
            func.sum(spending.c.cost_usd),
        )
        .group_by(spending.c.model, spending.c.outcome)
        .order_by(spending.c.model, spending.c.outcome)
    )
    return [Calls(model, outcome, n, read, written, cost) for model, outcome, n, read, written, cost in rows]
