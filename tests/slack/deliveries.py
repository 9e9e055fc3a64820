"""How something reaches the app, by a socket or as a signed request, and how long the app takes to say it has it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from tests.slack.sockets import Sockets
from tests.slack.world import Json

LIMIT = 3.0
"""Seconds within which Slack wants an ack."""
RETRIES = 3


@dataclass(frozen=True, slots=True)
class Ack:
    """What the app said to a delivery."""

    seconds: float
    payload: Json
    """Of the ack; empty for a bare one."""
    status: int = 200
    """Of the HTTP answer; 0 where nothing came at all. A socket's ack is 200."""

    @property
    def ok(self) -> bool:
        """It came, and in time: otherwise the person sees that something went wrong."""
        return self.status == 200 and self.seconds <= LIMIT


@dataclass(slots=True)
class Deliveries:
    sockets: Sockets
    signing_secret: str
    url: str = ""
    """Where the app awaits signed requests; empty: it is reached by sockets."""
    redeliver_after: float = LIMIT
    """Seconds without an ack after which an event is sent again."""
    patience: float = 10.0
    """Seconds after which Slack gives an ack up."""
    acks: list[Ack] = field(default_factory=list)
    in_flight: int = 0
    session: aiohttp.ClientSession | None = None
    _number: int = 0

    @property
    def late(self) -> list[Ack]:
        """What came after three seconds, or never."""
        return [ack for ack in self.acks if not ack.ok]

    async def deliver(self, kind: str, payload: Json) -> Ack:
        """`kind` as in Socket Mode: slash_commands, events_api or interactive."""
        self.in_flight += 1
        try:
            ack = await (self._by_http(kind, payload) if self.url else self._by_socket(kind, payload))
            self.acks.append(ack)
            return ack
        finally:
            self.in_flight -= 1

    async def _by_socket(self, kind: str, payload: Json) -> Ack:
        self._number += 1
        envelope = f"00000000-0000-4000-8000-{self._number:012d}"
        attempts = RETRIES + 1 if kind == "events_api" else 1
        started = time.monotonic()
        for attempt in range(attempts):
            waiting = await self.sockets.send(kind, payload, envelope, attempt=attempt)
            if attempt == 0:
                started = time.monotonic()
            seconds = self.redeliver_after if attempt < attempts - 1 else self.patience
            try:
                answer = await asyncio.wait_for(asyncio.shield(waiting), seconds)
            except TimeoutError:
                continue
            return Ack(time.monotonic() - started, answer)
        return Ack(time.monotonic() - started, {}, 0)

    async def _by_http(self, kind: str, payload: Json) -> Ack:
        body, content = encoded(kind, payload)
        attempts = RETRIES + 1 if kind == "events_api" else 1
        ack = Ack(0.0, {}, 0)
        for attempt in range(attempts):
            headers = signed(self.signing_secret, body, content)
            if attempt:
                reason = "http_timeout" if ack.status in (0, 200) else "http_error"
                headers |= {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": reason}
            ack = await self.post(body, headers)
            if self.sockets.duplicates:
                await self.post(body, headers)
            if ack.ok:
                return ack
        return ack

    async def post(self, body: bytes, headers: dict[str, str]) -> Ack:
        """One request to the app as it is, with no further try."""
        assert self.session is not None
        started = time.monotonic()
        limit = aiohttp.ClientTimeout(total=self.patience)
        try:
            async with self.session.post(self.url, data=body, headers=headers, timeout=limit) as answer:
                text = await answer.text()
                seconds = time.monotonic() - started
                return Ack(seconds, _payload(text, answer.content_type), answer.status)
        except (aiohttp.ClientError, TimeoutError):
            return Ack(time.monotonic() - started, {}, 0)


def _payload(text: str, content_type: str) -> Json:
    if not text.strip():
        return {}
    if content_type == "application/json":
        found = json.loads(text)
        return found if isinstance(found, dict) else {"text": text}
    return {"text": text}


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    """The body of a request and its type: commands and interactions are forms, events are JSON."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def signed(secret: str, body: bytes, content_type: str, *, at: float | None = None) -> dict[str, str]:
    """The headers of a request that Slack signs (version v0); `at`: seconds since 1970, None for now."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"content-type": content_type, "x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}
