"""Who somebody is, as Slack says: their name and time zone, whether they run the workspace, and whether they are in it.

Asked anew every ten minutes; of admins every minute, so that nobody keeps an office that was taken from them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.latest import Latest
from adapters.slack.installation import Team
from adapters.slack.payloads import Arrival
from bot.door.invocation import Actor
from bot.model import Account

log = structlog.get_logger()

PLATFORM = "slack"
SECONDS, ADMIN_SECONDS, UNKNOWN_SECONDS = 600.0, 60.0, 30.0
"""How long what Slack said of somebody is believed; of an admin; and what the payload said where Slack says nothing."""
PATIENCE = 1.5
"""Seconds: a form has to be open three seconds after the press."""
MOST = 20_000
"""People remembered at a time."""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    zone: str | None
    manages: bool
    teams: frozenset[str]
    """The workspace that they belong to, and its organisation; empty where Slack did not say."""
    until: float
    """When to ask anew, by the loop's clock."""


class People:
    def __init__(self, reading: Callable[[Team], AsyncWebClient]) -> None:
        self._reading = reading
        self._known: Latest[tuple[str, str], Person] = Latest(MOST)

    async def actor(self, team: Team, arrival: Arrival) -> Actor | None:
        """Who wishes; None for somebody of another workspace, as in a channel shared with it."""
        person = await self._person(team, arrival)
        if not person.teams & {team.id, team.enterprise or team.id}:
            return None
        return Actor(Account(PLATFORM, team.id, arrival.user), person.name, person.zone, manages=person.manages)

    async def _person(self, team: Team, arrival: Arrival) -> Person:
        at, now = (team.id, arrival.user), asyncio.get_running_loop().time()
        known = self._known.get(at)
        if known and now < known.until:
            return known
        try:
            answer = await asyncio.wait_for(self._reading(team).users_info(user=arrival.user), PATIENCE)
            person = _person(answer["user"], arrival, now)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, LookupError, TypeError) as error:
            log.warning("slack_user_unknown", team=team.id, error=type(error).__name__)
            person = _as_arrived(arrival, known, now)
        self._known[at] = person
        return person


def _person(user: dict[str, Any], arrival: Arrival, now: float) -> Person:
    profile = user.get("profile") or {}
    name = profile.get("display_name") or user.get("real_name") or profile.get("real_name") or user.get("name")
    manages = any(user.get(flag) for flag in ("is_admin", "is_owner", "is_primary_owner"))
    organisation = user.get("enterprise_user") or {}
    teams = {
        user.get("team_id") or arrival.user_team,
        organisation.get("enterprise_id"),
        *(organisation.get("teams") or ()),
    }
    return Person(
        name=str(name or arrival.name or arrival.user),
        zone=user.get("tz") or None,
        manages=manages,
        teams=frozenset(str(t) for t in teams if t),
        until=now + (ADMIN_SECONDS if manages else SECONDS),
    )


def _as_arrived(arrival: Arrival, before: Person | None, now: float) -> Person:
    """What is known without Slack's word; no office, since it may have ended."""
    return Person(
        name=before.name if before else arrival.name or arrival.user,
        zone=before.zone if before else None,
        manages=False,
        teams=before.teams if before else frozenset({arrival.user_team}),
        until=now + UNKNOWN_SECONDS,
    )
