"""What is said of a mistake in a content file. It does not know which mistakes there are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake, its place and its remedy; printed as `file:line: field: problem: remedy`."""

    file: Path
    line: int
    """Counted from 1."""
    field: str
    """Dotted, with ids where a list has them: `criteria.c2.reference_span`."""
    problem: str
    remedy: str
    """What to write instead."""
    warning: bool = False
    """A warning is worth a look, and fails nothing."""

    def __str__(self) -> str:
        mark = "warning: " if self.warning else ""
        return f"{self.file.as_posix()}:{self.line}: {mark}{self.field}: {self.problem}: {self.remedy}"


class Finding(NamedTuple):
    """What a lint rule says of a problem: a fault that does not know its file and line yet."""

    field: str
    problem: str
    remedy: str
    warning: bool = False


def one_of(given: object, known: list[str]) -> str:
    """The remedy for a name that is not known: the nearest one where there is one, else all of them."""
    from rapidfuzz import fuzz, process

    nearest = process.extractOne(str(given).lower(), known, scorer=fuzz.WRatio, score_cutoff=60)
    if nearest:
        return f"did you mean `{nearest[0]}`?"
    if len(known) == 1:
        return f"write `{known[0]}`"
    shown = ", ".join(f"`{name}`" for name in known[:24])
    return f"write one of {shown}" + (" …" if len(known) > 24 else "")


def short(value: object, most: int = 40) -> str:
    """A value as it may stand in a message: one line, at most `most` characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= most else text[: most - 1] + "…"
