"""The gateway, Discord's side: sessions and their shards, heartbeats, what was missed, connections that come and go."""

from __future__ import annotations

import asyncio
import copy
import json
import zlib
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import discord
from aiohttp import WSCloseCode, WSMsgType, web
from simcord import intents as rules
from simcord.backend import serializers

from tests.discord.world import Json, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 7, 9, 10, 11
BAD_TOKEN, BAD_SHARD, BAD_INTENTS, FORBIDDEN_INTENTS = 4004, 4010, 4013, 4014
REMEMBERED = 10_000
"""Events of a session that are sent again after it was cut off."""


@dataclass(slots=True)
class Session:
    """What one shard has been told; it outlives its connection."""

    id: str
    shard: int
    count: int
    intents: discord.Intents
    sequence: int = 0
    told: deque[Json] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    connection: Connection | None = None

    def tell(self, event: str, data: Json) -> None:
        self.sequence += 1
        frame = {"op": DISPATCH, "t": event, "s": self.sequence, "d": data}
        self.told.append(frame)
        if self.connection is not None:
            self.connection.send(frame)


@dataclass(slots=True, eq=False)
class Connection:
    socket: web.WebSocketResponse
    request: web.Request
    compressed: bool
    outgoing: asyncio.Queue[Json | int] = field(default_factory=asyncio.Queue)
    """Frames, and last a close code."""
    session: Session | None = None
    is_dead: bool = False
    """It stays open, but nothing comes through any more."""

    def send(self, frame: Json | int) -> None:
        self.outgoing.put_nowait(frame)

    async def write(self) -> None:
        deflate = zlib.compressobj()
        while True:
            frame = await self.outgoing.get()
            if self.is_dead:
                continue
            if isinstance(frame, int):
                # not `close`, which while somebody reads cuts the line before the bot could see why
                assert self.socket._writer is not None
                await self.socket._writer.close(frame, b"")
                return
            text = json.dumps(frame)
            with suppress(ConnectionError):
                if self.compressed:
                    data = deflate.compress(text.encode()) + deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(data)
                else:
                    await self.socket.send_str(text)


@dataclass(slots=True)
class Sockets:
    world: World
    token: str
    allowed: discord.Intents
    """The privileged intents that the application has been granted."""
    shards: int
    """How many are advised."""
    beat: float = 41.25
    """Seconds between heartbeats."""
    root: str = ""
    is_shut: bool = False
    """Takes no connection."""
    duplicates: bool = False
    """Tells of everything twice."""
    connections: list[Connection] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    identified: int = 0
    resumed: int = 0

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/gateway", self._link)]

    @property
    def url(self) -> str:
        return f"{self.root.replace('http', 'ws', 1)}/gateway"

    def advice(self) -> Json:
        """As "Get Gateway Bot" says it."""
        starts = {"total": 1000, "remaining": 1000 - self.identified, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.url, "shards": self.shards, "session_start_limit": starts}

    def happened(self, event: str, data: Mapping[str, Any]) -> None:
        """Tells every session whose shard and intents it is for."""
        if event == "GUILD_CREATE":  # a server that the bot has joined, not one that has come back
            data = {key: value for key, value in data.items() if key != "unavailable"}
        for session in self.sessions.values():
            shown = _shown(self.world, session, event, data)
            if shown is not None:
                for _ in range(1 + self.duplicates):
                    session.tell(event, shown)

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if self.is_shut:
            return web.Response(status=503)
        compress = request.query.get("compress", "")
        assert compress in ("", "zlib-stream"), f"this Discord does not speak {compress}"
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket, request, bool(compress))
        self.connections.append(connection)
        writer = asyncio.create_task(connection.write())
        connection.send({"op": HELLO, "d": {"heartbeat_interval": int(self.beat * 1000)}})
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT and not connection.is_dead:
                    self._heard(connection, json.loads(message.data))
        finally:
            writer.cancel()
            self._forget(connection)
        return socket

    def _heard(self, connection: Connection, frame: Json) -> None:
        if frame["op"] == HEARTBEAT:
            connection.send({"op": HEARTBEAT_ACK})
        elif frame["op"] == IDENTIFY:
            self._identify(connection, frame["d"])
        elif frame["op"] == RESUME:
            self._resume(connection, frame["d"])

    def _identify(self, connection: Connection, wish: Json) -> None:
        shard, count = wish.get("shard", (0, 1))
        intents = discord.Intents._from_value(wish["intents"])
        if wish["token"] != self.token:
            connection.send(BAD_TOKEN)
        elif not 0 <= shard < count:
            connection.send(BAD_SHARD)
        elif wish["intents"] & ~discord.Intents.all().value:
            connection.send(BAD_INTENTS)
        elif rules.missing_privileged_intents(intents, self.allowed):
            connection.send(FORBIDDEN_INTENTS)
        else:
            self.identified += 1
            session = Session(f"session-{self.identified}", shard, count, intents, connection=connection)
            self.sessions[session.id] = connection.session = session
            self._greet(session)

    def _greet(self, session: Session) -> None:
        backend = self.world.backend
        guilds = [guild for guild in backend.guilds.values() if (guild.id >> 22) % session.count == session.shard]
        ready = {
            "v": 10,
            "user": dict(serializers.user_payload(backend.bot_user)),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.count],
            "application": {"id": str(backend.application_id), "flags": 0},
        }
        session.tell("READY", ready)
        for guild in guilds:
            payload = serializers.guild_create_payload(backend, guild)
            shown = _shown(self.world, session, "GUILD_CREATE", payload)
            if shown is not None:
                session.tell("GUILD_CREATE", shown)

    def _resume(self, connection: Connection, wish: Json) -> None:
        session = self.sessions.get(wish["session_id"])
        if session is None or wish["token"] != self.token:
            connection.send({"op": INVALID_SESSION, "d": False})
            return
        self.resumed += 1
        if session.connection is not None:
            session.connection.session = None
        session.connection, connection.session = connection, session
        for frame in session.told:
            if frame["s"] > wish["seq"]:
                connection.send(frame)
        session.tell("RESUMED", {})

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            if connection.socket.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY):
                self.sessions.pop(session.id, None)  # the bot has said good-bye

    async def cut(self) -> None:
        """Every connection breaks off without a word."""
        for connection in list(self.connections):
            self._forget(connection)
            if connection.request.transport is not None:
                connection.request.transport.abort()

    async def reconnect(self) -> None:
        """Asks everybody to connect again, as Discord does when a server of its own is stopped."""
        for connection in list(self.connections):
            connection.send({"op": RECONNECT, "d": None})

    async def invalidate(self, resumable: bool) -> None:
        for connection in list(self.connections):
            connection.send({"op": INVALID_SESSION, "d": resumable})
            if connection.session is not None and not resumable:
                self.sessions.pop(connection.session.id, None)

    async def hang_up(self, code: int) -> None:
        for connection in list(self.connections):
            connection.send(code)

    async def die(self) -> None:
        """The connections that are open stay so, but nothing comes through any more: "zombies"."""
        for connection in self.connections:
            connection.is_dead = True

    async def close(self) -> None:
        for connection in list(self.connections):
            await connection.socket.close(code=WSCloseCode.GOING_AWAY)


def _shown(world: World, session: Session, event: str, data: Mapping[str, Any]) -> Json | None:
    """An event as a session may see it; None where it is for another shard, or not among its intents."""
    if _shard_of(event, data, session.count) != session.shard:
        return None
    needed = rules.required_intent(event, data)
    if needed is not None and not getattr(session.intents, needed):
        return None
    shown: Json = copy.deepcopy(dict(data))
    bot = world.backend.bot_user.id
    if event == "GUILD_CREATE":
        rules.prune_guild_create(shown, session.intents, bot)
    if session.intents.message_content:
        return shown
    if event in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
        rules.censor_message(shown, bot, backend=world.backend)
    return shown


def _shard_of(event: str, data: Mapping[str, Any], count: int) -> int:
    """Direct messages are the first shard's."""
    guild = data.get("id") if event in ("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE") else data.get("guild_id")
    return (int(guild) >> 22) % count if guild else 0
