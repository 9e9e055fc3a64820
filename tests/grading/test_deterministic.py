"""What the default grader hears, what it does not, and when it says that it is not sure."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.grading import rubric
from bot.grading.deterministic import DeterministicGrader
from bot.grading.question import full, recall
from bot.model import Band, Flag, State
from tests.grading.sample import STRONG, feed, graded, outcome, state, verdict

GRADER = DeterministicGrader()


def chance(answer: str, criterion: str) -> float:
    """How likely the grader takes the criterion for met; one sentence of a long task seldom settles it."""
    p = verdict(answer, criterion).chance
    assert p is not None
    return p


def test_a_strong_answer_reaches_strong_hire_with_a_quote_for_each_criterion() -> None:
    assert outcome(STRONG).lowest is Band.STRONG_HIRE
    said = verdict(STRONG, "c2")
    assert said.quote is not None
    assert said.quote.text == "For today, revert the pipeline to the previous version."
    assert '"revert"' in said.why or '"previous version"' in said.why


@given(st.text(max_size=300))
@example("Compare it against the training data. " * 20)
@example("i̇ ﬁ ß \u200b roll\u200bback ½ ² ١٢ \ud7ff")
@example("8e999 1e-9999 0x10 1,000,000 10**9")
def test_whatever_is_typed_gets_a_verdict_and_every_quote_is_the_learners_own(answer: str) -> None:
    assessment = GRADER.grade(full(feed()), answer)
    assert [v.criterion for v in assessment.verdicts] == ["c1", "c2", "c3", "c4", "c5"]
    for v in assessment.verdicts:
        assert v.state not in {State.MET, State.PARTLY} or v.quote is not None
        assert 0 <= v.confidence <= 1
    for quote in [v.quote for v in assessment.verdicts] + [m.quote for m in assessment.mistakes]:
        assert quote is None or answer[quote.start : quote.end] == quote.text


def test_the_same_text_is_judged_the_same_twice() -> None:
    assert graded(STRONG) == graded(STRONG) == GRADER.grade(full(feed()), STRONG)


@pytest.mark.parametrize(
    "answer",
    [
        "I would never roll back to the old one.",
        "There is no need to revert the pipeline.",
        "It is not true that we should roll back today.",
        "I'd fix the source instead of a rollback.",
        "Without a fallback we keep the new one.",
        "A rollback is not what we need.",
        "A rollback of the nightly job would be a waste of time.",
        "Reverting the pipeline loses a month of fixes.",
        "A fallback and a rollback don't matter here.",
        "The previous version has other faults, so I would not use it.",
        "It's pointless to roll back.",
    ],
)
def test_a_denied_statement_is_not_met(answer: str) -> None:
    assert chance(answer, "c2") < 0.5


@pytest.mark.parametrize(
    "answer",
    [
        "I would not hesitate: roll back first.",
        "Not only a dashboard but also a rollback, today.",
        "Don't forget to roll back today.",
        "No doubt about it, revert the pipeline today.",
        "We can't wait for the cause, so we roll back the pipeline.",
        "Roll back if clicks do not recover by noon.",
        "Roll back and do not touch anything else.",
        "The fallback, no matter how simple, goes live today.",
    ],
)
def test_a_denial_of_something_else_does_not_hide_what_was_said(answer: str) -> None:
    assert chance(answer, "c2") > 0.5


@pytest.mark.parametrize(
    "answer",
    ["I would not retrain until the cause is clear.", "Don't retrain yet.", "Never train again on broken inputs."],
)
def test_a_criterion_that_is_itself_a_denial_is_heard(answer: str) -> None:
    assert chance(answer, "c4") > 0.5


@pytest.mark.parametrize(
    "amount",
    [
        "$8,500",
        "8500 dollars",
        "8.5k USD",
        "about 8.5 thousand dollars",
        "$8.5k",
        "8,450 dollars a month",
        "US$ 8500",
        "eight thousand five hundred dollars",
    ],
)
def test_a_quantity_is_heard_however_it_is_written(amount: str) -> None:
    assert chance(f"The month has cost us {amount} in clicks.", "c3") > 0.5


@pytest.mark.parametrize("amount", ["$85,000", "8500 members", "850 dollars", "$9,500", "a lot of dollars"])
def test_another_quantity_is_not(amount: str) -> None:
    assert chance(f"The month has cost us {amount} in clicks.", "c3") < 0.2


def test_a_figure_that_is_not_there_is_decided() -> None:
    assert state("I would look at what the outage has cost us, all in all.", "c3") is State.MISSED


def test_a_claim_that_denies_something_is_heard_with_its_denial() -> None:
    claim = (
        feed()
        .criterion("c4")
        .model_copy(update={"statement": "Repeats change nothing: periods do not overlap.", "says": (("overlap",),)})
    )
    problem = feed().model_copy(update={"id": "ml.recsys_ranking.periods", "criteria": (claim,)})
    verdicts = GRADER.grade(full(problem), "The periods of one member never overlap.").verdicts
    assert verdicts[0].state is State.MET


def test_one_slip_of_the_finger_in_a_long_word_is_forgiven() -> None:
    typed = "I'd compare the histgram of this week agianst last spring, then rollbck the pipeline."
    assert chance(typed, "c1") > 0.5
    assert chance(typed, "c2") > 0.5


def test_half_of_a_statement_is_not_the_statement() -> None:
    assert chance("I would look at the training data and revert the pipeline.", "c1") < 0.2


def test_one_point_alone_in_a_long_task_is_not_yet_sure() -> None:
    alone, among_others = "I would revert the pipeline today.", STRONG
    assert state(alone, "c2") is State.UNSURE
    assert state(among_others, "c2") is State.MET


def test_a_sentence_that_leaves_it_open_says_nothing_for_sure() -> None:
    for doubt in (", or maybe we wait", ", it depends", ", I'm not sure"):
        heard = verdict(STRONG.replace("the previous version", f"the previous version{doubt}"), "c2")
        assert heard.state is State.UNSURE
        assert "leaves it open" in heard.why


def test_what_would_do_harm_is_not_advice() -> None:
    assert chance("A rollback without knowing the cause can destroy evidence.", "c2") < 0.5


def test_a_stricter_grader_decides_less_and_contradicts_nothing() -> None:
    answer = STRONG.replace("$8,500", "a lot")
    usual, strict = (DeterministicGrader(threshold).grade(full(feed()), answer).verdicts for threshold in (0.7, 0.99))
    undecided = [sum(v.state is State.UNSURE for v in verdicts) for verdicts in (usual, strict)]
    assert undecided[0] < undecided[1]
    assert all(b.state in {State.UNSURE, a.state} for a, b in zip(usual, strict, strict=True))


def test_what_an_answer_gets_wrong_casts_doubt_on_the_rest() -> None:
    said = "I'd compare the histograms against last spring and revert the pipeline. It has cost us $8,500 a month."
    assert chance(said + " As the code is unchanged the model is fine.", "c2") < chance(said, "c2") - 0.1


def test_silence_is_unsure_until_the_answer_shows_that_it_speaks_our_words() -> None:
    other_words = "Look whether what comes in today still resembles what it once learned from, week by week."
    in_full = " ".join([other_words] * 6)
    assert state(in_full, "c1") is State.UNSURE
    assert state("I compare histograms against last year and roll back.", "c3") is State.MISSED


def test_an_honest_i_do_not_know_is_decided_and_graded() -> None:
    for answer in ("I don't know", "no idea, sorry", "idk"):
        assert {v.state for v in graded(answer).verdicts} == {State.MISSED}
        assert outcome(answer).band is Band.NO_HIRE


def test_a_misconception_counts_when_it_is_said_and_not_when_it_is_told_of() -> None:
    assert [m.misconception for m in graded("The code is unchanged, so the model is fine.").mistakes] == ["m1"]
    for answer in (
        "Many people say the model is fine when the code is unchanged.",
        "A common mistake: nothing is wrong with the model, they say.",
        "I don't think the model is fine.",
        "It would be wrong to say that nothing is wrong with the model.",
    ):
        assert not graded(answer).mistakes


def test_an_answer_that_argues_against_everything_has_nothing_surely_met() -> None:
    against = (
        "Comparing inputs with the training data would be a waste of time. A rollback isn't needed either. "
        "At $8,500 a month the loss is fine. A daily alert annoys people."
    )
    assert State.MET not in {v.state for v in graded(against).verdicts}


def test_an_exemplar_left_out_teaches_nothing() -> None:
    words = "Feature histograms of this week beside those of last year."
    before, without = (
        GRADER.grade(full(feed()), words, left_out).verdicts[0] for left_out in (frozenset[str](), frozenset({"e1"}))
    )
    assert before.chance is not None and without.chance is not None
    assert before.chance > 0.5 > without.chance


def test_an_edited_problem_is_not_confused_with_its_earlier_self() -> None:
    changed = feed().model_copy(
        update={"criteria": tuple(c.model_copy(update={"says": (("zebra",),)}) for c in feed().criteria)}
    )
    grader = DeterministicGrader()
    assert grader.grade(full(feed()), STRONG).verdicts[0].state is State.MET
    assert grader.grade(full(changed), STRONG).verdicts[0].state is not State.MET


def test_a_recall_is_answered_in_a_few_words() -> None:
    question = recall(feed(), "ml.recsys_ranking.drift")
    assessment = GRADER.grade(question, "live inputs against the training data")
    assert [(v.criterion, v.state) for v in assessment.verdicts] == [("c1", State.MET)]
    assert assessment.flags == ()
    assert rubric.outcome(question, assessment).band is Band.STRONG_HIRE


@pytest.mark.parametrize(
    "answer",
    ["", "   \n", "🙂🙂🙂", "\x00\x01", "\u202e\u200b", "x" * 100_000, STRONG * 500, "?!" * 50_000, "1 " * 50_000],
    ids=["nothing", "space", "emoji", "control", "invisible", "one word", "endless", "marks", "numbers"],
)
def test_strange_and_endless_answers_are_graded_at_once(answer: str) -> None:
    GRADER.grade(full(feed()), STRONG)
    start = time.process_time()
    assessment = GRADER.grade(full(feed()), answer)
    assert time.process_time() - start < 0.5
    assert len(assessment.verdicts) == 5


def test_what_is_heard_does_not_depend_on_disguise() -> None:
    disguised = STRONG.replace("a", "a\u200b").replace("'", "’").upper()
    plain = [v.state for v in graded(STRONG).verdicts]
    assert [v.state for v in graded(disguised).verdicts] == plain
    assert graded("\u202e" + STRONG).flags == ()


def test_flags_leave_the_verdicts_in_the_order_of_the_criteria() -> None:
    assessment = graded(feed().prompt)
    assert Flag.COPIED_PROMPT in assessment.flags
    assert [v.criterion for v in assessment.verdicts] == [c.id for c in feed().criteria]
    assert replace(assessment, flags=()).verdicts == assessment.verdicts


def test_a_full_answer_in_our_words_that_never_comes_near_a_point_has_missed_it() -> None:
    answer = (
        "I would compare the histograms of this week with those of last year for each feature, "
        "because somebody may have renamed a column upstream, and I would tell the team about it in the evening."
    )
    assert chance(answer, "c1") > 0.5
    assert state(answer, "c2") is State.MISSED
