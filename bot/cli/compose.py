"""Puts the parts together. The only place that reads the wall clock or draws randomness."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.catalogue import Catalogue, load
from bot.cli.graders import cascade, maker_of
from bot.cli.jobs import Work
from bot.cohorts.booking import book_waiting
from bot.delivery.sending import ASK_AFTER
from bot.door.invocation import Gateway
from bot.errors import RolecallError
from bot.grading.grader import Grader
from bot.practice.answering import judge_waiting
from bot.reviews.escalation import next_turn
from bot.rolecall import Rolecall
from bot.settings import Settings
from bot.store import agenda, inbox, installation, learning, schedules
from bot.store import delivery as rows
from bot.store.session import Store, open_store

KIND = "kind"
"""The key under which a database says whether it is for play or live."""


def wall_clock() -> datetime:
    return datetime.now(UTC)


def random_id() -> str:
    return secrets.token_hex(8)


def claim_kind(store: Store, kind: str) -> None:
    """Marks a new database as `play` or `live`; refuses one that is the other."""
    with store.begin() as tx:
        found = installation.setting(tx, KIND)
        if found is None:
            installation.keep_setting(tx, KIND, kind)
        elif found != kind:
            remedy = {
                "live": f"{store.place} belongs to rolecall play, whose clock is not the real one. Name another.",
                "play": f"{store.place} is a live database, and play would move its clock. Name another with --db.",
            }[kind]
            raise RolecallError(remedy)


async def tick(rolecall: Rolecall, gateways: Mapping[str, Gateway], owner: str) -> None:
    """Does what is due now: answers without a verdict, reviews that wait too long, schedules, then the outbox."""
    await Work(rolecall, gateways, new_owner=lambda: owner).once()


def recover(rolecall: Rolecall) -> None:
    """What a process that is alone with its database owes to the one before it."""
    now = rolecall.clock()
    with rolecall.store.begin() as tx:
        rows.end_leases(tx, now, now + ASK_AFTER)
    judge_waiting(rolecall.bench, rolecall.clock, overdue_only=False)


class PlayWorld:
    """A Rolecall on a virtual clock: the world of `rolecall play`.

    Without a start and a seed the clock runs beside the wall clock, at an offset that
    `wait` enlarges; with them it stands still between waits and ids repeat.
    """

    def __init__(
        self,
        place: Path | str,
        gateway: Gateway,
        *,
        start: datetime | None,
        seed: int | None,
        zone: str,
        grader: Grader | None,
        settings: Settings,
        content: Path | None,
        further: Sequence[Gateway],
    ) -> None:
        self._place, self._zone, self._grader = place, zone, grader
        self._gateways = {one.platform: one for one in (gateway, *further)}
        self._content, self._settings = content, settings
        self._bank: Catalogue = load(content)
        self._fixed: datetime | None = None
        self._offset = timedelta()
        self._open()
        with self._store.begin() as tx:
            at, offset = installation.setting(tx, "play_now"), installation.setting(tx, "play_offset")
            size = f"{learning.log_size(tx)}:{inbox.inbox_size(tx)}"
        known = datetime.fromisoformat(at) if at else None
        if seed is not None:
            self._ids = random.Random(f"{seed}:{size}")  # noqa: S311 - ids of a scripted play are meant to repeat
            self._fixed = max(start or wall_clock(), known or datetime.min.replace(tzinfo=UTC))
        else:
            self._ids = random.SystemRandom()
            self._offset = timedelta(seconds=float(offset)) if offset else timedelta()
            begin = max((t for t in (start, known) if t), default=None)
            if begin and (start or begin > self.now()):
                self._offset = begin - wall_clock()
        self._owner = self.new_key()
        self._keep_clock()
        recover(self._rolecall)

    @property
    def rolecall(self) -> Rolecall:
        return self._rolecall

    def _open(self) -> None:
        self._store = open_store(str(self._place))
        claim_kind(self._store, "play")
        self._rolecall = Rolecall(
            self._store,
            self._bank,
            cascade(self._store, self._settings, self._grader),
            clock=self.now,
            new_id=self.new_key,
            default_zone=self._zone,
            maker=maker_of(self._settings),
        )

    def _keep_clock(self) -> None:
        with self._store.begin() as tx:
            installation.keep_setting(tx, "play_now", self.now().isoformat())
            installation.keep_setting(tx, "play_offset", str(self._offset.total_seconds()))

    def _move_to(self, at: datetime) -> None:
        if at <= self.now():
            return
        if self._fixed is None:
            self._offset += at - self.now()
        else:
            self._fixed = at
        self._keep_clock()

    def now(self) -> datetime:
        return self._fixed or wall_clock() + self._offset

    def new_key(self) -> str:
        return f"{self._ids.getrandbits(64):016x}"

    def settle(self) -> None:
        bot = self._rolecall
        book_waiting(bot.store, bot.bank, bot.new_id, bot.clock())  # has no due time: it never waits
        due = self._next_due()
        if due and due <= self.now():
            asyncio.run(tick(self._rolecall, self._gateways, owner=self._owner))

    def wait(self, length: timedelta) -> None:
        target = self.now() + length
        self.settle()
        while (due := self._next_due()) and due <= target:
            # what is still waiting after its turn is looked at again a minute later, as a ticker would
            self._move_to(max(due, self.now() + timedelta(minutes=1)) if due <= self.now() else due)
            self.settle()
        self._move_to(target)
        self.settle()

    def restart(self) -> None:
        self._rolecall.close()
        self._store.close()
        self._bank = load(self._content)
        self._open()
        recover(self._rolecall)
        self.settle()

    def close(self) -> None:
        self._keep_clock()
        self._rolecall.close()
        self._store.close()

    def _next_due(self) -> datetime | None:
        with self._store.begin() as tx:
            due = (
                schedules.next_due(tx),
                *(rows.next_due(tx, platform) for platform in self._gateways),
                learning.next_grading(tx),
                next_turn(tx),
                agenda.next_due(tx),
            )
            return min((t for t in due if t), default=None)


@contextmanager
def open_play(
    db: Path | str,
    *,
    start: datetime | None,
    seed: int | None,
    zone: str,
    gateway: Gateway,
    further: Sequence[Gateway] = (),
    grader: Grader | None = None,
    settings: Settings | None = None,
    content: Path | None = None,
) -> Iterator[PlayWorld]:
    """A play world on a database file or URL, closed at the end of the block; RolecallError for a file it cannot use.

    `further`: of other platforms on which the same bot is at home.
    Without settings no language model grades, whatever the environment says.
    """
    world = PlayWorld(
        db,
        gateway,
        start=start,
        seed=seed,
        zone=zone,
        grader=grader,
        settings=settings or Settings(llm_model=""),
        content=content,
        further=further,
    )
    try:
        yield world
    finally:
        world.close()
