"""The stage of the terminal: a whole team, everybody at a terminal of their own, before one bot on a virtual clock."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from structlog.testing import capture_logs

from adapters.terminal.arrivals import NOW_READS
from adapters.terminal.gateway import TerminalGateway
from adapters.terminal.people import People
from adapters.terminal.render import moment
from adapters.terminal.screen import Screen
from adapters.terminal.session import Session
from adapters.terminal.steering import slug
from bot.cli.compose import PlayWorld, open_play
from bot.door.commands import encode
from bot.door.messages import (
    Bullets,
    ChannelPost,
    CodeBlock,
    Delivery,
    DirectMessage,
    Facts,
    Form,
    Holders,
    Link,
    Mention,
    Message,
    Paragraph,
    Picture,
    Push,
    Room,
    Span,
    Spans,
    Table,
    Text,
    Unreachable,
    When,
)
from tests.scenarios.stage import Post, Shown

WIDTH = 88


class Line(TerminalGateway):
    """What one person's terminal draws with; the switchboard decides what it is given."""

    show: Callable[[str, Push], None]

    def attach(self, show: Callable[[str, Push], None]) -> None:
        self.show = show


class Switchboard(TerminalGateway):
    """One bot's messages for many terminals: a private one for its reader's, a post in a channel for everybody's."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self.clock = clock
        self.lines: dict[str, Line] = {}
        """By account id."""
        self.shut: set[str] = set()
        """Account ids."""
        self.posts: dict[str, tuple[ChannelPost | DirectMessage, Post]] = {}
        """By reference."""
        self.drawn: list[tuple[datetime, str, Message, bool]] = []
        """All that stood in channels: when, where, what, and whether it took the place of something."""
        self.attach(self._drawn)

    async def deliver(self, push: Push) -> Delivery:
        if isinstance(push.to, DirectMessage) and push.to.account.user_id in self.shut:
            return Unreachable("they take no direct messages")
        return await super().deliver(push)

    def _drawn(self, ref: str, push: Push) -> None:
        self.posts.setdefault(ref, (push.to, Post()))  # one that takes the place of another has its reference
        self._keep(ref, push.message)
        for line in self._readers(push.to):
            line.show(ref, push)

    def _keep(self, ref: str, message: Message) -> None:
        to, post = self.posts[ref]
        if isinstance(to, ChannelPost):
            self.drawn.append((self.clock(), to.channel, message, bool(post.versions)))
        post.versions.append(shown(self.clock(), message))

    def _readers(self, to: ChannelPost | DirectMessage) -> Sequence[Line]:
        if isinstance(to, ChannelPost):
            return list(self.lines.values())
        return [self.lines[to.account.user_id]]


class Paper(Screen):
    """What is said at one terminal, kept instead of drawn."""

    def __init__(self) -> None:
        super().__init__(io.StringIO(), plain=True, width=WIDTH)
        self.messages: list[Message] = []
        self.notes: list[str] = []

    def message(self, message: Message, *, mark: str = "", header: str = "") -> None:
        if not header:
            self.messages.append(message)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def question(self, parts: Sequence[RenderableType]) -> None:
        """The stage reads the form itself."""


class Terminal:
    """One person's."""

    def __init__(self, who: str, zone: str, world: PlayWorld) -> None:
        self.paper, self.people, self.line = Paper(), People(who, zone), Line()
        self.session = Session(world, self.line, self.paper, self.people, folder=Path())

    @property
    def form(self) -> Form | None:
        filling = self.people.current.form
        return filling.form if filling else None

    def types(self, line: str) -> tuple[list[Message], list[str]]:
        """What is said to the person before anything else is typed. A fault of the bot's is one of the story's."""
        self.session.handle(line)
        said, notes = self.paper.messages, self.paper.notes
        self.paper.messages, self.paper.notes = [], []
        assert not any("Something went wrong" in note for note in notes), (line, notes)
        return said, notes

    def goes_to(self, channel: str) -> None:
        if self.session.is_filling:
            self.types("cancel")
        if (channel or f"dm:{self.people.current.id}") != self.people.current.place.channel:
            self.types(f"> in {channel}" if channel else "> dm")


class TerminalStage:
    """Implements `stage.Stage`."""

    knows_zones = True

    def __init__(self, world: PlayWorld, switchboard: Switchboard) -> None:
        self._world, self._switchboard = world, switchboard
        self._terminals: dict[str, Terminal] = {}

    def arrive(self, who: str, zone: str, *, manages: bool = False) -> None:
        """At a terminal everybody may do what a manager may."""
        self._terminals[who] = at = Terminal(who, zone, self._world)
        self._switchboard.lines[slug(who)] = at.line

    def now(self) -> datetime:
        return self._world.now()

    def wait_until(self, at: datetime) -> None:
        if at > self.now():
            self._world.wait(at - self.now())

    def say(self, who: str, line: str, channel: str = "") -> Shown:
        self._terminals[who].goes_to(channel)
        return self._typed(who, line)

    def press(self, who: str, label: str, channel: str = "") -> Shown:
        self._terminals[who].goes_to(channel)
        return self._typed(who, f"> click {label}")

    def fill(self, who: str, **values: str) -> Shown:
        assert self._terminals[who].form, f"no form is open before {who}"
        return self._typed(who, "> fill " + " ".join(f"{name}={_quoted(value)}" for name, value in values.items()))

    def _typed(self, who: str, line: str) -> Shown:
        at = self._terminals[who]
        before = at.form
        said, notes = at.types(line)
        form = at.form if at.form is not before else None
        parts = [shown(self.now(), message) for message in said]
        asked = [form.title, *(f"{f.label} {f.hint} {f.initial}".strip() for f in form.fields)] if form else []
        return Shown(
            self.now(),
            "\n".join([*(p.text for p in parts), *notes, *asked]),
            tuple(row for p in parts for row in p.rows),
            tuple(label for p in parts for label in p.buttons),
            tuple(text for p in parts for text in p.unseen),
            tuple(png for p in parts for png in p.pictures),
            {f.name: tuple(c.label for c in f.choices) for f in form.fields} if form else {},
        )

    def channel(self, name: str) -> Sequence[Post]:
        return [p for to, p in self._switchboard.posts.values() if isinstance(to, ChannelPost) and to.channel == name]

    def inbox(self, who: str) -> Sequence[Post]:
        id = slug(who)
        posts = self._switchboard.posts.values()
        return [p for to, p in posts if isinstance(to, DirectMessage) and to.account.user_id == id]

    def shut_door(self, who: str) -> None:
        self._switchboard.shut.add(slug(who))

    def transcript(self, channel: str, zone: str) -> str:
        out = io.StringIO()
        screen = Screen(out, plain=True, width=WIDTH)
        for at, where, message, again in self._switchboard.drawn:
            if where == channel:
                when = moment(at, ZoneInfo(zone))
                screen.message(message, header=f"{when} · {NOW_READS}" if again else when)
        return out.getvalue()


def shown(at: datetime, message: Message) -> Shown:
    pictures = [b for b in message.blocks if isinstance(b, Picture)]
    return Shown(
        at,
        read(message),
        tuple(row for b in message.blocks if isinstance(b, Table) for row in b.rows),
        tuple(b.label for b in message.buttons),
        (message.summary, *(p.alt for p in pictures), *(encode(b) for b in message.buttons)),
        tuple(p.png for p in pictures),
    )


def read(message: Message) -> str:
    """All that a message says, line by line; instants as the terminal writes them, in the zone of the message."""
    lines = [message.title or ""]
    for block in message.blocks:
        match block:
            case Paragraph(said):
                lines.append(_line(said))
            case Bullets(items):
                lines += [_line(item) for item in items]
            case Facts(pairs):
                lines += [f"{label}: {_line(value)}" for label, value in pairs]
            case CodeBlock(text):
                lines.append(text)
            case Table(head, rows):
                lines += [" | ".join(cells) for cells in (head, *rows)]
            case Picture():
                pass
    return "\n".join(line for line in lines if line)


def _line(said: Spans) -> str:
    return "".join(_span(span) for span in said)


def _span(span: Span) -> str:
    match span:
        case Text(text):
            return text
        case Link(url, label):
            return f"{label} ({url})"
        case Mention(name=name):
            return f"@{name}"
        case Room(channel):
            return channel
        case Holders(role):
            return f"the role {role}"
        case When(at, zone, style):
            return moment(at, ZoneInfo(zone), style)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@contextmanager
def terminal_stage(folder: Path, *, start: datetime, seed: int) -> Iterator[TerminalStage]:
    """A stage on a new database. A job of the bot's that fails, fails the story."""
    switchboard = Switchboard(lambda: world.now())
    with (
        capture_logs() as logs,
        open_play(folder / "play.db", start=start, seed=seed, zone="UTC", gateway=switchboard) as world,
    ):
        yield TerminalStage(world, switchboard)
    failed = [entry for entry in logs if entry["log_level"] in ("error", "critical")]
    assert not failed, failed[0]
