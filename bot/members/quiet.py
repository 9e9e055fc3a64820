"""Whether it is too early or too late to write to a member unasked. Pure; asked for every kind of push."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.calendar import instant, local
from bot.model import Member

AWAKE = timedelta(minutes=30)
"""Somebody who wished for something so short a while ago is awake, whatever their quiet hours say."""


def is_quiet(wall: time, hours: tuple[time, time] | None) -> bool:
    """Whether a time of day lies in quiet hours; their end does not."""
    if hours is None:
        return False
    first, last = hours
    return first <= wall < last if first < last else wall >= first or wall < last


def over_at(member: Member, now: datetime) -> datetime | None:
    """When the member's quiet hours are over; None where it is not quiet now.

    Hours that would fill the whole day count as none.
    """
    if member.quiet is None or member.quiet[0] == member.quiet[1]:
        return None
    here, end = local(now, member.zone), member.quiet[1]
    awake = member.seen_at is not None and now - member.seen_at < AWAKE
    if awake or not is_quiet(here.time(), member.quiet):
        return None
    day = here.date() if here.time() < end else here.date() + timedelta(days=1)
    until = instant(day, end, member.zone)
    return until if until > now else None  # the hour that the clocks give back has been quiet once already
