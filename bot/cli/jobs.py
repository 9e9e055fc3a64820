"""What a running bot does by itself, which part of it does it, and how often.

Each job sees to its own failures, so that none keeps another from being done.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.cli.health import host
from bot.cohorts import agenda, boards, booking
from bot.delivery import recovery, sending
from bot.delivery.sweep import realign, sweep
from bot.door.invocation import Gateway
from bot.errors import StoreError
from bot.practice.answering import judge_waiting
from bot.reviews.escalation import escalate
from bot.rolecall import Rolecall
from bot.store import buckets, inbox, installation, link_codes
from bot.store import delivery as rows
from bot.store.health import BEAT

if TYPE_CHECKING:
    from bot.delivery.ticker import Job

TICKER, SENDER = "ticker", "sender"
SECOND, OFTEN, MINUTE, HOUR = 1.0, 5.0, 60.0, 3600.0
"""Intervals. The sender's is that of `pacing.BURST`: it uses a platform's rate up without going over it."""
ROUND_SECONDS = 60.0
"""How long the sender goes on before it gives a sign of life; what is left has its turn at the next tick."""
BEAT_EVERY = timedelta(minutes=1)
BEATS_KEPT = timedelta(days=7)
"""Containers get a new name each time."""
EVENTS_KEPT = timedelta(days=7)
"""Platforms redeliver an event within an hour."""
BUCKETS_KEPT = timedelta(days=1)
CODES_KEPT = timedelta(hours=2)
"""How long somebody who types a code too late is told that it is too late."""
UNSERVED = timedelta(days=1)
"""How long after its use a message still waits for somebody to serve its platform."""
SENT_KEPT = timedelta(days=90)
"""How long a member can ask why they did, or did not, get a message."""

log = structlog.get_logger()


class Work:
    """The jobs on one Rolecall and the platforms that are here."""

    def __init__(
        self,
        rolecall: Rolecall,
        gateways: Mapping[str, Gateway],
        *,
        new_owner: Callable[[], str],
        resend: bool = True,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """`new_owner`: a name for each round of sending. `stopping`: asked between two pieces of work."""
        self._rolecall, self._gateways, self._new_owner = rolecall, gateways, new_owner
        self._resend, self._stopping = resend, stopping
        self._beats: dict[str, datetime] = {}

    def of_ticker(self) -> dict[str, tuple[Job, float]]:
        """What finds out what is due: each job with the seconds between two ticks."""
        return {
            "sweep": (self._job("sweep", self._sweep, TICKER), OFTEN),
            "grade": (self._job("grade", self._grade), OFTEN),
            "reviews": (self._job("reviews", self._escalate), MINUTE),
            "points": (self._job("points", self._book), MINUTE),
            "cohorts": (self._job("cohorts", self._cohorts), OFTEN),
            "realign": (self._job("realign", self._realign), HOUR),
            "retention": (self._job("retention", self._forget), HOUR),
        }

    def of_sender(self) -> dict[str, tuple[Job, float]]:
        """What sends what is due."""
        return {
            "ask_after": (self._job("ask_after", self._ask_after), OFTEN),
            "deliver": (self._job("deliver", self._deliver, SENDER), SECOND),
        }

    async def once(self) -> None:
        """All that may be due, one after the other."""
        jobs: dict[str, Job] = {
            "grade": self._grade,
            "reviews": self._escalate,
            "points": self._book,
            "cohorts": self._cohorts,
            "sweep": self._sweep,
            "ask_after": self._ask_after,
            "deliver": self._deliver,
        }
        for name, work in jobs.items():
            await self._job(name, work)()

    def _job(self, name: str, work: Job, part: str = "") -> Job:
        """The work as a job that never fails, and that gives the part's sign of life when it went well."""

        async def run() -> None:
            try:
                await work()
                if part:
                    await asyncio.to_thread(self._beat, part)
            except StoreError as error:
                log.warning("job_put_off", job=name, detail=error.detail)
            except Exception:
                log.exception("job_failed", job=name)

        return run

    def _beat(self, part: str) -> None:
        now = self._rolecall.clock()
        last = self._beats.get(part)
        if last is None or not timedelta() <= now - last < BEAT_EVERY:
            with self._rolecall.store.begin() as tx:
                installation.keep_setting(tx, f"{BEAT}{part}:{host()}", now.isoformat())
            self._beats[part] = now

    async def _grade(self) -> None:
        await asyncio.to_thread(judge_waiting, self._rolecall.bench, self._rolecall.clock, stopping=self._stopping)

    async def _escalate(self) -> None:
        await asyncio.to_thread(escalate, self._rolecall.store, self._rolecall.clock())

    async def _sweep(self) -> None:
        await asyncio.to_thread(sweep, self._rolecall.store, self._rolecall.clock())

    async def _book(self) -> None:
        rolecall = self._rolecall
        await asyncio.to_thread(booking.book_waiting, rolecall.store, rolecall.bank, rolecall.new_id, rolecall.clock())

    async def _cohorts(self) -> None:
        rolecall = self._rolecall
        await asyncio.to_thread(agenda.tick, rolecall.store, rolecall.bank, rolecall.new_id, rolecall.clock())

    async def _realign(self) -> None:
        for move in (realign, agenda.realign):
            if moved := await asyncio.to_thread(move, self._rolecall.store, self._rolecall.clock()):
                log.warning("zone_data_changed", schedules=moved)

    async def _ask_after(self) -> None:
        await recovery.ask_after(
            self._rolecall.store,
            self._gateways,
            clock=self._rolecall.clock,
            owner=self._new_owner(),
            resend=self._resend,
        )

    async def _deliver(self) -> None:
        rolecall, until = self._rolecall, time.monotonic() + ROUND_SECONDS
        await sending.drain(
            rolecall.store,
            self._gateways,
            rolecall.push_for,
            clock=rolecall.clock,
            owner=self._new_owner(),
            closed=rolecall.closed,
            stopping=lambda: self._stopping() or time.monotonic() > until,
        )

    async def _forget(self) -> None:
        now = self._rolecall.clock()

        def forget() -> None:
            with self._rolecall.store.begin() as tx:
                inbox.forget_events(tx, now - EVENTS_KEPT)
                link_codes.forget(tx, now - CODES_KEPT)
                buckets.forget_buckets(tx, now - BUCKETS_KEPT)
                rows.expire(tx, now - UNSERVED, "too late to be of use")
                rows.forget_sent(tx, now - SENT_KEPT, standing={boards.WEEK})
                installation.forget_settings(tx, BEAT, now - BEATS_KEPT)

        await asyncio.to_thread(forget)
        await asyncio.to_thread(self._rolecall.forget_left, self._stopping)
