"""Problems that a whole cohort is asked in its channel: when, which, and putting them there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import islice

from bot.catalogue import Catalogue
from bot.catalogue.problem import Problem
from bot.cohort_model import Channel, Cohort, Entry, Prompt
from bot.cohorts import (
    finding,
    outlet_words,
    outlets,
    outlook,
    plan_words,
    prompt_choice,
    prompt_settings,
    prompt_words,
    timetable,
)
from bot.cohorts.posting import Posting
from bot.cohorts.prompt_choice import Asked, Past
from bot.cohorts.prompt_settings import Wanted
from bot.cohorts.timetable import Task
from bot.cohorts.weeks import day_of, zone_at
from bot.context import Context, NewId
from bot.delivery import outbox
from bot.delivery.outbox import Skip
from bot.door import cohort_intents as c
from bot.door.intents import AS_IT_IS
from bot.door.messages import Form, Message
from bot.errors import FieldError
from bot.members import fields
from bot.members.reminder_fields import days_of_week
from bot.practice.projection import served_problem
from bot.store import agenda, cohorts, learning, prompts
from bot.store.session import Tx

PROMPT = "prompt"
CLOSE = "close"
LATE = timedelta(hours=12)
"""A prompt that comes later than this is left out: the next one is on its way."""
SHOWN = 3
"""So many dates are told when the timetable is saved."""
_MORNING = time(9)


# --- the timetable


def schedule_form(ctx: Context, wish: c.EditPrompts) -> Form:
    cohort = finding.run_by(ctx, wish.cohort)
    entry = agenda.entry_of(ctx.tx, cohort.id, PROMPT)
    return plan_words.form(cohort, entry, wanted(entry), ctx.bank, zone_at(cohort, ctx.now))


def save(ctx: Context, wish: c.SavePrompts) -> Message:
    """Changes what was given and leaves the rest. Raises FieldError for a bad value."""
    cohort = finding.run_by(ctx, wish.cohort)
    cohorts.cohort_of(ctx.tx, cohort.id, lock=True)  # what the ticker does at this moment is seen, not undone
    had = agenda.entry_of(ctx.tx, cohort.id, PROMPT)
    days = days_of_week(wish.days) if wish.days.strip() else had.weekdays if had else None
    if days is None:
        raise FieldError("days", "Say on which days problems are posted, such as days=Mon Thu.")
    if not days:
        agenda.drop(ctx.tx, cohort.id, PROMPT)
        return plan_words.stopped(cohort, open_now(ctx.tx, cohort, ctx.now), zone_at(cohort, ctx.now))
    old = wanted(had)
    new = Wanted(
        topics=old.topics if wish.topics == AS_IT_IS else prompt_settings.topics(wish.topics, ctx.bank),
        level=old.level if wish.level == AS_IT_IS else prompt_settings.level(wish.level),
        roles=old.roles if wish.roles == AS_IT_IS else prompt_settings.roles(wish.roles, ctx.bank),
    )
    at = fields.wall_time(wish.time) if wish.time.strip() else had.local_time if had else None
    entry = timetable.plan(ctx.tx, cohort, PROMPT, at or _MORNING, days, ctx.now, settings=prompt_settings.stored(new))
    return plan_words.saved(
        cohort,
        entry,
        new,
        ctx.bank,
        list(islice(outlook.prompts(cohort, entry), SHOWN)),
        zone_at(cohort, ctx.now),
        lacking=outlet_words.lacking(cohort, cohorts.channels(ctx.tx, cohort.id)),
        suits=bool(prompt_choice.suiting(ctx.bank, new, cohort.preset)),
    )


def wanted(entry: Entry | None) -> Wanted:
    """Which problems the timetable asks for; all without one."""
    return prompt_settings.wanted_from(entry.settings if entry else {})


def open_now(tx: Tx, cohort: Cohort, now: datetime) -> Sequence[Prompt]:
    """The prompts that can be answered, oldest first."""
    return prompts.open_in(tx, cohort.id, now)


# --- a prompt


def past(tx: Tx, cohort: Cohort) -> Past:
    """What the choice of the next problem depends on."""
    asked = tuple(Asked(p.problem, p.variant) for p in prompts.of_cohort(tx, cohort.id))
    return Past(asked, prompts.seen_by_learners(tx, cohort.id))


def next_problem(cohort: Cohort, bank: Catalogue, want: Wanted, behind: Past) -> tuple[Problem, str] | None:
    """The problem of the timetable's kind that comes next, and its variant; None where none suits."""
    return prompt_choice.choose(prompt_choice.suiting(bank, want, cohort.preset), bank, want.roles, behind)


def post(task: Task) -> None:
    """Asks the cohort what the timetable has for now, unless that is long past or there is nowhere to ask."""
    tx, cohort, now = task.tx, task.cohort, task.now
    today = day_of(cohort, now)
    has_ended = cohort.ends_on is not None and today > cohort.ends_on  # a later last day lets it go on
    if has_ended or (cohort.starts_on and today < cohort.starts_on) or now - task.entry.due_at > LATE:
        return
    to = outlets.taking(tx, cohort)
    chosen = next_problem(cohort, task.bank, wanted(task.entry), past(tx, cohort))
    if not to or chosen is None:
        return
    following = agenda.entry_of(tx, cohort.id, PROMPT)
    closes_at = prompt_choice.closes(now, following.due_at if following else None, zone_at(cohort, now))
    put(tx, cohort, to, *chosen, now, closes_at, task.new_id)


def put(
    tx: Tx,
    cohort: Cohort,
    to: Sequence[Channel],
    problem: Problem,
    variant: str,
    now: datetime,
    closes_at: datetime,
    new_id: NewId,
) -> Prompt:
    """Opens a prompt, posts it to channels, and plans its end."""
    learning.keep_rubric(tx, problem.id, problem.version, problem.model_dump_json(by_alias=True))
    new = Prompt(new_id(), cohort.id, problem.id, problem.version, variant, now, closes_at)
    prompts.add(tx, new)
    timetable.plan_once(tx, cohort, f"{CLOSE}:{new.id}", closes_at)
    for channel in to:
        key = f"{PROMPT}:{new.id}:{channel.platform}"
        outbox.post(tx, channel, key=key, kind=PROMPT, now=now, data={"prompt": new.id}, expires_at=closes_at)
    return new


def prompt_post(of: Posting) -> Message | Skip:
    """What stands in the channel while a prompt is open."""
    prompt = prompts.prompt_of(of.tx, str(of.row.data["prompt"]))
    if prompt is None or prompt.closed_at is not None or prompt.closes_at <= of.now:
        return Skip("the prompt has closed")
    problem = served_problem(of.tx, prompt.problem, prompt.version)
    return prompt_words.prompt(of.cohort, prompt, problem, zone_at(of.cohort, of.now))
