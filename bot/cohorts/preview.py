"""What will be posted for a cohort in the next days."""

from __future__ import annotations

from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Message


def preview(ctx: Context, wish: c.CohortPreview) -> Message:
    raise NotImplementedError
