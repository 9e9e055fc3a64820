"""How two members become one: what is locked, what is kept, and what is worked out anew."""

from __future__ import annotations

from dataclasses import replace

from bot.cohort_model import Office
from bot.cohorts import boards
from bot.context import Context
from bot.linking.once import count_once
from bot.members import planning
from bot.members.replies import keep as keep_settings
from bot.model import Event, Member, MemberId
from bot.practice import projection
from bot.store import cohorts, learning, members, merging, roster


def merge(ctx: Context, into: MemberId) -> Member | None:
    """Makes all that is kept of the member of the context another's, who is returned; None where they are gone.

    The other keeps name and settings, unless they have never made any. Memory, figures and points are then those of one
    person who did all that either did; `rolecall db rebuild` gives the same.
    """
    tx, gone = ctx.tx, ctx.member
    if not merging.hold(tx, into, gone.id):
        return None
    stays = members.of_id(tx, into)
    if stays is None:
        return None
    offices = [*roster.offices_ever(tx, into), *roster.offices_ever(tx, gone.id)]
    for id in sorted({id for id, _ in offices}):
        cohorts.cohort_of(tx, id, lock=True)
    merging.shut(tx, gone.id)
    learning.mark_unbooked(tx, gone.id)  # what is due for a day depends on all answers of that day
    mixed = merging.mixed_since(tx, into, gone.id)
    merging.merge(tx, into, gone.id, ctx.now)
    if mixed:
        projection.rerate(tx, into, mixed[0])
    learning.append(tx, Event(into, "linked", ctx.now, data={"platform": ctx.account.platform if ctx.account else ""}))
    count_once(tx, into, ctx.bank, mixed[1] if mixed else ctx.now, ctx.now)
    _settings(ctx, stays, gone)
    for seat in cohorts.seats_of(tx, into):
        cohort = cohorts.cohort_of(tx, seat.cohort)
        if cohort and seat.office is Office.LEARNER:
            boards.refresh(tx, cohort, ctx.now, at_once=False)
    return members.of_id(tx, into)


def _settings(ctx: Context, stays: Member, gone: Member) -> None:
    """Plans what comes by the settings that stay: the other's where these were never made."""
    if stays.settled_at is None and gone.settled_at is not None:
        stays = replace(gone, id=stays.id)
        keep_settings(ctx.of(stays), stays)
        if ctx.account:
            members.prefer(ctx.tx, ctx.account, ctx.now)
    planning.plan(ctx.of(stays))
