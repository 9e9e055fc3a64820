"""What will be sent when: the bot's own code on a copy of its database, in virtual time.

It decides what is supposed of the members; what falls due, whether it is sent and what it
says is decided where it always is. Nothing leaves this process.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count as numbers
from itertools import groupby
from pathlib import Path

from bot import calendar
from bot.catalogue import load
from bot.cli.graders import cascade
from bot.cohorts import agenda as cohorts
from bot.delivery import sending
from bot.delivery.sweep import realign, sweep
from bot.door.invocation import Pace
from bot.door.messages import ChannelPost, Delivery, DirectMessage, Push, Sent, clip, count
from bot.model import MemberId
from bot.reviews.escalation import escalate, next_turn
from bot.rolecall import Rolecall
from bot.settings import Settings
from bot.store import agenda, deliveries, schedules
from bot.store.session import Store, open_store

A_WHILE = timedelta(minutes=1)
"""After so long it looks again at what is due and could not be sent."""
LOOKED_IN = timedelta(hours=1)
"""So long before the end of each day they looked in: nobody is taken to be awake because of it."""
SETTLED = ("sent", "skipped", "dead")
WIDTH = 100


@contextmanager
def copied(place: str) -> Iterator[Store]:
    """A copy of a database in a folder of mode 0700, which is gone after the block."""
    with (
        tempfile.TemporaryDirectory(prefix="rolecall-simulate-") as folder,
        closing(open_store(str(Path(folder, "copy.db")), upgrade=True)) as target,
    ):
        with closing(open_store(place, upgrade=False, create=False)) as source:
            deliveries.copy(source, target)
        yield target


def rolecall_of(forecast: Forecast, content: Path | None) -> Rolecall:
    """The bot on the copy. Nothing is graded, so that no language model is asked."""
    grader = cascade(forecast.store, Settings(llm_model="", semantic_model=""))
    ids = numbers()
    return Rolecall(
        forecast.store,
        load(content),
        grader,
        clock=lambda: forecast.now,
        new_id=lambda: f"simulated-{next(ids)}",
    )


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A message that will be sent, or will not."""

    at: datetime
    member: MemberId | None
    name: str
    zone: str
    kind: str
    said: str
    """Its summary, which is never private; or why it is not sent."""
    is_sent: bool


@dataclass
class Notes:
    """A platform that takes everything and only writes down what it was given."""

    platform: str
    pace: Pace = field(default_factory=Pace)
    taken: dict[str, str] = field(default_factory=dict)
    """A message's key -> its summary."""

    async def deliver(self, push: Push) -> Delivery:
        self.taken[push.key] = push.message.summary
        return Sent(push.key)

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        return Sent(key) if key in self.taken else None


class Forecast:
    """Days to come on a copy of the database, from one instant at which something is due to the next."""

    def __init__(self, store: Store, now: datetime, *, is_silent: bool) -> None:
        self.store, self.now, self._is_silent = store, now, is_silent
        self._begin = now
        with store.begin() as tx:
            self._settled = {e.id for e in deliveries.entries(tx, None) if e.state in SETTLED}
            self._notes = {name: Notes(name) for name in deliveries.platforms(tx)}

    def pass_over(self) -> None:
        """Takes what is due by now as done."""
        sweep(self.store, self.now)
        with self.store.begin() as tx:
            self._settled |= deliveries.skip_ready(tx, self.now, "it was due before")

    async def run(self, rolecall: Rolecall, until: datetime) -> None:
        """Lives through the time until an instant."""
        realign(self.store, self.now)
        day_ends = self.now + timedelta(days=1)
        while (due := self._next_due()) and (due := max(due, self.now)) <= until:
            while day_ends <= due and not self._is_silent:
                with self.store.begin() as tx:
                    deliveries.all_seen(tx, day_ends - LOOKED_IN)
                day_ends += timedelta(days=1)
            self.now = due
            escalate(self.store, self.now)
            cohorts.tick(self.store, rolecall.bank, rolecall.new_id, self.now)
            sweep(self.store, self.now)
            await sending.drain(
                self.store,
                self._notes,
                rolecall.push_for,
                clock=lambda: self.now,
                owner="simulation",
                closed=rolecall.closed,
            )
            self.now += A_WHILE

    def foreseen(self) -> list[Foreseen]:
        """What was settled in that time, in the order in which it happened."""
        said = {key: summary for notes in self._notes.values() for key, summary in notes.taken.items()}
        with self.store.begin() as tx:
            new = [e for e in deliveries.entries(tx, None) if e.id not in self._settled and e.state in SETTLED]
        found = [
            Foreseen(
                at=e.sent_at or max(e.not_before, self._begin),
                member=e.member,
                name=e.name,
                zone=e.zone,
                kind=e.kind,
                said=said.get(e.key, "") if e.sent_at else e.reason or "",
                is_sent=e.sent_at is not None,
            )
            for e in new
        ]
        return sorted(found, key=lambda f: (f.at, f.name, f.kind))

    def _next_due(self) -> datetime | None:
        with self.store.begin() as tx:
            due = (
                schedules.next_due(tx),
                agenda.next_due(tx),
                deliveries.next_ready(tx),
                next_turn(tx),
            )
        return min((at for at in due if at), default=None)


def report(foreseen: Sequence[Foreseen], days: int, *, with_reasons: bool) -> Iterator[str]:
    """Each message on a line, by days of UTC, and how many there are."""
    sent = [f for f in foreseen if f.is_sent]
    for day, of_day in groupby(foreseen if with_reasons else sent, key=lambda f: f.at.date()):
        here = list(of_day)
        going = [f for f in here if f.is_sent]
        people = len({f.member for f in going})
        yield f"{day:%a %Y-%m-%d} UTC: {count(len(going), 'message')} to {count(people, 'member')}"
        yield from (_line(f) for f in here)
    left = len(foreseen) - len(sent)
    ended = f"In {count(days, 'day')}: {count(len(sent), 'message')} sent, {left} not sent."
    yield ended if with_reasons or not left else f"{ended} --why lists those, with the reason."


def _line(f: Foreseen) -> str:
    here = calendar.local(f.at, f.zone)
    what = f.said if f.is_sent else f"not sent: {f.said}"
    return (
        f"  {here:%Y-%m-%d %H:%M} {here.tzname() or '':<6} {f.at:%H:%M} UTC  {clip(f.name or '-', 20):<20}  "
        f"{f.kind:<14}  {clip(what, WIDTH)}"
    )
