"""`rolecall run`: the bot on the real clock. It decides which of its parts run here, and who can talk to it.

Where Slack is set up, a person at this terminal is spoken to only if they say who they are: whoever starts the bot
for a workspace wants to see that it runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.db import Database
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.cli.slack_serving import Slack
    from bot.delivery.ticker import Job
    from bot.door.invocation import Gateway
    from bot.rolecall import Rolecall

TERMINAL, SLACK = "terminal", "slack"
PARTS = (TERMINAL, SLACK, "ticker", "sender")
TO_COME = ("discord",)
MAIL_SECONDS = 2.0


def run(
    db: Database = "",
    name: Annotated[
        str | None,
        typer.Option("--as", help="Who you are, to talk to it here. Default without Slack: your user name."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Run this part alone: terminal, slack, ticker or sender; may be repeated. Needs PostgreSQL."),
    ] = None,
) -> None:
    """Run the bot on the real clock: all of it in one process, or its parts in several."""
    from adapters.terminal import app, keyboard
    from adapters.terminal.gateway import TerminalGateway
    from adapters.terminal.mailbox import Mailbox, Reading
    from adapters.terminal.people import People
    from adapters.terminal.screen import Screen
    from bot.cli import logs
    from bot.cli.alone import sqlite_file
    from bot.cli.compose import wall_clock
    from bot.cli.live import open_live
    from bot.cli.play import PLAIN_WIDTH, user_name
    from bot.cli.slack import installation_of
    from bot.cli.stopping import Stop
    from bot.settings import Settings, data_folder

    settings = Settings()
    place = db or settings.database_place
    file = sqlite_file(place)
    installation = installation_of(settings)
    parts = _parts(only, is_sqlite=file is not None, has_slack=installation is not None)
    slack = None
    if installation and not {SLACK, "sender"}.isdisjoint(parts):
        from bot.cli.slack_serving import Slack

        slack = Slack(installation)
        slack.begin()
    is_typed, is_window = _is_keyboard(), sys.stdout.isatty()
    is_wanted = slack is None or bool(name or only)
    is_spoken_to = TERMINAL in parts and is_wanted and (is_typed or _is_piped())
    if only and TERMINAL in parts and not is_spoken_to:
        raise UsageError("The part terminal needs somebody who types. Start it in a terminal, or pipe lines into it.")

    stop = Stop()
    # At a prompt Ctrl-C is the person's: it leaves a form first.
    stop.attend(signal.SIGTERM, *([] if is_spoken_to and is_typed else [signal.SIGINT]))
    folder = settings.mailbox or (file.with_name(f"{file.name}.mailbox") if file else data_folder() / "mailbox")
    screen = Screen(sys.stdout, plain=not is_window, width=None if is_window else PLAIN_WIDTH)
    gateway, people = TerminalGateway(), People(name or user_name(), None)
    reading = Reading(folder, gateway, lambda: people.current.id)
    is_drawn_here = is_spoken_to and file is not None
    mail = (lambda: asyncio.to_thread(reading.show_new), MAIL_SECONDS)

    def gateways(rolecall: Rolecall) -> Mapping[str, Gateway]:
        if "sender" not in parts:
            return {}
        terminal = gateway if is_drawn_here else Mailbox(folder, wall_clock)
        return {TERMINAL: terminal, **(slack.gateways(rolecall) if slack else {})}

    def also(rolecall: Rolecall) -> Mapping[str, tuple[Job, float]]:
        return {**({"mail": mail} if is_spoken_to else {}), **(slack.jobs(rolecall) if slack else {})}

    def connected() -> None:
        if not is_spoken_to:
            typer.echo("Slack is connected.")

    with (
        logs.kept_apart(file or data_folder() / "rolecall.db", to_file=is_spoken_to and is_typed),
        open_live(
            place,
            parts,
            gateways,
            settings=settings,
            stopping=stop,
            also=also,
            arrived=reading.show_new,
        ) as world,
    ):
        # What is loaded by now stays. A full collection would look through it again, with every thread standing still.
        gc.freeze()
        if not is_spoken_to:
            typer.echo(_silent(parts, folder, slack, is_sqlite=file is not None))
        with slack.served(world.rolecall, connected) if slack and SLACK in parts else contextlib.nullcontext():
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


def _parts(only: list[str] | None, *, is_sqlite: bool, has_slack: bool) -> tuple[str, ...]:
    """The parts that run here. Raises UsageError for one that cannot, and for some alone on SQLite."""
    if not only:
        return tuple(part for part in PARTS if part != SLACK or has_slack)
    for part in only:
        if part in TO_COME:
            raise UsageError(f"This version does not serve {part} yet. --only takes {', '.join(PARTS)}.")
        if part not in PARTS:
            raise UsageError(f"There is no part called {part}. --only takes {', '.join(PARTS)}.")
    if is_sqlite:
        raise UsageError(
            "--only splits the bot over several processes, and a SQLite file takes one. Leave --only out, "
            "or use PostgreSQL: set ROLECALL_DATABASE to postgresql://user:password@host/name."
        )
    if SLACK in only and not has_slack:
        raise UsageError("The part slack needs the tokens of a Slack app. README.md says where they are found.")
    return tuple(dict.fromkeys(only))


def _is_keyboard() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _is_piped() -> bool:
    """Whether lines come from a pipe or a file; not from the null device, which services get."""
    return sys.stdin is not None and not stat.S_ISCHR(os.fstat(sys.stdin.fileno()).st_mode)


def _silent(parts: tuple[str, ...], folder: Path, slack: Slack | None, *, is_sqlite: bool) -> str:
    """What runs, where nobody types here."""
    working = [str(slack) if slack and p == SLACK else p for p in parts if p != TERMINAL]
    running = f"Running: {' and '.join([', '.join(working[:-1]), working[-1]] if working[1:] else working)}"
    if SLACK in parts:
        return f"{running}. Ctrl-C stops."
    letters = f" Messages for people at a terminal go to {folder}." if "sender" in parts else ""
    if TERMINAL not in parts:
        return f"{running}. Ctrl-C stops.{letters}"
    way = "stop me and start rolecall run" if is_sqlite else "start rolecall run --only terminal"
    return (
        f"{running}, but nobody can talk to me: no chat platform is set up, and nobody types here. "
        f"To practise, {way} in a terminal.{letters}"
    )
