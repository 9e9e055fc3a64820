"""Which workspaces the app is in, and with which token: today one, learned from its token."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack import refusals, web
from adapters.slack.installation import Installation, Team
from bot.errors import RolecallError

_PASSING = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""What Slack says when it is not well itself."""


class Workspaces:
    """`Teams`: nothing until it was learned. May be used from any thread."""

    def __init__(self) -> None:
        self._teams: Mapping[str, Team] = {}

    def __call__(self) -> Mapping[str, Team]:
        return self._teams

    async def learn(self, installation: Installation) -> Team:
        """The workspace whose token is set up.

        Raises RolecallError where Slack does not take the token, ConnectionError where Slack cannot be asked just now.
        """
        team = await learned(installation)
        self._teams = {team.id: team}
        return team


async def learned(installation: Installation) -> Team:
    """As `Workspaces.learn`."""
    said = await _asked(web.reading(installation))
    return Team(
        id=str(said["team_id"]),
        name=str(said.get("team") or said["team_id"]),
        bot_user=str(said["user_id"]),
        token=installation.bot_token,
        enterprise=str(said.get("enterprise_id") or ""),
    )


async def is_refused(client: AsyncWebClient) -> bool:
    """Whether Slack no longer takes a workspace's token. Raises ConnectionError where it cannot be asked just now."""
    try:
        await _asked(client)
    except RolecallError:
        return True
    return False


async def _asked(client: AsyncWebClient) -> AsyncSlackResponse:
    """What Slack says of the client's token. Raises as `Workspaces.learn`."""
    try:
        return await client.auth_test()
    except SlackApiError as error:
        code = refusals.code(error)
        raise refused("ROLECALL_SLACK_BOT_TOKEN", code) or ConnectionError(code) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise ConnectionError(type(error).__name__) from error


def refused(setting: str, code: str) -> RolecallError | None:
    """What there is to say where Slack does not take a token; None where it is not the token's fault."""
    if not code or code in _PASSING:
        return None
    return RolecallError(
        f"Slack does not take {setting} ({code}). Copy it anew from api.slack.com/apps, or reinstall the app there; "
        "rolecall doctor checks every part."
    )
