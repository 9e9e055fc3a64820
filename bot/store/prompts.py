"""Queries about the problems that whole cohorts are asked, and what is known of who has seen and answered them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from bot.cohort_model import Prompt
from bot.model import CohortId, ProblemId, ServingId
from bot.store.cohort_tables import membership, prompt
from bot.store.session import Tx
from bot.store.tables import exposure, log, serving


def _prompt(r: Row[Any]) -> Prompt:
    return Prompt(
        id=r.id,
        cohort=CohortId(r.cohort_id),
        problem=ProblemId(r.problem_id),
        version=r.version,
        variant=r.variant,
        opened_at=r.opened_at,
        closes_at=r.closes_at,
        closed_at=r.closed_at,
    )


def add(tx: Tx, new: Prompt) -> None:
    tx.execute(
        insert(prompt).values(
            id=new.id,
            cohort_id=new.cohort,
            problem_id=new.problem,
            version=new.version,
            variant=new.variant,
            opened_at=new.opened_at,
            closes_at=new.closes_at,
        )
    )


def prompt_of(tx: Tx, id: str, *, lock: bool = False) -> Prompt | None:
    """A prompt, open or closed; with `lock` nobody else may change it before this transaction ends."""
    found = select(prompt).where(prompt.c.id == id)
    row = tx.execute(found.with_for_update() if lock else found).one_or_none()
    return _prompt(row) if row else None


def of_cohort(tx: Tx, of: CohortId) -> Sequence[Prompt]:
    """All that a cohort has been asked, oldest first."""
    rows = tx.execute(select(prompt).where(prompt.c.cohort_id == of).order_by(prompt.c.opened_at, prompt.c.id))
    return [_prompt(r) for r in rows]


def open_in(tx: Tx, of: CohortId, now: datetime) -> Sequence[Prompt]:
    """The prompts of a cohort that can be answered at an instant, oldest first."""
    found = select(prompt).where(prompt.c.cohort_id == of, prompt.c.closed_at.is_(None), prompt.c.closes_at > now)
    return [_prompt(r) for r in tx.execute(found.order_by(prompt.c.opened_at, prompt.c.id))]


def close(tx: Tx, id: str, now: datetime) -> None:
    tx.execute(update(prompt).where(prompt.c.id == id).values(closed_at=now))


def seen_by_learners(tx: Tx, of: CohortId) -> dict[ProblemId, int]:
    """How many of a cohort's learners have had each full problem put before them."""
    found = (
        select(exposure.c.problem_id, func.count(exposure.c.member_id.distinct()).label("seen"))
        .join(membership, membership.c.member_id == exposure.c.member_id)
        .where(
            membership.c.cohort_id == of,
            membership.c.role == "learner",
            membership.c.left_at.is_(None),
            exposure.c.concept == "",
        )
        .group_by(exposure.c.problem_id)
    )
    return {ProblemId(r.problem_id): r.seen for r in tx.execute(found)}


def offered(tx: Tx, id: str) -> set[ServingId]:
    """The answers to a prompt whose authors let them stand in its summary; what was taken back is left out."""
    said = (
        select(log.c.serving_id, log.c.data)
        .join(serving, (serving.c.id == log.c.serving_id) & (serving.c.member_id == log.c.member_id))
        .where(serving.c.prompt_id == id, log.c.kind == "offered")
        .order_by(log.c.id)
    )
    last = {r.serving_id: bool(r.data["agree"]) for r in tx.execute(said)}
    return {ServingId(id) for id, agreed in last.items() if agreed}
