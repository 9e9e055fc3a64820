"""`rolecall run`: the bot on the real clock, on the platforms that are set up."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.db import Database


def run(
    db: Database = "",
    name: Annotated[str | None, typer.Option("--as", help="Who you are. Default: your user name.")] = None,
) -> None:
    """Run the bot on the real clock. For now this terminal is the one platform it serves."""
    from adapters.terminal import app, keyboard
    from adapters.terminal.gateway import TerminalGateway
    from adapters.terminal.people import People
    from adapters.terminal.screen import Screen
    from bot.cli import logs
    from bot.cli.compose import open_live
    from bot.cli.play import PLAIN_WIDTH, user_name
    from bot.settings import Settings, data_folder

    settings = Settings()
    place = db or settings.database_place
    is_typed, is_window = sys.stdin.isatty(), sys.stdout.isatty()
    screen = Screen(sys.stdout, plain=not is_window, width=None if is_window else PLAIN_WIDTH)
    people = People(name or user_name(), None)
    gateway = TerminalGateway()
    log_place = data_folder() / "rolecall.db" if "://" in place else Path(place)
    with (
        logs.kept_apart(log_place, to_file=is_typed),
        open_live(
            place, zone=settings.default_zone, gateway=gateway, settings=settings, content=settings.content
        ) as world,
    ):
        if is_typed:
            app.play_interactively(world, gateway, screen, people)
        else:
            app.play_lines(world, gateway, screen, people, keyboard.from_stream(sys.stdin), folder=Path(), welcome=True)
