"""Why somebody has the points that they have: their week, by their own local days, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot import calendar
from bot.cohort_model import LedgerRow
from bot.cohorts import booking, points_words, weeks
from bot.cohorts import points as rules
from bot.cohorts.points_words import PAGE, Line
from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Message
from bot.model import Origin, ProblemId, Serving, ServingId, TicketId
from bot.practice.projection import served_problem
from bot.store import doubts, learning, reviews
from bot.store import points as ledger

FURTHEST = 520
"""Weeks back that are shown."""


def points(ctx: Context, wish: c.Points) -> Message:
    booking.book(ctx.tx, ctx.member.id, ctx.bank, ctx.new_id, ctx.now)
    back = min(_number(wish.week, 0), FURTHEST)
    today = calendar.local_date(ctx.now, ctx.member.zone)
    monday = today - timedelta(days=today.weekday() + 7 * back)
    rows = ledger.of_days(ctx.tx, ctx.member.id, monday, monday + timedelta(days=6))
    rows = sorted(rows, key=lambda r: (r.earned_at, r.id))
    pages = max(1, -(-len(rows) // PAGE))
    page = max(1, min(_number(wish.page, 1), pages))
    shown = rows[PAGE * (page - 1) : PAGE * page]
    return points_words.week(
        monday,
        [replace(_line(ctx, r), later=_later(ctx, r)) for r in shown],
        sum(r.points for r in rows),
        back=back,
        page=page,
        pages=pages,
        own_choice=_own_choice(ctx, monday),
        appeals=[d for r in shown if r.kind == rules.VOID and (d := _open_to_appeal(ctx, r))],
    )


def _later(ctx: Context, row: LedgerRow) -> date | None:
    """The Monday of the week to which a row counts on a board, by the member's clock, unless that is its own."""
    own = weeks.Own(ctx.member.zone)
    counted = weeks.counted_in(own, row.earned_at, row.booked_at)
    return counted.monday if counted != weeks.week_of(own, row.earned_at) and row.points else None


def _open_to_appeal(ctx: Context, row: LedgerRow) -> str | None:
    """The doubt for which points were taken back, where the member may still appeal."""
    found = doubts.of_serving(ctx.tx, ServingId(row.item))
    return found.id if found and found.state == "voided" else None


def _number(typed: str, otherwise: int) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 5 else otherwise


def _line(ctx: Context, row: LedgerRow) -> Line:
    if row.item.startswith(booking.REVIEW):
        ticket = reviews.ticket_of(ctx.tx, TicketId(row.item.removeprefix(booking.REVIEW)))
        title = f"review of {_title(ctx, ticket.problem)}" if ticket else "review"
        return Line(row.day, title, row.points, row.kind, row.reason)
    serving = learning.serving_of(ctx.tx, ServingId(row.item))
    if serving is None:
        return Line(row.day, "an answer", row.points, row.kind, row.reason)
    problem = served_problem(ctx.tx, serving.problem, serving.version)
    about = what(ctx, serving)
    recall = serving.concept is not None
    return Line(row.day, about, row.points, row.kind, row.reason, problem.tags.difficulty, serving.hints, recall)


def what(ctx: Context, serving: Serving) -> str:
    """What a serving asked, in a few words."""
    if serving.concept:
        return f"recall of {ctx.bank.concepts.get(serving.concept, serving.concept)}"
    return served_problem(ctx.tx, serving.problem, serving.version).title


def _title(ctx: Context, problem: ProblemId) -> str:
    found = ctx.bank.problems.get(problem)
    return found.title if found else problem


def _own_choice(ctx: Context, monday: date) -> int:
    since, until = (_midnight(ctx, monday + timedelta(days=d)) for d in (0, 7))
    given = learning.attempts_since(ctx.tx, ctx.member.id, since, until=until - timedelta(microseconds=1))
    return sum(a.serving.origin is Origin.SELF for a in given)


def _midnight(ctx: Context, on: date) -> datetime:
    return calendar.instant(on, time(0), ctx.member.zone)
