"""Slack as a load test needs it: it answers the Web API at once, takes replies in, and words commands as Slack does.

Leaner than the local Slack of the tests, which validates every block and would be the slower side.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from aiohttp import web

from benchmarks._load import Act

Json = dict[str, Any]

TEAM, BOT, APP, CHANNEL = "T0LOAD0001", "U0LOADBOT1", "A0LOADAPP1", "C0LOAD0001"


@dataclass
class Platform:
    port: int
    answered: dict[str, float] = field(default_factory=dict)
    """When the reply to an act came, by the act's number."""
    waiting: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    """The acts of a conversation that have no reply yet, oldest first."""
    acked: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    socket: web.WebSocketResponse | None = None
    pushes: int = 0
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
        self.answered.setdefault(act, perf_counter())

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
