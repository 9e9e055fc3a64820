"""The command table -> Discord's application commands: one two-level group, with options, choices and autocomplete."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import discord
from discord import app_commands

from bot.door.command_table import Command
from bot.door.messages import Choice

ANSWER_THIS = "Answer this prompt"
"""The entry of a message's context menu."""

Commanded = Callable[[discord.Interaction, Command, Mapping[str, str]], Awaitable[None]]
"""What is done when a command comes, with its options as text."""
PointedAt = Callable[[discord.Interaction, discord.Message], Awaitable[None]]
Suggest = Callable[[str, str], tuple[Choice, ...]]
"""Kind of option and what is typed -> up to 25 values."""


def fill(
    tree: app_commands.CommandTree[discord.Client], suggest: Suggest, commanded: Commanded, pointed_at: PointedAt
) -> None:
    """Puts every command into the tree. `fill(tree, suggest, nobody, nobody)` is enough for what Discord is told."""
    raise NotImplementedError
