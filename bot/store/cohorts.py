"""Queries about cohorts: what they are, who is what in them, and where they meet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from bot.cohort_model import Channel, Cohort, Office, Preset, Seat
from bot.model import Account, CohortId, MemberId
from bot.store.cohort_tables import channel, cohort, membership
from bot.store.inserting import insert_new
from bot.store.session import Tx

NAME = 100
"""Characters of a cohort's name."""


def _cohort(r: Row[Any]) -> Cohort:
    return Cohort(
        id=CohortId(r.id),
        name=r.name,
        preset=Preset(r.preset),
        zone=r.zone,
        created_at=r.created_at,
        next_zone=r.next_zone,
        next_zone_from=r.next_zone_from,
        invite_code=r.invite_code,
        self_service=r.self_service,
        reviewers=r.reviewers,
        blind=r.blind,
        starts_on=r.starts_on,
        ends_on=r.ends_on,
        goal=r.goal,
        board=r.board,
        archived_at=r.archived_at,
    )


def _seat(r: Row[Any]) -> Seat:
    return Seat(
        cohort=CohortId(r.cohort_id),
        member=MemberId(r.member_id),
        office=Office(r.role),
        joined_at=r.joined_at,
        alias=r.alias,
        on_board=r.on_board,
        asked_at=r.asked_at,
        check_in=r.check_in,
        thanks=r.thanks,
        by_role=r.by_role,
        left_at=r.left_at,
    )


# --- cohorts


def cohort_of(tx: Tx, id: CohortId, *, lock: bool = False) -> Cohort | None:
    """A cohort, archived or not; with `lock` nobody else may change it before this transaction ends."""
    found = select(cohort).where(cohort.c.id == id)
    row = tx.execute(found.with_for_update() if lock else found).one_or_none()
    return _cohort(row) if row else None


def coded(tx: Tx, code: str) -> Cohort | None:
    """The cohort with this invite code, in any case, archived or not."""
    row = tx.execute(select(cohort).where(cohort.c.invite_code == code.upper())).one_or_none()
    return _cohort(row) if row else None


def name_of(tx: Tx, id: CohortId | None) -> str:
    """What a cohort is called, or ""."""
    return tx.execute(select(cohort.c.name).where(cohort.c.id == id)).scalar() or ""


def living(tx: Tx) -> Sequence[Cohort]:
    """All cohorts that are not archived, oldest first."""
    rows = tx.execute(select(cohort).where(cohort.c.archived_at.is_(None)).order_by(cohort.c.created_at, cohort.c.id))
    return [_cohort(r) for r in rows]


def create(tx: Tx, new: Cohort) -> None:
    tx.execute(insert(cohort).values(**_values(new), id=new.id, created_at=new.created_at))


def save(tx: Tx, changed: Cohort) -> None:
    """Writes all that a cohort is set to; the cohort must exist."""
    tx.execute(update(cohort).where(cohort.c.id == changed.id).values(**_values(changed)))


def _values(of: Cohort) -> dict[str, object]:
    return {
        "name": of.name,
        "preset": of.preset,
        "zone": of.zone,
        "next_zone": of.next_zone,
        "next_zone_from": of.next_zone_from,
        "invite_code": of.invite_code,
        "self_service": of.self_service,
        "reviewers": of.reviewers,
        "blind": of.blind,
        "starts_on": of.starts_on,
        "ends_on": of.ends_on,
        "goal": of.goal,
        "board": of.board,
        "archived_at": of.archived_at,
    }


# --- seats


def enrol(
    tx: Tx,
    id: str,
    member: MemberId,
    to: CohortId,
    office: str,
    now: datetime,
    by_role: str | None = None,
    joined_as: Account | None = None,
) -> bool:
    """Makes a member learner, mentor or organiser of a cohort, in their own right or by a role; False where they
    already are. Who held it by a role holds it in their own right from now on; the other way round nothing changes.
    `joined_as`: the account by which the others know them; as in their other seats in the cohort where none is given.

    Who comes back is asked anew how the board may name them; that they were away changes no figure of old boards.
    """
    key = _held(to, member, office)
    held = tx.execute(select(membership.c.left_at, membership.c.by_role).where(key)).one_or_none()
    if held is None:
        values = {"member_id": member, "cohort_id": to, "role": office, "on_board": False, "joined_at": now}
        values["joined_as"] = joined_as.key if joined_as else _joined_as(tx, member, to)
        tx.execute(insert(membership).values(id=id, by_role=by_role, **values))
        return True
    if held.left_at is None:
        if held.by_role and by_role is None:
            tx.execute(update(membership).where(key).values(by_role=None))
        return False
    anew = {"left_at": None, "on_board": False, "alias": None, "asked_at": None, "check_in": False, "by_role": by_role}
    if joined_as:
        anew["joined_as"] = joined_as.key
    tx.execute(update(membership).where(key).values(**anew))
    return True


def _joined_as(tx: Tx, member: MemberId, to: CohortId) -> str | None:
    known = select(membership.c.joined_as).where(
        membership.c.member_id == member, membership.c.cohort_id == to, membership.c.joined_as.is_not(None)
    )
    return tx.execute(known.limit(1)).scalar()


def leave(tx: Tx, member: MemberId, of: CohortId, office: str, now: datetime) -> bool:
    """Ends what a member is in a cohort, and forgets their alias; False where they are not."""
    gone = update(membership).where(_held(of, member, office), membership.c.left_at.is_(None))
    nothing = {"on_board": False, "alias": None, "check_in": False, "thanks": False, "by_role": None}
    return tx.execute(gone.values(left_at=now, **nothing)).rowcount == 1


def change_seat(tx: Tx, member: MemberId, of: CohortId, **values: object) -> None:
    """Sets columns of all that a member is in a cohort: on_board, alias, asked_at, check_in, thanks."""
    mine = (membership.c.member_id == member) & (membership.c.cohort_id == of)
    tx.execute(update(membership).where(mine).values(**values))


def seats(tx: Tx, of: CohortId, office: str | None = None) -> Sequence[Seat]:
    """Who is in a cohort now, in the order in which they joined; with an office only those."""
    found = select(membership).where(membership.c.cohort_id == of, membership.c.left_at.is_(None))
    if office is not None:
        found = found.where(membership.c.role == office)
    return [_seat(r) for r in tx.execute(found.order_by(membership.c.joined_at, membership.c.id))]


def seats_of(tx: Tx, member: MemberId) -> Sequence[Seat]:
    """What somebody is in which living cohort now, in the order in which they joined."""
    found = (
        select(membership)
        .join(cohort, cohort.c.id == membership.c.cohort_id)
        .where(membership.c.member_id == member, membership.c.left_at.is_(None), cohort.c.archived_at.is_(None))
        .order_by(membership.c.joined_at, membership.c.id)
    )
    return [_seat(r) for r in tx.execute(found)]


def is_organiser_everywhere(tx: Tx, member: MemberId) -> bool:
    """Whether somebody is an organiser of the whole installation (`rolecall grant`)."""
    held = select(membership.c.id).where(
        membership.c.member_id == member,
        membership.c.cohort_id.is_(None),
        membership.c.role == Office.ORGANISER,
        membership.c.left_at.is_(None),
    )
    return tx.execute(held.limit(1)).first() is not None


def size(tx: Tx, of: CohortId, office: str) -> int:
    """How many hold an office in a cohort now."""
    held = select(func.count()).where(
        membership.c.cohort_id == of, membership.c.role == office, membership.c.left_at.is_(None)
    )
    return tx.execute(held).scalar_one()


def reviewed_by(tx: Tx, member: MemberId) -> dict[CohortId, str]:
    """The cohorts in which somebody may come to review, and their names; all for one who holds an office everywhere."""
    held = select(membership.c.cohort_id).where(membership.c.member_id == member, membership.c.left_at.is_(None))
    everywhere = held.where(membership.c.cohort_id.is_(None), membership.c.role != "learner")
    known = select(cohort.c.id, cohort.c.name).where(cohort.c.archived_at.is_(None))
    if tx.execute(everywhere.limit(1)).first() is None:
        known = known.where(cohort.c.id.in_(held))
    return {CohortId(r.id): r.name for r in tx.execute(known)}


def _held(of: CohortId, member: MemberId, office: str) -> ColumnElement[bool]:
    return (membership.c.cohort_id == of) & (membership.c.member_id == member) & (membership.c.role == office)


# --- channels


def meeting_in(tx: Tx, platform: str, workspace: str) -> Sequence[Cohort]:
    """The living cohorts that have their channel in a workspace, oldest first."""
    there = (channel.c.platform == platform) & (channel.c.workspace == workspace)
    found = (
        select(cohort)
        .join(channel, channel.c.cohort_id == cohort.c.id)
        .where(there, cohort.c.archived_at.is_(None))
        .order_by(cohort.c.created_at, cohort.c.id)
    )
    return [_cohort(r) for r in tx.execute(found)]


def _channel(r: Row[Any]) -> Channel:
    return Channel(
        cohort=CohortId(r.cohort_id),
        platform=r.platform,
        workspace=r.workspace,
        channel=r.channel,
        bound_at=r.bound_at,
        closed_at=r.closed_at,
        closed_why=r.closed_why or "",
    )


def channels(tx: Tx, of: CohortId) -> Sequence[Channel]:
    """Where a cohort's prompts and boards are posted, also where nothing gets through; in the order of platforms."""
    rows = tx.execute(select(channel).where(channel.c.cohort_id == of).order_by(channel.c.platform))
    return [_channel(r) for r in rows]


def met_in(tx: Tx, platform: str, workspace: str, name: str) -> Cohort | None:
    """The cohort that a channel belongs to, archived or not."""
    found = select(cohort).join(channel, channel.c.cohort_id == cohort.c.id).where(_place(platform, workspace, name))
    row = tx.execute(found).one_or_none()
    return _cohort(row) if row else None


def bind(tx: Tx, new: Channel) -> bool:
    """Makes a channel the cohort's on its platform, in the place of the one until now.

    False where another living cohort has the channel; then the one until now is the cohort's no more, either.
    """
    had = (channel.c.cohort_id == new.cohort) & (channel.c.platform == new.platform)
    ended = channel.c.cohort_id.in_(select(cohort.c.id).where(cohort.c.archived_at.is_not(None)))
    tx.execute(delete(channel).where(had | (_place(new.platform, new.workspace, new.channel) & ended)))
    values = {
        "cohort_id": new.cohort,
        "platform": new.platform,
        "workspace": new.workspace,
        "channel": new.channel,
        "bound_at": new.bound_at,
    }
    return insert_new(tx, channel, [values]) == 1


def close_channel(tx: Tx, shut: Channel, now: datetime, why: str) -> bool:
    """Remembers that the platform takes nothing for a channel; False where that was known, or it is bound no more."""
    here = _place(shut.platform, shut.workspace, shut.channel) & channel.c.closed_at.is_(None)
    return tx.execute(update(channel).where(here).values(closed_at=now, closed_why=why[:200])).rowcount == 1


def _place(platform: str, workspace: str, name: str) -> ColumnElement[bool]:
    return (channel.c.platform == platform) & (channel.c.workspace == workspace) & (channel.c.channel == name)
