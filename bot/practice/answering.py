"""From a saved answer to its verdict.

Grading runs outside any transaction; a failure loses nothing and is tried again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.delivery import outbox
from bot.errors import RolecallError
from bot.grading.grader import Grader
from bot.model import Assessment, Attempt, Event, ServingId
from bot.practice.projection import question_of, record
from bot.store import learning, members
from bot.store.session import Store, Tx
from bot.store.stored import assessment_to

LATE = "verdict"
"""The kind of push that brings a verdict which took longer."""
LONGEST_WAIT = timedelta(hours=6)
CLAIM = timedelta(minutes=2)
"""How long an answer that is being graded is left alone by others."""

log = structlog.get_logger()


def judge(store: Store, grader: Grader, id: ServingId, now: datetime, *, late: bool = False) -> bool:
    """Grades a saved answer and records the verdict; False where that failed.

    A failure is noted and the answer waits for its next try, after 1, 2, 4 … minutes,
    at most 6 hours. With `late` the verdict is put into the outbox as well.
    """
    try:
        with store.begin() as tx:
            attempt = learning.attempt_of(tx, id)
            if attempt is None or attempt.assessment is not None:
                return attempt is not None
            asked = question_of(tx, attempt.serving)
            learning.try_grading(tx, id, now + CLAIM)
        assessment = grader.grade(asked, attempt.text)
        with store.begin() as tx:
            _keep(tx, attempt, assessment, now, late=late)
    except RolecallError:
        raise
    except Exception as error:
        log.exception("grading_failed", serving=id)
        with store.begin() as tx:
            wait = min(timedelta(minutes=2 ** min(learning.grading_tries(tx, id), 10)), LONGEST_WAIT)
            learning.grading_failed(tx, id, now + wait, type(error).__name__)
        return False
    return True


def _keep(tx: Tx, attempt: Attempt, assessment: Assessment, now: datetime, *, late: bool) -> None:
    id, member = attempt.serving.id, attempt.serving.member
    current = learning.attempt_of(tx, id)
    if current is None or current.assessment is not None:
        return
    record(tx, Event(member, "assessed", now, id, {"assessment": assessment_to(assessment)}))
    if late and (accounts := members.accounts(tx, member)):
        outbox.put(tx, key=f"{LATE}:{id}", kind=LATE, member=member, account=accounts[0], now=now, data={"serving": id})


def judge_waiting(store: Store, grader: Grader, now: datetime, *, overdue_only: bool = True) -> int:
    """Grades the answers that a crash or a failed grader left ungraded; returns how many got their verdict.

    A process that is alone with its database looks at all of them when it starts.
    """
    with store.begin() as tx:
        waiting = learning.waiting_for_grade(tx, now if overdue_only else None)
    return sum(judge(store, grader, id, now, late=True) for id in waiting)
