"""Points that an organiser is asked about, taken back, and given again.

Organisers decide by names, likeness and talking to people: what somebody wrote stays with them and their mentor. Nobody
decides about themselves, nor about an appeal against their own decision where there is another organiser.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.cohort_model import Doubt, Office
from bot.cohorts import boards, booking, doubts_words, finding, repeats
from bot.cohorts.points_view import what
from bot.context import Context
from bot.delivery import outbox
from bot.delivery.outbox import Skip
from bot.door import cohort_intents as c
from bot.door.messages import Form, Message
from bot.errors import RolecallError
from bot.model import Attempt, CohortId, MemberId, ServingId
from bot.practice.replies import storable
from bot.store import cohorts, doubts, learning, members, reviews
from bot.store import points as ledger

VOIDED = "voided"
"""The kind of push that tells a member that points were taken back."""
RESTORED = "restored"
"""The kind of push that tells a member what became of their appeal."""
APPEALED = "points_appealed"
"""The kind of push that asks an organiser to decide an appeal."""
AT_ONCE = 5
"""Doubts shown at once."""


def show(ctx: Context, wish: c.PointsDoubts) -> Message:
    cohort = finding.run_by(ctx, wish.cohort)
    found = [d for d in doubts.waiting(ctx.tx, cohort.id) if d.member != ctx.member.id]
    cases = [case for d in found[:AT_ONCE] if (case := _case(ctx, d))]
    return doubts_words.listed(cohort.name, cases, max(0, len(found) - AT_ONCE), ctx.member.zone)


def _case(ctx: Context, of: Doubt) -> doubts_words.Case | None:
    mine = learning.attempt_of(ctx.tx, ServingId(of.serving))
    if mine is None:
        return None
    other = learning.attempt_of(ctx.tx, ServingId(of.other_serving))
    rows = ledger.of_item(ctx.tx, of.member, of.serving)
    return doubts_words.Case(
        of.id,
        of.state == "appealed",
        _name(ctx, of.member),
        _name(ctx, other.serving.member) if other else "",
        what(ctx, mine.serving),
        repeats.likeness(mine.text, other.text) if other else None,
        mine.answered_at,
        booking.taken(rows) if booking.is_void(rows) else sum(r.points for r in rows),
        of.reason,
        of.state != "appealed" or _may_decide_again(ctx, of),
    )


def _name(ctx: Context, id: MemberId) -> str:
    found = members.of_id(ctx.tx, id)
    return found.name if found else ""


def _may_decide_again(ctx: Context, of: Doubt) -> bool:
    """Whether the organiser may decide an appeal: anybody but who decided first, where there is anybody else."""
    return of.decided_by != ctx.member.id or ctx.member.id in _asked_again(ctx, of)


def _asked_again(ctx: Context, of: Doubt) -> dict[MemberId, CohortId]:
    """Who is to decide an appeal, and for which cohort: not who decided first, where there is anybody else."""
    known = {o: id for id in doubts.cohorts_of(ctx.tx, of) for o in reviews.organisers_of(ctx.tx, id)}
    known.pop(of.member, None)
    return {o: id for o, id in known.items() if o != of.decided_by} or known


def _asked(ctx: Context, id: str) -> tuple[Doubt, CohortId]:
    """A doubt that the organiser may decide now, and of which cohort; nobody changes it before this transaction ends.

    Raises RolecallError where it is not theirs, or decided.
    """
    known = doubts.of_id(ctx.tx, id)
    if known is None or not members.lock(ctx.tx, [known.member]):
        raise RolecallError(doubts_words.GONE)
    found = doubts.of_id(ctx.tx, id)
    if found is None:
        raise RolecallError(doubts_words.GONE)
    theirs = [cohort for cohort in doubts.cohorts_of(ctx.tx, found) if finding.organises(ctx, cohort)]
    if not theirs or found.member == ctx.member.id:
        raise RolecallError(doubts_words.NOT_YOURS)
    if found.state not in doubts.WAITS:
        raise RolecallError(doubts_words.DECIDED)
    if found.state == "appealed" and not _may_decide_again(ctx, found):
        raise RolecallError(doubts_words.NOT_YOURS)
    return found, theirs[0]


def void_form(ctx: Context, wish: c.ExplainVoid) -> Form:
    of, _ = _asked(ctx, wish.doubt)
    return doubts_words.form(of.id, _name(ctx, of.member), appealed=of.state == "appealed")


def void(ctx: Context, wish: c.VoidPoints) -> Message:
    """Takes the points back, or leaves them taken back after an appeal; the member hears why."""
    of, cohort = _asked(ctx, wish.doubt)
    reason = storable(wish.reason).strip()
    if not doubts_words.SHORTEST <= len(reason) <= doubts_words.LONGEST:
        return doubts_words.say_why(of.id)
    if of.state == "appealed":
        doubts.decide(ctx.tx, of.id, "upheld", ctx.member.id, ctx.now, reason)
        _tell(ctx, of, RESTORED)
        return doubts_words.upheld(_name(ctx, of.member), cohort)
    booking.book(ctx.tx, of.member, ctx.bank, ctx.new_id, ctx.now)
    taken = booking.void(ctx.tx, of.member, ServingId(of.serving), ctx.now)
    doubts.decide(ctx.tx, of.id, "voided", ctx.member.id, ctx.now, reason)
    _tell(ctx, of, VOIDED, points=taken)
    _refresh(ctx, of.member)
    return doubts_words.taken_back(_name(ctx, of.member), taken, cohort)


def clear(ctx: Context, wish: c.ClearDoubt) -> Message:
    """Leaves the points, or gives them back after an appeal."""
    of, cohort = _asked(ctx, wish.doubt)
    if of.state == "open":
        doubts.decide(ctx.tx, of.id, "cleared", ctx.member.id, ctx.now, "")
        return doubts_words.cleared(cohort)
    booking.restore(ctx.tx, of.member, ServingId(of.serving), ctx.now)
    doubts.decide(ctx.tx, of.id, "restored", ctx.member.id, ctx.now, of.reason)
    _tell(ctx, of, RESTORED)
    _refresh(ctx, of.member)
    return doubts_words.given_back(_name(ctx, of.member), cohort)


def _tell(ctx: Context, of: Doubt, kind: str, **data: object) -> None:
    data["doubt"] = of.id
    outbox.put(ctx.tx, key=f"{kind}:{of.id}", kind=kind, member=of.member, now=ctx.now, data=data)


def _refresh(ctx: Context, member: MemberId) -> None:
    """Boards that were posted show what holds now."""
    for seat in cohorts.seats_of(ctx.tx, member):
        cohort = cohorts.cohort_of(ctx.tx, seat.cohort)
        if cohort and seat.office is Office.LEARNER:
            boards.refresh(ctx.tx, cohort, ctx.now, at_once=False)


# --- the member


def appeal(ctx: Context, wish: c.AppealVoid) -> Message:
    members.lock(ctx.tx, [ctx.member.id])
    found = doubts.of_id(ctx.tx, wish.doubt)
    if found is None or found.member != ctx.member.id or found.state not in {"voided", "appealed"}:
        raise RolecallError(doubts_words.NO_APPEAL)
    asked = _asked_again(ctx, found)
    if not asked:
        raise RolecallError(doubts_words.NOBODY_DECIDES)
    doubts.appeal(ctx.tx, found.id)
    for organiser, cohort in asked.items():
        data: dict[str, object] = {"doubt": found.id, "cohort": cohort}
        key = f"{APPEALED}:{found.id}:{organiser}"
        outbox.put(ctx.tx, key=key, kind=APPEALED, member=organiser, now=ctx.now, data=data)
    return doubts_words.appealed()


def asked_again(ctx: Context, data: Mapping[str, object]) -> Message | Skip:
    """Tells an organiser of an appeal, without a name."""
    found, cohort = doubts.of_id(ctx.tx, str(data["doubt"])), CohortId(str(data["cohort"]))
    if found is None or found.state != "appealed":
        return Skip("it was decided meanwhile")
    if not finding.organises(ctx, cohort):
        return Skip("you no longer organise the cohort")
    return doubts_words.asked_again(cohorts.name_of(ctx.tx, cohort), cohort)


def voided(ctx: Context, data: Mapping[str, object]) -> Message | Skip:
    found = _still(ctx, data)
    if found is None or found[0].state != "voided":
        return Skip("it was decided meanwhile")
    of, attempt = found
    title, at, zone = what(ctx, attempt.serving), attempt.answered_at, ctx.member.zone
    return doubts_words.voided(of.id, title, at, zone, int(str(data["points"])), of.reason)


def decided_again(ctx: Context, data: Mapping[str, object]) -> Message | Skip:
    found = _still(ctx, data)
    if found is None:
        return Skip("the answer is no longer there")
    of, attempt = found
    title = what(ctx, attempt.serving)
    return doubts_words.stays(title, of.reason) if of.state == "upheld" else doubts_words.restored(title)


def _still(ctx: Context, data: Mapping[str, object]) -> tuple[Doubt, Attempt] | None:
    found = doubts.of_id(ctx.tx, str(data["doubt"]))
    attempt = learning.attempt_of(ctx.tx, ServingId(found.serving)) if found else None
    return (found, attempt) if found and attempt else None
