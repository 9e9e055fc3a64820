"""What a member's day looks like: what is open and due, their plan, and what was said last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.door.cohort_intents import AnswerPrompt, Board
from bot.door.dates import ABBREVIATED, MONTHS, WEEKDAYS
from bot.door.intents import (
    Hint,
    Practice,
    Progress,
    Queue,
    ReadVerdict,
    Reminders,
    Resume,
    Review,
    Settings,
    Skip,
    Start,
    WriteAnswer,
)
from bot.door.messages import (
    LIMITS,
    Block,
    Bullets,
    Button,
    Facts,
    Message,
    Spans,
    When,
    clip,
    count,
    heading,
    note,
    paragraph,
    spans,
)
from bot.members.reminder_words import rhythm
from bot.model import Attempt, Member, ServingId
from bot.practice.progress_words import result
from bot.practice.words import Next, take_all

PROMPTS = 3
"""So many questions of cohorts are listed."""
_TITLE = 80
_COHORT = 40


@dataclass(frozen=True, slots=True)
class Open:
    """The problem that waits for the member's answer."""

    serving: ServingId
    title: str
    hint: int = 0
    """The level of the next hint; 0: there is none."""
    hints_left: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a cohort of theirs is asked, and that they have not answered."""

    prompt: str
    cohort: str
    title: str
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What else of a member's day is known outside practice."""

    asked: Sequence[Asked] = ()
    """Soonest to close first."""
    points: int | None = None
    """Of this week; None for somebody in no cohort."""
    to_read: int | None = None
    """Answers of others that wait for their judgement; None for somebody who judges none."""


@dataclass(frozen=True, slots=True)
class Day:
    """A member's own practice, as it stands."""

    has_begun: bool
    open: Open | None
    next_: Next
    soonest: datetime | None
    """When the next concept falls due."""
    days_left: int | None
    """Local days until the interview; None without one to come."""
    recent: Sequence[tuple[str, Attempt]]
    """The latest answers that were judged with their titles, newest first."""


def today(member: Member, day: Day, around: Around, *, away: bool) -> Message:
    """All of it, most important on top. `away`: reminders are paused."""
    asked = around.asked[:PROMPTS]
    return Message(
        summary="Your day",
        title="Today",
        blocks=(
            *_now(member, day, asked, around),
            *_plan(member, day, away),
            *_verdicts(member, day),
            note(f"I call you {clip(member.name, 60)}, and your time zone is {member.zone}. Only you see this."),
        ),
        buttons=(
            *_ways_on(day),
            *(
                Button(clip(f"Answer {one.cohort}: {one.title}", LIMITS.BUTTON_LABEL), AnswerPrompt(one.prompt))
                for one in asked
            ),
            *((Button("Answers to read", Queue()),) if around.to_read else ()),
            *((Button("Board", Board()),) if around.points is not None else ()),
            *_read_again(day),
            *((Button("Start reminders again", Resume()),) if away and member.reminders else ()),
            Button("Settings", Settings()),
            Button("Reminders", Reminders()),
            *((Button("My progress", Progress()),) if day.has_begun else ()),
        ),
    )


def _now(member: Member, day: Day, asked: Sequence[Asked], around: Around) -> tuple[Block, ...]:
    facts: list[tuple[str, Spans]] = []
    if day.open:
        facts.append(("Open", spans(clip(day.open.title, _TITLE))))
    for one in asked:
        until = When(one.closes_at, member.zone)
        facts.append((f"Asked in {clip(one.cohort, _COHORT)}", spans(clip(one.title, _TITLE), ", until ", until)))
    if day.has_begun:
        facts.append(("Due today", _due(member, day)))
    if around.to_read is not None:
        facts.append(("Waiting for your judgement", spans(count(around.to_read, "answer"))))
    if around.points is not None:
        facts.append(("This week", spans(count(around.points, "point"))))
    begin = "You have not begun yet. A first, short question shows you how it works, and takes two minutes."
    return (*(() if day.has_begun else (paragraph(begin),)), *((Facts(tuple(facts)),) if facts else ()))


def _due(member: Member, day: Day) -> Spans:
    later = f"; {day.next_.later} more in the next days" if day.next_.later else ""
    if day.next_.due:
        return spans(f"{count(day.next_.due, 'concept')}, about {day.next_.minutes} min{later}")
    if later:
        return spans(f"today's portion is done{later}")
    if day.soonest is None:
        return spans("nothing")
    return spans("nothing; the next review is on ", When(day.soonest, member.zone, "date"))


def _plan(member: Member, day: Day, away: bool) -> tuple[Block, ...]:
    interview = "no date yet"
    if member.horizon and day.days_left is not None:
        left = "today" if day.days_left == 0 else f"in {count(day.days_left, 'day')}"
        interview = f"{_date(member.horizon.interview_on)}, {left}"
    pairs = (
        ("Role", spans(member.role.label if member.role else "none chosen yet")),
        ("Interview", spans(interview)),
        ("Reminders", _reminders(member, away)),
    )
    return heading("Your plan"), Facts(pairs)


def _reminders(member: Member, away: bool) -> Spans:
    if not member.reminders:
        return spans("off")
    if away and member.paused_until and not member.paused:
        return spans("paused until ", When(member.paused_until, member.zone, "date"))
    return spans("paused" if away else rhythm(member))


def _verdicts(member: Member, day: Day) -> tuple[Block, ...]:
    if not day.recent:
        return ()
    lines = (spans(When(a.answered_at, member.zone, "date"), f" – {result(a)}: {t}") for t, a in day.recent)
    return heading("Last verdicts"), Bullets(tuple(lines))


def _ways_on(day: Day) -> tuple[Button, ...]:
    if not day.has_begun:
        return (Button("Start", Start(), primary=True),)
    review = (Button("Review now", Review(), primary=True), *take_all(day.next_)) if day.next_.due else ()
    if day.open is None:
        onward = Button("Next problem", Practice(), primary=not review)
        return (*review, onward, *(() if review else take_all(day.next_)))
    serving, left = day.open.serving, day.open.hints_left
    return (
        *review,
        Button("Answer", WriteAnswer(serving), primary=not review),
        Button("Show the question", Practice()),
        *((Button(f"Hint ({left} left)", Hint(serving, str(day.open.hint))),) if left else ()),
        Button("Skip", Skip(serving)),
    )


def _read_again(day: Day) -> tuple[Button, ...]:
    """A way to each of the last verdicts, also where two are on the same."""
    titles = [title for title, _ in day.recent]
    labels = [
        f"Verdict {n} on: {title}" if titles.count(title) > 1 else f"Verdict: {title}"
        for n, title in enumerate(titles, 1)
    ]
    return tuple(
        Button(clip(label, LIMITS.BUTTON_LABEL), ReadVerdict(attempt.serving.id))
        for label, (_, attempt) in zip(labels, day.recent, strict=True)
    )


def _date(day: date) -> str:
    weekday, month = WEEKDAYS[day.weekday()], MONTHS[day.month - 1]
    return f"{weekday[:ABBREVIATED].title()} {day.day} {month[:ABBREVIATED].title()}"


def examples(title: str, attempt: Attempt, member: Member, busy: Member) -> dict[str, Message]:
    """One example of each message, for rendering tests. `busy`: somebody with a role, an interview and reminders."""
    at = attempt.answered_at
    full = Day(
        has_begun=True,
        open=Open(attempt.serving.id, title, hint=2, hints_left=2),
        next_=Next(10, 30, 5),
        soonest=at,
        days_left=12,
        recent=((title, attempt), (title, attempt), ("Recall: Retrieval", attempt)),
    )
    quiet = Day(has_begun=True, open=None, next_=Next(0, 0, 0), soonest=at, days_left=None, recent=())
    new = Day(has_begun=False, open=None, next_=Next(0, 0, 0), soonest=None, days_left=None, recent=())
    around = Around(asked=(Asked("p1", "Spring", title, at),), points=12, to_read=3)
    return {
        "today": today(busy, full, around, away=False),
        "today_quiet": today(member, quiet, Around(), away=True),
        "today_newcomer": today(member, new, Around(), away=False),
    }
