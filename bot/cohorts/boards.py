"""The member's own week, the week's board, and when it is posted."""

from __future__ import annotations

from bot.cohorts.posting import Posting
from bot.cohorts.timetable import Task
from bot.context import Context
from bot.delivery.outbox import Skip
from bot.door import cohort_intents as c
from bot.door.messages import Message

WEEK = "board"
MIDWEEK = "midweek"
FINAL = "final"


def post_week(task: Task) -> None:
    raise NotImplementedError


def post_midweek(task: Task) -> None:
    raise NotImplementedError


def finish_week(task: Task) -> None:
    raise NotImplementedError


def week_post(of: Posting) -> Message | Skip:
    raise NotImplementedError


def midweek_post(of: Posting) -> Message | Skip:
    raise NotImplementedError


def board(ctx: Context, wish: c.Board) -> Message:
    raise NotImplementedError


def post_now(ctx: Context, wish: c.PostBoard) -> Message:
    raise NotImplementedError
