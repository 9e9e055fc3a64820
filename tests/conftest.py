"""What every test gets: quiet logs, and a conversation with a real Rolecall."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import logs
from tests.talk import Talk, talk


@pytest.fixture(autouse=True, scope="session")
def _logs() -> None:
    logs.configure()


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Talk]:
    with talk(tmp_path) as opened:
        yield opened
