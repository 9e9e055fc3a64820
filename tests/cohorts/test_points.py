"""What an answer is worth, which of a day's answers count, and what is only a repeat: the rules by themselves."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import load
from bot.catalogue.problem import Exemplar, Problem
from bot.cohorts import points, repeats
from bot.cohorts.points import DAILY_LIMIT, HOURLY_LIMIT, Due, Item
from bot.grading import rubric
from bot.grading.question import full
from bot.model import Assessment, Band, CriterionId, Judge, Mistake, Quote, ServingId, State, Verdict
from tests.talk import MONDAY

BANK = load()
LABELLED = [
    json.loads(line) for line in (Path(__file__).parents[1] / "grading/labelled.jsonl").read_text().splitlines()
]
STRONG, LEAN, NO = Band.STRONG_HIRE, Band.LEAN_HIRE, Band.NO_HIRE
MINUTE = timedelta(minutes=1)


def items(*bands: Band, apart: timedelta = 10 * MINUTE, difficulty: int = 3) -> list[Item]:
    return [Item(ServingId(f"s{n:03}"), MONDAY + n * apart, band, difficulty) for n, band in enumerate(bands)]


@pytest.mark.parametrize(
    ("band", "by_difficulty"), [(STRONG, [8, 9, 10, 12, 14]), (LEAN, [5, 5, 6, 7, 8]), (NO, [2, 2, 2, 2, 3])]
)
def test_a_band_is_worth_more_where_the_problem_is_harder_with_halves_rounded_up(
    band: Band, by_difficulty: list[int]
) -> None:
    assert [points.worth(band, d) for d in range(1, 6)] == by_difficulty


def test_each_hint_costs_two_points_and_never_the_last_two() -> None:
    assert [points.worth(STRONG, 3, hints) for hints in range(6)] == [10, 8, 6, 4, 2, 2]
    assert points.worth(NO, 1, 3) == 2
    assert points.worth(Band.NOT_GRADABLE, 5) == 0


def test_a_day_gives_sixty_points_in_the_order_of_answering() -> None:
    found = points.day(reversed(items(*[STRONG] * 6, LEAN, apart=20 * MINUTE, difficulty=4)))

    assert [d.points for d in found] == [12, 12, 12, 12, 12, 0, 0]
    assert [d.reason for d in found[4:]] == ["strong_hire", DAILY_LIMIT, DAILY_LIMIT]


def test_the_answer_that_reaches_sixty_counts_in_part() -> None:
    found = points.day(items(*[STRONG] * 5, LEAN, LEAN, apart=20 * MINUTE))

    assert [(d.points, d.reason) for d in found[4:]] == [(10, "strong_hire"), (6, "lean_hire"), (4, DAILY_LIMIT)]


def test_eight_answers_of_any_hour_count_and_what_counts_nothing_is_not_among_them() -> None:
    quick = items(NO, Band.NOT_GRADABLE, *[NO] * 8, apart=5 * MINUTE)
    quick[2] = replace(quick[2], repeats=points.REPEATS_OWN)
    later = Item(ServingId("s100"), MONDAY + timedelta(minutes=60), NO, 3)

    found = points.day([*quick, later])

    assert [d.points for d in found] == [2, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2]
    crowded = points.day(items(*[NO] * 9, apart=MINUTE))
    assert crowded[-1] == Due(ServingId("s008"), 0, HOURLY_LIMIT)


def test_of_several_recalls_of_one_concept_on_a_day_the_best_counts() -> None:
    answers = [replace(i, recalls="rag") for i in items(NO, NO, STRONG, NO, apart=20 * MINUTE)]
    other = Item(ServingId("s100"), MONDAY + 90 * MINUTE, NO, 3, recalls="chunking")

    found = points.day([*answers, other])

    again = points.ASKED_AGAIN
    assert [(d.points, d.reason) for d in found] == [(2, "no_hire"), (0, again), (8, again), (0, again), (2, "no_hire")]


def test_a_week_of_reviews_gives_fifteen_points() -> None:
    assert [points.review(this_week) for this_week in (0, 5, 10, 12, 15, 20)] == [5, 5, 5, 3, 0, 0]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(Band)), st.integers(1, 5), st.integers(0, 3), st.integers(0, 1439), st.booleans()
        ),
        max_size=60,
    )
)
def test_no_day_gives_more_than_sixty_and_no_hour_more_than_eight(
    drawn: list[tuple[Band, int, int, int, bool]],
) -> None:
    answers = [
        Item(ServingId(f"s{n:03}"), MONDAY + minute * MINUTE, band, d, hints, points.REPEATS_OWN if again else "")
        for n, (band, d, hints, minute, again) in enumerate(drawn)
    ]
    found = {d.id: d for d in points.day(answers)}

    assert len(found) == len(answers)
    assert sum(d.points for d in found.values()) <= points.DAILY
    counted = sorted(a.answered_at for a in answers if found[a.id].points)
    assert all(late - early >= points.HOUR for early, late in zip(counted, counted[points.HOURLY :], strict=False))
    assert all(0 <= found[a.id].points <= points.worth(a.band, a.difficulty, a.hints) for a in answers)
    assert not any(found[a.id].points for a in answers if a.repeats)


# --- whose word counts


PROBLEM = BANK.problems[next(id for id in BANK.problems if id.startswith("llm.rag"))]
SAID = Quote("I would read them.", 0, 18)


def assessed(*unmet: tuple[str, State, Judge, bool], mistakes: tuple[Mistake, ...] = ()) -> Assessment:
    """Every criterion met, but for those named."""
    other = {id: (state, by, appealed) for id, state, by, appealed in unmet}
    found = []
    for c in PROBLEM.criteria:
        state, by, appealed = other.get(c.id, (State.MET, Judge.GRADER, False))
        quote = SAID if state in {State.MET, State.PARTLY} else None
        found.append(Verdict(CriterionId(c.id), state, quote, by=by, appealed=appealed))
    return Assessment(tuple(found), mistakes)


MUST = next(id for id in PROBLEM.bands.strong_hire.all if id not in PROBLEM.bands.lean_hire.all)
"""Without it no answer is a Strong Hire, and one may still be a Lean Hire."""


@pytest.mark.parametrize(
    ("state", "by", "appealed", "band"),
    [
        (State.MET, Judge.GRADER, False, STRONG),
        (State.MET, Judge.PEERS, False, STRONG),
        (State.UNSURE, Judge.GRADER, False, LEAN),
        (State.MET, Judge.LEARNER, False, LEAN),
        (State.MET, Judge.LEARNER, True, LEAN),
        (State.MISSED, Judge.MENTOR, False, LEAN),
    ],
)
def test_a_learners_own_word_and_what_is_open_give_no_points(
    state: State, by: Judge, appealed: bool, band: Band
) -> None:
    found = points.rated(full(PROBLEM), assessed((MUST, state, by, appealed)))

    assert found is band


def test_a_mistake_that_only_the_learner_denies_still_counts() -> None:
    fatal = next(m for p in BANK.problems.values() for m in p.misconceptions if m.severity == "fatal")
    problem = next(p for p in BANK.problems.values() if fatal in p.misconceptions)
    met = tuple(Verdict(CriterionId(c.id), State.MET, SAID) for c in problem.criteria)
    denied = Assessment(met, (Mistake(fatal.id, SAID, appealed=True, denied=True),))

    assert rubric.outcome(full(problem), denied).band is STRONG
    assert points.rated(full(problem), denied) is not STRONG


# --- repeats


def honest(problem: Problem) -> list[Exemplar]:
    return [e for e in problem.exemplars if e.style not in {"injection", "keyword_stuffing"}]


def hints(problem: Problem) -> list[str]:
    return [h.text for h in problem.hints]


def test_no_honest_answer_of_the_bank_repeats_another_the_reference_or_a_hint() -> None:
    caught = [
        (problem.id, mine.id, why)
        for problem in BANK.problems.values()
        for mine in honest(problem)
        if (
            why := repeats.repeats(
                mine.text, [e.text for e in honest(problem) if e != mine], problem.reference, hints(problem)
            )
        )
    ]

    assert not caught


def test_no_sentence_of_an_honest_answer_repeats_anything_where_one_concept_is_asked_for() -> None:
    caught = [
        sentence
        for problem in BANK.problems.values()
        for mine, other in combinations(honest(problem), 2)
        for sentence in re.split(r"(?<=[.!?])\s+", mine.text)
        if repeats.repeats(sentence, [other.text], problem.reference, hints(problem), recall=True)
    ]

    assert not caught


def test_honest_answers_of_one_or_two_sentences_are_no_repeats() -> None:
    caught = [
        row["answer"]
        for row in LABELLED
        if repeats.repeats(
            row["answer"],
            [r["answer"] for r in LABELLED if r["question_id"] == row["question_id"] and r is not row],
            row["reference"],
            (),
        )
    ]

    assert not caught


@pytest.mark.parametrize("problem", [p for p in BANK.problems.values() if not p.tags.warm_up], ids=lambda p: p.id)
def test_a_pasted_text_is_a_repeat_with_words_added_left_out_or_disguised(problem: Problem) -> None:
    mine = max((e.text for e in honest(problem)), key=len)
    sentences = re.split(r"(?<=[.!?])\s+", problem.reference)
    half = " ".join(sentences[: max(3, len(sentences) // 2 + 1)])

    def found(answer: str, *earlier: str) -> str:
        return repeats.repeats(answer, earlier, problem.reference, hints(problem))

    assert found(mine, mine) == points.REPEATS_OWN
    assert (
        found(f"As I said before, and I still think so: {mine.upper()}", "Something else.", mine) == points.REPEATS_OWN
    )
    assert found(problem.reference) == points.REPEATS_REFERENCE
    assert found(problem.reference.replace("e", "e\u200b")) == points.REPEATS_REFERENCE
    assert found(half) == points.REPEATS_REFERENCE


def test_an_earlier_answer_that_was_carried_further_is_no_repeat() -> None:
    short = next(e.text for e in honest(PROBLEM) if e.style == "concise")
    longer = next(e.text for e in honest(PROBLEM) if e.style == "detailed")

    assert not repeats.repeats(f"{short} {longer}", [short], "", ())


def test_what_is_known_by_heart_may_be_said_again_and_a_long_stretch_that_was_pasted_may_not() -> None:
    by_heart = "Recall is the share of the positives that the model finds."
    pasted = next(e.text for e in honest(PROBLEM) if e.style == "concise")

    assert not repeats.repeats(by_heart, [by_heart], by_heart, (), recall=True)
    assert repeats.repeats(pasted, [pasted], "", (), recall=True) == points.REPEATS_OWN
    assert repeats.repeats(pasted, [], f"First. {pasted} Last.", (), recall=True) == points.REPEATS_REFERENCE


def test_two_members_answers_are_nearly_the_same_only_where_there_is_enough_of_them() -> None:
    text = "I would read ten wrong answers, sort them by cause, and measure recall before I touch the ranking at all."
    short, other, same = "I would measure recall first.", ServingId("s1"), ServingId("s2")

    assert repeats.nearly_the_same(text, [(other, short), (same, text.replace("ten", "12").upper())]) == same
    assert repeats.likeness(text, text.lower()) == 100
    assert repeats.nearly_the_same(short, [(same, short)]) is None
    for problem in BANK.problems.values():
        for mine in honest(problem):
            assert repeats.nearly_the_same(mine.text, [(other, e.text) for e in honest(problem) if e != mine]) is None
