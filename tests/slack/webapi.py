"""Slack's Web API over HTTP: tokens, scopes, limits and faults around the methods, and the addresses beside them."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from tests.slack import chat, directory, views
from tests.slack.api import Api, ApiError, Method, Rules
from tests.slack.faults import Fault, Faults, Limits
from tests.slack.validation import SlackRefusesError
from tests.slack.world import Json, Message, Team, World

METHODS: dict[str, Method] = {**chat.METHODS, **views.METHODS, **directory.METHODS}
_AS_JSON = {"blocks", "view", "metadata", "files"}
"""Arguments that are JSON also within a form."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the app's."""

    method: str
    """Such as "chat.postMessage"; "response_url" for what was sent to one."""
    arguments: Mapping[str, Any]
    at: datetime
    answer: Json
    """As the app would have got it; `error` says what was wrong."""

    @property
    def error(self) -> str:
        return str(self.answer.get("error", ""))


@dataclass(slots=True)
class WebApi:
    world: World
    rules: Rules
    scopes: frozenset[str]
    app_token: str
    open_socket: Callable[[], str]
    """Gives the address of a new Socket Mode connection."""
    posted: Callable[[Message], None]
    changed: Callable[[Message], None]
    faults: Faults = field(default_factory=Faults)
    limits: Limits = field(default_factory=Limits)
    calls: list[Call] = field(default_factory=list)
    refusals: list[SlackRefusesError] = field(default_factory=list)
    """What the validator refused."""
    root: str = ""
    at_work: int = 0
    """Requests that are being answered."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/api/{method}", self._api),
            web.post("/upload/v1/{file}", self._upload),
            web.post("/respond/{id}", self._respond),
        ]

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        token = str(arguments.pop("token", "")) or request.headers.get("authorization", "").removeprefix("Bearer ")
        return await self._answered(request, method, arguments, lambda: self._run(method, arguments, token))

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        sent = await _arguments(request)

        def run() -> Json:
            message = chat.respond(self.world, self.rules, request.match_info["id"], sent)
            if message is not None:
                self.changed(message)
            return {"ok": True}

        return await self._answered(request, "response_url", sent, run)

    async def _answered(
        self, request: web.Request, method: str, arguments: Json, run: Callable[[], Json]
    ) -> web.StreamResponse:
        self.at_work += 1
        try:
            fault = self.faults.take(method, arguments)
            if fault is None:
                answer = self._outcome(fault, run)
            elif fault.after_effect:
                answer = self._outcome(fault, run)
                await asyncio.sleep(fault.slow)
            else:
                await asyncio.sleep(fault.slow)
                answer = self._outcome(fault, run)
            self.calls.append(Call(method, arguments, self.world.clock(), answer))
            return self._sent(request, method, fault, answer)
        finally:
            self.at_work -= 1

    def _outcome(self, fault: Fault | None, run: Callable[[], Json]) -> Json:
        if fault is None or fault.after_effect or not (fault.error or fault.status or fault.cut or _is_limit(fault)):
            try:
                return run()
            except ApiError as refused:
                return refused.answer
            except SlackRefusesError as refused:
                self.refusals.append(refused)
                said = f"{refused.why} [json-pointer:{refused.where}]"
                more = {"errors": [said], "response_metadata": {"messages": [f"[ERROR] {said}"]}}
                return {"ok": False, "error": refused.code, **more}
        if fault.cut or fault.status:
            return {"ok": False, "error": "cut" if fault.cut else f"status {fault.status}"}
        return {"ok": False, "error": fault.error or "ratelimited"}

    def _sent(self, request: web.Request, method: str, fault: Fault | None, answer: Json) -> web.StreamResponse:
        if fault is not None and fault.cut and request.transport is not None:
            request.transport.abort()
            raise ConnectionResetError
        if fault is not None and fault.status:
            return web.Response(status=fault.status, text="upstream error", content_type="text/html")
        if fault is not None and _is_limit(fault):
            return _limited(fault.retry_after or 0)
        if fault is not None and fault.after_effect and fault.error:
            answer = {"ok": False, "error": fault.error}
        if answer.get("error") == "ratelimited":
            return _limited(answer.get("retry_after", 1))
        if method == "response_url":
            status = 200 if answer["ok"] else 404 if answer["error"] in ("expired_url", "used_url") else 400
            return web.Response(status=status, text="ok") if answer["ok"] else web.json_response(answer, status=status)
        headers = {"x-oauth-scopes": ",".join(sorted(self.scopes)), "x-slack-req-id": str(len(self.calls))}
        return web.json_response(answer, headers=headers)

    def _run(self, method: str, arguments: Json, token: str) -> Json:
        if not token:
            raise ApiError("not_authed")
        if method == "apps.connections.open":
            return self._connection(token)
        team = self._team(token)
        if method not in METHODS:
            raise ApiError("unknown_method", req_method=method)
        channel = str(arguments.get("channel", ""))
        if wait := self.limits.seconds_to_wait(method, team.id, channel):
            raise ApiError("ratelimited", retry_after=wait)
        api = Api(self.world, self.rules, team, self.scopes, self.root, self.posted, self.changed)
        return METHODS[method](api, arguments)

    def _connection(self, token: str) -> Json:
        if token != self.app_token:
            raise ApiError("not_allowed_token_type" if token.startswith("xoxb-") else "invalid_auth")
        if wait := self.limits.seconds_to_wait("apps.connections.open", "", ""):
            raise ApiError("ratelimited", retry_after=wait)
        return {"ok": True, "url": self.open_socket()}

    def _team(self, token: str) -> Team:
        team = self.world.team_of(token)
        if team is None:
            raise ApiError("not_allowed_token_type" if token == self.app_token else "invalid_auth")
        if team.gone:
            raise ApiError("token_revoked")
        return team

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        self.at_work += 1
        try:
            return await self._stored(request)
        finally:
            self.at_work -= 1

    async def _stored(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()
        fault = self.faults.take("upload", {"file": request.match_info["file"]})
        if fault is not None and fault.slow:
            await asyncio.sleep(fault.slow)
        if fault is not None and fault.cut and request.transport is not None:
            request.transport.abort()
            raise ConnectionResetError
        file = self.world.files.get(request.match_info["file"])
        if file is None or (fault is not None and fault.status):
            return web.Response(status=fault.status if fault else 404, text="no")
        if request.content_type.startswith("multipart/"):
            return web.Response(status=400, text="send the bytes as they are")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")


def _is_limit(fault: Fault) -> bool:
    return fault.retry_after is not None


def _limited(seconds: float) -> web.Response:
    answer = {"ok": False, "error": "ratelimited"}
    return web.json_response(answer, status=429, headers={"Retry-After": str(math.ceil(seconds))})


async def _arguments(request: web.Request) -> Json:
    """Of the query, a form or JSON, without the values that are not there."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        found |= json.loads(await request.read() or b"{}")
    elif request.can_read_body:
        found |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    for name in _AS_JSON & found.keys():
        if isinstance(found[name], str):
            found[name] = json.loads(found[name])
    found.pop("team_id", None)  # Bolt adds it to every call
    return {name: value for name, value in found.items() if value is not None}
