"""Eight graded answers in a skill's topics say more than a claim."""

from __future__ import annotations

import pytest

from bot.catalogue import load
from bot.model import Skill
from bot.roles.evidence import Shown, shown_skills

SCALES = load().landscape.matching.skills


@pytest.mark.parametrize(
    ("scores", "level"),
    [([1.0] * 8, 4), ([0.25] * 8, 1), ([0.5] * 8, 2), ([0.0] * 8, 0), ([0.9] * 4 + [0.1] * 4, 2)],
)
def test_the_mean_of_the_last_eight_is_the_level(scores: list[float], level: int) -> None:
    assert shown_skills([Shown(("ops.serving",), s) for s in scores], SCALES) == {Skill.OPS: level}


def test_seven_answers_say_nothing_yet() -> None:
    assert shown_skills([Shown(("ops.serving",), 1.0)] * 7, SCALES) == {}


def test_older_answers_are_forgotten() -> None:
    newest_first = [Shown(("data.sql",), 1.0)] * 8 + [Shown(("data.sql",), 0.0)] * 20
    assert shown_skills(newest_first, SCALES) == {Skill.PIPELINES: 4}


def test_an_answer_shows_every_skill_whose_topics_it_has_and_no_other() -> None:
    answers = [Shown(("ml.optimisation",), 1.0)] * 8
    assert set(shown_skills(answers, SCALES)) == {Skill.ML_TRAINING, Skill.MATHS}
