"""The four weeks, told once for all tests that look at them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.catalogue import load
from bot.cohorts import boards
from bot.pictures.board import BoardPicture, draw
from tests.scenarios.four_weeks import START, play
from tests.scenarios.month import Month
from tests.scenarios.terminal_stage import terminal_stage


@pytest.fixture(scope="session")
def drawn() -> list[tuple[datetime, BoardPicture]]:
    """What was drawn for boards, and when, as soon as the month is told."""
    return []


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[datetime, BoardPicture]]) -> Iterator[Month]:
    folder = tmp_path_factory.mktemp("four_weeks")
    with terminal_stage(folder, start=START, seed=7) as stage:

        def noted(board: BoardPicture) -> bytes:
            drawn.append((stage.now(), board))
            return draw(board)

        with pytest.MonkeyPatch.context() as patch:  # what is drawn on other stages afterwards is none of this month's
            patch.setattr(boards, "draw", noted)
            told = play(stage, load(None))
        yield told
