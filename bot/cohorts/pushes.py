"""What a push about cohorts says to a member at the moment it is sent, or why it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.cohorts import doubts, silence
from bot.cohorts.channels import CLOSED
from bot.cohorts.finding import organises
from bot.cohorts.room_words import channel_closed
from bot.context import Context
from bot.delivery.outbox import Skip
from bot.door.messages import Message
from bot.model import CohortId
from bot.store import cohorts

Data = Mapping[str, object]


def _channel_closed(ctx: Context, data: Data) -> Message | Skip:
    cohort = cohorts.cohort_of(ctx.tx, CohortId(str(data["cohort"])))
    if cohort is None or not organises(ctx, cohort.id):
        return Skip("you no longer organise the cohort")
    return channel_closed(cohort.name, str(data["channel"]), str(data["why"]))


SAID_BY: Mapping[str, Callable[[Context, Data], Message | Skip]] = {
    CLOSED: _channel_closed,
    silence.SILENT: silence.note,
    doubts.VOIDED: doubts.voided,
    doubts.RESTORED: doubts.decided_again,
    doubts.APPEALED: doubts.asked_again,
}
"""By the kind of an outbox row."""
KINDS = frozenset(SAID_BY)


def push(ctx: Context, kind: str, data: Data) -> Message | Skip:
    """The message of a row of one of KINDS, for the member it goes to."""
    return SAID_BY[kind](ctx, data)
