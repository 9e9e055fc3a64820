"""Queries about invitations by list: accounts that an organiser has put on a cohort's list, until they join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, update

from bot.cohort_model import Office
from bot.model import Account, CohortId
from bot.store.cohort_tables import cohort, invitation
from bot.store.session import Tx


def of_cohort(tx: Tx, of: CohortId) -> dict[Account, Office]:
    """Who is on a cohort's list, and as what, in the order in which they were invited."""
    rows = tx.execute(
        select(invitation)
        .where(invitation.c.cohort_id == of)
        .order_by(invitation.c.invited_at, invitation.c.platform, invitation.c.tenant, invitation.c.user_id)
    )
    return {Account(r.platform, r.tenant, r.user_id): Office(r.role) for r in rows}


def size(tx: Tx, of: CohortId) -> int:
    """How many are on a cohort's list."""
    return tx.execute(select(func.count()).where(invitation.c.cohort_id == of)).scalar_one()


def of_accounts(tx: Tx, accounts: Sequence[Account]) -> dict[CohortId, Office]:
    """The living cohorts on whose list one of the accounts stands, and as what; the oldest invitation first."""
    found: dict[CohortId, Office] = {}
    for account in accounts:
        rows = tx.execute(
            select(invitation.c.cohort_id, invitation.c.role)
            .join(cohort, cohort.c.id == invitation.c.cohort_id)
            .where(_is(account), cohort.c.archived_at.is_(None))
            .order_by(invitation.c.invited_at, invitation.c.cohort_id)
        )
        for r in rows:
            found.setdefault(CohortId(r.cohort_id), Office(r.role))
    return found


def keep(tx: Tx, to: CohortId, invited: Mapping[Account, Office], now: datetime) -> None:
    """Puts accounts on a cohort's list; who is on it already is there as what is said now."""
    known = of_cohort(tx, to)
    new = [_values(a) | {"cohort_id": to, "role": o, "invited_at": now} for a, o in invited.items() if a not in known]
    other = [(a, o) for a, o in invited.items() if a in known and known[a] is not o]
    if new:
        tx.execute(insert(invitation), new)
    if other:
        one = (
            (invitation.c.cohort_id == to)
            & (invitation.c.platform == bindparam("_platform"))
            & (invitation.c.tenant == bindparam("_tenant"))
            & (invitation.c.user_id == bindparam("_user_id"))
        )
        keys = [{f"_{name}": value for name, value in _values(a).items()} | {"_role": o} for a, o in other]
        tx.execute(update(invitation).where(one).values(role=bindparam("_role")), keys)


def drop(tx: Tx, of: CohortId, accounts: Sequence[Account]) -> None:
    """Takes accounts off a cohort's list."""
    for account in accounts:
        tx.execute(delete(invitation).where(invitation.c.cohort_id == of, _is(account)))


def drop_all(tx: Tx, of: CohortId) -> None:
    """Empties a cohort's list."""
    tx.execute(delete(invitation).where(invitation.c.cohort_id == of))


def forget(tx: Tx, accounts: Sequence[Account]) -> None:
    """Takes accounts off every list."""
    for account in accounts:
        tx.execute(delete(invitation).where(_is(account)))


def _values(of: Account) -> dict[str, str]:
    return {"platform": of.platform, "tenant": of.tenant, "user_id": of.user_id}


def _is(of: Account) -> ColumnElement[bool]:
    return (
        (invitation.c.platform == of.platform)
        & (invitation.c.tenant == of.tenant)
        & (invitation.c.user_id == of.user_id)
    )
