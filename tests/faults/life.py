"""One life of a sending process: it looks after what is due until nothing is left, unless it dies before.

Lives are forked from a process that has loaded everything, so that hundreds of them can die in a minute.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import structlog

from bot.delivery import recovery, sending
from bot.delivery.sweep import sweep
from bot.door.messages import DirectMessage, Message, Paragraph, Push, Text
from bot.errors import StoreError
from bot.model import Account, MemberId
from bot.store import delivery as rows
from bot.store import schedules
from bot.store.delivery import OutboxRow
from bot.store.session import Store, Tx, open_store
from tests.faults.server import Line

STEPS: dict[str, tuple[Any, str]] = {
    "select": (schedules, "due"),
    "insert": (rows, "put"),
    "plan": (schedules, "move"),
    "claim": (rows, "claim"),
    "sending": (rows, "begin_sending"),
    "mark": (rows, "mark_sent"),
}
"""A step of delivery, and the function behind which it lies: done, and not yet committed."""
CALLS = ("send", "sent")
"""The steps around the platform's call: everything is committed and nothing sent; sent, and not yet heard."""


@dataclass(frozen=True)
class Life:
    place: str
    socket: str
    now: datetime
    owner: str
    looks: bool = True
    dies_at: str = ""
    """A step, or nothing."""
    dies_on: int = 1
    """At which passing of the step."""
    dies_of: signal.Signals = signal.SIGKILL
    alone: bool = False
    """Alone with its database: whoever held leases is dead."""
    lease: float = sending.LEASE.total_seconds()
    call: float = sending.CALL_SECONDS
    since: float | None = None
    """When `now` was, by the machine's monotonic clock, for lives beside each other: they skip no time, and hurry."""


def words(tx: Tx, row: OutboxRow, now: datetime) -> Push:
    """What a row says: its key, and the text that it was given."""
    platform, tenant, user = row.bucket.removeprefix("dm:").split(":")
    to = DirectMessage(row.member or MemberId(""), Account(platform, tenant, user))
    said = f"{row.dedupe_key} {row.data.get('text', '')}".strip()
    return Push(row.dedupe_key, to, Message(said[:300], (Paragraph((Text(said),)),)))


def begin(life: Life) -> tuple[BaseProcess, Connection]:
    """A process that lives it, and a line on which it says when it begins."""
    process_of = multiprocessing.get_context("forkserver")
    process_of.set_forkserver_preload(["tests.faults.life"])
    here, there = process_of.Pipe(duplex=False)
    process = process_of.Process(target=live, args=(life, there), daemon=True)
    process.start()
    there.close()
    return process, here


def live(life: Life, begun: Connection) -> None:
    passing = _Passing(life)
    for step, (module, name) in STEPS.items():
        setattr(module, name, passing.behind(step, getattr(module, name)))
    sending.LEASE, sending.CALL_SECONDS = timedelta(seconds=life.lease), life.call
    vars(recovery).update(LEASE=sending.LEASE)
    if life.since is not None:
        sending.ASK_AFTER = sending.LEASE
        vars(recovery).update(wait_after=lambda attempt: sending.LEASE)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))  # faults are the rule
    store = open_store(life.place)
    line = Line(life.socket, life.looks, passing)
    begun.send(life.owner)
    asyncio.run(work(store, line, life.now, life.owner, alone=life.alone, since=life.since))
    store.close()


async def work(
    store: Store, line: Line, start: datetime, owner: str, *, alone: bool = True, since: float | None = None
) -> None:
    """Sends all that falls due, also where the database fails now and then.

    The clock runs beside the real one, and skips the time in which nothing is to do.
    """
    began, skipped = since or time.monotonic(), timedelta()

    def clock() -> datetime:
        return start + skipped + timedelta(seconds=time.monotonic() - began)

    if alone:
        with store.begin() as tx:
            rows.end_leases(tx, clock(), clock())
    gateways = {line.platform: line}
    while True:
        try:
            await asyncio.to_thread(sweep, store, clock())
            await recovery.ask_after(store, gateways, clock=clock, owner=owner)
            await sending.drain(store, gateways, words, clock=clock, owner=owner)
            with store.begin() as tx:
                due = rows.next_due(tx)
        except StoreError:
            await asyncio.sleep(0.05)
            continue
        if due is None:
            return
        if since is None:
            skipped += max(timedelta(), due - clock())
        else:
            await asyncio.sleep(0.02)


class _Passing:
    """Counts the passings of steps, and dies at the one that it was told."""

    def __init__(self, life: Life) -> None:
        self._life, self._left = life, life.dies_on

    def __call__(self, step: str) -> None:
        if step != self._life.dies_at:
            return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), self._life.dies_of)

    def behind(self, step: str, call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def passed(*args: Any, **kwargs: Any) -> Any:
            done = call(*args, **kwargs)
            self(step)
            return done

        return passed
