"""A conversation with a real Rolecall on a real database and a virtual clock, for tests that tell stories."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cli.compose import PlayWorld, open_play
from bot.door import intents as i
from bot.door.intents import Intent
from bot.door.invocation import Actor, Invocation, Pace, Place
from bot.door.messages import (
    Bullets,
    ChannelPost,
    CodeBlock,
    Delivery,
    DirectMessage,
    Facts,
    Form,
    Holders,
    Message,
    Paragraph,
    Push,
    Room,
    Sent,
    Spans,
    Table,
    Text,
    When,
)
from bot.grading.grader import Grader
from bot.model import Account, Card, MemberId, Serving
from bot.store import learning, members
from bot.store.session import Tx

DAY = timedelta(days=1)
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass
class Inbox:
    """A platform that shows every push and forgets none."""

    platform: str = "terminal"
    pace: Pace = field(default_factory=Pace)
    pushes: list[Push] = field(default_factory=list)
    failing: Exception | None = None
    """Raised instead of the next delivery's answer, after the message went out."""
    refuses: Delivery | None = None

    async def deliver(self, push: Push) -> Delivery:
        if self.refuses:
            return self.refuses
        self.pushes.append(push)
        if self.failing:
            error, self.failing = self.failing, None
            raise error
        return Sent(push.replaces or str(len(self.pushes)))

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        return next((Sent(str(n)) for n, p in enumerate(self.pushes, 1) if p.key == key), None)


def words(message: Message) -> str:
    """All that a message says, one block a line."""
    lines = [message.title or ""]
    for block in message.blocks:
        match block:
            case Paragraph(spans):
                lines.append(_line(spans))
            case Bullets(items):
                lines += [_line(item) for item in items]
            case Facts(pairs):
                lines += [f"{label}: {_line(value)}" for label, value in pairs]
            case CodeBlock(text):
                lines.append(text)
            case Table(_, rows):
                lines += [" | ".join(row) for row in rows]
    return "\n".join(lines)


def _line(spans: Spans) -> str:
    return "".join(
        s.text
        if isinstance(s, Text)
        else s.channel
        if isinstance(s, Room)
        else f"role {s.role}"
        if isinstance(s, Holders)
        else s.at.date().isoformat()
        if isinstance(s, When)
        else str(s)
        for s in spans
    )


def buttons(message: Message) -> dict[str, Intent]:
    return {b.label: b.intent for b in message.buttons}


@dataclass
class Talk:
    world: PlayWorld
    inbox: Inbox

    def actor(self, name: str) -> Actor:
        return Actor(Account("terminal", "", name.lower()), name, manages=True)

    def invocation(self, name: str, wish: Intent, key: str | None = None) -> Invocation:
        place = Place("terminal", f"dm:{name.lower()}", is_private=True)
        return Invocation(key or self.world.new_key(), self.actor(name), place, wish)

    def say(self, name: str, wish: Intent) -> Message:
        """What the member hears; due work is done afterwards, as in a running bot."""
        reply = self.world.rolecall.reply_to(self.invocation(name, wish))
        assert reply is not None
        self.world.settle()
        return reply.message

    def form(self, name: str, wish: Intent) -> Form:
        return self.world.rolecall.form_for(self.invocation(name, wish))

    def settled(self, name: str, **settings: str) -> Message:
        """A member who has answered the warm-up and filled in the form."""
        self.say(name, i.Start())
        self.say(name, i.SubmitAnswer(answer=self.strong(name)))
        given = {"name": name, "zone": "UTC", "time": "09:00", "role": "ai_engineer", "reminders": "yes"}
        return self.say(name, i.SaveSettings(**(given | settings)))

    @contextmanager
    def tx(self) -> Iterator[Tx]:
        with self.world.rolecall.store.begin() as tx:
            yield tx

    def until_pushed(self) -> Push:
        """Lets the days go by until a message comes by itself, at most sixty."""
        before = len(self.inbox.pushes)
        for _ in range(60):
            self.world.wait(DAY)
            if len(self.inbox.pushes) > before:
                return self.inbox.pushes[before]
        raise AssertionError("nothing came in sixty days")

    def serving(self, name: str) -> Serving:
        """The open problem of a member."""
        member = self.member(name)
        with self.tx() as tx:
            found = learning.open_serving(tx, member, self.world.now())
        assert found is not None
        return found

    def member(self, name: str) -> MemberId:
        with self.tx() as tx:
            found = members.of_account(tx, self.actor(name).account)
        assert found is not None
        return found.id

    def cards(self, name: str) -> tuple[Card, ...]:
        """What a member's memory holds, soonest due first."""
        member = self.member(name)
        with self.tx() as tx:
            return learning.cards(tx, member)

    def kept(self, name: str) -> dict[str, list[dict[str, Any]]]:
        """All rows about a member, by table."""
        member = self.member(name)
        with self.tx() as tx:
            return members.everything(tx, member)

    def strong(self, name: str) -> str:
        """A strong answer to whatever the member has open."""
        return self.exemplar(name, "strong_hire", not_style="paraphrase")

    def exemplar(self, name: str, band: str, not_style: str = "") -> str:
        problem = self.world.rolecall.bank.problems[self.serving(name).problem]
        return next(e.text for e in problem.exemplars if e.band == band and e.style != not_style)


@contextmanager
def talk(
    folder: Path, *, start: datetime = MONDAY, seed: int = 7, grader: Grader | None = None, db: str = "play.db"
) -> Iterator[Talk]:
    """`db`: a file in the folder, or the URL of a database that is at our schema."""
    inbox, place = Inbox(), db if "://" in db else folder / db
    with open_play(place, start=start, seed=seed, zone="UTC", gateway=inbox, grader=grader) as world:
        yield Talk(world, inbox)
