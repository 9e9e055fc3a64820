"""What a post in a cohort's channel says at the moment it is sent, or why it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.catalogue import Catalogue
from bot.cohorts import announcing, boards, prompting
from bot.cohorts.channels import KNOCK, channel_of
from bot.cohorts.posting import Posting
from bot.cohorts.room_words import knock
from bot.delivery.outbox import Later, Skip
from bot.door.messages import ChannelPost, Message, Push
from bot.model import MemberId
from bot.store import cohorts, members
from bot.store.delivery import OutboxRow
from bot.store.session import Tx


def _knock(of: Posting) -> Message | Skip:
    id = MemberId(str(of.row.data["member"]))
    member = members.of_id(of.tx, id)
    still = any(s.cohort == of.cohort.id for s in cohorts.seats_of(of.tx, id))
    return knock(id, member.name) if member and still else Skip("they are no longer in the cohort")


SAID_BY: Mapping[str, Callable[[Posting], Message | Skip]] = {
    prompting.PROMPT: prompting.prompt_post,
    prompting.SUMMARY: prompting.summary_post,
    boards.WEEK: boards.week_post,
    boards.MIDWEEK: boards.midweek_post,
    announcing.ANNOUNCEMENT: announcing.announcement_post,
    KNOCK: _knock,
}
"""By the kind of an outbox row."""


def post(tx: Tx, row: OutboxRow, now: datetime, bank: Catalogue) -> Push | Skip | Later:
    """The message of a row that goes to a cohort's channel."""
    cohort = cohorts.cohort_of(tx, row.cohort) if row.cohort else None
    to = channel_of(tx, row)
    if cohort is None or cohort.archived_at is not None:
        return Skip("the cohort has ended")
    if to is None:
        return Skip("the cohort no longer meets there")
    if row.kind not in SAID_BY:
        return Skip(f"this version knows no message of the kind {row.kind}")
    said = SAID_BY[row.kind](Posting(tx, cohort, row, now, bank))
    if not isinstance(said, Message):
        return said
    replaces = row.data.get("replaces")
    return Push(row.dedupe_key, ChannelPost(to.workspace, to.channel), said, str(replaces) if replaces else None)
