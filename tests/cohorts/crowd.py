"""Learners of a cohort and what they answered, written straight into the tables: for figures about many people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert

from bot.cohort_model import Cohort, Office, Preset
from bot.model import CohortId, MemberId
from bot.store import cohorts
from bot.store.cohort_tables import membership, points, prompt
from bot.store.session import Tx
from bot.store.tables import attempt, member, serving, ticket

ACCOUNTLESS = {"zone": "UTC", "reminders": False, "paused": False}


def cohort(tx: Tx, name: str, now: datetime) -> Cohort:
    made = Cohort(CohortId(name), name, Preset.STUDY_GROUP, "UTC", now)
    cohorts.create(tx, made)
    return made


def learners(tx: Tx, of: Cohort, many: int, joined: datetime) -> list[MemberId]:
    ids = [MemberId(f"{of.id}-{n}") for n in range(many)]
    if ids:
        at = {"remind_at": joined.time().replace(tzinfo=None), "joined_at": joined}
        tx.execute(insert(member), [{"id": id, "name": f"Learner {id}", **ACCOUNTLESS, **at} for id in ids])
        seat = {"cohort_id": of.id, "role": Office.LEARNER, "on_board": False, "joined_at": joined}
        tx.execute(insert(membership), [{"id": f"seat-{id}", "member_id": id, **seat} for id in ids])
    return ids


def answers(
    tx: Tx,
    given: Sequence[tuple[MemberId, str, datetime]],
    *,
    score: float = 0.5,
    unsure: bool = False,
    to: str | None = None,
    prefix: str = "s",
) -> None:
    """`given`: who answered which problem when; `to`: the prompt that it answers."""
    served = {"version": 1, "variant": "v1", "origin": "new", "hints": 0, "revealed": False, "prompt_id": to}
    read = {"text": "An answer.", "score": score, "band": "lean_hire", "provisional": unsure}
    asked, said = [], []
    for n, (who, problem, at) in enumerate(given):
        id = f"{prefix}-{n}"
        when = {"number": n, "served_at": at, "expires_at": at + timedelta(days=7)}
        asked.append({"id": id, "member_id": who, "problem_id": problem, **served, **when})
        said.append({"serving_id": id, "member_id": who, "answered_at": at, **read})
    if asked:
        tx.execute(insert(serving), asked)
        tx.execute(insert(attempt), said)


def cleared(tx: Tx, who: MemberId, at: datetime, item: str) -> None:
    row = {"member_id": who, "item": item, "kind": "due", "day": at.date(), "earned_at": at, "booked_at": at}
    tx.execute(insert(points).values(**row, points=6, reason="lean_hire", rule=1))


def prompted(tx: Tx, of: Cohort, id: str, problem: str, at: datetime) -> None:
    """A prompt that was put before the cohort."""
    row = {"id": id, "cohort_id": of.id, "problem_id": problem, "version": 1, "variant": "v1"}
    tx.execute(insert(prompt).values(**row, opened_at=at, closes_at=at + timedelta(days=3)))


def waiting(tx: Tx, of: Cohort, who: MemberId, at: datetime, id: str, closed: datetime | None = None) -> None:
    """A ticket that waits, or was settled."""
    row = {"id": id, "member_id": who, "kind": "doubt", "route": "mentors", "cohort_id": of.id, "problem_id": "p"}
    state = "settled" if closed else "open"
    tx.execute(insert(ticket).values(**row, points=[], state=state, opened_at=at, closed_at=closed))
