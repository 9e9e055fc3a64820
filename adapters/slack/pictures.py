"""Pictures of messages as Slack's files: uploaded without being shown anywhere, and shown by a message's block.

It decides what is uploaded, and that a message goes without a picture rather than not at all.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.latest import Latest
from adapters.slack import refusals
from adapters.slack.render import Part
from adapters.slack.sizes import Json
from bot.door.messages import Message, Picture

SECONDS = 12.0
"""For one upload with its three calls; the message waits for it."""
KEPT = 64
"""Uploads that are remembered: a board is posted in several channels, and posted anew with the same picture."""
ALT = 1_000
"""Characters of the description that Slack keeps with a file (docs.slack.dev, "files.getUploadURLExternal")."""
WAITS = (1.0, 2.0, 3.0)
"""Seconds after which a message is tried again that Slack refused, perhaps since it is not ready with a picture: a
second is mostly enough (github.com/slackapi/python-slack-sdk/issues/1521)."""

log = structlog.get_logger()
_T = TypeVar("_T")


class Pictures:
    """Which pictures Slack has, by workspace."""

    def __init__(self) -> None:
        self._known: Latest[tuple[str, str], str] = Latest(KEPT)

    async def files(self, client: AsyncWebClient, team: str, message: Message) -> dict[int, str]:
        """Slack's file ids of a message's pictures, by their position among its blocks; without those that failed.

        The client may repeat calls: a file that is uploaded twice is seen by nobody.
        """
        found = {}
        for position, block in enumerate(message.blocks):
            if isinstance(block, Picture) and (file := await self._file(client, team, block)):
                found[position] = file
        return found

    async def _file(self, client: AsyncWebClient, team: str, picture: Picture) -> str | None:
        known = team, _digest(picture)
        if known not in self._known:
            try:
                async with asyncio.timeout(SECONDS):
                    answer = await client.files_upload_v2(
                        content=picture.png, filename="picture.png", title="Picture", alt_txt=picture.alt[:ALT]
                    )
            except Exception as error:
                why = refusals.code(error) if isinstance(error, SlackApiError) else ""
                log.warning("picture_not_uploaded", team=team, error=why or type(error).__name__)
                return None
            self._known[known] = str(answer["files"][0]["id"])
        return self._known[known]


def _digest(picture: Picture) -> str:
    """Of what is uploaded: the description goes with the file."""
    return hashlib.sha256(picture.png + picture.alt.encode()).hexdigest()


async def shown(part: Part, call: Callable[[Part], Awaitable[_T]]) -> _T:
    """What a call brings that shows a part: made again where Slack is not ready with a picture, at last without it.

    Raises what the call raises.
    """
    if without(part) == part:
        return await call(part)
    for wait in WAITS:
        try:
            return await call(part)
        except SlackApiError as error:
            if refusals.code(error) not in refusals.PICTURES:
                raise
        await asyncio.sleep(wait)
    log.warning("picture_refused")
    return await call(without(part))


def without(part: Part) -> Part:
    """A part in which pictures are told by their descriptions."""
    return replace(part, blocks=[_told(block) for block in part.blocks])


def _told(block: Json) -> Json:
    if "slack_file" not in block:
        return block
    alt = f"Picture: {block['alt_text']}"
    return {"type": "context", "elements": [{"type": "plain_text", "text": alt, "emoji": False}]}
