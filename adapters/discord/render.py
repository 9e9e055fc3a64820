"""Message -> what Discord shows: embeds, pictures with their descriptions, and buttons. Pure.

The text above the embeds is what notifications and screen readers get: the summary, which holds nothing private.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.door.messages import Message
from bot.model import MemberId


@dataclass(frozen=True, slots=True)
class Part:
    """One message of Discord's."""

    content: str
    """Plain text above the embeds; empty: none."""
    embeds: tuple[discord.Embed, ...]
    pictures: tuple[tuple[str, bytes, str], ...] = ()
    """File name, PNG, description."""
    buttons: tuple[discord.ui.Button[discord.ui.View], ...] = ()
    rings: tuple[int, ...] = ()
    """Whom Discord tells of it, by user id."""

    def sent(self) -> dict[str, Any]:
        """As arguments of discord.py's methods that send: made anew for each call, in the loop that makes it."""
        raise NotImplementedError

    def edited(self) -> dict[str, Any]:
        """As arguments of those that edit: what the message had before is gone."""
        raise NotImplementedError


def parts(
    message: Message,
    *,
    users: Mapping[MemberId, str] | None = None,
    commands: Mapping[str, int] | None = None,
    notifies: bool = False,
    mark: str = "",
) -> list[Part]:
    """A message as one or more of Discord's, which are sent in this order.

    `users`: user ids of who is mentioned. `commands`: the id of the slash command by its first name, which makes
    "/rolecall practice" something to press. `notifies`: the summary stands above it (for what nobody waits for).
    `mark`: by which it is found again in a channel's history (`marked`).
    """
    raise NotImplementedError


def marked(message: discord.Message) -> tuple[str, int, int] | None:
    """The mark of a message that was sent with one, which of its parts it is, and of how many; None without one."""
    raise NotImplementedError
