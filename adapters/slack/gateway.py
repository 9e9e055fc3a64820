"""Delivery's door to Slack: one push, one message, and what Slack said to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from aiohttp import ClientConnectorError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.begun import Begun
from adapters.slack import pictures, refusals, render, web
from adapters.slack.installation import Installation, Team, Teams
from adapters.slack.pictures import Pictures
from adapters.slack.render import Part
from adapters.slack.sizes import Json
from bot.door.invocation import CannotAskError, Pace
from bot.door.mentions import mentioned
from bot.door.messages import (
    ChannelPost,
    Delivery,
    DirectMessage,
    Push,
    Sent,
    TryLater,
    nonce,
)
from bot.model import MemberId

Users = Callable[[str, Collection[MemberId]], Mapping[MemberId, str]]
"""Team and members -> their user ids there. Called in a thread of its own."""
PUSH = "rolecall_push"
"""The kind of metadata by which a message is found again."""
UNCONNECTED = 30.0
"""Seconds until Slack is tried again where no connection to it could be made."""
CLOCKS = timedelta(minutes=5)
"""How far our clock and Slack's may be apart: it is the difference at which Slack's signatures no longer count."""
PAGE = 200
"""Messages that are read at a time (docs.slack.dev, "conversations.history", recommends no more)."""

log = structlog.get_logger()


class SlackGateway:
    """Implements `bot.door.invocation.Gateway`. May be used from any event loop: no connection is kept."""

    platform = "slack"
    pace = Pace(channel=1.0, workspace=0.2)
    """One message a second in a channel, and several hundred a minute in a workspace (docs.slack.dev, "Rate limits",
    2026-11)."""

    def __init__(self, installation: Installation, teams: Teams, users: Users) -> None:
        self._installation, self._teams, self._users = installation, teams, users
        self._pictures = Pictures()
        self._begun = Begun()

    async def deliver(self, push: Push) -> Delivery:
        team = self._teams().get(_workspace(push.to))
        if team is None:
            # It has left, and may come back before it is forgotten: then what is still of use is sent.
            return TryLater(refusals.AWAY, "workspace")
        client = web.sending(self._installation, team.token)
        try:
            return await self._deliver(client, team, push)
        except SlackApiError as error:
            code = refusals.code(error)
            meant = refusals.meaning(error, is_direct=isinstance(push.to, DirectMessage))
            if meant is None or self._begun.parts(push.key):  # in parts, it was sent somehow
                log.error("slack_refuses_message", key=push.key, code=code or "none")
                raise
            if meant == TryLater(refusals.AWAY, "workspace"):
                log.error("slack_refuses_app", team=team.id, code=code)
            return meant
        except ClientConnectorError:
            if self._begun.parts(push.key):
                raise
            return TryLater(UNCONNECTED, "platform")

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        team = self._teams()[_workspace(to)]
        client = web.reading(self._installation, team.token)
        try:
            channel = _channel(to)
            if isinstance(to, DirectMessage):
                channel = (await client.conversations_open(users=channel))["channel"]["id"]
            return await self._found(client, team, channel, key, since - CLOCKS)
        except SlackApiError as error:
            if refusals.code(error) in refusals.UNREADABLE:
                raise CannotAskError from error
            raise

    async def _deliver(self, client: AsyncWebClient, team: Team, push: Push) -> Sent:
        """Raises SlackApiError and what aiohttp raises."""
        members = mentioned(push.message)
        users = await asyncio.to_thread(self._users, team.id, members) if members else {}
        files = await self._pictures.files(web.reading(self._installation, team.token), team.id, push.message)
        drawn = render.parts(push.message, root=self._installation.root, users=users, files=files)
        if push.replaces:
            return await _replace(client, push.replaces, drawn[-1])
        return await self._post(client, team, push, drawn)

    async def _post(self, client: AsyncWebClient, team: Team, push: Push, drawn: Sequence[Part]) -> Sent:
        """Posts the parts that do not stand there yet, one after the other; the last stands for all of them."""
        begun = min(self._begun.parts(push.key), len(drawn) - 1)
        for number, part in enumerate(drawn[begun:], begun + 1):
            answer = await pictures.shown(
                part, partial(_posted, client, _channel(push.to), _mark(push.key, number, len(drawn)))
            )
            if number < len(drawn):
                self._begun.stand(push.key, number)
        self._begun.done(push.key)
        return Sent(f"{team.id}/{answer['channel']}/{answer['ts']}")

    async def _found(self, client: AsyncWebClient, team: Team, channel: str, key: str, oldest: datetime) -> Sent | None:
        cursor, sought = "", nonce(key)
        while True:
            page: Any = await client.conversations_history(
                channel=channel,
                oldest=f"{oldest.timestamp():.6f}",
                limit=PAGE,
                cursor=cursor or None,
                include_all_metadata=True,
            )
            for message in page["messages"]:
                metadata = message.get("metadata", {})
                kept = metadata.get("event_payload", {})
                if metadata.get("event_type") != PUSH or kept.get("key") != sought:
                    continue
                if kept.get("part") == kept.get("of"):
                    return Sent(f"{team.id}/{channel}/{message['ts']}")
                self._begun.stand(key, int(kept["part"]))
            cursor = page.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return None


async def _posted(client: AsyncWebClient, channel: str, mark: Json, part: Part) -> AsyncSlackResponse:
    return await client.chat_postMessage(
        channel=channel,
        text=part.text,
        blocks=part.blocks,
        metadata=mark,
        mrkdwn=False,
        unfurl_links=False,
        unfurl_media=False,
    )


async def _replace(client: AsyncWebClient, ref: str, part: Part) -> Sent:
    _, channel, ts = ref.split("/")
    try:
        await pictures.shown(
            part, lambda part: client.chat_update(channel=channel, ts=ts, text=part.text, blocks=part.blocks)
        )
    except SlackApiError as error:
        if refusals.code(error) not in refusals.GONE:
            raise
        log.info("slack_message_gone", ref=ref, code=refusals.code(error))
    return Sent(ref)


def _mark(key: str, part: int, of: int) -> Json:
    """The metadata of a message; everybody with an app in the channel can read it, so the key is not told."""
    return {"event_type": PUSH, "event_payload": {"key": nonce(key), "part": part, "of": of}}


def _workspace(to: DirectMessage | ChannelPost) -> str:
    return to.account.tenant if isinstance(to, DirectMessage) else to.workspace


def _channel(to: DirectMessage | ChannelPost) -> str:
    """Slack posts to a user id, too: in their conversation with the app."""
    return to.account.user_id if isinstance(to, DirectMessage) else to.channel
