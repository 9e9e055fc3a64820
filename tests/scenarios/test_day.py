"""A learner's day on the terminal."""

from __future__ import annotations

from pathlib import Path

from bot.catalogue import load
from tests.scenarios import day
from tests.scenarios.terminal_stage import terminal_stage


def test_a_learners_day_at_a_terminal(tmp_path: Path) -> None:
    with terminal_stage(tmp_path, start=day.START, seed=7) as stage:
        day.play(stage, load(None))
