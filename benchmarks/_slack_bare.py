"""The least that a Bolt app can do: acknowledge, and say something constant. Settings as of `rolecall run`.

python -m benchmarks._slack_bare socket|http
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks._slack_platform import BOT, TEAM

TEXT = "This is what I say, whatever you want."


def app() -> AsyncApp:
    token = os.environ["ROLECALL_SLACK_BOT_TOKEN"]

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_user_id=BOT, bot_token=token)

    bolt = AsyncApp(
        client=AsyncWebClient(base_url=os.environ["ROLECALL_SLACK_BASE_URL"]),
        authorize=authorize,
        signing_secret=os.environ["ROLECALL_SLACK_SIGNING_SECRET"],
    )

    async def command(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond(TEXT)

    async def message(say: AsyncSay) -> None:
        await say(TEXT)

    bolt.command("/rolecall")(command)
    bolt.event("message")(message)
    return bolt


async def main(mode: str) -> None:
    bolt = app()
    if mode == "socket":
        await AsyncSocketModeHandler(bolt, os.environ["ROLECALL_SLACK_APP_TOKEN"]).client.connect()  # type: ignore[no-untyped-call]
    else:
        runner = web.AppRunner(bolt.web_app("/slack/events"), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(os.environ["ROLECALL_SLACK_PORT"])).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
