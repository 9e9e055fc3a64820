"""The four weeks in Slack: its channel says what the terminal's says, when it says it, and nothing private."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.scenarios.four_weeks import START, play
from tests.scenarios.month import CHANNEL, Month
from tests.scenarios.slack_stage import slack_stage
from tests.scenarios.stage import Post
from tests.scenarios.test_no_private_facts import month_leaks

pytestmark = pytest.mark.enable_socket

CLEARED = re.compile(r"[\d,]+ due concepts?|\d+ more to")
"""What differs between two tellings: which of two concepts that are as due is asked first depends on ids."""


def told(posts: Sequence[Post]) -> list[tuple[datetime, int, list[str], tuple[tuple[str, ...], ...], tuple[str, ...]]]:
    """Every version of every post: when it came, what it says word by word, its table and its buttons."""
    return sorted(
        (version.at, n, re.findall(r"\w+", CLEARED.sub("", version.text)), version.rows, version.buttons)
        for post in posts
        for n, version in enumerate(post.versions)
    )


@pytest.mark.slow
@pytest.mark.xdist_group("four weeks")
def test_four_weeks_read_as_at_a_terminal_and_give_nothing_away(tmp_path: Path, month: Month) -> None:
    with slack_stage(tmp_path, start=START, seed=7) as slack:
        told_again = play(slack, month.bank)
        assert told(slack.channel(CHANNEL)) == told(month.stage.channel(CHANNEL))
        assert month_leaks(told_again) == []
