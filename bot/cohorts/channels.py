"""What follows where a platform takes nothing for a cohort's channel, or lets nothing through to one of its members."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.cohort_model import Channel, Office, Preset
from bot.delivery import outbox
from bot.store import cohorts, members
from bot.store.delivery import OutboxRow
from bot.store.session import Tx

CLOSED = "channel_closed"
"""The kind of push that tells organisers that nothing gets through to a channel."""
KNOCK = "knock"
"""The kind of post that asks a member to open their door, without a word of what waits behind it."""


def channel_of(tx: Tx, row: OutboxRow) -> Channel | None:
    """The channel that a row goes to; None where it is no longer the cohort's, or nothing gets through to it."""
    known = cohorts.channels(tx, row.cohort) if row.cohort else ()
    return next((c for c in known if outbox.channel_bucket(c) == row.bucket and c.closed_at is None), None)


def closed(tx: Tx, row: OutboxRow, why: str, now: datetime) -> None:
    """Posts nothing more to the channel of a row, and tells the cohort's organisers once."""
    shut = channel_of(tx, row)
    if shut is None or not cohorts.close_channel(tx, shut, now, why):
        return
    for seat in cohorts.seats(tx, shut.cohort, Office.ORGANISER):
        key = f"{CLOSED}:{shut.cohort}:{shut.platform}:{now:%Y%m%dT%H%M%S}:{seat.member}"
        data: dict[str, object] = {"cohort": shut.cohort, "channel": shut.channel, "why": why[:200]}
        outbox.put(tx, key=key, kind=CLOSED, member=seat.member, now=now, data=data)


def member_unreachable(tx: Tx, row: OutboxRow, now: datetime) -> None:
    """Mentions a member in the channel of one of their study groups, at most once a month.

    A workplace never learns that Rolecall has something for somebody.
    """
    if row.member is None:
        return
    account = next((a for a in members.accounts(tx, row.member) if outbox.bucket_of(a) == row.bucket), None)
    for seat in cohorts.seats_of(tx, row.member):
        cohort = cohorts.cohort_of(tx, seat.cohort)
        if account is None or cohort is None or cohort.preset is Preset.WORKPLACE:
            continue
        to = next((c for c in cohorts.channels(tx, cohort.id) if c.platform == account.platform), None)
        if to and to.closed_at is None:
            key = f"{KNOCK}:{row.member}:{now:%Y-%m}"
            until = now + timedelta(days=1)
            outbox.post(tx, to, key=key, kind=KNOCK, now=now, expires_at=until, data={"member": row.member})
            return
