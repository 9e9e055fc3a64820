"""Opening a database, and transactions on it. It knows no query."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, exc

from bot.errors import RolecallError
from bot.store import migrate

Tx = Connection
"""One open transaction."""

BUSY_SECONDS = 5


class Store:
    """A database that is at this program's schema."""

    def __init__(self, engine: sa.Engine, place: str) -> None:
        self.engine = engine
        self.place = place

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A transaction: committed at the end of the block, undone if an exception leaves it."""
        try:
            with self.engine.begin() as tx:
                yield tx
        except exc.DBAPIError as error:
            raise RolecallError(explain(error, self.place)) from error

    def close(self) -> None:
        self.engine.dispose()


def url_of(place: str) -> sa.URL:
    """The address of a database given as a file path or as an SQLite or PostgreSQL URL; RolecallError for any other."""
    if "://" not in place:
        return sa.URL.create("sqlite", database=str(Path(place).expanduser().absolute()))
    try:
        url = sa.make_url(place)
    except exc.ArgumentError:
        url = sa.URL.create("unknown")
    if url.drivername in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise RolecallError("That is no database I can use. Name a file, or postgresql://user:password@host/name.")
    return url


def open_store(place: str, *, upgrade: bool | None = None, create: bool = True) -> Store:
    """The store at a file path or URL, brought to the present schema first.

    `upgrade` None means: a SQLite file is upgraded, a server is only checked. Raises
    RolecallError for a file that is corrupt, read-only, not ours, newer than this
    program, or not there and not to be created, saying which and what to do.
    """
    url = url_of(place)
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and "://" not in place:
        _check_file(Path(url.database or ""), place, create)
    shown = place if "://" not in place else url.render_as_string(hide_password=True)
    try:
        # Parameters hold members' words, and errors end up in logs.
        engine = sa.create_engine(
            url, connect_args={"timeout": BUSY_SECONDS} if is_sqlite else {}, hide_parameters=True
        )
    except ImportError as error:
        raise RolecallError(
            "PostgreSQL needs a driver that is not installed. Run: pip install 'psycopg[binary]'"
        ) from error
    if is_sqlite:
        _prepare_sqlite(engine)
    store = Store(engine, shown)
    try:
        migrate.bring_up(engine, shown, upgrade=is_sqlite if upgrade is None else upgrade)
        with store.begin() as tx:
            tx.exec_driver_sql("DELETE FROM meta WHERE key = ''")
    except exc.DBAPIError as error:
        engine.dispose()
        raise RolecallError(explain(error, shown)) from error
    except RolecallError:
        engine.dispose()
        raise
    return store


def _check_file(file: Path, place: str, create: bool) -> None:
    if not create and not file.exists():
        raise RolecallError(f"There is no database at {place}. Check the name, or create it with rolecall db upgrade.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RolecallError(f"I cannot create the folder of {place}: {error.strerror}. Name another place.") from error


def _prepare_sqlite(engine: sa.Engine) -> None:
    # pysqlite begins transactions late and not at all before reads; we say BEGIN ourselves
    # (docs.sqlalchemy.org, "Serializable isolation / Savepoints / Transactional DDL", 2026-11).
    @sa.event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


_EXPLAINED: tuple[tuple[str, Callable[[str], str]], ...] = (
    (
        "not a database",
        lambda p: f"{p} is not a database file, or it is damaged. Restore a copy, or name another file.",
    ),
    (
        "malformed",
        lambda p: f"The database {p} is damaged. Restore a copy, or save what is readable with sqlite3's .recover.",
    ),
    (
        "readonly",
        lambda p: f"I may not write to {p}. Give this user the right to write it and its folder, or name another file.",
    ),
    (
        "unable to open",
        lambda p: f"I cannot open {p}. Check that the folder exists and may be written, or name another file.",
    ),
    (
        "locked",
        lambda p: f"Another program is writing to {p} and did not finish within {BUSY_SECONDS} seconds. Try again.",
    ),
    ("full", lambda p: f"The disk that holds {p} is full. Make room, then try again."),
    ("connection", lambda p: f"The database server of {p} does not answer. Check its address and that it runs."),
    ("disk i/o", lambda p: f"The disk that holds {p} does not answer as it should. Check the disk, then try again."),
)


def explain(error: exc.DBAPIError, place: str) -> str:
    """What a database error means and what to do about it."""
    said = str(error.orig).lower()
    for sign, words in _EXPLAINED:
        if sign in said:
            return words(place)
    raise error
