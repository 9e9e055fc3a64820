"""What the words of a post are made from: one transaction, one row of the outbox, one instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.catalogue import Catalogue
from bot.cohort_model import Cohort
from bot.store.delivery import OutboxRow
from bot.store.session import Tx


@dataclass(frozen=True, slots=True)
class Posting:
    tx: Tx
    cohort: Cohort
    row: OutboxRow
    now: datetime
    bank: Catalogue
