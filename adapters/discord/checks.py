"""What `rolecall doctor` asks Discord: token, intents, command list, servers and channels, each with what to do.

Nothing is sent to anybody. It knows no database; which channels cohorts have is told to it.
"""

from __future__ import annotations

import discord

PERMISSIONS = discord.Permissions(
    view_channel=True, send_messages=True, embed_links=True, attach_files=True, read_message_history=True
)
"""What the bot needs on a server, and no more."""


def invitation(application: int, permissions: discord.Permissions = PERMISSIONS) -> str:
    """The address at which somebody who manages a server invites the bot."""
    return discord.utils.oauth_url(application, permissions=permissions, scopes=("bot", "applications.commands"))
