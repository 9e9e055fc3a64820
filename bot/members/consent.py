"""Whether direct messages get through, tried as soon as somebody agrees to them outside of one.

Where nothing gets through later, to somebody who has agreed long ago, is the business of `unreachable`.
"""

from __future__ import annotations

from dataclasses import replace

from bot.context import Context
from bot.door.intents import Intent, RemindHere, Resume, SaveSettings
from bot.door.messages import Message
from bot.members import planning
from bot.members import reminder_words as words
from bot.members.replies import keep
from bot.store import learning, members


def trial(ctx: Context, wish: Intent) -> Message | None:
    """The first direct message to somebody who has just agreed to them, or says that their door is open again.

    `ctx` is the moment before the wish, which has been granted. None in a direct message, whose door is open.
    """
    if ctx.place is None or ctx.place.is_private or not _agrees(ctx, wish):
        return None
    member = members.of_id(ctx.tx, ctx.member.id)
    return words.first_message(member) if member and member.reminders else None


def _agrees(ctx: Context, wish: Intent) -> bool:
    match wish:
        case SaveSettings():
            return not ctx.member.reminders
        case Resume():
            return ctx.member.paused and _for_closed_door(ctx)
        case RemindHere():
            return True
    return False


def _for_closed_door(ctx: Context) -> bool:
    """Whether the last pause began since nothing got through."""
    pauses = learning.events_of(ctx.tx, ctx.member.id, {"paused"})
    return bool(pauses) and "unreachable" in pauses[-1].data


def tried(ctx: Context, why: str | None) -> Message | None:
    """What follows from a trial. `why` it did not arrive; None: it did, and there is nothing to say."""
    if ctx.account is None:
        raise ValueError("a trial is sent to an account")
    if why is None:
        members.open_door(ctx.tx, ctx.account)
        return None
    off = replace(ctx.member, reminders=False)
    if ctx.member.reminders:
        keep(ctx, off)
        planning.plan(ctx.of(off))
    return words.door_shut(why)
