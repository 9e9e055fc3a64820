"""The four weeks with half of its people in Slack and half in Discord: one cohort, and nobody can tell who is where.

Ben, who learns, and Olga, who runs the cohort, are on both, each of them one person.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.scenarios.cast import LEARNERS
from tests.scenarios.four_weeks import START, play
from tests.scenarios.mixed_stage import MixedStage, mixed_stage
from tests.scenarios.month import CHANNEL, Month, berlin
from tests.scenarios.test_four_weeks_on_slack import told
from tests.scenarios.test_no_private_facts import month_leaks

pytestmark = pytest.mark.enable_socket

CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
ON_SLACK = frozenset(learner.name for learner in LEARNERS[1::2])
KNOCK = "I cannot write to you directly"
"""Said where somebody is who has shut their door, and nowhere else."""


def become_one(month: Month) -> None:
    """Ben and Olga let the bot know that they are on the other platform, too."""
    both = month.stage
    assert isinstance(both, MixedStage)
    for who, here, there in (("Ben", both.slack, both.discord), ("Olga", both.discord, both.slack)):
        code = CODE.search(here.say(who, "/rolecall me link").text)
        assert code
        both.comes_to_both(who)
        asked = there.say(who, f"/rolecall me link code={code[0]}")
        there.press(who, next(label for label in asked.buttons if label.startswith("Yes")))
    bound = both.slack.say("Olga", "/rolecall cohort bind", CHANNEL)
    assert "Spring 2026" in bound, bound.text


@pytest.mark.slow
@pytest.mark.xdist_group("four weeks")
def test_four_weeks_on_two_platforms_are_those_of_one_cohort(tmp_path: Path, month: Month) -> None:
    with mixed_stage(tmp_path, start=START, seed=7, on_slack=ON_SLACK) as both:
        told_again = play(both, month.bank, also=[(berlin("2026-03-13", "11:30"), become_one)])
        at_a_terminal = month.stage.channel(CHANNEL)
        assert told(both.discord.channel(CHANNEL)) == told(at_a_terminal)
        assert told(both.slack.channel(CHANNEL)) == told([p for p in at_a_terminal if KNOCK not in p.text])
        assert Counter(told_again.judged) == Counter(month.judged)
        for platform in (both.slack, both.discord):
            assert sum(who == "Ben" and "Point by point" in text for who, text in platform.everything()) > 3
        rows = [[name for _, name, *_ in version.rows] for post in both.channel(CHANNEL) for version in post.versions]
        assert max(names.count("Ben") for names in rows) == 1
        assert month_leaks(told_again) == []
        assert month_leaks(told_again, both.slack) == []
