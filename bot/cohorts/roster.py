"""Who is in a cohort, and putting people on its list."""

from __future__ import annotations

from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Form, Message


def form(ctx: Context, wish: c.PasteRoster) -> Form:
    raise NotImplementedError


def show(ctx: Context, wish: c.Roster) -> Message:
    raise NotImplementedError


def appoint(ctx: Context, wish: c.Appoint) -> Message:
    raise NotImplementedError


def take_list(ctx: Context, wish: c.ImportRoster) -> Message:
    raise NotImplementedError
