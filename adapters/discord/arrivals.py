"""What Discord tells of who did something, and where. Pure; it knows neither wishes nor Rolecall."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord import ids
from bot.door.invocation import Place


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that somebody did."""

    key: str
    """Discord's id of it: the same again is the same event."""
    user: str
    name: str
    place: Place
    locale: str | None = None
    manages: bool = False
    """Whether they may manage the server, as Discord says with this very event."""
    roles: frozenset[str] = frozenset()
    """As `held` on that server."""


def of_interaction(interaction: discord.Interaction[Any]) -> Arrival:
    """A command, a press or a form that was sent in."""
    user = interaction.user
    return Arrival(
        key=str(interaction.id),
        user=str(user.id),
        name=user.display_name,
        place=_place(interaction.guild_id, interaction.channel),
        locale=str(interaction.locale),
        manages=interaction.permissions.manage_guild,
        roles=_roles(user),
    )


def of_message(message: discord.Message) -> Arrival:
    """What somebody typed. Whether they manage the server is not looked up: nobody types such commands in channels."""
    guild = message.guild.id if message.guild else None
    return Arrival(
        key=str(message.id),
        user=str(message.author.id),
        name=message.author.display_name,
        place=_place(guild, message.channel),
        roles=_roles(message.author),
    )


def is_spoken(message: discord.Message) -> bool:
    """Whether a person has typed this message."""
    kinds = {discord.MessageType.default, discord.MessageType.reply}
    return not message.author.bot and message.webhook_id is None and message.type in kinds


def said(message: discord.Message, bot: int) -> str:
    """What somebody typed, without the mention of the bot."""
    return re.sub(rf"\s*<@!?{bot}>[\s,:]*", " ", message.content).strip()


def post(message: discord.Message) -> str | None:
    """The reference of the message below whose thread this one stands; None outside threads."""
    place = _place(message.guild.id if message.guild else None, message.channel)
    return f"{place.workspace}/{place.channel}/{place.thread}" if place.thread and place.workspace else None


def wires(message: discord.Message) -> Iterator[str]:
    """What the buttons of a message carry, where they are ours."""
    for row in message.components:
        for part in row.children if isinstance(row, discord.ActionRow) else ():
            if isinstance(part, discord.Button) and (found := ids.PRESS.fullmatch(part.custom_id or "")):
                yield found["wire"]


def _place(guild: int | None, channel: Any) -> Place:
    at = str(channel.id) if channel else ""
    if guild is None:
        return Place("", at, is_private=True)
    if isinstance(channel, discord.Thread):
        return Place(str(guild), str(channel.parent_id), is_private=False, thread=at)
    return Place(str(guild), at, is_private=False)


def held(member: discord.Member) -> frozenset[str]:
    """The ids of somebody's roles on a server, the one that everybody has included."""
    ids = {member.guild.id, *member._roles}  # `roles` leaves out what is not in memory, as after an outage
    return frozenset(map(str, ids))


def _roles(user: discord.Member | discord.User) -> frozenset[str]:
    return held(user) if isinstance(user, discord.Member) else frozenset()
