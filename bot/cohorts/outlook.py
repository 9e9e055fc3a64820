"""When what a cohort's timetable repeats will come. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.cohort_model import Cohort, Entry
from bot.cohorts.timetable import following
from bot.cohorts.weeks import day_of


def times(cohort: Cohort, entry: Entry) -> Iterator[datetime]:
    """The instants of an entry, soonest first, without an end where it is repeated."""
    yield entry.due_at
    while entry.weekdays:
        entry = following(cohort, replace(entry, last_local_date=entry.next_local_date), entry.due_at)
        yield entry.due_at


def prompts(cohort: Cohort, entry: Entry) -> Iterator[datetime]:
    """When prompts of the timetable come: from the cohort's first day to its last."""
    for at in times(cohort, entry):
        on = day_of(cohort, at)
        if cohort.ends_on and on > cohort.ends_on:
            return
        if cohort.starts_on is None or on >= cohort.starts_on:
            yield at
