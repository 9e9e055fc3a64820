"""`rolecall exemplars export`: answers that learners lent and people graded, as YAML for an author to review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
import yaml

from bot.cli.db import Database
from bot.door.messages import count
from bot.errors import RolecallError

app = typer.Typer(help="Examples that the grader learns from.", no_args_is_help=True)

HEAD = """\
# Answers by learners who lent them, graded by mentors or peers. Read each one before it goes into a problem file:
# take out whatever could tell who wrote it, correct the verdicts, then add it to the file's exemplars.
"""


@app.callback()
def exemplars() -> None:
    """Keeps `export` a command of its own while it is the only one."""


@app.command()
def export(
    problem: Annotated[str, typer.Argument(help="The id of one problem; default: all.")] = "",
    to: Annotated[Path | None, typer.Option("--to", help="A file; default: standard output.")] = None,
    db: Database = "",
) -> None:
    """Write the lent answers as exemplars, by problem, without names."""
    from bot.catalogue import load
    from bot.reviews.lending import Lent
    from bot.reviews.lending import exemplars as as_exemplars
    from bot.settings import Settings
    from bot.store import history
    from bot.store.session import open_store

    settings = Settings()
    problems = load(settings.content).problems
    store = open_store(db or settings.database_place, create=False)
    try:
        with store.begin() as tx:
            lent, kept_back = history.lent(tx)
    finally:
        store.close()
    if problem and problem not in problems:
        raise RolecallError(f"There is no problem {problem[:80]!r}. `rolecall check content` lists what there is.")
    by_problem = {}
    for one in problems.values():
        of_it = [Lent(attempt, names) for attempt, names in lent if attempt.serving.problem == one.id]
        if problem in ("", one.id) and (found := as_exemplars(one, of_it)):
            by_problem[str(one.id)] = found
    text = HEAD + yaml.safe_dump(by_problem, allow_unicode=True, sort_keys=False, width=110)
    if to is None:
        typer.echo(text, nl=False)
    else:
        try:
            to.write_text(text, encoding="utf-8")
        except OSError as error:
            raise RolecallError(f"I cannot write {to}: {error.strerror}. Name another file.") from error
    written = count(sum(map(len, by_problem.values())), "answer")
    typer.echo(f"{written}; {kept_back} other graded ones are not lent and stay private.", err=True)
