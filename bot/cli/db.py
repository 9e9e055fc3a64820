"""`rolecall db …`: the database's schema and its projections."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="Look after the database.", no_args_is_help=True)

Database = Annotated[
    str, typer.Option("--db", help="A file or URL; default: ROLECALL_DATABASE, or the user's data folder.")
]


@app.command()
def upgrade(db: Database = "") -> None:
    """Bring the database to this program's schema. A SQLite file is upgraded at every start anyway."""
    from bot.settings import Settings
    from bot.store.session import open_store

    store = open_store(db or Settings().database_place, upgrade=True)
    typer.echo(f"{store.place} is up to date.")
    store.close()


@app.command()
def rebuild(db: Database = "") -> None:
    """Recompute servings, attempts and memory from the log. Nothing is graded again."""
    from bot.practice import projection
    from bot.settings import Settings
    from bot.store.session import open_store

    store = open_store(db or Settings().database_place, create=False)
    with store.begin() as tx:
        events = projection.rebuild(tx)
    typer.echo(f"Rebuilt from {events} events of the log.")
    store.close()
