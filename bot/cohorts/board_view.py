"""The answer to "how is my week": the member's own, and the boards of one of their cohorts. Only they see it."""

from __future__ import annotations

from bot.cohort_model import Cohort, Office
from bot.cohorts import board_words as words
from bot.cohorts import booking, finding, standings, week_board, weeks
from bot.cohorts.board_words import Mine, Shown
from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Message
from bot.errors import RolecallError
from bot.practice.progress import HELD_FROM
from bot.store import cohorts, learning
from bot.store import standings as totals

MOST_BACK = 520
"""Weeks."""


def board(ctx: Context, wish: c.Board) -> Message:
    """Raises RolecallError for a cohort that is not the member's, or no number of weeks."""
    cohort, back = _cohort(ctx, wish.cohort), _weeks_back(wish.week)
    booking.book(ctx.tx, ctx.member.id, ctx.bank, ctx.new_id, ctx.now)
    of = cohort or weeks.Own(ctx.member.zone)
    this = weeks.week_of(of, ctx.now)
    own = totals.own(ctx.tx, ctx.member.id, week_board.spans(of, weeks.weeks_until(of, this, 1 + standings.HISTORY)))
    held = sum(card.last_rating >= HELD_FROM for card in learning.cards(ctx.tx, ctx.member.id))
    seats = cohorts.seats_of(ctx.tx, ctx.member.id)
    names = {id: cohorts.name_of(ctx.tx, id) for id in dict.fromkeys(s.cohort for s in seats)}
    mine = Mine(own[0], own[1:], held)
    others = [(id, name) for id, name in names.items() if cohort is None or id != cohort.id]
    if cohort is None:
        return words.week(mine, now=ctx.now, zone=ctx.member.zone, others=others)
    newest = weeks.before(cohort, this, back)
    found = week_board.look(ctx.tx, cohort, newest, boards=1 if back else 2)
    since = weeks.began(cohort)
    shown = [n for n in ((0,) if back else (1, 0)) if n == 0 or found.weeks[n].ends_at > since]
    oldest = found.weeks[shown[0]]
    return words.week(
        mine,
        [_shown(ctx, found, n) for n in shown],
        now=ctx.now,
        zone=ctx.member.zone,
        back=back,
        has_earlier=oldest.starts_at > since,
        organises=finding.organises(ctx, cohort.id),
        unnamed=any(s.cohort == cohort.id and s.office is Office.LEARNER and not s.on_board for s in seats),
        others=others,
    )


def this_week(ctx: Context) -> int | None:
    """The member's points of this week, as their board counts them; None for somebody who learns in no cohort."""
    if not any(s.office is Office.LEARNER for s in cohorts.seats_of(ctx.tx, ctx.member.id)):
        return None
    booking.book(ctx.tx, ctx.member.id, ctx.bank, ctx.new_id, ctx.now)
    of = _cohort(ctx, "") or weeks.Own(ctx.member.zone)
    return totals.own(ctx.tx, ctx.member.id, week_board.spans(of, [weeks.week_of(of, ctx.now)]))[0]


def _shown(ctx: Context, found: week_board.Reading, n: int) -> Shown:
    place = standings.place_of(found.points(n), ctx.member.id)
    return Shown(week_board.board_of(ctx.tx, found, ctx.now, n), place)


def _cohort(ctx: Context, typed: str) -> Cohort | None:
    """The cohort that is meant; None where it is open which one, or there is none."""
    try:
        return finding.mine(ctx, typed)
    except RolecallError:
        if typed.strip():
            raise
        return None


def _weeks_back(typed: str) -> int:
    typed = typed.strip() or "0"
    if not (typed.isascii() and typed.isdigit() and int(typed[:4]) <= MOST_BACK):
        raise RolecallError(words.NO_WEEK)
    return int(typed[:4])
