"""What the bot says, before any platform has drawn it.

No Markdown string crosses the door: text is a tuple of spans, and renderers escape
it, so whatever a member typed stays inert. LIMITS holds the smaller size of the
platforms for everything that our own words may not exceed; constructors refuse
more, so such an overflow is a failing unit test. Learners' text of any length is
split by renderers or clipped by `words`, never refused here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from bot.door.intents import Intent
from bot.model import Account, MemberId


class LIMITS:
    """Sizes that hold on every platform (Slack's and Discord's documentation, 2026-11)."""

    SUMMARY = 300
    TITLE = 150
    BUTTON_LABEL = 75
    BUTTON_WIRE = 96
    BUTTONS = 25
    FORM_TITLE = 24
    FORM_FIELDS = 5
    FIELD_LABEL = 45
    CHOICES = 25
    CHOICE_LABEL = 75
    COMMANDS = 25
    ANSWER = 3_000
    MESSAGE = 1_900


def _limit(what: str, text: str, most: int) -> None:
    if not text.strip():
        raise ValueError(f"{what} is empty")
    if len(text) > most:
        raise ValueError(f"{what} has {len(text)} characters, at most {most} are allowed: {text[:40]!r}")


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    style: Literal["plain", "bold", "italic", "code"] = "plain"


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Mention:
    member: MemberId
    name: str
    rings: bool = False
    """Whether the platform is to draw their attention to it; all other mentions only name somebody."""


@dataclass(frozen=True, slots=True)
class When:
    """An instant, drawn in the reader's zone."""

    at: datetime
    zone: str
    """IANA name, for platforms that do not know the reader's zone."""
    style: Literal["date", "day_time", "time"] = "day_time"


@dataclass(frozen=True, slots=True)
class Room:
    """A channel, by the platform's id of it; platforms that know it show its name."""

    channel: str


@dataclass(frozen=True, slots=True)
class Holders:
    """Everybody who holds a role of the platform, by its id of the role; it only names them."""

    role: str


Span = Text | Link | Mention | Room | Holders | When
Spans = tuple[Span, ...]


def spans(*parts: str | Span) -> Spans:
    """A line of text: strings are plain, spans stay as they are."""
    return tuple(Text(p) if isinstance(p, str) else p for p in parts)


def bold(text: str) -> Text:
    return Text(text, "bold")


def code(text: str) -> Text:
    return Text(text, "code")


def count(n: int, noun: str) -> str:
    """A number and its noun, such as "1 hint" and "2 hints"; only for nouns that take an s."""
    return f"{n} {noun}{'' if n == 1 else 's'}"


def clip(text: str, most: int) -> str:
    """The text on one line, at most so many characters, with … after the last word that fits."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    word = cut.rfind(" ")
    return (cut[:word] if word > most * 2 // 3 else cut).rstrip(" ,;:") + "…"


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: Spans
    kind: Literal["body", "heading", "quote", "note"] = "body"
    """`quote` is somebody's own words, `note` is small print."""
    spoils: bool = False
    """Gives an answer away where others still think: covered until it is touched, on platforms that can."""


def paragraph(*parts: str | Span) -> Paragraph:
    return Paragraph(spans(*parts))


def heading(text: str) -> Paragraph:
    return Paragraph(spans(text), "heading")


def note(*parts: str | Span) -> Paragraph:
    return Paragraph(spans(*parts), "note")


def quote(text: str) -> Paragraph:
    return Paragraph(spans(text), "quote")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Spans, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, one pair a line."""

    pairs: tuple[tuple[str, Spans], ...]


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    png: bytes
    alt: str


Block = Paragraph | CodeBlock | Bullets | Facts | Table | Picture


@dataclass(frozen=True, slots=True)
class Button:
    """A wish without free text, so that it still works after a restart or a month later."""

    label: str
    intent: Intent
    primary: bool = False

    def __post_init__(self) -> None:
        _limit("a button's label", self.label, LIMITS.BUTTON_LABEL)


@dataclass(frozen=True, slots=True)
class Message:
    summary: str
    """Plain text for notifications and screen readers; no spoiler, no verdict, nothing private."""
    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    title: str | None = None

    def __post_init__(self) -> None:
        _limit("a summary", self.summary, LIMITS.SUMMARY)
        if self.title is not None:
            _limit("a title", self.title, LIMITS.TITLE)
        if len(self.buttons) > LIMITS.BUTTONS:
            raise ValueError(f"{len(self.buttons)} buttons, at most {LIMITS.BUTTONS} are allowed")


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str

    def __post_init__(self) -> None:
        _limit("a choice's label", self.label, LIMITS.CHOICE_LABEL)


FieldKind = Literal["line", "paragraph", "choice", "zone", "time"]


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    kind: FieldKind = "line"
    required: bool = True
    max_length: int = 100
    choices: tuple[Choice, ...] = ()
    initial: str = ""
    hint: str = ""

    def __post_init__(self) -> None:
        _limit("a field's label", self.label, LIMITS.FIELD_LABEL)
        if len(self.choices) > LIMITS.CHOICES:
            raise ValueError(f"{len(self.choices)} choices, at most {LIMITS.CHOICES} are allowed")


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    fields: tuple[Field, ...]
    submits: Intent
    """The wish that the filled-in values complete; a field's name is the name of its attribute."""

    def __post_init__(self) -> None:
        _limit("a form's title", self.title, LIMITS.FORM_TITLE)
        if not 1 <= len(self.fields) <= LIMITS.FORM_FIELDS:
            raise ValueError(f"{len(self.fields)} fields, 1 to {LIMITS.FORM_FIELDS} are allowed")

    def submit(self, values: Mapping[str, str]) -> Intent:
        """The completed wish. Values of fields that were not given stay as they are."""
        return replace(self.submits, **values)


class Reading(Protocol):
    """An answer that is still being read."""

    def wait(self, seconds: float) -> Reply | None:
        """The reply that takes the place of "I am reading", in at most so many seconds. To be asked exactly once,
        also where the notice could not be shown: as long as somebody may still ask, no push brings the verdict.

        None: it takes longer, and the verdict will come by itself; or whoever answered has been deleted. It blocks its
        thread.
        """

    def give_up(self) -> None:
        """Nobody waits any more, also where another thread is in `wait`: a verdict that is to come comes by itself."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a member hears at once. A push is never part of a reply: it is an outbox row of the same transaction."""

    message: Message
    reading: Reading | None = None
    """Where the message only says that an answer is being read, and whoever wished said that they wait for more."""
    trial: Message | None = None
    """Where the member has just agreed to direct messages: the first of them, on platforms where they may be closed. It
    is sent at once, and what came of it is told to `Rolecall.door_tried`."""


@dataclass(frozen=True, slots=True)
class DirectMessage:
    member: MemberId
    account: Account


@dataclass(frozen=True, slots=True)
class ChannelPost:
    workspace: str
    channel: str


@dataclass(frozen=True, slots=True)
class Push:
    """A message that nobody asked for just now. A private message in a channel cannot be expressed."""

    key: str
    """The outbox row's dedupe key: one key, one message."""
    to: DirectMessage | ChannelPost
    message: Message
    replaces: str | None = None
    """The platform's reference of an earlier message that this one takes the place of. Where that is gone there is
    nothing to do: the platform's adapter then answers with the same reference."""


@dataclass(frozen=True, slots=True)
class Sent:
    ref: str
    """The platform's id of the message."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    why: str


@dataclass(frozen=True, slots=True)
class TryLater:
    """Nothing was sent: the platform asks for patience."""

    after_seconds: float
    scope: Literal["channel", "workspace", "platform"] = "channel"
    """What else has to wait, too."""


Delivery = Sent | Unreachable | TryLater


def nonce(key: str) -> str:
    """A push's key for a platform's eyes: 25 characters, which is what Discord takes, and nothing can be read in it."""
    return hashlib.sha256(key.encode()).hexdigest()[:25]
