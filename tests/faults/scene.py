"""People who are due at nine, and what became of their messages."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from bot.delivery import outbox
from bot.delivery.sweep import plan
from bot.model import Account, Member, MemberId
from bot.store import delivery as rows
from bot.store import members
from bot.store.session import Store, open_store
from bot.store.tables import outbox as outbox_table
from bot.store.tables import schedule
from tests.faults.life import Life, begin
from tests.faults.server import NAME, Platform

EARLY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
NINE = EARLY + timedelta(hours=1)
TODAY = date(2026, 3, 2)
KIND = "review_due"


def account(n: int) -> Account:
    return Account(NAME, "w", f"user{n}")


def member_id(n: int) -> MemberId:
    return MemberId(f"m{n:05}")


def people(
    store: Store, many: int, *, start: int = 0, at: time = time(9), zone: str = "UTC", now: datetime = EARLY
) -> None:
    """Members who want a reminder at a wall time, every day."""
    with store.begin() as tx:
        for n in range(start, start + many):
            who = Member(member_id(n), f"Member {n}", zone, at, reminders=True, settled_at=now, quiet=None)
            members.join(tx, who, account(n), who.name, now)
            plan(tx, f"s{n:05}", who.id, KIND, zone, at, now, paused=False)


def letters(store: Store, many: int, now: datetime = NINE) -> set[str]:
    """Messages that wait to be sent, each to somebody else; returns their keys."""
    new = [
        replace(
            outbox.new_row(
                account(n),
                member_id(n),
                key=f"verdict:{n}",
                kind="verdict",
                not_before=now,
                expires_at=now + timedelta(days=1),
            ),
            member=None,  # they need not be members
        )
        for n in range(many)
    ]
    for start in range(0, many, 500):
        with store.begin() as tx:
            rows.put(tx, new[start : start + 500], now)
    return {row.dedupe_key for row in new}


@dataclass
class Scene:
    place: str
    platform: Platform
    in_flight: int = 0
    """Messages that were being sent when a process died, of all deaths."""
    now: datetime = NINE
    _lives: int = field(default=0, repr=False)

    @contextmanager
    def store(self) -> Iterator[Store]:
        store = open_store(self.place)
        try:
            yield store
        finally:
            store.close()

    @property
    def expected(self) -> set[str]:
        """One key for each member, for today."""
        with self.store() as store, store.begin() as tx:
            return {f"{KIND}:{m}:{TODAY}" for m in tx.execute(select(schedule.c.member_id)).scalars()}

    def life(self, **how: object) -> Life:
        """The next life; what the last one left is some minutes old."""
        self._lives += 1
        self.now += timedelta(minutes=10)
        alone = "://" not in self.place
        return replace(
            Life(self.place, self.platform.socket, self.now, f"life{self._lives}", alone=alone),
            **how,  # type: ignore[arg-type]
        )

    def live(self, **how: object) -> None:
        """A life until nothing is left to do."""
        process, _ = begin(self.life(**how))
        process.join(60)
        assert process.exitcode == 0, f"ended with {process.exitcode}"

    def live_and_die(self, dies_at: str, **how: object) -> None:
        process, _ = begin(self.life(dies_at=dies_at, **how))
        process.join(60)
        assert process.exitcode == -signal.SIGKILL, f"ended with {process.exitcode}: was {dies_at} never reached?"
        self.in_flight += self.states()["sending"]

    def states(self) -> Counter[str]:
        with self.store() as store, store.begin() as tx:
            return Counter(tx.execute(select(outbox_table.c.state)).scalars())

    def resent(self) -> Counter[str]:
        """How often each message was sent again although it was perhaps there."""
        with self.store() as store, store.begin() as tx:
            found = tx.execute(select(outbox_table.c.dedupe_key, outbox_table.c.resent))
            return Counter({r.dedupe_key: r.resent for r in found})
