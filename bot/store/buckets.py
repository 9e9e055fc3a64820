"""Queries about the pace of platforms: how fast something may be sent to a channel, a workspace or a platform."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from bot.store.delivery import FAR
from bot.store.inserting import insert_new
from bot.store.session import Tx
from bot.store.tables import bucket


@dataclass(frozen=True, slots=True)
class Bucket:
    """How fast something may be sent to: a channel, a workspace or a platform."""

    name: str
    free_at: datetime
    """Its turn comes next at."""
    held_until: datetime | None = None
    """The platform wants nothing before."""
    refused: int = 0
    """Calls that the platform refused, since `refused_since`."""
    refused_since: datetime | None = None


def buckets(tx: Tx, names: Collection[str], now: datetime) -> dict[str, Bucket]:
    """The buckets of these names, new ones free as of now. Nobody else may change them before this transaction ends."""
    names = sorted(names)
    insert_new(tx, bucket, [{"name": n, "free_at": now} for n in names])
    rows = tx.execute(select(bucket).where(bucket.c.name.in_(names)).order_by(bucket.c.name).with_for_update())
    return {
        r.name: Bucket(r.name, r.free_at if r.free_at <= now + FAR else now, r.held_until, r.refused, r.refused_since)
        for r in rows
    }


_KEEP_BUCKET = (
    update(bucket)
    .where(bucket.c.name == bindparam("_name"))
    .values(
        free_at=bindparam("_free"),
        held_until=bindparam("_held"),
        refused=bindparam("_refused"),
        refused_since=bindparam("_since"),
    )
)


def keep_buckets(tx: Tx, changed: Iterable[Bucket]) -> None:
    values = [
        {"_name": b.name, "_free": b.free_at, "_held": b.held_until, "_refused": b.refused, "_since": b.refused_since}
        for b in changed
    ]
    if values:
        tx.execute(_KEEP_BUCKET, values)


def forget_buckets(tx: Tx, before: datetime) -> None:
    """Forgets buckets that nothing has waited for since an instant."""
    idle = (bucket.c.free_at < before) & (bucket.c.held_until.is_(None) | (bucket.c.held_until < before))
    tx.execute(delete(bucket).where(idle, bucket.c.refused_since.is_(None) | (bucket.c.refused_since < before)))
