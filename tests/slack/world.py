"""A Slack as it stands: its workspaces, people, channels, messages, files and open views. It knows no HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], datetime]
APP = "A0ROLEAPP1"


@dataclass(slots=True)
class Team:
    """A workspace; the app is installed in it as long as it is not `gone`."""

    id: str
    name: str
    token: str
    bot_user: str
    bot: str
    enterprise: str = ""
    gone: bool = False
    """Its token is revoked."""


@dataclass(slots=True)
class Person:
    id: str
    team: str
    name: str
    """The display name."""
    tz: str = "Europe/Madrid"
    admin: bool = False
    enterprise: str = ""
    """The organisation that their workspace belongs to."""
    deleted: bool = False
    shut: str = ""
    """The error with which a direct message to them is refused, such as "messages_tab_disabled"."""


@dataclass(frozen=True, slots=True)
class Version:
    at: datetime
    text: str
    blocks: list[Json]


@dataclass(slots=True)
class Message:
    ts: str
    channel: str
    user: str
    team: str
    versions: list[Version]
    """The newest last."""
    thread: str = ""
    to: str = ""
    """Of an ephemeral message, who sees it."""
    metadata: Json | None = None
    is_ours: bool = False
    """By the app."""
    deleted: bool = False

    @property
    def text(self) -> str:
        """What notifications and screen readers get now."""
        return self.versions[-1].text

    @property
    def blocks(self) -> list[Json]:
        return self.versions[-1].blocks


@dataclass(slots=True)
class Room:
    """A channel, or the direct messages of one person with the app."""

    id: str
    team: str
    name: str
    members: set[str]
    private: bool = False
    archived: bool = False
    shared: bool = False
    """By Slack Connect, with people of other workspaces."""
    messages: list[Message] = field(default_factory=list)
    by_ts: dict[str, Message] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """As an event's `channel_type`."""
        return "im" if self.id.startswith("D") else "group" if self.private else "channel"


@dataclass(slots=True)
class File:
    id: str
    name: str
    length: int
    alt: str
    content: bytes = b""
    complete: bool = False
    busy: int = 0
    """How many messages will be refused because Slack is not done with it."""


@dataclass(slots=True)
class View:
    """A modal, or a Home tab, of one person."""

    id: str
    user: str
    team: str
    body: Json
    """As sent, with the ids that Slack adds."""
    hash: str
    root: str
    previous: str = ""
    typed: dict[str, Json] = field(default_factory=dict)
    """By the id of a block: the state of its element, where somebody has changed it."""
    errors: dict[str, str] = field(default_factory=dict)
    """Shown below inputs, by the id of their blocks."""
    versions: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class ResponseUrl:
    team: str
    channel: str
    user: str
    at: datetime
    original: Message | None
    """The message whose button was pressed; a command has none."""
    uses: int = 0


@dataclass(slots=True)
class Trigger:
    user: str
    team: str
    at: datetime
    used: bool = False


class World:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.teams: dict[str, Team] = {}
        self.people: dict[str, Person] = {}
        self.rooms: dict[str, Room] = {}
        self.files: dict[str, File] = {}
        self.modals: dict[str, list[View]] = {}
        """By person, what is open, the topmost last."""
        self.homes: dict[str, View] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.triggers: dict[str, Trigger] = {}
        self._numbers = itertools.count(1)
        self._last = 0

    def ts(self) -> str:
        """A message's time, which is also its id."""
        self._last = max(int(self.clock().timestamp() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def number(self) -> int:
        return next(self._numbers)

    def ready_files(self) -> set[str]:
        """The ids of files that a message may show."""
        return {file.id for file in self.files.values() if file.complete}

    def team_of(self, token: str) -> Team | None:
        return next((team for team in self.teams.values() if team.token == token), None)

    def dm(self, team: str, user: str) -> Room:
        """The direct messages of a person with the app."""
        id = f"D{team[1:]}{user[1:]}"
        if id not in self.rooms:
            self.rooms[id] = Room(id, team, "directmessage", {user, self.teams[team].bot_user}, private=True)
        return self.rooms[id]

    def post(
        self,
        room: Room,
        user: str,
        text: str,
        blocks: list[Json],
        *,
        thread: str = "",
        to: str = "",
        metadata: Json | None = None,
        is_ours: bool = False,
        team: str = "",
    ) -> Message:
        version = Version(self.clock(), text, self.identified(blocks))
        message = Message(self.ts(), room.id, user, team or room.team, [version], thread, to, metadata, is_ours)
        room.messages.append(message)
        room.by_ts[message.ts] = message
        return message

    def change(self, message: Message, text: str, blocks: list[Json], metadata: Json | None = None) -> None:
        message.versions.append(Version(self.clock(), text, self.identified(blocks)))
        message.metadata = metadata or message.metadata

    def identified(self, blocks: list[Json]) -> list[Json]:
        """The blocks, each with an id, as Slack gives them back."""
        return [block if "block_id" in block else {**block, "block_id": f"b{self.number()}"} for block in blocks]

    def view(self, team: str, user: str, body: Mapping[str, Any], *, on: View | None = None) -> View:
        id = f"V{self.number():08d}"
        view = View(id, user, team, {}, "", on.root if on else id, on.id if on else "")
        self.show(view, body)
        return view

    def show(self, view: View, body: Mapping[str, Any]) -> None:
        """What is typed stays where the new body has the same input."""
        view.body = {**body, "blocks": self.identified(body["blocks"])}
        view.hash = f"{int(self.clock().timestamp())}.{self.number()}"
        kept = {(b["block_id"], b["element"]["action_id"]) for b in view.body["blocks"] if b["type"] == "input"}
        view.typed = {id: state for id, state in view.typed.items() if any((id, a) in kept for a in state)}
        view.errors = {}
        view.versions.append(view.body)

    def trigger(self, team: str, user: str) -> str:
        id = f"{self.number()}.{self.number()}.trigger"
        self.triggers[id] = Trigger(user, team, self.clock())
        return id


def utc_now() -> datetime:
    return datetime.now(UTC)
