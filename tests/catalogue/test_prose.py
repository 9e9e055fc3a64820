"""Words, sentences, numbers and claims of a text."""

from __future__ import annotations

import pytest

from bot.catalogue.problem import Claim, Quantity
from bot.catalogue.prose import heard, jaccard, keywords, numbers, overlap, reading_grade, sentences, syllables


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It costs 8,500 dollars, or 8.5k.", [8500, 8500]),
        ("4 % of 1 million in 2026", [4, 1e6, 2026]),
        ("between 2–4 weeks and 10-12 days", [2, 4, 10, 12]),
        ("GPT-4, p95, S3, F1 and utf8 hold no number", []),
        ("1. first\n2. second 3", [3]),
        ("`limit 10` and\n```\n20\n```\nend", []),
        ("about 3.5x at 09:30", [3.5, 9, 30]),
        ("two of three", []),
    ],
)
def test_numbers(text: str, expected: list[float]) -> None:
    assert numbers(text) == expected


def test_sentences_end_at_stops_and_at_list_items() -> None:
    text = "Costs, e.g. rent, rise by 3.5 % a year. Why?\n\n- Say one thing\n- Say another\n\n`a. b.` is code."
    assert [len(s.split()) for s in sentences(text)] == [9, 1, 3, 2, 3]


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("made", 1), ("table", 2), ("asked", 1), ("wanted", 2), ("evaluation", 4), ("LLM", 1), ("42", 1)],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_reading_grade_grows_with_words_and_sentences() -> None:
    easy = "The cat sat on the mat. It was a good day."
    hard = "Organisational accountability necessitates systematic prioritisation of considerations."
    assert reading_grade(easy, frozenset()) < 3 < 11 < reading_grade(hard, frozenset())
    assert reading_grade(hard, frozenset(hard.lower().rstrip(".").split())) < reading_grade(hard, frozenset())
    assert reading_grade("", frozenset()) == 0


def claim(*groups: tuple[str | Quantity, ...], at_least: int | None = None) -> Claim:
    return Claim(statement="Says it.", says=groups, at_least=at_least)


@pytest.mark.parametrize(
    ("says", "text", "expected"),
    [
        (claim(("roll back",)), "Roll-back now.", ["roll back"]),
        (claim(("optimis",)), "We optimised it.", ["optimis"]),
        (claim(("ai",)), "The aim is said.", None),
        (claim(("cost",), ("fall", "drop")), "Costs fall.", ["cost", "fall"]),
        (claim(("cost",), ("fall", "drop")), "Costs rise.", None),
        (claim(("cost",), ("fall",)), "Costs matter. We look at them. Days pass. Leaves fall.", None),
        (claim(("cost",), ("fall",), at_least=1), "Costs rise.", ["cost"]),
        (claim((Quantity(number=8500, tolerance=0.02, unit=("$",)),)), "About $8,400.", ["8500"]),
        (claim((Quantity(number=8500, tolerance=0.02, unit=("$",)),)), "About 8,400 people.", None),
        (claim((Quantity(number=8500),)), "About 8,400.", None),
    ],
)
def test_heard(says: Claim, text: str, expected: list[str] | None) -> None:
    assert heard(says, text) == expected


def test_small_words_are_no_keywords() -> None:
    said = claim(("should", "over the", "roll back", "revert"), (Quantity(number=3),))
    assert keywords([said], "We should think it over the day, revert it, 3 times.") == ["revert"]


def test_overlaps() -> None:
    assert overlap("one two three four", "zero one two three", 3) == 0.5
    assert overlap("one", "one", 3) == 0
    assert jaccard("a b c", "B c d") == 0.5


def test_another_set_of_groups_gives_a_claim_away_as_well() -> None:
    other = claim(("cost",), ("fall",)).model_copy(update={"also": ((("cheaper",), ("month",)),)})
    assert heard(other, "It gets cheaper every month.") == ["cheaper", "month"]
    assert heard(other, "It gets cheaper, and the cost is known.") is None
