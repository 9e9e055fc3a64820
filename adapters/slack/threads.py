"""Which question a thread in direct messages is about: the last one that stands in it.

Slack is asked, since nothing is kept of which message put which question. Where it does not answer, it is not known.
"""

from __future__ import annotations

import asyncio

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters import wishes
from adapters.slack import payloads, refusals
from adapters.slack.payloads import Arrival
from bot.door.intents import WriteAnswer

log = structlog.get_logger()

PATIENCE = 3.0
"""Seconds; somebody waits for a reply."""
_MOST = 200
"""Messages of one thread that are looked at."""


async def question(client: AsyncWebClient, arrival: Arrival) -> WriteAnswer | None:
    """The last question in the thread that somebody writes in; None where there is none, or Slack does not say."""
    place = arrival.place
    if not place.thread:
        return None
    try:
        call = client.conversations_replies(channel=place.channel, ts=place.thread, limit=_MOST)
        found = await asyncio.wait_for(call, PATIENCE)
    except SlackApiError as error:
        log.warning("slack_thread_unread", team=place.workspace, why=refusals.code(error))
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("slack_thread_unread", team=place.workspace, why=type(error).__name__)
    else:
        return wishes.question(wire for message in found.get("messages") or () for wire in payloads.wires(message))
    return None
