"""Joining and leaving a cohort, and how one appears in it."""

from __future__ import annotations

from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Form, Message


def alias_form(ctx: Context, wish: c.ChooseAlias) -> Form:
    raise NotImplementedError


def invite(ctx: Context, wish: c.InviteToCohort) -> Message:
    raise NotImplementedError


def join(ctx: Context, wish: c.JoinCohort) -> Message:
    raise NotImplementedError


def leave(ctx: Context, wish: c.LeaveCohort) -> Message:
    raise NotImplementedError


def appear(ctx: Context, wish: c.Appear) -> Message:
    raise NotImplementedError


def forget(ctx: Context) -> None:
    """Takes the member out of every cohort before they are deleted."""
