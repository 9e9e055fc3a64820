"""Members in the database of a benchmark, each with one concept to review and a reminder every day at nine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa

from bot.catalogue import load
from bot.store import tables
from bot.store.session import open_store

NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Nine o'clock where they live, on a Monday."""

_MEMBER = {
    "remind_at": time(9),
    "reminders": True,
    "paused": False,
}
_CARD = {
    "stability": 4.0,
    "difficulty": 5.0,
    "last_rating": 3,
    "interval_days": 4,
    "reviews": 1,
    "passes": 1,
    "lapses": 0,
}
_SCHEDULE = {
    "kind": "review_due",
    "local_time": time(9),
    "weekdays": "0123456",
    "paused": False,
    "snoozed": False,
}


def name_of(number: int) -> str:
    """The id, the name and, where a platform has no rules for it, the account of a member."""
    return f"m{number:06}"


def fill(
    place: str,
    members: int,
    due: int,
    *,
    at: datetime = NINE,
    zone: str = "Europe/Berlin",
    platform: str = "terminal",
    tenant: str = "",
    user_of: Callable[[int], str] = name_of,
) -> None:
    """The first so many are due at that instant, the others a day later. `user_of`: their accounts by number."""
    concept = next(iter(load().concepts))
    joined, day = at - timedelta(days=30), timedelta(days=1)
    ids = [name_of(n) for n in range(members)]
    days = [at if n < due else at + day for n in range(members)]
    member = _MEMBER | {"zone": zone, "joined_at": joined, "settled_at": joined}
    account = {"platform": platform, "tenant": tenant, "linked_at": joined}
    card = _CARD | {"concept": concept, "due_at": at - timedelta(hours=1), "last_at": at - 4 * day}
    with closing(open_store(place, upgrade=True)) as store, store.begin() as tx:
        tx.execute(sa.insert(tables.member), [member | {"id": m, "name": m} for m in ids])
        tx.execute(
            sa.insert(tables.account),
            [account | {"member_id": m, "user_id": user_of(n), "display_name": m} for n, m in enumerate(ids)],
        )
        tx.execute(sa.insert(tables.card), [card | {"member_id": m} for m in ids])
        tx.execute(
            sa.insert(tables.schedule),
            [
                _SCHEDULE | {"id": m, "member_id": m, "zone": zone, "next_local_date": then.date(), "due_at": then}
                for m, then in zip(ids, days, strict=True)
            ],
        )
