"""Starts a Slack app as a process of its own, sends it commands as Slack would, and measures what comes back."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from typing import Literal
from urllib.parse import urlencode

from aiohttp import ClientConnectionError, ClientSession, TCPConnector
from slack_sdk.signature import SignatureVerifier

from benchmarks._load import PATIENCE, Act, Pace, Run, Send, driven, free_port, running, serving, until_up
from benchmarks._slack_platform import Platform, command_of, dm_of, event_of

Mode = Literal["socket", "http"]

SECRET = "load-test-secret"


def load(command: Sequence[str], settings: Mapping[str, str], mode: Mode, acts: Sequence[Act], pace: Pace) -> Run:
    """Starts an app, sends it the acts, waits for its replies, and stops it.

    In `settings`, environment variables, `{api}` stands for the address of the Web API and `{port}` for the port on
    which requests are to be awaited.
    """
    return asyncio.run(_load(command, settings, mode, acts, pace))


async def _load(
    command: Sequence[str], settings: Mapping[str, str], mode: Mode, acts: Sequence[Act], pace: Pace
) -> Run:
    platform, port = Platform(free_port()), free_port()
    async with (
        serving(platform.app(), platform.port),
        ClientSession(connector=TCPConnector(limit=0)) as session,
    ):
        own = {name: value.format(api=f"{platform.address}/api/", port=port) for name, value in settings.items()}

        async def is_up() -> bool:
            return await _listens(session, port) if mode == "http" else platform.socket is not None

        async with running(command, own) as app:
            await until_up(app, is_up)
            send = _over_socket(platform) if mode == "socket" else _over_http(platform, session, port)
            return await driven(platform, app, acts, _awaited(platform, send), pace)


def _awaited(platform: Platform, send: Send) -> Send:
    """What is typed has no number of its own, so its reply is known by where it comes."""

    async def noting(act: Act, number: str) -> bool:
        if not act.is_command:
            platform.waiting[dm_of(act.user)].append(number)
        return await send(act, number)

    return noting


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


async def _listens(session: ClientSession, port: int) -> bool:
    try:
        async with session.get(f"http://127.0.0.1:{port}/"):
            return True
    except ClientConnectionError:
        return False
