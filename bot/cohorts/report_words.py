"""What an organiser reads of how a cohort is doing. Takes figures that may be told; looks nothing up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.cohort_model import Cohort
from bot.cohorts.report_rules import FEWEST, Asked, Doubted, People, Report, Share, Waiting, WeekOf
from bot.door.cohort_intents import CohortPreview, CohortReport, ExportCohort, PointsDoubts
from bot.door.messages import (
    LIMITS,
    Block,
    Bullets,
    Button,
    CodeBlock,
    Message,
    Spans,
    Table,
    bold,
    clip,
    count,
    heading,
    note,
    paragraph,
    spans,
)

FEW = "fewer than five"
NOTHING = "–"
PROMPTS = 6
"""Of so many of the newest problems is told how many answered."""


def report(cohort: Cohort, zone: str, of: Report, *, doubts: int = 0) -> Message:
    """`doubts`: about how many answers' points an organiser is asked."""
    asked = (Button(f"Points in doubt ({doubts})", PointsDoubts(cohort.id)),) if doubts else ()
    return Message(
        summary="How your cohort is doing",
        title=clip(f"How {cohort.name} is doing", LIMITS.TITLE),
        blocks=(
            paragraph(f"{count(of.learners, 'learner')}."),
            *_weeks(of),
            *_topics(of.strong, of.weak),
            *_doubted(of.doubted),
            *_asked(of.asked),
            *_waiting(of.waiting),
            note(
                "But for the oldest wait every figure rests on five people or more. They count up to last midnight; "
                f"weeks begin on Monday, by {zone}."
            ),
        ),
        buttons=(
            Button("Download", ExportCohort(cohort.id), primary=True),
            Button("What comes next", CohortPreview(cohort.id)),
            *asked,
        ),
    )


def _weeks(of: Report) -> Iterator[Block]:
    if of.learners < FEWEST:
        yield paragraph("Figures begin with five learners: of fewer they would tell of single people.")
    elif not of.weeks:
        yield paragraph("Figures begin tomorrow, when the first day is over.")
    else:
        yield Table(("Week from", "Active", "Answers", "Due concepts cleared"), tuple(_week(w) for w in of.weeks))


def _week(of: WeekOf) -> tuple[str, ...]:
    return (_day(of.monday), _people(of.active), _number(of.answers), _number(of.cleared))


def _day(on: date) -> str:
    return f"{on.day} {on:%b}"


def _people(n: People) -> str:
    if n.least < FEWEST:
        return FEW
    return str(n.least) if n.least == n.most else f"{n.least} to {n.most}"


def _number(n: int | None) -> str:
    return NOTHING if n is None else f"{n:,}"


def _topics(strong: Sequence[Share], weak: Sequence[Share]) -> Iterator[Block]:
    if strong:
        yield heading("Topics, from strong to weak: how much of a good answer was said")
        yield Bullets(tuple(_share(s) for s in (*strong, *reversed(weak))))


def _share(of: Share) -> Spans:
    return spans(bold(clip(of.name, 80)), f" – {of.percent} %")


def _doubted(found: Sequence[Doubted]) -> Iterator[Block]:
    if found:
        yield heading("Where the grader was in doubt")
        yield Bullets(tuple(spans(bold(clip(d.name, 80)), f" – {_doubts(d)}") for d in found))


def _doubts(of: Doubted) -> str:
    said = ((of.unsure, "unsure"), (of.appealed, "appealed"), (of.overturned, "changed by a person"))
    return ", ".join(f"{percent} % {what}" for percent, what in said if percent)


def _asked(found: Sequence[Asked]) -> Iterator[Block]:
    if found:
        yield heading("Problems in the channel")
        yield Bullets(
            tuple(
                spans(f"{_day(a.on)}: ", bold(clip(a.name, 80)), f" – answered by {_people(a.answered)}")
                for a in found[:PROMPTS]
            )
        )


def _waiting(of: Waiting) -> Iterator[Block]:
    yield heading("Answers that wait for a person")
    if of.oldest is None:
        yield paragraph("None waits.")
    else:
        many = f"{of.open} wait" if of.open is not None else "Answers of fewer than five people wait"
        yield paragraph(f"{many}; the oldest for {_length(of.oldest)}.")
    if of.usual is not None:
        yield paragraph(f"Half of the last ones were settled within {_length(of.usual)}.")


def _length(waited: timedelta) -> str:
    hours = int(waited / timedelta(hours=1))
    if hours < 1:
        return "less than an hour"
    return count(hours, "hour") if hours < 48 else count(hours // 24, "day")


def download(cohort: Cohort, roster: str, weeks: str) -> Message:
    """Both as CSV."""
    return Message(
        summary="The cohort as CSV",
        title=clip(f"{cohort.name} as CSV", LIMITS.TITLE),
        blocks=(
            heading("The roster"),
            CodeBlock(roster),
            heading("The weeks"),
            CodeBlock(weeks),
            note(
                "Where a figure would rest on fewer than five people it is left out. Answers and points are not in it."
            ),
        ),
        buttons=(Button("Report", CohortReport(cohort.id)),),
    )


def examples(cohort: Cohort) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    monday = cohort.created_at.date()
    of = Report(
        learners=23,
        weeks=(WeekOf(monday, People(0, 4), None, None), WeekOf(monday - timedelta(days=7), People(15, 23), 64, 41)),
        strong=(Share("Evaluation", 80), Share("Retrieval", 70)),
        weak=(Share("Serving", 35),),
        doubted=(Doubted("Is the new prompt really better?", 20, 10, 5),),
        asked=(Asked(monday, "Is the new prompt really better?", People(10, 14)),),
        waiting=Waiting(7, timedelta(hours=30), timedelta(hours=5)),
    )
    none = Report(3, (), (), (), (), (), Waiting(None, None, None))
    return {
        "report": report(cohort, cohort.zone, of, doubts=2),
        "report_of_few": report(cohort, cohort.zone, none),
        "download": download(cohort, "name,offices,joined\nAna,learner,2026-01-05\n", "week_from\n2026-01-05\n"),
    }
