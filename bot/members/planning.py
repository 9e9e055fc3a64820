"""Which pushes a member's settings call for, and when. What they say, and whether they say it, is asked at sending."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from bot import calendar
from bot.context import Context
from bot.delivery import sweep
from bot.members.quiet import is_quiet
from bot.model import Member
from bot.store import schedules

REMINDER = "review_due"
SUMMARY = "weekly_summary"
SUMMARY_AT = time(17)


def is_away(member: Member, now: datetime) -> bool:
    """Whether reminders are paused at an instant; a pause with an end is over by itself."""
    return member.paused or (member.paused_until is not None and member.paused_until > now)


def summary_rule(member: Member) -> tuple[time, tuple[int, ...]]:
    """The wall time and the day of the weekly summary: the last of their days in the week, outside quiet hours."""
    at = member.remind_at if is_quiet(SUMMARY_AT, member.quiet) else SUMMARY_AT
    return at, (max(member.weekdays),)


def plan(ctx: Context) -> None:
    """Brings both schedules in line with the member's settings, level and pause."""
    m = ctx.member
    _plan(ctx, REMINDER, m.remind_at, m.weekdays, wanted=m.reminders)
    _plan(ctx, SUMMARY, *summary_rule(m), wanted=m.reminders and m.summary)


def _plan(ctx: Context, kind: str, at: time, weekdays: tuple[int, ...], *, wanted: bool) -> None:
    m = ctx.member
    had = schedules.schedule_of(ctx.tx, m.id, kind)
    if had is None and not wanted:
        return
    off = not wanted or m.paused
    starts = m.paused_until if m.paused_until and m.paused_until > ctx.now else ctx.now
    if had and not had.paused and not off:
        put_there = had.snoozed and had.due_at >= starts
        about_to_be_sent = had.due_at <= ctx.now and not is_away(m, ctx.now)
        if put_there or about_to_be_sent:
            on = calendar.local_date(had.due_at, m.zone)
            schedules.keep(ctx.tx, replace(had, zone=m.zone, local_time=at, weekdays=weekdays, next_local_date=on))
            return
    sweep.plan(ctx.tx, ctx.new_id(), m.id, kind, m.zone, at, starts, paused=off, weekdays=weekdays)


def next_at(ctx: Context, kind: str) -> datetime | None:
    """When a kind of push falls due next; None where it is off or paused without an end."""
    planned = schedules.schedule_of(ctx.tx, ctx.member.id, kind)
    return planned.due_at if planned and not planned.paused else None
