"""Databases that let nobody in, or fail on the way: the operator hears why and what to do, and never a password."""

from __future__ import annotations

import re
import secrets
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from bot.errors import RolecallError, StoreError
from bot.store.explaining import CONNECTING, POSTGRESQL, SQLITE, explain
from bot.store.session import Store, open_store, url_of
from bot.store.tables import meta
from tests.postgres import GUARDED, Databases, Server

PASSWORD = "s3c:r@t"
QUOTED = "s3c%3Ar%40t"


def refusal(place: str) -> StoreError:
    """What is said of a database that does not open; its password stands in none of it."""
    with pytest.raises(StoreError) as refused:
        open_store(place)
    everything = "".join(traceback.format_exception(refused.value)) + repr(refused.value.__cause__)
    assert PASSWORD not in everything
    assert QUOTED not in everything
    return refused.value


@pytest.fixture
def embedded(databases: Databases) -> Server:
    if databases.server is None:
        pytest.skip("only where the server's users are the tests' own")
    return databases.server


@pytest.fixture
def someone(embedded: Server) -> Iterator[str]:
    """A user of the server, who has a password and no rights."""
    name = f"someone_{secrets.token_hex(4)}"
    with psycopg.connect(embedded.url(), autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'".encode())
        yield name
        admin.execute(f"DROP OWNED BY {name}; DROP ROLE {name}".encode())


@pytest.fixture
def store(postgres_store: str) -> Iterator[Store]:
    with closing(open_store(postgres_store)) as opened:
        yield opened


# Not let in


def test_a_wrong_password(embedded: Server, someone: str) -> None:
    said = refusal(embedded.url(GUARDED, someone, PASSWORD[::-1])).detail
    assert said.startswith(f"postgresql://{someone}:***@/guarded?host=")
    assert "does not accept this user or password. Correct them in ROLECALL_DATABASE" in said
    assert PASSWORD[::-1] not in said


def test_no_password(embedded: Server, someone: str) -> None:
    assert "the URL holds none. Write user:password@ in it" in refusal(embedded.url(GUARDED, someone)).detail


def test_a_password_as_an_option_of_the_url_is_hidden_too(embedded: Server, someone: str) -> None:
    place = f"{embedded.url(GUARDED, someone)}&password={QUOTED}"
    assert "There is no database guarded" in refusal(place).detail
    with pytest.raises(StoreError) as refused:
        open_store(place.replace(QUOTED, "wr0ng"))
    assert "wr0ng" not in refused.value.detail
    assert "password=..." in refused.value.detail


def test_an_unknown_user(embedded: Server) -> None:
    assert "There is no user nobody_here on the server" in refusal(embedded.url(user="nobody_here")).detail


def test_a_user_who_may_not_log_in(embedded: Server, someone: str) -> None:
    _as_admin(embedded, f"ALTER ROLE {someone} NOLOGIN")
    assert f"Let it: ALTER ROLE {someone} LOGIN" in refusal(embedded.url(user=someone)).detail


def test_a_database_that_does_not_exist(embedded: Server) -> None:
    said = refusal(embedded.url("rolecal")).detail
    assert "CREATE DATABASE rolecal; then run: rolecall db upgrade" in said


def test_a_user_without_rights(embedded: Server, someone: str, postgres_store: str) -> None:
    place = embedded.url(str(sa.make_url(postgres_store).database), someone, PASSWORD)
    assert "Let it own the database, or grant it the rights" in refusal(place).detail


def test_no_connection_left(embedded: Server, someone: str) -> None:
    _as_admin(embedded, f"ALTER ROLE {someone} CONNECTION LIMIT 0")
    assert "has no connection left" in refusal(embedded.url(user=someone)).detail


def test_a_server_that_takes_no_writes(postgres_store: str) -> None:
    place = f"{postgres_store}&options=-c%20default_transaction_read_only%3Don"
    assert "Name the primary server" in refusal(place).detail


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (f"postgresql://ana:{QUOTED}@127.0.0.1:1/rolecall", "No server listens at the address of postgresql://ana:***"),
        (f"postgres://ana:{QUOTED}@/rolecall?host=/no/such/folder", "No server listens at the socket of"),
        (f"postgresql+psycopg2://ana:{QUOTED}@127.0.0.1:1/rolecall", "No server listens at the address of"),
        (f"postgresql://ana:{QUOTED}@127.0.0.1:1/rolecall?colour=red", "has an option after the ?"),
    ],
)
def test_no_server_there(place: str, words: str) -> None:
    assert words in refusal(place).detail


@pytest.mark.parametrize(
    "place",
    ["postgresql://ana:se@cret@host/rolecall", "postgresql://host:cret/rolecall", "postgresql://ana:x@host:cret/a"],
)
def test_an_address_that_cannot_be_read_is_not_repeated(place: str) -> None:
    with pytest.raises(RolecallError) as refused:
        url_of(place)
    assert "cret" not in "".join(traceback.format_exception(refused.value)).split("RolecallError")[-1]


# Failing on the way


def test_a_server_that_ends_connections_is_forgiven_and_the_next_wish_goes_through(
    store: Store, postgres_store: str
) -> None:
    with pytest.raises(StoreError) as failed, store.begin() as tx:
        mine = tx.execute(sa.select(sa.func.pg_backend_pid())).scalar_one()
        with psycopg.connect(postgres_store, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 1000)", [mine])
        tx.execute(sa.select(1))

    assert str(failed.value) == "I cannot get at my memory just now. Please try again in a minute."
    assert "is being stopped or restarted" in failed.value.detail
    with store.begin() as tx:
        assert tx.execute(sa.select(1)).scalar_one() == 1


def test_rows_that_somebody_else_holds_are_waited_for_only_so_long(
    postgres_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.session.BUSY_SECONDS", 0.2)
    with closing(open_store(postgres_store)) as store, psycopg.connect(postgres_store) as other:
        other.execute("LOCK TABLE meta")
        with pytest.raises(StoreError) as failed, store.begin() as tx:
            tx.execute(meta.select())
    assert "Others are writing to the same rows" in failed.value.detail


def test_a_full_disk_says_so_and_loses_nothing(tmp_path: Path) -> None:
    with closing(open_store(str(tmp_path / "rolecall.db"))) as store:
        with store.begin() as tx:
            tx.execute(meta.insert().values(key="kept", value="before"))
            full = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
            tx.exec_driver_sql(f"PRAGMA max_page_count = {full}")

        with pytest.raises(StoreError) as failed, store.begin() as tx:
            tx.execute(meta.insert().values(key="more", value="x" * 100_000))

        assert "is full. Make room, then try again" in failed.value.detail
        with store.begin() as tx:
            assert tx.execute(sa.select(meta.c.value).where(meta.c.key == "kept")).scalar_one() == "before"
            assert tx.execute(sa.select(meta.c.value).where(meta.c.key == "more")).scalar() is None


def test_a_mistake_of_our_own_is_not_explained_away(store: Store) -> None:
    with pytest.raises(exc.ProgrammingError), store.begin() as tx:
        tx.exec_driver_sql("SELECT full FROM locked")


# What no test can bring about in passing

URL = sa.make_url(f"postgresql+psycopg://ana:{QUOTED}@db.example.org/rolecall")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("53100", "The disk of the server of"),
        ("53200", "has run out of memory"),
        ("53300", "has no connection left"),
        ("57P03", "is starting or stopping"),
        ("57P02", "is being stopped or restarted"),
        ("08006", "does not answer"),
        ("40P01", "Others are writing"),
        ("58030", "does not answer as it should"),
    ],
)
def test_a_code_of_postgresql_has_words(code: str, words: str) -> None:
    said = explain(exc.OperationalError("", {}, psycopg.errors.lookup(code)("oops")), URL, "PLACE", 2)
    assert said is not None
    assert words in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("failed to resolve host 'db.example.org': [Errno -2] Name or service not known", "no computer of the name"),
        ("connection timeout expired", "does not answer. Check its address"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.7", user "ana", database "rolecall"', "a line to its pg_hba"),
        ("FATAL:  the database system is shutting down", "is starting or stopping"),
        ("FATAL:  sorry, too many clients already", "has no connection left"),
        (
            "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
            "no connection left",
        ),
        ("server closed the connection unexpectedly", "is being stopped or restarted"),
        ("the connection is lost", "is being stopped or restarted"),
        ("SSL error: certificate verify failed", "Check sslmode"),
        ("server does not support SSL, but SSL was required", "Take sslmode out"),
        ("FATAL:  Passwort-Authentifizierung für Benutzer »ana« fehlgeschlagen", "Check its address"),
    ],
)
def test_what_the_driver_says_without_a_code_has_words(text: str, words: str) -> None:
    said = explain(exc.OperationalError("", {}, psycopg.OperationalError(text)), URL, "PLACE", 2)
    assert said is not None
    assert words in said


@pytest.mark.parametrize("template", sorted({*SQLITE.values(), *POSTGRESQL.values(), *CONNECTING.values()}))
def test_every_explanation_names_the_place_and_then_what_to_do(template: str) -> None:
    said = template.format(place="PLACE", user="ana", database="rolecall", seconds="2")
    assert "PLACE" in said
    assert len(re.split("[.:] ", said)) > 1


def _as_admin(server: Server, statement: str) -> None:
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(statement.encode())
