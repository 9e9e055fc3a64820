"""Queries about settings of the installation, which the bot keeps for itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from bot.store.inserting import insert_new
from bot.store.session import Tx
from bot.store.tables import meta


def setting(tx: Tx, key: str) -> str | None:
    return tx.execute(select(meta.c.value).where(meta.c.key == key)).scalar()


def keep_setting(tx: Tx, key: str, value: str) -> None:
    """Writes a setting; where two programs write a new one at once, either value stays."""
    if tx.execute(update(meta).where(meta.c.key == key).values(value=value)).rowcount == 0:
        insert_new(tx, meta, [{"key": key, "value": value}])


def forget_settings(tx: Tx, prefix: str, before: datetime) -> None:
    """Forgets settings with this prefix whose value is an instant in ISO form, in UTC, before the given one."""
    tx.execute(delete(meta).where(meta.c.key.startswith(prefix, autoescape=True), meta.c.value < before.isoformat()))
