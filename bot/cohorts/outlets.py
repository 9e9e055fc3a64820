"""Which of a cohort's channels take something."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cohort_model import Channel, Cohort
from bot.cohorts.outlet_words import lacking
from bot.errors import RolecallError
from bot.store import cohorts
from bot.store.session import Tx


def taking(tx: Tx, cohort: Cohort) -> Sequence[Channel]:
    """The channels that something can be posted in."""
    return [c for c in cohorts.channels(tx, cohort.id) if c.closed_at is None]


def required(tx: Tx, cohort: Cohort) -> Sequence[Channel]:
    """The channels that something can be posted in. Raises RolecallError that says what to do where there is none."""
    if found := taking(tx, cohort):
        return found
    raise RolecallError(" ".join(lacking(cohort, cohorts.channels(tx, cohort.id))))
