"""Which words are heard as which way to say a thing, and when a denial stands beside them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.catalogue.problem import Misconception
from bot.grading.deterministic import DeterministicGrader
from bot.grading.matching import Ear, Heard, pattern
from bot.grading.question import full
from bot.grading.text import read
from bot.model import State
from tests.grading.sample import feed


def hear(
    answer: str, *says: list[Any], statement: str = "It is so.", also: list[list[list[str]]] | None = None
) -> Heard:
    claim = feed().criterion("c2").model_validate(
        {
            "id": "c2", "kind": "must", "concept": "ml.recsys_ranking.drift", "reference_span": "x",
            "statement": statement, "says": says, "also": also or [],
        }
    )  # fmt: skip
    compiled = pattern(claim)
    return Ear([compiled], frozenset()).listen(read(answer)).heard(compiled)


def mistakes(answer: str, *ways: str) -> list[str]:
    held = Misconception.model_validate({"id": "m1", "severity": "minor", "statement": "So.", "says": [list(ways)]})
    problem = feed().model_copy(update={"misconceptions": (held,)})
    return [m.misconception for m in DeterministicGrader().grade(full(problem), answer).mistakes]


ALSO = {"says": ["compare", "measure"], "also": [[["roll back"], ["today", "at once"]], [["fallback"]]]}


@pytest.mark.parametrize(
    ("answer", "clear"),
    [
        ("I compare them.", True),
        ("I roll back at once.", True),
        ("Use the fallback.", True),
        ("I roll back.", False),
        ("Today I wait.", False),
        ("I would not use the fallback.", False),
        ("I would not compare them but roll back today.", True),
    ],
)
def test_any_one_whole_set_of_groups_says_it(answer: str, clear: bool) -> None:
    assert hear(answer, ALSO["says"], also=ALSO["also"]).clear is clear  # type: ignore[arg-type]


def test_of_sets_that_are_not_whole_the_nearest_counts() -> None:
    heard = hear("I roll back.", ["x", "y"], ["z"], also=[[["roll back"], ["today"]]])
    assert heard.coverage == 0.5


def test_the_grader_takes_another_set_for_the_criterion() -> None:
    other = feed().criterion("c2").model_copy(update={"says": (("zebra",),), "also": ((("undo",), ("pipeline",)),)})
    problem = feed().model_copy(update={"criteria": (other,)})
    graded = DeterministicGrader().grade(full(problem), "I would undo the change to the pipeline today.")
    assert [v.state for v in graded.verdicts] == [State.MET]


@pytest.mark.parametrize(
    ("way", "answer", "heard"),
    [
        ("a month", "I would give it three months.", False),
        ("a month", "I would give it a month.", True),
        ("a month", "I would give it a whole month.", True),
        ("roll the model back", "Roll model back.", True),
        ("missing all", "Values are missing.", False),
        ("missing all", "It ends up missing all of them.", True),
        ("fine tun", "We finetuned it.", True),
        ("finetun", "We fine tuned it.", True),
        ("ignores fraud", "It can ignore the fraud.", True),
        ("not catch", "It does not catch any.", True),
        ("is scarce", "Labels are abundant, and time is not scarce.", False),
    ],
)
def test_a_phrase_is_heard_as_it_is_meant(way: str, answer: str, heard: bool) -> None:
    assert hear(answer, [way]).clear is heard


def test_a_denial_in_the_gap_of_one_phrase_still_denies_another() -> None:
    assert not hear("The roles are not the same job.", ["roles are same", "same job"]).clear
    assert hear("The roles are the same job.", ["roles are same", "same job"]).clear


def test_not_only_takes_back_the_only() -> None:
    ways = ("would only apply", "only apply to")
    assert mistakes("I'd only apply to large firms.", *ways) == ["m1"]
    assert mistakes("I would not only apply to large firms but also to small ones.", *ways) == []
    assert mistakes("Not just large firms: I'd apply to all of them.", *ways) == []


@pytest.mark.parametrize(
    ("answer", "clear"),
    [
        ("Instead of accuracy use recall on the frauds.", True),
        ("Rather than accuracy I would report recall.", True),
        ("Instead of accuracy and recall we wait.", False),
        ("Use accuracy instead of recall.", False),
        ("Look at recall, which is wrong for nobody.", True),
        ("They would look at recall, which is wrong.", False),
        ("One could look at recall here, which would be a mistake.", False),
        ("They looked at accuracy, which is wrong, but I look at recall.", True),
        ("A mistake would be to look at recall.", False),
        ("A common mistake would be recall.", False),
    ],
)
def test_a_denial_ends_where_the_sentence_comes_to_something_else(answer: str, clear: bool) -> None:
    assert hear(answer, ["recall"]).clear is clear


def test_what_would_follow_from_anothers_deed_is_nobodys_opinion() -> None:
    ways = ("the model is fine", "bigger model")
    assert mistakes("If we used a bigger model we would see the same drop.", *ways) == []
    assert mistakes("If someone looked at the code alone they'd think the model is fine.", *ways) == []
    assert mistakes("If I had a free day I would train a bigger model.", *ways) == ["m1"]
    assert mistakes("A mistake would be to train a bigger model.", *ways) == []


def test_so_many_per_cent_is_not_so_many_of_something() -> None:
    dozens = [[{"number": 95, "unit": ["case", "about"]}]]
    assert hear("We start with about 95 cases.", *dozens).clear
    assert not hear("It should pass about 95% of the cases.", *dozens).clear
    assert hear("It should pass 95%.", [{"number": 95, "unit": ["%"]}]).clear
