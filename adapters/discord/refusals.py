"""What Discord's refusals mean for a message: its place is closed, or it has to wait, or nobody can tell. Pure.

A refusal (4xx) means that nothing was sent. Codes: discord.com/developers, "Opcodes and status codes", JSON error
codes (2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping

import discord

from adapters.discord.budget import patience
from bot.door.messages import TryLater, Unreachable

AWAY = 600.0
"""Seconds until Discord is tried again where it does not take our token, or the bot has left a server: an operator or
an organiser mends that."""

_GONE = "the account is gone"
PEOPLE: Mapping[int, str] = {
    10013: _GONE,  # unknown user
    50007: "your direct messages are closed to me: allow them in the privacy settings of a server where I am",
    50033: _GONE,  # nobody with whom there can be a conversation
    50278: "you are on no server where I am",
}
"""What is said to a person after "I could not write to you"."""
_UNSUITED = "messages cannot be posted in channels of its kind"
PLACES: Mapping[int, str] = {
    10003: "it is gone",
    40058: _UNSUITED,
    50001: "I cannot see it (its permissions: View Channel)",
    50008: _UNSUITED,
    50013: "I may not write there (its permissions: Send Messages, Embed Links, Attach Files)",
    50024: _UNSUITED,
    50083: "the thread is archived",
    160005: "the thread is locked",
}
"""What follows "I can no longer post there:"."""

NO_TOKEN = frozenset({40001, 50014})
_OPENED = 40003
"""Too many direct messages were opened in a short time."""
_RATES = frozenset({20016, 20022, 20028, 20029, 30046})
"""Too many messages, or too many changes of old ones, in a channel."""
_APP = frozenset({20026, 40002, 40004, 40333})
"""What its operator has to set right with Discord, or Discord itself: were it taken for closed doors, everybody's
reminders would be paused."""

UNSEEN = frozenset({10003, 10004, 50001})
"""A channel that is gone, or is not shown to us, be it alone or with its whole server."""
PICTURES = frozenset({50013})
"""What may be about the pictures of a message alone."""
GONE = frozenset({10008, 50005, *UNSEEN, *PLACES})
"""A message that nothing can take the place of any more."""
UNREADABLE = frozenset({10004, *PEOPLE, *PLACES})
"""Discord does not let us read what stands in a channel."""


def meaning(error: discord.HTTPException, *, is_direct: bool) -> Unreachable | TryLater | None:
    """What is known after a refusal of a post; None: whether it was sent, or whether it ever can be, is not.

    None is also for codes that are not known here, and for what Discord finds wrong with a message: delivery asks
    after it, tries again after longer and longer waits, and gives it up in the end. No door is closed for it.
    """
    if error.status == 401 or error.code in NO_TOKEN | _APP or (error.status == 403 and not error.code):
        return TryLater(AWAY, "platform")
    if error.code == _OPENED:
        return TryLater(AWAY, "platform")
    if error.status == 429 or error.code in _RATES:
        return TryLater(patience(error.response.headers))
    if why := (PEOPLE if is_direct else PLACES).get(error.code):
        return Unreachable(why)
    return None
