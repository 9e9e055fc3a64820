"""A learner's day in Discord, on which Discord does all that it may do to an app."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.catalogue import load
from tests.scenarios import day
from tests.scenarios.discord_stage import discord_stage

CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")

pytestmark = pytest.mark.enable_socket


def test_a_restart_between_opening_a_form_and_sending_it_loses_nothing(tmp_path: Path) -> None:
    with discord_stage(tmp_path, start=day.START, seed=7) as stage:

        def restarts(told: day.Part) -> None:
            if told is day.she_opens_the_form:
                stage.restart()

        day.play(stage, load(None), between=restarts)


def test_everything_told_twice_is_done_once(tmp_path: Path) -> None:
    """What stands in Discord at the end of the day is the same, to the message."""
    assert evening(tmp_path / "twice", duplicates=True) == evening(tmp_path / "once", duplicates=False)


def evening(folder: Path, *, duplicates: bool) -> Counter[tuple[str, str]]:
    """All messages of a day: before whom, and what. A cohort's code differs from day to day."""
    folder.mkdir()
    with discord_stage(folder, start=day.START, seed=7) as stage:
        if duplicates:
            stage.discord.world.backend.subscribers.append(stage.discord.sockets.happened)
        day.play(stage, load(None))
        return Counter((where, CODE.sub("CODE", text)) for where, text in stage.everything())
