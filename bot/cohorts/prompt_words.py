"""What is said about a problem that a whole cohort is asked: in its channel, to who answers it, and when it closes.

Takes values; looks nothing up. What stands in a channel names nobody.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.calendar import local
from bot.catalogue.markdown import blocks
from bot.catalogue.problem import Problem
from bot.cohort_model import Cohort, Prompt
from bot.door.cohort_intents import AnswerPrompt, JoinCohort, OfferAnswer, OpenPrompt
from bot.door.intents import Practice
from bot.door.messages import (
    LIMITS,
    Block,
    Button,
    Message,
    Paragraph,
    When,
    bold,
    clip,
    heading,
    note,
    paragraph,
    quote,
)
from bot.model import ServingId

GONE = "I no longer know that prompt. /rolecall practice gives you a problem."
ANSWERED = (
    "You have answered this prompt already, and the first answer counts. “Hints and more”, beside the button that "
    "you pressed, shows its verdict again."
)
NOT_YOURS = "That answer is somebody else's, so only they can decide where it is shown."
NOT_SHOWN = "A summary shows answers of people in the cohort, and you have left it. Yours is not shown."
NOT_STRONG = "Only an answer with a settled Strong Hire verdict can stand in the summary. This one is not shown."
FEW = 5
"""With fewer answers than this, no figure is told about them."""
QUOTED = 800
"""Characters of an answer that a summary shows."""


# --- while it is open


def question(problem: Problem, variant: str) -> tuple[Block, ...]:
    """What is asked, and of what kind it is, without a spoiler."""
    tags = problem.tags
    return (
        note(f"{tags.round.label} · {tags.level} level · about {tags.minutes} min"),
        *blocks(problem.prompt_of(variant)),
    )


def prompt(cohort: Cohort, of: Prompt, problem: Problem, zone: str) -> Message:
    """The post in the channel."""
    return Message(
        summary=clip(f"A question for “{clip(cohort.name, 60)}”: {problem.title}", LIMITS.SUMMARY),
        title=clip(problem.title, LIMITS.TITLE),
        blocks=(
            *question(problem, of.variant),
            note(
                "Open until ",
                When(of.closes_at, zone),
                ". Answers by the button, and all verdicts, stay out of this channel.",
            ),
        ),
        buttons=(
            Button("Answer privately", AnswerPrompt(of.id), primary=True),
            Button("Hints and more", OpenPrompt(of.id)),
        ),
    )


def why(cohort: Cohort) -> str:
    """Why a problem is put before somebody privately."""
    return f"The prompt of “{clip(cohort.name, 60)}”."


def has_closed(closes_at: datetime, zone: str) -> str:
    """To who presses Answer too late; `zone` is theirs."""
    at = local(closes_at, zone)
    return (
        f"This prompt closed on {at:%A} {at.day} {at:%B} at {at:%H:%M} ({zone}). “Hints and more”, beside the button "
        "that you pressed, lets you practise it all the same, for no points."
    )


def closed(closes_at: datetime, zone: str, to_practise: Problem | None) -> Message:
    """The prompt, to who opens it too late; `to_practise`: its problem, if it is still in the bank."""
    said: list[Block] = [paragraph("This prompt closed on ", When(closes_at, zone), ".")]
    if to_practise:
        said.append(paragraph("You can practise it all the same. It counts for your memory, and for no points."))
        return Message("The prompt has closed", tuple(said), (_try(to_practise, "Practise it"),))
    said.append(paragraph("Its problem has been taken out of my bank since; I have others."))
    return Message("The prompt has closed", tuple(said), (Button("Give me a problem", Practice(), primary=True),))


def not_a_member(cohort: Cohort) -> str:
    """To an outsider who presses Answer."""
    way = (
        f"Type /rolecall cohort join {cohort.invite_code}, then press the button again."
        if cohort.self_service and cohort.invite_code
        else "Ask one of its organisers to put you on its list."
    )
    return f"This prompt is for the members of “{clip(cohort.name, 60)}”. {way}"


def outside(cohort: Cohort, to_practise: Problem | None) -> Message:
    """The prompt, to an outsider who opens it: the way in."""
    join = (
        (Button(f"Join {clip(cohort.name, 60)}", JoinCohort(cohort.invite_code), primary=True),)
        if cohort.self_service and cohort.invite_code
        else ()
    )
    way = "You can join it now." if join else "Ask one of its organisers to put you on its list."
    practise = (_try(to_practise, "Practise it by myself"),) if to_practise else ()
    return Message(
        summary="This prompt is for a cohort",
        blocks=(paragraph(f"This prompt is for the members of “{clip(cohort.name, 60)}”. {way}"),),
        buttons=(*join, *practise),
    )


def _try(problem: Problem, label: str) -> Button:
    return Button(label, Practice(problem.id))


# --- letting an answer be shown


def offered(serving: ServingId, closes_at: datetime, zone: str) -> Message:
    return Message(
        summary="Thank you",
        blocks=(
            paragraph(
                "Thank you. When the prompt closes, ",
                When(closes_at, zone),
                ", your answer may stand in its summary as an example, without your name. Until then you can take "
                "that back.",
            ),
            note(
                "I take your name out of the text. What else could tell that it is yours is for you to judge. "
                "Once it is posted it stays in the channel, also when you leave."
            ),
        ),
        buttons=(Button("Take it back", OfferAnswer(serving, "no")),),
    )


def taken_back() -> Message:
    return Message(
        summary="Taken back",
        blocks=(paragraph("Taken back: your answer is not shown."),),
    )


def too_late(closes_at: datetime, zone: str) -> str:
    at = local(closes_at, zone)
    return (
        f"The prompt closed on {at:%A} {at.day} {at:%B} at {at:%H:%M} ({zone}), so what its summary shows can no "
        "longer change. No summary names who wrote an answer."
    )


# --- when it has closed


def summary(problem: Problem, *, answered: int, most_missed: str, example: str, to_practise: Problem | None) -> Message:
    """How it went, and what could have been said. `most_missed`: a criterion; `example`: an answer without names.

    Either may be empty. The reference comes last, for who still wants to try.
    """
    said: list[Block] = []
    if answered >= FEW:
        said.append(paragraph(bold(f"{answered} of you"), " answered. Thank you."))
    elif answered:
        said.append(paragraph("Thank you to those of you who answered."))
    if most_missed and answered >= FEW:
        said.append(replace(paragraph(bold("Most often left out"), f": {most_missed}"), spoils=True))
    if example:
        said += [
            heading("One of your answers"),
            replace(quote(clip(example, QUOTED)), spoils=True),
            note("Shown with its author's consent, without a name."),
        ]
    said += [heading("A good answer"), *(_covered(b) for b in blocks(problem.reference))]
    return Message(
        summary=clip(f"This prompt has closed: {problem.title}", LIMITS.SUMMARY),
        title=clip(f"Closed: {problem.title}", LIMITS.TITLE),
        blocks=tuple(said),
        buttons=(_try(to_practise, "Try it yourself"),) if to_practise else (),
    )


def _covered(block: Block) -> Block:
    """A part of an answer that others may still look for. Lists and code have no cover on any platform."""
    return replace(block, spoils=True) if isinstance(block, Paragraph) else block


def examples(problem: Problem, cohort: Cohort, at: datetime) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    serving = ServingId("s1")
    of = Prompt("p1", cohort.id, problem.id, problem.version, "v1", at, at)
    return {
        "prompt": prompt(cohort, of, problem, cohort.zone),
        "prompt_closed": closed(at, cohort.zone, problem),
        "prompt_closed_and_gone": closed(at, cohort.zone, None),
        "prompt_outside": outside(cohort, problem),
        "prompt_offered": offered(serving, at, cohort.zone),
        "prompt_taken_back": taken_back(),
        "prompt_summary": summary(
            problem,
            answered=12,
            most_missed=problem.criteria[0].statement,
            example="It would call every payment fine.\nThen it catches no fraud.",
            to_practise=problem,
        ),
        "prompt_summary_of_few": summary(problem, answered=2, most_missed="", example="", to_practise=None),
        "prompt_summary_of_none": summary(problem, answered=0, most_missed="", example="", to_practise=problem),
    }
