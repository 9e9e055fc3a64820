"""`rolecall run`: the bot on the real clock. It decides which of its parts run here, and who can talk to it.

Where a chat platform is set up, a person at this terminal is spoken to only if they say who they are: whoever starts
the bot for a workspace or a server wants to see that it runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import stat
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.db import Database
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.cli.platforms import Platform, Platforms
    from bot.door.invocation import Gateway
    from bot.rolecall import Rolecall
    from bot.settings import Settings

TERMINAL, SLACK, DISCORD, SENDER = "terminal", "slack", "discord", "sender"
PARTS = (TERMINAL, SLACK, DISCORD, "ticker", SENDER)
KEYS = {SLACK: "the tokens of a Slack app", DISCORD: "the token of a Discord bot"}
"""What a chat platform needs."""
MAIL_SECONDS = 2.0


def run(
    db: Database = "",
    name: Annotated[
        str | None,
        typer.Option("--as", help="Who you are, to talk to it here. Default without a chat platform: your user name."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help=f"Run this part alone: {', '.join(PARTS)}; may be repeated. Needs PostgreSQL."),
    ] = None,
) -> None:
    """Run the bot on the real clock: all of it in one process, or its parts in several."""
    from adapters.terminal import app, keyboard
    from adapters.terminal.gateway import TerminalGateway
    from adapters.terminal.mailbox import Mailbox, Reading
    from adapters.terminal.people import People
    from adapters.terminal.screen import Screen
    from bot.cli import logs, platforms
    from bot.cli.alone import sqlite_file
    from bot.cli.compose import wall_clock
    from bot.cli.live import open_live
    from bot.cli.play import PLAIN_WIDTH, user_name
    from bot.cli.stopping import Stop
    from bot.delivery.ticker import ticking
    from bot.settings import Settings, data_folder

    settings = Settings()
    place = db or settings.database_place
    file = sqlite_file(place)
    set_up = _set_up(settings)
    parts = _parts(only, is_sqlite=file is not None, set_up=set_up)
    wanted = [p for p in set_up if SENDER in parts or p.name in parts]
    is_typed, is_window = _is_keyboard(), sys.stdout.isatty()
    is_spoken_to = TERMINAL in parts and bool(name or only or not wanted) and (is_typed or _is_piped())
    if only and TERMINAL in parts and not is_spoken_to:
        raise UsageError("The part terminal needs somebody who types. Start it in a terminal, or pipe lines into it.")

    stop = Stop()
    # At a prompt Ctrl-C is the person's: it leaves a form first.
    stop.attend(signal.SIGTERM, *([] if is_spoken_to and is_typed else [signal.SIGINT]))
    folder = settings.mailbox or (file.with_name(f"{file.name}.mailbox") if file else data_folder() / "mailbox")
    screen = Screen(sys.stdout, plain=not is_window, width=None if is_window else PLAIN_WIDTH)
    gateway, people = TerminalGateway(), People(name or user_name(), None)
    reading = Reading(folder, gateway, lambda: people.current.id)
    mail = {"mail": (lambda: asyncio.to_thread(reading.show_new), MAIL_SECONDS)} if is_spoken_to else {}

    def gateways(chats: Platforms, rolecall: Rolecall) -> Mapping[str, Gateway]:
        if SENDER not in parts:
            return {}
        terminal = gateway if is_spoken_to and file else Mailbox(folder, wall_clock)
        return {TERMINAL: terminal, **chats.gateways(rolecall)}

    def connected(platform: str) -> None:
        if not is_spoken_to:
            typer.echo(f"{platform.capitalize()} is connected.")

    with (
        logs.kept_apart(file or data_folder() / "rolecall.db", to_file=is_spoken_to and is_typed),
        platforms.beside(wanted) as chats,
        open_live(
            place,
            parts,
            partial(gateways, chats),
            settings=settings,
            stopping=stop,
            arrived=reading.show_new,
        ) as world,
    ):
        # What is loaded by now stays. A full collection would look through it again, with every thread standing still.
        gc.freeze()
        if not is_spoken_to:
            typer.echo(_silent(parts, folder, chats, is_sqlite=file is not None))
        # What is being sent at the end may need the connections to the platforms.
        with chats.served(world.rolecall, parts, connected), ticking({**world.jobs, **mail}):
            try:
                if not is_spoken_to:
                    stop.wait()
                elif is_typed:
                    typed = stop.interrupting(keyboard.from_keyboard(plain=screen.plain))
                    app.play_interactively(world, gateway, screen, people, typed)
                else:
                    piped = stop.interrupting(keyboard.from_stream(sys.stdin))
                    with contextlib.suppress(KeyboardInterrupt):
                        app.play_lines(world, gateway, screen, people, piped, folder=Path(), welcome=True)
            finally:
                stop.end()


def _set_up(settings: Settings) -> list[Platform]:
    """The chat platforms whose keys are set. RolecallError where they do not fit together."""
    from bot.cli import discord, slack

    found: list[Platform] = []
    if workspace := slack.installation_of(settings):
        from bot.cli.slack_serving import Slack

        found.append(Slack(workspace))
    if servers := discord.installation_of(settings):
        from bot.cli.discord_serving import Discord

        found.append(Discord(servers))
    return found


def _parts(only: list[str] | None, *, is_sqlite: bool, set_up: Sequence[Platform]) -> tuple[str, ...]:
    """The parts that run here. Raises UsageError for one that cannot, and for some alone on SQLite."""
    lacking = KEYS.keys() - {platform.name for platform in set_up}
    if not only:
        return tuple(part for part in PARTS if part not in lacking)
    for part in only:
        if part not in PARTS:
            raise UsageError(f"There is no part called {part}. --only takes {', '.join(PARTS)}.")
    if is_sqlite:
        raise UsageError(
            "--only splits the bot over several processes, and a SQLite file takes one. Leave --only out, "
            "or use PostgreSQL: set ROLECALL_DATABASE to postgresql://user:password@host/name."
        )
    for part in only:
        if part in lacking:
            raise UsageError(f"The part {part} needs {KEYS[part]}. README.md says where that is found.")
    return tuple(dict.fromkeys(only))


def _is_keyboard() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _is_piped() -> bool:
    """Whether lines come from a pipe or a file; not from the null device, which services get."""
    return sys.stdin is not None and not stat.S_ISCHR(os.fstat(sys.stdin.fileno()).st_mode)


def _silent(parts: tuple[str, ...], folder: Path, chats: Platforms, *, is_sqlite: bool) -> str:
    """What runs, where nobody types here."""
    told = chats.told()
    working = [told.get(part, part) for part in parts if part != TERMINAL]
    running = f"Running: {' and '.join([', '.join(working[:-1]), working[-1]] if working[1:] else working)}"
    if not told.keys().isdisjoint(parts):
        return f"{running}. Ctrl-C stops."
    letters = f" Messages for people at a terminal go to {folder}." if SENDER in parts else ""
    if TERMINAL not in parts:
        return f"{running}. Ctrl-C stops.{letters}"
    way = "stop me and start rolecall run" if is_sqlite else "start rolecall run --only terminal"
    return (
        f"{running}, but nobody can talk to me: no chat platform is set up, and nobody types here. "
        f"To practise, {way} in a terminal.{letters}"
    )
