"""`rolecall play`: which person, database, clock and screen a sitting at the terminal gets."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Annotated, TextIO
from zoneinfo import ZoneInfo

import typer

from bot.errors import RolecallError, UsageError

SCRIPT_START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SCRIPT_SEED = 7
SCRIPT_NAME = "Ana"
PLAIN_WIDTH = 80
"""Cells, where no window says how wide it is."""


def play(
    db: Annotated[
        Path | None, typer.Option(help="Database file. Default: play's own; a script gets a fresh one.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--as", help="Who you are. Default: your user name, or Ana in a script.")
    ] = None,
    zone: Annotated[str | None, typer.Option(help="Your time zone, such as Europe/Berlin. Default: UTC.")] = None,
    start: Annotated[str | None, typer.Option(help="When the virtual clock starts, such as 2026-01-05T09:00Z.")] = None,
    seed: Annotated[int | None, typer.Option(help="Makes ids repeat and the clock stand still between waits.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="No colours, boxes or control codes.")] = False,
    script: Annotated[str | None, typer.Option(help="Read what is typed from a file, or - for standard input.")] = None,
) -> None:
    """Practise in the terminal: the whole bot, with a clock that you can move. No account, no token."""
    from adapters.terminal.gateway import TerminalGateway
    from adapters.terminal.people import People
    from adapters.terminal.screen import Screen

    is_script, is_typed = script is not None, script is None and sys.stdin.isatty()
    if not sys.stdout.isatty() and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    is_window = sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and not is_script
    screen = Screen(sys.stdout, plain=plain or not is_window, width=None if is_window else PLAIN_WIDTH)
    known_zone = _zone(zone)
    begin = _instant(start, known_zone) if start else SCRIPT_START if is_script else None
    ids = SCRIPT_SEED if is_script and seed is None else seed
    people = People(name or (SCRIPT_NAME if is_script else user_name()), known_zone)
    gateway = TerminalGateway()

    from bot.cli import logs
    from bot.cli.alone import alone_with
    from bot.cli.compose import open_play, wall_clock
    from bot.settings import Settings

    settings = Settings()

    with (
        _lines(script) as lines,
        _database(db, is_script=is_script) as place,
        logs.kept_apart(place, to_file=is_typed),
        alone_with(str(place), wall_clock()),
        open_play(
            place,
            start=begin,
            seed=ids,
            zone=known_zone or "UTC",
            gateway=gateway,
            # a script says the same again each time; a language model might not
            settings=None if is_script else settings,
            content=settings.content,
        ) as world,
        _unread_output(),
    ):
        from adapters.terminal import app, keyboard

        if is_typed:
            app.play_interactively(world, gateway, screen, people)
        else:
            folder = Path(script).parent if script not in (None, "-") else Path()
            read = keyboard.from_stream(lines)
            app.play_lines(world, gateway, screen, people, read, folder=folder, welcome=not is_script)


def _zone(name: str | None) -> str | None:
    if name is None:
        return None
    from bot.members import fields

    return fields.zone(name)


def _instant(text: str, zone: str | None) -> datetime:
    """The instant of an ISO date and time; in `zone` where it names no offset."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--start is a date and time such as 2026-01-05T09:00Z, not “{text[:40]}”.") from None
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone or "UTC"))).astimezone(UTC)


def user_name() -> str:
    from adapters.terminal.steering import slug

    try:
        name = getpass.getuser().title()
        slug(name)
    except (OSError, KeyError, ImportError, UsageError):
        return "You"
    return name


@contextlib.contextmanager
def _unread_output() -> Iterator[None]:
    """Ends quietly when whatever reads the output stops reading, such as `head`."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def _lines(script: str | None) -> Iterator[TextIO]:
    if script in (None, "-"):
        if hasattr(sys.stdin, "reconfigure") and not sys.stdin.isatty():
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        yield sys.stdin
        return
    try:
        typed = Path(script or "").read_bytes()
    except OSError as error:
        raise RolecallError(f"I cannot read the script {script}: {error.strerror}.") from error
    if b"\0" in typed:
        remedy = "Save it as plain text in UTF-8: each line is what somebody types."
        raise RolecallError(f"The script {script} is no text file: it holds NUL characters. {remedy}")
    yield TextIOWrapper(BytesIO(typed), encoding="utf-8-sig", errors="replace")


@contextlib.contextmanager
def _database(db: Path | None, *, is_script: bool) -> Iterator[Path]:
    """The file to play on: the one named, a temporary one for a script, or play's own."""
    if db is None and is_script:
        with tempfile.TemporaryDirectory(prefix="rolecall-", ignore_cleanup_errors=True) as folder:
            yield Path(folder, "play.db")
        return
    from bot.settings import data_folder

    place = db or data_folder() / "play.db"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        remedy = "Name another file with --db."
        raise RolecallError(f"I cannot make the folder {place.parent}: {error.strerror}. {remedy}") from error
    yield place
