"""What an organiser says to a whole cohort."""

from __future__ import annotations

from datetime import timedelta

from bot import calendar
from bot.cohorts import announcing_words as words
from bot.cohorts import finding, outlet_words, outlets
from bot.cohorts.posting import Posting
from bot.cohorts.timetable import Task, plan_once
from bot.cohorts.weeks import zone_at
from bot.context import Context
from bot.delivery import outbox
from bot.delivery.outbox import Skip
from bot.door import cohort_intents as c
from bot.door.messages import Form, Message
from bot.errors import FieldError, RolecallError
from bot.model import MemberId
from bot.practice.replies import storable
from bot.store import cohorts, members, posted

ANNOUNCEMENT = "announcement"
FORGET = "forget"
"""The entry of the agenda that takes an announcement's text out of our database."""
USEFUL = timedelta(days=2)
"""How long an announcement waits for its platform."""
KEPT = timedelta(days=3)
"""How long its text is kept: a little longer than it may wait."""
DAILY = 5
"""So many a cohort gets on one of its days."""


def form(ctx: Context, wish: c.WriteAnnouncement) -> Form:
    cohort = finding.run_by(ctx, wish.cohort)
    outlets.required(ctx.tx, cohort)
    return words.form(cohort)


def announce(ctx: Context, wish: c.Announce) -> Message:
    """Posts a text to the cohort's channels. Raises RolecallError that says what to change."""
    cohort = finding.run_by(ctx, wish.cohort)
    text = storable(wish.text).strip()
    if not text:
        raise FieldError("text", words.EMPTY)
    if len(text) > words.LONGEST:
        raise FieldError("text", words.too_long(len(text)))
    to = outlets.required(ctx.tx, cohort)
    cohorts.cohort_of(ctx.tx, cohort.id, lock=True)  # of two at once, the second counts the first
    today = calendar.start_of_day(ctx.now, zone_at(cohort, ctx.now))
    had = {p.key.rpartition(":")[0] for p in posted.posted(ctx.tx, cohort.id, ANNOUNCEMENT) if p.created_at >= today}
    if len(had) >= DAILY:
        raise RolecallError(words.enough(DAILY))
    id = ctx.new_id()
    data = {"text": text, "by": ctx.member.id}
    for channel in to:
        key = f"{ANNOUNCEMENT}:{id}:{channel.platform}"
        outbox.post(ctx.tx, channel, key=key, kind=ANNOUNCEMENT, now=ctx.now, data=data, expires_at=ctx.now + USEFUL)
    plan_once(ctx.tx, cohort, f"{FORGET}:{id}", ctx.now + KEPT)
    return words.announced(cohort, to, outlet_words.lacking(cohort, cohorts.channels(ctx.tx, cohort.id)))


def announcement_post(of: Posting) -> Message | Skip:
    text = of.row.data.get("text")
    if not text:
        return Skip("its text is kept no longer")
    author = members.of_id(of.tx, MemberId(str(of.row.data["by"])))
    return words.announcement(of.cohort, str(text), author.name if author else "")


def forget(task: Task) -> None:
    """Takes the text of an announcement out of our database; it stands in the channel."""
    id = task.entry.kind.removeprefix(f"{FORGET}:")
    for one in posted.posted(task.tx, task.cohort.id, ANNOUNCEMENT):
        if one.key.startswith(f"{ANNOUNCEMENT}:{id}:"):
            posted.note(task.tx, one.id, {})
