"""`rolecall run`: the bot on the real clock, on the platforms that are set up."""

from __future__ import annotations

import contextlib
import getpass
import sys
from typing import Annotated

import typer

from bot.cli.db import Database


def run(
    db: Database = "",
    name: Annotated[str, typer.Option("--as", help="Who you are in this terminal.")] = "",
) -> None:
    """Run the bot on the real clock. For now this terminal is the platform it serves."""
    from adapters.terminal import app, keyboard
    from adapters.terminal.gateway import TerminalGateway
    from adapters.terminal.people import People
    from adapters.terminal.screen import Screen
    from bot.cli.compose import open_live
    from bot.settings import Settings

    settings = Settings()
    gateway = TerminalGateway()
    person = name
    with contextlib.suppress(OSError, KeyError, ImportError):
        person = name or getpass.getuser().title()
    people = People(person or "You", None)
    window = sys.stdout.isatty()
    screen = Screen(sys.stdout, plain=not window, width=None if window else 80)
    place = db or settings.database_place
    with open_live(place, zone=settings.default_zone, gateway=gateway, content=settings.content) as world:
        if sys.stdin.isatty():
            app.play_interactively(world, gateway, screen, people)
        else:
            from pathlib import Path

            app.play_lines(world, gateway, screen, people, keyboard.from_stream(sys.stdin), folder=Path(), welcome=True)
