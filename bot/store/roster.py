"""Queries about the people of a cohort by name and account. Who may ask is not its business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, select, update

from bot.cohort_model import Office
from bot.model import Account, CohortId, MemberId
from bot.store.cohort_tables import cohort, membership
from bot.store.session import Tx
from bot.store.tables import account, decision, member, ticket


@dataclass(frozen=True, slots=True)
class Held:
    """An office that somebody holds in a cohort, and what they are called."""

    member: MemberId
    name: str
    office: Office
    joined_at: datetime
    alias: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """An account of somebody in a cohort."""

    member: MemberId
    account: Account
    display_name: str
    """As the platform says it."""


def held(tx: Tx, of: CohortId, *offices: Office) -> Sequence[Held]:
    """Who holds which office in a cohort now, in the order in which they joined; with offices only those."""
    found = (
        select(membership, member.c.name)
        .join(member, member.c.id == membership.c.member_id)
        .where(membership.c.cohort_id == of, membership.c.left_at.is_(None))
    )
    if offices:
        found = found.where(membership.c.role.in_(offices))
    rows = tx.execute(found.order_by(membership.c.joined_at, membership.c.id))
    return [Held(MemberId(r.member_id), r.name, Office(r.role), r.joined_at, r.alias) for r in rows]


def accounts_in(tx: Tx, of: CohortId) -> Sequence[Known]:
    """The accounts by which people are known in a cohort: whoever has others joined with this one."""
    inside = (membership.c.cohort_id == of) & membership.c.left_at.is_(None)
    told = tx.execute(
        select(membership.c.member_id, func.max(membership.c.joined_as).label("account"))
        .where(inside)
        .group_by(membership.c.member_id)
    )
    joined_as: dict[str, str | None] = {r.member_id: r.account for r in told}
    rows = tx.execute(
        select(account)
        .where(account.c.member_id.in_(select(membership.c.member_id).where(inside)))
        .order_by(account.c.linked_at, account.c.platform)
    )
    found: list[Known] = []
    for r in rows:
        one = Account(r.platform, r.tenant, r.user_id)
        if joined_as[r.member_id] is None:
            joined_as[r.member_id] = one.key  # the one that they joined Rolecall with
        if joined_as[r.member_id] == one.key:
            found.append(Known(MemberId(r.member_id), one, r.display_name))
    return found


def keep_accounts(tx: Tx, of: MemberId) -> None:
    """Writes down by which account a member is known in cohorts where that is still the one they joined Rolecall with,
    before that changes."""
    mine = select(account).where(account.c.member_id == of).order_by(account.c.linked_at, account.c.platform).limit(1)
    first = tx.execute(mine).one_or_none()
    if first:
        key = Account(first.platform, first.tenant, first.user_id).key
        seats = update(membership).where(membership.c.member_id == of, membership.c.joined_as.is_(None))
        tx.execute(seats.values(joined_as=key))


def offices_ever(tx: Tx, of: MemberId) -> Sequence[tuple[CohortId, Office]]:
    """What somebody is in any cohort now, archived ones too; in one order for all, who may lock them in it."""
    rows = tx.execute(
        select(membership.c.cohort_id, membership.c.role)
        .where(membership.c.member_id == of, membership.c.cohort_id.is_not(None), membership.c.left_at.is_(None))
        .order_by(membership.c.cohort_id)
    )
    return [(CohortId(r.cohort_id), Office(r.role)) for r in rows]


def without_organiser(tx: Tx) -> Sequence[str]:
    """The names of the living cohorts that nobody organises, oldest first."""
    organised = exists().where(
        membership.c.cohort_id == cohort.c.id,
        membership.c.role == Office.ORGANISER,
        membership.c.left_at.is_(None),
    )
    found = select(cohort.c.name).where(cohort.c.archived_at.is_(None), ~organised).order_by(cohort.c.created_at)
    return list(tx.execute(found).scalars())


def sizes(tx: Tx) -> dict[tuple[CohortId, Office], int]:
    """How many hold each office in each living cohort."""
    rows = tx.execute(
        select(membership.c.cohort_id, membership.c.role, func.count())
        .join(cohort, cohort.c.id == membership.c.cohort_id)
        .where(membership.c.left_at.is_(None), cohort.c.archived_at.is_(None))
        .group_by(membership.c.cohort_id, membership.c.role)
    )
    return {(CohortId(id), Office(role)): n for id, role, n in rows}


def release_claims(tx: Tx, of: MemberId, within: CohortId) -> int:
    """Gives back what somebody was about to review for a cohort; returns how many answers that were."""
    open_here = select(ticket.c.id).where(ticket.c.cohort_id == within, ticket.c.state == "open")
    gone = delete(decision).where(
        decision.c.member_id == of, decision.c.decided_at.is_(None), decision.c.ticket_id.in_(open_here)
    )
    return tx.execute(gone).rowcount
