"""Queries about points by week: of a cohort's learners, and of one member.

Points count to the week in which they were earned if they were booked before its board was final, and else to the week
in which they were booked (`cohorts.weeks.counted_in` says the same of one row). Either way they were booked between the
beginning of that week and the end of its board, so that one index by member and booking holds all that is asked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, ScalarSelect, Select, and_, bindparam, case, func, or_, select

from bot.cohort_model import Office
from bot.model import CohortId, MemberId
from bot.store.cohort_tables import membership
from bot.store.cohort_tables import points as ledger
from bot.store.session import Tx
from bot.store.tables import member as person

DUE = "due"
"""The kind of a row for a due concept that was cleared."""
_STEP = 1 << 24
"""Points and cleared concepts of a week are summed as one number, cleared times this plus points: one pass over the
rows instead of two. A member's week is far from half of it either way."""


@dataclass(frozen=True, slots=True)
class Span:
    """A week: what the ledger is asked about."""

    earlier_at: datetime
    """When the week before began."""
    starts_at: datetime
    """Also the end of the week before."""
    ends_at: datetime
    earlier_final_at: datetime
    """When the board of the week before was final."""
    final_at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """What a learner has in each of some weeks, in the order in which they were asked for."""

    member: MemberId
    points: tuple[int, ...]
    cleared: tuple[int, ...]
    """Due concepts."""
    joined_at: datetime
    left_at: datetime | None
    on_board: bool
    said_at: datetime
    """Since when they are on the board as they are."""


def tallies(tx: Tx, of: CohortId, weeks: Sequence[Span]) -> Sequence[Tally]:
    """All who learnt in a cohort in any of these weeks, with what they have in each."""
    known = _bound(weeks) | {"_cohort": of, "_since": min(w.starts_at for w in weeks)}
    return [
        Tally(
            member=MemberId(r.member_id),
            points=points,
            cleared=cleared,
            joined_at=r.joined_at,
            left_at=r.left_at,
            on_board=r.on_board and r.left_at is None,
            said_at=r.asked_at or r.joined_at,
        )
        for r in tx.execute(_of_cohort(len(weeks)), known)
        for points, cleared in [_parts(r, len(weeks))]
    ]


def own(tx: Tx, of: MemberId, weeks: Sequence[Span]) -> tuple[int, ...]:
    """A member's points in each of these weeks."""
    row = tx.execute(_of_member(len(weeks)), _bound(weeks) | {"_member": of}).one()
    return _parts(row, len(weeks))[0]


def names(tx: Tx, of: CohortId, members: Sequence[MemberId]) -> dict[MemberId, str]:
    """What the board calls learners: their alias, or their name."""
    found = (
        select(person.c.id, person.c.name, membership.c.alias)
        .join(membership, membership.c.member_id == person.c.id)
        .where(membership.c.cohort_id == of, membership.c.role == Office.LEARNER, person.c.id.in_(members))
    )
    return {MemberId(r.id): r.alias or r.name for r in tx.execute(found)}


# Statements for a number of weeks are built once: building one takes longer than asking it about a small cohort.


@cache
def _of_cohort(weeks: int) -> Select[*tuple[Any, ...]]:
    seat = membership.c
    return select(
        seat.member_id,
        seat.joined_at,
        seat.left_at,
        seat.on_board,
        seat.asked_at,
        *(_sum(n, seat.member_id).label(f"week_{n}") for n in range(weeks)),
    ).where(
        seat.cohort_id == bindparam("_cohort"),
        seat.role == Office.LEARNER.value,
        or_(seat.left_at.is_(None), seat.left_at > bindparam("_since")),
    )


@cache
def _of_member(weeks: int) -> Select[*tuple[Any, ...]]:
    return select(*(_sum(n, bindparam("_member")).label(f"week_{n}") for n in range(weeks)))


def _sum(n: int, member: ColumnElement[Any]) -> ScalarSelect[Any]:
    each = ledger.c.points + case((ledger.c.kind == DUE, _STEP), else_=0)
    return select(func.coalesce(func.sum(each), 0)).where(ledger.c.member_id == member, counts(n)).scalar_subquery()


def counts(n: int) -> ColumnElement[bool]:
    """Whether a row of the ledger counts to the n-th week that is bound."""
    starts: BindParameter[datetime] = bindparam(f"_starts_{n}")
    ends: BindParameter[datetime] = bindparam(f"_ends_{n}")
    earlier_final: BindParameter[datetime] = bindparam(f"_earlier_final_{n}")
    earned, booked = ledger.c.earned_at, ledger.c.booked_at
    in_time = and_(earned >= starts, earned < ends)
    too_late_before = and_(
        booked < ends, earned < starts, or_(booked >= earlier_final, earned < bindparam(f"_earlier_{n}"))
    )
    return and_(booked >= starts, booked < bindparam(f"_final_{n}"), or_(in_time, too_late_before))


def _bound(weeks: Sequence[Span]) -> dict[str, Any]:
    return {
        f"_{what}_{n}": at
        for n, w in enumerate(weeks)
        for what, at in (
            ("starts", w.starts_at),
            ("ends", w.ends_at),
            ("final", w.final_at),
            ("earlier", w.earlier_at),
            ("earlier_final", w.earlier_final_at),
        )
    }


def _parts(r: Row[Any], weeks: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Points and cleared concepts by week."""
    cleared = [(n + _STEP // 2) // _STEP for n in r[-weeks:]]
    return tuple(n - c * _STEP for n, c in zip(r[-weeks:], cleared, strict=True)), tuple(cleared)
