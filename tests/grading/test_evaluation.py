"""Figures of graders: each measure against a value that can be worked out by hand."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import RolecallError
from bot.grading import metrics
from bot.grading.deterministic import DeterministicGrader
from bot.grading.evaluation import (
    chance_of,
    choose,
    evaluate,
    expected_score,
    judge,
    majority,
    majority_per_question,
)
from bot.grading.labelled import Labelled, LabelledCriterion, question_of, read_labelled
from bot.grading.metrics import Judged, Measures, Point
from bot.grading.question import Question
from bot.model import Assessment, Band, CriterionId, State, Verdict

FILE = Path(__file__).parent / "labelled.jsonl"

# label and prediction: 6 right of 10, one answer of band 2 put into band 0
PAIRS = [(0, 0), (0, 0), (0, 1), (1, 1), (1, 2), (1, 1), (2, 2), (2, 2), (2, 1), (2, 0)]


def judged(pairs: list[tuple[int, int]], confidence: float = 1.0, question: str = "q") -> list[Judged]:
    return [Judged(question, label, predicted, confidence) for label, predicted in pairs]


def measured(rows: list[Judged], classes: int = 3) -> Measures:
    return metrics.measures(metrics.tally(rows, classes))


def ticking() -> Callable[[], float]:
    """A clock on which every grading takes 2 ms."""
    ticks: Iterator[int] = itertools.count()
    return lambda: next(ticks) * 0.002


def row(answer: str = "an answer", band: int | None = 2, **fields: object) -> Labelled:
    plain = Labelled(1, "q", "Why?", ("Because it is so.",), answer, None, None)
    return replace(plain, band=band, **fields)  # type: ignore[arg-type]


def test_accuracy_macro_f1_and_flips_as_worked_out_by_hand() -> None:
    found = measured(judged(PAIRS))
    assert found.accuracy == pytest.approx(0.6)
    # F1 of the bands: 2·2/(3+3), 2·2/(3+4), 2·2/(4+3)
    assert found.macro_f1 == pytest.approx((4 / 6 + 4 / 7 + 4 / 7) / 3)
    assert found.two_band_flips == pytest.approx(0.1)


def test_quadratic_weighted_kappa_as_worked_out_by_hand() -> None:
    # seen: 3 neighbours and one flip = 3·1 + 1·4; expected from the margins 3, 3, 4 and 3, 4, 3
    expected = ((3 * 4 + 3 * 3 + 3 * 3 + 4 * 4) * 1 + (3 * 3 + 4 * 3) * 4) / 10
    assert measured(judged(PAIRS)).qwk == pytest.approx(1 - 7 / expected)


def test_qwk_is_one_for_perfect_predictions_and_nought_for_the_majority() -> None:
    truth = [(label, label) for label in (0, 0, 1, 2, 2, 2)]
    assert measured(judged(truth)).qwk == pytest.approx(1)
    assert measured(majority(judged(truth))).qwk == pytest.approx(0)


def test_qwk_says_nothing_where_only_one_band_occurs_and_none_of_it_applies_to_right_or_wrong() -> None:
    assert measured(judged([(2, 2), (2, 2)])).qwk is None
    two = measured(judged([(0, 1), (1, 1)]), classes=2)
    assert (two.qwk, two.two_band_flips, two.kappa) == (None, None, None)
    assert two.macro_f1 == pytest.approx((0 + 2 / 3) / 2)


def test_kappa_of_criteria_as_worked_out_by_hand() -> None:
    # 20 both met, 5 heard only, 10 met only, 15 neither: agreement .7, by chance .5
    cells = [(True, True)] * 20 + [(False, True)] * 5 + [(True, False)] * 10 + [(False, False)] * 15
    points = tuple(Point(f"c{n}", met, heard, decided=True) for n, (met, heard) in enumerate(cells))
    rows = [Judged("q", 0, 0, 1.0, points)]
    assert measured(rows).kappa == pytest.approx(0.4)
    assert metrics.confident_errors(metrics.tally(rows, 3)) == pytest.approx(100 * 15 / 50)


def test_doubtful_criteria_are_no_confident_errors() -> None:
    points = (Point("c1", True, False, decided=False), Point("c2", True, True, decided=True))
    assert metrics.confident_errors(metrics.tally([Judged("q", 0, 0, 1.0, points)], 3)) == 0
    unsure = Judged("q", 0, 0, 1.0, points[:1])
    assert metrics.confident_errors(metrics.tally([unsure], 3)) is None


def test_calibration_error_is_nought_where_four_of_five_said_to_be_right_with_eighty_percent_are() -> None:
    calibrated = [*judged([(1, 1)] * 4 + [(1, 0)], 0.8), *judged([(0, 0)] * 3, 1.0)]
    assert measured(calibrated).ece == pytest.approx(0)
    boasting = judged([(1, 1), (1, 0)], 1.0)
    assert measured(boasting).ece == pytest.approx(0.5)


def test_accuracy_rises_as_only_the_surest_are_covered() -> None:
    ranked = [Judged("q", 1, int(n < 6), 1 - n / 100) for n in range(10)]
    assert metrics.coverage(ranked) == {"100": 0.6, "80": 0.75, "60": 1.0, "40": 1.0, "20": 1.0}


def test_equally_sure_answers_count_by_their_mean_whatever_their_order() -> None:
    rows = judged([(1, 1)] * 3 + [(1, 0)] * 7, 0.7)
    for found in (metrics.coverage(rows), metrics.coverage(rows[::-1])):
        assert found == pytest.approx(dict.fromkeys(("100", "80", "60", "40", "20"), 0.3))


def test_the_interval_holds_the_point_narrows_with_questions_and_repeats() -> None:
    def interval(questions: int) -> tuple[float, float]:
        rows = [each for n in range(questions) for each in judged(PAIRS[n % 5 :], question=str(n))]
        found = metrics.intervals(rows, 3, seed=1)
        assert found == metrics.intervals(rows, 3, seed=1)
        assert found["accuracy"] is not None
        low, high = found["accuracy"]
        assert low < measured(rows).accuracy < high
        return low, high

    few, many = interval(5), interval(60)
    assert many[1] - many[0] < (few[1] - few[0]) / 2


def test_of_one_question_no_interval_is_given() -> None:
    assert set(metrics.intervals(judged(PAIRS), 3, seed=0).values()) == {None}


def test_the_majority_per_question_knows_each_question() -> None:
    rows = [*judged([(2, 0)] * 3 + [(0, 0)], question="a"), *judged([(0, 0)] * 3 + [(1, 0)], question="b")]
    assert measured(majority(rows)).accuracy == pytest.approx(4 / 8)
    assert measured(majority_per_question(rows)).accuracy == pytest.approx(6 / 8)


def test_a_criterion_without_a_chance_counts_by_its_state() -> None:
    def verdict(state: State, confidence: float, chance: float | None = None) -> Verdict:
        return Verdict(CriterionId("c1"), state, confidence=confidence, chance=chance)

    assert chance_of(verdict(State.MET, 0.9)) == 0.9
    assert chance_of(verdict(State.MISSED, 0.9)) == pytest.approx(0.1)
    assert chance_of(verdict(State.UNSURE, 0.9)) == 0.5
    assert chance_of(verdict(State.UNSURE, 0.9, chance=0.3)) == 0.3


def three_criteria() -> Labelled:
    criteria = (
        LabelledCriterion("a", "It is fast", 3, met=True),
        LabelledCriterion("b", "It is small", 2, met=True),
        LabelledCriterion("c", "It is blue", 1, met=False),
    )
    return row(criteria=criteria)


def verdicts(a: float, b: float, c: float) -> Assessment:
    chances = {"a": a, "b": b, "c": c}
    return Assessment(
        tuple(Verdict(CriterionId(id), State.UNSURE, confidence=max(p, 1 - p), chance=p) for id, p in chances.items())
    )


@pytest.mark.parametrize(
    ("chances", "score", "band"),
    [
        ((1.0, 1.0, 0.0), 1.0, 2),
        ((1.0, 0.0, 0.0), 0.6, 1),
        ((1.0, 0.5, 1.0), 0.85, 2),
        ((0.0, 1.0, 0.0), 0.4, 0),
        ((0.5, 0.5, 0.0), 0.5, 1),
    ],
)
def test_chances_of_criteria_become_the_rubrics_score_and_its_band(
    chances: tuple[float, float, float], score: float, band: int
) -> None:
    item = three_criteria()
    question = question_of(item)
    assert [c.kind for c in question.criteria] == ["must", "core", "bonus"]
    assert expected_score(question, verdicts(*chances))[0] == pytest.approx(score)
    assert judge(item, question, verdicts(*chances)).predicted == band


def test_a_band_near_a_cutoff_is_said_with_less_confidence() -> None:
    item = three_criteria()
    question = question_of(item)
    plain, close = (judge(item, question, verdicts(*c)) for c in ((1.0, 1.0, 1.0), (0.9, 0.8, 0.0)))
    assert plain.predicted == close.predicted == 2
    assert close.confidence < 0.7 < 0.99 < plain.confidence


def test_exemplars_are_spread_over_the_labels_and_chosen_whatever_the_order() -> None:
    rows = [row(f"answer {n}", band=0 if n < 12 else 1 if n < 18 else 2, line=n) for n in range(24)]
    chosen = choose(rows, 5, seed=3)
    assert sorted(each.label for each in chosen) == [0, 0, 1, 1, 2]
    assert {each.answer for each in choose(rows[::-1], 5, seed=3)} == {each.answer for each in chosen}
    assert {each.answer for each in choose(rows, 5, seed=4)} != {each.answer for each in chosen}


def test_at_most_half_of_a_question_serves_as_exemplars_and_no_text_twice_or_empty() -> None:
    rows = [row(text) for text in ("Yes.", " yes. ", "No.", "", "  ", "Perhaps.", "Never.")]
    assert len(choose(rows, 50, seed=0)) == 2


class Recorded:
    """The real grader, and what it was asked."""

    def __init__(self) -> None:
        self.grader = DeterministicGrader()
        self.asked: list[tuple[Question, str]] = []

    def grade(self, question: Question, answer: str) -> Assessment:
        self.asked.append((question, answer))
        return self.grader.grade(question, answer)


def test_no_answer_is_graded_beside_an_exemplar_with_its_words() -> None:
    grader = Recorded()
    rows = read_labelled(FILE)
    doubled = [*rows, *(replace(each, answer=each.answer.upper()) for each in rows)]
    found = evaluate(doubled, grader, ticking(), exemplars=2, seed=5)
    assert (found.n, found.exemplars) == (2 * 4 * 4, 2 * 4 * 2)
    for question, answer in grader.asked:
        shown = [e.text.casefold() for e in question.problem.exemplars]
        assert len(shown) == 2
        assert answer.casefold() not in shown


def test_the_grader_is_timed_and_each_question_put_together_once() -> None:
    grader = Recorded()
    found = evaluate(read_labelled(FILE), grader, ticking())
    assert [found.p50_ms, found.p95_ms] == pytest.approx([2, 2])
    assert len({id(question) for question, _ in grader.asked}) == found.questions == 4


def test_sentences_of_the_reference_are_the_criteria_of_a_row_without_any() -> None:
    question = question_of(row(references=("Loss falls. Then it rises again!",)))
    assert [c.statement for c in question.criteria] == ["Loss falls.", "Then it rises again!"]


def test_several_references_are_alternatives_not_parts() -> None:
    question = question_of(row(references=("It is open. It is a gap.", "It is not connected.")))
    assert len(question.criteria) == 1
    assert question.references == ("It is open. It is a gap.", "It is not connected.")


def test_exemplars_carry_their_band() -> None:
    shown = question_of(row(), [row("good", 2), row("so so", 1), row("bad", None, correct=False)]).problem.exemplars
    assert [(e.text, e.band) for e in shown] == [
        ("good", Band.STRONG_HIRE),
        ("so so", Band.LEAN_HIRE),
        ("bad", Band.NO_HIRE),
    ]


GOOD: dict[str, object] = {"question_id": "q", "question": "Why?", "reference": "So.", "answer": "So.", "band": 2}


def test_unknown_fields_and_blank_lines_are_skipped_and_a_line_separator_inside_a_text_is_no_line(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.jsonl"
    odd = json.dumps(GOOD | {"answer": "one\u2028two", "score": 0.9}, ensure_ascii=False)
    file.write_bytes(f"\ufeff{odd}\r\n\r\n{json.dumps(GOOD | {'answer': ''})}".encode())
    assert [(r.line, r.answer) for r in read_labelled(file)] == [(1, "one\u2028two"), (3, "")]


CRITERION = {"id": "a", "statement": "It is so", "weight": 3, "met": True}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer": None}, "answer: it is null. Write the answer as text; it may be empty."),
        ({"question_id": 7}, "question_id: it is 7. Write text that is not empty."),
        ({"question": " "}, "question: it is empty text. Write text that is not empty."),
        ({"reference": []}, "reference: it is missing. Write the reference answer as text, or a list of them."),
        ({"reference": ["a", 3]}, "reference: it is 3. Write the reference answer as text, or a list of them."),
        ({"band": 3}, "band: it is 3. Write 0 (No Hire), 1 (Lean Hire) or 2 (Strong Hire)."),
        ({"band": True}, "band: it is true. Write 0 (No Hire), 1 (Lean Hire) or 2 (Strong Hire)."),
        ({"band": "lean"}, "band: it is “lean”. Write 0 (No Hire), 1 (Lean Hire) or 2 (Strong Hire)."),
        ({"band": None, "correct": 1}, "correct: it is 1. Write true or false."),
        (
            {"correct": True},
            'band, correct: both are there. Write either "band": 0, 1 or 2, or "correct": true or false.',
        ),
        (
            {"band": None},
            'band, correct: both are missing. Write either "band": 0, 1 or 2, or "correct": true or false.',
        ),
        ({"criteria": "a"}, 'criteria: it is “a”. Write a list of {"id", "statement", "weight", "met"}.'),
        ({"criteria": [CRITERION | {"weight": 0}]}, "criteria[0].weight: it is 0. Write a number above 0."),
        (
            {"criteria": [CRITERION | {"weight": float("nan")}]},
            "criteria[0].weight: it is nan. Write a number above 0.",
        ),
        ({"criteria": [CRITERION | {"met": "yes"}]}, "criteria[0].met: it is “yes”. Write true or false."),
        (
            {"criteria": [CRITERION, CRITERION]},
            "criteria[1].id: “a” is used twice. Give each criterion its own id.",
        ),
    ],
)
def test_a_bad_field_is_named_with_file_line_and_remedy(tmp_path: Path, change: dict[str, object], said: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(f"{json.dumps(GOOD)}\n\n{json.dumps(GOOD | change)}\n", encoding="utf-8")
    with pytest.raises(RolecallError) as caught:
        read_labelled(file)
    assert str(caught.value) == f"{file}:3: {said}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", ": it holds no answers. Write one JSON object a line: question_id, question, reference, answer, "),
        (b'{"question_id": "q"', ":1: it is not JSON (Expecting ',' delimiter, column 20). Write one object a line."),
        (b"[1, 2]", ':1: it is not an object. Write {"question_id": …, "question": …, …} on one line.'),
        (b"\n\xff\xfe{}", ":2: it is not UTF-8 text. Save the file as UTF-8."),
        (b"[" * 100_000, ":1: it is not JSON that can be read (nested too deep). Write one flat object a line."),
        (
            f"{json.dumps(GOOD)}\n{json.dumps(GOOD | {'band': None, 'correct': True})}".encode(),
            ":2: correct: line 1 has `band`. Label all rows of a file the same way; put the others into a file of "
            "their own.",
        ),
    ],
    ids=["empty", "half", "list", "latin-1", "deep", "mixed"],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(data)
    with pytest.raises(RolecallError) as caught:
        read_labelled(file)
    assert str(caught.value).startswith(f"{file}{said}")


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({k: v for k, v in GOOD.items() if k != "answer"}), encoding="utf-8")
    with pytest.raises(RolecallError) as caught:
        read_labelled(file)
    assert str(caught.value) == f"{file}:1: answer: it is missing. Write the answer as text; it may be empty."


def test_a_missing_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(RolecallError, match="No such file or directory"):
        read_labelled(tmp_path / "none.jsonl")
