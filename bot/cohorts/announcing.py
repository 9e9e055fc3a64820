"""What an organiser says to a whole cohort."""

from __future__ import annotations

from bot.cohorts.posting import Posting
from bot.context import Context
from bot.delivery.outbox import Skip
from bot.door import cohort_intents as c
from bot.door.messages import Form, Message

ANNOUNCEMENT = "announcement"


def announcement_post(of: Posting) -> Message | Skip:
    raise NotImplementedError


def form(ctx: Context, wish: c.WriteAnnouncement) -> Form:
    raise NotImplementedError


def announce(ctx: Context, wish: c.Announce) -> Message:
    raise NotImplementedError
