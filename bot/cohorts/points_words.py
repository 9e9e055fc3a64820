"""How a member's points read, line by line with the reason for each. Takes values; looks nothing up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.cohorts import points as rules
from bot.door.cohort_intents import AppealVoid, Board, Points
from bot.door.dates import ABBREVIATED, MONTHS, WEEKDAYS
from bot.door.messages import Block, Bullets, Button, Message, Spans, bold, clip, count, note, paragraph, spans
from bot.grading.words import RECALLED
from bot.model import Band

PAGE = 10
"""Lines shown at once."""
_TITLE = 60

_REASONS = {
    rules.NOT_GRADABLE: "it could not be graded, and the question was put again",
    rules.HOURLY_LIMIT: f"at most {rules.HOURLY} answers of an hour count",
    rules.DAILY_LIMIT: f"a day gives at most {rules.DAILY} points",
    rules.WEEKLY_LIMIT: f"the reviews of a week give at most {rules.REVIEWS_A_WEEK} points",
    rules.ASKED_AGAIN: "of several recalls of one concept on a day the best counts, once",
    rules.REPEATS_OWN: "nearly the words of an earlier answer of yours",
    rules.REPEATS_REFERENCE: "nearly the words of the answer that I show",
    rules.REPEATS_HINT: "nearly the words of a hint",
    rules.ANSWERED_TWICE: "another answer of yours to the same prompt counts already",
    rules.LINKED: "taken back: with your other account you were on both sides, or counted twice",
    rules.REVIEWED_ANOTHER: "your review of another member's answer was accepted",
    rules.REGRADED: "corrected, since the problem's rubric was corrected",
    rules.REVIEWED: "corrected, since people have read your answer",
    rules.APPEALED: "corrected: what you appealed counts once somebody has read it",
    rules.RECOUNTED: "corrected, since another answer of that day counts differently now",
    rules.NEARLY_THE_SAME: "taken back by an organiser, who wrote to you why",
    rules.GIVEN_BACK: "given back after your appeal",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the ledger with what it is for."""

    day: date
    title: str
    points: int
    kind: str
    reason: str
    difficulty: int = 0
    """1..5; 0 for a review."""
    hints: int = 0
    recall: bool = False
    """Whether a single concept was asked for."""
    later: date | None = None
    """The Monday of the week to which it counts on a board, where that is a later one: its board was final by then."""


def week(
    monday: date,
    lines: Sequence[Line],
    total: int,
    *,
    back: int,
    page: int,
    pages: int,
    own_choice: int,
    appeals: Sequence[str] = (),
) -> Message:
    """`lines`: of this page; `own_choice`: answers to what the member picked, which have no line; `appeals`: ids of
    doubts on this page against which the member may appeal, in the order of their lines."""
    title = "Your points this week" if not back else f"Your points in the week of {_date(monday)}"
    return Message(
        summary="Why you have the points that you have",
        title=title,
        blocks=(
            *_lines(lines, total),
            *(_own_choice(own_choice),) * bool(own_choice),
            note(
                f"A band gives {rules.BASE[Band.NO_HIRE]}, {rules.BASE[Band.LEAN_HIRE]} or "
                f"{rules.BASE[Band.STRONG_HIRE]} points, times 0.8 to 1.4 for the problem's difficulty, less "
                f"{rules.HINT} for each hint. Late reviews give the same. These are your own days and weeks; a board "
                "has its cohort's. Only you see this."
            ),
        ),
        buttons=(
            *(
                Button(f"Appeal {n}" if len(appeals) > 1 else "Appeal", AppealVoid(id))
                for n, id in enumerate(appeals, 1)
            ),
            *((Button("More of this week", Points(str(back), str(page + 1))),) if page < pages else ()),
            Button("The week before", Points(str(back + 1))),
            *((Button("The week after", Points(str(back - 1))),) if back else ()),
            Button("The board", Board()),
        ),
    )


def _lines(lines: Sequence[Line], total: int) -> tuple[Block, ...]:
    if not lines:
        return (paragraph("Nothing has been booked. /rolecall practice gives you a problem that counts."),)
    return paragraph(bold(count(total, "point")), " in all."), Bullets(tuple(map(_line, lines)))


def _own_choice(answers: int) -> Block:
    return paragraph(
        f"{count(answers, 'answer')} to what you picked yourself, or took again before it was due: feedback and memory "
        "as always, and no points, which only what I serve gives."
    )


def _line(line: Line) -> Spans:
    about = f"{_date(line.day)}, {clip(line.title, _TITLE)}: "
    later = f"; on a board it counts to the week of {_date(line.later)}" if line.later else ""
    return spans(about, bold(_amount(line)), f", {_why(line)}{later}")


def _amount(line: Line) -> str:
    if line.kind in {rules.CORRECTION, rules.VOID, rules.RESTORED}:
        return f"{'+' if line.points >= 0 else '−'}{count(abs(line.points), 'point')}"
    return count(line.points, "point") if line.points else "no points"


def _why(line: Line) -> str:
    if line.reason in _REASONS:
        return _REASONS[line.reason]
    hints = f", {count(line.hints, 'hint')}" if line.hints else ""
    band = Band(line.reason)
    said = RECALLED[band] if line.recall else band.label
    return f"{said} at difficulty {line.difficulty} of 5{hints}"


def _date(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()][:ABBREVIATED].title()} {day.day} {MONTHS[day.month - 1][:ABBREVIATED].title()}"
