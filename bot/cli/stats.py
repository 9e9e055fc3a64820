"""`rolecall stats …`: how the graders and the problems of this installation do. Sums only; nobody is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.db import Database

if TYPE_CHECKING:
    from bot.store.session import Tx

app = typer.Typer(help="How the graders and the problems do, over everybody.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]


@app.command("graders")
def stats_graders(db: Database = "", as_json: AsJson = False) -> None:
    """Per grader and version: what it decided, where people said otherwise, appeals; and what language models cost."""
    from bot.cli import stats_tables

    typer.echo(_read(db, lambda tx: stats_tables.of_graders(tx, as_json=as_json)))


@app.command("problems")
def stats_problems(db: Database = "", as_json: AsJson = False) -> None:
    """Per problem: answers, bands, difficulty, discrimination, appeals; and which problems to revise, and why."""
    from bot.cli import stats_tables

    typer.echo(_read(db, lambda tx: stats_tables.of_problems(tx, as_json=as_json)))


def _read(db: str, text: Callable[[Tx], str]) -> str:
    from bot.settings import Settings
    from bot.store.session import open_store

    store = open_store(db or Settings().database_place, create=False)
    try:
        with store.begin() as tx:
            return text(tx)
    finally:
        store.close()
