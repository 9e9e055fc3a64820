"""Calls to Slack's Web API: one client that never repeats a call by itself, and one that may.

It knows methods and tokens, and nothing of messages.
"""

from __future__ import annotations

import logging

from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.installation import Installation

_QUIET = logging.getLogger(__name__)
_QUIET.setLevel(logging.WARNING)  # else slack_sdk writes every call out in full for a log that nobody asked for

SECONDS = 10
"""For one call; a member's wish waits for it."""


def sending(of: Installation, token: str = "") -> AsyncWebClient:
    """For posts: slack_sdk would repeat a post after a reset connection, which may then stand there twice."""
    return AsyncWebClient(
        token=token or of.bot_token, base_url=of.base_url, timeout=SECONDS, logger=_QUIET, retry_handlers=[]
    )


def reading(of: Installation, token: str = "") -> AsyncWebClient:
    """For what may be asked twice: it waits where Slack asks for patience, and tries again after a failure."""
    return AsyncWebClient(
        token=token or of.bot_token,
        base_url=of.base_url,
        timeout=SECONDS,
        logger=_QUIET,
        retry_handlers=[
            AsyncConnectionErrorRetryHandler(max_retry_count=1),
            AsyncRateLimitErrorRetryHandler(max_retry_count=1),
            AsyncServerErrorRetryHandler(max_retry_count=1),
        ],
    )
