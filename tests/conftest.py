"""What every test gets: quiet logs, and a conversation with a real Rolecall."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before anything of ours is imported: no test reads or writes the folders of whoever runs it.
for _kind in ("CACHE", "DATA", "CONFIG"):
    os.environ[f"XDG_{_kind}_HOME"] = str(Path(tempfile.gettempdir(), f"rolecall-tests-{os.getuid()}", _kind.lower()))

from hypothesis import HealthCheck, settings  # noqa: E402

from bot.cli import logs  # noqa: E402
from tests.talk import Talk, talk  # noqa: E402

# Tests assert no wall-clock times, and a slow machine is no failure.
settings.register_profile("rolecall", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rolecall")


@pytest.fixture(autouse=True)
def _logs() -> None:
    """Anew for each test, whose standard error is its own."""
    logs.configure()


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Talk]:
    with talk(tmp_path) as opened:
        yield opened


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--golden"))
