"""Grading old answers anew where a problem's rubric was corrected. What people decided stays decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.catalogue.problem import Problem
from bot.delivery import outbox
from bot.grading import rubric
from bot.grading.grader import Judging
from bot.grading.question import Question, full, recall
from bot.model import Assessment, Attempt, Event, Outcome, Serving, ServingId
from bot.practice import projection
from bot.store import history, learning, reviews
from bot.store.session import Store, Tx
from bot.store.stored import assessment_to

REGRADED = "regraded"
"""The kind of push that tells a learner of a corrected verdict."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a corrected rubric makes of one answer."""

    serving: ServingId
    before: Outcome
    after: Outcome
    assessment: Assessment

    @property
    def is_told(self) -> bool:
        """Whether the learner hears of it: a band that is another one now."""
        return (self.before.lowest, self.before.highest) != (self.after.lowest, self.after.highest)


def regrade(
    store: Store, grader: Judging, problem: Problem, now: datetime, since: datetime, *, dry_run: bool = False
) -> list[Change]:
    """Grades the answers to earlier versions of a problem since an instant by its present rubric.

    Memory follows from the log; a learner whose band changes is told once. Answers that wait for a reviewer are left
    to the reviewer, who sees the rubric as it was served. With `dry_run` nothing is written.
    """
    changes = []
    with store.begin() as tx:
        if not dry_run:
            learning.keep_rubric(tx, problem.id, problem.version, problem.model_dump_json(by_alias=True))
        graded = history.graded_before(tx, problem.id, problem.version, since)
        earlier = [attempt for attempt in graded if not reviews.waiting(tx, attempt.serving.id)]
    for attempt in earlier:
        asked = _asked(problem, attempt.serving)
        if asked is None or attempt.assessment is None or attempt.outcome is None:
            continue
        fresh = grader.grade(asked, attempt.text, member=attempt.serving.member, now=now)
        assessment = _with_peoples_word(store, fresh, attempt)
        change = Change(attempt.serving.id, attempt.outcome, rubric.outcome(asked, assessment), assessment)
        if dry_run:
            changes.append(change)
            continue
        with store.begin() as tx:
            if _write(tx, attempt, change, problem.version, now):
                changes.append(change)
    return changes


def _asked(problem: Problem, serving: Serving) -> Question | None:
    """The same question by the present rubric; None where it is asked no longer."""
    try:
        return recall(problem, serving.concept) if serving.concept else full(problem, serving.variant)
    except KeyError:
        return None


def _with_peoples_word(store: Store, fresh: Assessment, attempt: Attempt) -> Assessment:
    """The new verdicts, and on top of them all that reviewers and the learner have said of the answer so far.

    A comparison of the learner's counts only for what the grader is still unsure of.
    """
    with store.begin() as tx:
        said = learning.events_of(tx, attempt.serving.member, projection.AMENDING)
    for event in said:
        if event.serving == attempt.serving.id:
            fresh = projection.amended(fresh, event, attempt.text)
    return fresh


def _write(tx: Tx, attempt: Attempt, change: Change, version: int, now: datetime) -> bool:
    """False where the answer is gone, or waits for a reviewer."""
    id = attempt.serving.id
    learning.serving_of(tx, id, lock=True)
    current = learning.attempt_of(tx, id)
    if current is None or current.assessment != attempt.assessment or reviews.waiting(tx, id):
        return False
    member = current.serving.member
    data: dict[str, object] = {"version": version, "assessment": assessment_to(change.assessment)}
    projection.record(tx, Event(member, "regraded", now, id, data))
    if change.is_told:
        before = str(change.before.band) if not change.before.provisional else ""
        outbox.put(
            tx,
            key=f"{REGRADED}:{id}:{version}",
            kind=REGRADED,
            member=member,
            now=now,
            data={"serving": id, "before": before},
        )
    return True
