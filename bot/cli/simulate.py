"""`rolecall simulate`: what will be sent when, in virtual time. It changes nothing in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from bot.cli.db import Database
from bot.errors import UsageError

MOST_DAYS = 400


def simulate(
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="How many days to look ahead.")],
    start: Annotated[
        str,
        typer.Option("--from", help="When to begin, such as 2026-03-28; what is due before is left out. Default: now."),
    ] = "",
    member: Annotated[str, typer.Option(help="Only this member, by name or by their id on their platform.")] = "",
    silent: Annotated[bool, typer.Option("--silent", help="Suppose that nobody looks in any more.")] = False,
    why: Annotated[bool, typer.Option("--why", help="List what will not be sent, too, and why.")] = False,
    db: Database = "",
) -> None:
    """Print what will be sent when, from a copy of the database. Supposes that all look in daily and answer nothing."""
    import asyncio
    from contextlib import closing

    from bot.cli import forecast
    from bot.cli.compose import wall_clock
    from bot.cli.grant import the_member
    from bot.settings import Settings

    settings = Settings()
    begin = instant(start) if start else wall_clock()
    with forecast.copied(db or settings.database_place) as store:
        with store.begin() as tx:
            only = the_member(tx, member)[0].id if member else None
        ahead = forecast.Forecast(store, begin, is_silent=silent)
        if start:
            ahead.pass_over()
        with closing(forecast.rolecall_of(ahead, settings.content)) as rolecall:
            asyncio.run(ahead.run(rolecall, begin + timedelta(days=days)))
        foreseen = [f for f in ahead.foreseen() if only in (None, f.member)]
    for line in forecast.report(foreseen, days, with_reasons=why):
        typer.echo(line)


def instant(text: str) -> datetime:
    """An instant from an ISO date or time, UTC where it names no offset. Raises UsageError."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text} is no date. Write it like 2026-03-28 or 2026-03-28T09:00.") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
