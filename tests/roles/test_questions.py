"""Which question comes next, what it takes, and what the answers amount to, as tables over hand-made events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.catalogue import load
from bot.catalogue.asking import Questionnaire
from bot.errors import FieldError
from bot.model import Event, Interest, MemberId, Preference, Role, Skill
from bot.roles import questions
from bot.roles.questions import ANSWERED, RESET, State, Values, state_of
from tests.talk import MONDAY

KNOWN = questions.questionnaire_of(load().landscape)
PRESSED = {
    "interest_first": "product",
    "interest_second": "data",
    "interest_least": "research",
    "scenario": "product",
    "user_facing": "4",
    "business": "2",
    "reading": "1",
    "on_call": "1",
    "maths": "1",
    "in_mind": "mle",
}
FILLED: dict[str, dict[str, str]] = {
    "skills_build": {"swe": "2", "llm_apps": "2", "ml_training": "1", "ops": "0"},
    "skills_data": {"pipelines": "1", "experiment": "0", "papers": "1"},
    "situation": {"current": "another", "years": "2", "months": "6 weeks", "hours_per_week": "10"},
    "place_and_sector": {"sector": "finance", "place": "boston"},
}
WHOLE: dict[str, dict[str, str]] = {**{q: {q: v} for q, v in PRESSED.items()}, **FILLED}


def answered(question: str, values: Values | str, version: int = KNOWN.version) -> Event:
    kept: dict[str, Any] = {"question": question, "questionnaire": version}
    kept["values"] = {question: values} if isinstance(values, str) else dict(values)
    return Event(MemberId("m"), ANSWERED, MONDAY, data=kept)


def after(*events: Event, of: Questionnaire = KNOWN) -> State:
    return state_of(of, [replace(e, id=n) for n, e in enumerate(events, 1)])


def whole(**changes: Values | str) -> State:
    given: dict[str, Values | str] = {**WHOLE, **changes}
    return after(*(answered(q, v) for q, v in given.items()))


def without(*ids: str) -> Questionnaire:
    left = tuple(q for q in KNOWN.questions if q.id not in ids)
    return KNOWN.model_copy(update={"questions": left, "version": KNOWN.version + 1})


def next_id(state: State) -> str | None:
    return state.next.id if state.next else None


# --- what is asked


def test_fourteen_questions_are_asked_in_their_order() -> None:
    assert [q.id for q in after().asked] == [
        "interest_first",
        "interest_second",
        "interest_least",
        "scenario",
        "user_facing",
        "business",
        "reading",
        "on_call",
        "maths",
        "skills_build",
        "skills_data",
        "situation",
        "place_and_sector",
        "in_mind",
    ]


def test_each_answer_brings_the_next_question_and_the_last_none() -> None:
    events: list[Event] = []
    for question in after().asked:
        assert next_id(after(*events)) == question.id
        events.append(answered(question.id, WHOLE[question.id]))
    assert next_id(after(*events)) is None


def test_answers_in_another_order_fill_their_places() -> None:
    state = after(answered("maths", "3"), answered("interest_first", "infra"))

    assert next_id(state) == "interest_second"
    assert len(state.open) == len(state.asked) - 2


@pytest.mark.parametrize(
    ("first", "second", "scenario", "torn"),
    [
        ("product", "data", "product", False),
        ("product", "data", "data", False),
        ("product", "data", "infra", True),
        ("product", "data", "research", True),
    ],
)
def test_who_grabs_what_they_did_not_choose_is_asked_which_they_stand_by(
    first: str, second: str, scenario: str, torn: bool
) -> None:
    state = whole(interest_first=first, interest_second=second, scenario=scenario)

    assert ("check" in [q.id for q in state.asked]) is torn
    assert next_id(state) == ("check" if torn else None)


def test_the_answer_to_which_they_stand_by_belongs_to_the_answers_it_was_asked_about() -> None:
    events = [answered(q, v) for q, v in WHOLE.items()]
    torn = [*events, answered("scenario", "infra"), answered("check", "grabbed")]
    assert next_id(after(*torn)) is None
    assert questions.sheet_of(after(*torn)).check == "grabbed"

    assert next_id(after(*torn, answered("scenario", "analysis"))) == "check"
    settled = after(*torn, answered("scenario", "product"))
    assert next_id(settled) is None
    assert questions.sheet_of(settled).check is None


@pytest.mark.parametrize(
    ("question", "left_out"),
    [
        ("interest_first", set()),
        ("interest_second", {"product"}),
        ("interest_least", {"product", "data"}),
        ("scenario", set()),
    ],
)
def test_nobody_is_offered_the_same_work_twice(question: str, left_out: set[str]) -> None:
    asked = KNOWN.question(question)
    assert asked

    offered = {a.value for a in questions.choices(whole(), asked)}

    assert offered == set(Interest) - left_out


# --- what no longer counts


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("interest_least", "interest_first"),
        ("interest_first", "interest_least"),
        ("interest_first", "interest_second"),
        ("interest_second", "interest_least"),
    ],
)
def test_of_two_answers_that_clash_the_newer_counts_and_the_older_is_asked_again(older: str, newer: str) -> None:
    clash = PRESSED[older]
    state = after(*(answered(q, v) for q, v in WHOLE.items()), answered(newer, clash))

    assert state.value(newer) == clash
    assert older not in state.given
    assert next_id(state) == older
    dropped = [d for d in state.dropped if d.question == older]
    assert [(d.why, d.by, d.value) for d in dropped] == [("contradicts", newer, clash)]
    assert len(state.given) == len(WHOLE) - 1, "everything else stays"


def test_a_question_that_is_gone_is_named_and_not_missed() -> None:
    state = after(*(answered(q, v) for q, v in WHOLE.items()), of=without("in_mind"))

    assert next_id(state) is None
    assert [(d.question, d.why) for d in state.dropped] == [("in_mind", "gone")]
    assert questions.sheet_of(state).in_mind is None


def test_a_value_that_is_gone_is_asked_again_and_the_other_lines_stay() -> None:
    state = whole(situation={**FILLED["situation"], "current": "wizard"})

    assert next_id(state) == "situation"
    assert [(d.field, d.value, d.why) for d in state.dropped] == [("current", "wizard", "unknown")]
    assert state.value("situation", "months") == "6 weeks"


def test_a_new_line_of_a_form_opens_its_question_and_keeps_the_others() -> None:
    build = {k: v for k, v in FILLED["skills_build"].items() if k != "ops"}
    state = whole(skills_build=build)

    assert next_id(state) == "skills_build"
    assert state.value("skills_build", "swe") == "2"


def test_a_line_that_is_no_longer_asked_opens_nothing() -> None:
    state = whole(skills_data={**FILLED["skills_data"], "alchemy": "4"})

    assert next_id(state) is None
    assert [(d.field, d.why) for d in state.dropped] == [("alchemy", "gone")]


@pytest.mark.parametrize("values", ["not a mapping", {"interest_first": 7}, {}, None])
def test_an_event_that_says_nothing_useful_is_asked_again(values: Any) -> None:
    odd = Event(MemberId("m"), ANSWERED, MONDAY, data={"question": "interest_first", "values": values})

    assert next_id(after(odd)) == "interest_first"


def test_after_a_reset_nothing_counts() -> None:
    reset = Event(MemberId("m"), RESET, MONDAY)
    state = after(*(answered(q, v) for q, v in WHOLE.items()), reset, answered("maths", "2"))

    assert dict(state.given) == {"maths": {"maths": "2"}}
    assert state.dropped == ()


def test_it_is_outdated_until_something_is_answered_anew() -> None:
    old = [answered(q, v, version=KNOWN.version - 1) for q, v in WHOLE.items()]

    assert after(*old).outdated
    assert not after(*old, answered("maths", "2")).outdated
    assert not after().outdated


def test_the_state_before_a_change_is_the_last_one_that_was_complete() -> None:
    events = [replace(answered(q, v), id=n) for n, (q, v) in enumerate(WHOLE.items(), 1)]
    assert questions.earlier(KNOWN, events) is None, "nothing was complete before the last answer"

    swapped = [
        *events,
        replace(answered("interest_first", "data"), id=50),
        replace(answered("interest_second", "product"), id=51),
    ]
    before = questions.earlier(KNOWN, swapped)
    assert before
    assert before.value("interest_first") == "product"
    reset = replace(Event(MemberId("m"), RESET, MONDAY), id=60)
    assert questions.earlier(KNOWN, [*events, reset, replace(answered("maths", "1"), id=61)]) is None


# --- what may be pressed and typed


@pytest.mark.parametrize(
    ("question", "value", "values"),
    [
        ("maths", "3", {"maths": "3"}),
        ("maths", "5", None),
        ("maths", "-", None),
        ("maths", "", None),
        ("in_mind", "none", {"in_mind": "none"}),
        ("in_mind", "plumber", None),
        ("place_and_sector", "-", {}),
        ("place_and_sector", "finance", None),
        ("skills_build", "3", None),
    ],
)
def test_a_button_means_its_value_or_nothing(question: str, value: str, values: Values | None) -> None:
    asked = KNOWN.question(question)
    assert asked

    assert questions.pressed(asked, value) == values


@pytest.mark.parametrize(
    ("typed", "months"),
    [
        ("3", 3.0),
        ("1.5", 1.5),
        ("1,5", 1.5),
        ("3 months", 3.0),
        ("6 weeks", 6 / 4.3),
        ("1 year", 12.0),
        ("60", 60.0),
        ("none", None),
        ("No date", None),
    ],
)
def test_months_are_taken_as_people_write_them(typed: str, months: float | None) -> None:
    assert questions.months(typed) == (months if months is None else pytest.approx(months))


@pytest.mark.parametrize(
    ("question", "field", "typed", "remedy"),
    [
        ("situation", "months", "0", "no time left to plan. Write a number of months such as 3"),
        ("situation", "months", "-1", "“-1” is no number of months. Write a number of months such as 3"),
        ("situation", "months", "soon", "“soon” is no number of months. Write"),
        ("situation", "months", "1e9", "is no number of months"),
        ("situation", "months", "1000000000", "is no number of months"),
        ("situation", "months", "61", "write “none”"),
        ("situation", "months", "nan", "is no number of months"),
        ("situation", "months", "", "“Months until you need an offer” is still open. Write a value such as 3"),
        ("situation", "hours_per_week", "0", "even 1 will do"),
        ("situation", "hours_per_week", "-5", "is no number of hours"),
        ("situation", "hours_per_week", "81", "room for 80"),
        ("situation", "hours_per_week", "10-15", "is no number of hours"),
        ("situation", "years", "abc", "“abc” is no number of years. Write one such as 2 or 0.5, or leave"),
        ("situation", "years", "-1", "is no number of years"),
        ("situation", "years", "99", "is no number of years"),
        ("situation", "current", "plumber", "“plumber” is none of the answers"),
        ("situation", "current", "", "is still open. Choose one of the answers."),
        ("skills_build", "swe", "9", "Choose from: Never; A course or tutorial"),
        ("place_and_sector", "place", "Atlantis", "Choose from:"),
        ("place_and_sector", "place", "x" * 500, "“" + "x" * 40 + "” is none"),
    ],
)
def test_a_line_that_cannot_be_used_names_itself_and_the_remedy(
    question: str, field: str, typed: str, remedy: str
) -> None:
    asked = KNOWN.question(question)
    assert asked

    with pytest.raises(FieldError) as refused:
        questions.filled(asked, {**FILLED[question], field: typed})

    assert refused.value.field == field
    assert remedy in str(refused.value)


@pytest.mark.parametrize(
    ("question", "typed", "kept"),
    [
        ("situation", {"current": "Data scientist", "months": " 6  weeks ", "hours_per_week": "7,5 h"}, "6 weeks"),
        ("situation", {"current": "data_scientist", "months": "none", "hours_per_week": "80"}, "none"),
    ],
)
def test_what_is_kept_is_understood_again(question: str, typed: dict[str, str], kept: str) -> None:
    asked = KNOWN.question(question)
    assert asked

    values = questions.filled(asked, typed)

    assert values["current"] == "data_scientist"
    assert values["months"] == kept
    assert "years" not in values
    assert next_id(whole(situation=values)) is None


def test_an_optional_form_may_stay_empty() -> None:
    asked = KNOWN.question("place_and_sector")
    assert asked

    assert questions.filled(asked, {"sector": " ", "place": ""}) == {}
    assert next_id(whole(place_and_sector={})) is None


# --- what the answers amount to


def test_the_sheet_says_what_was_answered() -> None:
    sheet = questions.sheet_of(whole())

    assert (sheet.interest_first, sheet.interest_second) == (Interest.PRODUCT, Interest.DATA)
    assert (sheet.interest_least, sheet.scenario) == (Interest.RESEARCH, Interest.PRODUCT)
    assert sheet.skills == dict(zip(Skill, (2, 2, 1, 1, 0, 1, 0, 1), strict=True))
    assert sheet.prefs == dict(zip(Preference, (4, 1, 1, 2), strict=True))
    assert sheet.months == pytest.approx(6 / 4.3)
    assert (sheet.hours_per_week, sheet.years, sheet.current) == (10.0, 2.0, "another")
    assert (sheet.sector, sheet.place, sheet.in_mind, sheet.check) == ("finance", "boston", Role.MLE, None)


@pytest.mark.parametrize(("reading", "papers", "level"), [("4", "0", 3), ("4", "4", 4), ("3", "0", 0)])
def test_who_reimplements_papers_has_skill_in_them(reading: str, papers: str, level: int) -> None:
    state = whole(reading=reading, skills_data={**FILLED["skills_data"], "papers": papers})

    assert questions.sheet_of(state).skills[Skill.PAPERS] == level


@pytest.mark.parametrize("said", ["none", "ai_engineer"])
def test_a_role_in_mind_may_be_none(said: str) -> None:
    assert questions.sheet_of(whole(in_mind=said)).in_mind == (None if said == "none" else Role.AI_ENGINEER)


def test_sectors_and_places_are_those_that_are_known() -> None:
    landscape = load().landscape
    asked = KNOWN.question("place_and_sector")
    assert asked
    lines = {f.name: [a.value for a in f.answers] for f in asked.fields}

    assert lines["sector"] == [s.id for s in landscape.market.sectors]
    assert lines["place"] == [p.id for p in landscape.salaries.places]
