"""What the database tells of how a running installation is: signs of life, what waits, clock and size.

It judges nothing, and it names no member.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, or_, select, text

from bot.store.delivery import LEASED, OPEN, SETTLED
from bot.store.schedules import WAITS
from bot.store.session import Tx
from bot.store.tables import account, inbox, log, member, meta, outbox, schedule

BEAT = "beat:"
"""What the key of a sign of life begins with; the part and the host follow."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The last sign of life of a part of the bot on a host."""

    part: str
    """ticker or sender."""
    host: str
    """The host's name, clipped to 24 characters."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What waits although its time has come, and what became of what was due lately."""

    overdue: int
    """Messages that were to go out, or schedules that were to fall due, before the instant asked for."""
    oldest: datetime | None
    """Since when the oldest of them waits."""
    dead: int
    unknown: int
    """Perhaps sent; not yet asked after."""
    resent: int
    """Sent again although perhaps there, since the platform could not be asked."""


def beats(tx: Tx) -> Sequence[Beat]:
    """Each part on each host, the latest first."""
    rows = tx.execute(select(meta.c.key, meta.c.value).where(meta.c.key.startswith(BEAT, autoescape=True)))
    found = [(r.key.removeprefix(BEAT).partition(":"), datetime.fromisoformat(r.value)) for r in rows]
    return sorted((Beat(part, host, at) for (part, _, host), at in found), key=lambda b: b.at, reverse=True)


def deliveries(tx: Tx, *, before: datetime, since: datetime) -> Deliveries:
    """What has waited since before an instant; of what was due since another one, what failed."""
    waits = or_(
        (outbox.c.state == "ready") & (outbox.c.not_before < before),
        outbox.c.state.in_(LEASED) & (outbox.c.lease_until < before),
    )
    late = tx.execute(select(func.count(), func.min(outbox.c.not_before)).where(waits)).one()
    due = WAITS & (schedule.c.due_at < before)
    fallen = tx.execute(select(func.count(), func.min(schedule.c.due_at)).where(due)).one()
    # All states there are: the index on state and time is used only where they are named.
    lately = outbox.c.state.in_([*OPEN, *SETTLED]) & (outbox.c.not_before >= since)
    each = select(outbox.c.state, func.count(), func.sum(outbox.c.resent)).where(lately).group_by(outbox.c.state)
    found = {state: (n, resent) for state, n, resent in tx.execute(each)}
    return Deliveries(
        overdue=late[0] + fallen[0],
        oldest=min((at for at in (late[1], fallen[1]) if at), default=None),
        dead=found.get("dead", (0, 0))[0],
        unknown=found.get("unknown", (0, 0))[0],
        resent=sum(resent for _, resent in found.values()),
    )


def closed_doors(tx: Tx) -> int:
    """Accounts that the platform lets nothing through to, and that have not been told."""
    return tx.execute(select(func.count()).where(account.c.closed_at.is_not(None))).scalar_one()


def zones(tx: Tx) -> dict[str, int]:
    """How many members live in each zone."""
    return dict(tx.execute(select(member.c.zone, func.count()).group_by(member.c.zone)).all())


def last_written(tx: Tx) -> datetime | None:
    """The latest instant at which something is known to have been written."""
    latest = (
        select(log.c.at).order_by(log.c.id.desc()).limit(1),
        select(outbox.c.created_at).order_by(outbox.c.id.desc()).limit(1),
        select(func.max(inbox.c.at)),
    )
    at = [tx.execute(q).scalar() for q in latest] + [b.at for b in beats(tx)[:1]]
    return max((a for a in at if a), default=None)


def clock(tx: Tx) -> datetime:
    """What the database's clock says: a server's own; for a SQLite file, this machine's."""
    if tx.dialect.name == "sqlite":
        now = tx.exec_driver_sql("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')").scalar_one()
        return datetime.fromisoformat(now)
    return tx.exec_driver_sql("SELECT clock_timestamp()").scalar_one().astimezone(UTC)  # type: ignore[no-any-return]


def size(tx: Tx) -> int:
    """The size of the database in bytes, without what is not yet merged into a SQLite file."""
    if tx.dialect.name == "sqlite":
        pages, page = (tx.exec_driver_sql(f"PRAGMA {what}").scalar_one() for what in ("page_count", "page_size"))
        return int(pages * page)
    return int(tx.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
