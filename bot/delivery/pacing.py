"""How fast platforms may be written to. It decides whose turn it is and how long a refusal counts; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.door.invocation import Pace
from bot.store.buckets import Bucket
from bot.store.delivery import OutboxRow

BURST = timedelta(seconds=1)
"""How much of its rate a workspace or a platform may use up at once. A channel gets one message at a time."""
REFUSALS = 450
"""Refused calls after which a platform is left alone for the rest of the window: any ten minutes touch two windows,
and must see fewer than 1,000. Discord bans an address at 10,000 (discord.com/developers, "Invalid Request Limit",
2026-11), which several bots may share."""
WINDOW = timedelta(minutes=10)


def in_turn(
    rows: Sequence[OutboxRow], buckets: Mapping[str, Bucket], paces: Mapping[str, Pace], now: datetime
) -> tuple[list[OutboxRow], list[Bucket]]:
    """Those rows whose turn it is, and the buckets as they are when these have been sent.

    Each bucket is free again one pace later; on the average its rate is kept however often this is asked.
    """
    changed = dict(buckets)
    taken = []
    for row in rows:
        steps = [(name, length, burst) for name, length, burst in limits(row, paces[row.platform]) if length]
        if any(changed[name].free_at > now for name, _, _ in steps):
            continue
        for name, length, burst in steps:
            had = changed[name]
            changed[name] = replace(had, free_at=max(had.free_at + burst, now) + length - burst)
        taken.append(row)
    return taken, [b for b in changed.values() if b is not buckets[b.name]]


def limits(row: OutboxRow, pace: Pace) -> tuple[tuple[str, timedelta, timedelta], ...]:
    """Each bucket that a row draws from: its name, the time between two messages, and the burst that it allows."""
    return (
        (row.bucket, timedelta(seconds=pace.channel), timedelta()),
        (row.workspace, timedelta(seconds=pace.workspace), BURST),
        (row.platform, timedelta(seconds=pace.platform), BURST),
    )


def refused(platform: Bucket, now: datetime) -> Bucket:
    """A platform's bucket after one more refused call: held until its window ends when there were too many."""
    if platform.refused_since is None or not platform.refused_since <= now < platform.refused_since + WINDOW:
        return replace(platform, refused=1, refused_since=now)
    more = replace(platform, refused=platform.refused + 1)
    if more.refused < REFUSALS:
        return more
    return held(more, platform.refused_since + WINDOW)


def held(bucket: Bucket, until: datetime) -> Bucket:
    """A bucket that wants nothing before an instant, or before a later one that it had."""
    return replace(bucket, held_until=max(until, bucket.held_until or until))
