"""`rolecall manifest …`: what a platform has to be told about the app, to be pasted there."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="Print what a chat platform wants to know of the app.", no_args_is_help=True)


@app.callback()
def manifests() -> None:
    """Print what a chat platform wants to know of the app."""


@app.command("slack")
def slack(
    http: Annotated[
        str,
        typer.Option(help="The bot's public https address, for signed HTTP. Default: Socket Mode, which needs none."),
    ] = "",
    command: Annotated[
        str, typer.Option(help="The slash command, without its slash. Default: ROLECALL_SLACK_COMMAND, or rolecall.")
    ] = "",
) -> None:
    """Print the manifest of the Slack app in YAML: paste it into "From a manifest" at api.slack.com/apps."""
    from adapters.slack.manifest import as_yaml, manifest
    from bot.cli.slack import slash_command
    from bot.settings import Settings

    typer.echo(as_yaml(manifest(slash_command(command or Settings().slack_command), http)), nl=False)
