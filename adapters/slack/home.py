"""The Home tab: what a stranger and a member find there, and when it is drawn anew.

Nobody becomes a member by opening it, and nothing is sent because of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from adapters.latest import Latest
from adapters.slack import refusals, views
from adapters.slack.calls import Calls
from adapters.slack.installation import Team
from bot.door.messages import Message

log = structlog.get_logger()

EVERY = 10.0
"""Seconds between two drawings for one person, whatever they wish for meanwhile."""
MOST = 20_000
"""People whose tab is kept up to date: those who opened it last."""


class Home:
    def __init__(self, calls: Calls, root: str, every: float = EVERY) -> None:
        self._calls, self._root, self._every = calls, root, every
        self._drawn: Latest[tuple[str, str], float] = Latest(MOST)
        """When each tab was drawn last, by the loop's clock."""
        self._later: dict[tuple[str, str], asyncio.TimerHandle] = {}

    async def draw(self, team: Team, user: str, message: Message) -> bool:
        """Shows a message as somebody's tab. False where Slack could not take it just now."""
        at = (team.id, user)
        self._drawn[at] = asyncio.get_running_loop().time()
        try:
            client = self._calls.sending(team)
            await client.views_publish(user_id=user, view=views.home(message, root=self._root))
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            why = refusals.code(error) if isinstance(error, SlackApiError) else ""
            log.warning("slack_home_refused", team=team.id, why=why or type(error).__name__)
            self._drawn.pop(at, None)  # until they open it again
            return why not in ("", "ratelimited")
        return True

    def is_due(self, team: Team, user: str, again: Callable[[], None]) -> bool:
        """Whether somebody's opened tab is to be drawn anew. Where it was drawn just now, `again` is called later."""
        at, loop = (team.id, user), asyncio.get_running_loop()
        if at not in self._drawn:
            return False
        wait = self._drawn[at] + self._every - loop.time()
        if wait > 0 and at not in self._later:
            self._later[at] = loop.call_later(wait, self._now, at, again)
        return wait <= 0

    def close(self) -> None:
        for timer in self._later.values():
            timer.cancel()

    def _now(self, at: tuple[str, str], again: Callable[[], None]) -> None:
        del self._later[at]
        again()
