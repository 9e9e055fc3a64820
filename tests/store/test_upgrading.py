"""From every schema there ever was to ours, on both databases, and no row is lost on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from bot.errors import RolecallError
from bot.store import migrate
from bot.store.session import Tx, open_store, url_of
from bot.store.tables import metadata

OLD = migrate.revisions()[:-1]
VALUES: dict[type[Any], object] = {
    bool: True,
    int: 1,
    float: 0.5,
    str: "x",
    object: {"a": 1},  # JSON
    datetime: datetime(2026, 1, 5, 9, tzinfo=UTC),
    date: date(2026, 1, 5),
    time: time(9),
}


@pytest.fixture
def old(empty_place: str) -> Iterator[sa.Engine]:
    """A new database, as an older Rolecall would have opened it."""
    engine = sa.create_engine(url_of(empty_place))
    yield engine
    engine.dispose()


def bring_to(engine: sa.Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.folder()))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def differences(tx: Tx) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(tx, opts={"compare_type": True}), metadata))


def rows(tx: Tx) -> dict[str, dict[str, object]]:
    """The only row of each table."""
    found = sa.MetaData()
    found.reflect(tx)
    tables = [t for t in found.sorted_tables if t.name != "alembic_version"]
    return {t.name: dict(row) for t in tables for row in tx.execute(t.select()).mappings()}


def fill(tx: Tx) -> None:
    """One row into each table, all about the member `x`."""
    found = sa.MetaData()
    found.reflect(tx)
    for table in found.sorted_tables:
        if table.name != "alembic_version":
            tx.execute(table.insert().values({c.name: VALUES[c.type.python_type] for c in table.columns}))


def test_a_new_database_gets_the_whole_schema_as_the_tables_say(empty_place: str) -> None:
    with closing(open_store(empty_place, upgrade=True)) as store, store.begin() as tx:
        assert differences(tx) == []


@pytest.mark.parametrize("revision", OLD)
def test_an_old_database_is_brought_to_our_schema_and_keeps_its_rows(
    old: sa.Engine, empty_place: str, revision: str
) -> None:
    bring_to(old, revision)
    with old.begin() as tx:
        fill(tx)
        before = rows(tx)

    with closing(open_store(empty_place, upgrade=True)) as store, store.begin() as tx:
        assert differences(tx) == []
        after = rows(tx)

    assert len(before) > 10
    for table, row in before.items():
        kept = {column: after[table][column] for column in row if column in after[table]}
        assert kept == {c: v for c, v in row.items() if c in kept}, table


def test_reminders_of_old_members_stay_out_of_their_new_quiet_hours(old: sa.Engine, empty_place: str) -> None:
    bring_to(old, "0003")
    with old.begin() as tx:
        fill(tx)

    with closing(open_store(empty_place, upgrade=True)) as store, store.begin() as tx:
        member = tx.execute(metadata.tables["member"].select()).mappings().one()
    assert (member["remind_at"], member["quiet_from"], member["quiet_until"]) == (time(9), time(22), time(7))


def test_the_log_is_read_by_kind_through_an_index(tmp_path: Path) -> None:
    with closing(open_store(str(tmp_path / "rolecall.db"))) as store, store.begin() as tx:
        planned = tx.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM log WHERE member_id = 'm' AND kind IN ('a', 'b')"
        ).all()
    assert "ix_log_member_id_kind_id" in str(planned)


def test_two_programs_that_open_a_new_database_at_once_both_can(empty_place: str) -> None:
    at_once, failed = threading.Barrier(2), []

    def start() -> None:
        at_once.wait()
        try:
            open_store(empty_place, upgrade=True).close()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    with closing(open_store(empty_place)) as store, store.begin() as tx:
        assert differences(tx) == []


def test_a_server_is_not_upgraded_by_itself(postgres: str) -> None:
    with pytest.raises(RolecallError, match=r"schema none, .* needs .*\. Run: rolecall db upgrade"):
        open_store(postgres)


def test_another_programs_tables_on_a_server_are_left_alone(old: sa.Engine, empty_place: str) -> None:
    with old.begin() as tx:
        tx.exec_driver_sql("CREATE TABLE shopping (item TEXT)")

    with pytest.raises(RolecallError, match="a database of another program"):
        open_store(empty_place, upgrade=True)
