"""The result in words: every sentence follows from a field of the result, and all of it fits on a phone."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from statistics import mean, pstdev
from typing import Any

import pytest

from bot.catalogue import load
from bot.door.intents import Target
from bot.model import Interest, Preference, Role, Skill
from bot.roles import result_words
from bot.roles.matching import Flip, match
from bot.roles.questions import State, questionnaire_of
from bot.roles.result_words import Case, named
from bot.roles.sheet import Sheet
from tests.rendering.test_examples import drawn
from tests.talk import words

LANDSCAPE = load().landscape
STATE = State(questionnaire_of(LANDSCAPE), {}, (), outdated=False)
SHEET = Sheet(
    interest_first=Interest.PRODUCT,
    interest_second=Interest.DATA,
    interest_least=Interest.RESEARCH,
    scenario=Interest.PRODUCT,
    skills=dict(zip(Skill, (2, 2, 1, 1, 0, 1, 0, 1), strict=True)),
    prefs=dict(zip(Preference, (4, 1, 1, 2), strict=True)),
    months=None,
    hours_per_week=10,
)


def case_of(sheet: Sheet, shown: Mapping[Skill, int] | None = None) -> Case:
    return Case(match(sheet, LANDSCAPE, shown), sheet, STATE, LANDSCAPE)


def drawn_sheet(chance: random.Random) -> Sheet:
    first, second, least = chance.sample(list(Interest), 3)
    scenario = chance.choice(list(Interest))
    return Sheet(
        interest_first=first,
        interest_second=second,
        interest_least=least,
        scenario=scenario,
        skills={s: chance.randint(0, 4) for s in Skill},
        prefs={p: chance.randint(0, 4) for p in Preference},
        months=chance.choice([None, 1, 3, 6, 12]),
        hours_per_week=chance.choice([3, 10, 40]),
        current=chance.choice([None, "backend", *Role]),
        place=chance.choice([None, "boston"]),
        in_mind=chance.choice([None, *Role]),
        check=None if scenario in (first, second) else chance.choice(["chosen", "grabbed"]),
    )


SHEETS = [drawn_sheet(random.Random(seed)) for seed in range(150)]


def test_every_result_fits_on_a_phone() -> None:
    sizes = []
    for sheet in SHEETS:
        message = replace(result_words.result(case_of(sheet), None), buttons=())
        sizes.append(len(drawn(message, 10_000)))
        assert sizes[-1] <= 1_800, words(message)
    assert sorted(sizes)[len(sizes) * 3 // 4] <= 1_500


def test_every_point_that_is_named_is_one_of_the_result() -> None:
    for sheet in SHEETS:
        case = case_of(sheet)
        said = words(result_words.result(case, None))
        why = said.split(" first\n")[1]
        plus = [int(n) for n in re.findall(r": \+(\d+)$", why, re.M)]
        assert plus == [round(r.points) for r in case.result.why if round(r.points)]
        minus = [-int(n) for n in re.findall(r"\(−(\d+)\)", said)]
        assert minus == [round(r.points) for r in case.result.not_this.reasons[:2] if round(r.points)]
        assert "0)" not in re.findall(r"\(−(\d+\))", said)
        for gap in case.result.gaps:
            assert f"{gap.have} → {gap.need}" in said


def emphasis(role: Role, interest: Interest) -> float:
    """How much a role's work consists of something, against the rest of it: in standard deviations."""
    levels = LANDSCAPE.roles[role].profile.interests
    return (levels[interest] - mean(levels.values())) / pstdev(levels.values())


def test_what_is_said_of_an_interest_is_true_of_the_sheet_and_the_roles() -> None:
    said_of = {"liked": 0, "not picked": 0}
    for sheet in SHEETS:
        case = case_of(sheet)
        one, two = (s.role for s in case.result.ranking[:2])
        said = words(result_words.result(case, None))
        for reason in case.result.why:
            kind, _, name = reason.dimension.partition(".")
            if kind != "interest" or not round(reason.points):
                continue
            interest = Interest(name)
            work = LANDSCAPE.matching.interests[interest]
            if f"You like {work}, and it has more of that" in said:
                said_of["liked"] += 1
                assert interest in (sheet.interest_first, sheet.interest_second, sheet.scenario)
                assert emphasis(one, interest) > emphasis(two, interest)
            else:
                said_of["not picked"] += 1
                assert f"You did not pick {work}, and it has less of that" in said
                assert interest not in (sheet.interest_first, sheet.interest_second)
                assert emphasis(one, interest) < emphasis(two, interest)
    assert min(said_of.values()) > 20


def plain() -> Case:
    """A result without anything that calls for a sentence of its own."""
    case = case_of(replace(SHEET, months=6.0, place="boston"))
    flip = Flip("prefs.on_call", 1, 2, Role.MLOPS)
    return replace(case, result=replace(case.result, word="lean", margin=12.4, advice="single", flip=flip))


def test_a_plain_result_says_what_is_always_said() -> None:
    text = words(result_words.result(plain(), None))

    assert "A lean: 12 points apart. To decide: " in text
    assert "Advice: one track. Prepare for the interviews of AI engineers." in text
    assert "weeks are for the main gaps at 10 hours a week; you have 26." in text
    assert "Had you answered “Now and then is fine” (being on call), " in text
    assert "MLOps engineer would come first." in text
    assert "Not known: who will hire you." in text


@pytest.mark.parametrize(
    ("of_sheet", "of_result", "said"),
    [
        ({"months": None}, {}, "Not known: your date, who will hire you."),
        ({"place": None}, {}, "Not known: your place, who will hire you."),
        ({"months": 3.0}, {}, "AI start-up: 2–4 weeks. Your process at a big tech company: 6–8 weeks. (EngineersOfAI"),
        ({"in_mind": Role.AI_ENGINEER}, {}, "Best fit: AI engineer, as you had in mind"),
        ({}, {"unsure": True}, "so I am one step less sure"),
        ({}, {"market_decided": True}, "so supply and demand decided"),
        ({}, {"market_decided": True}, "(EngineersOfAI, AI career landscape"),
        ({}, {"flip": None}, "No single answer, one step higher or lower, would put another role first."),
        ({}, {"flip": Flip("skills.swe", 2, 3, Role.MLE)}, "With software engineering at 3 instead of 2"),
        ({}, {"gaps": ()}, "You have every level that the interviews of AI engineers ask for."),
        ({}, {"why": ()}, "No single answer separates the two by a whole point."),
        ({}, {"advice": "two options"}, "Advice: two options, decide by: "),
        ({"months": 3.0}, {"advice": "dual-track"}, "Advice: dual-track, so apply for both. You have 3 months"),
        ({}, {"word": "close call", "margin": 1.2}, "A close call: 1 point apart."),
        ({}, {"word": "clear", "margin": 25.7}, "A clear lead: 26 points apart."),
        ({}, {"shown": {Skill.SWE: 4}}, "software engineering (you said 2; your answers say 4)"),
    ],
)
def test_each_sentence_stands_where_its_field_says_so_and_nowhere_else(
    of_sheet: dict[str, Any], of_result: dict[str, Any], said: str
) -> None:
    case = plain()
    changed = replace(case, sheet=replace(case.sheet, **of_sheet), result=replace(case.result, **of_result))

    assert said in words(result_words.result(changed, None))
    assert said not in words(result_words.result(case, None))


def test_what_was_shown_is_not_mentioned_where_it_confirms_what_was_said() -> None:
    case = case_of(SHEET, {Skill.SWE: SHEET.skills[Skill.SWE]})

    assert "graded answers" not in words(result_words.result(case, None))


def test_the_role_in_mind_is_answered_even_where_it_came_second() -> None:
    second = case_of(SHEET).result.ranking[1].role
    text = words(result_words.result(case_of(replace(SHEET, in_mind=second)), None))

    assert f"Not {named(second)} first, which you had in mind: " in text


def test_the_first_two_may_become_the_target_unless_they_are() -> None:
    case = case_of(SHEET)
    one, two = (s.role for s in case.result.ranking[:2])

    def offered(target: Role | None) -> list[str]:
        wishes = [b.intent for b in result_words.result(case, target).buttons]
        return [w.role for w in wishes if isinstance(w, Target)]

    assert offered(None) == [one, two]
    assert offered(one) == [two]


def test_nobody_is_promised_a_job() -> None:
    for sheet in SHEETS:
        text = words(result_words.result(case_of(sheet), None)).lower()
        assert "based on your answers" in text
        assert "predicts no offer" in text
        assert not re.search(r"guarantee|you will be hired|you will get|certain to", text)
