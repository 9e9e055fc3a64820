"""Whether a problem repeats eight words in a row of somebody else's text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.catalogue.fault import Finding
from bot.catalogue.lint import texts
from bot.catalogue.problem import Problem
from bot.catalogue.prose import runs
from bot.errors import RolecallError

RUN = 8
Runs = dict[tuple[str, ...], str]
"""Run of words -> the file that it stands in."""


def runs_of(folder: Path) -> Runs:
    """All runs of eight words in the text files of a folder, at any depth. Raises RolecallError if there are none."""
    found: Runs = {}
    files = sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else [folder]
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        for run in runs(text, RUN):
            found.setdefault(run, file.name)
    if not found:
        raise RolecallError(f"There is no text to compare with in {folder}. Give a folder of UTF-8 text files.")
    return found


def nothing_copied(problem: Problem, theirs: Runs) -> Iterator[Finding]:
    """L15: one finding for each text and source, with the first run that both have."""
    exemplars = ((f"exemplars.{e.id}.text", e.text) for e in problem.exemplars)
    recalls_and_prose = (*texts(problem), *exemplars)
    for field, text in recalls_and_prose:
        yield from copied(field, text, theirs)


def copied(field: str, text: str, theirs: Runs) -> Iterator[Finding]:
    """L15, for any text."""
    repeated = [run for run in runs(text, RUN) if run in theirs]
    for source in dict.fromkeys(theirs[run] for run in repeated):
        run = next(run for run in repeated if theirs[run] == source)
        yield Finding(field, f"“{' '.join(run)}” stands in {source} too", "say it in your own words")
