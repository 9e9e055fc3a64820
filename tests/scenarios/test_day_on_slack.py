"""A learner's day in Slack, by sockets and by signed HTTP, on which Slack does all that it may do to an app."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.catalogue import load
from tests.scenarios import day
from tests.scenarios.slack_stage import SlackStage, Way, slack_stage

CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")

pytestmark = pytest.mark.enable_socket


def tell(folder: Path, *, way: Way = "sockets", between: Callable[[SlackStage, day.Part], None] | None = None) -> None:
    with slack_stage(folder, start=day.START, seed=7, way=way) as stage:
        day.play(stage, load(None), between=lambda told: between(stage, told) if between else None)


def test_a_learners_day_by_signed_http(tmp_path: Path) -> None:
    tell(tmp_path, way="http")


def test_a_restart_between_opening_a_form_and_sending_it_loses_nothing(tmp_path: Path) -> None:
    def restarts(stage: SlackStage, told: day.Part) -> None:
        if told is day.she_opens_the_form:
            stage.restart()

    tell(tmp_path, between=restarts)


def test_slack_may_renew_its_connections_at_any_time(tmp_path: Path) -> None:
    def renews(stage: SlackStage, told: day.Part) -> None:
        before = stage.slack.sockets.opened
        stage.slack.disconnect()
        stage.slack.wait(lambda: stage.slack.sockets.opened > before)

    tell(tmp_path, between=renews)


@pytest.mark.parametrize("way", ["sockets", pytest.param("http", marks=pytest.mark.slow)])
def test_everything_told_twice_is_done_once(tmp_path: Path, way: Way) -> None:
    """What stands in Slack at the end of the day is the same, to the message."""
    assert evening(tmp_path / "twice", way, duplicates=True) == evening(tmp_path / "once", way, duplicates=False)


def evening(folder: Path, way: Way, *, duplicates: bool) -> Counter[tuple[str, str]]:
    """All messages of a day: before whom, and what. A cohort's code differs from day to day."""
    folder.mkdir()
    with slack_stage(folder, start=day.START, seed=7, way=way) as stage:
        stage.slack.sockets.duplicates = duplicates
        day.play(stage, load(None))
        return Counter((where, CODE.sub("CODE", text)) for where, text in stage.everything())
