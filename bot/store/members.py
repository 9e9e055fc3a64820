"""Queries about members: accounts, settings, grants, and all that is kept of one person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError

from bot.model import Account, Horizon, Level, Member, MemberId, Role
from bot.store.cohort_tables import membership
from bot.store.session import Tx
from bot.store.tables import account, member, personal, ticket


def _member(row: Row[Any]) -> Member:
    return Member(
        id=MemberId(row.id),
        name=row.name,
        zone=row.zone,
        remind_at=row.remind_at,
        role=Role(row.role) if row.role else None,
        reminders=row.reminders,
        settled_at=row.settled_at,
        paused=row.paused,
        paused_until=row.paused_until,
        predicts=row.predicts,
        level=Level(row.level),
        weekdays=tuple(int(d) for d in row.weekdays),
        quiet=(row.quiet_from, row.quiet_until) if row.quiet_from and row.quiet_until else None,
        summary=row.summary,
        horizon=Horizon(row.interview_on, row.interview_set_at) if row.interview_on else None,
        seen_at=row.seen_at,
    )


def of_account(tx: Tx, who: Account, *, lock: Literal["", "shared", "alone"] = "") -> Member | None:
    """The member behind an account. With `lock` it stays theirs until this transaction ends; `alone`: and no other
    transaction that locks it, too, begins before."""
    found = select(member).join(account, account.c.member_id == member.c.id).where(_is(who))
    if lock:
        found = found.with_for_update(of=account, read=lock == "shared", key_share=lock == "shared")
    row = tx.execute(found).one_or_none()
    return _member(row) if row else None


def of_id(tx: Tx, id: MemberId) -> Member | None:
    row = tx.execute(select(member).where(member.c.id == id)).one_or_none()
    return _member(row) if row else None


# FOR NO KEY UPDATE: whoever puts a row that names the member has no need to wait.
_ZONES = (
    select(member.c.id, member.c.zone)
    .where(member.c.id.in_(bindparam("_ids", expanding=True)))
    .order_by(member.c.id)
    .with_for_update(key_share=True)
)


def lock(tx: Tx, ids: Collection[MemberId]) -> dict[MemberId, str]:
    """The zones of members; nobody else may lock or change them before this transaction ends."""
    if not ids:
        return {}
    return {MemberId(r.id): r.zone for r in tx.execute(_ZONES, {"_ids": sorted(ids)})}


def join(tx: Tx, new: Member, who: Account, display_name: str, now: datetime) -> bool:
    """Keeps a new member with their first account; False where the account has joined at the same moment."""
    try:
        with tx.begin_nested():
            tx.execute(insert(member).values(**_settings(new), id=new.id, joined_at=now))
            tx.execute(
                insert(account).values(
                    platform=who.platform,
                    tenant=who.tenant,
                    user_id=who.user_id,
                    member_id=new.id,
                    display_name=display_name,
                    linked_at=now,
                )
            )
    except IntegrityError:
        return False
    return True


def _settings(of: Member) -> dict[str, Any]:
    return {
        "name": of.name,
        "zone": of.zone,
        "remind_at": of.remind_at,
        "role": of.role,
        "reminders": of.reminders,
        "settled_at": of.settled_at,
        "paused": of.paused,
        "paused_until": of.paused_until,
        "predicts": of.predicts,
        "level": of.level,
        "weekdays": "".join(str(d) for d in of.weekdays),
        "quiet_from": of.quiet[0] if of.quiet else None,
        "quiet_until": of.quiet[1] if of.quiet else None,
        "summary": of.summary,
        "interview_on": of.horizon.interview_on if of.horizon else None,
        "interview_set_at": of.horizon.set_at if of.horizon else None,
    }


def save(tx: Tx, changed: Member) -> None:
    """Writes a member's settings; the member must exist."""
    tx.execute(update(member).where(member.c.id == changed.id).values(**_settings(changed)))


def seen(tx: Tx, id: MemberId, now: datetime) -> None:
    """Remembers that a member wished for something."""
    tx.execute(update(member).where(member.c.id == id).values(seen_at=now))


def close_door(tx: Tx, who: Account, now: datetime, why: str) -> None:
    """Remembers that the platform lets nothing through to an account."""
    tx.execute(update(account).where(_is(who)).values(closed_at=now, closed_why=why[:200]))


def closed_door(tx: Tx, who: Account) -> tuple[datetime, str] | None:
    """Since when, and why, nothing gets through to an account that has not been told so."""
    row = tx.execute(select(account.c.closed_at, account.c.closed_why).where(_is(who))).one_or_none()
    return (row.closed_at, row.closed_why or "") if row and row.closed_at else None


def open_door(tx: Tx, who: Account) -> None:
    """Forgets that nothing got through to an account."""
    tx.execute(update(account).where(_is(who)).values(closed_at=None, closed_why=None))


def _is(who: Account) -> ColumnElement[bool]:
    return (account.c.platform == who.platform) & (account.c.tenant == who.tenant) & (account.c.user_id == who.user_id)


_REMINDED_FIRST = (account.c.preferred_at.desc().nulls_last(), account.c.linked_at, account.c.platform)


def accounts(tx: Tx, id: MemberId) -> tuple[Account, ...]:
    """A member's accounts: first the one that reminders go to, the one they joined with unless they said so."""
    rows = tx.execute(select(account).where(account.c.member_id == id).order_by(*_REMINDED_FIRST))
    return tuple(Account(r.platform, r.tenant, r.user_id) for r in rows)


def known_as(tx: Tx, id: MemberId) -> dict[Account, str]:
    """A member's accounts, as `accounts`, and what each is called on its platform."""
    rows = tx.execute(select(account).where(account.c.member_id == id).order_by(*_REMINDED_FIRST))
    return {Account(r.platform, r.tenant, r.user_id): r.display_name for r in rows}


def lock_accounts(tx: Tx, ids: Collection[MemberId]) -> None:
    """Waits for whatever is being done on accounts of these members; nothing else begins before this transaction ends.

    To be taken before all other locks, as by every wish.
    """
    theirs = select(account.c.user_id).where(account.c.member_id.in_(ids)).order_by(*account.primary_key.columns)
    tx.execute(theirs.with_for_update()).all()


def unlink(tx: Tx, who: Account) -> None:
    """Forgets an account of a member who has another."""
    tx.execute(delete(account).where(_is(who)))


def prefer(tx: Tx, who: Account, now: datetime) -> None:
    """Has reminders go to an account from now on, and to no other of its member's."""
    others = select(account.c.member_id).where(_is(who)).scalar_subquery()
    tx.execute(update(account).where(account.c.member_id == others, ~_is(who)).values(preferred_at=None))
    tx.execute(update(account).where(_is(who)).values(preferred_at=now))


def first_accounts(tx: Tx, ids: Collection[MemberId]) -> dict[MemberId, Account]:
    """The account that reminders of each of these members go to."""
    rows = tx.execute(
        select(account.c.member_id, account.c.platform, account.c.tenant, account.c.user_id)
        .where(account.c.member_id.in_(ids))
        .order_by(*_REMINDED_FIRST)
    ).all()
    return {MemberId(r.member_id): Account(r.platform, r.tenant, r.user_id) for r in reversed(rows)}


def user_ids(tx: Tx, platform: str, tenant: str, ids: Collection[MemberId]) -> dict[MemberId, str]:
    """What a platform calls those of these members who have an account in one of its tenants."""
    rows = tx.execute(
        select(account.c.member_id, account.c.user_id)
        .where(account.c.member_id.in_(ids), account.c.platform == platform, account.c.tenant == tenant)
        .order_by(account.c.linked_at.desc(), account.c.user_id.desc())
    )
    return {MemberId(r.member_id): r.user_id for r in rows}


def named(tx: Tx, name: str) -> Sequence[tuple[Member, Account]]:
    """Members of the given platform:id, or else with this platform id, or else with this name; and the account."""
    platform, _, user_id = name.rpartition(":")
    found = select(member, account.c.platform, account.c.tenant, account.c.user_id).join(
        account, account.c.member_id == member.c.id
    )
    ways = (
        (account.c.platform == platform) & (account.c.user_id == user_id),
        account.c.user_id == name,
        (member.c.name == name) | (account.c.display_name == name),
    )
    rows = next((r for w in ways if (r := tx.execute(found.where(w).order_by(member.c.joined_at)).all())), [])
    return [(_member(r), Account(r.platform, r.tenant, r.user_id)) for r in rows]


def grant(tx: Tx, id: str, to: MemberId, role: str, now: datetime) -> bool:
    """Makes a member organiser or mentor of the whole installation; False where they already are."""
    held = select(membership.c.id).where(
        membership.c.member_id == to, membership.c.role == role, membership.c.cohort_id.is_(None)
    )
    if tx.execute(held).first():
        return False
    tx.execute(insert(membership).values(id=id, member_id=to, role=role, on_board=False, joined_at=now))
    return True


def everything(tx: Tx, id: MemberId) -> dict[str, list[dict[str, Any]]]:
    """Every row that holds something about a member, by table."""
    kept: dict[str, list[dict[str, Any]]] = {}
    for table in personal():
        owner = table.c.id if table is member else table.c.member_id
        rows = tx.execute(select(table).where(owner == id).order_by(*table.primary_key.columns))
        kept[table.name] = [dict(r._mapping) for r in rows]
    return kept


def forget(tx: Tx, id: MemberId) -> int:
    """Deletes every row that holds something about a member; returns how many.

    Whoever is deciding about an answer of theirs is waited for first: they take the ticket before all else, too.
    """
    tx.execute(select(ticket.c.id).where(ticket.c.member_id == id).order_by(ticket.c.id).with_for_update()).all()
    tx.execute(select(member.c.id).where(member.c.id == id).with_for_update()).all()
    gone = 0
    for table in personal():
        owner = table.c.id if table is member else table.c.member_id
        gone += tx.execute(delete(table).where(owner == id)).rowcount
    return gone
