"""Points that an organiser is asked about, taken back, and given again."""

from __future__ import annotations

from collections.abc import Mapping

from bot.context import Context
from bot.delivery.outbox import Skip
from bot.door import cohort_intents as c
from bot.door.messages import Form, Message

VOIDED = "voided"
RESTORED = "restored"


def show(ctx: Context, wish: c.PointsDoubts) -> Message:
    raise NotImplementedError


def void_form(ctx: Context, wish: c.ExplainVoid) -> Form:
    raise NotImplementedError


def void(ctx: Context, wish: c.VoidPoints) -> Message:
    raise NotImplementedError


def clear(ctx: Context, wish: c.ClearDoubt) -> Message:
    raise NotImplementedError


def appeal(ctx: Context, wish: c.AppealVoid) -> Message:
    raise NotImplementedError


def voided(ctx: Context, data: Mapping[str, object]) -> Message | Skip:
    raise NotImplementedError


def decided_again(ctx: Context, data: Mapping[str, object]) -> Message | Skip:
    raise NotImplementedError
