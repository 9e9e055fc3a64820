"""A terminal session on a Rolecall whose replies a test writes down, so that rare refusals and faults can be staged."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.terminal.gateway import TerminalGateway
from adapters.terminal.people import People
from adapters.terminal.screen import Screen
from adapters.terminal.session import Session
from bot.door.commands import Vocabulary
from bot.door.intents import Intent, SaveSettings, Settings, SubmitAnswer, WriteAnswer
from bot.door.invocation import Invocation
from bot.door.messages import Button, Choice, Field, Form, Message, Reply, paragraph
from bot.model import Account

ANSWER = Form("Your answer", (Field("answer", "In your own words", "paragraph", max_length=60),), SubmitAnswer())
SETTINGS = Form(
    "Your settings",
    (
        Field("name", "Your name", initial="Ana"),
        Field("zone", "Your time zone", "zone", initial="UTC"),
        Field("role", "Your role", "choice", choices=(Choice("mle", "ML engineer"), Choice("none", "Not sure yet"))),
    ),
    SaveSettings(),
)


def said(text: str, *buttons: Button) -> Message:
    return Message("Said", (paragraph(text),), buttons)


@dataclass
class Desk:
    """Both World and Rolecall. `answers` gives, per kind of wish, what it brings or the error it raises."""

    answers: dict[type[Intent], Message | Exception | None] = field(default_factory=dict)
    forms: dict[type[Intent], Form | Exception] = field(
        default_factory=lambda: {WriteAnswer: ANSWER, Settings: SETTINGS}
    )
    heard: list[Invocation] = field(default_factory=list)
    vocabulary: Vocabulary = field(default_factory=lambda: {"want": {"rag": "llm.rag"}, "command": {}})
    clock: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    zone: str | None = "UTC"
    keys: int = 0
    restarts: int = 0
    on_wait: Callable[[], object] = lambda: None
    out: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        self.gateway = TerminalGateway()
        self.folder = Path()

    @property
    def rolecall(self) -> Desk:
        return self

    def reply_to(self, invocation: Invocation) -> Reply | None:
        self.heard.append(invocation)
        answer = self.answers.get(type(invocation.intent), said("Heard."))
        if isinstance(answer, Exception):
            raise answer
        return Reply(answer) if answer else None

    def form_for(self, invocation: Invocation) -> Form:
        form = self.forms[type(invocation.intent)]
        if isinstance(form, Exception):
            raise form
        return form

    def zone_of(self, account: Account) -> str | None:
        return self.zone

    def suggest(self, field: str, prefix: str) -> tuple[Choice, ...]:
        return tuple(Choice(z, z) for z in ("Europe/Berlin", "Europe/Belfast"))

    def now(self) -> datetime:
        return self.clock

    def wait(self, length: timedelta) -> None:
        self.clock += length
        self.on_wait()

    def settle(self) -> None:
        """Nothing is ever due but what `on_wait` delivers."""

    def restart(self) -> None:
        self.restarts += 1

    def new_key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    def sit_down(self, *, plain: bool = True, editor: Callable[[str], str] | None = None) -> Session:
        self.people = People("Ana", None)
        screen = Screen(self.out, plain=plain, width=80)
        return Session(self, self.gateway, screen, self.people, folder=self.folder, edit=editor)

    @property
    def wishes(self) -> list[Intent]:
        return [i.intent for i in self.heard]

    @property
    def shown(self) -> str:
        """Everything printed since the last look."""
        text = self.out.getvalue()
        self.out.seek(0)
        self.out.truncate()
        return text


def typed(session: Session, *lines: str) -> None:
    for line in lines:
        session.handle(line)
