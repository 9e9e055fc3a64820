"""What a post in a cohort's channel says at the moment it is sent, or why it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.catalogue import Catalogue
from bot.cohorts import announcing, boards, prompt_summary, prompting
from bot.cohorts.channels import KNOCK, channel_of
from bot.cohorts.posting import Posting
from bot.cohorts.room_words import knock
from bot.delivery.outbox import REPLACES, Later, Skip, channel_in, is_renewal
from bot.door.messages import Message, Push
from bot.model import MemberId
from bot.store import cohorts, members, posted
from bot.store.delivery import OutboxRow
from bot.store.posted import Posted
from bot.store.session import Tx

ASK_AGAIN = timedelta(minutes=1)
"""How long a new version waits for the message that it is to change."""


def _knock(of: Posting) -> Message | Skip:
    id = MemberId(str(of.row.data["member"]))
    member = members.of_id(of.tx, id)
    still = any(s.cohort == of.cohort.id for s in cohorts.seats_of(of.tx, id))
    return knock(id, member.name) if member and still else Skip("they are no longer in the cohort")


def _another_is_on_its_way(tx: Tx, row: OutboxRow, first: Posted) -> bool:
    """Whether an earlier version is being sent, which might arrive after this one and undo it."""
    versions = posted.posted(tx, first.cohort, row.kind)
    return any(
        v.id != row.id and v.data.get(REPLACES) == first.key and v.state in {"sending", "unknown"} for v in versions
    )


SAID_BY: Mapping[str, Callable[[Posting], Message | Skip]] = {
    prompting.PROMPT: prompting.prompt_post,
    prompt_summary.SUMMARY: prompt_summary.summary_post,
    boards.WEEK: boards.week_post,
    boards.MIDWEEK: boards.midweek_post,
    announcing.ANNOUNCEMENT: announcing.announcement_post,
    KNOCK: _knock,
}
"""By the kind of an outbox row."""


def post(tx: Tx, row: OutboxRow, now: datetime, bank: Catalogue) -> Push | Skip | Later:
    """The message of a row that goes to a cohort's channel.

    One that takes the place of another goes wherever that stands, also when the cohort has left or ended.
    """
    cohort = cohorts.cohort_of(tx, row.cohort) if row.cohort else None
    if cohort is None:
        return Skip("the cohort has ended")
    stands: str | None = None
    if is_renewal(row):
        first = posted.of_key(tx, str(row.data[REPLACES]))
        if first is None or first.state in {"skipped", "dead"}:
            return Skip("what it changes was never sent")
        if first.ref is None or _another_is_on_its_way(tx, row, first):
            return Later(now + ASK_AGAIN)
        stands = first.ref
    elif cohort.archived_at is not None:
        return Skip("the cohort has ended")
    elif channel_of(tx, row) is None:
        return Skip("the cohort no longer meets there")
    if row.kind not in SAID_BY:
        return Skip(f"this version knows no message of the kind {row.kind}")
    said = SAID_BY[row.kind](Posting(tx, cohort, row, now, bank))
    if not isinstance(said, Message):
        return said
    return Push(row.dedupe_key, channel_in(row), said, stands)
