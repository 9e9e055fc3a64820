"""Problems that a whole cohort is asked in its channel."""

from __future__ import annotations

from bot.cohorts.posting import Posting
from bot.cohorts.timetable import Task
from bot.context import Context
from bot.delivery.outbox import Skip
from bot.door import cohort_intents as c
from bot.door.messages import Form, Message

PROMPT = "prompt"
CLOSE = "close"
SUMMARY = "summary"


def post(task: Task) -> None:
    raise NotImplementedError


def close(task: Task) -> None:
    raise NotImplementedError


def prompt_post(of: Posting) -> Message | Skip:
    raise NotImplementedError


def summary_post(of: Posting) -> Message | Skip:
    raise NotImplementedError


def schedule_form(ctx: Context, wish: c.EditPrompts) -> Form:
    raise NotImplementedError


def save(ctx: Context, wish: c.SavePrompts) -> Message:
    raise NotImplementedError


def answer_form(ctx: Context, wish: c.AnswerPrompt) -> Form:
    raise NotImplementedError


def open_prompt(ctx: Context, wish: c.OpenPrompt) -> Message:
    raise NotImplementedError


def offer(ctx: Context, wish: c.OfferAnswer) -> Message:
    raise NotImplementedError


def assign(ctx: Context, wish: c.AssignProblem) -> Message:
    raise NotImplementedError
