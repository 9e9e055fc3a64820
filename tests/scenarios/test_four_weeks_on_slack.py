"""The four weeks in Slack: its channel says what the terminal's says, when it says it, and nothing private."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from bot.catalogue import load
from tests.scenarios.four_weeks import START, play
from tests.scenarios.month import CHANNEL, Month, berlin
from tests.scenarios.private import leaks
from tests.scenarios.slack_stage import slack_stage
from tests.scenarios.stage import Post
from tests.scenarios.terminal_stage import terminal_stage

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


def keeps_to_itself(month: Month) -> None:
    versions = [version for post in month.stage.channel(CHANNEL) for version in post.versions]
    secrets = month.secrets()
    assert [leak for v in versions for leak in leaks(v.everything, v.at, month.bank, secrets, month.agreed)] == []


def test_the_first_week_reads_as_at_a_terminal(tmp_path: Path) -> None:
    until, bank = berlin("2026-03-20", "09:15"), load(None)
    for folder in ("terminal", "slack"):
        (tmp_path / folder).mkdir()
    with terminal_stage(tmp_path / "terminal", start=START, seed=7) as terminal:
        play(terminal, bank, until)
        expected = told(terminal.channel(CHANNEL))
    assert len(expected) > 2
    with slack_stage(tmp_path / "slack", start=START, seed=7) as slack:
        month = play(slack, bank, until)
        assert told(slack.channel(CHANNEL)) == expected
        keeps_to_itself(month)


@pytest.mark.slow
@pytest.mark.xdist_group("four weeks")
def test_four_weeks_read_as_at_a_terminal(tmp_path: Path, month: Month) -> None:
    with slack_stage(tmp_path, start=START, seed=7) as slack:
        in_slack = play(slack, load(None))
        assert told(slack.channel(CHANNEL)) == told(month.stage.channel(CHANNEL))
        keeps_to_itself(in_slack)
