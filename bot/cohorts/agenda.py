"""What is due for cohorts, one entry after the other, and who does it. Posting, and what is posted, is theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.catalogue import Catalogue
from bot.cohort_model import Entry
from bot.cohorts import announcing, boards, prompt_summary, prompting, silence
from bot.cohorts.timetable import Task, following
from bot.context import NewId
from bot.errors import StoreError
from bot.store import agenda, cohorts
from bot.store.session import Store, Tx

PUT_OFF = timedelta(hours=1)
"""How long an entry that could not be done is left alone."""
DONE_BY: Mapping[str, Callable[[Task], object]] = {
    prompting.PROMPT: prompting.post,
    prompting.CLOSE: prompt_summary.close,
    announcing.FORGET: announcing.forget,
    boards.WEEK: boards.post_week,
    boards.MIDWEEK: boards.post_midweek,
    boards.FINAL: boards.finish_week,
    silence.SILENT: silence.tell_organisers,
}
"""By the kind of an entry, or the part of it before a colon."""

log = structlog.get_logger()


def tick(store: Store, bank: Catalogue, new_id: NewId, now: datetime) -> int:
    """Does all that is due by now, each in a transaction of its own; returns how many entries that were.

    Any number of workers may do this at once. An entry that fails is put off, and stands in nobody else's way.
    """
    done = 0
    _begin(store, now)
    while True:
        due: Entry | None = None
        try:
            with store.begin() as tx:
                due = agenda.next_of_all(tx, now)
                if due is None:
                    return done
                _do(tx, due, bank, new_id, now)
        except StoreError:
            raise
        except Exception:
            if due is None:
                raise
            log.exception("agenda_failed", cohort=due.cohort, kind=due.kind)
            with store.begin() as tx:
                agenda.put_off(tx, due, now + PUT_OFF)
        done += 1


def realign(store: Store, now: datetime) -> int:
    """Brings what is repeated in line with the zone data of today; returns how many entries had to move."""
    moved = 0
    with store.begin() as tx:
        for id in [c.id for c in cohorts.living(tx)]:
            cohort = cohorts.cohort_of(tx, id, lock=True)
            for entry in agenda.of_cohort(tx, id) if cohort else ():
                if cohort and entry.weekdays and entry.due_at > now:
                    planned = following(cohort, entry, now)
                    # another date: it was put off, and is to be tried again
                    if planned.next_local_date == entry.next_local_date and planned.due_at != entry.due_at:
                        agenda.keep(tx, planned)
                        moved += 1
    return moved


def _begin(store: Store, now: datetime) -> None:
    """Plans what every cohort has for those that lack it (`rolecall grant` makes such), whatever else they have."""
    with store.begin() as tx:
        for id in agenda.lacking(tx, silence.SILENT):
            if cohort := cohorts.cohort_of(tx, id, lock=True):
                boards.begin(tx, cohort, now)
                silence.begin(tx, cohort, now)


def _do(tx: Tx, due: Entry, bank: Catalogue, new_id: NewId, now: datetime) -> None:
    cohort = cohorts.cohort_of(tx, due.cohort, lock=True)
    if cohort is None:
        return
    if due.weekdays:
        agenda.keep(tx, following(cohort, replace(due, last_local_date=due.next_local_date), now))
    else:
        agenda.drop(tx, due.cohort, due.kind)
    DONE_BY[due.kind.partition(":")[0]](Task(tx, cohort, due, now, bank, new_id))
