"""Buttons that work after a restart and a month later: what they are for stands in their ids alone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import discord

from adapters.discord import ids

Pressed = Callable[[discord.Interaction[Any], str], Awaitable[None]]
"""What is done when a button is pressed, with the wish that it carries."""


def buttons(pressed: Pressed) -> type[discord.ui.DynamicItem[Any]]:
    """All of ours, as one kind for discord.py."""

    class Press(discord.ui.DynamicItem[discord.ui.Button[Any]], template=ids.PRESS):
        def __init__(self, item: discord.ui.Button[Any], wire: str) -> None:
            super().__init__(item)
            self.wire = wire

        @classmethod
        async def from_custom_id(
            cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
        ) -> Press:
            assert isinstance(item, discord.ui.Button)
            return cls(item, match["wire"])

        async def callback(self, interaction: discord.Interaction[Any]) -> None:
            await pressed(interaction, self.wire)

    return Press
