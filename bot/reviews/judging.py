"""Answers to the wishes of reviewers: the queue, claims, the form, and what is done with what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta

from bot import calendar
from bot.anonymous import without_names
from bot.context import Context
from bot.delivery import outbox
from bot.door.intents import Queue, ReleaseTicket, ShareNote, SubmitReview, TakeTicket, WriteReview
from bot.door.messages import Form, Message
from bot.errors import RolecallError
from bot.model import Decision, Judge, Ruling, State, Ticket, TicketId, TicketKind
from bot.practice.picking import matches
from bot.practice.projection import question_of, record
from bot.practice.replies import storable
from bot.reviews import case_words, claims, mentor_words, ruling, settling
from bot.reviews.audience import Refusal
from bot.reviews.case_words import Case
from bot.reviews.leech import history
from bot.reviews.queue import Seen, seen_by, standing
from bot.store import cohorts, learning, members, reviews

NOTE = "note"
"""The kind of push that brings a mentor's note on another answer."""


def queue(ctx: Context, wish: Queue) -> Message:
    """The open tickets that the member may decide, those offered to them first."""
    if not reviews.offices(ctx.tx, ctx.member.id):
        raise RolecallError(mentor_words.OUTSIDER)
    seen = [s for s in seen_by(ctx.tx, ctx.member.id, ctx.now) if _is_about(ctx, s.ticket, wish.topic)]
    if wish.cohort:
        wanted = _cohort(ctx, wish.cohort)
        seen = [s for s in seen if s.ticket.cohort == wanted]
    today = calendar.local_date(ctx.now, ctx.member.zone)
    month = calendar.instant(today.replace(day=1), time(0), ctx.member.zone)
    done = reviews.decisions_by(ctx.tx, ctx.member.id, month)
    return mentor_words.queue(
        [
            mentor_words.Line(
                s.ticket, title_of(ctx, s.ticket), cohorts.name_of(ctx.tx, s.ticket.cohort), s.free, s.first
            )
            for s in seen
        ],
        ctx.now,
        len(done),
        sum(d.thanked_at is not None for d in done),
    )


def _is_about(ctx: Context, ticket: Ticket, want: str) -> bool:
    problem = ctx.bank.problems.get(ticket.problem)
    return not want or (problem is not None and matches(problem, want))


def _cohort(ctx: Context, name: str) -> str:
    """The cohort of this name in which the member may review. Raises RolecallError that lists those."""
    known = cohorts.reviewed_by(ctx.tx, ctx.member.id)
    found = next((id for id, called in known.items() if called.lower() == name.strip().lower()), None)
    if found is None:
        raise RolecallError(mentor_words.no_such_cohort(name, sorted(known.values())))
    return found


def title_of(ctx: Context, ticket: Ticket) -> str:
    """What a ticket is about: the problem as it was served, or the concept."""
    serving = learning.serving_of(ctx.tx, ticket.serving) if ticket.serving else None
    if serving is not None:
        return question_of(ctx.tx, serving).problem.title
    return ctx.bank.concepts.get(ticket.concept, ticket.concept) if ticket.concept else ticket.problem


def take(ctx: Context, wish: TakeTicket) -> Message:
    """Claims a ticket, or the oldest that is free, and shows it."""
    if wish.ticket:
        ticket, judge = _allowed(ctx, wish.ticket)
    else:
        seen = seen_by(ctx.tx, ctx.member.id, ctx.now)
        oldest = next((s for s in seen if s.mine), None) or next((s for s in seen if s.free), None)
        if oldest is None:
            raise RolecallError(mentor_words.BEING_READ if seen else mentor_words.NOTHING_WAITS)
        ticket, judge = oldest.ticket, oldest.judge
    _claim(ctx, ticket, judge)
    if ticket.kind is TicketKind.LEECH:
        return _leech(ctx, ticket)
    return case_words.answer(_case(ctx, ticket, judge, None), ctx.now)


def _allowed(ctx: Context, id: TicketId) -> tuple[Ticket, Judge]:
    """A ticket that the member may decide, locked. Raises RolecallError that says why they may not."""
    ticket = reviews.ticket_of(ctx.tx, id, lock=True)
    if ticket is None:
        raise RolecallError(mentor_words.GONE)
    judge = standing(ctx.tx, ticket, ctx.member.id)
    over = mentor_words.WITHDRAWN if ticket.state == "withdrawn" else mentor_words.CLOSED
    if judge is Refusal.DECIDED and ticket.state != "open":
        raise RolecallError(over)
    if isinstance(judge, Refusal):
        raise RolecallError(mentor_words.REFUSED[judge])
    if ticket.state != "open":
        raise RolecallError(over)
    return ticket, judge


def _claim(ctx: Context, ticket: Ticket, judge: Judge) -> Decision:
    on = reviews.decisions(ctx.tx, ticket.id)
    if not claims.is_free(ticket, judge, on, ctx.member.id, ctx.now):
        raise RolecallError(mentor_words.BEING_READ)
    mine = next((d for d in on if d.reviewer == ctx.member.id), None)
    claimed = claims.claim(ticket, mine, ctx.member.id, ctx.now)
    reviews.keep(ctx.tx, claimed)
    return claimed


def _case(ctx: Context, ticket: Ticket, judge: Judge, mine: Decision | None) -> Case:
    """What a reviewer may see, and the points that they have not decided yet."""
    attempt = learning.attempt_of(ctx.tx, ticket.serving) if ticket.serving else None
    if attempt is None:
        raise RolecallError(mentor_words.GONE)
    asked = question_of(ctx.tx, attempt.serving)
    author = "" if judge is Judge.PEERS else _name(ctx, ticket)
    points = tuple(p for p in ticket.points if not (mine and p in mine.points))
    return Case(ticket, asked, attempt, points, judge, author)


def _name(ctx: Context, ticket: Ticket) -> str:
    """The learner's name; "" where the cohort reviews blind."""
    author = members.of_id(ctx.tx, ticket.member)
    return "" if author is None or reviews.is_blind(ctx.tx, ticket.cohort) else author.name


def _leech(ctx: Context, ticket: Ticket) -> Message:
    tried, missed = history(ctx.tx, ticket, ctx.member.zone)
    name = ctx.bank.concepts.get(ticket.concept, ticket.concept) if ticket.concept else ""
    return case_words.leech(ticket.id, name, _name(ctx, ticket), tried, missed)


def release(ctx: Context, wish: ReleaseTicket) -> Message:
    return mentor_words.released(reviews.release(ctx.tx, wish.ticket, ctx.member.id))


def form(ctx: Context, wish: WriteReview) -> Form:
    """The form for what is still to be decided; opening it prolongs the claim."""
    id = wish.ticket or next((s.ticket.id for s in seen_by(ctx.tx, ctx.member.id, ctx.now) if s.mine), "")
    if not id:
        raise RolecallError(mentor_words.TAKE_FIRST)
    ticket, judge = _allowed(ctx, TicketId(id))
    if not any(d.reviewer == ctx.member.id for d in reviews.decisions(ctx.tx, ticket.id)):
        raise RolecallError(mentor_words.TAKE_FIRST)
    mine = _claim(ctx, ticket, judge)
    said = mine.note or reviews.unplaced_note(ctx.tx, ctx.member.id, ticket.id)
    if ticket.kind is TicketKind.LEECH:
        return case_words.note_form(ticket.id, said)
    return case_words.form(_case(ctx, ticket, judge, mine), said)


def submit(ctx: Context, wish: SubmitReview) -> Message:
    """Takes a filled-in form. What cannot be taken changes nothing, and the note is kept."""
    said = storable(wish.note).strip()[: mentor_words.NOTE]
    ticket = reviews.ticket_of(ctx.tx, wish.ticket, lock=True)
    if ticket is None:
        return _not_taken(ctx, mentor_words.GONE, said, wish.ticket, None)
    on = reviews.decisions(ctx.tx, ticket.id)
    mine = next((d for d in on if d.reviewer == ctx.member.id), None)
    if mine is None:
        return _not_taken(ctx, mentor_words.TAKE_FIRST, said, ticket.id, None)
    if mine.decided_at is not None:
        return _not_taken(ctx, mentor_words.REFUSED[Refusal.DECIDED], said, ticket.id, None)
    if ticket.state == "withdrawn":
        return _not_taken(ctx, mentor_words.WITHDRAWN, said, ticket.id, None)
    judge = standing(ctx.tx, ticket, ctx.member.id)
    if isinstance(judge, Refusal):
        return _not_taken(ctx, mentor_words.REFUSED[judge], said, ticket.id, None)
    if ticket.kind is TicketKind.LEECH:
        return _submit_note(ctx, ticket, replace(mine, note=said))
    case = _case(ctx, ticket, judge, mine)
    ruled = _ruled(case, wish)
    if ruled is None:
        again = ticket.id if ticket.state == "open" else None
        return _not_taken(ctx, mentor_words.CHANGED if again else mentor_words.CLOSED, said, ticket.id, again)
    done = replace(mine, points={**mine.points, **ruled}, note=said or mine.note, claimed_until=ctx.now + claims.LENGTH)
    left = [p for p in case.points if p not in ruled]
    if left and ticket.state == "open":
        reviews.keep(ctx.tx, done)
        return mentor_words.more_points(ticket.id, len(left))
    # the order of voices counts, also within one instant
    after = max((d.decided_at + timedelta(microseconds=1) for d in on if d.decided_at), default=ctx.now)
    return _decide(ctx, ticket, judge, replace(done, decided_at=max(after, ctx.now)))


def _submit_note(ctx: Context, ticket: Ticket, done: Decision) -> Message:
    if not done.note:
        return _not_taken(ctx, mentor_words.NOTE_NEEDED, "", ticket.id, ticket.id)
    reviews.keep(ctx.tx, replace(done, decided_at=ctx.now))
    if ticket.state != "open":
        return mentor_words.too_late()
    _log(ctx, ticket, done)
    settling.by_mentor(ctx.tx, ticket, done, ctx.now)
    return case_words.leech_answered()


def _decide(ctx: Context, ticket: Ticket, judge: Judge, done: Decision) -> Message:
    reviews.keep(ctx.tx, done)
    if ticket.state != "open":
        return mentor_words.too_late()
    _log(ctx, ticket, done)
    if judge is Judge.PEERS:
        settling.by_peers(ctx.tx, ticket, ctx.now)
        return mentor_words.spoken()
    settling.by_mentor(ctx.tx, ticket, done, ctx.now)
    return mentor_words.settled(ticket.id, len(_alike(ctx, ticket, done.points)) if done.note else 0)


def _log(ctx: Context, ticket: Ticket, done: Decision) -> None:
    record(ctx.tx, ctx.event("review_given", None, ticket=ticket.id, points=sorted(done.points)))


def _ruled(case: Case, wish: SubmitReview) -> dict[str, Ruling] | None:
    """What the form says of each of its points; None where one is not open any more, or its value says nothing."""
    points = [p for p in wish.points.split(",") if p]
    values = [getattr(wish, name) for name in case_words.FIELDS]
    if len(points) > len(values) or not set(points) <= set(case.points) or (case.points and not points):
        return None
    found = {
        p: said
        for p, value in zip(points, values, strict=False)
        if (said := ruling.rule(case.asked, case.attempt, p, value))
    }
    return found if len(found) == len(points) else None


def _not_taken(ctx: Context, why: str, said: str, id: TicketId, again: TicketId | None) -> Message:
    if said:
        learning.append(ctx.tx, ctx.event("unplaced", None, text=said, ticket=id))
    return mentor_words.not_taken(why, said, again)


# --- one note for all who miss the same


def share(ctx: Context, wish: ShareNote) -> Message:
    """Sends the member's note on a ticket to every other waiting answer that misses the same, once each."""
    ticket = reviews.ticket_of(ctx.tx, wish.ticket)
    mine = next((d for d in reviews.decisions(ctx.tx, wish.ticket) if d.reviewer == ctx.member.id), None)
    if ticket is None or mine is None or mine.decided_at is None:
        raise RolecallError(mentor_words.GONE)
    if not mine.note:
        raise RolecallError(mentor_words.NO_NOTE)
    author = members.of_id(ctx.tx, ticket.member)
    text = without_names(mine.note, [author.name] if author else [])
    return mentor_words.shared(sum(_send(ctx, ticket, s.ticket, text) for s in _alike(ctx, ticket, mine.points)))


def _send(ctx: Context, about: Ticket, to: Ticket, text: str) -> bool:
    blind = reviews.is_blind(ctx.tx, to.cohort)
    data: dict[str, object] = {
        "serving": to.serving,
        "note": without_names(text, [ctx.member.name]) if blind else text,
        "name": "" if blind else ctx.member.name,
    }
    return outbox.put(ctx.tx, key=f"{NOTE}:{about.id}:{to.id}", kind=NOTE, member=to.member, now=ctx.now, data=data)


def _alike(ctx: Context, ticket: Ticket, points: Mapping[str, Ruling]) -> list[Seen]:
    """Other learners' answers to the same problem that wait for this mentor and miss one of the same points."""
    missed = {p for p, said in points.items() if said.state is not State.MET}
    found: list[Seen] = []
    for seen in seen_by(ctx.tx, ctx.member.id, ctx.now):
        other = seen.ticket
        if seen.judge is not Judge.MENTOR or other.problem != ticket.problem or other.member == ticket.member:
            continue
        attempt = learning.attempt_of(ctx.tx, other.serving) if other.serving else None
        verdicts = attempt.assessment.verdicts if attempt and attempt.assessment else ()
        if any(v.criterion in missed and v.state is not State.MET for v in verdicts):
            found.append(seen)
    return found
