"""Inserting rows of which some may be there already. SQLAlchemy has a way for each database, but none for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.session import Tx


def insert_new(tx: Tx, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Inserts the rows whose unique keys are not taken; returns how many that were."""
    if not rows:
        return 0
    return tx.execute(_new(table, tx.dialect.name), list(rows)).rowcount


@cache
def _new(table: Table, dialect: str) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
