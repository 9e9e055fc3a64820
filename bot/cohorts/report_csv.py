"""What an organiser may take along, as CSV that no spreadsheet runs: the roster, and the weeks of the report. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.cohort_model import Office
from bot.cohorts.report_rules import WeekOf

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet (OWASP, "CSV Injection"); an apostrophe makes it text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on the roster."""

    name: str
    offices: Sequence[Office]
    joined: date


def roster(people: Iterable[Entry]) -> str:
    rows = ([p.name, " ".join(p.offices), p.joined.isoformat()] for p in people)
    return _csv(("name", "offices", "joined"), rows)


def weeks(found: Iterable[WeekOf]) -> str:
    """One line a week, oldest first; empty where a figure would rest on too few people."""
    head = ("week_from", "active_at_least", "active_at_most", "answers", "due_concepts_cleared")
    told = sorted(found, key=lambda w: w.monday)
    rows = ([w.monday.isoformat(), w.active.least, w.active.most, w.answers, w.cleared] for w in told)
    return _csv(head, rows)


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA) else text
