"""A simulated year: the real sweep, outbox and recovery on a real SQLite file, in virtual time.

The members' wishes are put in force the way the settings do it, by the same functions of
delivery; what a message says, and whether somebody wants one, is `_push_for` here, a thin
stand-in. Faults come from `faults`, deeds from `population`; what must hold is the oracle's.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, cast
from unittest import mock
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine, create_engine, event, func, select

from bot import calendar
from bot.catalogue import Catalogue
from bot.context import Context
from bot.delivery import recovery, sending, sweep
from bot.delivery.outbox import Later, Skip
from bot.door.messages import DirectMessage, Message, Push, paragraph
from bot.errors import StoreError
from bot.members import planning, quiet
from bot.model import Account, Member, MemberId
from bot.store import delivery as rows
from bot.store import members, schedules, tables
from bot.store.delivery import OutboxRow
from bot.store.session import Store, Tx, open_store
from tests.simulation import faults, population
from tests.simulation.history import History, Settings, Snooze
from tests.simulation.platform import FakePlatform
from tests.simulation.population import DAY, Deed, Person
from tests.simulation.process import Disk, KilledError, Line, Process
from tests.simulation.virtual import PROCESS, VirtualLoop

START = datetime(2026, 1, 1, tzinfo=UTC)
REVIEW, SUMMARY = planning.REMINDER, planning.SUMMARY
TICK = 5.0
"""Seconds between two ticks of a process that has something to do."""
IDLE = 300.0
"""The longest that it waits while something is due that it cannot do anything about."""
CALM_DAYS = 4
"""After the last day nothing new falls due and nothing goes wrong, for so long."""


NEVER = datetime.max.replace(tzinfo=UTC)


class Due(NamedTuple):
    """When something is to be done next."""

    schedule: datetime
    message: datetime
    lease: datetime


_DUE = select(
    select(func.min(tables.schedule.c.due_at)).where(tables.schedule.c.paused.is_(False)).scalar_subquery(),
    select(func.min(tables.outbox.c.not_before)).where(tables.outbox.c.state == "ready").scalar_subquery(),
    select(func.min(tables.outbox.c.lease_until)).where(tables.outbox.c.state.in_(rows.LEASED)).scalar_subquery(),
)


@dataclass(frozen=True)
class Outcome:
    """All that the oracle is told."""

    seed: int
    history: History
    people: list[Person]
    ledger: list[OutboxRow]
    happened: Counter[str]
    rules: list[tuple[float, str, str]]
    """(second, zone, whose rules it has from then on)."""
    answering: frozenset[str]
    """The platforms that can be asked."""
    troubles: dict[str, list[float]]
    """Process -> seconds at which it died, stood still, or could not write."""


class World:
    def __init__(self, seed: int, members: int, days: int, disk: Store, loop: VirtualLoop) -> None:
        rng = Random(f"{seed}")
        self.seed, self.days, self.loop, self.disk = seed, days, loop, disk
        self.luck = Random(f"{seed}:luck")
        self.workers = rng.choice((1, 1, 2))
        self.drift = rng.uniform(-2e-4, 2e-4)
        self.offset = timedelta()
        self.people = population.people(rng, members)
        self.deeds = population.deeds(rng, self.people, days)
        self.faults = faults.plan(rng, days, self.workers)
        self.history = History()
        answering = rng.choice(population.PLATFORMS)
        self.platforms = {n: FakePlatform(n, n == answering, self.history) for n in population.PLATFORMS}
        self.settings: dict[str, Settings] = {}
        self.running: set[Process] = set()
        self.off_until = 0.0
        self.locked = False
        self.calm = False
        self.kill_in = 0
        self.stall_for = 0.0
        self.happened: Counter[str] = Counter()
        self.rules: list[tuple[float, str, str]] = []
        self.troubles: dict[str, list[float]] = {}
        self.woken = asyncio.Event()
        self.connection = disk.engine.connect()
        self.god = Process("members", self, immune=True)

    # --- time

    @property
    def second(self) -> float:
        return self.loop.time()

    def now(self) -> datetime:
        """By the bot's clock."""
        return START + timedelta(seconds=self.second * (1 + self.drift)) + self.offset

    def set_clock(self, by: timedelta) -> None:
        before = self.now()
        self.offset += by
        self.history.jump(before, self.now())
        self.wake()

    def wake(self) -> None:
        self.woken.set()
        self.woken = asyncio.Event()

    def show_up(self) -> None:
        """Tells the history whether the bot is up."""
        if self.running and not self.locked:
            self.history.begin("up", self.now())
        else:
            self.history.end("up", self.now())

    # --- the bot

    async def live(self, slot: int) -> None:
        """One process after the other, each until it dies."""
        born = 0
        while True:
            while (off := self.off_until - self.second) > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.woken.wait(), off)  # the calm after the last day ends it, too
            born += 1
            process = Process(f"{slot}.{born}", self)
            self.troubles[process.name] = process.troubles
            PROCESS.set(process)
            self.running.add(process)
            self.show_up()
            try:
                await self.work(process)
            except KilledError:
                await asyncio.sleep(self.luck.uniform(3, 600))

    async def work(self, process: Process) -> None:
        store = Disk(self.disk, self.connection, process)
        lines = {n: Line(p, process) for n, p in self.platforms.items()}
        started, aligned, rounds, idle = self.second, False, 0, TICK
        if self.workers == 1:
            await self.done(asyncio.to_thread(self.end_leases, store))
        while True:
            rounds += 1
            if not aligned and self.second >= started + 60:
                aligned = await self.done(asyncio.to_thread(sweep.realign, store, process.clock()))
            owner = f"{process.name}:{rounds}"
            before = len(self.history.calls)
            went = await self.tick(process, store, lines, owner)
            process.step("between ticks")
            due = self.next_due() if went else None
            left = (min(due) - self.now()).total_seconds() if due else 0.0
            idle = TICK if len(self.history.calls) > before or left > 0 else min(idle * 2, IDLE)
            pause = min(max(left, idle), 30 * DAY)
            if not aligned:
                pause = min(pause, 60)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.woken.wait(), pause + self.luck.random() * TICK)
            await asyncio.sleep(process.frozen_for())
            process.step("between ticks")

    async def tick(self, process: Process, store: Store, lines: dict[str, Line], owner: str) -> bool:
        """What a bot does at a tick; whether it went well. What would find nothing to do is left out, for speed."""
        due, now = self.next_due(), process.clock()
        if not due:
            return False
        went = True
        if due.schedule <= now:
            went &= await self.done(asyncio.to_thread(sweep.sweep, store, now))
        has_lapsed = due.lease <= now or now + rows.FAR < due.lease < NEVER
        if has_lapsed:
            went &= await self.done(recovery.ask_after(store, lines, clock=process.clock, owner=owner))
        if due.message <= now or has_lapsed:
            drain = sending.drain(store, lines, self.push_for, clock=process.clock, owner=owner, closed=self.closed)
            went &= await self.done(drain)
        return went

    async def done(self, work: object) -> bool:
        """Whether a piece of work went well; a job of the bot sees to its own failures."""
        try:
            await work  # type: ignore[misc]
        except StoreError:
            return False
        return True

    def end_leases(self, store: Store) -> None:
        with store.begin() as tx:
            rows.end_leases(tx, self.now(), self.now() + sending.ASK_AFTER)

    def next_due(self) -> Due | None:
        """None where the database is locked."""
        try:
            with Disk(self.disk, self.connection, self.god).begin() as tx:
                return Due(*(at or NEVER for at in tx.execute(_DUE).one()))
        except StoreError:
            return None

    def push_for(self, tx: Tx, row: OutboxRow, now: datetime) -> Push | Skip | Later:
        member = members.of_id(tx, row.member) if row.member else None
        if member is None:
            return Skip("nobody is there any more")
        if until := quiet.over_at(member, now):
            return Later(until)
        if member.paused or (member.paused_until and member.paused_until > now):
            return Skip("paused")
        if row.kind == REVIEW and (member.id, self.local_date(now, member.zone)) in self.history.practised:
            return Skip("practised")
        person = next(a for a in members.accounts(tx, member.id))
        words = f"{row.kind}, written at {now:%Y-%m-%d %H:%M:%S}"
        return Push(row.dedupe_key, DirectMessage(member.id, person), Message(words, (paragraph(words),)))

    def closed(self, tx: Tx, row: OutboxRow, why: str, now: datetime) -> None:
        if row.member is None:
            return
        if found := members.of_id(tx, row.member):
            members.save(tx, replace(found, paused=True, paused_until=None))
        self.wish(row.member, replace(self.settings[row.member], kinds=frozenset()))

    # --- people

    def wish(self, person: str, settings: Settings) -> None:
        self.settings[person] = settings
        self.history.begin(f"wish:{person}", self.now(), settings)

    def local_date(self, at: datetime, zone: str) -> date:
        return at.astimezone(self.rules_of(zone)).date()

    def rules_of(self, zone: str) -> ZoneInfo:
        changed = [as_in for _, of, as_in in self.rules if of == zone]
        return ZoneInfo(changed[-1] if changed else zone)

    def join(self, person: Person) -> None:
        with Disk(self.disk, self.connection, self.god).begin() as tx:
            new = Member(
                MemberId(person.id), person.id, person.zone, person.at, reminders=True, weekdays=person.weekdays,
                quiet=person.quiet, summary=person.summary, settled_at=self.now(),
            )  # fmt: skip
            members.join(tx, new, Account(person.platform, "", person.id), person.id, self.now())
            self.plan(tx, new)

    def plan(self, tx: Tx, member: Member) -> None:
        """Puts somebody's wishes in force, as the settings do."""
        now = self.now()
        planning.plan(Context(tx, member, now, cast(Catalogue, None), lambda: f"{self.luck.getrandbits(64):x}"))
        away = member.paused_until if member.paused_until and member.paused_until > now else None
        kinds = {REVIEW, SUMMARY} if member.summary else {REVIEW}
        wished = frozenset() if member.paused else frozenset(kinds)
        self.wish(
            member.id, Settings(member.zone, member.remind_at, member.weekdays, member.quiet, wished, starts=away)
        )

    def do(self, deed: Deed) -> None:
        """A deed, where it can be done: without the bot nobody can tell it anything."""
        person = next(p for p in self.people if p.id == deed.person)
        platform = self.platforms[person.platform]
        if deed.what == "close":
            platform.closed.add(person.id)
            self.history.begin(f"door:{person.id}", self.now())
            return
        if deed.what == "open":
            platform.closed.discard(person.id)
            self.history.end(f"door:{person.id}", self.now())
        if not self.running or self.locked:
            return
        with Disk(self.disk, self.connection, self.god).begin() as tx:
            member = members.of_id(tx, MemberId(person.id))
            if member is None:
                return
            self.happened[deed.what] += 1
            now = self.now()
            members.seen(tx, member.id, now)
            self.history.seen.setdefault(person.id, []).append(now)
            self._change(tx, member, deed)
        self.wake()

    def _change(self, tx: Tx, member: Member, deed: Deed) -> None:
        now = self.now()
        match deed.what, deed.value:
            case "leave", _:
                members.forget(tx, member.id)
                self.history.end(f"wish:{member.id}", now)
                self.history.gone[member.id] = self.second
                return
            case "snooze", int(minutes):
                until = now + timedelta(minutes=minutes)
                if not member.paused and not (member.paused_until and member.paused_until > now):
                    sweep.postpone(tx, member.id, REVIEW, until)
                    self.history.snoozes.append(Snooze(member.id, self.history.epoch, now, until, member.zone))
                return
            case "practise", _:
                self.history.practised.setdefault((member.id, self.local_date(now, member.zone)), self.second)
                return
            case "pause", int(days):
                zone = self.rules_of(member.zone)
                first = now.astimezone(zone).date() + timedelta(days=days)
                until = datetime.combine(first, wall_time(0), zone).astimezone(UTC)
                member = replace(member, paused=False, paused_until=until)
            case "stop", _:
                member = replace(member, paused=True, paused_until=None)
            case "go on" | "open", _:
                member = replace(member, paused=False, paused_until=None)
                members.open_door(tx, members.accounts(tx, member.id)[0])
            case "travel", str(zone):
                member = replace(member, zone=zone)
            case "time", wall_time() as at:
                member = replace(member, remind_at=at)
            case "weekdays", tuple(weekdays):
                member = replace(member, weekdays=weekdays)
            case "summary", _:
                member = replace(member, summary=not member.summary)
            case _:
                return
        members.save(tx, member)
        self.plan(tx, member)

    # --- trouble

    def strike(self, fault: faults.Fault) -> None:
        self.happened[fault.what] += 1
        match fault.what, fault.value:
            case "kill", int(steps):
                self.kill_in = steps
            case "stall", float(seconds):
                self.stall_for = seconds
            case "off", int() | float() as seconds:
                self.off_until = max(self.off_until, self.second + seconds)
                for process in list(self.running):
                    process.die()
                self.wake()
            case "clock", timedelta() as by:
                self.set_clock(by)
            case "lock", _:
                self.lock()
            case "no lock", _:
                self.unlock()
            case "outage", (str(name), str(how)):
                self.platforms[name].down = how
                self.history.begin(f"trouble:{name}", self.now(), self.second)
            case "no outage", (str(name), _):
                self.platforms[name].down = ""
                self.history.end(f"trouble:{name}", self.now())
            case "storm", (str(name), float(seconds)):
                self.platforms[name].storm = seconds
                self.history.begin(f"storm:{name}", self.now(), self.second)
            case "no storm", (str(name), _):
                self.platforms[name].storm = 0.0
                self.history.end(f"storm:{name}", self.now())
            case "zone data", (str(zone), str(as_in)):
                # Python reads zone data once, so that a process learns of new data when it starts.
                for process in list(self.running):
                    process.die()
                self.rules.append((self.second, zone, as_in))
                self.history.jump(self.now(), self.now())
                self.history.new_rules.append((self.history.epoch, (zone, as_in)))
                self.wake()

    def lock(self) -> None:
        if not self.locked:
            self.locked = True
            self.locker = self.disk.engine.connect()
            self.locker.exec_driver_sql("SELECT 1")  # its BEGIN IMMEDIATE takes the file
            self.show_up()

    def unlock(self) -> None:
        if self.locked:
            self.locked = False
            self.locker.close()
            self.show_up()

    # --- the year

    async def run(self) -> None:
        for person in self.people:
            self.join(person)
        workers = [asyncio.create_task(self.live(n)) for n in range(self.workers)]
        happening: list[Deed | faults.Fault] = sorted([*self.deeds, *self.faults], key=lambda e: e.second)
        for next_one in happening:
            if next_one.second > self.days * DAY:
                continue
            await asyncio.sleep(max(0.0, next_one.second - self.second))
            if isinstance(next_one, Deed):
                self.do(next_one)
            else:
                self.strike(next_one)
        await asyncio.sleep(max(0.0, self.days * DAY - self.second))
        self.calm_down()
        await asyncio.sleep(CALM_DAYS * DAY)
        for worker in workers:
            worker.cancel()
        for ended in await asyncio.gather(*workers, return_exceptions=True):
            if not isinstance(ended, asyncio.CancelledError):
                raise ended if isinstance(ended, BaseException) else AssertionError("a worker ended")
        self.history.finish(self.now())

    def calm_down(self) -> None:
        """Nothing new falls due, and nothing goes wrong any more."""
        self.calm, self.kill_in, self.stall_for, self.off_until = True, 0, 0.0, 0.0
        self.unlock()
        for platform in self.platforms.values():
            platform.down, platform.storm = "", 0.0
            self.history.end(f"trouble:{platform.name}", self.now())
            self.history.end(f"storm:{platform.name}", self.now())
        with Disk(self.disk, self.connection, self.god).begin() as tx:
            for person in self.people:
                if person.id not in self.history.gone:
                    schedules.pause_all(tx, MemberId(person.id))
                    self.wish(person.id, replace(self.settings[person.id], kinds=frozenset()))
        self.wake()

    def outcome(self) -> Outcome:
        with Disk(self.disk, self.connection, self.god).begin() as tx:
            ledger = list(rows.ledger(tx, None, 10**9))
        answering = frozenset(p.name for p in self.platforms.values() if p.answers)
        return Outcome(
            self.seed, self.history, self.people, ledger, self.happened, self.rules, answering, self.troubles
        )  # fmt: skip


def simulate(seed: int, members: int, days: int) -> Outcome:
    """A world from its first day to its last."""
    ram = Path("/dev/shm")
    with (
        tempfile.TemporaryDirectory(prefix="rolecall-simulation-", dir=ram if ram.is_dir() else None) as folder,
        structlog.testing.capture_logs(),
    ):
        place = Path(folder, "rolecall.db")
        open_store(str(place), upgrade=True).close()
        disk = Store(_engine(place), str(place))
        loop = VirtualLoop()
        try:
            world = World(seed, members, days, disk, loop)
            with mock.patch.object(calendar, "_rules", world.rules_of):
                loop.run_until_complete(world.run())
                return world.outcome()
        finally:
            loop.close()
            disk.close()


def _engine(place: Path) -> Engine:
    """A database as the bot opens it, but for `synchronous`: what a power failure does is another test's business.

    And nobody waits for a lock, since the time of the lock's owner would not go on either.
    """
    engine = create_engine(f"sqlite:///{place}", connect_args={"timeout": 0})

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("synchronous=OFF", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Tx) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
