"""Socket Mode, Slack's side: hello, envelopes and their acks, connections that come and go."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.slack.world import APP, Json

HELLO = {"type": "hello", "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060}}


@dataclass(slots=True)
class Sockets:
    root: str = ""
    duplicates: bool = False
    """Sends every envelope twice."""
    is_shut: bool = False
    """Takes no connection, and uses up the address of whoever tries."""
    connections: list[web.WebSocketResponse] = field(default_factory=list)
    opened: int = 0
    """How many connections there have been."""
    _requests: dict[web.WebSocketResponse, web.Request] = field(default_factory=dict)
    _tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _connected: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: int = 0

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/link", self._link)]

    def ticket(self) -> str:
        """The address of one more connection, good once."""
        ticket = f"t{len(self._tickets) + self.opened}"
        self._tickets.add(ticket)
        return f"{self.root.replace('http', 'ws', 1)}/link?ticket={ticket}"

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        is_good = ticket in self._tickets and not self.is_shut
        self._tickets.discard(ticket)
        if not is_good:
            return web.Response(status=401)
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        self.opened += 1
        self.connections.append(socket)
        self._requests[socket] = request
        await socket.send_json(HELLO | {"num_connections": len(self.connections), "connection_info": {"app_id": APP}})
        await socket.ping(b"Ping from applink-1")
        self._connected.set()
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            self._forget(socket)
        return socket

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self.connections:
            self.connections.remove(socket)
        self._requests.pop(socket, None)
        if not self.connections:
            self._connected.clear()

    def _acknowledged(self, ack: Json) -> None:
        waiting = self._waiting.pop(ack.get("envelope_id", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(ack.get("payload") or {})

    async def send(self, kind: str, payload: Json, envelope: str, *, attempt: int = 0) -> asyncio.Future[Json]:
        """Sends an envelope as soon as there is a connection; the ack's payload comes later."""
        frame: dict[str, Any] = {
            "envelope_id": envelope,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            frame |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        waiting = self._waiting.get(envelope)
        if waiting is None:
            waiting = self._waiting[envelope] = asyncio.get_running_loop().create_future()
        text = json.dumps(frame)
        while True:
            await self._connected.wait()
            self._turn += 1
            socket = self.connections[self._turn % len(self.connections)]
            try:
                await socket.send_str(text)
                if self.duplicates:
                    await socket.send_str(text)
            except (ConnectionError, RuntimeError):
                self._forget(socket)
            else:
                return waiting

    async def disconnect(self, reason: str) -> None:
        """Says that connections end: "warning", "refresh_requested" or "link_disabled"."""
        for socket in list(self.connections):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})

    async def cut(self) -> None:
        """Every connection breaks off without a word."""
        for socket in list(self.connections):
            transport = self._requests[socket].transport
            self._forget(socket)
            if transport is not None:
                transport.abort()

    async def close(self) -> None:
        for socket in list(self.connections):
            await socket.close()
