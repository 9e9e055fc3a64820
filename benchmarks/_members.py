"""Members in the database of a benchmark, each with one concept to review and a reminder every day at nine."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa

from bot.catalogue import load
from bot.store import tables
from bot.store.session import open_store

NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Nine o'clock where they live, on a Monday."""

_JOINED = NINE - timedelta(days=30)
_MEMBER = {
    "zone": "Europe/Berlin",
    "remind_at": time(9),
    "reminders": True,
    "paused": False,
    "joined_at": _JOINED,
    "settled_at": _JOINED,
}
_ACCOUNT = {"platform": "terminal", "tenant": "", "linked_at": _JOINED}
_CARD = {
    "due_at": NINE - timedelta(hours=1),
    "stability": 4.0,
    "difficulty": 5.0,
    "last_at": NINE - timedelta(days=4),
    "last_rating": 3,
    "interval_days": 4,
    "reviews": 1,
    "passes": 1,
    "lapses": 0,
}
_SCHEDULE = {
    "kind": "review_due",
    "zone": "Europe/Berlin",
    "local_time": time(9),
    "weekdays": "0123456",
    "paused": False,
    "snoozed": False,
}


def name_of(number: int) -> str:
    """The id, name and account of a member."""
    return f"m{number:06}"


def fill(place: str, members: int, due: int) -> None:
    """The first so many are due at NINE, the others a day later."""
    concept = next(iter(load().concepts))
    ids = [name_of(n) for n in range(members)]
    days = [NINE if n < due else NINE + timedelta(days=1) for n in range(members)]
    with closing(open_store(place, upgrade=True)) as store, store.begin() as tx:
        tx.execute(sa.insert(tables.member), [_MEMBER | {"id": m, "name": m} for m in ids])
        tx.execute(
            sa.insert(tables.account), [_ACCOUNT | {"member_id": m, "user_id": m, "display_name": m} for m in ids]
        )
        tx.execute(sa.insert(tables.card), [_CARD | {"member_id": m, "concept": concept} for m in ids])
        tx.execute(
            sa.insert(tables.schedule),
            [
                _SCHEDULE | {"id": m, "member_id": m, "next_local_date": day.date(), "due_at": day}
                for m, day in zip(ids, days, strict=True)
            ],
        )
