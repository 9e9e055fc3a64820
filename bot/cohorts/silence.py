"""A quiet note to organisers: who, of those who agreed, has gone silent."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cohorts.timetable import Task
from bot.context import Context
from bot.delivery.outbox import Skip
from bot.door.messages import Message

SILENT = "silent"


def tell_organisers(task: Task) -> None:
    raise NotImplementedError


def note(ctx: Context, data: Mapping[str, object]) -> Message | Skip:
    raise NotImplementedError
