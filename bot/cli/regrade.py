"""`rolecall regrade PROBLEM`: after a rubric was corrected, the answers that were graded by the old one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.db import Database
from bot.cli.grade import problem_of
from bot.door.messages import count
from bot.model import Band

if TYPE_CHECKING:
    from bot.practice.regrading import Change

DAYS = 90


def regrade(
    problem_id: Annotated[str, typer.Argument(help="The id of a problem whose version was raised.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far back answers are looked at.")] = DAYS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    db: Database = "",
) -> None:
    """Grade old answers by a problem's present rubric; learners whose band changes are told once."""
    from bot.cli.compose import wall_clock
    from bot.cli.graders import cascade
    from bot.practice import regrading
    from bot.settings import Settings
    from bot.store.session import open_store

    settings = Settings()
    problem = problem_of(problem_id, settings.content)
    store = open_store(db or settings.database_place, create=False)
    try:
        now = wall_clock()
        graders, since = cascade(store, settings), now - timedelta(days=days)
        changes = regrading.regrade(store, graders, problem, now, since, dry_run=dry_run)
    finally:
        store.close()
    done = "to grade anew" if dry_run else "graded anew"
    said = ", ".join(f"{n} {word}" for word, n in _moves(changes))
    answers = count(len(changes), "earlier answer")
    typer.echo(f"{problem.id} version {problem.version}: {answers} {done} ({said}).")
    if dry_run and changes:
        typer.echo("Nothing was written. Leave --dry-run out to do it; each learner whose band changes is told once.")


def _moves(changes: list[Change]) -> Iterator[tuple[str, int]]:
    """How many answers went up, went down, or kept their band."""
    rank = (Band.NOT_GRADABLE, Band.NO_HIRE, Band.LEAN_HIRE, Band.STRONG_HIRE).index
    moves = [rank(c.after.band) - rank(c.before.band) for c in changes]
    yield "up", sum(m > 0 for m in moves)
    yield "down", sum(m < 0 for m in moves)
    yield "the same band", sum(m == 0 for m in moves)
