"""Discord's REST API over HTTP: tokens, faults, files and errors around what the world does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from aiohttp import web
from simcord.backend.errors import BackendError
from simcord.http.router import RouteNotImplemented, UnsupportedField

from tests.discord import validation
from tests.discord.faults import Fault, Faults, as_json
from tests.discord.world import Json, World

PREFIX = "/api/v10"
UNKNOWN_INTERACTION = 10062


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot's."""

    method: str
    path: str
    """Such as "/channels/1/messages"."""
    body: Any
    at: datetime
    status: int
    """0: the connection was cut."""
    code: int = 0
    """Discord's own number for what was wrong."""

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class Upload:
    """A file of a request, as simcord reads it."""

    fp: BytesIO
    filename: str
    description: str | None


@dataclass(slots=True)
class Rest:
    world: World
    token: str
    flags: int
    """Of the application: which privileged intents it may have."""
    gateway: Callable[[], Json]
    """What is said about the gateway."""
    answered: Callable[[int], None]
    """Told of each interaction that got its first response, or whose response came too late."""
    faults: Faults = field(default_factory=Faults)
    calls: list[Call] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    """What Discord would not have taken."""
    at_work: int = 0
    """Requests that are being answered."""

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", PREFIX + "/{path:.*}", self._api)]

    async def _api(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        self.at_work += 1
        try:
            body, files = await _content(request)
            fault = self.faults.take(request.method, path, body if isinstance(body, dict) else {}) or Fault("")
            if not fault.after_effect:
                await asyncio.sleep(fault.slow)
            answer = None
            if fault.after_effect or not fault.refuses:
                answer = self._done(request, path, body, files)
            if fault.after_effect:
                await asyncio.sleep(fault.slow)
            return answer if answer is not None and not fault.refuses else self._failed(request, path, body, fault)
        finally:
            self.at_work -= 1

    def _failed(self, request: web.Request, path: str, body: Any, fault: Fault) -> web.StreamResponse:
        self._note(request, path, body, 0 if fault.cut else fault.status, fault.code)
        if fault.cut and request.transport is not None:
            request.transport.abort()
            return web.Response()
        return fault.answer()

    def _done(self, request: web.Request, path: str, body: Any, files: list[Upload]) -> web.Response:
        try:
            answer = self._run(request, path, body, files)
        except BackendError as refused:
            if refused.code == 50035 or isinstance(refused, RouteNotImplemented | UnsupportedField):
                self.refusals.append(f"{request.method} {path}: {refused.message} {refused.errors or ''}")
            self._note(request, path, body, refused.status, refused.code)
            if refused.code == UNKNOWN_INTERACTION and path.startswith("/interactions/"):
                self.answered(int(path.split("/")[2]))
            return as_json(refused.to_json(), refused.status)
        except Exception as error:  # what simcord does not foresee is no answer of Discord's
            self.refusals.append(f"{request.method} {path}: {error!r}")
            raise
        status = 204 if answer is None else 200
        self._note(request, path, body, status, 0)
        return web.Response(status=204) if answer is None else as_json(answer)

    def _note(self, request: web.Request, path: str, body: Any, status: int, code: int) -> None:
        self.calls.append(Call(request.method, path, body, self.world.clock(), status, code))

    def _run(self, request: web.Request, path: str, body: Any, files: list[Upload]) -> Any:
        by_token = path.startswith(("/interactions/", "/webhooks/"))
        if not by_token and request.headers.get("Authorization") != f"Bot {self.token}":
            raise BackendError(401, 0, "401: Unauthorized")
        if path == "/gateway/bot":
            return self.gateway()
        validation.check(request.method, path, body, [file.filename for file in files])
        read = "/oauth2/applications/@me" if path == "/applications/@me" else path
        answer = self.world.call(request.method, read, body, request.query, files)
        if read == "/oauth2/applications/@me":
            return answer | {"flags": self.flags}
        if path.startswith("/interactions/"):
            self.answered(int(path.split("/")[2]))
            return answer if request.query.get("with_response") in ("1", "true") else None
        is_follow_up = path.startswith("/webhooks/") and request.method == "POST"
        return None if is_follow_up and request.query.get("wait") not in ("1", "true") else answer


async def _content(request: web.Request) -> tuple[Any, list[Upload]]:
    """What a request says, and the files that come along, each with its description."""
    if not request.content_type.startswith("multipart/"):
        text = await request.text()
        return (json.loads(text) if text else {}), []
    form = await request.post()
    body = json.loads(str(form.get("payload_json", "{}")))
    said: Mapping[str, Any] = body.get("data") or body
    described = {str(known["id"]): known.get("description") for known in said.get("attachments") or []}
    files = []
    for name, part in form.items():
        if isinstance(part, web.FileField):
            number = name.removeprefix("files[").removesuffix("]")
            files.append(Upload(BytesIO(part.file.read()), part.filename, described.get(number)))
    return body, files
