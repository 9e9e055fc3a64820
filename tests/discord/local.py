"""A Discord of our own on this machine: its REST API, its gateway, and the people who use it.

    with LocalDiscord() as discord:
        guild = discord.guild("ML study")
        room = discord.channel(guild, "general")
        ada = discord.person("Ada", guild)
        ... Client(Installation(discord.token, base_url=discord.api_url)), logged in and connected ...
        discord.wait_for_shards()
        act = discord.command(ada, "practice start", room)
        discord.wait(lambda: discord.replies(act))      # until it is true
        assert discord.refusals == [] and discord.late == []

Acts are synchronous and return once the first response has come; what the bot does afterwards is waited for with `wait`
and `settle`. It serves in a thread and an event loop of its own; `run` runs a coroutine there, for which `acts` has
every act. Ids are numbers. The Discord behind it is simcord's backend, so both behave alike; only the transport, the
nonces, the doors of direct messages and the clock are ours. While it is open, discord.py's own addresses point here.
"""

from __future__ import annotations

import asyncio
import time
from base64 import b64encode
from collections.abc import Callable, Collection, Coroutine, Mapping
from datetime import datetime
from threading import Event, Thread
from types import TracebackType
from typing import Any, TypeVar

import discord
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from simcord.backend.models import Message, Overwrite
from simcord.enums import OverwriteType

from tests.discord.acts import Act, Acts
from tests.discord.faults import Fault
from tests.discord.reading import text_of
from tests.discord.rest import PREFIX, Call, Rest
from tests.discord.sockets import Sockets
from tests.discord.world import Clock, Json, OpenModal, Version, World, utc_now

__all__ = ["Act", "Call", "LocalDiscord", "Message", "Version"]

MESSAGE_CONTENT_FLAG = 1 << 19
"""Of an application of fewer than a hundred servers that may read messages."""
_T = TypeVar("_T")


class LocalDiscord:
    def __init__(
        self, *, clock: Clock = utc_now, message_content: bool = False, shards: int = 1, beat: float = 41.25
    ) -> None:
        """`message_content`: the application may read what is typed. `shards`: as many are advised. `beat`: seconds
        between heartbeats."""
        self.world = World(clock)
        self.acts = Acts(self.world)
        self.token = f"{b64encode(str(self.application).encode()).decode().rstrip('=')}.local.token"
        allowed = discord.Intents.default()
        allowed.message_content = message_content
        self.sockets = Sockets(self.world, self.token, allowed, shards, beat)
        flags = MESSAGE_CONTENT_FLAG if message_content else 0
        self.rest = Rest(self.world, self.token, flags, self.sockets.advice, self.acts.answered)
        self.world.backend.subscribers.append(self.sockets.happened)

    # Its life

    def __enter__(self) -> LocalDiscord:
        ready = Event()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._serve, args=(ready,), name="local-discord", daemon=True)
        self._thread.start()
        assert ready.wait(10), "the local Discord does not start"
        self._addresses = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
        discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self.api_url, yarl.URL(self.sockets.url)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self._addresses
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _serve(self, ready: Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._until_stopped(ready))
        self._loop.close()

    async def _until_stopped(self, ready: Event) -> None:
        self._stop = asyncio.Event()
        app = web.Application(client_max_size=64 * 1024**2)
        app.add_routes([*self.rest.routes(), *self.sockets.routes()])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self.url = self.sockets.root = f"http://{host}:{port}"
        ready.set()
        await self._stop.wait()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await self.sockets.close()
        await runner.cleanup()

    @property
    def api_url(self) -> str:
        """The `base_url` of an installation."""
        return self.url + PREFIX

    def run(self, act: Coroutine[Any, Any, _T], timeout: float = 60.0) -> _T:
        """Runs a coroutine in the event loop of this Discord, and waits for it."""
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(timeout)

    def _do(self, what: Callable[[], _T]) -> _T:
        async def act() -> _T:
            return what()

        return self.run(act())

    def wait(self, until: Callable[[], _T | None], seconds: float = 10.0) -> _T:
        """Asks again and again until the answer is true, and returns it."""
        end = time.monotonic() + seconds
        while not (found := until()):
            assert time.monotonic() < end, f"not within {seconds} seconds"
            time.sleep(0.005)
        return found

    def wait_for_shards(self, count: int = 1, seconds: float = 10.0) -> None:
        """Until so many shards are connected and know their servers."""
        self.wait(lambda: sum(s.connection is not None for s in list(self.sockets.sessions.values())) >= count, seconds)

    def settle(self, seconds: float = 20.0) -> None:
        """Until no act waits for its first response, and no call for its answer."""
        self.wait(lambda: not (self.acts.in_flight or self.rest.at_work), seconds)

    # Who and what there is

    @property
    def bot(self) -> int:
        return self.world.backend.bot_user.id

    @property
    def application(self) -> int:
        return self.world.backend.application_id

    def guild(self, name: str, *, id: int | None = None, shard: int | None = None) -> int:
        """A server that the bot joins now. `shard`: on which it is to be, of those that are advised."""
        made = self.world.backend.create_guild
        return self._do(lambda: made(name, id=id, shard_id=shard, shard_count=self.sockets.shards).id)

    def channel(self, guild: int, name: str, *, denied: Collection[str] = ()) -> int:
        """`denied`: what the bot may not do there, such as "view_channel"."""
        overwrites = [Overwrite(self.bot, OverwriteType.MEMBER, deny=_permissions(denied))] if denied else None
        return self._do(lambda: self.world.backend.create_channel(guild, name, overwrites=overwrites).id)

    def role(self, guild: int, name: str, *, permissions: Collection[str] = ()) -> int:
        return self._do(lambda: self.world.backend.create_role(guild, name, permissions=_permissions(permissions)).id)

    def person(
        self,
        name: str,
        *guilds: int,
        manages: bool = False,
        roles: Collection[int] = (),
        tz: str = "Europe/Madrid",
        locale: str = "en-GB",
        id: int | None = None,
    ) -> int:
        """Somebody on these servers. `manages`: with the permission "Manage Server" there. `tz`: of their devices."""
        person = self._do(lambda: self.world.person(name, id, tz, locale))
        for guild in guilds:
            self.join(person, guild, manages=manages, roles=roles)
        return person

    def join(self, user: int, guild: int, *, manages: bool = False, roles: Collection[int] = ()) -> None:
        held = [*roles, *([self.role(guild, "Managers", permissions=["manage_guild"])] if manages else [])]
        self._do(lambda: self.world.backend.add_member(guild, user, roles=held, announce=True))

    def leave(self, user: int, guild: int) -> None:
        self._do(lambda: self.world.backend.remove_member(guild, user))

    def give_role(self, user: int, guild: int, role: int) -> None:
        self._do(lambda: self.world.backend.add_member_role(guild, user, role))

    def take_role(self, user: int, guild: int, role: int) -> None:
        self._do(lambda: self.world.backend.remove_member_role(guild, user, role))

    def remove_bot(self, guild: int) -> None:
        """Somebody removes the bot from their server."""
        self._do(lambda: self.world.backend.remove_guild(guild))

    def delete_channel(self, channel: int) -> None:
        self._do(lambda: self.world.backend.delete_channel(channel))

    def deny(self, channel: int, *permissions: str) -> None:
        """From now on the bot may not do this there; no permission: it may do everything again."""
        overwrite = Overwrite(self.bot, OverwriteType.MEMBER, deny=_permissions(permissions))
        self._do(lambda: self.world.backend.set_overwrite(channel, overwrite))

    def shut_dms(self, user: int) -> None:
        """They block the bot, or take no direct messages from it."""
        self.world.people[user].takes_dms = False

    def open_dms(self, user: int) -> None:
        self.world.people[user].takes_dms = True

    # What people do

    def command(
        self,
        user: int,
        path: str,
        channel: int = 0,
        options: Mapping[str, str | int] | None = None,
        *,
        forced: bool = False,
    ) -> Act:
        """Uses "/rolecall <path>"; no channel: in the direct messages with the bot. See `Acts.command`."""
        return self.run(self.acts.command(user, path, channel, options, forced=forced))

    def autocomplete(
        self,
        user: int,
        path: str,
        option: str,
        typed: str,
        channel: int = 0,
        filled: Mapping[str, str | int] | None = None,
    ) -> list[str]:
        """The values that are offered while they type into an option."""
        return self.run(self.acts.autocomplete(user, path, option, typed, channel, filled))

    def menu(self, user: int, name: str, message: Message) -> Act:
        """Picks an entry of a message's menu."""
        return self.run(self.acts.menu(user, name, message))

    def press(self, user: int, message: Message, label: str) -> Act:
        """Presses a button by the beginning of its label."""
        return self.run(self.acts.press(user, message, label))

    def submit(self, user: int, **values: str) -> Act:
        """Fills in the open form, by the ids or the beginnings of the labels of its fields, and sends it."""
        return self.run(self.acts.submit(user, values))

    def close(self, user: int) -> None:
        self.run(self.acts.close(user))

    def say(self, user: int, text: str, channel: int = 0) -> Message:
        """Types a message into a channel or a thread; no channel: to the bot itself."""
        return self.run(self.acts.say(user, text, channel))

    def thread(self, user: int, message: Message, name: str = "Thread") -> int:
        """Starts a thread from a message."""
        return self.run(self.acts.thread(user, message, name))

    # What goes wrong

    def fail(
        self,
        route: str,
        *,
        status: int = 0,
        code: int = 0,
        message: str = "",
        retry_after: float | None = None,
        for_all: bool = False,
        cut: bool = False,
        slow: float = 0.0,
        times: int | None = 1,
        after_effect: bool = False,
        where: Callable[[Mapping[str, Any]], bool] = lambda body: True,
    ) -> None:
        """What happens to the next calls of a route, such as "POST /channels/*/messages". See `Fault`."""
        fault = Fault(route, status, code, message, retry_after, for_all, cut, slow, times, after_effect, where)
        self._do(lambda: self.rest.faults.planned.append(fault))

    def recover(self) -> None:
        """Lifts everything that was planned."""
        self._do(self.rest.faults.planned.clear)

    def cut(self) -> None:
        """Every connection to the gateway breaks off without a word."""
        self.run(self.sockets.cut())

    def reconnect(self) -> None:
        """Asks every shard to connect again."""
        self.run(self.sockets.reconnect())

    def invalidate(self, *, resumable: bool = False) -> None:
        """The gateway calls every session invalid."""
        self.run(self.sockets.invalidate(resumable))

    def hang_up(self, code: int) -> None:
        """Closes every connection to the gateway with this code."""
        self.run(self.sockets.hang_up(code))

    def die(self) -> None:
        """The connections that are open stay so, but nothing comes through any more."""
        self.run(self.sockets.die())

    # What there is to see

    @property
    def calls(self) -> list[Call]:
        return self.rest.calls

    def calls_of(self, method: str, part: str = "") -> list[Call]:
        """Those whose path contains this."""
        return [call for call in list(self.rest.calls) if call.method == method and part in call.path]

    @property
    def refusals(self) -> list[str]:
        """What Discord would not have taken."""
        return self.rest.refusals

    @property
    def late(self) -> list[Act]:
        """First responses that came after three seconds, or never."""
        return [act for act in list(self.acts.acts) if act.late]

    def commands(self, guild: int | None = None) -> list[Json]:
        """What Discord lists, everywhere or on one server."""
        return list(self.world.backend.commands.get(guild, {}).values())

    def messages(self, channel: int) -> list[Message]:
        """What everybody in a channel or a thread sees, the oldest first."""
        found = list(self.world.backend.messages[channel].values())
        return sorted((message for message in found if not message.is_ephemeral), key=lambda message: message.id)

    def ephemerals(self, user: int, channel: int = 0) -> list[Message]:
        """What only this person sees, in one channel or anywhere, the oldest first."""
        rooms = list(self.world.backend.messages.items())
        found = [m for id, room in rooms if channel in (0, id) for m in list(room.values())]
        return sorted((m for m in found if m.is_ephemeral and m.visible_to(user)), key=lambda message: message.id)

    def dm(self, user: int) -> list[Message]:
        """What the bot has said to a person in their direct messages, the oldest first."""
        id = self.world.backend.dm_channels.get(user)
        return [message for message in self.messages(id) if message.author_id == self.bot] if id else []

    def replies(self, act: Act) -> list[Message]:
        """The messages that answer an act, the first response first, as they read now; not those still "thinking"."""
        interaction = act.interaction
        room = self.world.backend.messages.get(interaction.channel_id, {})
        ids = [interaction.message_id, *interaction.followup_ids]
        found = [room[id] for id in ids if id in room]
        return [message for message in found if not message.flags & _LOADING]

    def modal(self, user: int) -> OpenModal | None:
        """The form that is open before somebody."""
        return self.world.modals.get(user)

    def versions(self, message: Message) -> list[Version]:
        """What a message of the bot's has shown, the newest last."""
        return list(self.world.versions.get(message.id, []))

    def text_of(self, message: Message, user: int = 0, *, instant: Callable[[datetime, str], str] | None = None) -> str:
        """As this person reads it: instants in the zone of their device, people and channels by name."""
        backend = self.world.backend
        names = {str(id): known.name for id, known in backend.users.items()}
        names |= {str(id): known.name or "" for id, known in backend.channels.items()}
        names |= {str(id): role.name for guild in backend.guilds.values() for id, role in guild.roles.items()}
        zone = self.world.people[user].tz if user else "UTC"
        return text_of(message, zone, names=names, instant=instant)


_LOADING = 1 << 7


def _permissions(names: Collection[str]) -> int:
    return discord.Permissions(**dict.fromkeys(names, True)).value
