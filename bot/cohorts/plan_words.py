"""What organisers hear about the problems that their cohort is asked: the timetable, and what they assign.

Takes values; looks nothing up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from bot.calendar import local
from bot.catalogue import Catalogue
from bot.catalogue.problem import Problem
from bot.cohort_model import Channel, Cohort, Entry, Preset, Prompt
from bot.cohorts.outlet_words import named
from bot.cohorts.prompt_choice import CAREER
from bot.cohorts.prompt_settings import LEVELS, Wanted, typed_roles
from bot.cohorts.prompt_words import question
from bot.door.cohort_intents import AssignProblem, CohortPreview, EditPrompts, SavePrompts
from bot.door.messages import (
    Block,
    Button,
    Choice,
    Facts,
    Field,
    Form,
    Message,
    Spans,
    When,
    clip,
    count,
    note,
    paragraph,
    spans,
)
from bot.members.reminder_words import days, days_typed
from bot.model import Role

NONE_SUITS = (
    "No problem in my bank is of that kind. Name another topic or role, or look at what the timetable asks for with "
    "/rolecall cohort prompts."
)
NO_PROMPTS = "No problems are planned. /rolecall cohort prompts sets on which days they come."
NOTHING_SUITS = (
    "No problem in my bank is of this kind, so nothing will be posted. Choose more topics, another level or other "
    "roles with /rolecall cohort prompts."
)
STAYS_OPEN = (
    "Each stays open until an hour before the next one, three days at most. Then a summary follows, which names nobody."
)


# --- the timetable


def form(cohort: Cohort, entry: Entry | None, wanted: Wanted, bank: Catalogue, zone: str) -> Form:
    """On which days, when, and of what kind; as it is now."""
    known = {**bank.areas, **bank.topics}
    return Form(
        title="Problems in the channel",
        fields=(
            Field(
                "days",
                "On which days?",
                initial=days_typed(entry.weekdays) if entry else "Mon Thu",
                hint="such as Mon Thu or weekdays; none stops them",
            ),
            Field(
                "time",
                f"At what time? ({clip(zone, 28)})",
                kind="time",
                initial=f"{(entry.local_time if entry else None) or time(9):%H:%M}",
            ),
            Field(
                "topics",
                "Which topics?",
                required=False,
                max_length=300,
                initial=", ".join(known.get(t, t) for t in wanted.topics),
                hint="with commas between them; empty for all",
            ),
            Field(
                "level",
                "Which level?",
                kind="choice",
                choices=(Choice("any", "Any"), *(Choice(value, shown) for value, shown in LEVELS.items())),
                initial=wanted.level or "any",
            ),
            Field(
                "roles",
                "Which roles, and how often each?",
                required=False,
                max_length=200,
                initial=typed_roles(wanted.roles),
                hint="such as AI engineer 2, MLOps 1; empty for all",
            ),
        ),
        submits=SavePrompts(cohort.id),
    )


def saved(
    cohort: Cohort,
    entry: Entry,
    wanted: Wanted,
    bank: Catalogue,
    dates: Sequence[datetime],
    zone: str,
    *,
    lacking: Sequence[str],
    suits: bool,
) -> Message:
    """The timetable, the next `dates`, and what keeps it from working: `lacking`, or that no problem `suits`."""
    at = f" at {entry.local_time:%H:%M}" if entry.local_time else ""
    said: list[Block] = [
        paragraph(f"Saved. Everybody in “{clip(cohort.name, 60)}” is asked the same problem."),
        Facts(
            (
                ("When", spans(f"{days(entry.weekdays)}{at} ({zone})")),
                ("Which", spans(kind(wanted, bank, cohort.preset))),
                ("Next", _dates(cohort, dates, zone)),
            )
        ),
        note(STAYS_OPEN),
    ]
    said += [] if suits else [paragraph(NOTHING_SUITS)]
    said += [paragraph(what) for what in lacking]
    return Message(
        summary="The problems are planned",
        blocks=tuple(said),
        buttons=(Button("What will be posted", CohortPreview(cohort.id)), Button("Change", EditPrompts(cohort.id))),
    )


def kind(wanted: Wanted, bank: Catalogue, preset: Preset) -> str:
    """Which problems are asked, such as "Agents, Fine-tuning; mid level; AI engineer 2, MLOps engineer 1"."""
    known = {**bank.areas, **bank.topics}
    everything = f"all topics but {known[CAREER]}" if preset is Preset.WORKPLACE else "all topics"
    parts = [", ".join(known.get(t, t) for t in wanted.topics) or everything]
    parts += [f"{wanted.level} level"] if wanted.level else []
    parts += [typed_roles(wanted.roles)] if wanted.roles else []
    return "; ".join(parts)


def _dates(cohort: Cohort, dates: Sequence[datetime], zone: str) -> Spans:
    if not dates:
        last = f", since its last day is {cohort.ends_on.day} {cohort.ends_on:%B %Y}" if cohort.ends_on else ""
        return spans(f"none{last}")
    return tuple(s for n, at in enumerate(dates) for s in spans(*((", ",) if n else ()), When(at, zone)))


def stopped(cohort: Cohort, still_open: Sequence[Prompt], zone: str) -> Message:
    """No more problems come by themselves; those that are open close as planned."""
    said: list[Block] = [
        paragraph(f"No more problems are posted in “{clip(cohort.name, 60)}”."),
        *(
            note("The one that is open stays open until ", When(p.closes_at, zone), "; its summary follows.")
            for p in still_open
        ),
    ]
    return Message("No more problems", tuple(said), (Button("Plan them again", EditPrompts(cohort.id)),))


# --- a problem for everybody now


def open_already(title: str, closes_at: datetime, zone: str) -> str:
    at = local(closes_at, zone)
    return (
        f"“{clip(title, 80)}” is open here already, until {at:%A} {at.day} {at:%B}, {at:%H:%M} ({zone}). Assign "
        "another problem, or wait until it has closed."
    )


def to_assign(
    cohort: Cohort,
    problem: Problem,
    variant: str,
    days_open: int,
    closes_at: datetime,
    zone: str,
    to: Sequence[Channel],
    before: datetime | None,
) -> Message:
    """What would be posted. `before`: when the cohort was last asked this."""
    again = (note("It was asked here before, on ", When(before, zone, "date"), "."),) if before else ()
    return Message(
        summary="Shall I post this problem?",
        title=clip(problem.title, 100),
        blocks=(
            *question(problem, variant),
            paragraph(
                f"Shall I post this in the channel of “{clip(cohort.name, 60)}” ({named(to)}) now? It stays open for "
                f"{count(days_open, 'day')}, until ",
                When(closes_at, zone),
                ".",
            ),
            *again,
        ),
        buttons=(Button("Post it now", AssignProblem(problem.id, cohort.id, str(days_open), "yes"), primary=True),),
    )


def assigned(cohort: Cohort, problem: Problem, made: Prompt, to: Sequence[Channel], zone: str) -> Message:
    return Message(
        summary="The problem is posted",
        blocks=(
            paragraph(
                f"“{clip(problem.title, 100)}” goes to the channel of “{clip(cohort.name, 60)}” ({named(to)}) now. It "
                "closes on ",
                When(made.closes_at, zone),
                "; its summary follows.",
            ),
        ),
        buttons=(Button("What will be posted", CohortPreview(cohort.id)),),
    )


def examples(problem: Problem, cohort: Cohort, bank: Catalogue, at: datetime) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    entry = Entry(cohort.id, "prompt", at, time(9), (0, 3))
    of = Prompt("p1", cohort.id, problem.id, problem.version, "v1", at, at)
    to = (Channel(cohort.id, "slack", "T1", "C1", at), Channel(cohort.id, "discord", "G1", "D1", at))
    wanted = Wanted((problem.topic,), "mid", {Role.AI_ENGINEER: 2, Role.MLOPS: 1})
    zone = cohort.zone
    return {
        "prompts_saved": saved(cohort, entry, wanted, bank, (at, at), zone, lacking=(), suits=True),
        "prompts_saved_for_nothing": saved(
            cohort, entry, Wanted(), bank, (), zone, lacking=("“Spring” has no channel yet.",), suits=False
        ),
        "prompts_stopped": stopped(cohort, (of,), zone),
        "to_assign": to_assign(cohort, problem, "v1", 3, at, zone, to, at),
        "assigned": assigned(cohort, problem, of, to, zone),
    }
