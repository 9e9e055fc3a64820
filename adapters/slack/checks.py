"""What `rolecall doctor` asks Slack: tokens, scopes, clock, socket, Home tab and channels, each with what to do.

Nothing is sent to anybody. It knows no database; which channels cohorts have is told to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.findings import Channel, Finding
from adapters.slack.installation import SLACK_API, Installation
from adapters.slack.manifest import SCOPES, SOCKET_SCOPE
from adapters.slack.refusals import code
from adapters.slack.web import sending

REINSTALL = (
    'Paste what rolecall manifest slack prints into "App Manifest" at api.slack.com/apps, save it, and press '
    '"Reinstall to Workspace" at "Install App"'
)
COPY_AGAIN = 'Copy it once more from "OAuth & Permissions" at api.slack.com/apps'
MAKE_ANEW = f'Make one with the scope {SOCKET_SCOPE} at "Basic Information" → "App-Level Tokens"'
CLOCK_WARN, CLOCK_FAIL = timedelta(seconds=30), timedelta(minutes=5)
"""How far the clock may be off; signed requests that are five minutes old are refused."""
MOST_CHANNELS = 20
"""Asked for; Slack answers fifty such questions a minute."""


async def examine(of: Installation, channels: Sequence[Channel], now: Callable[[], datetime]) -> list[Finding]:
    """Every check, in the order in which their faults have to be mended."""
    found = []
    if of.base_url != SLACK_API:
        said = f"calls go to {of.base_url} instead of Slack, as ROLECALL_SLACK_BASE_URL says."
        found.append(Finding("warn", "slack", said))
    client = sending(of)
    try:
        who = await client.auth_test()
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        return [*found, _refused("slack", error, "the bot's token", COPY_AGAIN)]
    found.append(Finding("ok", "slack", f"the token is that of @{who.get('user')} in {who.get('team')}."))
    found += [_scopes(who), _clock(who, now())]
    found.append(await _socket(of) if of.app_token else _http(of))
    found.append(await _home(client, str(who.get("user_id"))))
    found += [await _channel(client, channel, str(who.get("team_id"))) for channel in channels[:MOST_CHANNELS]]
    if left := len(channels[MOST_CHANNELS:]):
        found.append(Finding("ok", "slack channel", f"{left} more not looked at: Slack limits such questions."))
    return found


def _scopes(who: AsyncSlackResponse) -> Finding:
    """Whether the token may do what it needs, and no more, as Slack says beside every answer."""
    given = {scope.strip() for scope in str(who.headers.get("x-oauth-scopes", "")).split(",")} - {""}
    if missing := sorted(SCOPES.keys() - given):
        return Finding("fail", "slack scopes", f"{', '.join(missing)} missing. {REINSTALL}.")
    if more := sorted(given - SCOPES.keys()):
        said = f"{', '.join(more)} not needed. {REINSTALL}, so that the app may do no more than it has to."
        return Finding("warn", "slack scopes", said)
    return Finding("ok", "slack scopes", f"all {len(SCOPES)} that are needed, and no other.")


def _clock(who: AsyncSlackResponse, now: datetime) -> Finding:
    """This machine's clock against Slack's, as its answers are dated."""
    try:
        off = abs(now - parsedate_to_datetime(str(who.headers["Date"])))
    except (KeyError, ValueError, TypeError):
        return Finding("warn", "slack clock", "Slack does not say what time it is. See that a time service sets yours.")
    if off <= CLOCK_WARN:
        return Finding("ok", "slack clock", "this machine's and Slack's agree.")
    said = f"this machine's and Slack's differ by {off.total_seconds():.0f} seconds. Let a time service set it."
    return Finding("fail" if off > CLOCK_FAIL else "warn", "slack clock", said)


async def _socket(of: Installation) -> Finding:
    """Whether Slack would open a socket. None is opened."""
    try:
        await sending(of, of.app_token).apps_connections_open(app_token=of.app_token)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        return _refused("slack socket", error, "the app-level token", MAKE_ANEW)
    also = " The signing secret is not needed." if of.signing_secret else ""
    return Finding("ok", "slack socket", f"Slack would open one (Socket Mode).{also}")


def _http(of: Installation) -> Finding:
    said = (
        f"signed requests are awaited on {of.host}:{of.port}. Whether Slack reaches them, it says itself at "
        '"Event Subscriptions": the request URL has to be "Verified".'
    )
    return Finding("ok", "slack http", said)


async def _home(client: AsyncWebClient, bot: str) -> Finding:
    """Whether there is a Home tab: one is published for the bot itself, which nobody looks at."""
    try:
        await client.views_publish(user_id=bot, view={"type": "home", "blocks": []})
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        if _code(error) == "not_enabled":
            return Finding("fail", "slack home tab", f"it is turned off. {REINSTALL}.")
        if not _code(error):
            return Finding("warn", "slack home tab", "Slack did not answer. Try again in a minute.")
        # What else it says is about whom the tab was for.
    return Finding("ok", "slack home tab", "Slack does not say that it is turned off.")


async def _channel(client: AsyncWebClient, channel: Channel, team: str) -> Finding:
    """Whether the bot is in a cohort's channel. That one is archived shows only when something is posted."""
    about, where = "slack channel", f"{channel.id} of {channel.cohort}"
    if channel.workspace != team:
        said = f"{where} is in another workspace, {channel.workspace}, where this token cannot post."
        return Finding("warn", about, f"{said} Bind the cohort to a channel of this one: /rolecall cohort bind.")
    if channel.closed:
        said = f"nothing could be posted in {where}: {channel.closed}. Mend it, then type /rolecall cohort bind there."
        return Finding("warn", about, said)
    try:
        await client.conversations_history(channel=channel.id, limit=1)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        if _code(error) in ("not_in_channel", "channel_not_found"):
            said = f"the app is not in {where}, or it is gone. Type /invite @Rolecall there, or bind another channel."
            return Finding("fail", about, said)
        said = f"{where} cannot be looked into ({_code(error) or 'no answer'}). Try again in a minute."
        return Finding("warn", about, said)
    return Finding("ok", about, f"the app is in {where}.")


def _refused(about: str, error: Exception, token: str, remedy: str) -> Finding:
    match said := _code(error):
        case "ratelimited":
            return Finding("warn", about, "Slack asks for patience. Try again in a minute.")
        case "":
            said = "Slack cannot be reached. Check the network, and a proxy if there is one (docs/slack.md)."
        case "token_revoked" | "account_inactive":
            said = f"{token} was taken back. Install the app once more, and copy the new one. {remedy}."
        case "missing_scope":
            said = f"{token} may not do this. {remedy}."
        case _:
            said = f"Slack does not accept {token} ({said}). {remedy}."
    return Finding("fail", about, said)


def _code(error: Exception) -> str:
    """Slack's error code; empty where there was no answer of Slack's."""
    return code(error) if isinstance(error, SlackApiError) else ""
