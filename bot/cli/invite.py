"""`rolecall invite …`: the address at which a platform asks whether the bot may come in."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.errors import RolecallError

app = typer.Typer(help="Print the address that brings the bot to a chat platform.", no_args_is_help=True)


@app.callback()
def invitations() -> None:
    """Print the address that brings the bot to a chat platform."""


@app.command("discord")
def discord(
    application: Annotated[
        str, typer.Option(help="The application's id. Default: it is read from ROLECALL_DISCORD_TOKEN.")
    ] = "",
) -> None:
    """Print the address at which whoever manages a Discord server lets the bot in, with the least permissions."""
    from adapters.discord.checks import invitation
    from bot.cli.discord import APPLICATIONS, ID, application_of
    from bot.settings import Settings

    given = application.strip()
    if given and not ID.fullmatch(given):
        raise RolecallError(
            f"--application is no application's id, which is a long number. It stands at {APPLICATIONS} → your app → "
            '"General Information" → "Application ID".'
        )
    found = int(given) if given else application_of(Settings())
    if found is None:
        raise RolecallError(
            f"Name the application: rolecall invite discord --application ID. The id stands at {APPLICATIONS} → your "
            'app → "General Information" → "Application ID".'
        )
    typer.echo(invitation(found))
