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
from tests import postgres as servers  # noqa: E402
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


@pytest.fixture(scope="session")
def databases() -> servers.Databases:
    """The PostgreSQL server of this run."""
    found = servers.shared()
    if found is None:
        pytest.skip(f"no PostgreSQL for this platform; {servers.FOREIGN} may name a server")
    return found


@pytest.fixture
def postgres(databases: servers.Databases) -> Iterator[str]:
    """The URL of an empty database."""
    with databases.fresh() as url:
        yield url


@pytest.fixture
def postgres_store(databases: servers.Databases) -> Iterator[str]:
    """The URL of a database that is at our schema, with nothing in it."""
    with databases.fresh(databases.template) as url:
        yield url


@pytest.fixture(scope="module")
def own_databases() -> Iterator[servers.Databases]:
    """A PostgreSQL server of the test file's own, which may be stopped and started."""
    with servers.own() as found:
        if found is None:
            pytest.skip("no embedded PostgreSQL for this platform")
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new database can be made, on each kind in turn: a file that is not there yet, or an empty database."""
    return str(tmp_path / "rolecall.db") if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


@pytest.fixture(params=["sqlite", "postgresql"])
def store_place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that `open_store` opens without more ado, on each kind in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "rolecall.db")
    return str(request.getfixturevalue("postgres_store"))


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        servers.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        servers.end_run()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--golden"))
