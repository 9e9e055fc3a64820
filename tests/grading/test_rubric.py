"""From verdicts to bands: the arithmetic, in code and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.grading import rubric
from bot.grading.question import full, recall
from bot.model import FLAGS, Assessment, Band, CriterionId, Flag, Judge, Mistake, Quote, Ruling, State, Verdict
from tests.grading.sample import feed

MARKS = {"m": State.MET, "p": State.PARTLY, "x": State.MISSED, "?": State.UNSURE}
SAID = Quote("said", 0, 4)


def assessment(states: str, *flags: Flag, mistakes: tuple[str, ...] = ()) -> Assessment:
    """States of c1 to c5 as one letter each."""
    verdicts = tuple(Verdict(CriterionId(f"c{i}"), MARKS[mark], SAID) for i, mark in enumerate(states, start=1))
    return Assessment(verdicts, tuple(Mistake(m, SAID) for m in mistakes), flags)


@pytest.mark.parametrize(
    ("states", "mistakes", "score", "band"),
    [
        # must 3, must 3, core 2, core 2, bonus
        ("mmmmm", (), 1.0, Band.STRONG_HIRE),
        ("mmmmx", (), 1.0, Band.STRONG_HIRE),
        ("mmmxm", (), 0.85, Band.STRONG_HIRE),
        ("mmmxx", (), 0.8, Band.STRONG_HIRE),
        ("mmmpx", (), 0.9, Band.STRONG_HIRE),
        ("mmpmm", (), 0.95, Band.LEAN_HIRE),
        ("mpmmx", (), 0.85, Band.LEAN_HIRE),
        ("mxxxx", (), 0.3, Band.LEAN_HIRE),
        ("pxxxx", (), 0.15, Band.NO_HIRE),
        ("xmmmm", (), 0.75, Band.NO_HIRE),
        ("xxxxx", (), 0.0, Band.NO_HIRE),
        ("mmmmx", ("m2",), 0.9, Band.STRONG_HIRE),
        ("mmmxx", ("m2",), 0.7, Band.LEAN_HIRE),
        ("mmmmx", ("m1",), 1.0, Band.NO_HIRE),
    ],
)
def test_score_and_band(states: str, mistakes: tuple[str, ...], score: float, band: Band) -> None:
    outcome = rubric.outcome(full(feed()), assessment(states, mistakes=mistakes))
    assert outcome.score == pytest.approx(score)
    assert outcome.band is band
    assert not outcome.provisional


def test_an_unsure_criterion_leaves_the_band_open_only_if_it_could_change_it() -> None:
    open_band = rubric.outcome(full(feed()), assessment("mm?mx"))
    assert (open_band.lowest, open_band.highest, open_band.provisional) == (Band.LEAN_HIRE, Band.STRONG_HIRE, True)
    settled = rubric.outcome(full(feed()), assessment("mmmm?"))
    assert (settled.lowest, settled.highest, settled.provisional) == (Band.STRONG_HIRE, Band.STRONG_HIRE, False)


@pytest.mark.parametrize("flag", list(Flag))
def test_a_flag_withholds_strong_hire_or_says_not_gradable(flag: Flag) -> None:
    outcome = rubric.outcome(full(feed()), assessment("mmmmm", flag))
    assert outcome.band is (Band.NOT_GRADABLE if flag in rubric.NOT_GRADABLE else Band.LEAN_HIRE)
    assert outcome.highest is outcome.band


def test_a_recall_is_judged_by_the_criteria_it_asks_for() -> None:
    question = recall(feed(), "ml.recsys_ranking.drift")
    assert [c.id for c in question.criteria] == ["c1"]
    assert rubric.outcome(question, assessment("m")).band is Band.STRONG_HIRE
    assert rubric.outcome(question, assessment("x")).band is Band.NO_HIRE
    with pytest.raises(KeyError):
        recall(feed(), "ml.recsys_ranking.cost")


def test_the_learner_settles_what_was_unsure_and_nothing_else() -> None:
    question = full(feed())
    before = assessment("mm?xx")
    met = rubric.settle(before, "c3", SAID)
    assert met.verdicts[2] == replace(
        before.verdicts[2], state=State.MET, confidence=1.0, why=met.verdicts[2].why, by=Judge.LEARNER
    )
    assert rubric.outcome(question, met).band is Band.STRONG_HIRE
    assert rubric.outcome(question, met).by_learner
    missed = rubric.settle(before, "c3", None)
    assert missed.verdicts[2].state is State.MISSED
    assert missed.verdicts[2].quote is None
    assert rubric.outcome(question, missed).band is Band.LEAN_HIRE
    assert rubric.settle(before, "c4", SAID) == before


def test_a_band_that_does_not_rest_on_the_learners_word_does_not_say_so() -> None:
    settled = rubric.settle(assessment("mmmm?"), "c5", SAID)
    assert not rubric.outcome(full(feed()), settled).by_learner


def test_an_appeal_counts_for_memory_and_leaves_the_band_open() -> None:
    question, before = full(feed()), assessment("mmxmx")

    after = rubric.appeal(before, "c3", SAID)

    outcome = rubric.outcome(question, after)
    assert (outcome.lowest, outcome.highest, outcome.provisional) == (Band.LEAN_HIRE, Band.STRONG_HIRE, True)
    concept = question.problem.criterion("c3").concept
    assert rubric.share(question, after, concept) == rubric.share(question, assessment("mmmmx"), concept)


def test_an_appeal_against_a_mistake_leaves_the_band_open() -> None:
    question = full(feed())

    after = rubric.appeal(assessment("mmmmx", mistakes=("m1",)), "m1", None)

    outcome = rubric.outcome(question, after)
    assert (outcome.lowest, outcome.highest) == (Band.NO_HIRE, Band.STRONG_HIRE)
    assert not rubric.fatal(question, after)


@pytest.mark.parametrize(
    ("rulings", "band"),
    [
        ({"c3": Ruling(State.MET, SAID)}, Band.STRONG_HIRE),
        ({"c3": Ruling(State.PARTLY, SAID)}, Band.LEAN_HIRE),
        ({"c3": Ruling(State.MISSED)}, Band.LEAN_HIRE),
    ],
)
def test_what_people_decide_ends_an_appeal(rulings: dict[str, Ruling], band: Band) -> None:
    appealed = rubric.appeal(assessment("mmxmx"), "c3", SAID)

    after = rubric.decide(appealed, rulings, Judge.MENTOR)

    outcome = rubric.outcome(full(feed()), after)
    assert (outcome.band, outcome.provisional) == (band, False)
    assert after.verdicts[2].by is Judge.MENTOR


def test_a_mistake_that_falls_and_a_flag_that_falls_no_longer_count() -> None:
    before = assessment("mmmmx", Flag.KEYWORD_LIST, mistakes=("m1",))

    after = rubric.decide(before, {"m1": Ruling(State.MISSED), FLAGS: Ruling(State.MISSED)}, Judge.MENTOR)

    assert rubric.outcome(full(feed()), after).band is Band.STRONG_HIRE


def test_a_mistake_that_stands_decides_the_appeal_against_it() -> None:
    before = rubric.appeal(assessment("mmmmx", mistakes=("m1",)), "m1", None)

    after = rubric.decide(before, {"m1": Ruling(State.MET)}, Judge.PEERS)

    outcome = rubric.outcome(full(feed()), after)
    assert (outcome.band, outcome.provisional) == (Band.NO_HIRE, False)


def test_what_memory_asks_of_a_concept() -> None:
    question = full(feed())
    assert rubric.share(question, assessment("mpxxx"), "ml.recsys_ranking.drift") == pytest.approx(4.5 / 8)
    assert rubric.share(question, assessment("m?xxx"), "ml.recsys_ranking.drift") is None
    assert rubric.share(question, assessment("mmmmm"), "nobody.asked.this") is None
    assert rubric.must_missed(question, assessment("mxmmm"), "ml.recsys_ranking.drift")
    assert not rubric.must_missed(question, assessment("m?mmm"), "ml.recsys_ranking.drift")
    assert not rubric.must_missed(question, assessment("mmxxx"), "ml.recsys_ranking.cost")
    assert rubric.fatal(question, assessment("mmmmm", mistakes=("m1",)))
    assert not rubric.fatal(question, assessment("mmmmm", mistakes=("m2",)))
