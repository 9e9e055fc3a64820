"""Answers to wishes about reminders: how often, when, not for now, and why one came or did not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot import calendar, vocabulary
from bot.context import Context
from bot.delivery import outbox, sweep
from bot.door.intents import AS_IT_IS, Pause, SaveReminders, Snooze
from bot.door.messages import Form, Message
from bot.members import fields, planning
from bot.members import reminder_fields as typed
from bot.members import reminder_words as words
from bot.members.quiet import over_at
from bot.members.replies import keep
from bot.model import Horizon
from bot.store import delivery, learning, members

LEDGER = 8


def form(ctx: Context) -> Form:
    return words.form(ctx.member, _interview_on(ctx))


def save(ctx: Context, wish: SaveReminders) -> Message:
    """Saves what was given and leaves the rest; plans what comes next. Raises FieldError for a bad value."""
    old = ctx.member
    new = replace(
        old,
        level=typed.level(wish.level, vocabulary.levels()) if wish.level else old.level,
        weekdays=typed.weekdays(wish.days) if wish.days else old.weekdays,
        quiet=typed.quiet(wish.quiet) if wish.quiet else old.quiet,
        summary=fields.yes_no("summary", wish.summary) if wish.summary else old.summary,
        horizon=_horizon(ctx, wish.interview) if wish.interview != AS_IT_IS else old.horizon,
    )
    if new.quiet != old.quiet:
        typed.refuse_quiet("quiet", new.remind_at, new.quiet)
    keep(ctx, new)
    then = ctx.of(new)
    planning.plan(then)
    return words.saved(
        new,
        planning.next_at(then, planning.REMINDER),
        planning.next_at(then, planning.SUMMARY),
        _interview_on(then),
        away=planning.is_away(new, ctx.now),
    )


def _horizon(ctx: Context, text: str) -> Horizon | None:
    """The interview; told again with the same date it is as old as it was."""
    on = typed.interview(text, _today(ctx))
    if on is None:
        return None
    old = ctx.member.horizon
    return old if old and old.interview_on == on else Horizon(on, ctx.now)


def _interview_on(ctx: Context) -> date | None:
    """The interview that is still to come."""
    told = ctx.member.horizon
    return told.interview_on if told and told.interview_on >= _today(ctx) else None


def _today(ctx: Context) -> date:
    return calendar.local_date(ctx.now, ctx.member.zone)


def pause(ctx: Context, wish: Pause) -> Message:
    back_on = typed.first_day_back(wish.until, _today(ctx)) if wish.until.strip() else None
    until = calendar.instant(back_on, time(0), ctx.member.zone) if back_on else None
    away = replace(ctx.member, paused=until is None, paused_until=until)
    members.save(ctx.tx, away)
    learning.append(ctx.tx, ctx.event("paused", until=until.isoformat() if until else None))
    then = ctx.of(away)
    planning.plan(then)
    return words.paused(until, planning.next_at(then, planning.REMINDER), away.zone)


def resume(ctx: Context, *, spread: bool) -> Message:
    """`spread` says whether more is overdue than one day's share."""
    back = replace(ctx.member, paused=False, paused_until=None)
    members.save(ctx.tx, back)
    learning.append(ctx.tx, ctx.event("resumed"))
    then = ctx.of(back)
    planning.plan(then)
    return words.resumed(planning.next_at(then, planning.REMINDER), back.zone, spread=spread)


def snooze(ctx: Context, wish: Snooze) -> Message:
    wished = ctx.now + fields.length(wish.length)
    until = over_at(ctx.member, wished) or wished
    if is_full := _is_full_by(ctx, until):
        tomorrow = _today(ctx) + timedelta(days=1)
        until = calendar.instant(tomorrow, ctx.member.remind_at, ctx.member.zone)
    away = planning.is_away(ctx.member, ctx.now)
    if away or not sweep.postpone(ctx.tx, ctx.member.id, planning.REMINDER, until):
        return words.nothing_to_snooze(off=not ctx.member.reminders)
    return words.snoozed(until, ctx.member.zone, most=outbox.DAILY if is_full else None)


def _is_full_by(ctx: Context, until: datetime) -> bool:
    """Whether an instant is still today, and today's messages will have been used up before it."""
    zone = ctx.member.zone
    if calendar.local_date(until, zone) > _today(ctx):
        return False
    today = calendar.start_of_day(ctx.now, zone)
    tried = delivery.tried_since(ctx.tx, [ctx.member.id], outbox.SCHEDULED, today)
    used = len(tried.get(ctx.member.id, ()))
    summary = planning.next_at(ctx, planning.SUMMARY)
    return used + (summary is not None and summary <= until) >= outbox.DAILY


def why(ctx: Context) -> Message:
    m = ctx.member
    return words.why(
        m,
        delivery.ledger(ctx.tx, m.id, LEDGER),
        planning.next_at(ctx, planning.REMINDER),
        planning.next_at(ctx, planning.SUMMARY),
        away=planning.is_away(m, ctx.now),
        knows_zone=calendar.knows(m.zone),
    )
