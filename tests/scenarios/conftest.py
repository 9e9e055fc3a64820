"""The four weeks, told once for all tests that look at them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.catalogue import load
from tests.scenarios.four_weeks import START, Month, play
from tests.scenarios.terminal_stage import terminal_stage


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    folder: Path = tmp_path_factory.mktemp("four_weeks")
    with terminal_stage(folder, start=START, seed=7) as stage:
        yield play(stage, load(None))
