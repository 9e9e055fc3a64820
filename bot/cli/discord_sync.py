"""`rolecall discord …`: what is done at Discord by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from bot.errors import RolecallError

app = typer.Typer(help="Look after the bot at Discord.", no_args_is_help=True)


@app.callback()
def discord() -> None:
    """Look after the bot at Discord."""


@app.command()
def sync(
    guild: Annotated[
        str, typer.Option(help="The id of a server that alone lists the commands. Default: ROLECALL_DISCORD_GUILD.")
    ] = "",
) -> None:
    """Bring Discord's list of the bot's commands up to date now. rolecall run does so at every start."""
    import asyncio

    from adapters.discord.asking import brought_up_to_date
    from bot.catalogue import load
    from bot.cli.discord import installation_of, server
    from bot.settings import Settings
    from bot.suggesting import suggesting

    settings = Settings()
    installation = installation_of(settings)
    if installation is None:
        raise RolecallError('Set ROLECALL_DISCORD_TOKEN first. README.md, "Discord in five minutes", says how.')
    if guild:
        installation = replace(installation, guild=server(guild, "--guild"))
    where = f"server {installation.guild}" if installation.guild else "every server"
    if asyncio.run(brought_up_to_date(installation, suggesting(load(settings.content)))):
        typer.echo(f"The commands on {where} were other ones; now they are this version's.")
    else:
        typer.echo(f"The commands on {where} are this version's. Nothing was changed.")
