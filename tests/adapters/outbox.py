"""What waits for a platform, and a bot that sends it there in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from bot.delivery import outbox, recovery, sending
from bot.delivery.outbox import address_of
from bot.door.invocation import Gateway
from bot.door.messages import Message, Push, paragraph
from bot.model import Account, Member, MemberId
from bot.store import delivery as rows
from bot.store import members
from bot.store.delivery import OutboxRow
from bot.store.session import Store, Tx, open_store

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass
class Clock:
    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at


class Platform(Protocol):
    clock: Clock

    @property
    def gateway(self) -> Gateway: ...

    def account(self, user: str) -> Account: ...


P = TypeVar("P", bound=Platform)


@dataclass
class Outbox(Generic[P]):
    """What waits for people of a platform, who are members with the id "m:USER"."""

    to: P
    store: Store
    words: Callable[[str], Sequence[str]] = lambda key: [key]
    """The paragraphs of a message, by its key."""
    _ticks: count[int] = field(default_factory=count)

    def put(self, key: str, user: str, *, days: int = 14) -> None:
        now = self.to.clock()
        new = outbox.new_row(
            self.to.account(user),
            MemberId(f"m:{user}"),
            key=key,
            kind="verdict",
            not_before=now,
            expires_at=now + timedelta(days=days),
        )
        with self.store.begin() as tx:
            rows.put(tx, [new], now)

    def _says(self, tx: Tx, row: OutboxRow, now: datetime) -> Push:
        said = tuple(paragraph(text) for text in self.words(row.dedupe_key))
        return Push(row.dedupe_key, address_of(row), Message("Something for you", said))

    def tick(self) -> None:
        """As a running bot does every few seconds."""
        asyncio.run(self._tick({self.to.gateway.platform: self.to.gateway}, str(next(self._ticks))))

    async def _tick(self, gateways: Mapping[str, Gateway], owner: str) -> None:
        clock = self.to.clock
        await recovery.ask_after(self.store, gateways, clock=clock, owner=f"asks{owner}")
        await sending.drain(self.store, gateways, self._says, clock=clock, owner=f"sends{owner}")

    def wait(self, length: timedelta, step: timedelta = timedelta(seconds=30)) -> None:
        end = self.to.clock.at + length
        while self.to.clock.at < end:
            self.to.clock.at = min(end, self.to.clock.at + step)
            self.tick()

    def states(self) -> dict[str, tuple[str, str | None]]:
        """What became of each message, and why."""
        with self.store.begin() as tx:
            return {r.dedupe_key: (r.state, r.reason) for r in rows.ledger(tx, None, 1_000)}


@contextmanager
def opened(to: P, people: Mapping[str, str], folder: Path) -> Iterator[Outbox[P]]:
    """On a database with these people as members; `people`: names by user id."""
    with closing(open_store(str(folder / "bot.db"))) as store:
        with store.begin() as tx:
            for id, name in people.items():
                members.join(tx, Member(MemberId(f"m:{id}"), name), to.account(id), name, to.clock())
        yield Outbox(to, store)
