"""Answers to wishes about oneself: settings, export and deletion."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time

from bot import vocabulary
from bot.cohort_model import Office
from bot.context import Context
from bot.door.intents import AskToPredict, Delete, SaveSettings, Target
from bot.door.messages import Form, Message
from bot.errors import FieldError, RolecallError
from bot.members import fields, planning, words
from bot.members.reminder_fields import refuse_quiet
from bot.model import Account, Event, Member, MemberId
from bot.store import cohorts, learning, members
from bot.store.session import Tx


def known(
    tx: Tx, who: Account, display_name: str, zone: str, new_id: str, now: datetime, *, alone: bool = False
) -> Member:
    """The member behind an account, which it stays until this transaction ends; one who is new joins at this moment.

    `alone`: nothing else is done on the account meanwhile.
    """
    found = members.of_account(tx, who, lock="alone" if alone else "shared")
    if found:
        return found
    try:
        name = fields.name(display_name[: fields.NAME_LENGTH])
    except RolecallError:
        name = "you"
    new = Member(id=MemberId(new_id), name=name, zone=zone)
    if not members.join(tx, new, who, fields.printable(display_name)[:200], now):
        return known(tx, who, display_name, zone, new_id, now, alone=alone)
    learning.append(tx, Event(new.id, "joined", now, data={"name": name, "zone": zone, "platform": who.platform}))
    return new


def settings_form(ctx: Context, platform_zone: str | None) -> Form:
    newcomer = ctx.member.settled_at is None
    return words.settings_form(ctx.member, platform_zone or ctx.member.zone if newcomer else ctx.member.zone)


def save(ctx: Context, wish: SaveSettings) -> Member:
    """Saves what was given and leaves the rest; plans what comes. Raises FieldError for a bad value.

    A zone alone does not settle a newcomer, who is still asked for the rest.
    """
    old = ctx.member
    new = replace(
        old,
        name=fields.name(wish.name) if wish.name else old.name,
        zone=fields.zone(wish.zone) if wish.zone else old.zone,
        remind_at=fields.wall_time(wish.time) if wish.time else old.remind_at,
        role=fields.role(wish.role, vocabulary.targets(ctx.bank.landscape)) if wish.role else old.role,
        reminders=fields.yes_no("reminders", wish.reminders) if wish.reminders else old.reminders,
        settled_at=old.settled_at or (None if wish == SaveSettings(zone=wish.zone) else ctx.now),
    )
    if new.remind_at != old.remind_at:
        refuse_quiet("time", new.remind_at, new.quiet)
    keep(ctx, new)
    if new.reminders and not old.reminders and ctx.account:
        members.prefer(ctx.tx, ctx.account, ctx.now)
    planning.plan(ctx.of(new))
    return new


def aim(ctx: Context, wish: Target) -> Message:
    """Makes a role the one that the member prepares for; all other settings stay. Raises FieldError."""
    role = fields.role(wish.role, vocabulary.targets(ctx.bank.landscape))
    if role is None:
        raise FieldError("role", "Name the role to prepare for, such as /rolecall settings role=mle.")
    if role is not ctx.member.role:
        keep(ctx, replace(ctx.member, role=role))
    return words.aimed(role, ctx.member.role)


def ask_to_predict(ctx: Context, wish: AskToPredict) -> Message:
    """Switches the question which band is expected on or off."""
    asks = fields.yes_no("ask", wish.ask) if wish.ask else not ctx.member.predicts
    keep(ctx, replace(ctx.member, predicts=asks))
    return words.predicting(asks)


def keep(ctx: Context, new: Member) -> None:
    """Writes a member's settings, and into the log what they are now."""
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
            level=new.level,
            weekdays=list(new.weekdays),
            quiet=[f"{at:%H:%M}" for at in new.quiet or ()],
            summary=new.summary,
            interview_on=new.horizon.interview_on.isoformat() if new.horizon else None,
        ),
    )


def export(ctx: Context) -> Message:
    kept = members.everything(ctx.tx, ctx.member.id)
    return words.exported(json.dumps(kept, default=_plain, indent=1, ensure_ascii=False))


def _plain(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise TypeError(f"cannot export {type(value).__name__}")


def delete(ctx: Context, wish: Delete, *, before: Callable[[Context], None]) -> Message:
    """Deletes all that is kept of a member once that is confirmed; `before`: what is done first then."""
    if wish.confirm.lower() == "no":
        return words.kept()
    if wish.confirm.lower() != "yes":
        rows = sum(len(rows) for rows in members.everything(ctx.tx, ctx.member.id).values())
        platforms = [a.platform for a in members.accounts(ctx.tx, ctx.member.id)]
        return words.ask_to_delete(rows, platforms, _organised_alone(ctx))
    members.lock_accounts(ctx.tx, [ctx.member.id])
    before(ctx)
    return words.deleted(members.forget(ctx.tx, ctx.member.id))


def _organised_alone(ctx: Context) -> list[str]:
    """The names of living cohorts that nobody else organises."""
    held = [s.cohort for s in cohorts.seats_of(ctx.tx, ctx.member.id) if s.office is Office.ORGANISER]
    return [cohorts.name_of(ctx.tx, id) for id in held if cohorts.size(ctx.tx, id, Office.ORGANISER) == 1]
