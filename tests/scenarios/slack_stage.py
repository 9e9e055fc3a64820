"""The stage of Slack: a workspace full of people before one bot on a virtual clock, by sockets or signed HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from adapters.slack.gateway import SlackGateway
from adapters.slack.installation import Installation
from adapters.slack.teams import Workspaces
from bot.cli.compose import PlayWorld, open_play
from bot.door.invocation import Pace
from tests.adapters.slack.running import installation, served
from tests.scenarios import hearing, slack_reading
from tests.scenarios.stage import Post, Shown
from tests.slack.local import LocalSlack
from tests.slack.world import Message, Version

Way = Literal["sockets", "http"]
PUSHED = "rolecall_push"
"""The metadata of what came by itself."""


class AtOnce(SlackGateway):
    """Two messages to a channel keep no distance: on a clock that stands still the second one would never come."""

    pace = Pace()


class SlackStage:
    """Implements `stage.Stage`."""

    knows_zones = True

    def __init__(self, world: PlayWorld, slack: LocalSlack, installation: Installation) -> None:
        self._world, self.slack, self._installation = world, slack, installation
        self._life = ExitStack()
        self._ids: dict[str, str] = {}
        """Of people, by name."""
        self._rooms: dict[str, str] = {}
        """Of channels, by name, with its "#"."""
        self._serve()

    def _serve(self) -> None:
        self._app = self._life.enter_context(served(self.slack, self._world, self._installation))

    def restart(self) -> None:
        """The bot stops and starts again on its database; Slack stays as it is."""
        self.close()
        self._world.restart()
        self._serve()

    def close(self) -> None:
        self._life.close()

    def arrive(self, who: str, zone: str, *, manages: bool = False) -> None:
        self._ids[who] = id = f"U{len(self._ids):08d}"
        self.slack.person(id, who, tz=zone, admin=manages)
        for room in self._rooms.values():
            self.slack.world.rooms[room].members.add(id)

    def now(self) -> datetime:
        return self._world.now()

    def wait_until(self, at: datetime) -> None:
        if at > self.now():
            self._world.wait(at - self.now())
            self.quiet()

    def quiet(self) -> None:
        """Waits until everything that was asked for is done and shown."""
        self._app.quiet()

    def say(self, who: str, line: str, channel: str = "") -> Shown:
        """A command is typed as a slash command, an answer as a message, unless that way is shut."""
        self._close_form(who)
        id, room = self._ids[who], self._room(channel) if channel else ""
        command = hearing.command(line, self._world.rolecall.vocabulary)
        if not command and not self.slack.world.people[id].shut:
            return self._heard(who, lambda: self.slack.say(id, line, room))
        return self._heard(who, lambda: self.slack.command(id, command or f"answer {line}", room))

    def press(self, who: str, label: str, channel: str = "") -> Shown:
        self._close_form(who)
        before_eyes = sorted(self._seen_by(who), key=lambda message: message.ts, reverse=True)
        on = next((m for m in before_eyes if _button(m, label)), None)
        assert on, f"nothing before {who} has a button {label!r}"
        return self._heard(who, lambda: self.slack.press(self._ids[who], on, _button(on, label)))

    def fill(self, who: str, **values: str) -> Shown:
        return self._heard(who, lambda: self.slack.submit(self._ids[who], **values))

    def channel(self, name: str) -> Sequence[Post]:
        return [self._post(message) for message in self.slack.messages(self._room(name)) if message.is_ours]

    def inbox(self, who: str) -> Sequence[Post]:
        return [self._post(message) for message in self.slack.dm(self._ids[who]) if _is_push(message)]

    def shut_door(self, who: str) -> None:
        self.slack.world.people[self._ids[who]].shut = "user_is_restricted"

    def transcript(self, channel: str, zone: str) -> str:
        return hearing.transcript(self.channel(channel), zone)

    def everything(self) -> Iterator[tuple[str, str]]:
        """All that the bot has said anywhere: before whom or in which channel, and what."""
        for who, id in self._ids.items():
            yield from ((who, self.slack.text_of(message, id)) for message in self._private(id))
        for name, room in self._rooms.items():
            yield from ((name, self.slack.text_of(m)) for m in self.slack.messages(room) if m.is_ours)

    # what stands where

    def _room(self, name: str) -> str:
        """A channel's id; everybody and the bot are in it."""
        if name not in self._rooms:
            self._rooms[name] = id = f"C{len(self._rooms):08d}"
            self.slack.room(id, name.removeprefix("#"), self._ids.values())
        return self._rooms[name]

    def _seen_by(self, who: str) -> list[Message]:
        """All that the bot has said before somebody's eyes."""
        id = self._ids[who]
        in_rooms = [m for room in self._rooms.values() for m in self.slack.messages(room) if m.is_ours]
        return [*self._private(id), *in_rooms]

    def _post(self, message: Message) -> Post:
        return Post([self._shown(message, version) for version in message.versions])

    def _shown(self, message: Message, version: Version) -> Shown:
        return slack_reading.message(
            version.at,
            version.text,
            version.blocks,
            names={id: name for name, id in self._rooms.items()} | {id: f"@{who}" for who, id in self._ids.items()},
            files={file.id: file.content for file in self.slack.world.files.values()},
            unseen=[json.dumps(message.metadata)] if message.metadata else [],
        )

    # what somebody hears

    def _heard(self, who: str, act: Callable[[], object]) -> Shown:
        """What an act of somebody's brings before their own eyes, but for what comes by itself."""
        id = self._ids[who]
        before = {(m.channel, m.ts): len(m.versions) for m in self._private(id)}
        form = self._form(id)
        act()
        self.quiet()
        said = [m for m in self._private(id) if len(m.versions) > before.get((m.channel, m.ts), 0) and not _is_push(m)]
        parts = [self._shown(m, m.versions[-1]) for m in said]
        if (opened := self.slack.modal(id)) and (self._form(id) != form or opened.errors):
            parts.append(slack_reading.modal(self.now(), opened.body, opened.errors))
        self._world.settle()
        self.quiet()
        return hearing.together(self.now(), parts)

    def _private(self, id: str) -> list[Message]:
        return [*self.slack.dm(id), *self.slack.ephemerals(id)]

    def _form(self, id: str) -> tuple[str, int] | None:
        view = self.slack.modal(id)
        return (view.id, len(view.versions)) if view else None

    def _close_form(self, who: str) -> None:
        while self.slack.modal(self._ids[who]):
            self.slack.close(self._ids[who])


def _is_push(message: Message) -> bool:
    return (message.metadata or {}).get("event_type") == PUSHED


def _button(message: Message, label: str) -> str:
    """The whole label that is meant; "" where a message has none such."""
    return hearing.meant([b["text"]["text"] for b in slack_reading.buttons(message.blocks)], label)


@contextmanager
def slack_stage(folder: Path, *, start: datetime, seed: int, way: Way = "sockets") -> Iterator[SlackStage]:
    """A stage on a new database. What fails, is refused by Slack or acknowledged too late, fails the story."""
    with hearing.failures() as failed, LocalSlack(clock=lambda: world.now()) as slack:
        of, teams = installation(slack, http=way == "http"), Workspaces()
        gateway = AtOnce(of, teams, lambda team, members: world.rolecall.user_ids("slack", team, members))
        with open_play(folder / "play.db", start=start, seed=seed, zone="UTC", gateway=gateway) as world:
            asyncio.run(teams.learn(of))
            stage = SlackStage(world, slack, of)
            try:
                yield stage
            finally:
                stage.close()
    assert not slack.refusals, slack.refusals[0]
    assert not slack.late, slack.late[0]
    assert not failed, failed[0]
