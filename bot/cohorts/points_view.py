"""Why somebody has the points that they have."""

from __future__ import annotations

from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Message


def points(ctx: Context, wish: c.Points) -> Message:
    raise NotImplementedError
