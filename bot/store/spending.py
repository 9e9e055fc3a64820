"""What a language model was asked for each member, what it said and what that cost; and the caps on it.

It knows nothing of grading: an opinion is an assessment under a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import Assessment, MemberId
from bot.store.session import Store, Tx
from bot.store.stored import assessment_from, assessment_to
from bot.store.tables import opinion, spending

PERIOD = timedelta(hours=24)
"""What the caps count: the hours before a call, so that no midnight sets them back."""

BOOKED = "booked"
"""The outcome of a call that has not come back: under way, or cut off by a crash. It counts as a call."""


@dataclass(frozen=True, slots=True)
class Caps:
    """The most within PERIOD, for everybody together and for one member: calls, and US dollars."""

    calls: int
    member_calls: int
    usd: float
    member_usd: float


class Spending:
    """The ledger of a store. Each method is one transaction: in SQLite two graders at once stay within a cap."""

    def __init__(self, store: Store, caps: Caps) -> None:
        self._store = store
        self._caps = caps

    def cached(self, member: MemberId, key: str) -> Assessment | None:
        """The opinion kept for this member under this key."""
        with self._store.begin() as tx:
            body = tx.scalar(sa.select(opinion.c.body).where(opinion.c.member_id == member, opinion.c.key == key))
        return None if body is None else assessment_from(body)

    def keep(self, member: MemberId, key: str, said: Assessment, now: datetime) -> None:
        """Keeps an opinion; the first under a key stays, also where two graders come at once."""
        with self._store.begin() as tx:
            known = sa.select(opinion.c.key).where(opinion.c.member_id == member, opinion.c.key == key)
            if tx.scalar(known) is None:
                tx.execute(opinion.insert().values(member_id=member, key=key, body=assessment_to(said), at=now))

    def book(self, member: MemberId, model: str, now: datetime) -> int | None:
        """Books a call and returns its number, or None where a cap is reached."""
        with self._store.begin() as tx:
            calls, usd = _since(tx, now - PERIOD, None)
            own_calls, own_usd = _since(tx, now - PERIOD, member)
            caps = self._caps
            if calls >= caps.calls or usd >= caps.usd or own_calls >= caps.member_calls or own_usd >= caps.member_usd:
                return None
            booked = spending.insert().values(
                member_id=member, at=now, model=model[:100], tokens_in=0, tokens_out=0, cost_usd=0.0, outcome=BOOKED
            )
            return int(tx.execute(booked.returning(spending.c.id)).scalar_one())

    def spent(self, call: int, tokens_in: int, tokens_out: int, cost_usd: float | None, outcome: str) -> None:
        """Writes down what a booked call took; an unknown cost counts as nothing."""
        took = {"tokens_in": tokens_in, "tokens_out": tokens_out, "cost_usd": cost_usd or 0.0, "outcome": outcome}
        with self._store.begin() as tx:
            tx.execute(spending.update().where(spending.c.id == call).values(took))


def _since(tx: Tx, start: datetime, member: MemberId | None) -> tuple[int, float]:
    """How many calls since then, and what they cost in US dollars."""
    found = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(spending.c.cost_usd), 0.0)).where(
        spending.c.at > start
    )
    if member is not None:
        found = found.where(spending.c.member_id == member)
    count, usd = tx.execute(found).one()
    return int(count), float(usd)
