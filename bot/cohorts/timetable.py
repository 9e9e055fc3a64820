"""When something is done for a cohort next: once at an instant, or on days of the week by its own wall clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot import calendar
from bot.catalogue import Catalogue
from bot.cohort_model import Cohort, Entry
from bot.cohorts.weeks import zone_on
from bot.context import NewId
from bot.store import agenda
from bot.store.session import Tx


@dataclass(frozen=True, slots=True)
class Task:
    """An entry that is due, and what doing it needs."""

    tx: Tx
    cohort: Cohort
    entry: Entry
    now: datetime
    bank: Catalogue
    new_id: NewId


def plan(
    tx: Tx,
    cohort: Cohort,
    kind: str,
    at: time,
    weekdays: tuple[int, ...],
    now: datetime,
    settings: Mapping[str, object] | None = None,
) -> Entry:
    """Sets what is repeated on days of the week; the next time lies after now, and no date is used twice."""
    had = agenda.entry_of(tx, cohort.id, kind)
    entry = Entry(
        cohort=cohort.id,
        kind=kind,
        due_at=now,
        local_time=at,
        weekdays=weekdays,
        last_local_date=had.last_local_date if had else None,
        settings=settings if settings is not None else had.settings if had else {},
    )
    planned = following(cohort, entry, now)
    agenda.keep(tx, planned)
    return planned


def plan_once(tx: Tx, cohort: Cohort, kind: str, at: datetime, settings: Mapping[str, object] | None = None) -> None:
    """Sets what is done once; an entry of the same kind is moved."""
    agenda.keep(tx, Entry(cohort.id, kind, at, settings=settings or {}))


def following(cohort: Cohort, entry: Entry, now: datetime) -> Entry:
    """The repeated entry at its next time after now, by the zone of the week that it falls into."""
    day, due = _next(cohort.zone, entry, now)
    zone = zone_on(cohort, _monday(day))
    if zone != cohort.zone:
        day, due = _next(zone, entry, now)
    return replace(entry, next_local_date=day, due_at=due)


def _next(zone: str, entry: Entry, now: datetime) -> tuple[date, datetime]:
    if entry.local_time is None:
        raise ValueError(f"{entry.kind} is not repeated")
    return calendar.next_after(now, entry.local_time, zone, entry.weekdays, later_than=entry.last_local_date)


def _monday(day: date) -> date:
    return date.fromordinal(day.toordinal() - day.weekday())
