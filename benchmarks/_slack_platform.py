"""Slack as a load test needs it, in a process of its own: it answers the Web API at once, and sends commands.

Leaner than the local Slack of the tests, which validates every block. It knows how Slack talks (Socket Mode, signed
HTTP, the Web API's answers), and nothing of what the app says.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Literal
from urllib.parse import urlencode

from aiohttp import ClientSession, TCPConnector, web
from slack_sdk.signature import SignatureVerifier

Json = dict[str, Any]
Mode = Literal["socket", "http"]

TEAM, BOT, APP, CHANNEL = "T0LOAD0001", "U0LOADBOT1", "A0LOADAPP1", "C0LOAD0001"
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-load-test", "xapp-load-test", "load-test-secret"  # noqa: S105 - of a local server
START_SECONDS = 60.0
QUIET_SECONDS = 20.0
"""After the last command no reply has come for so long: no more will come."""
STOP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Act:
    """Something a member does: a slash command in the channel, or a line typed in the conversation with the app."""

    user: str
    text: str
    is_command: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured, in seconds."""

    acks: list[float]
    """Of each act, until it was acknowledged."""
    replies: list[float]
    """Of each act that got one, until its reply arrived."""
    acking: float
    """From the first act to the last acknowledgement."""
    replying: float
    """From the first act to the last reply."""
    refused: int
    """Acts that were not acknowledged with success."""
    pushes: int
    """Messages that nobody asked for just then: the reminders."""
    memory: float
    """Megabytes of the app at its largest; 0 where the system does not tell."""


@dataclass
class Platform:
    port: int = 0
    answered: dict[str, float] = field(default_factory=dict)
    """When the reply to an act came, by the act's number."""
    waiting: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    """The acts of a conversation that have no reply yet, oldest first."""
    acked: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    socket: web.WebSocketResponse | None = None
    pushes: int = 0
    last: float = 0.0
    serial: Iterator[int] = field(default_factory=itertools.count)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/api/{method}", self.method)
        app.router.add_get("/api/{method}", self.method)
        app.router.add_post("/respond/{act}", self.respond)
        app.router.add_get("/link", self.link)
        return app

    async def method(self, request: web.Request) -> web.Response:
        asked = await _arguments(request)
        answer = self.answer(request.match_info["method"], asked)
        return web.json_response({"ok": True} | answer, headers={"x-oauth-scopes": "commands,chat:write"})

    def answer(self, method: str, asked: Json) -> Json:
        match method:
            case "auth.test":
                return {"team": "Load", "team_id": TEAM, "user": "rolecall", "user_id": BOT, "bot_id": "B0LOADBOT1"}
            case "apps.connections.open":
                return {"url": f"ws://127.0.0.1:{self.port}/link"}
            case "users.info":
                user = asked["user"]
                profile = {"display_name": user, "real_name": user, "team": TEAM}
                known = {"name": user, "tz": "Europe/Berlin", "is_admin": False, "is_bot": False, "deleted": False}
                return {"user": {"id": user, "team_id": TEAM, "profile": profile, **known}}
            case "conversations.open":
                return {"channel": {"id": dm_of(str(asked["users"]))}}
            case "chat.postMessage" | "chat.postEphemeral" | "chat.update":
                return self.posted(asked)
            case _:  # views.publish, views.open
                return {"view": {"id": f"V{next(self.serial)}", "hash": "1.a"}}

    def posted(self, asked: Json) -> Json:
        channel = str(asked["channel"])
        channel = channel if channel[0] in "CD" else dm_of(channel)
        if "metadata" in asked:
            self.pushes += 1
        elif waiting := self.waiting[channel]:
            self.reply(waiting.popleft())
        number = next(self.serial)
        return {"channel": channel, "ts": f"{1_800_000_000 + number}.000100", "message": {"text": asked.get("text")}}

    async def respond(self, request: web.Request) -> web.Response:
        await request.read()
        self.reply(request.match_info["act"])
        return web.Response(text="ok")

    def reply(self, act: str) -> None:
        self.last = perf_counter()
        self.answered.setdefault(act, self.last)

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "debug_info": {"host": "load"}})
        self.socket = socket
        async for frame in socket:
            if frame.type == web.WSMsgType.TEXT and frame.data.startswith("{"):
                done = self.acked.pop(json.loads(frame.data)["envelope_id"], None)
                if done and not done.done():
                    done.set_result(None)
        return socket


def dm_of(user: str) -> str:
    return f"D{user}"


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        found: Json = await request.json()
        return found
    return {**request.query, **await request.post()}


def command_of(act: Act, number: str, address: str) -> Json:
    """Slack's form fields of a slash command."""
    return {
        "token": "load",
        "team_id": TEAM,
        "team_domain": "load",
        "channel_id": CHANNEL,
        "channel_name": "load",
        "user_id": act.user,
        "user_name": act.user,
        "command": "/rolecall",
        "text": act.text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": f"{address}/respond/{number}",
        "trigger_id": f"{number}.1.load",
    }


def event_of(act: Act, number: str) -> Json:
    """Slack's envelope of a message typed in the conversation with the app."""
    at = f"{1_790_000_000 + int(number)}.000100"
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": act.text}]}
    said = {
        "type": "message",
        "user": act.user,
        "text": act.text,
        "ts": at,
        "event_ts": at,
        "team": TEAM,
        "channel": dm_of(act.user),
        "channel_type": "im",
        "client_msg_id": number,
        "blocks": [{"type": "rich_text", "block_id": "b", "elements": [line]}],
    }
    installed = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}
    return {
        "token": "load",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": said,
        "type": "event_callback",
        "event_id": f"Ev{number}",
        "event_time": int(float(at)),
        "authorizations": [installed],
        "is_ext_shared_channel": False,
        "event_context": number,
    }


Send = Callable[[Act, str], Awaitable[bool]]
"""Sends an act and waits for its acknowledgement; False for any other answer than success."""


def over_socket(platform: Platform) -> Send:
    async def send(act: Act, number: str) -> bool:
        socket, done = platform.socket, asyncio.get_running_loop().create_future()
        if socket is None:
            raise RuntimeError("the app has not connected")
        platform.acked[number] = done
        kind = "slash_commands" if act.is_command else "events_api"
        body = command_of(act, number, platform.address) if act.is_command else event_of(act, number)
        envelope = {"envelope_id": number, "type": kind, "accepts_response_payload": act.is_command, "payload": body}
        await socket.send_str(json.dumps(envelope))
        await done
        return True

    return send


def over_http(platform: Platform, session: ClientSession, port: int) -> Send:
    signer = SignatureVerifier(SECRET)
    address = f"http://127.0.0.1:{port}/slack/events"

    async def send(act: Act, number: str) -> bool:
        kind = "application/x-www-form-urlencoded" if act.is_command else "application/json"
        body = (
            urlencode(command_of(act, number, platform.address))
            if act.is_command
            else json.dumps(event_of(act, number))
        )
        at = str(int(time.time()))
        signature = signer.generate_signature(timestamp=at, body=body) or ""
        headers = {"content-type": kind, "x-slack-request-timestamp": at, "x-slack-signature": signature}
        async with session.post(address, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status == 200

    return send


async def drive(platform: Platform, send: Send, acts: Sequence[Act], in_flight: int) -> tuple[list[float], Json, float]:
    """Seconds to each acknowledgement, when each act was sent, and how long all took. So many at once."""
    todo, took, sent = iter(enumerate(acts)), [], {}
    refused = 0
    begun = perf_counter()

    async def one_after_another() -> None:
        nonlocal refused
        for n, act in todo:
            number = str(n)
            if not act.is_command:
                platform.waiting[dm_of(act.user)].append(number)
            sent[number] = at = perf_counter()
            refused += not await send(act, number)
            took.append(perf_counter() - at)

    await asyncio.gather(*(one_after_another() for _ in range(in_flight)))
    platform.last = perf_counter()
    return took, {"sent": sent, "refused": refused, "begun": begun}, perf_counter() - begun


async def loaded(command: Sequence[str], settings: dict[str, str], mode: Mode, acts: Sequence[Act], in_flight: int) -> Run:
    """Starts an app, sends it the acts, waits until it has replied, and stops it."""
    platform = Platform()
    runner = web.AppRunner(platform.app(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    platform.port = runner.addresses[0][1]
    port = _free_port()
    with tempfile.TemporaryFile() as said:
        own = {"SLACK_LOAD_API": f"{platform.address}/api/", "SLACK_LOAD_PORT": str(port)}
        env = {**os.environ, **{k: v.format(**own) for k, v in settings.items()}}
        app = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=said, stderr=said)  # noqa: ASYNC220
        try:
            async with ClientSession(connector=TCPConnector(limit=in_flight)) as session:
                await _until_up(platform, session, mode, port, app)
                send = over_socket(platform) if mode == "socket" else over_http(platform, session, port)
                took, log, acking = await drive(platform, send, acts, in_flight)
                while len(platform.answered) < len(acts) and perf_counter() - platform.last < QUIET_SECONDS:
                    await asyncio.sleep(0.05)
                memory = _peak(app.pid)
        except BaseException:
            said.seek(0)
            sys.stderr.write(said.read()[-4000:].decode(errors="replace"))
            raise
        finally:
            app.send_signal(signal.SIGTERM)
            try:
                app.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                app.kill()
            await runner.cleanup()
    replies = [at - log["sent"][number] for number, at in platform.answered.items() if number in log["sent"]]
    return Run(took, replies, acking, platform.last - log["begun"], log["refused"], platform.pushes, memory)
