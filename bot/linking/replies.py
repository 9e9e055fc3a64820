"""Answers to wishes about one's accounts: linking, unlinking, and to which of them reminders go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.cohorts import by_role, cohort_fields
from bot.context import Context
from bot.delivery.outbox import bucket_of
from bot.door.intents import Link, Unlink
from bot.door.messages import Message
from bot.errors import RolecallError
from bot.linking import merging, words
from bot.model import Account, Member
from bot.store import cohorts, delivery, learning, link_codes, members, roster
from bot.store.link_codes import LinkCode

WORKS = timedelta(minutes=10)
"""How long a code may be used, once."""
REFUSED = "link_refused"
"""The kind of an entry in the log: somebody typed a code that nobody was given."""
TRIES, WITHIN = 5, timedelta(hours=1)
"""So many wrong codes within so long; then none is looked at until the first of them is that old."""


def link(ctx: Context, wish: Link) -> Message:
    """A code to type on another platform; or, with one, the question whether to go on, and what came of that.

    A code that nobody was given is counted, so that guessing is hopeless: what is said to it is a reply, and no error.
    """
    here = _here(ctx)
    if not wish.code.strip():
        return _new_code(ctx, here)
    if wish.confirm.lower() == "no":
        return words.not_linked()
    tries = [e.at for e in learning.events_of(ctx.tx, ctx.member.id, {REFUSED}) if e.at > ctx.now - WITHIN]
    if len(tries) >= TRIES:
        return words.too_many(min(tries) + WITHIN, ctx.member.zone)
    found = link_codes.of(ctx.tx, cohort_fields.typed_code(wish.code))
    maker = members.of_id(ctx.tx, found.member) if found else None
    if found is None or maker is None:
        learning.append(ctx.tx, ctx.event(REFUSED))
        return words.refused(words.UNKNOWN)
    if why := _refused(ctx, here, found):
        return words.refused(why)
    if wish.confirm.lower() != "yes":
        return _ask(ctx, maker, found)
    link_codes.use(ctx.tx, found.code, ctx.now)
    one = merging.merge(ctx, maker.id)
    if one is None:
        raise RolecallError(words.UNKNOWN)
    known = members.known_as(ctx.tx, one.id)
    return words.linked(one, known, here)


def _here(ctx: Context) -> Account:
    if ctx.account is None:
        raise TypeError("only somebody with an account wishes for this")
    return ctx.account


def _new_code(ctx: Context, here: Account) -> Message:
    code = cohort_fields.new_code(ctx.new_id, lambda drawn: link_codes.of(ctx.tx, drawn) is not None)
    until = ctx.now + WORKS
    link_codes.keep(ctx.tx, LinkCode(ctx.member.id, code, here.key, until))
    known, is_settled = members.known_as(ctx.tx, ctx.member.id), ctx.member.settled_at is not None
    return words.new_code(code, until, ctx.member.zone, known, here, is_settled=is_settled)


def _refused(ctx: Context, here: Account, of: LinkCode) -> str:
    """Why a code does not work for somebody; "" where it does."""
    if of.used_at:
        return words.ALREADY if of.member == ctx.member.id else words.USED
    if of.expires_at <= ctx.now:
        return words.EXPIRED
    if of.member != ctx.member.id:
        return ""
    return words.OWN if of.account == here.key else words.ALREADY


def _ask(ctx: Context, maker: Member, of: LinkCode) -> Message:
    mine = {s.cohort for s in cohorts.seats_of(ctx.tx, ctx.member.id)}
    theirs = {s.cohort for s in cohorts.seats_of(ctx.tx, maker.id)}
    # as in `merging`: settings that were never made give way
    settled = maker if maker.settled_at or not ctx.member.settled_at else replace(ctx.member, id=maker.id)
    return words.ask_to_link(
        of.code,
        maker=maker.name,
        their_platform=words.platform(of.account),
        stays=settled,
        was=ctx.member.name,
        answers=(learning.answers(ctx.tx, maker.id), learning.answers(ctx.tx, ctx.member.id)),
        cohorts_here=sorted(cohorts.name_of(ctx.tx, id) for id in mine),
        both_in=sorted(cohorts.name_of(ctx.tx, id) for id in mine & theirs),
    )


def unlink(ctx: Context, wish: Unlink) -> Message:
    """Takes an account away once that is confirmed; without one, lists them. Raises RolecallError where it is not clear
    which is meant, or it is the only one."""
    here = _here(ctx)
    known = members.known_as(ctx.tx, ctx.member.id)
    if len(known) < 2:
        raise RolecallError(words.ONLY_ONE)
    if wish.confirm.lower() == "no":
        return words.stays_linked()
    if not wish.account.strip():
        return words.which(known, here)
    meant = _meant(wish.account, known)
    if len(meant) != 1:
        raise RolecallError(words.not_clear(wish.account, list(known), several=bool(meant)))
    [away] = meant
    if wish.confirm.lower() != "yes":
        return words.ask_to_unlink(away, known, here)
    members.lock_accounts(ctx.tx, [ctx.member.id])
    roster.keep_accounts(ctx.tx, ctx.member.id)
    members.unlink(ctx.tx, away)
    link_codes.withdraw(ctx.tx, ctx.member.id)  # it may have been made on that account
    rest = members.accounts(ctx.tx, ctx.member.id)
    if not rest:
        raise RolecallError(words.ONLY_ONE)
    delivery.redirect(ctx.tx, bucket_of(away), rest[0], bucket_of(rest[0]))
    by_role.lose(ctx.tx, ctx.member.id, away.platform, ctx.now)
    learning.append(ctx.tx, ctx.event("unlinked", platform=away.platform))
    return words.unlinked(away, known[away], members.known_as(ctx.tx, ctx.member.id), here)


def _meant(typed: str, known: dict[Account, str]) -> list[Account]:
    """The accounts that somebody may mean by a button's value, a platform, an id or a name."""
    plain = typed.strip().casefold()
    for called in (words.handle, lambda a: f"{a.platform}:{a.user_id}", lambda a: a.platform, lambda a: a.user_id):
        if found := [a for a in known if called(a).casefold() == plain]:
            return found
    return [a for a in known if known[a].casefold() == plain]


def remind_here(ctx: Context) -> Message:
    """Has reminders come to the account from which that is wished."""
    members.prefer(ctx.tx, _here(ctx), ctx.now)
    return words.reminds_here(is_on=ctx.member.reminders)
