"""What `rolecall doctor` asks Discord: token, intents, command list, servers and channels, each with what to do.

Nothing is sent to anybody. It knows no database; which channels cohorts have is told to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import discord

from adapters.discord import sync
from adapters.discord.client import Client
from adapters.discord.installation import Installation
from adapters.findings import Channel, Finding

PERMISSIONS = discord.Permissions(
    view_channel=True, send_messages=True, embed_links=True, attach_files=True, read_message_history=True
)
"""What the bot needs on a server, and no more."""
NAMED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
"""As Discord's settings call them."""
PORTAL = "discord.com/developers/applications"
TOKEN = f'Press "Reset Token" at "Bot" ({PORTAL}), and set ROLECALL_DISCORD_TOKEN to what it shows'
CLOCK_WARN = timedelta(seconds=30)
CLOCK_FAIL = timedelta(minutes=5)
"""How far the clock may be off; messages whose fate is unknown are looked for that far back."""
MOST_CHANNELS = 20
"""Looked at: three questions each."""
SECONDS = 15
"""For one answer of Discord's."""
_UNANSWERED = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, TimeoutError)
_NOT_THERE = (discord.NotFound, discord.Forbidden)


def invitation(application: int, permissions: discord.Permissions = PERMISSIONS) -> str:
    """The address at which somebody who manages a server invites the bot."""
    return discord.utils.oauth_url(application, permissions=permissions, scopes=("bot", "applications.commands"))


async def examine(
    of: Installation, channels: Sequence[Channel], client: Client, now: Callable[[], datetime]
) -> list[Finding]:
    """Every check, in the order in which their faults have to be mended.

    `client` is a new one whose tree is filled; it is logged in, and closed afterwards.
    """
    found = []
    if of.base_url:
        said = f"calls go to {of.base_url} instead of Discord, as ROLECALL_DISCORD_BASE_URL says."
        found.append(Finding("warn", "discord", said))
    async with client:
        try:
            await _soon(client.login(of.token))
        except discord.LoginFailure:
            said = f"Discord does not accept the bot's token. {TOKEN}."
            return [*found, Finding("fail", "discord", said)]
        except discord.HTTPException as error:
            said = f"Discord answers {error.status} to the bot's token. Try again in a minute."
            return [*found, Finding("fail", "discord", said)]
        except (aiohttp.ClientError, TimeoutError):
            said = "Discord cannot be reached. Check the network, and whether something here keeps calls from leaving."
            return [*found, Finding("fail", "discord", said)]
        found += [*_application(client), *_intents(client, of)]
        found.append(await _answered("discord clock", _clock(now)))
        found.append(await _answered("discord commands", _commands(client, of)))
        found.append(await _answered("discord servers", _servers(client)))
        servers: dict[int, discord.Guild] = {}
        for channel in channels[:MOST_CHANNELS]:
            found.append(await _answered("discord channel", _channel(client, channel, servers)))
    if left := len(channels[MOST_CHANNELS:]):
        found.append(Finding("ok", "discord channel", f"{left} more not looked at: Discord limits such questions."))
    return found


async def _soon(call: Awaitable[None]) -> None:
    async with asyncio.timeout(SECONDS):
        await call


async def _answered(about: str, check: Awaitable[Finding]) -> Finding:
    """What a check finds, or that Discord did not answer it."""
    try:
        async with asyncio.timeout(SECONDS):
            return await check
    except _UNANSWERED as error:
        why = error.status if isinstance(error, discord.HTTPException) else "no answer"
        return Finding("warn", about, f"Discord could not be asked ({why}). Try again in a minute.")


def _application(client: Client) -> list[Finding]:
    app, user = client.application, client.user
    if app is None or user is None:
        raise ValueError("the client is not logged in")
    found = [Finding("ok", "discord", f"the token is that of {user.name} (application {app.id}).")]
    if app.interactions_endpoint_url:
        said = "commands and buttons go to an address on the net and never reach this program. Empty "
        said += f'"Interactions Endpoint URL" at "General Information" ({PORTAL}).'
        found.append(Finding("fail", "discord application", said))
    if app.bot_require_code_grant:
        said = f'nobody can invite the bot. Switch off "Requires OAuth2 Code Grant" at "Bot" ({PORTAL}).'
        found.append(Finding("fail", "discord application", said))
    if not found[1:]:
        who = "everybody" if app.bot_public else "only its owner"
        said = f'{who} may invite the bot to servers ("Public Bot" at "Bot", {PORTAL}).'
        found.append(Finding("ok", "discord application", said))
    return found


def _intents(client: Client, of: Installation) -> list[Finding]:
    """Whether the privileged intents are those that are needed: none, or the text of messages."""
    flags = client.application_flags
    given = {
        "Message Content Intent": flags.gateway_message_content or flags.gateway_message_content_limited,
        "Server Members Intent": flags.gateway_guild_members or flags.gateway_guild_members_limited,
        "Presence Intent": flags.gateway_presence or flags.gateway_presence_limited,
    }
    wanted = {"Message Content Intent"} if of.reads_threads else set()
    if missing := [name for name in wanted if not given[name]]:
        said = (
            f'{missing[0]} is off, so that Discord does not let the bot in. Switch it on at "Bot" ({PORTAL}), or set '
        )
        said += "ROLECALL_DISCORD_READ_THREADS=false."
        return [Finding("fail", "discord intents", said)]
    if more := [name for name, is_given in given.items() if is_given and name not in wanted]:
        said = f'Rolecall does not need {" or ".join(more)}. Switch off what is not needed at "Bot" ({PORTAL}).'
        return [Finding("warn", "discord intents", said)]
    said = "the text of messages is read in the threads of prompts." if wanted else "none that is privileged."
    return [Finding("ok", "discord intents", said)]


async def _clock(now: Callable[[], datetime]) -> Finding:
    """This machine's clock against Discord's, as its answers are dated."""
    async with aiohttp.ClientSession() as session, session.get(f"{discord.http.Route.BASE}/gateway") as answer:
        dated = answer.headers.get("Date", "")
    try:
        off = abs(now() - parsedate_to_datetime(dated))
    except (ValueError, TypeError):
        said = "Discord does not say what time it is. See that a time service sets yours."
        return Finding("warn", "discord clock", said)
    if off <= CLOCK_WARN:
        return Finding("ok", "discord clock", "this machine's and Discord's agree.")
    said = f"this machine's and Discord's differ by {off.total_seconds():.0f} seconds. Let a time service set it."
    return Finding("fail" if off > CLOCK_FAIL else "warn", "discord clock", said)


async def _commands(client: Client, of: Installation) -> Finding:
    where = f" on server {of.guild} alone, as ROLECALL_DISCORD_GUILD says" if of.guild else ""
    try:
        is_old = await sync.differs(client, of)
    except _NOT_THERE:
        said = f"the bot is not on server {of.guild}, which ROLECALL_DISCORD_GUILD names. Invite it: rolecall invite "
        return Finding("fail", "discord commands", f"{said}discord.")
    if is_old:
        said = f"Discord lists others{where}. The next start of rolecall run mends that, or rolecall discord sync now."
        return Finding("warn", "discord commands", said)
    return Finding("ok", "discord commands", f"Discord lists this program's{where}.")


async def _servers(client: Client) -> Finding:
    names = [guild.name async for guild in client.fetch_guilds(limit=None, with_counts=False)]
    if not names:
        said = "the bot is on none yet. Open the address that rolecall invite discord prints."
        return Finding("warn", "discord servers", said)
    more = f" and {len(names) - 5} more" if names[5:] else ""
    return Finding("ok", "discord servers", f"the bot is on {', '.join(names[:5])}{more}.")


async def _channel(client: Client, channel: Channel, servers: dict[int, discord.Guild]) -> Finding:
    """Whether the bot may do in a cohort's channel what it has to."""
    about, where = "discord channel", f"{channel.id} of {channel.cohort}"
    if channel.closed:
        said = f"nothing could be posted in {where}: {channel.closed}. Mend it, then type /rolecall cohort bind there."
        return Finding("warn", about, said)
    id = int(channel.workspace)
    try:
        if id not in servers:
            servers[id] = await client.fetch_guild(id, with_counts=False)
        me = await servers[id].fetch_member(client.user.id if client.user else 0)
    except _NOT_THERE:
        said = f"the bot is not on the server of {where}. Invite it again, or bind a channel of another server."
        return Finding("fail", about, said)
    try:
        there = await servers[id].fetch_channel(int(channel.id))
    except _NOT_THERE:
        said = f"{where} is gone, or the bot may not see it. Allow it View Channel there, or bind another channel."
        return Finding("fail", about, said)
    if isinstance(there, discord.Thread | discord.ForumChannel | discord.CategoryChannel):
        return Finding("fail", about, f"{where} takes no posts. Bind a text channel: /rolecall cohort bind.")
    may = there.permissions_for(me)
    if missing := [said for name, said in NAMED.items() if not getattr(may, name)]:
        said = f"the bot lacks {', '.join(missing)} in {where}. Allow it there, in the channel's permissions."
        return Finding("fail", about, said)
    return Finding("ok", about, f"the bot may post in {where}.")
