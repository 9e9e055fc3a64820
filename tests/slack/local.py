"""A Slack of our own on this machine: its Web API, its sockets, its signed requests, and the people who use it.

    with LocalSlack() as slack:
        slack.person("U1", "Ada", tz="Europe/Madrid")
        slack.room("C1", "ml-study", ["U1"])
        ... an app with base_url=slack.api_url, token=slack.token, app_token=slack.app_token ...
        slack.wait_for_socket()                 # or: slack.deliver_to("http://127.0.0.1:3000/slack/events")
        slack.command("U1", "help")
        slack.wait(lambda: slack.dm("U1"))      # until it is true
        assert slack.refusals == [] and slack.late == []

Acts are synchronous and return the app's ack; what the app does afterwards is waited for with `wait` and `settle`. It
serves in a thread and an event loop of its own; `run` runs a coroutine there, for which `acts` has every act.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread
from types import TracebackType
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

from tests.slack import outgoing
from tests.slack.acts import Acts
from tests.slack.api import Rules
from tests.slack.deliveries import Ack, Deliveries, encoded, signed
from tests.slack.faults import TIERS, Fault
from tests.slack.reading import text_of
from tests.slack.sockets import Sockets
from tests.slack.validation import SlackRefusesError
from tests.slack.webapi import Call, WebApi
from tests.slack.world import Clock, Json, Message, Person, Room, Team, View, World, utc_now

__all__ = ["Ack", "Call", "LocalSlack", "Message", "Rules", "View"]

SCOPES = (
    "commands",
    "chat:write",
    "im:history",
    "im:write",
    "users:read",
    "files:write",
    "app_mentions:read",
    "channels:history",
    "groups:history",
)
TEAM = "T0ROLE0001"
_T = TypeVar("_T")


class LocalSlack:
    token = "xoxb-local-slack"
    """Of the first workspace; others have theirs from `team`."""
    app_token = "xapp-local-slack"
    signing_secret = "local-signing-secret"

    def __init__(
        self,
        *,
        clock: Clock = utc_now,
        scopes: Iterable[str] = SCOPES,
        echoes: bool = True,
        tiers: bool = False,
        posts_per_second: float = 0.0,
    ) -> None:
        """`echoes`: the app gets its own messages as events, as in Slack. `tiers`: Slack's limits on calls hold."""
        self.world = World(clock)
        self.rules = Rules()
        self.sockets = Sockets()
        self.deliveries = Deliveries(self.sockets, self.signing_secret)
        self.web = WebApi(
            self.world,
            self.rules,
            frozenset(scopes),
            self.app_token,
            self.sockets.ticket,
            posted=lambda message: self._echo(message, outgoing.message_event),
            changed=lambda message: self._echo(message, outgoing.changed_event),
        )
        self.acts = Acts(self.world, self.deliveries, self.web.refusals, echoes)
        self.web.limits.per_minute = TIERS if tiers else {}
        self.web.limits.posts_per_second = posts_per_second
        self.team(TEAM, "Rolecall", token=self.token)

    # Its life

    def __enter__(self) -> LocalSlack:
        ready = Event()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._serve, args=(ready,), name="local-slack", daemon=True)
        self._thread.start()
        assert ready.wait(10), "the local Slack does not start"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _serve(self, ready: Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._until_stopped(ready))
        self._loop.close()

    async def _until_stopped(self, ready: Event) -> None:
        self._stop = asyncio.Event()
        app = web.Application(client_max_size=64 * 1024**2)
        app.add_routes([*self.web.routes(), *self.sockets.routes()])
        runner = self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        """Without a slash at its end."""
        self.web.root = self.sockets.root = self.acts.root = self.url
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as self.deliveries.session:
            ready.set()
            await self._stop.wait()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            await self.sockets.close()
        await runner.cleanup()

    @property
    def api_url(self) -> str:
        """The `base_url` of a client."""
        return f"{self.url}/api/"

    def run(self, act: Coroutine[Any, Any, _T], timeout: float = 60.0) -> _T:
        """Runs a coroutine in the event loop of this Slack, and waits for it."""
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(timeout)

    def deliver_to(self, url: str) -> None:
        """From now on the app is told by signed requests to this address; "": by its sockets."""
        self.deliveries.url = url

    def wait_for_socket(self, seconds: float = 10.0) -> None:
        self.wait(lambda: self.sockets.connections, seconds)

    def wait(self, until: Callable[[], _T | None], seconds: float = 10.0) -> _T:
        """Asks again and again until the answer is true, and returns it."""
        end = time.monotonic() + seconds
        while not (found := until()):
            assert time.monotonic() < end, f"not within {seconds} seconds"
            time.sleep(0.005)
        return found

    def settle(self, seconds: float = 20.0) -> None:
        """Until no delivery waits for its ack, and no call for its answer."""
        self.wait(lambda: not (self.deliveries.in_flight or self.web.at_work or self.acts.is_busy), seconds)

    # Who and what there is

    def team(self, id: str, name: str, *, token: str = "", enterprise: str = "") -> Team:
        """One more workspace that has installed the app."""
        team = Team(id, name, token or f"xoxb-{id}", f"U0BOT{id[1:]}", f"B0BOT{id[1:]}", enterprise)
        self.world.teams[id] = team
        return team

    def person(
        self,
        id: str,
        name: str,
        *,
        tz: str = "Europe/Madrid",
        admin: bool = False,
        team: str = TEAM,
        enterprise: str = "",
    ) -> Person:
        """`team` may be one that has not installed the app: somebody of a Slack Connect channel."""
        self.world.people[id] = Person(id, team, name, tz, admin, enterprise)
        return self.world.people[id]

    def room(
        self,
        id: str,
        name: str,
        members: Iterable[str] = (),
        *,
        bot: bool = True,
        private: bool = False,
        archived: bool = False,
        shared: bool = False,
        team: str = TEAM,
    ) -> Room:
        """A channel; `bot`: the app is in it. `shared` with other workspaces, by Slack Connect."""
        everybody = {*members, *([self.world.teams[team].bot_user] if bot else [])}
        self.world.rooms[id] = Room(id, team, name, everybody, private, archived, shared)
        return self.world.rooms[id]

    # What people do

    def command(self, user: str, text: str, channel: str = "", *, name: str = "/rolecall") -> Ack:
        """Types a slash command, `text` without its name; no channel: in the direct messages with the app."""
        return self.run(self.acts.command(user, text, channel, name=name))

    def say(self, user: str, text: str, channel: str = "", *, thread: Message | str = "") -> Ack:
        """Types a message, in a thread below a message or not; "@Rolecall" in it mentions the app."""
        return self.run(self.acts.say(user, text, channel, thread=thread))

    def mention(self, user: str, text: str, channel: str, *, thread: Message | str = "") -> Ack:
        return self.run(self.acts.say(user, f"@Rolecall {text}", channel, thread=thread))

    def press(self, user: str, on: Message | View, label: str) -> Ack:
        """Presses a button by the beginning of its label."""
        return self.run(self.acts.press(user, on, label))

    def fill(self, user: str, **values: str) -> None:
        """Fills in the open modal, and does not send it."""
        self.run(self.acts.fill(user, values))

    def submit(self, user: str, **values: str) -> Ack:
        """Fills in the open modal, by the ids of its blocks, and sends it."""
        return self.run(self.acts.submit(user, values))

    def close(self, user: str) -> Ack:
        return self.run(self.acts.close(user))

    def suggest(self, user: str, field: str, typed: str) -> list[str]:
        """The labels that a list of the app's offers for what is typed."""
        return [option["text"]["text"] for option in self.run(self.acts.suggest(user, field, typed))]

    def shortcut(self, user: str, callback_id: str, message: Message) -> Ack:
        return self.run(self.acts.shortcut(user, callback_id, message))

    def open_home(self, user: str, tab: str = "home") -> Ack:
        return self.run(self.acts.open_home(user, tab))

    def event(self, event: Mapping[str, Any], team: str = TEAM) -> Ack:
        return self.run(self.acts.event(event, team))

    def uninstall(self, team: str = TEAM) -> Ack:
        """An administrator removes the app; the event about its token may come before or after."""
        self.world.teams[team].gone = True
        return self.event({"type": "app_uninstalled"}, team)

    def revoke(self, team: str = TEAM, *, tell: bool = True) -> Ack:
        """The token is no longer good, and where it is told so, the app hears of it."""
        self.world.teams[team].gone = True
        bot = self.world.teams[team].bot_user
        tokens = {"oauth": [], "bot": [bot]}
        return self.event({"type": "tokens_revoked", "tokens": tokens}, team) if tell else Ack(0.0, {})

    def reinstall(self, team: str = TEAM) -> None:
        """The token is good again."""
        self.world.teams[team].gone = False

    def deliver(self, kind: str, payload: Json) -> Ack:
        """Any payload; `kind` as in Socket Mode: slash_commands, events_api or interactive."""
        return self.run(self.deliveries.deliver(kind, payload))

    def post(
        self, kind: str, payload: Json, *, secret: str = "", at: float | None = None, headers: Mapping[str, str] = {}
    ) -> Ack:
        """One signed request, once: `secret` another one than the right one, `at` seconds since 1970 for an old one."""
        body, content = encoded(kind, payload)
        signature = signed(secret or self.signing_secret, body, content, at=at)
        return self.run(self.deliveries.post(body, {**signature, **headers}))

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Slack says that its connections end: "warning", "refresh_requested" or "link_disabled"."""
        self.run(self.sockets.disconnect(reason))

    def cut_sockets(self) -> None:
        """Every connection breaks off without a word."""
        self.run(self.sockets.cut())

    # What goes wrong

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody reaches it meanwhile: every connection breaks off, and none is taken."""
        host, port = self.run(self._vanish())
        yield
        self.run(self._appear(host, port))

    async def _vanish(self) -> tuple[str, int]:
        host, port = self._runner.addresses[0][:2]
        for site in list(self._runner.sites):
            await site.stop()
        server = self._runner.server
        for connection in server.connections if server else []:
            if connection.transport:
                connection.transport.abort()
        return host, port

    async def _appear(self, host: str, port: int) -> None:
        await web.TCPSite(self._runner, host, port).start()

    def fail(
        self,
        method: str,
        *,
        error: str = "",
        status: int = 0,
        retry_after: float | None = None,
        cut: bool = False,
        slow: float = 0.0,
        times: int | None = 1,
        after_effect: bool = False,
        where: Callable[[Mapping[str, Any]], bool] = lambda arguments: True,
    ) -> None:
        """What happens to the next calls of a method; "response_url" and "upload" are methods, too. See `Fault`."""
        fault = Fault(error, status, retry_after, cut, slow, times, after_effect, where)
        self.web.faults.planned.setdefault(method, []).append(fault)

    def recover(self, method: str) -> None:
        """Lifts what was planned for a method."""
        self.web.faults.planned.pop(method, None)

    # What there is to see

    @property
    def calls(self) -> list[Call]:
        return self.web.calls

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.web.calls if call.method == method]

    @property
    def refusals(self) -> list[SlackRefusesError]:
        """What Slack would not have taken: payloads that break a rule of validation.py."""
        return self.web.refusals

    @property
    def late(self) -> list[Ack]:
        """Acks that came after three seconds, or never, or were an error."""
        return self.deliveries.late

    def messages(self, channel: str) -> list[Message]:
        """What everybody in a channel sees, the oldest first, threads included."""
        return [message for message in self.world.rooms[channel].messages if not message.deleted and not message.to]

    def ephemerals(self, user: str, channel: str = "") -> list[Message]:
        """What only this person sees, in one channel or anywhere."""
        rooms = [self.world.rooms[channel]] if channel else list(self.world.rooms.values())
        found = [message for room in rooms for message in list(room.messages)]
        return sorted((m for m in found if m.to == user and not m.deleted), key=lambda message: float(message.ts))

    def dm(self, user: str) -> list[Message]:
        """What the app has said to a person in their direct messages, the oldest first."""
        person = self.world.people[user]
        messages = list(self.world.dm(person.team, user).messages)
        return [message for message in messages if message.is_ours and not message.deleted and not message.to]

    def modal(self, user: str) -> View | None:
        """The topmost one that is open."""
        stack = self.world.modals.get(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        return self.world.homes.get(user)

    def text_of(self, shown: Message | View, user: str = "") -> str:
        """As this person reads it: instants in their zone, people and channels by name."""
        zone = self.world.people[user].tz if user else "UTC"
        people = {person.id: person.name for person in self.world.people.values()}
        return text_of(shown, zone, names=people | {room.id: room.name for room in self.world.rooms.values()})

    def _echo(self, message: Message, event: Callable[[World, Message], Json]) -> None:
        if not message.to:
            self.acts.heard(event(self.world, message))
