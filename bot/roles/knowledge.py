"""Two roles told apart, the interviews of a role, and its levels, in messages. Takes the landscape, looks nothing up.

Pay and demand stand in `market`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from bot.catalogue.landscape import Landscape
from bot.catalogue.markdown import blocks
from bot.catalogue.market import Pay
from bot.catalogue.role import Expectations, LoopRound, Rung
from bot.door.intents import CompareRoles, Intent, Level, Loop, Practice, Salary, Target
from bot.door.messages import (
    Block,
    Bullets,
    Button,
    Facts,
    Message,
    Spans,
    bold,
    heading,
    note,
    paragraph,
    spans,
)
from bot.model import Role, Round
from bot.roles.citing import DIMENSIONS, HIRING_TIME, amount, cited
from bot.roles.reading import page_button

LEVELS = {"entry": "Entry", "mid": "Mid", "senior": "Senior"}
DERIVED = "No source describes this for the role: it is derived from what is known of its interviews and work."


def which_role(asks: str, wish: Callable[[Role], Intent]) -> Message:
    """Asks for a role where none was named and none is aimed at."""
    return Message(
        summary="Which role?",
        blocks=(paragraph(asks),),
        buttons=tuple(Button(r.label, wish(r)) for r in Role),
    )


# --- two roles side by side


def compare(known: Landscape, one: Role, other: Role) -> Message:
    """Sixty seconds to read aloud, then the dimensions side by side."""
    contrast = known.contrast(one, other)
    left, right = known.roles[one].dimensions, known.roles[other].dimensions
    sides = [(label, _sides(getattr(left, name), getattr(right, name))) for name, label in DIMENSIONS.items()]
    paid = [(p, q) for p in _total(known, one) for q in _total(known, other) if p.scope == q.scope]
    sides += [(f"Total pay, {p.scope}", _sides(amount(p), amount(q))) for p, q in paid]
    return Message(
        summary=f"{one.label} or {other.label}",
        title=f"{one.label} or {other.label}",
        blocks=(
            *blocks(contrast.text),
            paragraph(bold("Decide by: "), contrast.decide_by),
            cited(known, contrast),
            heading(f"{one.label} | {other.label}"),
            Facts(tuple(sides)),
            cited(known, left, right, *(record for pair in paid for record in pair)),
        ),
        buttons=(
            Button(f"Interviews: {one.label}", Loop(one)),
            Button(f"Interviews: {other.label}", Loop(other)),
            Button(f"Target: {one.label}", Target(one)),
            Button(f"Target: {other.label}", Target(other)),
        ),
    )


def _sides(left: str, right: str) -> Spans:
    return spans(f"{left} (both)") if left == right else spans(f"{left} | {right}")


def _total(known: Landscape, of: Role) -> list[Pay]:
    return [p for p in known.salaries.pay if p.role is of and p.measure == "total"]


def compare_with(one: Role) -> Message:
    """Asks what a role is to be told apart from."""
    return Message(
        summary="Compare with which role?",
        blocks=(paragraph(f"{one.label}, compared with which role?"),),
        buttons=tuple(Button(r.label, CompareRoles(one, r)) for r in Role if r is not one),
    )


# --- the interviews of a role


def loop(known: Landscape, of: Role, in_bank: Collection[Round]) -> Message:
    """The rounds, what each tests and what to study; `in_bank` are those that can be practised here."""
    its = known.roles[of].loop
    lines: list[Block] = []
    for number, held in enumerate(its.rounds, 1):
        lines += [
            heading(f"{number}. {held.name}{_also(held)}"),
            Facts((("Tests", spans(held.tests)), ("Study", spans(held.prepare)))),
        ]
    time = [known.figures[id] for id in HIRING_TIME if id in known.figures]
    rounds = dict.fromkeys(r.round for r in its.rounds if r.round in in_bank)
    return Message(
        summary=f"The interviews of a role: {of.label}",
        title=f"{of.label}: the interviews",
        blocks=(
            *((note(f"Derived. {DERIVED}"),) if its.derived else ()),
            *lines,
            *((paragraph(its.note),) if its.note else ()),
            *((paragraph(bold("How long it takes: "), " ".join(f.text for f in time)),) if time else ()),
            cited(known, its, *time),
        ),
        buttons=(
            *(Button(f"Practise: {r.label}", Practice(f"{of}+{r}"), primary=n == 0) for n, r in enumerate(rounds)),
            Button("Levels and ladder", Level(of)),
            *page_button(known, "hiring_time"),
            Button("Make it my target", Target(of)),
        ),
    )


def _also(held: LoopRound) -> str:
    remarks = [
        held.round.label if held.round.label.lower() != held.name.lower() else "",
        "sometimes" if held.sometimes else "",
    ]
    said = ", ".join(r for r in remarks if r)
    return f" ({said})" if said else ""


# --- the levels of a role


def level(known: Landscape, of: Role) -> Message:
    """What entry, mid and senior must show, what speaks against somebody, and the ladder."""
    levels, ladder = known.roles[of].levels, known.roles[of].ladder
    return Message(
        summary=f"Levels and ladder: {of.label}",
        title=f"{of.label}: levels and ladder",
        blocks=(
            *((note(f"Derived. {DERIVED}"),) if levels.derived else ()),
            *(block for expected in levels.levels for block in _level(expected)),
            *((paragraph(levels.note),) if levels.note else ()),
            cited(known, levels),
            heading("The ladder" + (" (derived)" if ladder.derived else "")),
            Bullets(tuple(_rung(rung) for rung in ladder.rungs), numbered=True),
            *((note(ladder.note),) if ladder.note else ()),
            cited(known, ladder),
        ),
        buttons=(
            Button("Pay", Salary(of)),
            Button("Its interviews", Loop(of)),
            *page_button(known, "ladders"),
        ),
    )


def _level(expected: Expectations) -> Iterator[Block]:
    yield heading(f"{LEVELS[expected.level]} ({expected.years} years, as a hint)")
    facts: list[tuple[str, Spans]] = [("Shows", spans(_list(expected.skills)))]
    if expected.ai_fluency:
        facts.append(("AI fluency", spans(_list([expected.ai_fluency]))))
    facts.append(("Red flags", spans(_list(expected.red_flags))))
    yield Facts(tuple(facts))


def _list(lines: Sequence[str]) -> str:
    return " · ".join(line[:1].upper() + line[1:].rstrip(".") for line in lines)


def _rung(rung: Rung) -> Spans:
    return spans(bold(rung.title), f" – {rung.impact}")


def examples(known: Landscape) -> Mapping[str, Message]:
    """One example of each message, for rendering tests."""
    return {
        "role_which": which_role("Whose interviews?", Loop),
        "role_compare": compare(known, Role.MLE, Role.AI_ENGINEER),
        "role_compare_with": compare_with(Role.MLE),
        "role_loop": loop(known, Role.AI_ENGINEER, {Round.SYSTEM_DESIGN}),
        "role_loop_derived": loop(known, Role.DATA_ENGINEER, ()),
        "role_level": level(known, Role.AI_ENGINEER),
    }
