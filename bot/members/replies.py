"""Answers to wishes about oneself: settings, reminders, export and deletion."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot import calendar, vocabulary
from bot.context import Context
from bot.delivery import sweep
from bot.door.intents import AskToPredict, Delete, Pause, SaveSettings, Snooze, Target
from bot.door.messages import Form, Message
from bot.errors import FieldError, RolecallError
from bot.members import fields, words
from bot.model import Account, Event, Member, MemberId
from bot.store import delivery, learning, members
from bot.store.session import Tx

REMINDER = "review_due"
LEDGER = 8
LONGEST_PAUSE = 365


def known(tx: Tx, who: Account, display_name: str, zone: str, new_id: str, now: datetime) -> Member:
    """The member behind an account; one who is new joins at this moment."""
    found = members.of_account(tx, who)
    if found:
        return found
    try:
        name = fields.name(display_name[: fields.NAME_LENGTH])
    except RolecallError:
        name = "you"
    new = Member(id=MemberId(new_id), name=name, zone=zone)
    if not members.join(tx, new, who, display_name[:200], now):
        return known(tx, who, display_name, zone, new_id, now)
    learning.append(tx, Event(new.id, "joined", now, data={"name": name, "zone": zone, "platform": who.platform}))
    return new


def settings_form(ctx: Context, platform_zone: str | None) -> Form:
    newcomer = ctx.member.settled_at is None
    return words.settings_form(ctx.member, platform_zone or ctx.member.zone if newcomer else ctx.member.zone)


def save(ctx: Context, wish: SaveSettings) -> Member:
    """Saves what was given and leaves the rest; plans the reminder. Raises FieldError for a bad value."""
    old = ctx.member
    new = replace(
        old,
        name=fields.name(wish.name) if wish.name else old.name,
        zone=fields.zone(wish.zone) if wish.zone else old.zone,
        remind_at=fields.wall_time(wish.time) if wish.time else old.remind_at,
        role=fields.role(wish.role, vocabulary.targets(ctx.bank.landscape)) if wish.role else old.role,
        reminders=fields.yes_no("reminders", wish.reminders) if wish.reminders else old.reminders,
        settled_at=old.settled_at or ctx.now,
    )
    _keep(ctx, new)
    _plan(ctx.of(new))
    return new


def aim(ctx: Context, wish: Target) -> Message:
    """Makes a role the one that the member prepares for; all other settings stay. Raises FieldError."""
    role = fields.role(wish.role, vocabulary.targets(ctx.bank.landscape))
    if role is None:
        raise FieldError("role", "Name the role to prepare for, such as /rolecall settings role=mle.")
    if role is not ctx.member.role:
        _keep(ctx, replace(ctx.member, role=role))
    return words.aimed(role, ctx.member.role)


def ask_to_predict(ctx: Context, wish: AskToPredict) -> Message:
    """Switches the question which band is expected on or off."""
    asks = fields.yes_no("ask", wish.ask) if wish.ask else not ctx.member.predicts
    _keep(ctx, replace(ctx.member, predicts=asks))
    return words.predicting(asks)


def _keep(ctx: Context, new: Member) -> None:
    members.save(ctx.tx, new)
    learning.append(
        ctx.tx,
        ctx.event(
            "settings",
            name=new.name,
            zone=new.zone,
            remind_at=f"{new.remind_at:%H:%M}",
            role=new.role,
            reminders=new.reminders,
            predicts=new.predicts,
        ),
    )


def _plan(ctx: Context) -> None:
    """Brings the reminder's schedule in line with the member's settings."""
    m = ctx.member
    existing = delivery.schedule_of(ctx.tx, m.id, REMINDER)
    if existing is None and not m.reminders:
        return
    away = is_away(m, ctx.now)
    same = existing and (existing.zone, existing.local_time) == (m.zone, m.remind_at) and not existing.paused
    if same and m.reminders and not away:
        return  # a reminder that was snoozed stays where it was put
    starts = m.paused_until if m.paused_until and m.paused_until > ctx.now else ctx.now
    off = not m.reminders or m.paused
    sweep.plan(ctx.tx, ctx.new_id(), m.id, REMINDER, m.zone, m.remind_at, starts, paused=off)


def is_away(member: Member, now: datetime) -> bool:
    """Whether reminders are paused at an instant; a pause with an end is over by itself."""
    return member.paused or (member.paused_until is not None and member.paused_until > now)


def pause(ctx: Context, wish: Pause) -> Message:
    until: datetime | None = None
    if wish.days:
        days = int(wish.days) if wish.days.isdecimal() else 0
        if not 1 <= days <= LONGEST_PAUSE:
            raise RolecallError(f"Pause for 1 to {LONGEST_PAUSE} days, or name no number to pause until you resume.")
        today = calendar.local_date(ctx.now, ctx.member.zone)
        until = calendar.instant(today + timedelta(days=days), time(0), ctx.member.zone)
    away = replace(ctx.member, paused=until is None, paused_until=until)
    members.save(ctx.tx, away)
    learning.append(ctx.tx, ctx.event("paused", until=until.isoformat() if until else None))
    _plan(ctx.of(away))
    return words.paused(until, away.zone)


def resume(ctx: Context) -> Message:
    back = replace(ctx.member, paused=False, paused_until=None)
    members.save(ctx.tx, back)
    learning.append(ctx.tx, ctx.event("resumed"))
    if back.reminders:
        sweep.plan(ctx.tx, ctx.new_id(), back.id, REMINDER, back.zone, back.remind_at, ctx.now, paused=False)
    return words.resumed(_next(ctx), back.zone)


def snooze(ctx: Context, wish: Snooze) -> Message:
    until = ctx.now + fields.length(wish.length)
    if is_away(ctx.member, ctx.now) or not sweep.postpone(ctx.tx, ctx.member.id, REMINDER, until):
        return words.nothing_to_snooze()
    return words.snoozed(until, ctx.member.zone)


def why(ctx: Context) -> Message:
    rows = delivery.ledger(ctx.tx, ctx.member.id, LEDGER)
    return words.why(ctx.member, rows, _next(ctx), away=is_away(ctx.member, ctx.now))


def _next(ctx: Context) -> datetime | None:
    planned = delivery.schedule_of(ctx.tx, ctx.member.id, REMINDER)
    return planned.due_at if planned and not planned.paused else None


def export(ctx: Context) -> Message:
    kept = members.everything(ctx.tx, ctx.member.id)
    return words.exported(json.dumps(kept, default=_plain, indent=1, ensure_ascii=False))


def _plain(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise TypeError(f"cannot export {type(value).__name__}")


def delete(ctx: Context, wish: Delete) -> Message:
    if wish.confirm.lower() == "no":
        return words.kept()
    if wish.confirm.lower() != "yes":
        return words.ask_to_delete(sum(len(rows) for rows in members.everything(ctx.tx, ctx.member.id).values()))
    return words.deleted(members.forget(ctx.tx, ctx.member.id))
