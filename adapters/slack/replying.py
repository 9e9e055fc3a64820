"""Where a reply goes: into the direct messages with the app, privately into a channel, or as a direct message.

A reply in a channel is private, and Slack forgets it at the next start of the person's app; where it cannot be shown
there at all, it comes as a direct message. It knows no wish.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from adapters.pools import Users
from adapters.reaching import reached
from adapters.slack import pictures, refusals
from adapters.slack.calls import Calls
from adapters.slack.installation import Team
from adapters.slack.pictures import Pictures
from adapters.slack.render import Part, parts
from bot.door.invocation import Place
from bot.door.messages import Message, TryLater

log = structlog.get_logger()

TRIES = 3
LONGEST_WAIT = 30.0
"""Seconds that a reply waits where Slack asks for patience."""
PAUSE = 1.0
"""Seconds before what may not have arrived is sent again. A reply that comes twice does less harm than none."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody waits for a reply."""

    team: Team
    user: str
    place: Place
    response_url: str = ""


@dataclass(slots=True)
class Said:
    """Where a reply stands, so that another can take its place."""

    channel: str = ""
    first: str = ""
    """The timestamp of its first message; empty where nothing can take its place."""


class ClosedError(Exception):
    """A way on which nothing arrives."""


Way = Callable[[Spot, Part], Awaitable[Said]]


@dataclass(slots=True)
class _Ways:
    """The ways to somebody that are still open, best first."""

    spot: Spot
    left: list[Way]


class Replies:
    def __init__(self, calls: Calls, users: Users, root: str) -> None:
        self._calls, self._users, self._root = calls, users, root
        self._pictures = Pictures()

    async def say(self, spot: Spot, message: Message) -> Said:
        """Shows a message to whoever waits there."""
        return await self._all(self._ways(spot), await self._drawn(spot.team, message))

    async def replace(self, spot: Spot, said: Said, message: Message) -> None:
        """Shows a message in the place of one that was said, or below it where that is gone.

        Below a private reply in a channel, always: Slack replaces none by the address of a command
        (github.com/slackapi/bolt-python/issues/1268), and by that of a button the message that has the button.
        """
        drawn = await self._drawn(spot.team, message)
        with contextlib.suppress(ClosedError):
            if said.first:
                await self._update(spot, said, drawn[0])
                del drawn[0]
        await self._all(self._ways(spot), drawn)

    async def turn_away(self, url: str, message: Message) -> None:
        """Shows a message to somebody of whose workspace there is no token."""
        for part in parts(message, root=self._root):
            with contextlib.suppress(ClosedError):
                await self._send(url, part, {})

    async def _drawn(self, team: Team, message: Message) -> list[Part]:
        files = await self._uploaded(team, message)
        return parts(message, root=self._root, users=await self._users(team.id, message), files=files)

    async def _uploaded(self, team: Team, message: Message) -> dict[int, str]:
        client = self._calls.reading(team)  # a file that is uploaded twice is shown once
        try:
            return dict(await _patiently(team, lambda: self._pictures.files(client, team.id, message)))
        except ClosedError:
            return {}

    def _ways(self, spot: Spot) -> _Ways:
        place = spot.place
        by_url: list[Way] = [self._by_url] if spot.response_url else []
        if not place.channel:
            return _Ways(spot, [self._directly])
        if place.is_private:  # a command may come from direct messages between two people, where the app is not
            return _Ways(spot, [self._there, *by_url, self._directly])
        return _Ways(spot, [*(by_url or [self._ephemerally]), self._directly])

    async def _all(self, ways: _Ways, drawn: list[Part]) -> Said:
        said = Said()
        for n, part in enumerate(drawn):
            found = await self._one(ways, part)
            said = found if n == 0 else said
        return said

    async def _one(self, ways: _Ways, part: Part) -> Said:
        while ways.left:
            try:
                return await ways.left[0](ways.spot, part)
            except ClosedError:
                ways.left.pop(0)
        log.error("slack_reply_lost", team=ways.spot.team.id)
        return Said()

    async def _there(self, spot: Spot, part: Part) -> Said:
        return await self._post(spot.team, part, spot.place.channel, spot.place.thread)

    async def _directly(self, spot: Spot, part: Part) -> Said:
        return await self._post(spot.team, part, spot.user, None)

    async def _post(self, team: Team, part: Part, channel: str, thread: str | None) -> Said:
        client = self._calls.sending(team)

        def call(part: Part) -> Awaitable[Any]:
            return client.chat_postMessage(
                channel=channel,
                thread_ts=thread,
                text=part.text,
                blocks=part.blocks,
                mrkdwn=False,
                unfurl_links=False,
                unfurl_media=False,
            )

        answer = await _patiently(team, lambda: pictures.shown(part, call))
        return Said(channel=str(answer["channel"]), first=str(answer["ts"]))

    async def _ephemerally(self, spot: Spot, part: Part) -> Said:
        client, place = self._calls.sending(spot.team), spot.place

        def call(part: Part) -> Awaitable[Any]:
            return client.chat_postEphemeral(
                channel=place.channel, user=spot.user, thread_ts=place.thread, text=part.text, blocks=part.blocks
            )

        await _patiently(spot.team, lambda: pictures.shown(part, call))
        return Said()

    async def _update(self, spot: Spot, said: Said, part: Part) -> None:
        client = self._calls.sending(spot.team)

        def call(part: Part) -> Awaitable[Any]:
            return client.chat_update(channel=said.channel, ts=said.first, text=part.text, blocks=part.blocks)

        await _patiently(spot.team, lambda: pictures.shown(part, call))

    async def _by_url(self, spot: Spot, part: Part) -> Said:
        thread = {"thread_ts": spot.place.thread} if spot.place.thread else {}
        await self._send(spot.response_url, part, thread)
        return Said()

    async def _send(self, url: str, part: Part, also: dict[str, Any]) -> None:
        """Raises ClosedError where the address has expired, or has been used as often as it may."""
        plain = pictures.without(part)
        for shown in (part,) if plain == part else (part, plain):  # a picture may be what it is refused for
            words = {"text": shown.text, "blocks": shown.blocks}
            payload = {"response_type": "ephemeral", "replace_original": False, **words, **also}
            try:
                async with self._calls.session.post(url, json=payload) as answer:
                    if answer.status == 200:
                        return
            except (aiohttp.ClientError, TimeoutError, ValueError):
                break
        raise ClosedError


def _asked_patience(error: SlackApiError) -> float:
    """Seconds."""
    asked = refusals.meaning(error, is_direct=True)
    return min(asked.after_seconds, LONGEST_WAIT) if isinstance(asked, TryLater) else PAUSE


async def _patiently(team: Team, call: Callable[[], Awaitable[Any]]) -> Any:
    """What Slack answers to a call, made anew where it asks for patience or does not answer. ClosedError if refused."""
    why = ""
    for again in range(TRIES):
        try:
            return await reached(call)
        except SlackApiError as error:
            why = refusals.code(error)
            if why == "ratelimited":
                await asyncio.sleep(_asked_patience(error))
                continue
            if why:
                break
        except (aiohttp.ClientError, TimeoutError) as error:
            why = type(error).__name__
        if again:
            break
        await asyncio.sleep(PAUSE)
    log.warning("slack_refused", team=team.id, why=why)
    raise ClosedError(why)
