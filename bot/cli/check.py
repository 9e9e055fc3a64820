"""`rolecall check`: is the content good, and does the grader stand up to attacks on it?

It combines the catalogue's lint with the grader's view of the exemplars.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.catalogue import load
from bot.catalogue.bank import Bank
from bot.catalogue.check import Checked, check, locked
from bot.catalogue.copying import runs_of
from bot.catalogue.fault import Fault, Finding
from bot.catalogue.loading import content_folder
from bot.catalogue.lock import lock_file, read_lock, write_lock
from bot.catalogue.schema import Kind, schema_file, schema_text
from bot.errors import RolecallError

app = typer.Typer(help="Check the content that Rolecall asks.", no_args_is_help=True)

DECIDED, STRONG = 0.60, 0.80
"""Over the bank, at least: criteria decided without a person, and strong exemplars (paraphrases aside) that are
graded Strong Hire without one."""


@app.command("content")
def check_content(
    path: Annotated[
        Path | None, typer.Argument(help="A content folder or one of its files. Default: what ships.")
    ] = None,
    against: Annotated[Path | None, typer.Option(help="A folder of texts; nothing may be copied from them.")] = None,
    lock: Annotated[bool, typer.Option("--lock", help="Write lock.json: new problems, raised versions.")] = False,
    grader: Annotated[bool, typer.Option(help="Grade each exemplar without itself, too.")] = True,
) -> None:
    """List every fault as file:line: field: what is wrong: what to write instead. Exits 1 when there is one."""
    try:
        theirs = runs_of(against) if against else None
        checked = check(path or content_folder(), _today(), theirs)
    except RolecallError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    faults = [*checked.faults, *(_graded(checked) if grader else ())]
    changed = None
    if lock and all(fault.warning for fault in faults):
        changed = _lock(checked.bank)
    faults += locked(checked)
    for fault in sorted(set(faults)):
        typer.echo(str(replace(fault, file=_seen_from_here(fault.file))))
    if changed is not None:
        typer.echo(f"lock.json: {_count(changed, 'entry', 'entries')} written.")
    elif lock:
        typer.echo("lock.json is as it was: it is written when nothing else is wrong.")
    typer.echo(_summary(checked, faults))
    raise typer.Exit(int(any(not fault.warning for fault in faults)))


@app.command("attacks")
def check_attacks(
    path: Annotated[Path | None, typer.Argument(help="A content folder. Default: what ships.")] = None,
    problem: Annotated[str | None, typer.Option(help="Attack this problem only, by its id.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Attack the grader on every problem and print what got through. Exits 1 when a goal is missed."""
    from bot.grading import resistance
    from bot.grading.deterministic import DeterministicGrader

    try:
        bank = list(load(path).problems.values())
    except RolecallError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    chosen = [p for p in bank if problem in (None, p.id)]
    if not chosen:
        typer.echo(f"There is no problem {problem}. An id looks like {bank[0].id}.", err=True)
        raise typer.Exit(1)
    report = resistance.withstand(DeterministicGrader(), chosen, bank)
    typer.echo(json.dumps(resistance.as_json(report)) if as_json else "\n".join(resistance.table(report)))
    raise typer.Exit(int(not report.kept))


@app.command("schema")
def schema(
    kind: Annotated[Kind, typer.Argument(help="The kind of file.")] = Kind.PROBLEM,
    write: Annotated[bool, typer.Option("--write", help="Write those of all kinds to the content folder.")] = False,
) -> None:
    """Print the JSON Schema of a content file, for editors."""
    if not write:
        typer.echo(schema_text(kind), nl=False)
        return
    for each in Kind:
        file = schema_file(content_folder(), each)
        file.write_text(schema_text(each), encoding="utf-8")
        typer.echo(f"{_seen_from_here(file).as_posix()} is written.")


def _graded(checked: Checked) -> list[Fault]:
    """L02 and L03: where the grader and the author differ about an exemplar or the reference."""
    from bot.grading import exemplars

    faults: list[Fault] = []
    judged = decided = strong = reached = 0
    for entry in checked.sound:
        report = exemplars.check(entry.problem)
        faults += (entry.document.found(Finding(f.field, f.problem, f.remedy)) for f in report.faults)
        judged, decided = judged + report.judged, decided + report.decided
        strong, reached = strong + report.strong, reached + report.strong_reached
    if checked.whole:
        problems = checked.bank.folder / "problems"
        if decided < DECIDED * judged:
            problem = f"the grader decides {decided} of {judged} criteria, at least {DECIDED:.0%} are needed"
            faults.append(Fault(problems, 1, "criteria", problem, "add ways to `says` where exemplars stay unsure"))
        if reached < STRONG * strong:
            problem = f"{reached} of {strong} strong exemplars reach Strong Hire, at least {STRONG:.0%} are needed"
            faults.append(Fault(problems, 1, "exemplars", problem, "add the words that they use to `says`"))
    return faults


def _lock(bank: Bank) -> int:
    """Write the lock; how many entries are new. A lock that cannot be read is left alone."""
    old = read_lock(bank.folder)
    if not isinstance(old, Fault):
        return write_lock(bank, old)
    return 0 if lock_file(bank.folder).exists() else write_lock(bank, {})


def _summary(checked: Checked, faults: list[Fault]) -> str:
    warnings = sum(fault.warning for fault in faults)
    looked_at = ", ".join(_count(number, kind) for kind, number in checked.counts.items())
    return f"{looked_at}: {_count(len(faults) - warnings, 'fault')}, {_count(warnings, 'warning')}."


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number or 'no'} {one if number == 1 else many or one + 's'}"


def _seen_from_here(file: Path) -> Path:
    """The path as somebody would type it: relative to the working folder where it lies below."""
    full = file.resolve()
    return full.relative_to(Path.cwd()) if full.is_relative_to(Path.cwd()) else full


def _today() -> date:
    from bot.cli.compose import wall_clock

    return wall_clock().date()
