"""What goes into the outbox: a message that somebody is to get, and the kinds that are measured out.

How it gets to its platform is `sending`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cohort_model import Channel
from bot.door.messages import ChannelPost, DirectMessage, Push, nonce
from bot.model import Account, MemberId
from bot.store import delivery as rows
from bot.store import members
from bot.store.delivery import NewRow, OutboxRow
from bot.store.posted import Posted
from bot.store.session import Tx

USEFUL = timedelta(days=14)
"""How long a message waits for its platform before it is given up, unless it says otherwise."""
SCHEDULED = frozenset({"review_due", "weekly_summary"})
"""The kinds of push that nobody asked for just now."""
DAILY = 2
"""So many of them reach a member on one local day, at most."""
REPLACES = "replaces"
"""In a row's data: the key of the message in a channel that it takes the place of."""


@dataclass(frozen=True, slots=True)
class Skip:
    why: str


@dataclass(frozen=True, slots=True)
class Later:
    when: datetime


PushFor = Callable[[Tx, OutboxRow, datetime], Push | Skip | Later]
"""What a row says now, asked in the transaction that marks it as being sent."""


def bucket_of(account: Account) -> str:
    """The name of a direct-message channel, by which sends are paced."""
    return f"dm:{account.platform}:{account.tenant}:{account.user_id}"


def channel_bucket(of: Channel) -> str:
    """The name of a cohort's channel, by which sends are paced."""
    return f"channel:{of.platform}:{of.workspace}:{of.channel}"


def new_row(
    account: Account,
    member: MemberId,
    *,
    key: str,
    kind: str,
    not_before: datetime,
    expires_at: datetime,
    data: Mapping[str, object] | None = None,
) -> NewRow:
    """A direct message to an account, as the outbox keeps it."""
    return NewRow(
        dedupe_key=key,
        kind=kind,
        member=member,
        platform=account.platform,
        workspace=f"{account.platform}:{account.tenant}",
        bucket=bucket_of(account),
        nonce=nonce(key),
        data=data or {},
        not_before=not_before,
        expires_at=expires_at,
    )


def post(
    tx: Tx,
    to: Channel,
    *,
    key: str,
    kind: str,
    now: datetime,
    data: Mapping[str, object] | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Puts a message to a cohort's channel into the outbox, in the caller's transaction.

    False where its key is already there, or nothing gets through to the channel.
    """
    if to.closed_at is not None:
        return False
    row = NewRow(
        dedupe_key=key,
        kind=kind,
        member=None,
        platform=to.platform,
        workspace=f"{to.platform}:{to.workspace}",
        bucket=channel_bucket(to),
        nonce=nonce(key),
        data=data or {},
        not_before=not_before or now,
        expires_at=expires_at or now + USEFUL,
        cohort=to.cohort,
    )
    return rows.put(tx, [row], now) == 1


def renew(tx: Tx, first: Posted, *, key: str, now: datetime, not_before: datetime, data: Mapping[str, object]) -> bool:
    """Puts a version of a message that takes its place, wherever it stands, into the outbox; False as for `post`."""
    row = NewRow(
        dedupe_key=key,
        kind=first.kind,
        member=None,
        platform=first.platform,
        workspace=first.workspace,
        bucket=first.bucket,
        nonce=nonce(key),
        data={**data, REPLACES: first.key},
        not_before=not_before,
        expires_at=not_before + USEFUL,
        cohort=first.cohort,
    )
    return rows.put(tx, [row], now) == 1


def is_renewal(row: OutboxRow) -> bool:
    """Whether it takes the place of a message that is there: that may be done twice, and what it says is what is true
    when it is done."""
    return REPLACES in row.data


def channel_in(row: OutboxRow) -> ChannelPost:
    """Where a row goes that goes to a channel."""
    return ChannelPost(_tenant(row), row.bucket.removeprefix(f"channel:{row.workspace}:"))


def address_of(row: OutboxRow) -> DirectMessage | ChannelPost:
    """Where a row goes."""
    if row.member is None:
        return channel_in(row)
    return DirectMessage(
        row.member, Account(row.platform, _tenant(row), row.bucket.removeprefix(f"dm:{row.workspace}:"))
    )


def _tenant(row: OutboxRow) -> str:
    return row.workspace.removeprefix(f"{row.platform}:")


def put(
    tx: Tx,
    *,
    key: str,
    kind: str,
    member: MemberId,
    now: datetime,
    data: dict[str, object] | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Puts a message to the account that a member joined with into the outbox, in the caller's transaction.

    False where its key is already there, or the member has no account left.
    """
    account = next(iter(members.accounts(tx, member)), None)
    if account is None:
        return False
    row = new_row(
        account,
        member,
        key=key,
        kind=kind,
        not_before=not_before or now,
        expires_at=expires_at or now + USEFUL,
        data=data,
    )
    return rows.put(tx, [row], now) == 1
