"""How a fact is shown, with who says so and when: the same words everywhere. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from bot.catalogue.landscape import Landscape
from bot.catalogue.market import Pay
from bot.catalogue.records import Record
from bot.door.messages import Block, Bullets, Paragraph, Spans, note

STALE_AFTER = 365
"""Days, after which a figure of the market is shown with a warning."""
HIRING_TIME = ("hiring.startups", "hiring.big_tech")
"""Figures of how long a loop takes."""
DIMENSIONS = {
    "primary_focus": "Focus",
    "key_skill": "Key skill",
    "interview_emphasis": "Interviews",
    "supply_demand": "Supply and demand",
    "coding": "Coding",
    "reading": "Research reading",
    "staff_path": "At staff level",
}
"""Dimension -> its name beside the roles' values."""
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def dated(as_of: int | date) -> str:
    return str(as_of) if isinstance(as_of, int) else f"{as_of.day} {_MONTHS[as_of.month - 1]} {as_of.year}"


def source(known: Landscape, record: Record) -> str:
    """The publication and date behind a record, and whether it names where it has its figures from."""
    published = known.sources[record.source]
    vouched = "; names no primary source" if published.primary is False else ""
    return f"{published.title}, as of {dated(record.as_of)}{vouched}"


def cited(known: Landscape, *records: Record) -> Paragraph:
    """The small print below what was taken from some records."""
    said = list(dict.fromkeys(source(known, r) for r in records))
    return note(("Source: " if len(said) == 1 else "Sources: ") + " · ".join(said))


def sourced(known: Landscape, items: Iterable[tuple[Record, Spans]]) -> tuple[Block, ...]:
    """Lines with their sources below them; lines of one source that follow each other share it."""
    groups: list[tuple[Record, list[Spans]]] = []
    for record, line in items:
        if groups and source(known, groups[-1][0]) == source(known, record):
            groups[-1][1].append(line)
        else:
            groups.append((record, [line]))
    return tuple(block for record, lines in groups for block in (Bullets(tuple(lines)), cited(known, record)))


def is_stale(record: Record, now: datetime) -> bool:
    """Whether a record is older than twelve months; a bare year counts as its middle."""
    held = date(record.as_of, 7, 1) if isinstance(record.as_of, int) else record.as_of
    return (now.date() - held).days > STALE_AFTER


def amount(pay: Pay) -> str:
    """A year's pay: "130–200k+ USD"."""
    low, high = _thousands(pay.low), _thousands(pay.high)
    start = low.removesuffix("k") if high.endswith("k") else low
    span = high if low == high else f"{start}–{high}"
    return f"{span}{'+' if pay.open_ended else ''} {pay.currency}"


def _thousands(money: int) -> str:
    return f"{money // 1000}k" if money % 1000 == 0 else f"{money:,}"
