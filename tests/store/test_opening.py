"""Opening a database: a fresh one, an old one, and every kind that cannot be used."""

from __future__ import annotations

import os
import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import RolecallError, StoreError
from bot.store import migrate
from bot.store.session import open_store


def told(words: str) -> AbstractContextManager[object]:
    """Expects that the operator hears these words."""
    return pytest.raises(StoreError, check=lambda error: words in error.detail)


def test_opened_again_it_is_left_as_it_is(tmp_path: Path) -> None:
    place = tmp_path / "again.db"
    open_store(str(place)).close()

    store = open_store(str(place))

    with store.begin() as tx:
        assert tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == migrate.revisions()[-1]
        assert tx.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert tx.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_file_that_is_no_database_is_named_and_kept(tmp_path: Path) -> None:
    place = tmp_path / "notes.db"
    place.write_bytes(b"these are my notes\n" * 100)

    with told("notes.db is not a database file, or it is damaged. Restore a copy"):
        open_store(str(place))

    assert place.read_bytes() == b"these are my notes\n" * 100


def test_a_damaged_database_is_refused_with_the_remedy(tmp_path: Path) -> None:
    place = tmp_path / "damaged.db"
    open_store(str(place)).close()
    content = bytearray(place.read_bytes())
    content[100:8000] = os.urandom(7900)
    place.write_bytes(content)

    with told("is damaged"):
        open_store(str(place))


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "other.db"
    with sqlite3.connect(place) as other:
        other.execute("CREATE TABLE shopping (item TEXT)")

    with pytest.raises(RolecallError, match="a database of another program"):
        open_store(str(place))


def test_a_newer_database_is_refused_unchanged(tmp_path: Path) -> None:
    place = tmp_path / "newer.db"
    open_store(str(place)).close()
    with sqlite3.connect(place) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(RolecallError, match=r"newer Rolecall \(schema 9999.*Update Rolecall.*Nothing was changed"):
        open_store(str(place))


@pytest.mark.parametrize("place", ["mysql://u:secret@host/x", "foo://bar", "://bar"])
def test_another_kind_of_database_is_refused_and_no_password_shown(place: str) -> None:
    with pytest.raises(RolecallError, match="That is no database I can use") as refused:
        open_store(place)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("password", ["se@cret", "p@se/cret", "p/w@secret"])
def test_of_a_password_with_an_at_sign_in_it_nothing_is_shown(password: str) -> None:
    with pytest.raises(RolecallError, match="more than one @") as refused:
        open_store(f"postgresql://u:{password}@host/name")
    assert "cret" not in str(refused.value)


@pytest.mark.parametrize("before", ["", "sqlite:///"])
def test_a_new_database_is_its_users_own_however_it_is_named(tmp_path: Path, before: str) -> None:
    place = tmp_path / "new.db"

    open_store(f"{before}{place}").close()

    assert place.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("before", ["", "sqlite:///"])
def test_a_place_that_must_exist_is_not_created(tmp_path: Path, before: str) -> None:
    with pytest.raises(RolecallError, match="There is no database at"):
        open_store(f"{before}{tmp_path / 'typo.db'}", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_file_says_who_must_be_let_write(tmp_path: Path) -> None:
    place = tmp_path / "frozen.db"
    open_store(str(place)).close()

    with told("I may not write to"):
        open_store(f"sqlite:///file:{place}?mode=ro&uri=true")


def test_a_place_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with told("I cannot open"):
        open_store(str(tmp_path))


def test_a_busy_database_is_said_to_be_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.session.BUSY_SECONDS", 0.1)
    place = tmp_path / "busy.db"
    store = open_store(str(place))
    other = sqlite3.connect(place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with told("Another program is writing"), store.begin():
        pass

    other.close()


def test_a_server_is_checked_and_not_upgraded_by_itself(tmp_path: Path) -> None:
    with pytest.raises(RolecallError, match="Run: rolecall db upgrade"):
        open_store(str(tmp_path / "old.db"), upgrade=False)


def test_instants_come_back_in_utc_and_naive_ones_are_refused(tmp_path: Path) -> None:
    from datetime import datetime, timedelta, timezone

    from bot.store.tables import inbox

    store = open_store(str(tmp_path / "times.db"))
    berlin = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    with store.begin() as tx:
        tx.execute(sa.insert(inbox).values(workspace="w", event_id="1", at=berlin))
        kept = tx.execute(sa.select(inbox.c.at)).scalar_one()
        assert (kept, kept.utcoffset()) == (berlin, timedelta())
        with pytest.raises(sa.exc.StatementError, match="an instant needs a zone"):
            tx.execute(sa.insert(inbox).values(workspace="w", event_id="2", at=datetime(2026, 7, 1)))  # noqa: DTZ001
