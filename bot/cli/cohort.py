"""`rolecall cohort …`: which cohorts there are, and inviting a list of people from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.db import Database
from bot.door.messages import count
from bot.errors import RolecallError

if TYPE_CHECKING:
    from bot.cohort_model import Cohort
    from bot.store.session import Tx

app = typer.Typer(help="Look after cohorts.", no_args_is_help=True)


@app.command("list")
def list_cohorts(db: Database = "") -> None:
    """List the cohorts that go on: how many are in each, its dates, and where it is posted."""
    from bot.cohort_model import Office
    from bot.settings import Settings
    from bot.store import cohorts, roster
    from bot.store.session import open_store

    store = open_store(db or Settings().database_place, upgrade=False, create=False)
    try:
        with store.read() as tx:
            known, sizes = cohorts.living(tx), roster.sizes(tx)
            channels = {one.id: cohorts.channels(tx, one.id) for one in known}
    finally:
        store.close()
    for one in known:
        people = ", ".join(count(sizes.get((one.id, office), 0), office.value) for office in Office)
        where = ", ".join(f"{ch.platform} {ch.channel}{' (closed)' if ch.closed_at else ''}" for ch in channels[one.id])
        dates = f"{one.starts_on or ''}..{one.ends_on or ''}" if one.starts_on or one.ends_on else "no dates"
        typer.echo(f"{one.id}  {one.name}: {one.preset.value}, {one.zone}, {dates}; {people}; {where or 'no channel'}")
    if not known:
        typer.echo("There is no cohort. Somebody who runs a workspace sets one up with /rolecall cohort create.")


@app.command("import")
def import_list(
    file: Annotated[
        Path, typer.Argument(help="CSV with the columns platform, user_id and, if you like, tenant, role.")
    ],
    cohort: Annotated[str, typer.Option(help="The cohort's name or id.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")] = False,
    db: Database = "",
) -> None:
    """Invite the people of a list to a cohort; says what becomes of each line. Exits 1 where a line cannot be used."""
    from bot.cli.compose import wall_clock
    from bot.cohorts import roster
    from bot.cohorts.roster_list import Fault, text_of
    from bot.cohorts.roster_words import counted, said_of
    from bot.settings import Settings
    from bot.store.session import open_store

    try:
        text = text_of(file.read_bytes())
    except OSError as error:
        raise RolecallError(f"{file} cannot be read: {(error.strerror or 'it is no file').lower()}.") from None
    store = open_store(db or Settings().database_place, create=False)
    try:
        with store.begin() as tx:
            lines = roster.invite_all(tx, _the_cohort(tx, cohort), text, wall_clock(), None, go=not dry_run)
    finally:
        store.close()
    for line in lines:
        typer.echo(said_of(line, go=not dry_run))
    typer.echo(counted(lines, go=not dry_run))
    typer.echo(
        "Nothing has changed: this was a dry run."
        if dry_run
        else "Nobody was written to: tell them to type /rolecall cohort join."
    )
    raise typer.Exit(int(any(isinstance(line, Fault) for line in lines)))


def _the_cohort(tx: Tx, name: str) -> Cohort:
    """The one living cohort of this name or id. Raises RolecallError where there is none, or several."""
    from bot.store import cohorts

    known = cohorts.living(tx)
    found = [one for one in known if name == one.id] or [one for one in known if one.name.casefold() == name.casefold()]
    if not found:
        raise RolecallError(f"There is no cohort called {name}. rolecall cohort list shows those there are.")
    if len(found) > 1:
        raise RolecallError(f"{len(found)} cohorts are called {name}. Name one of {', '.join(c.id for c in found)}.")
    return found[0]
