"""What organisers hear about what will be posted in the next days. Takes values; looks nothing up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cohort_model import Channel, Cohort
from bot.cohorts.outlet_words import named
from bot.door.cohort_intents import AssignProblem, EditPrompts
from bot.door.messages import Block, Bullets, Button, Message, When, bold, clip, note, paragraph, spans

PROMPT = "Problem"
SUMMARY = "Summary"
BOARD = "The week's board"
MIDWEEK = "How far the team is with its goal"
NO_ORGANISER = (
    "It has no organiser, so nobody is told when something goes wrong. /rolecall cohort appoint makes somebody one."
)
MOST = 20
"""So many posts are listed."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that will be posted."""

    at: datetime
    what: str
    title: str = ""
    """Of a problem."""


def preview(
    cohort: Cohort, coming: Sequence[Coming], to: Sequence[Channel], lacking: Sequence[str], zone: str
) -> Message:
    """`coming`: soonest first. `to`: where it goes. `lacking`: what keeps it from going there, or from going well."""
    said: list[Block] = [paragraph(bold(what)) for what in lacking]
    if coming and to:
        said.append(
            paragraph(f"In the next 7 days I will post in the channel of “{clip(cohort.name, 60)}” ({named(to)}):")
        )
    elif coming:
        said.append(paragraph("With a channel, I would post in the next 7 days:"))
    else:
        said.append(paragraph("In the next 7 days I will post nothing."))
    if coming:
        said.append(Bullets(tuple(spans(When(c.at, zone), ": ", _what(c)) for c in coming[:MOST])))
    if len(coming) > MOST:
        said.append(note(f"And {len(coming) - MOST} more."))
    if any(c.what == PROMPT for c in coming):
        said.append(note("Problems are as I would choose them now; what your learners do meanwhile can change that."))
    if any(c.what in {BOARD, MIDWEEK} for c in coming):
        said.append(note("A board, or how far the team is, is left out when there is nothing to tell of the week."))
    said.append(
        note(
            f"The cohort's zone is {zone}. Nothing of this goes to anybody directly; each member's own reminders are "
            "their business."
        )
    )
    return Message(
        summary="What will be posted",
        title=clip(f"Coming up in “{clip(cohort.name, 60)}”", 150),
        blocks=tuple(said),
        buttons=(
            Button("Change the problems", EditPrompts(cohort.id)),
            Button("Post a problem now", AssignProblem(cohort=cohort.id)),
        ),
    )


def _what(coming: Coming) -> str:
    return f"{coming.what}: “{clip(coming.title, 80)}”" if coming.title else coming.what


def examples(cohort: Cohort, title: str, at: datetime) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    day = timedelta(days=1)
    coming = (
        Coming(at, BOARD),
        Coming(at, PROMPT, title),
        Coming(at + 3 * day, MIDWEEK),
        Coming(at + 3 * day, SUMMARY, title),
    )
    to = (Channel(cohort.id, "slack", "T1", "C1", at), Channel(cohort.id, "discord", "G1", "D1", at))
    return {
        "cohort_preview": preview(cohort, coming, to, (), cohort.zone),
        "cohort_preview_lacking": preview(cohort, coming[:1], (), (NO_ORGANISER,), cohort.zone),
        "cohort_preview_empty": preview(cohort, (), to, (), cohort.zone),
    }
