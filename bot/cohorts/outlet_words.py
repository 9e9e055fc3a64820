"""What organisers hear about where something is posted, and where it cannot be. Takes values; looks nothing up."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cohort_model import Channel, Cohort
from bot.door.messages import clip


def lacking(cohort: Cohort, known: Sequence[Channel]) -> list[str]:
    """What keeps posts from a cohort's channels, and what to do: nothing where all is well."""
    if not known:
        return [f"“{clip(cohort.name, 60)}” has no channel yet. Go to one and type /rolecall cohort bind there."]
    return [
        f"I can no longer post in the channel of “{clip(cohort.name, 60)}” on {c.platform.capitalize()}: "
        f"{clip(c.closed_why, 120).rstrip('.') or 'it is gone'}. Let me in again, or go to another channel, and type "
        "/rolecall cohort bind there."
        for c in known
        if c.closed_at is not None
    ]


def named(channels: Sequence[Channel]) -> str:
    """Such as "Slack and Discord": there is one channel at most on each."""
    return " and ".join(c.platform.capitalize() for c in channels)
