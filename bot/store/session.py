"""Opening a database, and transactions on it. It knows no query."""

from __future__ import annotations

import selectors
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy import Connection, exc

from bot.errors import RolecallError, StoreError
from bot.store import migrate
from bot.store.explaining import explain, shown
from bot.store.turns import TurnMissedError, Turns

log = structlog.get_logger()

Tx = Connection
"""One open transaction."""

BUSY_SECONDS = 2.0
"""How long a transaction waits for others to finish; a platform wants an answer within three seconds."""
CONNECT_SECONDS = 5
IDLE_SECONDS = 60
"""After so long PostgreSQL undoes a transaction that says nothing: its process hangs, and others want its rows."""
UNUSED_SECONDS = 10
"""After so long a connection to PostgreSQL is looked at before it is used again."""
CONNECTIONS = 20
"""Open at once to PostgreSQL: ten sends, the ticker, and members' wishes."""


class Store:
    """A database that is at this program's schema."""

    def __init__(self, engine: sa.Engine, place: str) -> None:
        self.engine = engine
        self.place = place
        self._turns = Turns() if engine.dialect.name == "sqlite" else None
        self._single = engine.execution_options(isolation_level="AUTOCOMMIT") if self._turns is None else engine

    @contextmanager
    def begin(self, *, single: bool = False) -> Iterator[Tx]:
        """A transaction: committed at the end of the block, undone if an exception leaves it.

        `single` promises one statement, which PostgreSQL commits by itself: one way there and back instead of three.
        On SQLite threads get theirs one after the other, in the order in which they asked.
        StoreError where the database cannot be used.
        """
        with self._explained(), self._begun(single) as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that writes nothing and sees one state of the database. However long it takes, nobody waits.

        StoreError where the database cannot be used.
        """
        snapshot = {"reading": True} if self._turns else {"isolation_level": "REPEATABLE READ"}
        with self._explained(), self.engine.connect() as tx:
            tx.execution_options(**snapshot)
            with tx.begin():
                yield tx

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (exc.SQLAlchemyError, TurnMissedError) as error:
            detail = explain(error, self.engine.url, self.place, BUSY_SECONDS)
            if detail is None:
                raise
            log.warning("store_failed", detail=detail)
            raise StoreError(detail) from error

    @contextmanager
    def _begun(self, single: bool) -> Iterator[Tx]:
        if self._turns is None:
            with (self._single if single else self.engine).begin() as tx:
                yield tx
            return
        with self._turns.take(BUSY_SECONDS) as left, self.engine.connect() as tx:
            tx.execution_options(busy_seconds=left)
            with tx.begin():
                yield tx

    def close(self) -> None:
        self.engine.dispose()


def url_of(place: str) -> sa.URL:
    """The address of a database given as a file path or as an SQLite or PostgreSQL URL; RolecallError for any other."""
    if "://" not in place:
        return sa.URL.create("sqlite", database=str(Path(place).expanduser().absolute()))
    try:
        url = sa.make_url(place)
    except (exc.ArgumentError, ValueError):  # it may hold a password, and so may their text
        url = sa.URL.create("unknown")
    if url.drivername == "postgres" or url.get_backend_name() == "postgresql":
        if "@" in f"{url.host}{url.database}":  # what stands before the last one is part of the password
            raise RolecallError("The database's URL holds more than one @. Write one in the password as %40.")
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        raise RolecallError("That is no database I can use. Name a file, or postgresql://user:password@host/name.")
    return url


def open_store(place: str, *, upgrade: bool | None = None, create: bool = True) -> Store:
    """The store at a file path or URL, brought to the present schema first.

    `upgrade` None means: a SQLite file is upgraded, a server is only checked. Raises
    StoreError for a database that is corrupt, read-only or does not let us in, and
    RolecallError for one that is not ours, newer than this program, or not there and
    not to be created, saying which and what to do.
    """
    url = url_of(place)
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and url.database and not url.database.startswith((":memory:", "file:")):
        _check_file(Path(url.database), place, create)
    visible = place if "://" not in place else shown(url)
    engine = _sqlite(url) if is_sqlite else _postgresql(url)
    try:
        migrate.bring_up(engine, visible, upgrade=is_sqlite if upgrade is None else upgrade)
        with engine.begin() as tx:
            tx.exec_driver_sql("DELETE FROM meta WHERE key = ''")  # whether it may be written
    except exc.SQLAlchemyError as error:
        engine.dispose()
        if (detail := explain(error, url, visible, BUSY_SECONDS)) is None:
            raise
        raise StoreError(detail) from error
    except RolecallError:
        engine.dispose()
        raise
    return Store(engine, visible)


def _check_file(file: Path, place: str, create: bool) -> None:
    if not create and not file.exists():
        raise RolecallError(f"There is no database at {place}. Check the name, or create it with rolecall db upgrade.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RolecallError(f"I cannot create the folder of {place}: {error.strerror}. Name another place.") from error
    if not file.exists():
        with suppress(OSError):  # SQLite says better what is wrong
            file.touch(mode=0o600)  # it will hold what learners wrote; what SQLite puts beside it gets the same rights


# Parameters hold members' words, and errors end up in logs: hide_parameters.


def _sqlite(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    # pysqlite begins transactions late and not at all before reads; we say BEGIN ourselves
    # (docs.sqlalchemy.org, "Serializable isolation / Savepoints / Transactional DDL", 2026-11).
    @sa.event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        left = options.get("busy_seconds", BUSY_SECONDS)
        raw: Any = connection.connection.dbapi_connection  # SQLAlchemy's way to it costs ten times as much
        try:
            raw.execute(f"PRAGMA busy_timeout = {round(left * 1000)}")
            raw.execute("BEGIN" if options.get("reading") else "BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise exc.OperationalError("BEGIN", None, error) from error

    return engine


def _postgresql(url: sa.URL) -> sa.Engine:
    ours = {"connect_timeout": str(CONNECT_SECONDS), "application_name": "rolecall"}
    try:
        engine = sa.create_engine(
            url.update_query_dict(ours | dict(url.query)),
            hide_parameters=True,
            pool_size=CONNECTIONS // 2,
            max_overflow=CONNECTIONS // 2,
            pool_timeout=BUSY_SECONDS,
        )
    except ImportError as error:
        raise RolecallError(
            "PostgreSQL needs a driver that is not installed. Run: pip install 'psycopg[binary]'"
        ) from error

    @sa.event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
        connection.commit()

    # A server that was restarted has ended the connections that wait here, which shows without asking it. One that was
    # cut off in silence has to be asked; each time, that would double the cost of a short transaction
    # (docs.sqlalchemy.org, "Disconnect Handling - Pessimistic", 2026-11).
    @sa.event.listens_for(engine, "checkin")
    def rest(_: Any, record: Any) -> None:
        record.info["since"] = monotonic()

    @sa.event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _: Any) -> None:
        if connection.closed or _says_something(connection.fileno()):
            raise exc.InvalidatePoolError
        if monotonic() - record.info.get("since", monotonic()) > UNUSED_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise exc.InvalidatePoolError from error

    return engine


_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)
"""The quickest for one socket; Windows has no poll."""


def _says_something(socket: int) -> bool:
    """Whether there is anything to read: unasked, a server says only goodbye."""
    with _Selector() as selector:
        selector.register(socket, selectors.EVENT_READ)
        return bool(selector.select(0))
