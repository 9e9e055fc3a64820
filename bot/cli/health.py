"""`rolecall health`: is the bot on this host alive? For containers and monitoring; it looks at nothing else.

Each container asks every minute, so it imports little and takes the time from the database.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.db import Database

if TYPE_CHECKING:
    from bot.store.health import Beat

FRESH = timedelta(minutes=3)
"""How old the last sign of life may be; a living part gives one each minute."""


class Part(StrEnum):
    TICKER = "ticker"
    SENDER = "sender"


def health(
    db: Database = "",
    part: Annotated[Part | None, typer.Option(help="Ask for this part alone. Default: all that ran here.")] = None,
) -> None:
    """Exit with 0 when the bot on this host gave a sign of life within 3 minutes, else with 1 and a reason."""
    from bot.settings import Settings
    from bot.store import health
    from bot.store.session import open_store

    store = open_store(db or Settings().database_place, upgrade=False, create=False)
    with closing(store), store.read() as tx:
        beats, now = health.beats(tx), health.clock(tx)
    wrong = ailment(beats, host(), part, now)
    if wrong:
        typer.echo(wrong)
        raise typer.Exit(1)


def host() -> str:
    """This machine's name as signs of life carry it: its first 24 characters."""
    return platform.node()[:24]


def ailment(beats: Sequence[Beat], here: str, part: str | None, now: datetime) -> str | None:
    """What is wrong with the parts that ran on this host; None where all of them are alive."""
    ours = [b for b in beats if b.host == here and part in (None, b.part)]
    if not ours:
        return f"{part or 'The bot'} has given no sign of life on {here}. Start rolecall run."
    # One from a time to come was given by a clock that has been set back since, and says nothing of now.
    stale = max(ours, key=lambda b: abs(now - b.at))
    if abs(now - stale.at) < FRESH:
        return None
    return f"{stale.part} last gave a sign of life at {stale.at:%Y-%m-%d %H:%M:%S} UTC. Look at its log; restart it."
