"""What follows where a platform lets nothing through to a member, and how they hear of it.

Whether it lets anything through is delivery's finding.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.context import Context
from bot.door.messages import Message
from bot.members import reminder_words as words
from bot.members.planning import is_away
from bot.model import Account, Event, MemberId
from bot.store import learning, members
from bot.store.session import Tx


def closed(tx: Tx, id: MemberId, why: str, now: datetime) -> None:
    """Pauses a member without an end: they hear of it when they next wish for something."""
    member = members.of_id(tx, id)
    if member is None or member.paused:
        return
    members.save(tx, replace(member, paused=True, paused_until=None))
    learning.append(tx, Event(id, "paused", now, data={"until": None, "unreachable": why}))


def tell(ctx: Context, account: Account, answer: Message) -> Message:
    """The answer to a wish; before it, once, that nothing got through to this account."""
    shut = members.closed_door(ctx.tx, account)
    if shut is None:
        return answer
    members.open_door(ctx.tx, account)
    member = members.of_id(ctx.tx, ctx.member.id) or ctx.member  # as the wish has left them
    return words.after_closed_door(answer, *shut, member.zone, away=is_away(member, ctx.now))
