"""The stage of Discord: a server full of people before one bot on a virtual clock, opposite the local Discord."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from threading import Event

from adapters.discord.app import DiscordApp
from adapters.discord.client import Client
from adapters.discord.gateway import DiscordGateway
from adapters.discord.installation import PLATFORM, TENANT, Installation
from adapters.discord.serving import login, serve
from bot.cli.compose import PlayWorld, open_play
from bot.door import commands
from bot.door.invocation import Pace
from bot.door.messages import ChannelPost, Delivery, DirectMessage, Push, Sent
from bot.loops import Loop, beside, event_loop
from tests.discord.clients import quick
from tests.discord.local import LocalDiscord, Message, Version
from tests.scenarios import discord_reading, hearing
from tests.scenarios.stage import Post, Shown


@dataclass
class Clock:
    """A world's, and before there is one, the instant at which it begins."""

    start: datetime
    world: PlayWorld | None = None

    def __call__(self) -> datetime:
        return self.world.now() if self.world else self.start


class Door:
    """Delivery's door, which stays where it is while the bot behind it is started again.

    Two messages keep no distance: on a clock that stands still the second one would never come.
    """

    platform = PLATFORM
    pace = Pace()

    def __init__(self) -> None:
        self.opened: DiscordGateway | None = None

    async def deliver(self, push: Push) -> Delivery:
        assert self.opened
        return await self.opened.deliver(push)

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        assert self.opened
        return await self.opened.find(key, to, since)


@dataclass(frozen=True)
class Serving:
    """The app as it is served, in an event loop of its own."""

    discord: LocalDiscord
    client: Client
    app: DiscordApp
    loop: Loop

    def quiet(self) -> None:
        """Waits until everything that was asked for is done and shown."""
        self.discord.settle()
        self.loop.call(self.app.quiet())
        self.discord.settle()

    def hears(self, act: Callable[[], object]) -> None:
        """Waits until the app has got a typed message, which Discord does not ask it to answer."""
        heard = self.loop.call(self._listening())
        act()
        self.loop.call(asyncio.wait_for(heard, 20))

    async def _listening(self) -> asyncio.Task[object]:
        return asyncio.create_task(self.client.wait_for("message", check=lambda message: not message.author.bot))


@contextmanager
def served(discord: LocalDiscord, world: PlayWorld, door: Door) -> Iterator[Serving]:
    with event_loop("discord-app") as loop:
        of = Installation(discord.token, base_url=discord.api_url, shards=1)
        client, is_ready = Client(of), Event()
        quick(client)
        app = DiscordApp(world.rolecall, of, client)
        door.opened = DiscordGateway(client, lambda members: world.rolecall.user_ids(PLATFORM, TENANT, members))
        loop.call(login(client, of))
        with beside((loop, serve(app, client, ready=is_ready.set))):
            assert is_ready.wait(20), "the app does not start"
            yield Serving(discord, client, app, loop)


class DiscordStage:
    """Implements `stage.Stage`. Time is told as the devices of people show it, in a channel as that of its owner's."""

    knows_zones = False

    def __init__(self, world: PlayWorld, discord: LocalDiscord, door: Door) -> None:
        self._world, self.discord, self._door = world, discord, door
        self._life = ExitStack()
        self._ids: dict[str, int] = {}
        """Of people, by name."""
        self._rooms: dict[str, int] = {}
        """Of channels, by name, with its "#"."""
        self._zones: dict[str, str] = {}
        self._guild = discord.guild("Spring")
        self._serve()

    def _serve(self) -> None:
        self._app = self._life.enter_context(served(self.discord, self._world, self._door))

    def restart(self) -> None:
        """The bot stops and starts again on its database; Discord stays as it is."""
        self.close()
        self._world.restart()
        self._serve()

    def close(self) -> None:
        self._life.close()

    def arrive(self, who: str, zone: str, *, manages: bool = False) -> None:
        self._zones[who] = zone
        self._ids[who] = self.discord.person(who, self._guild, manages=manages, tz=zone)

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
        """A command is given as a slash command with its options, an answer typed, unless that way is shut."""
        self._close_form(who)
        id, command = self._ids[who], hearing.command(line, self._world.rolecall.vocabulary)
        is_shut = not self.discord.world.people[id].takes_dms
        if not command and not is_shut:
            return self._heard(who, lambda: self._app.hears(lambda: self.discord.say(id, line)))
        path, options = self._given(command or f"answer {line}")
        room = self._room(channel or "#general") if channel or is_shut else 0
        return self._heard(who, lambda: self.discord.command(id, path, room, options))

    def press(self, who: str, label: str, channel: str = "") -> Shown:
        self._close_form(who)
        before_eyes = sorted(self._seen_by(who), key=lambda message: message.id, reverse=True)
        on = next((m for m in before_eyes if _button(m, label)), None)
        assert on, f"nothing before {who} has a button {label!r}"
        return self._heard(who, lambda: self.discord.press(self._ids[who], on, _button(on, label)))

    def fill(self, who: str, **values: str) -> Shown:
        return self._heard(who, lambda: self.discord.submit(self._ids[who], **values))

    def channel(self, name: str) -> Sequence[Post]:
        owner = next(iter(self._zones.values()))
        return self._posts(self._public(self._room(name)), owner)

    def inbox(self, who: str) -> Sequence[Post]:
        return self._posts([m for m in self.discord.dm(self._ids[who]) if _is_push(m)], self._zones[who])

    def shut_door(self, who: str) -> None:
        self.discord.shut_dms(self._ids[who])

    def transcript(self, channel: str, zone: str) -> str:
        return hearing.transcript(self.channel(channel), zone)

    def everything(self) -> Iterator[tuple[str, str]]:
        """All that the bot has said anywhere: before whom or in which channel, and what."""
        for who, id in self._ids.items():
            yield from ((who, self.discord.text_of(message, id)) for message in self._private(id))
        for name, room in self._rooms.items():
            yield from ((name, self.discord.text_of(message)) for message in self._public(room))

    # what is given

    def _given(self, command: str) -> tuple[str, dict[str, str | int]]:
        """The path of a typed command, and the options that it fills in."""
        words = command.split()
        found = commands.find(" ".join(words[:2])) or commands.find(words[0])
        assert found, command
        wish = commands.parse(command, self._world.rolecall.vocabulary)
        values = {f.name: str(getattr(wish, f.name)) for f in fields(wish)}
        return found.path, {
            option.name: self._ids[value] if option.kind == "person" else value
            for option in found.options
            if (value := values.get(option.name, ""))
        }

    # what stands where

    def _room(self, name: str) -> int:
        """A channel's id; everybody and the bot are in it."""
        if name not in self._rooms:
            self._rooms[name] = self.discord.channel(self._guild, name.removeprefix("#"))
        return self._rooms[name]

    def _public(self, room: int) -> list[Message]:
        return [message for message in self.discord.messages(room) if message.author_id == self.discord.bot]

    def _private(self, id: int) -> list[Message]:
        whispers = [m for room in self._rooms.values() for m in self.discord.ephemerals(id, room)]
        return sorted((*self.discord.dm(id), *whispers), key=lambda message: message.id)

    def _seen_by(self, who: str) -> list[Message]:
        """All that the bot has said before somebody's eyes."""
        return [*self._private(self._ids[who]), *(m for room in self._rooms.values() for m in self._public(room))]

    def _posts(self, messages: Sequence[Message], zone: str) -> list[Post]:
        """A message in several parts is one post."""
        posts: list[Post] = []
        for message in messages:
            versions = [self._shown(message, version, zone) for version in self._versions(message)]
            mark = discord_reading.mark(message.embeds)
            if mark and int(mark["part"]) > 1:
                before = posts[-1].versions
                before[-1] = hearing.together(before[-1].at, [before[-1], versions[-1]])
            else:
                posts.append(Post(versions))
        return posts

    def _versions(self, message: Message) -> list[Version]:
        """Without what says that the bot is thinking."""
        return [version for version in self.discord.versions(message) if version.content or version.embeds]

    def _shown(self, message: Message, version: Version, zone: str) -> Shown:
        names = {str(id): name for name, id in self._rooms.items()}
        names |= {str(id): f"@{who}" for who, id in self._ids.items()}
        files = [
            (str(file["description"] or ""), self.discord.world.backend.cdn.get(file["url"]) or b"")
            for file in version.attachments
        ]
        return discord_reading.message(
            version.at, version.content, version.embeds, version.components, zone=zone, names=names, pictures=files
        )

    # what somebody hears

    def _heard(self, who: str, act: Callable[[], object]) -> Shown:
        """What an act of somebody's brings before their own eyes, but for what comes by itself."""
        id = self._ids[who]
        before = {m.id: len(self._versions(m)) for m in self._private(id)}
        form = self.discord.modal(id)
        act()
        self.quiet()
        said = [m for m in self._private(id) if len(self._versions(m)) > before.get(m.id, 0) and not _is_push(m)]
        parts = [self._shown(m, self._versions(m)[-1], self._zones[who]) for m in said]
        if (opened := self.discord.modal(id)) and opened is not form:
            parts.append(discord_reading.modal(self.now(), opened.spec))
        self._world.settle()
        self.quiet()
        return hearing.together(self.now(), parts)

    def _close_form(self, who: str) -> None:
        if self.discord.modal(self._ids[who]):
            self.discord.close(self._ids[who])


def _is_push(message: Message) -> bool:
    return discord_reading.mark(message.embeds) is not None


def _button(message: Message, label: str) -> str:
    """The whole label that is meant; "" where a message has none such."""
    return hearing.meant([str(b["label"]) for b in discord_reading.buttons(message.components)], label)


@contextmanager
def discord_stage(folder: Path, *, start: datetime, seed: int) -> Iterator[DiscordStage]:
    """A stage on a new database. What fails, is refused by Discord or answered too late, fails the story."""
    clock, door = Clock(start), Door()
    with (
        hearing.failures() as failed,
        LocalDiscord(clock=clock) as discord,
        open_play(folder / "play.db", start=start, seed=seed, zone="UTC", gateway=door) as world,
    ):
        clock.world = world
        stage = DiscordStage(world, discord, door)
        try:
            yield stage
        finally:
            stage.close()
    assert not discord.refusals, discord.refusals[0]
    assert not discord.late, discord.late[0]
    assert not failed, failed[0]
