"""The cohort at work, played on the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.catalogue import load
from tests.scenarios import workplace
from tests.scenarios.private import Secrets, leaks
from tests.scenarios.terminal_stage import terminal_stage


@pytest.mark.slow
def test_at_work_nothing_with_a_name_is_posted_until_somebody_asks(tmp_path: Path) -> None:
    with terminal_stage(tmp_path, start=workplace.START, seed=7) as stage:
        bank = load(None)
        workplace.play(stage, bank)
        secrets = Secrets((), (), [word for who in workplace.PEOPLE for word in workplace.own_words(who)], {})
        posted = [version for post in stage.channel(workplace.CHANNEL) for version in post.versions]
        assert len(posted) > 8
        assert [leak for v in posted for leak in leaks(v.everything, v.at, bank, secrets)] == []
