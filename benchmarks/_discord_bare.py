"""The least that a bot on discord.py can do: acknowledge, and say something constant. Settings as of `rolecall run`.

python -m benchmarks._discord_bare
"""

from __future__ import annotations

import os

import discord
from discord import app_commands

from benchmarks._load import ANSWER, DAY

TEXT = "This is what I say, whatever you want."


async def say(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.edit_original_response(content=TEXT)


class Bare(discord.AutoShardedClient):
    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True), member_cache_flags=discord.MemberCacheFlags.none(), max_messages=None
        )
        tree = app_commands.CommandTree(self)
        group = app_commands.Group(name="rolecall", description="A mentor")
        for name in {*DAY} - {ANSWER}:
            group.add_command(app_commands.Command(name=name, description="Says something", callback=say))
        tree.add_command(group)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.modal_submit:
            await say(interaction)


if __name__ == "__main__":
    discord.http.Route.BASE = os.environ["ROLECALL_DISCORD_BASE_URL"]
    Bare().run(os.environ["ROLECALL_DISCORD_TOKEN"], log_handler=None)
