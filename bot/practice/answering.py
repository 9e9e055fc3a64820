"""From a saved answer to its verdict.

Grading runs outside any transaction; a failure loses nothing and is tried again.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import structlog

from bot.delivery import outbox
from bot.errors import RolecallError
from bot.grading.grader import Judging
from bot.grading.question import Question
from bot.model import Assessment, Attempt, Event, MemberId, ServingId
from bot.practice.projection import question_of, record
from bot.store import delivery, learning
from bot.store.session import Store, Tx
from bot.store.stored import assessment_to

LATE = "verdict"
"""The kind of push that brings a verdict which took longer."""
LONGEST_WAIT = timedelta(hours=6)
CLAIM = timedelta(minutes=2)
"""How long an answer that is being graded is left alone by others."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bench:
    """What judging needs around it."""

    store: Store
    grader: Judging
    graded: Callable[[Tx, Attempt, Question, datetime], None]
    """Called in the transaction that records a verdict."""


class Patience:
    """Whether somebody still waits for a verdict. Either they give up, or the verdict is ready: never both."""

    def __init__(self, *, gone: bool = False) -> None:
        self._lock = Lock()
        self._gone = gone
        self._ready = False

    def give_up(self) -> bool:
        """False where the verdict is as good as there, and worth waiting for."""
        with self._lock:
            self._gone = not self._ready
            return self._gone

    def ready(self) -> bool:
        """False where nobody waits any more."""
        with self._lock:
            self._ready = not self._gone
            return self._ready


@dataclass(frozen=True, slots=True)
class Underway:
    """A saved answer that is being judged, or waits for its turn in the pool, while somebody waits for the verdict."""

    work: Future[bool]
    patience: Patience

    def within(self, seconds: float) -> bool:
        """Whether the answer has been judged within so many seconds; they go on waiting for it otherwise."""
        return bool(wait([self.work], timeout=seconds).done)

    def at_last(self, seconds: float) -> bool:
        """Whether the answer has been judged within so many seconds; otherwise its verdict will come by itself."""
        if not self.within(seconds) and self.patience.give_up():
            return False
        self.work.result()
        return True


def judge_soon(bench: Bench, pool: Executor, id: ServingId, now: datetime) -> Underway:
    """Has a saved answer judged in the pool. Whoever calls asks `at_last` once, or nobody hears of the verdict."""
    patience = Patience()
    return Underway(pool.submit(judge, bench, id, now, patience), patience)


def comes_by_itself(tx: Tx, id: ServingId) -> bool:
    """Whether the verdict on an answer is in the outbox: somebody else judged it while it waited for its turn."""
    return delivery.is_kept(tx, _key(id))


def _key(id: ServingId) -> str:
    return f"{LATE}:{id}"


def judge(bench: Bench, id: ServingId, now: datetime, patience: Patience, *, overdue_only: bool = False) -> bool:
    """Grades a saved answer and records the verdict; False where that failed.

    With `overdue_only` an answer that somebody else has taken meanwhile is left to them.

    A failure is noted and the answer waits for its next try, after 1, 2, 4 … minutes,
    at most 6 hours. Where nobody waits any more the verdict is put into the outbox as well.
    """
    store = bench.store
    try:
        with store.begin() as tx:
            attempt = learning.attempt_of(tx, id)
            if attempt is None or attempt.assessment is not None:
                return attempt is not None
            asked = question_of(tx, attempt.serving)
            if not learning.try_grading(tx, id, now + CLAIM, due_by=now if overdue_only else None):
                return False
        assessment = bench.grader.grade(asked, attempt.text, member=attempt.serving.member, now=now)
        with store.begin() as tx:
            author = _keep(tx, bench, asked, id, assessment, now)
            if author and not patience.ready():
                outbox.put(tx, key=_key(id), kind=LATE, member=author, now=now, data={"serving": id})
    except RolecallError:
        raise
    except Exception as error:
        log.exception("grading_failed", serving=id)
        with store.begin() as tx:
            wait_for = min(timedelta(minutes=2 ** min(learning.grading_tries(tx, id), 10)), LONGEST_WAIT)
            learning.grading_failed(tx, id, now + wait_for, type(error).__name__)
        return False
    return True


def _keep(
    tx: Tx, bench: Bench, asked: Question, id: ServingId, assessment: Assessment, now: datetime
) -> MemberId | None:
    """Whose answer it is by now; None where it has been graded meanwhile, or deleted."""
    learning.serving_of(tx, id, lock=True)
    current = learning.attempt_of(tx, id)
    if current is None or current.assessment is not None:
        return None
    record(tx, Event(current.serving.member, "assessed", now, id, {"assessment": assessment_to(assessment)}))
    if graded := learning.attempt_of(tx, id):
        bench.graded(tx, graded, asked, now)
    return current.serving.member


def judge_waiting(
    bench: Bench,
    clock: Callable[[], datetime],
    *,
    overdue_only: bool = True,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Grades the answers that a crash or a failed grader left ungraded; returns how many got their verdict.

    A process that is alone with its database looks at all of them when it starts. `stopping` is asked before each.
    """
    with bench.store.begin() as tx:
        waiting = learning.waiting_for_grade(tx, clock() if overdue_only else None)
    gone = Patience(gone=True)
    return sum(judge(bench, id, clock(), gone, overdue_only=overdue_only) for id in waiting if not stopping())
