"""Whatever the graders and the people said: a verdict fits its state, and there is always a way on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import load
from bot.door.intents import AskReview, Compare
from bot.grading import rubric, words
from bot.grading.question import Question, full, recall
from bot.grading.text import sentences
from bot.model import Assessment, Attempt, Flag, MemberId, Mistake, Origin, Serving, ServingId, State, Verdict
from bot.practice.words import Next, onward
from tests.talk import MONDAY, buttons
from tests.talk import words as said_in

QUESTIONS = [q for p in load().problems.values() for q in (full(p), *(recall(p, r.concept) for r in p.recall))]
TEXT = " ".join(f"Sentence number {n} says what I would do." for n in range(30))


WAYS = onward(ServingId("s"), newcomer=False, next_=Next(0, 0, 1))


def attempt(asked: Question, states: Sequence[State], wrong: str = "", flags: tuple[Flag, ...] = ()) -> Attempt:
    """An answer that was judged so."""
    quote, problem = sentences(TEXT)[0], asked.problem
    judged = Assessment(
        tuple(Verdict(c.id, state, quote, 0.9) for c, state in zip(asked.criteria, states, strict=True)),
        mistakes=(Mistake(wrong, quote),) if wrong else (),
        flags=flags,
    )
    concept = asked.criteria[0].concept if asked.is_recall else None
    until = MONDAY + timedelta(days=7)
    serving = Serving(
        ServingId("s"), MemberId("ana"), problem.id, problem.version, "v1", Origin.NEW, MONDAY, until, concept=concept
    )
    return Attempt(serving, TEXT, MONDAY, judged, rubric.outcome(asked, judged))


@st.composite
def verdicts(draw: st.DrawFn) -> tuple[Question, Attempt]:
    """A question, and an answer to it that was judged somehow."""
    asked = draw(st.sampled_from(QUESTIONS))
    states = [draw(st.sampled_from(State)) for _ in asked.criteria]
    wrong = draw(st.sampled_from(["", *(m.id for m in asked.problem.misconceptions)]))
    return asked, attempt(asked, states, wrong, draw(st.sampled_from([(), (Flag.KEYWORD_LIST,)])))


@given(verdicts(), st.booleans())
def test_a_provisional_verdict_can_be_settled_and_every_verdict_has_a_way_on(
    judged: tuple[Question, Attempt], reviewable: bool
) -> None:
    asked, done = judged
    assert done.outcome is not None

    shown = words.verdict(asked, done, memory=(), onward=WAYS, reviewable=reviewable)

    wishes = [button.intent for button in shown.buttons]
    settles = any(isinstance(wish, Compare) and wish.sentence == "0" for wish in wishes)
    assert settles or not done.outcome.provisional
    assert ("Provisional" in said_in(shown)) is done.outcome.provisional
    assert any(isinstance(wish, AskReview) for wish in wishes) <= reviewable
    assert {way.label for way in WAYS} <= set(buttons(shown))


def test_a_bonus_is_asked_about_where_the_band_hangs_on_it_alone() -> None:
    asked = next(q for q in QUESTIONS if [c.kind for c in q.criteria] == ["core", "bonus"])
    done = attempt(asked, [State.PARTLY, State.UNSURE])
    assert done.outcome is not None
    assert done.outcome.provisional

    shown = words.verdict(asked, done, memory=(), onward=WAYS)

    assert Compare(ServingId("s"), asked.criteria[1].id, "0") in [button.intent for button in shown.buttons]


def test_that_a_language_model_failed_is_said_only_while_something_is_open() -> None:
    asked = QUESTIONS[0]
    open_, done = (
        attempt(asked, [last, *[State.MET] * (len(asked.criteria) - 1)]) for last in (State.UNSURE, State.MET)
    )

    def heard(of: Attempt) -> str:
        assert of.assessment is not None
        failed = replace(of, assessment=replace(of.assessment, fallback="The language model took too long."))
        return said_in(words.verdict(asked, failed, memory=(), onward=WAYS))

    assert "took too long" in heard(open_)
    assert "took too long" not in heard(done)
