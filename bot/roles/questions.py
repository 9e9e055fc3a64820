"""Which question of `role match` comes next, which answers it takes, and what the answers amount to.

Pure: the questionnaire and the events of the log go in. What a member has answered is a fold over those events, so
buttons of any age, restarts and a changed questionnaire need no state of their own. It knows no role and no score.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from bot.catalogue.asking import Answer, AskedField, Question, Questionnaire
from bot.catalogue.landscape import Landscape
from bot.errors import FieldError
from bot.model import Event, Interest, Preference, Role, Skill
from bot.roles.sheet import (
    INTERESTS,
    LONGEST_CAREER,
    LONGEST_SEARCH,
    MOST_HOURS,
    WEEKS_PER_MONTH,
    Check,
    Sheet,
)

ANSWERED = "match_answered"
"""Event of an answer: {question, values: {field: value}, questionnaire: version}. A button's field is its question."""
RESET = "match_reset"
"""Event after which earlier answers no longer count."""
LEFT_OUT = "-"
"""The value of the button that leaves an optional question out; in the log: no values at all."""

SHORTEST_SEARCH = 0.2
"""Months: less than a week leaves nothing to plan."""
FEWEST_HOURS = 0.5
IMPLEMENTED_PAPERS = 3
"""Who reimplements papers has at least this level in them."""

Values = Mapping[str, str]
"""Field -> value as chosen or typed; none for a question that was left out."""
Why = Literal["gone", "unknown", "contradicts"]


@dataclass(frozen=True, slots=True)
class Dropped:
    """An answer, or one line of it, that no longer counts."""

    question: str
    field: str
    value: str
    why: Why
    by: str = ""
    """For a contradiction: the question whose newer answer it contradicts."""


@dataclass(frozen=True, slots=True)
class State:
    """What a member has answered so far, as far as it counts."""

    questionnaire: Questionnaire
    given: Mapping[str, Values]
    """Question -> values. A question that is to be asked again may still have some of its lines."""
    dropped: tuple[Dropped, ...]
    outdated: bool
    """Every answer was given to another version of the questionnaire."""

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that arise, in their order."""
        return tuple(q for q in self.questionnaire.questions if q.id != "check" or _is_torn(self.given))

    @property
    def open(self) -> tuple[Question, ...]:
        """Those of `asked` that are still to be answered, or to be answered again."""
        again = {d.question for d in self.dropped if d.why != "gone"}
        return tuple(q for q in self.asked if q.id not in self.given or q.id in again)

    @property
    def next(self) -> Question | None:
        return next(iter(self.open), None)

    def before(self, question: Question) -> Question | None:
        """The question that stands before one of `asked`."""
        place = self.asked.index(question)
        return self.asked[place - 1] if place else None

    def value(self, question: str, field: str = "") -> str:
        """What was chosen or typed, or ""."""
        return self.given.get(question, {}).get(field or question, "")


def questionnaire_of(landscape: Landscape) -> Questionnaire:
    """The questions, with the sectors and places that are known as choices of the lines that ask for them."""
    known = {
        "sector": tuple(Answer(value=s.id, label=s.name[:75]) for s in landscape.market.sectors),
        "place": tuple(Answer(value=p.id, label=p.name[:75]) for p in landscape.salaries.places),
    }

    def complete(question: Question) -> Question:
        fields = tuple(
            f.model_copy(update={"answers": known[f.name]}) if f.name in known and not f.answers else f
            for f in question.fields
        )
        return question.model_copy(update={"fields": fields})

    asked = landscape.questionnaire
    return asked.model_copy(update={"questions": tuple(complete(q) for q in asked.questions)})


# --- from the log to the state


def state_of(questionnaire: Questionnaire, events: Iterable[Event]) -> State:
    """The state after these events, oldest first: of each question its latest answer, the newer of two that clash."""
    latest = _latest(events)
    given: dict[str, Values] = {}
    dropped: list[Dropped] = []
    taken: dict[str, str] = {}
    for id, event in sorted(latest.items(), key=lambda item: -item[1].id):
        question, values = questionnaire.question(id), _values(event)
        if question is None:
            dropped += [Dropped(id, f, v, "gone") for f, v in list(values.items())[:1]]
            continue
        if id == "check" and any(latest[q].id > event.id for q in (*INTERESTS[:2], "scenario") if q in latest):
            continue  # it was asked about other answers
        fitting = {f: v for f, v in values.items() if _fits(question, f, v)}
        unfit = [f for f in (*values, *_needed(question, values)) if f not in fitting]
        if id in INTERESTS and (value := fitting.get(id)):
            if value in taken:
                dropped.append(Dropped(id, id, value, "contradicts", by=taken[value]))
                continue
            taken[value] = id
        given[id] = fitting
        asks = {f.name for f in question.fields} or {id}
        dropped += [Dropped(id, f, values.get(f, ""), "unknown" if f in asks else "gone") for f in dict.fromkeys(unfit)]
    outdated = bool(latest) and all(e.data.get("questionnaire") != questionnaire.version for e in latest.values())
    order = {q.id: n for n, q in enumerate(questionnaire.questions)}
    return State(questionnaire, given, tuple(sorted(dropped, key=lambda d: order.get(d.question, -1))), outdated)


def earlier(questionnaire: Questionnaire, events: Sequence[Event]) -> State | None:
    """The latest state before the last answer in which every question was answered; None where there was none.

    Only the last few answers are looked back at: to change one seldom opens more than two others.
    """
    since = [e.id for e in events if e.kind == RESET]
    for end in range(len(events) - 1, max(len(events) - 8, 0), -1):
        if since and events[end - 1].id <= since[-1]:
            break
        state = state_of(questionnaire, events[:end])
        if state.next is None:
            return state
    return None


def _latest(events: Iterable[Event]) -> dict[str, Event]:
    latest: dict[str, Event] = {}
    for event in events:
        if event.kind == RESET:
            latest.clear()
        elif event.kind == ANSWERED:
            latest[str(event.data.get("question"))] = event
    return latest


def _values(event: Event) -> dict[str, str]:
    kept = event.data.get("values")
    return {str(f): str(v) for f, v in kept.items()} if isinstance(kept, dict) else {}


def _needed(question: Question, values: Values) -> tuple[str, ...]:
    """The fields without which an answer does not count."""
    if question.optional and not values:
        return ()
    return tuple(f.name for f in question.fields if f.required) if question.fields else (question.id,)


def _fits(question: Question, field: str, value: str) -> bool:
    if not question.fields:
        return field == question.id and any(a.value == value for a in question.answers)
    asked = next((f for f in question.fields if f.name == field), None)
    if asked is None:
        return False
    try:
        return _line(asked, value) == value
    except FieldError:
        return False


def _is_torn(given: Mapping[str, Values]) -> bool:
    """Whether somebody grabs first what they chose neither first nor second."""
    first, second, grabbed = (given.get(q, {}).get(q) for q in (*INTERESTS[:2], "scenario"))
    return bool(first and second and grabbed and grabbed not in (first, second))


# --- from what was pressed or typed to values


def choices(state: State, question: Question) -> tuple[Answer, ...]:
    """The answers that a button question offers now: nobody picks the same work twice."""
    order = INTERESTS.index(question.id) if question.id in INTERESTS else 0
    taken = {state.value(q) for q in INTERESTS[:order]}
    return tuple(a for a in question.answers if a.value not in taken)


def pressed(question: Question, value: str) -> Values | None:
    """The values that a button of a question means; None where that question has no such answer."""
    if value == LEFT_OUT and question.optional:
        return {}
    return {question.id: value} if _fits(question, question.id, value) else None


def filled(question: Question, typed: Mapping[str, str]) -> Values:
    """The values of a form's lines, as the log keeps them. Raises FieldError for the first line that is refused."""
    lines: dict[str, str] = {}
    for field in question.fields:
        text = " ".join(typed.get(field.name, "").split())
        if text:
            lines[field.name] = _line(field, text)
        elif field.required:
            raise FieldError(field.name, f"“{field.label}” is still open. {_how(field)}")
    return lines


def _how(field: AskedField) -> str:
    if field.answers:
        return "Choose one of the answers."
    return f"Write a value {field.hint}." if field.hint.startswith("such as") else "Write it on the line."


def _line(field: AskedField, text: str) -> str:
    """A line's value as it is kept. Raises FieldError that says how it is written."""
    if field.answers:
        spoken = text.casefold().replace("_", " ")
        for answer in field.answers:
            if spoken in (answer.value.casefold().replace("_", " "), answer.label.casefold()):
                return answer.value
        known = "; ".join(a.label for a in field.answers)
        raise FieldError(field.name, f"“{text[:40]}” is none of the answers to “{field.label}”. Choose from: {known}.")
    if parse := _TYPED.get(field.name):
        parse(text)
    return text[:40]


_NUMBER = r"(\d{1,9}(?:[.,]\d{1,4})?)"
_NO_DATE = re.compile(r"(?:none|no|never|open|no (?:date|deadline|hurry|rush))", re.I)


def months(text: str) -> float | None:
    """Months until an offer is needed, a week to 60 months, from "3", "1.5", "6 weeks"; None for "none"."""
    if _NO_DATE.fullmatch(text):
        return None
    how = "Write a number of months such as 3 or 1.5, weeks such as “6 weeks”, or “none” if there is no date."
    found = re.fullmatch(_NUMBER + r" ?(m|months?|w|weeks?|y|years?)?\.?", text, re.I)
    if found is None:
        raise FieldError("months", f"“{text[:40]}” is no number of months. {how}")
    count, unit = _number(found[1]), (found[2] or "m")[0].lower()
    value = count / WEEKS_PER_MONTH if unit == "w" else count * 12 if unit == "y" else count
    if value < SHORTEST_SEARCH:
        raise FieldError("months", f"With {text[:40]} there is no time left to plan. {how}")
    if value > LONGEST_SEARCH:
        raise FieldError("months", "That is more than five years away, so it changes nothing today: write “none”.")
    return value


def hours(text: str) -> float:
    """Hours a week, 0.5 to 80, from "10" or "7.5 hours"."""
    how = "Write how many hours a week you can learn and apply, such as 10."
    found = re.fullmatch(_NUMBER + r" ?(?:h|hrs?|hours?)?(?: (?:a|per) week)?\.?", text, re.I)
    if found is None:
        raise FieldError("hours_per_week", f"“{text[:40]}” is no number of hours. {how}")
    value = _number(found[1])
    if value < FEWEST_HOURS:
        raise FieldError("hours_per_week", f"With {text[:40]} hours a week no gap ever closes; even 1 will do. {how}")
    if value > MOST_HOURS:
        raise FieldError("hours_per_week", f"A week has room for {MOST_HOURS} such hours at most. {how}")
    return value


def years(text: str) -> float:
    """Years in a job, 0 to 60, from "2", "0.5" or "18 months"."""
    found = re.fullmatch(_NUMBER + r" ?(y|years?|m|months?)?\.?", text, re.I)
    value = _number(found[1]) / (12 if (found[2] or "y")[0].lower() == "m" else 1) if found else -1.0
    if not 0 <= value <= LONGEST_CAREER:
        raise FieldError(
            "years", f"“{text[:40]}” is no number of years. Write one such as 2 or 0.5, or leave the line empty."
        )
    return value


def _number(digits: str) -> float:
    return float(digits.replace(",", "."))


_TYPED: dict[str, Callable[[str], object]] = {"months": months, "hours_per_week": hours, "years": years}


# --- from the state to the sheet


def sheet_of(state: State) -> Sheet:
    """The sheet of a state in which every question is answered."""
    first, second, least, scenario = (Interest(state.value(q)) for q in (*INTERESTS, "scenario"))
    flat = {f: v for values in state.given.values() for f, v in values.items()}
    skills = {s: int(flat[s]) for s in Skill}
    prefs = {p: int(flat[p]) for p in Preference}
    if prefs[Preference.READING] == 4:
        skills[Skill.PAPERS] = max(skills[Skill.PAPERS], IMPLEMENTED_PAPERS)
    in_mind, check = flat.get("in_mind"), flat.get("check")
    return Sheet(
        interest_first=first,
        interest_second=second,
        interest_least=least,
        scenario=scenario,
        skills=skills,
        prefs=prefs,
        months=months(flat["months"]),
        hours_per_week=hours(flat["hours_per_week"]),
        current=flat.get("current"),
        years=years(flat["years"]) if "years" in flat else None,
        sector=flat.get("sector"),
        place=flat.get("place"),
        in_mind=Role(in_mind) if in_mind in set(Role) else None,
        check=cast(Check, check) if check and _is_torn(state.given) else None,
    )
