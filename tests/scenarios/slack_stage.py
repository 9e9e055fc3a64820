"""The stage of Slack: a workspace full of people before one bot on a virtual clock, by sockets or signed HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Literal

from structlog.testing import capture_logs

from adapters.slack.app import SlackApp
from adapters.slack.gateway import SlackGateway
from adapters.slack.installation import Installation, Team
from adapters.slack.serving import serve
from bot.cli.compose import PlayWorld, open_play
from bot.door.commands import parse_bare
from bot.door.intents import SubmitAnswer
from bot.rolecall import Rolecall
from tests.scenarios import slack_reading
from tests.scenarios.stage import Post, Shown
from tests.slack.local import LocalSlack
from tests.slack.world import Message, Version

Way = Literal["sockets", "http"]
PUSHED = "rolecall_push"
"""The metadata of what came by itself."""


class Served:
    """A Slack app, served in a thread and an event loop of its own until it is stopped."""

    def __init__(self, rolecall: Rolecall, installation: Installation, teams: Mapping[str, Team]) -> None:
        self._loop = asyncio.new_event_loop()
        self._ready = Event()
        self._thread = Thread(target=self._run, args=(rolecall, installation, teams), name="slack-app", daemon=True)
        self._thread.start()
        assert self._ready.wait(10), "the app does not start"

    def _run(self, rolecall: Rolecall, installation: Installation, teams: Mapping[str, Team]) -> None:
        asyncio.set_event_loop(self._loop)
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._serve(rolecall, installation, teams))
        self._loop.close()

    async def _serve(self, rolecall: Rolecall, installation: Installation, teams: Mapping[str, Team]) -> None:
        self._task = asyncio.current_task()
        self._app = SlackApp(rolecall, installation, lambda: teams)
        await serve(self._app, installation, ready=self._ready.set)

    def quiet(self) -> None:
        """Waits until no wish is being worked on."""
        asyncio.run_coroutine_threadsafe(self._app.quiet(), self._loop).result(30)

    def stop(self) -> None:
        assert self._task
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(20)
        assert not self._thread.is_alive(), "the app does not stop"


class SlackStage:
    """Implements `stage.Stage`."""

    def __init__(self, world: PlayWorld, slack: LocalSlack, installation: Installation) -> None:
        self._world, self.slack, self._installation = world, slack, installation
        self._ids: dict[str, str] = {}
        """Of people, by name."""
        self._rooms: dict[str, str] = {}
        """Of channels, by name, with its "#"."""
        self._serve()

    def _serve(self) -> None:
        self._app = Served(self._world.rolecall, self._installation, teams(self.slack))
        if self._installation.app_token:
            self.slack.wait_for_socket()
        else:
            self.slack.deliver_to(f"http://{self._installation.host}:{self._installation.port}/slack/events")

    def restart(self) -> None:
        """The bot stops and starts again on its database; Slack stays as it is."""
        self._app.stop()
        self._world.restart()
        self._serve()

    def close(self) -> None:
        self._app.stop()

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
            self._settle()

    def say(self, who: str, line: str, channel: str = "") -> Shown:
        """A command is typed as a slash command, everything else as a message."""
        self._close_form(who)
        room = self._room(channel) if channel else ""
        command = line.removeprefix("/rolecall")
        bare = parse_bare(line, self._world.rolecall.vocabulary)
        if line != command or (bare and not isinstance(bare, SubmitAnswer)):
            return self._heard(who, lambda: self.slack.command(self._ids[who], command.strip(), room))
        return self._heard(who, lambda: self.slack.say(self._ids[who], line, room))

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
        self.slack.world.people[self._ids[who]].shut = "messages_tab_disabled"

    def transcript(self, channel: str, zone: str) -> str:
        """In the order in which it was written; instants in the zone of the message."""
        versions = [(v.at, n > 0, v.text) for post in self.channel(channel) for n, v in enumerate(post.versions)]
        return "\n\n".join(f"{at:%Y-%m-%d %H:%M}{' again' * again}\n{text}" for at, again, text in sorted(versions))

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
            rooms={id: name for name, id in self._rooms.items()},
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
        self._settle()
        said = [m for m in self._private(id) if len(m.versions) > before.get((m.channel, m.ts), 0) and not _is_push(m)]
        parts = [self._shown(m, m.versions[-1]) for m in said]
        if (opened := self.slack.modal(id)) and (self._form(id) != form or opened.errors):
            parts.append(slack_reading.modal(self.now(), opened.body, opened.errors))
        self._world.settle()
        self._settle()
        return _together(self.now(), parts)

    def _private(self, id: str) -> list[Message]:
        return [*self.slack.dm(id), *self.slack.ephemerals(id)]

    def _form(self, id: str) -> tuple[str, int] | None:
        view = self.slack.modal(id)
        return (view.id, len(view.versions)) if view else None

    def _close_form(self, who: str) -> None:
        while self.slack.modal(self._ids[who]):
            self.slack.close(self._ids[who])

    def _settle(self) -> None:
        """Until nobody works on anything; what the bot says, it hears again as an event."""
        self._app.quiet()
        self.slack.settle()
        self._app.quiet()


def teams(slack: LocalSlack) -> Mapping[str, Team]:
    """As the app knows them."""
    return {team.id: Team(team.id, team.name, team.bot_user, team.token) for team in slack.world.teams.values()}


def _is_push(message: Message) -> bool:
    return (message.metadata or {}).get("event_type") == PUSHED


def _button(message: Message, label: str) -> str:
    """The whole label that is meant, by itself or by its beginning; "" where a message has none such."""
    labels = [b["text"]["text"] for b in slack_reading.buttons(message.blocks)]
    return next((found for found in labels if found == label), "") or next(
        (found for found in labels if found.startswith(label)), ""
    )


def _together(at: datetime, parts: Sequence[Shown]) -> Shown:
    return Shown(
        at,
        "\n".join(p.text for p in parts),
        tuple(row for p in parts for row in p.rows),
        tuple(label for p in parts for label in p.buttons),
        tuple(text for p in parts for text in p.unseen),
        tuple(png for p in parts for png in p.pictures),
        {name: labels for p in parts for name, labels in p.fields.items()},
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Failures(logging.Handler):
    """What libraries log as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record.getMessage())


@contextmanager
def failures() -> Iterator[list[str]]:
    """All that goes wrong meanwhile, as the logs of the bot and of libraries say."""
    heard = Failures()
    logging.getLogger().addHandler(heard)
    try:
        with capture_logs() as ours:
            yield heard.records
    finally:
        logging.getLogger().removeHandler(heard)
        heard.records += [str(entry) for entry in ours if entry["log_level"] in ("error", "critical")]


@contextmanager
def slack_stage(folder: Path, *, start: datetime, seed: int, way: Way = "sockets") -> Iterator[SlackStage]:
    """A stage on a new database. What fails, is refused by Slack or acknowledged too late, fails the story."""
    with failures() as failed, LocalSlack(clock=lambda: world.now()) as slack:
        installation = Installation(
            slack.token,
            slack.app_token if way == "sockets" else "",
            slack.signing_secret,
            slack.api_url,
            port=_free_port(),
        )
        gateway = SlackGateway(
            installation, lambda: teams(slack), lambda team, members: world.rolecall.user_ids("slack", team, members)
        )
        with open_play(folder / "play.db", start=start, seed=seed, zone="UTC", gateway=gateway) as world:
            stage = SlackStage(world, slack, installation)
            try:
                yield stage
            finally:
                stage.close()
    assert not slack.refusals, slack.refusals[0]
    assert not slack.late, slack.late[0]
    assert not failed, failed[0]
