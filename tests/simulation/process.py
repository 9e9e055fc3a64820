"""A process of the bot in the simulated world: how it reaches the database and the platforms, and where it is hit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.door.messages import ChannelPost, Delivery, DirectMessage, Push, Sent
from bot.errors import StoreError
from bot.store.session import Store, Tx
from tests.simulation import faults
from tests.simulation.platform import FakePlatform

if TYPE_CHECKING:
    from tests.simulation.world import World


class KilledError(BaseException):
    """The process dies here, and says nothing more."""


@dataclass(eq=False)
class Process:
    """One process of the bot: it dies, or stands still, as a whole."""

    name: str
    world: World
    dead: bool = False
    thaw_at: float = 0.0
    ahead: float = 0.0
    """How far it stood still in the midst of a piece of work, which the rest of the world has yet to live through."""
    troubles: list[float] = field(default_factory=list)
    """Seconds at which it died, stood still, or could not write."""
    immune: bool = False

    def clock(self) -> datetime:
        return self.world.now() + timedelta(seconds=self.ahead)

    def frozen_for(self) -> float:
        if self.ahead:
            self.ahead = 0.0
        return max(0.0, self.thaw_at - self.world.second)

    def die(self) -> None:
        self.dead = True
        self.troubles.append(self.world.second)
        self.world.running.discard(self)
        self.world.show_up()

    def step(self, where: str) -> None:
        """A point at which it may be hit."""
        world = self.world
        if self.immune:
            return
        if self.dead:
            raise KilledError
        if world.stall_for and where == "committed":
            self.ahead, world.stall_for = world.stall_for, 0.0
            self.thaw_at = world.second + self.ahead
            self.troubles += [world.second, self.thaw_at]
            world.happened["stall"] += 1
        if world.kill_in:
            world.kill_in -= 1
            if not world.kill_in:
                world.happened[f"kill {where}"] += 1
                self.die()
                raise KilledError


class Disk(Store):
    """The database as one process reaches it: the file is shared, and so is the connection.

    Only one process at a time works with it in virtual time, so that a connection each would make no difference.
    """

    def __init__(self, disk: Store, connection: Tx, process: Process) -> None:
        super().__init__(disk.engine, disk.place)
        self._connection, self._process = connection, process

    @contextmanager
    def begin(self, *, single: bool = False) -> Iterator[Tx]:
        self._process.step("before a transaction")
        try:
            with super().begin(single=single) as tx:
                yield tx
                self._process.step("in a transaction")
        except StoreError:
            self._process.troubles.append(self._process.world.second)
            self._process.world.happened["locked"] += 1
            raise
        self._process.step("committed")

    @contextmanager
    def _begun(self, single: bool) -> Iterator[Tx]:
        with self._connection.begin():
            yield self._connection


@dataclass
class Line:
    """A platform as one process reaches it."""

    to: FakePlatform
    process: Process

    def __post_init__(self) -> None:
        self.platform, self.pace = self.to.name, self.to.pace

    async def deliver(self, push: Push) -> Delivery:
        world, process, rng = self.process.world, self.process, self.process.world.luck
        process.step("before a call")
        luck = rng.random() if not world.calm else 1.0
        wait = rng.uniform(1, 600) if luck < faults.BUSY else 0.0
        fails = faults.BUSY < luck < (edge := faults.BUSY + faults.FAILED)
        world.happened["call failed"] += fails
        call, answer = self.to.take(push, process.name, world.now(), world.second, wait=wait, fails=fails)
        trouble_free = len(process.troubles)
        call.uncertain = True
        if edge < luck < (edge := edge + faults.LOST):
            world.happened["answer lost"] += 1
            raise ConnectionResetError("the answer was lost")
        if edge < luck < edge + faults.SLOW:
            world.happened["no answer"] += 1
            await asyncio.sleep(90)
        process.step("taken, and not answered")
        await asyncio.sleep(rng.uniform(0.05, 0.4))
        process.step("answered")
        await asyncio.sleep(process.frozen_for())
        call.uncertain = len(process.troubles) > trouble_free
        return answer

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        self.process.step("before a look-up")
        await asyncio.sleep(0.1)
        self.process.step("looked up")
        return self.to.find(key)
