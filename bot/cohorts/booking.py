"""Bringing the ledger of points in line with what is known of each answer.

Nothing that was booked is changed: what an answer is due by now and what is booked for it differ by a further row. All
of a member's bookings wait for each other, so that any number of workers books everything once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from bot import calendar
from bot.catalogue import Catalogue
from bot.cohort_model import Doubt, LedgerRow
from bot.cohorts import boards, points, repeats
from bot.context import NewId
from bot.errors import StoreError
from bot.model import Attempt, Band, MemberId, ServingId, Ticket
from bot.practice.projection import question_of
from bot.store import doubts, learning, members
from bot.store import points as ledger
from bot.store.session import Store, Tx

BATCH = 200
"""Members who are looked up at once."""
COMPARED = 30
"""An answer is compared with so many of the member's latest ones on its concepts."""
SAME_WITHIN = timedelta(days=7)
"""How far apart two people's answers may be that are nearly the same."""
REVIEW = f"{points.REVIEW_KIND}:"
"""How the items of reviews begin; all others are the ids of servings."""
_DAY = timedelta(days=1)

log = structlog.get_logger()


def book_waiting(store: Store, bank: Catalogue, new_id: NewId, now: datetime) -> int:
    """Books what has been graded or graded again since it was last looked at; returns how many answers that were.

    Each member in a transaction of its own. One whose answers cannot be booked stands in nobody else's way.
    """
    booked, after = 0, ""
    while True:
        with store.begin() as tx:
            found = ledger.waiting(tx, after, BATCH)
        if not found:
            return booked
        for member in found:
            try:
                with store.begin() as tx:
                    booked += book(tx, member, bank, new_id, now)
            except StoreError:
                raise
            except Exception:
                log.exception("booking_failed", member=member)
        after = found[-1]


def book(tx: Tx, member: MemberId, bank: Catalogue, new_id: NewId, now: datetime) -> int:
    """Books a member's answers that were graded or graded again; returns how many those were."""
    zone = members.lock(tx, [member]).get(member)
    marked = ledger.take(tx, member) if zone is not None else ()
    found = [a for id in marked if (a := learning.attempt_of(tx, id)) and a.assessment]
    served = {a.serving.id: a for a in found if a.serving.origin in points.RATED}
    if zone is None or not served:
        return len(marked)
    dates = [calendar.local_date(a.answered_at, "UTC") for a in served.values()]
    rows = _by_item(ledger.of_days(tx, member, min(dates) - _DAY, max(dates) + _DAY))  # a zone is a day off at most
    new: dict[date, list[_Answer]] = defaultdict(list)
    days = set[date]()
    for id, attempt in served.items():
        if id in rows:
            days.add(rows[id][0].day)
        else:
            on = calendar.local_date(attempt.answered_at, zone)
            new[on].append(_Answer(attempt, on, _repeats(tx, attempt, bank)))
    for on in sorted(days | set(new)):
        _book_day(tx, member, on, new[on], now)
    for answer in (a for answers in new.values() for a in answers if not a.repeats):
        _look_for_the_same(tx, answer.attempt, new_id, now)
    return len(marked)


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer, the day to which it counts, and what it repeats: both are settled when it is first booked."""

    attempt: Attempt
    day: date
    repeats: str


def _by_item(rows: Collection[LedgerRow]) -> dict[str, list[LedgerRow]]:
    found: dict[str, list[LedgerRow]] = defaultdict(list)
    for row in rows:
        found[row.item].append(row)
    return found


def _book_day(tx: Tx, member: MemberId, on: date, new: Sequence[_Answer], now: datetime) -> None:
    """Appends what the answers of a day are due beyond what is booked for them."""
    booked_items = _by_item(ledger.of_days(tx, member, on, on))
    rows = {item: r for item, r in booked_items.items() if not item.startswith(REVIEW)}
    answers = {a.attempt.serving.id: a for a in (*_booked(tx, member, on, rows), *new)}
    append: list[LedgerRow] = []
    for due in points.day([_item(tx, a) for a in answers.values()]):
        answer, booked = answers[due.id], rows.get(due.id, [])
        if not booked:
            append.append(_row(answer, _kind(answer, due), due.points, due.reason, now))
        elif not is_void(booked) and (missing := due.points - sum(r.points for r in booked)):
            append.append(_row(answer, points.CORRECTION, missing, _why(tx, answer, due), now))
    ledger.append(tx, append)
    for at in {row.earned_at for row in append}:
        boards.points_changed(tx, member, at, now)


def _kind(answer: _Answer, due: points.Due) -> str:
    if not due.points:
        return points.NONE
    # what a better recall adds is no further due concept
    return points.CORRECTION if due.reason == points.ASKED_AGAIN else str(answer.attempt.serving.origin)


def _booked(tx: Tx, member: MemberId, on: date, rows: Mapping[str, Sequence[LedgerRow]]) -> list[_Answer]:
    """The answers of a day that are booked already."""
    if not rows:
        return []
    at = [r[0].earned_at for r in rows.values()]
    known = learning.attempts_since(tx, member, min(at), until=max(at))
    mine = [(a, [r.reason for r in rows[a.serving.id]]) for a in known if a.serving.id in rows]
    return [_Answer(a, on, next((r for r in reasons if r in points.REPEATS), "")) for a, reasons in mine]


def _item(tx: Tx, answer: _Answer) -> points.Item:
    attempt = answer.attempt
    asked = question_of(tx, attempt.serving)
    return points.Item(
        attempt.serving.id,
        attempt.answered_at,
        points.rated(asked, attempt.assessment) if attempt.assessment else Band.NOT_GRADABLE,
        asked.problem.tags.difficulty,
        attempt.serving.hints,
        answer.repeats,
        attempt.serving.concept or "",
    )


def _row(answer: _Answer, kind: str, given: int, reason: str, now: datetime) -> LedgerRow:
    attempt = answer.attempt
    return LedgerRow(
        attempt.serving.member,
        attempt.serving.id,
        kind,
        answer.day,
        attempt.answered_at,
        now,
        given,
        reason,
        points.RULE,
    )


_CAUSES = {"regraded": points.REGRADED, "reviewed": points.REVIEWED, "appealed": points.APPEALED}


def _why(tx: Tx, answer: _Answer, due: points.Due) -> str:
    """Why something is corrected: a limit, the last word on the answer, or else another answer of the day."""
    if due.reason in {points.DAILY_LIMIT, points.HOURLY_LIMIT, points.ASKED_AGAIN}:
        return due.reason
    id = answer.attempt.serving.id
    said = [e for e in learning.events_of(tx, answer.attempt.serving.member, _CAUSES) if e.serving == id]
    return _CAUSES[said[-1].kind] if said else points.RECOUNTED


def _repeats(tx: Tx, attempt: Attempt, bank: Catalogue) -> str:
    serving = attempt.serving
    if serving.prompt and ledger.has_answered(tx, serving.prompt, serving.member, attempt.answered_at):
        return points.ANSWERED_TWICE
    asked = question_of(tx, serving)
    tested = {c.concept for c in asked.criteria if c.kind != "bonus"}
    concepts = {c for c in asked.problem.concepts if c in tested}
    problems = {serving.problem} | {p.id for c in concepts for p in bank.problems_for(c)}
    earlier = ledger.earlier_texts(tx, serving.member, concepts, problems, attempt.answered_at, COMPARED)
    hints = [hint.text for hint in asked.problem.hints]
    return repeats.repeats(attempt.text, earlier, asked.problem.reference, hints, recall=serving.concept is not None)


def _look_for_the_same(tx: Tx, attempt: Attempt, new_id: NewId, now: datetime) -> None:
    """Opens a doubt, of which nobody is told, where somebody of a shared cohort has lately written nearly the same."""
    serving, text = attempt.serving, attempt.text
    if len(text) < repeats.SAME_LENGTH:
        return
    since, lengths = attempt.answered_at - SAME_WITHIN, (len(text) * 5 // 6, len(text) * 6 // 5)
    others = ledger.others_answers(tx, serving.member, serving.problem, since, attempt.answered_at, lengths)
    same = repeats.nearly_the_same(text, others)
    if same:
        doubts.add(tx, Doubt(new_id(), serving.member, serving.id, same, now))


# --- points that an organiser takes back


def is_void(rows: Sequence[LedgerRow]) -> bool:
    """Whether an item's points were taken back and not given again."""
    turns = [r.kind for r in rows if r.kind in {points.VOID, points.RESTORED}]
    return bool(turns) and turns[-1] == points.VOID


def void_repeats(tx: Tx, member: MemberId, bank: Catalogue, since: datetime, now: datetime) -> None:
    """Takes back the points of answers since an instant that repeat another, as shows now that two members are one.

    The member must be locked.
    """
    booked = _by_item(ledger.of_days(tx, member, since.date() - _DAY, date.max))
    for id, rows in booked.items():
        attempt = None if id.startswith(REVIEW) else learning.attempt_of(tx, ServingId(id))
        is_counted = not is_void(rows) and not any(r.reason in points.REPEATS for r in rows)
        if attempt and is_counted and (why := _repeats(tx, attempt, bank)):
            void(tx, member, attempt.serving.id, now, why)


def taken(rows: Sequence[LedgerRow]) -> int:
    """How many points were taken back when that was last done."""
    return -next((r.points for r in reversed(rows) if r.kind == points.VOID), 0)


def void(tx: Tx, member: MemberId, id: ServingId, now: datetime, why: str = points.NEARLY_THE_SAME) -> int:
    """Takes the points of an answer back; returns how many those were. The member must be locked."""
    rows = ledger.of_item(tx, member, id)
    given = sum(r.points for r in rows)
    if rows and not is_void(rows):
        ledger.append(tx, [_turn(rows[0], points.VOID, -given, why, now)])
    return given


def restore(tx: Tx, member: MemberId, id: ServingId, now: datetime) -> None:
    """Gives the points of an answer again, as they are due by now. The member must be locked."""
    rows = ledger.of_item(tx, member, id)
    if rows and is_void(rows):
        ledger.append(tx, [_turn(rows[0], points.RESTORED, taken(rows), points.GIVEN_BACK, now)])
        _book_day(tx, member, rows[0].day, (), now)


def _turn(first: LedgerRow, kind: str, given: int, reason: str, now: datetime) -> LedgerRow:
    return LedgerRow(first.member, first.item, kind, first.day, first.earned_at, now, given, reason, points.RULE)


# --- reviews


def item_of(ticket: Ticket) -> str:
    """What a review of a ticket is called in the ledger."""
    return f"{REVIEW}{ticket.id}"


def book_review(tx: Tx, ticket: Ticket, reviewers: Collection[MemberId], now: datetime) -> None:
    """Books to reviewers that their word has settled something about another member's answer; to each once."""
    if ticket.serving is None:
        return
    zones = members.lock(tx, reviewers)
    for reviewer, zone in zones.items():
        if ledger.of_item(tx, reviewer, item_of(ticket)):
            continue
        today = calendar.local_date(now, zone)
        monday = today - today.weekday() * _DAY
        week = ledger.of_days(tx, reviewer, monday, monday + 6 * _DAY)
        given = points.review(sum(r.points for r in week if r.kind == points.REVIEW_KIND))
        kind, why = (points.REVIEW_KIND, points.REVIEWED_ANOTHER) if given else (points.NONE, points.WEEKLY_LIMIT)
        ledger.append(tx, [LedgerRow(reviewer, item_of(ticket), kind, today, now, now, given, why, points.RULE)])
