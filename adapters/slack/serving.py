"""Serves a Slack app until it is stopped, by Socket Mode or by signed HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp
import structlog
from aiohttp import web as http
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.slack import forms, refusals, web
from adapters.slack.app import SlackApp
from adapters.slack.installation import Installation
from adapters.slack.manifest import PATH
from adapters.slack.teams import refused
from bot.errors import RolecallError

log = structlog.get_logger()

FINISHING = 8.0
"""Seconds in which work in hand may be finished at the end: less than supervisors give a whole program, which is 10."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between attempts to reach Slack at the start."""
PING = 5.0
"""Seconds between two signs of life on a socket."""
ADDRESS_SECONDS = 20.0
"""How long one address of a socket is tried. Slack's are good once, and not for long."""


async def serve(app: SlackApp, installation: Installation, *, ready: Callable[[], None] = lambda: None) -> None:
    """Until cancelled; then what is being worked on is finished. `ready` is called once events can come.

    Raises RolecallError where Slack does not let it in, or the port is taken. A Slack that cannot be reached is tried
    again.
    """
    try:
        async with _open(app, installation):
            ready()
            await asyncio.Event().wait()
    finally:
        await app.close()


def _open(app: SlackApp, installation: Installation) -> AbstractAsyncContextManager[None]:
    if installation.app_token:
        return _socket(app, installation)
    if installation.signing_secret:
        return _requests(app, installation)
    raise RolecallError(
        "Slack cannot reach me. Set ROLECALL_SLACK_APP_TOKEN for Socket Mode, or ROLECALL_SLACK_SIGNING_SECRET for "
        "signed HTTP (docs/slack.md)."
    )


@asynccontextmanager
async def _socket(app: SlackApp, installation: Installation) -> AsyncIterator[None]:
    is_closing = False
    in_hand: set[asyncio.Task[None]] = set()

    async def received(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if is_closing:  # not acknowledged: Slack sends it again, to whoever is there then
            return
        task = asyncio.create_task(acknowledged(client, request))
        in_hand.add(task)
        task.add_done_callback(in_hand.discard)

    async def acknowledged(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        answer = await app.bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=request.payload))
        if answer.status != 200:
            log.warning("slack_payload_unhandled", kind=request.type, status=answer.status)
        if answer.status >= 500:  # Slack sends it again
            return
        payload = json.loads(answer.body) if answer.body.startswith("{") else None
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    client = _Client(
        installation.app_token, web_client=web.reading(installation, installation.app_token), ping_interval=PING
    )
    client.socket_mode_request_listeners.append(received)
    try:
        client.wss_uri = await _address(client)
        await client.connect()
        yield
    finally:
        is_closing = True
        await _finish(app)
        if in_hand:  # a form waits for what it is to say
            await asyncio.wait(in_hand, timeout=forms.SECONDS)
        await client.close()  # type: ignore[no-untyped-call]


class _Client(SocketModeClient):
    """Asks for another address where one does not work: slack_sdk would try it for ever, and nobody be heard."""

    async def connect(self) -> None:
        while not self.closed:
            try:
                async with asyncio.timeout(ADDRESS_SECONDS):
                    await super().connect()  # type: ignore[no-untyped-call]
                    return
            except TimeoutError:
                with contextlib.suppress(RolecallError):  # a token that was taken back may be given back
                    self.wss_uri = await _address(self)


async def _address(client: SocketModeClient) -> str:
    """Where the socket is. RolecallError where Slack does not let us in; asked again while it cannot be reached."""
    wait = FIRST_WAIT
    while True:
        try:
            return await client.issue_new_wss_url()
        except SlackApiError as error:
            if said := refused("ROLECALL_SLACK_APP_TOKEN", refusals.code(error)):
                raise said from error
        except (aiohttp.ClientError, TimeoutError):
            pass
        log.warning("slack_not_reached", again_in=wait)
        await asyncio.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


@asynccontextmanager
async def _requests(app: SlackApp, installation: Installation) -> AsyncIterator[None]:
    async def received(request: http.Request) -> http.Response:
        body = (await request.read()).decode("utf-8", "replace")  # what is replaced has no valid signature
        asked = AsyncBoltRequest(body=body, query=request.query_string, headers=dict(request.headers))
        return await to_aiohttp_response(await app.bolt.async_dispatch(asked))

    async def healthy(_: http.Request) -> http.Response:
        return http.Response(text="ok\n")

    site = http.Application()
    site.add_routes([http.post(f"/{PATH}", received), http.get("/healthz", healthy)])
    runner = http.AppRunner(site, access_log=None, handle_signals=False, shutdown_timeout=FINISHING)
    await runner.setup()
    try:
        await http.TCPSite(runner, installation.host, installation.port).start()
    except OSError as error:
        await runner.cleanup()
        raise RolecallError(
            f"I cannot listen on {installation.host}:{installation.port}: another program has that port, or it is not "
            "this machine's address. Set ROLECALL_SLACK_HOST and ROLECALL_SLACK_PORT."
        ) from error
    try:
        yield
    finally:
        await runner.cleanup()
        await _finish(app)


async def _finish(app: SlackApp) -> None:
    try:
        await asyncio.wait_for(app.quiet(), FINISHING)
    except TimeoutError:
        log.warning("slack_stopped_in_the_middle")
