"""Starts a Slack app as a process of its own, sends it commands as Slack would, and measures what comes back."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Literal
from urllib.parse import urlencode

from aiohttp import ClientConnectionError, ClientSession, TCPConnector, web
from slack_sdk.signature import SignatureVerifier

from benchmarks._slack_platform import Act, Platform, command_of, dm_of, event_of

Mode = Literal["socket", "http"]

SECRET = "load-test-secret"
START_SECONDS = 60.0
STOP_SECONDS = 30.0
PATIENCE = 30.0
"""Seconds; Slack itself has three."""
SILENCE = 20.0
"""Seconds without a further reply after which no more are waited for."""

Send = Callable[[Act, str], Awaitable[bool]]
"""Sends an act and waits for its acknowledgement; False for any other answer than success."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast acts come."""

    in_flight: int
    """At most so many are not acknowledged."""
    a_second: float = 0.0
    """At most; 0: as fast as they are acknowledged."""
    until_replied: bool = False
    """Whether the next also waits for the reply; only with one in flight."""


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
    """Messages that nobody asked for just then: reminders."""
    memory: float
    """Megabytes of the app at its largest; 0 where the system does not tell."""


def load(command: Sequence[str], settings: Mapping[str, str], mode: Mode, acts: Sequence[Act], pace: Pace) -> Run:
    """Starts an app, sends it the acts, waits for its replies, and stops it.

    In `settings`, environment variables, `{api}` stands for the address of the Web API and `{port}` for the port on
    which requests are to be awaited.
    """
    return asyncio.run(_load(command, settings, mode, acts, pace))


async def _load(
    command: Sequence[str], settings: Mapping[str, str], mode: Mode, acts: Sequence[Act], pace: Pace
) -> Run:
    platform, port = Platform(_free_port()), _free_port()
    async with _serving(platform), ClientSession(connector=TCPConnector(limit=0)) as session:
        own = {name: value.format(api=f"{platform.address}/api/", port=port) for name, value in settings.items()}
        async with _running(command, own) as app:
            await _up(app, platform, session, port if mode == "http" else None)
            send = _over_socket(platform) if mode == "socket" else _over_http(platform, session, port)
            sent: dict[str, float] = {}
            acks: list[float] = []
            todo, refused, begun = iter(enumerate(acts)), 0, perf_counter()

            async def one_after_another() -> None:
                nonlocal refused
                for n, act in todo:
                    if pace.a_second:
                        await asyncio.sleep(begun + n / pace.a_second - perf_counter())
                    number = str(n)
                    if not act.is_command:
                        platform.waiting[dm_of(act.user)].append(number)
                    sent[number] = at = perf_counter()
                    refused += not await send(act, number)
                    acks.append(perf_counter() - at)
                    if pace.until_replied:
                        await _silent(platform, n + 1)

            await asyncio.gather(*(one_after_another() for _ in range(pace.in_flight)))
            acking = perf_counter() - begun
            await _silent(platform, len(acts))
            memory = _largest(app)
    replies = [at - sent[number] for number, at in platform.answered.items()]
    replying = max(platform.answered.values(), default=begun) - begun
    return Run(acks, replies, acking, replying, refused, platform.pushes, memory)


def _over_socket(platform: Platform) -> Send:
    async def send(act: Act, number: str) -> bool:
        if platform.socket is None:
            raise RuntimeError("the app has no connection")
        done = platform.acked[number] = asyncio.get_running_loop().create_future()
        kind = "slash_commands" if act.is_command else "events_api"
        body = command_of(act, number, platform.address) if act.is_command else event_of(act, number)
        envelope = {"envelope_id": number, "type": kind, "accepts_response_payload": act.is_command, "payload": body}
        await platform.socket.send_str(json.dumps(envelope))
        try:
            await asyncio.wait_for(done, PATIENCE)
        except TimeoutError:
            return False
        return True

    return send


def _over_http(platform: Platform, session: ClientSession, port: int) -> Send:
    signer, address = SignatureVerifier(SECRET), f"http://127.0.0.1:{port}/slack/events"

    async def send(act: Act, number: str) -> bool:
        if act.is_command:
            kind, body = "application/x-www-form-urlencoded", urlencode(command_of(act, number, platform.address))
        else:
            kind, body = "application/json", json.dumps(event_of(act, number))
        at = str(int(time.time()))
        signature = signer.generate_signature(timestamp=at, body=body) or ""
        headers = {"content-type": kind, "x-slack-request-timestamp": at, "x-slack-signature": signature}
        async with session.post(address, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status == 200

    return send


async def _silent(platform: Platform, acts: int) -> None:
    """Waits until every act has its reply, or none has come for a while."""
    replied, since = -1, perf_counter()
    while len(platform.answered) < acts and perf_counter() - since < SILENCE:
        if len(platform.answered) > replied:
            replied, since = len(platform.answered), perf_counter()
        await asyncio.sleep(0.002)


@asynccontextmanager
async def _serving(platform: Platform) -> AsyncIterator[None]:
    runner = web.AppRunner(platform.app(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", platform.port).start()
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _running(command: Sequence[str], settings: Mapping[str, str]) -> AsyncIterator[Process]:
    """The app; what it said is shown where something goes wrong."""
    with tempfile.TemporaryFile() as said:
        nothing = asyncio.subprocess.DEVNULL
        app = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **settings}, stdin=nothing, stdout=said, stderr=said
        )
        try:
            yield app
        except BaseException:
            said.seek(0)
            sys.stderr.write(said.read()[-4000:].decode(errors="replace"))
            raise
        finally:
            if app.returncode is None:
                app.terminate()
            try:
                await asyncio.wait_for(app.wait(), STOP_SECONDS)
            except TimeoutError:
                app.kill()
                await app.wait()


async def _up(app: Process, platform: Platform, session: ClientSession, port: int | None) -> None:
    """Waits until the app has connected, or takes connections at a port."""
    end = perf_counter() + START_SECONDS
    while app.returncode is None and perf_counter() < end:
        if port is None and platform.socket is not None:
            return
        if port is not None:
            try:
                async with session.get(f"http://127.0.0.1:{port}/"):
                    return
            except ClientConnectionError:
                pass
        await asyncio.sleep(0.05)
    raise RuntimeError("the app did not start")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _largest(app: Process) -> float:
    status = Path(f"/proc/{app.pid}/status")
    if not status.exists():
        return 0.0
    return int(status.read_text(encoding="utf-8").partition("VmHWM:")[2].split()[0]) / 1024
