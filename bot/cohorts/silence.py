"""A quiet note to organisers: who, of those who agreed to it, has gone silent.

Whoever did not agree is neither named nor counted. It remembers in the log of each who was named when.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from bot.cohort_model import Cohort, Office
from bot.cohorts import room_words, timetable
from bot.cohorts.finding import organises
from bot.cohorts.timetable import Task
from bot.cohorts.weeks import began, day_of
from bot.context import Context
from bot.delivery import outbox
from bot.delivery.outbox import Skip
from bot.door.messages import Message
from bot.members.planning import is_away
from bot.model import CohortId, Event, Member
from bot.store import cohorts, learning, members, report
from bot.store.session import Tx

SILENT = "silent"
NAMED = "named_silent"
"""The kind of event in the log of a member whose name was given to the organisers."""
WEDNESDAY, AT = 2, time(10)
AFTER = timedelta(days=10)
"""So long without a wish is silence."""
AGAIN = timedelta(days=27)
"""Nobody is named twice within it: every fourth week at most, whatever the clocks do meanwhile."""
MOST = 10
"""Names in one note; the others come a week later."""


def begin(tx: Tx, cohort: Cohort, now: datetime) -> None:
    """Plans the weekly look for a new cohort."""
    timetable.plan(tx, cohort, SILENT, AT, (WEDNESDAY,), now)


def tell_organisers(task: Task) -> None:
    """Writes to every organiser who is here; where nobody is, nobody counts as named."""
    tx, now, id = task.tx, task.now, task.cohort.id
    organisers = [m for s in cohorts.seats(tx, id, Office.ORGANISER) if (m := members.of_id(tx, s.member))]
    here = [m.id for m in organisers if not is_away(m, now)]
    before = {member for member, _ in report.noted(tx, id, NAMED, now - AGAIN)}
    silent = [m.id for m in _silent(tx, task.cohort, now) if m.id not in before][:MOST]
    for organiser in here:
        if set(silent) - {organiser}:
            data: dict[str, object] = {"cohort": id, "at": now.isoformat()}
            key = f"{SILENT}:{id}:{now:%Y%m%dT%H%M%S}:{organiser}"
            outbox.put(tx, key=key, kind=SILENT, member=organiser, now=now, data=data)
    for member in silent if here else ():
        learning.append(tx, Event(member, NAMED, now, data={"cohort": id}))


def _silent(tx: Tx, cohort: Cohort, now: datetime) -> list[Member]:
    """Learners who agreed and have wished for nothing for AFTER, the longest silent first.

    The time before the cohort's first day and a pause do not count; after its last day nobody is silent.
    """
    if cohort.ends_on and day_of(cohort, now) > cohort.ends_on:
        return []
    since: dict[Member, datetime] = {}
    for id, joined in report.not_seen_since(tx, cohort.id, now - AFTER):
        member = members.of_id(tx, id)
        if member and not is_away(member, now):
            since[member] = max(began(cohort), joined, member.seen_at or joined, member.paused_until or joined)
    return sorted((m for m in since if since[m] <= now - AFTER), key=lambda m: (since[m], m.id))


def note(ctx: Context, data: Mapping[str, object]) -> Message | Skip:
    """The note, of those who are still silent and still agree when it is sent."""
    cohort = cohorts.cohort_of(ctx.tx, CohortId(str(data["cohort"])))
    if cohort is None or cohort.archived_at or not organises(ctx, cohort.id):
        return Skip("you no longer organise the cohort")
    if is_away(ctx.member, ctx.now):
        return Skip("you are away")
    told = datetime.fromisoformat(str(data["at"]))
    named = {member for member, at in report.noted(ctx.tx, cohort.id, NAMED, told) if at == told}
    still = [m.name for m in _silent(ctx.tx, cohort, ctx.now) if m.id in named and m.id != ctx.member.id]
    return room_words.silent(cohort.name, still) if still else Skip("nobody is silent any more")
