"""One life of a sending process: it looks after what is due until nothing is left, unless it dies before.

Lives are forked from a process that has loaded everything, so that hundreds of them can die in a minute.
"""

from __future__ import annotations

import asyncio
import functools
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

from bot.delivery import outbox, recovery
from bot.delivery.sweep import sweep
from bot.door.messages import DirectMessage, Message, Paragraph, Push, Text
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
    "mark": (rows, "settle"),
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
    alone: bool = False
    """Alone with its database: whoever held leases is dead."""
    lease: float = outbox.LEASE.total_seconds()


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
    passing = _Passing(life.dies_at, life.dies_on)
    for step, (module, name) in STEPS.items():
        setattr(module, name, passing.behind(step, getattr(module, name)))
    outbox.LEASE = recovery.LEASE = timedelta(seconds=life.lease)
    store = open_store(life.place)
    line = Line(life.socket, life.looks, passing)
    begun.send(life.owner)
    asyncio.run(work(store, line, life.now, life.owner, alone=life.alone))
    store.close()


async def work(store: Store, line: Line, start: datetime, owner: str, *, alone: bool = True) -> None:
    """Sends all that falls due. The clock runs beside the real one, and skips the time in which nothing is to do."""
    began, skipped = time.monotonic(), timedelta()

    def clock() -> datetime:
        return start + skipped + timedelta(seconds=time.monotonic() - began)

    if alone:
        with store.begin() as tx:
            rows.end_leases(tx, clock())
    gateways = {line.platform: line}
    while True:
        await asyncio.to_thread(sweep, store, clock())
        await recovery.ask_after(store, gateways, clock=clock, owner=owner)
        await outbox.drain(store, gateways, words, clock=clock, owner=owner)
        with store.begin() as tx:
            due = rows.next_due(tx)
        if due is None:
            return
        if due > clock():
            skipped += due - clock()


class _Passing:
    """Counts the passings of steps, and dies at the one that it was told."""

    def __init__(self, dies_at: str, dies_on: int) -> None:
        self._dies_at, self._left = dies_at, dies_on

    def __call__(self, step: str) -> None:
        if step != self._dies_at:
            return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def behind(self, step: str, call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def passed(*args: Any, **kwargs: Any) -> Any:
            done = call(*args, **kwargs)
            self(step)
            return done

        return passed
