"""What counts but once when two members have become one: answers to one prompt, one text, and reviews.

It knows no rule of points; what was booked for the second is taken back by a further row of the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from bot.catalogue import Catalogue
from bot.cohort_model import LedgerRow
from bot.cohorts import booking, points
from bot.model import MemberId
from bot.store import merging
from bot.store import points as ledger
from bot.store.session import Tx


def count_once(tx: Tx, member: MemberId, bank: Catalogue, since: datetime, now: datetime) -> None:
    """Takes back what one person was given twice, being two since an instant. The member must be locked."""
    booking.void_repeats(tx, member, bank, since, now)
    for serving, state in merging.doubts_between(tx, member):
        if state == "open":
            booking.void(tx, member, serving, now, points.REPEATS_OWN)
    items: dict[str, list[LedgerRow]] = defaultdict(list)
    own = set[str]()
    for row, is_own in merging.review_points(tx, member, booking.REVIEW):
        items[row.item].append(row)
        if is_own:
            own.add(row.item)
    for item, rows in items.items():
        due = 0 if item in own else max(r.points for r in rows)
        if (back := sum(r.points for r in rows) - due) > 0:
            what = replace(rows[0], kind=points.CORRECTION, points=-back, reason=points.LINKED, booked_at=now)
            ledger.append(tx, [what])
