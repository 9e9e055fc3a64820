"""Queries about chat workspaces: which have left, and what is kept of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from bot.model import Account
from bot.store.cohort_tables import channel, cohort, invitation, membership, office_role
from bot.store.inserting import insert_new
from bot.store.session import Tx
from bot.store.tables import account, bucket, inbox, outbox, workspace


@dataclass(frozen=True, slots=True)
class Workspace:
    platform: str
    tenant: str
    name: str
    left_at: datetime | None


def of(tx: Tx, platform: str, tenant: str, *, lock: bool = False) -> Workspace | None:
    """A workspace that is known; with `lock` nobody else may change it before this transaction ends."""
    found = select(workspace).where(_is(platform, tenant))
    row = tx.execute(found.with_for_update() if lock else found).one_or_none()
    return Workspace(row.platform, row.tenant, row.name, row.left_at) if row else None


def keep(tx: Tx, id: str, new: Workspace, now: datetime) -> None:
    """Writes a workspace, under this id where it is new."""
    values = {"name": new.name[:200], "left_at": new.left_at}
    if tx.execute(update(workspace).where(_is(new.platform, new.tenant)).values(**values)).rowcount == 0:
        key = {"id": id, "platform": new.platform, "tenant": new.tenant, "joined_at": now}
        insert_new(tx, workspace, [key | values])


def left_before(tx: Tx, before: datetime) -> Sequence[Workspace]:
    """Those that left before an instant and have not come back, the first to leave first."""
    rows = tx.execute(select(workspace).where(workspace.c.left_at < before).order_by(workspace.c.left_at))
    return [Workspace(r.platform, r.tenant, r.name, r.left_at) for r in rows]


def present(tx: Tx, platform: str) -> frozenset[str]:
    """The ids of a platform's workspaces that have not left."""
    here = select(workspace.c.tenant).where(workspace.c.platform == platform, workspace.c.left_at.is_(None))
    return frozenset(tx.execute(here).scalars())


def any_account(tx: Tx, platform: str, tenant: str) -> Account | None:
    """Somebody's account there; None where nobody has one."""
    here = (account.c.platform == platform) & (account.c.tenant == tenant)
    row = tx.execute(select(account.c.user_id).where(here).limit(1)).one_or_none()
    return Account(platform, tenant, row.user_id) if row else None


def forget(tx: Tx, platform: str, tenant: str) -> None:
    """Deletes a workspace and all that is kept of it but for people: channels, lists, roles, messages, and its name.

    A cohort that met there goes, too, where nobody is in it any more. Where accounts are the same in all of a
    platform's workspaces, its lists are those of the cohorts that met there.
    """
    key = f"{platform}:{tenant}"
    there = (channel.c.platform == platform) & (channel.c.workspace == tenant)
    met = tx.execute(select(channel.c.cohort_id).where(there)).scalars().all()
    seats = select(membership.c.id).where(membership.c.cohort_id == cohort.c.id, membership.c.left_at.is_(None))
    tx.execute(delete(outbox).where(outbox.c.workspace == key))
    tx.execute(delete(inbox).where(inbox.c.workspace == tenant))
    tx.execute(delete(bucket).where(bucket.c.name == key))
    tx.execute(delete(invitation).where(invitation.c.platform == platform, invitation.c.tenant == tenant))
    everywhere = (invitation.c.platform == platform) & (invitation.c.tenant == "")
    tx.execute(delete(invitation).where(everywhere, invitation.c.cohort_id.in_(met)))
    tx.execute(delete(office_role).where(office_role.c.platform == platform, office_role.c.workspace == tenant))
    tx.execute(update(membership).where(membership.c.by_role == key).values(by_role=None))
    tx.execute(delete(channel).where(there))
    tx.execute(delete(cohort).where(cohort.c.id.in_(met), ~seats.exists()))
    tx.execute(delete(workspace).where(_is(platform, tenant)))


def _is(platform: str, tenant: str) -> ColumnElement[bool]:
    return (workspace.c.platform == platform) & (workspace.c.tenant == tenant)
