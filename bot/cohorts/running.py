"""Setting up, changing, binding and ending a cohort."""

from __future__ import annotations

from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Form, Message


def new_form(ctx: Context) -> Form:
    raise NotImplementedError


def edit_form(ctx: Context, wish: c.EditCohort) -> Form:
    raise NotImplementedError


def create(ctx: Context, wish: c.CreateCohort) -> Message:
    raise NotImplementedError


def save(ctx: Context, wish: c.SaveCohort) -> Message:
    raise NotImplementedError


def show(ctx: Context, wish: c.ShowCohort) -> Message:
    raise NotImplementedError


def bind(ctx: Context, wish: c.BindChannel) -> Message:
    raise NotImplementedError


def archive(ctx: Context, wish: c.ArchiveCohort) -> Message:
    raise NotImplementedError
