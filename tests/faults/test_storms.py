"""Platforms that ask for patience, are away for hours, or refuse thousands: in simulated time, on a real outbox."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.delivery import recovery, sending
from bot.delivery.sweep import sweep
from bot.door.invocation import Pace
from bot.door.messages import ChannelPost, Delivery, DirectMessage, Push, Sent, TryLater, Unreachable
from bot.store import delivery as rows
from bot.store import schedules
from bot.store.session import Store
from bot.store.tables import bucket
from bot.store.tables import outbox as outbox_table
from tests.faults.life import words
from tests.faults.scene import NINE, Scene, letters, people
from tests.faults.server import NAME

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
INVALID = 1_000
"""Refused calls in ten minutes that a platform may at most see of us (Discord bans an address at ten times as many)."""


@dataclass
class Sky:
    """A platform in simulated time. It notes every call."""

    now: datetime = NINE
    weather: Callable[[datetime], Delivery | None] = lambda now: Sent("ref")
    """What a call leads to; None: nothing comes back, and nothing arrived."""
    platform: str = NAME
    pace: Pace = field(default_factory=Pace)
    calls: list[tuple[datetime, Delivery | None]] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)

    async def deliver(self, push: Push) -> Delivery:
        outcome = self.weather(self.now)
        self.calls.append((self.now, outcome))
        if outcome is None:
            raise ConnectionError("nothing came back")
        if isinstance(outcome, Sent):
            self.taken[push.key] += 1
        return outcome

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        if self.weather(self.now) is None:
            raise ConnectionError("nothing came back")
        return Sent("ref") if self.taken[key] else None

    def until(self, store: Store, end: datetime, step: timedelta) -> None:
        """Looks after what is due every so often, as a ticker does, leaving out the time in which nothing is due."""
        gateways, clock = {NAME: self}, lambda: self.now
        while self.now < end:
            sweep(store, self.now)
            asyncio.run(self._tick(store, gateways, clock))
            with store.begin() as tx:
                due = [t for t in (rows.next_due(tx), schedules.next_due(tx)) if t]
            self.now += step
            if due and min(due) > self.now:
                self.now = min(end, min(due))

    async def _tick(self, store: Store, gateways: dict[str, Sky], clock: Callable[[], datetime]) -> None:
        await recovery.ask_after(store, gateways, clock=clock, owner="one")
        await sending.drain(store, gateways, words, clock=clock, owner="one")


def busiest(times: list[datetime], window: timedelta) -> int:
    """The most instants in any window."""
    return max(
        (n + 1 - bisect_left(times, t - window + timedelta(microseconds=1)) for n, t in enumerate(times)), default=0
    )


def reasons(store: Store) -> Counter[tuple[str, str | None]]:
    with store.begin() as tx:
        found = tx.execute(sa.select(outbox_table.c.state, outbox_table.c.reason))
        return Counter((r.state, r.reason) for r in found)


def test_after_a_429_nothing_is_called_before_the_reset_and_then_the_rate_is_kept(on_file: Scene) -> None:
    reset = NINE + timedelta(minutes=7)
    sky = Sky(pace=Pace(channel=1.0, workspace=0.0, platform=0.2))
    sky.weather = lambda now: TryLater((reset - now).total_seconds(), "platform") if now < reset else Sent("ref")
    with on_file.store() as store:
        expected = on_file.expected | letters(store, 20)
        sky.until(store, NINE + HOUR, timedelta(seconds=1))

    early = [at for at, _ in sky.calls if at < reset]
    assert len(early) <= sending.AT_ONCE, "those that were on their way when the first 429 came"
    assert max(early) == NINE
    assert sky.taken == dict.fromkeys(expected, 1)
    sent = [at for at, _ in sky.calls if at >= reset]
    assert busiest(sent, timedelta(seconds=10)) <= 10 / 0.2 + 1 / 0.2
    assert sent[-1] - reset < timedelta(seconds=30), "caught up about as fast as the rate allows"


def test_one_busy_channel_keeps_nobody_else_waiting(on_file: Scene) -> None:
    sky, first = Sky(), iter([TryLater(3600)])
    sky.weather = lambda now: next(first, Sent("ref"))
    with on_file.store() as store:
        sky.until(store, NINE + 2 * MINUTE, timedelta(seconds=10))

        assert len(sky.taken) == len(on_file.expected) - 1
        sky.until(store, NINE + HOUR + MINUTE, timedelta(seconds=10))

    assert sky.taken == dict.fromkeys(on_file.expected, 1)


def test_after_an_outage_of_six_hours_what_is_still_of_use_is_sent_once(on_file: Scene) -> None:
    sky = Sky(weather=lambda now: None if now < NINE + 6 * HOUR else Sent("ref"))
    with on_file.store() as store:
        sky.until(store, NINE + 8 * HOUR, 15 * MINUTE)

    assert sky.taken == dict.fromkeys(on_file.expected, 1)
    assert min(at for at, outcome in sky.calls if outcome) >= NINE + 6 * HOUR
    assert len(sky.calls) <= 2 * len(on_file.expected), "what may have arrived is asked for, not sent again and again"


def test_what_an_outage_made_useless_is_skipped_with_its_reason_and_the_next_day_comes(on_file: Scene) -> None:
    back = NINE + 20 * HOUR
    sky = Sky(weather=lambda now: None if NINE <= now < back else Sent("ref"))
    with on_file.store() as store:
        sky.until(store, NINE + 26 * HOUR, HOUR)

        found = reasons(store)
        assert found[("sent", None)] == len(on_file.expected), "those of the second day"
        late = {reason for state, reason in found if state != "sent"}
        assert late == {"the platform could not be asked"}
    assert len(sky.taken) == len(on_file.expected)
    assert min(at for at, outcome in sky.calls if outcome) >= back


def test_a_bot_that_was_away_for_days_sends_the_latest_only(on_file: Scene) -> None:
    sky = Sky(now=NINE + 5 * 24 * HOUR + HOUR)
    with on_file.store() as store:
        sky.until(store, sky.now + HOUR, MINUTE)

    assert len(sky.taken) == len(on_file.expected)
    assert {key.rpartition(":")[2] for key in sky.taken} == {"2026-03-07"}


@pytest.mark.slow
def test_three_thousand_closed_doors_make_fewer_than_a_thousand_refusals_in_ten_minutes(on_file: Scene) -> None:
    sky = Sky(weather=lambda now: Unreachable("cannot send messages to this user"))
    with on_file.store() as store:
        with store.begin() as tx:
            tx.execute(sa.delete(bucket))
        people(store, 3000, start=40)
        sky.until(store, NINE + 3 * HOUR, MINUTE)

        assert reasons(store) == {("dead", sending.CLOSED): 3040}
        with store.begin() as tx:
            assert schedules.next_due(tx) is None, "nobody of them is tried tomorrow"
    assert len(sky.calls) == 3040
    assert busiest([at for at, _ in sky.calls], timedelta(minutes=10)) < INVALID
