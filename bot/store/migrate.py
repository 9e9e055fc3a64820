"""Which schema a database has and how it gets to ours. Alembic is loaded only when there is something to do."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot.errors import RolecallError

PATIENCE = 60
"""Seconds to wait for another program that upgrades the same database."""


def folder() -> Path:
    """Where the migrations stand: in the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def revisions() -> tuple[str, ...]:
    """The revision ids, oldest first: each file in versions/ is named <revision>_<what>.py."""
    return tuple(sorted(p.stem.split("_")[0] for p in (folder() / "versions").glob("[0-9]*.py")))


def current(connection: sa.Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    found = sa.inspect(connection)
    if not found.has_table("alembic_version"):
        return "foreign" if found.get_table_names() else None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def bring_up(engine: sa.Engine, place: str, *, upgrade: bool) -> None:
    """Upgrades the database to this program's schema, or checks that it is there.

    Raises RolecallError where the database is newer than the program, is not one of
    ours, or is older and may not be upgraded.
    """
    known = revisions()
    if upgrade:
        with engine.execution_options(reading=True).begin() as connection:
            if current(connection) == known[-1]:
                return
        engine = engine.execution_options(busy_seconds=PATIENCE)  # another program may be at it
    with engine.begin() as connection:
        if upgrade and connection.dialect.name == "postgresql":
            # One program at a time, as BEGIN IMMEDIATE sees to on SQLite. The number is any that nobody else uses.
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(82417)")
        now = current(connection)
        if now == known[-1]:
            return
        if now == "foreign":
            raise RolecallError(f"{place} is a database of another program. Name another one.")
        if now is not None and now not in known:
            raise RolecallError(
                f"{place} was written by a newer Rolecall (schema {now}; this one knows up to {known[-1]}). "
                "Update Rolecall, or name another database. Nothing was changed."
            )
        if not upgrade:
            raise RolecallError(
                f"The database is at schema {now or 'none'}, this Rolecall needs {known[-1]}. Run: rolecall db upgrade"
            )
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(folder()))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
