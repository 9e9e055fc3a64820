"""Queries about chat workspaces: which have left, and what is kept of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select, update

from bot.model import Account, CohortId, MemberId
from bot.store.buckets import forget_bucket, hold_bucket
from bot.store.cohort_tables import channel, cohort, invitation, membership
from bot.store.inserting import insert_new
from bot.store.session import Tx
from bot.store.tables import account, outbox, workspace


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
