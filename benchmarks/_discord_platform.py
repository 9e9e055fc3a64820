"""Discord as a load test needs it: a gateway that tells of interactions, and a REST API that answers at once.

Leaner than the local Discord of the tests, which validates every message and would be the slower side.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter, time_ns
from typing import Any

from aiohttp import web

from adapters.discord import ids
from benchmarks._load import Act
from bot.door.intents import SubmitAnswer

Json = dict[str, Any]

TOKEN = "load.test.token"
PREFIX = "/api/v10"
EPOCH_MS = 1_420_070_400_000
APP, BOT, GUILD, CHANNEL, OWNER, COMMAND = (str(10**17 + n) for n in range(1, 7))
USERS, CONVERSATIONS = 2 * 10**17, 3 * 10**17
"""Where the ids of members, and of their conversations with the bot, begin."""
JSON = {"Content-Type": "application/json"}
FORM = ids.form("00", SubmitAnswer())
"""What a form carries in which an answer is written."""

_BOT = {"id": BOT, "username": "rolecall", "discriminator": "0", "global_name": None, "avatar": None, "bot": True}
_GUILD = {
    "id": GUILD,
    "name": "Load",
    "owner_id": OWNER,
    "roles": [{"id": GUILD, "name": "@everyone", "permissions": "0", "position": 0, "color": 0, "hoist": False}],
    "channels": [{"id": CHANNEL, "type": 0, "name": "load", "position": 0, "permission_overwrites": []}],
    "members": [],
    "threads": [],
    "emojis": [],
    "stickers": [],
    "features": [],
    "member_count": 2,
    "unavailable": False,
    "verification_level": 0,
    "default_message_notifications": 0,
    "explicit_content_filter": 0,
    "mfa_level": 0,
    "premium_tier": 0,
    "nsfw_level": 0,
    "system_channel_flags": 0,
    "preferred_locale": "en-GB",
    "afk_timeout": 300,
}
_MESSAGE: Json = {
    "author": _BOT,
    "content": "",
    "timestamp": "2026-11-23T08:00:00+00:00",
    "edited_timestamp": None,
    "tts": False,
    "mention_everyone": False,
    "mentions": [],
    "mention_roles": [],
    "attachments": [],
    "embeds": [],
    "components": [],
    "pinned": False,
    "type": 0,
    "flags": 0,
}


def user_of(number: int) -> str:
    return str(USERS + number)


@dataclass
class Platform:
    port: int
    answered: dict[str, float] = field(default_factory=dict)
    """When the reply to an act came, by the act's number."""
    acked: dict[str, asyncio.Future[bool]] = field(default_factory=dict)
    """Whether the first response to an act was one that Discord takes, by the act's number."""
    pushes: int = 0
    is_ready: bool = False
    """Whether the bot's session has begun."""
    serial: Iterator[int] = field(default_factory=itertools.count)
    _socket: web.WebSocketResponse | None = None
    _deflate: Any = None
    _sequence: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/gateway", self.gateway)
        app.router.add_post(PREFIX + "/interactions/{id}/{token}/callback", self.callback)
        app.router.add_patch(PREFIX + "/webhooks/{app}/{token}/messages/{message}", self.filled)
        app.router.add_post(PREFIX + "/webhooks/{app}/{token}", self.followed)
        app.router.add_post(PREFIX + "/channels/{channel}/messages", self.posted)
        app.router.add_route("*", PREFIX + "/{path:.*}", self.other)
        return app

    async def callback(self, request: web.Request) -> web.Response:
        response = json.loads(await request.read())
        waiting = self.acked.pop(request.match_info["token"], None)
        if waiting is None:
            return _answer({"code": 40060, "message": "Interaction has already been acknowledged."}, 400)
        waiting.set_result(response["type"] in (4, 5, 6, 7, 9))
        if response["type"] in (4, 7, 9):
            self._reply(request)
        about = {"id": request.match_info["id"], "type": 2, "response_message_id": None}
        return _answer({"interaction": {**about, "response_message_loading": True}})

    async def filled(self, request: web.Request) -> web.Response:
        await request.read()
        self._reply(request)
        return self._message(CHANNEL)

    async def followed(self, request: web.Request) -> web.Response:
        await request.read()
        return self._message(CHANNEL)

    async def posted(self, request: web.Request) -> web.Response:
        await request.read()
        self.pushes += 1
        return self._message(request.match_info["channel"])

    async def other(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read() or b"null")
        match request.method, request.match_info["path"].split("/"):
            case _, ["users", "@me"]:
                return _answer(_BOT)
            case "GET", ["users", "@me", "guilds"]:
                return _answer([{**_GUILD, "owner": False, "features": [], "icon": None}])
            case _, ["oauth2", "applications", "@me"]:
                known = {"id": APP, "name": "rolecall", "icon": None, "description": "", "bot_public": True, "flags": 0}
                return _answer(known | {"bot_require_code_grant": False, "verify_key": "0", "owner": _BOT})
            case _, ["gateway", "bot"]:
                starts = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
                url = f"ws://127.0.0.1:{self.port}/gateway"
                return _answer({"url": url, "shards": 1, "session_start_limit": starts})
            case "PUT", ["applications", _, "commands"]:
                return _answer([{**c, "id": COMMAND, "application_id": APP, "version": "1"} for c in body])
            case "GET", ["applications", _, "commands"]:
                return _answer([])
            case "POST", ["users", "@me", "channels"]:
                user = int(body["recipient_id"])
                known = {"id": str(user), "username": "m", "discriminator": "0", "avatar": None}
                return _answer({"id": str(user - USERS + CONVERSATIONS), "type": 1, "recipients": [known]})
        return _answer({"code": 0, "message": "404: Not Found"}, 404)

    def _reply(self, request: web.Request) -> None:
        self.answered.setdefault(request.match_info["token"], perf_counter())

    def _message(self, channel: str) -> web.Response:
        return _answer({**_MESSAGE, "id": str(10**18 + next(self.serial)), "channel_id": channel})

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        self._socket = socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        self._deflate = zlib.compressobj(1) if request.query.get("compress") == "zlib-stream" else None
        await self._send({"op": 10, "d": {"heartbeat_interval": 41_250}})
        async for frame in socket:
            match json.loads(frame.data)["op"]:
                case 1:
                    await self._send({"op": 11})
                case 2:
                    session = {"session_id": "load", "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway"}
                    own = {
                        "v": 10,
                        "shard": [0, 1],
                        "user": _BOT,
                        "guilds": [{"id": GUILD, "unavailable": True}],
                        **session,
                    }
                    await self.tell("READY", {**own, "application": {"id": APP, "flags": 0}})
                    await self.tell("GUILD_CREATE", _GUILD)
                    self.is_ready = True
        return socket

    async def tell(self, event: str, data: Json) -> None:
        self._sequence += 1
        await self._send({"op": 0, "t": event, "s": self._sequence, "d": data})

    async def _send(self, frame: Json) -> None:
        if self._socket is None:
            raise RuntimeError("the app has no connection")
        text = json.dumps(frame)
        if self._deflate is None:
            await self._socket.send_str(text)
        else:
            # both halves at once: the stream of one connection is one
            packed = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
            await self._socket.send_bytes(packed)


def interaction(act: Act, number: str) -> Json:
    """A slash command in the channel, or an answer that was written into a form; its token is its number."""
    at = ((time_ns() // 10**6 - EPOCH_MS) << 22) + int(number) % (1 << 22)
    known = {"id": act.user, "username": act.user, "discriminator": "0", "global_name": None, "avatar": None}
    member = {"user": known, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "permissions": "2147483648"}
    return {
        "id": str(at),
        "application_id": APP,
        "type": 2 if act.is_command else 5,
        "token": number,
        "version": 1,
        "guild_id": GUILD,
        "channel_id": CHANNEL,
        "channel": {"id": CHANNEL, "type": 0, "name": "load", "guild_id": GUILD, "permissions": "0"},
        "member": member | {"deaf": False, "mute": False, "flags": 0, "nick": None, "avatar": None},
        "data": _command(act.text) if act.is_command else _form(act.text),
        "locale": "en-GB",
        "guild_locale": "en-GB",
        "app_permissions": "0",
        "entitlements": [],
        "authorizing_integration_owners": {},
        "context": 0,
        "attachment_size_limit": 10_485_760,
    }


def _command(path: str) -> Json:
    return {"id": COMMAND, "name": "rolecall", "type": 1, "options": [{"name": path, "type": 1, "options": []}]}


def _form(answer: str) -> Json:
    written = {"type": 4, "id": 2, "custom_id": "answer", "value": answer}
    return {"custom_id": FORM, "components": [{"type": 18, "id": 1, "component": written}]}


def _answer(said: Any, status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(said).encode(), status=status, headers=JSON | {"Via": "1.1 google"})
