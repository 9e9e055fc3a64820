"""How a cohort is doing, in figures that name nobody."""

from __future__ import annotations

from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Message


def report(ctx: Context, wish: c.CohortReport) -> Message:
    raise NotImplementedError


def export(ctx: Context, wish: c.ExportCohort) -> Message:
    raise NotImplementedError
