"""The cohort at work, played on the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.catalogue import load
from tests.scenarios import workplace
from tests.scenarios.terminal_stage import terminal_stage


@pytest.mark.slow
def test_at_work_nothing_with_a_name_is_posted_until_somebody_asks(tmp_path: Path) -> None:
    with terminal_stage(tmp_path, start=workplace.START, seed=7) as stage:
        team = workplace.play(stage, load(None))
        assert len(team.stage.channel(workplace.CHANNEL)) >= 6
