"""Queries about the events of platforms that were taken in: each of them once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from bot.store.inserting import insert_new
from bot.store.session import Tx
from bot.store.tables import inbox


def accept(tx: Tx, workspace: str, event_id: str, now: datetime) -> bool:
    """Remembers a platform's event; False where it was already taken in."""
    return insert_new(tx, inbox, [{"workspace": workspace, "event_id": event_id, "at": now}]) == 1


def forget_events(tx: Tx, before: datetime) -> None:
    tx.execute(delete(inbox).where(inbox.c.at < before))


def inbox_size(tx: Tx) -> int:
    return tx.execute(select(func.count()).select_from(inbox)).scalar_one()
