"""Where faults are played out: a platform, and a database in which forty people are due at nine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.session import open_store
from tests import postgres as servers
from tests.faults.scene import Scene, people
from tests.faults.server import Platform, serving

MANY = 40


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    with serving(tmp_path / "platform") as answering:
        yield answering


@pytest.fixture(scope="session")
def full_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("full") / "rolecall.db"
    store = open_store(str(file))
    people(store, MANY)
    store.close()
    return file


@pytest.fixture(scope="session")
def full_database(databases: servers.Databases) -> Iterator[str]:
    """The name of a database to be copied."""
    with databases.fresh(databases.template) as url:
        store = open_store(url)
        people(store, MANY)
        store.close()
        yield url.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def on_file(tmp_path: Path, full_file: Path, platform: Platform) -> Scene:
    place = tmp_path / "rolecall.db"
    shutil.copy(full_file, place)
    return Scene(str(place), platform)


@pytest.fixture
def on_server(databases: servers.Databases, full_database: str, platform: Platform) -> Iterator[Scene]:
    with databases.fresh(full_database) as url:
        yield Scene(url, platform)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def scene(request: pytest.FixtureRequest) -> Scene:
    found = request.getfixturevalue("on_file" if request.param == "sqlite" else "on_server")
    assert isinstance(found, Scene)
    return found
