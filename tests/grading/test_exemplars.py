"""Exemplars are tests that never see themselves."""

from __future__ import annotations

from benchmarks.grader import UNKNOWN, blind, calibration_error, verdicts
from bot.catalogue import load
from bot.catalogue.problem import Exemplar
from bot.grading import exemplars
from bot.grading.deterministic import DeterministicGrader
from bot.model import Band, CriterionId, State
from tests.grading.sample import STRONG, feed


def _with(*extra: Exemplar) -> exemplars.Report:
    return exemplars.check(feed().model_copy(update={"exemplars": (*feed().exemplars, *extra)}))


def _exemplar(text: str, band: Band, *met: str, style: str = "concise") -> Exemplar:
    return Exemplar.model_validate({"id": "e9", "band": band, "met": met, "style": style, "text": text})


def test_honest_labels_make_no_fault() -> None:
    report = _with(_exemplar(STRONG, Band.STRONG_HIRE, "c1", "c2", "c3", "c4"))
    assert report.faults == ()
    assert (report.strong, report.strong_reached) == (2, 2)
    assert 0 < report.decided <= report.judged == 15


def test_a_criterion_heard_against_the_label_is_named() -> None:
    text = "I compare histograms against last year, revert the pipeline and put the loss at $8,500 a month."
    report = _with(_exemplar(text, Band.STRONG_HIRE, "c1", "c3"))
    assert [(f.exemplar, f.field) for f in report.faults] == [("e9", "criteria.c2")]
    assert "narrow the says of c2" in report.faults[0].remedy


def test_a_criterion_surely_missed_against_the_label_is_named() -> None:
    text = "I compare histograms against last year and revert the pipeline. It costs a fortune."
    report = _with(_exemplar(text, Band.STRONG_HIRE, "c1", "c2", "c3"))
    assert {f.field for f in report.faults} == {"criteria.c3", "exemplars.e9"}


def test_a_misconception_heard_against_the_label_is_named() -> None:
    report = _with(_exemplar("The model is fine, but compare it against the training data.", Band.LEAN_HIRE, "c1"))
    assert {f.field for f in report.faults} == {"misconceptions.m1", "exemplars.e9"}


def test_a_reference_that_does_not_say_everything_is_named() -> None:
    report = exemplars.check(feed().model_copy(update={"reference": "I would look at it and roll back at once."}))
    assert [f.field for f in report.faults] == ["reference"]
    assert "c1" in report.faults[0].problem


def test_a_near_copy_is_left_out_with_the_exemplar() -> None:
    copy = _exemplar(feed().exemplars[0].text + " Really.", Band.STRONG_HIRE, "c1", "c2", "c3", "c4")
    seen: list[frozenset[str]] = []

    class Listening(DeterministicGrader):
        def grade(self, question, answer, without=frozenset()):  # type: ignore[no-untyped-def]
            seen.append(without)
            return super().grade(question, answer, without)

    exemplars.check(feed().model_copy(update={"exemplars": (feed().exemplars[0], copy)}), Listening())
    assert seen[0] == seen[1] == {"e1", "e9"}


def test_the_shipped_bank_keeps_the_exemplar_rule() -> None:
    grader = DeterministicGrader()
    reports = {id: exemplars.check(problem, grader) for id, problem in load().problems.items()}
    assert {str(id): report.faults for id, report in reports.items() if report.faults} == {}
    decided, judged = sum(r.decided for r in reports.values()), sum(r.judged for r in reports.values())
    assert decided >= 0.6 * judged
    reached, strong = sum(r.strong_reached for r in reports.values()), sum(r.strong for r in reports.values())
    assert reached >= 0.8 * strong


def test_answers_that_nobody_listened_for_are_seldom_judged_wrong_without_doubt() -> None:
    bank, grader = load(), DeterministicGrader()
    judged = [
        (verdict, wanted)
        for answer, question in blind(bank, UNKNOWN)
        for verdict, wanted in verdicts(grader.grade(question, answer["answer"]), answer)
    ]
    assert len(judged) > 300
    decided = [(verdict.state, wanted) for verdict, wanted in judged if verdict.state is not State.UNSURE]
    assert len(decided) >= 0.70 * len(judged)
    assert sum(state != wanted for state, wanted in decided) <= 0.04 * len(decided)
    chances = [(verdict.chance, wanted == "met") for verdict, wanted in judged if verdict.chance is not None]
    assert len(chances) == len(judged)
    assert calibration_error(chances) <= 0.05


def test_every_criterion_of_the_bank_has_a_verdict_for_every_exemplar() -> None:
    for problem in load().problems.values():
        for concept in problem.concepts:
            assert problem.criteria_of(concept)
        assert all(isinstance(c.id, str) and CriterionId(c.id) for c in problem.criteria)
