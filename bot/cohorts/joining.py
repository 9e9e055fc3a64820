"""Joining and leaving a cohort, and how one appears in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.cohort_model import Cohort, Office
from bot.cohorts import boards, by_role_words, cohort_fields, finding, running
from bot.cohorts import joining_words as words
from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Form, Message
from bot.errors import FieldError, RolecallError
from bot.members import fields
from bot.model import MemberId
from bot.store import cohorts, invitations, learning, members, roster
from bot.store.session import Tx

REFUSED = "join_refused"
"""The kind of an entry in the log: somebody typed a code that no cohort has."""
TRIES, WITHIN = 10, timedelta(hours=1)
"""So many wrong codes within so long; then none is looked at until the first of them is that old."""


def invite(ctx: Context, wish: c.InviteToCohort) -> Message:
    """The code of a cohort, for its organisers; with `renew` a new one."""
    cohort = finding.run_by(ctx, wish.cohort)
    renewed = wish.renew.lower() == "yes"
    if renewed or cohort.invite_code is None:
        cohort = running.renew_code(ctx, cohort)
    return words.invite(cohort, has_ended=running.has_ended(ctx, cohort), renewed=renewed)


def join(ctx: Context, wish: c.JoinCohort) -> Message:
    """Enrols somebody by code, or as the list says. Raises RolecallError where the cohort takes them not.

    What a wrong code is answered says nothing of which cohorts there are, and is counted: so it is a reply.
    """
    accounts = members.accounts(ctx.tx, ctx.member.id)
    on_list = invitations.of_accounts(ctx.tx, accounts)
    if not wish.code.strip():
        known = [(one, as_) for id, as_ in on_list.items() if (one := cohorts.cohort_of(ctx.tx, id))]
        return words.invited([(one, as_) for one, as_ in known if not running.has_ended(ctx, one)])
    found = next((id for id in on_list if id == wish.code), None)
    if found is None and (until := _refused_until(ctx)):
        return words.too_many(until, ctx.member.zone)
    coded = cohorts.coded(ctx.tx, cohort_fields.typed_code(wish.code)) if found is None else None
    id = coded.id if coded else found
    cohort = cohorts.cohort_of(ctx.tx, id, lock=True) if id else None
    if cohort is None:
        learning.append(ctx.tx, ctx.event(REFUSED))
        return words.unknown_code()
    if cohort.archived_at is not None or running.has_ended(ctx, cohort):
        raise RolecallError(words.ended(cohort.name))
    if any(s.cohort == cohort.id and s.by_role is None for s in cohorts.seats_of(ctx.tx, ctx.member.id)):
        return words.already_in(cohort)
    if cohort.id not in on_list and not cohort.self_service:
        raise RolecallError(words.only_by_list(cohort, ctx.account))
    office = on_list.get(cohort.id, Office.LEARNER)
    cohorts.enrol(ctx.tx, ctx.new_id(), ctx.member.id, cohort.id, office, ctx.now, joined_as=ctx.account)
    invitations.drop(ctx.tx, cohort.id, accounts)
    return words.joined(
        cohort,
        office,
        _channel(ctx, cohort),
        begins=running.is_to_come(ctx, cohort),
        newcomer=ctx.member.settled_at is None,
    )


def _refused_until(ctx: Context) -> datetime | None:
    tries = [e.at for e in learning.events_of(ctx.tx, ctx.member.id, {REFUSED}) if e.at > ctx.now - WITHIN]
    return min(tries) + WITHIN if len(tries) >= TRIES else None


def _channel(ctx: Context, cohort: Cohort) -> str | None:
    """Where the cohort's problems are posted on the platform of whoever asks."""
    platform = ctx.account.platform if ctx.account else ""
    known = cohorts.channels(ctx.tx, cohort.id)
    return next((ch.channel for ch in known if ch.platform == platform and ch.closed_at is None), None)


def alias_form(ctx: Context, wish: c.ChooseAlias) -> Form:
    cohort = finding.learnt_in(ctx, wish.cohort)
    mine = [s.alias for s in cohorts.seats_of(ctx.tx, ctx.member.id) if s.cohort == cohort.id and s.alias]
    return words.alias_form(cohort, mine[0] if mine else "")


def appear(ctx: Context, wish: c.Appear) -> Message:
    """Sets what is given of how a member appears, posted boards included; says how that is now.

    Raises FieldError for a bad value.
    """
    cohort = finding.mine(ctx, wish.cohort)
    cohorts.cohort_of(ctx.tx, cohort.id, lock=True)
    mine = [s for s in cohorts.seats_of(ctx.tx, ctx.member.id) if s.cohort == cohort.id]
    learns = any(s.office is Office.LEARNER for s in mine)
    if not learns and (wish.show or wish.alias or wish.check_in):
        raise RolecallError(words.NO_ROW)
    values: dict[str, object] = {}
    if wish.show or wish.alias:
        show = wish.show.strip().lower() or "alias"
        values = _shown(ctx, cohort, show, wish.alias, next((s.alias for s in mine if s.alias), None))
        # who only says once more what holds keeps their place on boards that are final
        if any((s.on_board, s.alias) != (values["on_board"], values["alias"]) or s.asked_at is None for s in mine):
            values["asked_at"] = ctx.now
    if wish.check_in:
        values["check_in"] = fields.yes_no("check_in", wish.check_in)
    if wish.thanks:
        values["thanks"] = fields.yes_no("thanks", wish.thanks)
    if values:
        cohorts.change_seat(ctx.tx, ctx.member.id, cohort.id, **values)
    if values.keys() - {"check_in"}:
        boards.refresh(ctx.tx, cohort, ctx.now)
    now = [s for s in cohorts.seats_of(ctx.tx, ctx.member.id) if s.cohort == cohort.id]
    was_named = any(s.on_board and s.office is Office.LEARNER for s in mine)
    return words.appears(cohort, now, changed=was_named and "asked_at" in values)


def _shown(ctx: Context, cohort: Cohort, show: str, alias: str, had: str | None) -> dict[str, object]:
    """The columns of a seat. `had`: the alias until now, which holds where none is given."""
    match show:
        case "name":
            return {"on_board": True, "alias": None}
        case "off":
            return {"on_board": False, "alias": None}
        case "alias":
            if not alias and not had:
                raise FieldError("alias", words.NO_ALIAS)
            return {"on_board": True, "alias": _alias(ctx, cohort, alias or had or "")}
    raise FieldError("show", words.unknown_show(show))


def _alias(ctx: Context, cohort: Cohort, typed: str) -> str:
    me = ctx.member.id
    held = [one for one in roster.held(ctx.tx, cohort.id) if one.member != me]
    known = [one for one in roster.accounts_in(ctx.tx, cohort.id) if one.member != me]
    runs = {one.member for one in held if one.office is not Office.LEARNER}
    taken = {one.name for one in held} | {one.alias for one in held if one.alias} | {k.display_name for k in known}
    leaders = {one.name for one in held if one.member in runs} | {k.display_name for k in known if k.member in runs}
    return cohort_fields.alias(typed, taken, sorted(leaders))


def leave(ctx: Context, wish: c.LeaveCohort) -> Message:
    """Ends all that somebody is in a cohort, or takes them off its list.

    Who holds an office, or could not come back without an organiser, is asked first; what they are by a role they stay.
    Raises RolecallError for the last organiser, and for who is in it by a role alone.
    """
    accounts = members.accounts(ctx.tx, ctx.member.id)
    inside = {s.cohort for s in cohorts.seats_of(ctx.tx, ctx.member.id)}
    on_list = next((id for id in invitations.of_accounts(ctx.tx, accounts) if id == wish.cohort), None)
    if on_list and on_list not in inside:
        invitations.drop(ctx.tx, on_list, accounts)
        return words.declined(cohorts.name_of(ctx.tx, on_list))
    cohort = finding.mine(ctx, wish.cohort)
    cohorts.cohort_of(ctx.tx, cohort.id, lock=True)
    mine = [s for s in cohorts.seats_of(ctx.tx, ctx.member.id) if s.cohort == cohort.id]
    by_role = [s.office for s in mine if s.by_role]
    held = [s.office for s in mine if not s.by_role]
    if not held:
        raise RolecallError(by_role_words.stays(cohort, by_role))
    if Office.ORGANISER in held and cohorts.size(ctx.tx, cohort.id, Office.ORGANISER) == 1:
        raise RolecallError(words.last_organiser(cohort))
    offices = [o for o in held if o is not Office.LEARNER]
    if (offices or not cohort.self_service) and wish.confirm.lower() != "yes":
        return words.ask_to_leave(cohort, offices)
    vacate(ctx.tx, ctx.member.id, cohort, ctx.now, *by_role)
    return words.left(cohort, by_role)


def vacate(tx: Tx, member: MemberId, cohort: Cohort, now: datetime, *but: Office) -> None:
    """Ends what somebody is in a cohort, but for some offices: no board names them, others review for them."""
    for office in Office:
        if office not in but:
            cohorts.leave(tx, member, cohort.id, office, now)
    if Office.MENTOR not in but:
        roster.release_claims(tx, member, cohort.id)
    boards.refresh(tx, cohort, now)


def forget(ctx: Context) -> None:
    """Takes the member out of every cohort, archived ones too, and off every list, before they are deleted.

    Nobody is given power unasked: a cohort that is left without an organiser stays, and `rolecall doctor` names it.
    """
    members.lock(ctx.tx, [ctx.member.id])  # before cohorts, as whoever books their points does
    for id in dict.fromkeys(id for id, _ in roster.offices_ever(ctx.tx, ctx.member.id)):
        if cohort := cohorts.cohort_of(ctx.tx, id, lock=True):
            vacate(ctx.tx, ctx.member.id, cohort, ctx.now)
    invitations.forget(ctx.tx, members.accounts(ctx.tx, ctx.member.id))


def renamed(ctx: Context) -> None:
    """Puts the member's new name on the boards that name them, posted ones too."""
    for seat in cohorts.seats_of(ctx.tx, ctx.member.id):
        cohort = cohorts.cohort_of(ctx.tx, seat.cohort)
        if cohort and (seat.thanks or (seat.on_board and not seat.alias)):
            boards.refresh(ctx.tx, cohort, ctx.now)
