"""Queries of delivery: the outbox, the inbox and the pace of platforms. What a message says is not its business."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, false, func, or_, select, true, update

from bot.model import Account, CohortId, MemberId
from bot.store import tables
from bot.store.cohort_tables import cohort
from bot.store.inserting import insert_new
from bot.store.session import Tx
from bot.store.tables import bucket, outbox


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message that is to be sent, or what became of it."""

    id: int
    dedupe_key: str
    kind: str
    member: MemberId | None
    bucket: str
    """The channel that it goes to."""
    data: dict[str, Any]
    state: str
    """ready, claimed, sending, sent, unknown, skipped or dead."""
    reason: str | None
    not_before: datetime
    expires_at: datetime
    attempt: int
    sent_at: datetime | None
    platform: str = ""
    workspace: str = ""
    """platform:tenant."""
    message: dict[str, Any] | None = None
    """The words as they were first sent, where that may have arrived (`door.frozen`)."""
    tried_at: datetime | None = None
    resent: int = 0
    """How often it was sent again although it was perhaps there."""
    last_error: str | None = None
    cohort: CohortId | None = None
    """Whose channel it goes to, where it is no direct message."""


LEASED = ("claimed", "sending", "unknown")
OPEN = ("ready", *LEASED)
SETTLED = ("sent", "skipped", "dead")
FAR = timedelta(hours=1)
"""No turn and no lease is longer than this: one that ends later was given before the clock was set back."""
PERHAPS_SENT = ("sending", "sent", "unknown")
_ROW = (
    outbox.c.id,
    outbox.c.dedupe_key,
    outbox.c.kind,
    outbox.c.member_id,
    outbox.c.platform,
    outbox.c.workspace,
    outbox.c.bucket,
    outbox.c.data,
    outbox.c.message,
    outbox.c.state,
    outbox.c.reason,
    outbox.c.not_before,
    outbox.c.expires_at,
    outbox.c.attempt,
    outbox.c.tried_at,
    outbox.c.sent_at,
    outbox.c.resent,
    outbox.c.last_error,
    outbox.c.cohort_id,
)


def _outbox(r: Any) -> OutboxRow:
    return OutboxRow(
        id=r.id,
        dedupe_key=r.dedupe_key,
        kind=r.kind,
        member=r.member_id and MemberId(r.member_id),
        platform=r.platform,
        workspace=r.workspace,
        bucket=r.bucket,
        data=r.data,
        message=r.message,
        state=r.state,
        reason=r.reason,
        not_before=r.not_before,
        expires_at=r.expires_at,
        attempt=r.attempt,
        tried_at=r.tried_at,
        sent_at=r.sent_at,
        resent=r.resent,
        last_error=r.last_error,
        cohort=r.cohort_id and CohortId(r.cohort_id),
    )


@dataclass(frozen=True, slots=True)
class NewRow:
    """A message that is to be sent; its words are asked for when it is."""

    dedupe_key: str
    kind: str
    member: MemberId | None
    platform: str
    workspace: str
    bucket: str
    nonce: str
    data: Mapping[str, Any]
    not_before: datetime
    expires_at: datetime
    cohort: CohortId | None = None


def put(tx: Tx, rows: Sequence[NewRow], now: datetime) -> int:
    """Puts messages into the outbox; returns how many had a key that was not there yet."""
    return insert_new(
        tx,
        outbox,
        [
            {
                "dedupe_key": r.dedupe_key,
                "kind": r.kind,
                "member_id": r.member,
                "cohort_id": r.cohort,
                "platform": r.platform,
                "workspace": r.workspace,
                "bucket": r.bucket,
                "nonce": r.nonce,
                "data": r.data,
                "state": "ready",
                "created_at": now,
                "not_before": r.not_before,
                "expires_at": r.expires_at,
                "attempt": 0,
            }
            for r in rows
        ],
    )


def is_kept(tx: Tx, key: str) -> bool:
    """Whether a message with this key was put into the outbox and is not forgotten."""
    return tx.execute(select(outbox.c.id).where(outbox.c.dedupe_key == key)).first() is not None


def _is_over(end: ColumnElement[datetime]) -> ColumnElement[bool]:
    return (end <= bindparam("_now")) | (end > bindparam("_far"))


def _at(now: datetime) -> dict[str, datetime]:
    return {"_now": now, "_far": now + FAR}


# Statements of every second are built once; IN with values would be rendered anew each time, a chain of OR is kept.


@cache
def _ready(platforms: frozenset[str]) -> Select[*tuple[Any, ...]]:
    names = (outbox.c.bucket, outbox.c.workspace, outbox.c.platform)
    held = select(bucket.c.name).where(
        bucket.c.name.in_(names), ~_is_over(bucket.c.free_at) | (bucket.c.held_until > bindparam("_now"))
    )
    return (
        select(*_ROW)
        .where(
            outbox.c.state == "ready",
            outbox.c.not_before <= bindparam("_now"),
            or_(false(), *(outbox.c.platform == p for p in sorted(platforms))),
            ~held.exists(),
        )
        .order_by(outbox.c.not_before, outbox.c.id)
        .limit(bindparam("_most"))
        .with_for_update(of=outbox, skip_locked=True)
    )


def ready(tx: Tx, now: datetime, platforms: frozenset[str], most: int) -> Sequence[OutboxRow]:
    """Messages whose time and turn have come, oldest first. Nobody else gets them before this transaction ends."""
    return [_outbox(r) for r in tx.execute(_ready(platforms), _at(now) | {"_most": most})]


_HELD = select(bucket.c.name).where(bucket.c.held_until > bindparam("_now"))


def held(tx: Tx, now: datetime) -> set[str]:
    """The names of channels, workspaces and platforms that want nothing for now."""
    return set(tx.execute(_HELD, {"_now": now}).scalars())


_CLAIM = (
    update(outbox)
    .where(outbox.c.id == bindparam("_id"))
    .values(state="claimed", lease_owner=bindparam("_owner"), lease_until=bindparam("_until"))
)


def claim(tx: Tx, ids: Sequence[int], owner: str, until: datetime) -> None:
    """Puts messages under a lease of ours."""
    if ids:
        tx.execute(_CLAIM, [{"_id": id, "_owner": owner, "_until": until} for id in ids])


_BEGIN_SENDING = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("_id"),
        outbox.c.lease_owner == bindparam("_owner"),
        outbox.c.state == "claimed",
        ~select(bucket.c.name)
        .where(
            bucket.c.name.in_([bindparam("_channel"), bindparam("_workspace"), bindparam("_platform")]),
            bucket.c.held_until > bindparam("_now"),
        )
        .exists(),
    )
    .values(
        state="sending",
        attempt=bindparam("_attempt"),
        lease_until=bindparam("_until"),
        tried_at=bindparam("_now"),
        message=bindparam("_words"),
    )
)


def begin_sending(
    tx: Tx, going: Sequence[tuple[OutboxRow, Mapping[str, Any]]], owner: str, now: datetime, until: datetime
) -> int:
    """Marks messages, with their words, as being sent; returns how many.

    Left out are those whose lease is no longer ours, or whose platform wants no calls now.
    """
    if not going:
        return 0
    values = [
        {
            "_id": row.id,
            "_owner": owner,
            "_channel": row.bucket,
            "_workspace": row.workspace,
            "_platform": row.platform,
            "_now": now,
            "_attempt": row.attempt + 1,
            "_until": until,
            "_words": dict(words),
        }
        for row, words in going
    ]
    return tx.execute(_BEGIN_SENDING, values).rowcount


_MARK_SENT = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("_id"),
        outbox.c.lease_owner == bindparam("_owner"),
        or_(*(outbox.c.state == s for s in LEASED)),
    )
    .values(
        state="sent",
        sent_at=bindparam("_now"),
        platform_ref=bindparam("_ref"),
        message=None,
        lease_owner=None,
        lease_until=None,
    )
)


def mark_sent(tx: Tx, sent: Sequence[tuple[int, str]], owner: str, now: datetime) -> int:
    """Marks messages, by id and the platform's reference, as sent; returns for how many the lease was still ours."""
    return tx.execute(_MARK_SENT, [{"_id": id, "_owner": owner, "_now": now, "_ref": ref} for id, ref in sent]).rowcount


def settle(tx: Tx, id: int, owner: str, state: str, **values: object) -> bool:
    """Moves a message on, and forgets its words where that settles it; False where the lease is no longer ours."""
    moved = update(outbox).where(outbox.c.id == id, outbox.c.lease_owner == owner, outbox.c.state.in_(LEASED))
    if state not in LEASED:
        values |= {"lease_owner": None, "lease_until": None}
    if state in SETTLED:
        values |= {"message": None}
    return tx.execute(moved.values(state=state, **values)).rowcount == 1


def expire(tx: Tx, before: datetime, reason: str) -> None:
    """Gives up what still waits, though it was of no use any more at an instant: nobody serves its platform."""
    stale = update(outbox).where(outbox.c.state == "ready", outbox.c.not_before < before, outbox.c.expires_at < before)
    tx.execute(stale.values(state="skipped", reason=reason, message=None))


def give_back(tx: Tx, owner: str) -> None:
    """Returns what was claimed under a lease and is not being sent."""
    mine = update(outbox).where(outbox.c.lease_owner == owner, outbox.c.state == "claimed")
    tx.execute(mine.values(state="ready", lease_owner=None, lease_until=None))


def bury(tx: Tx, channel: str, reason: str) -> int:
    """Gives up all that still waits for a channel; returns how many messages that are."""
    waiting = update(outbox).where(outbox.c.bucket == channel, outbox.c.state == "ready")
    return tx.execute(waiting.values(state="dead", reason=reason, message=None)).rowcount


def redirect(tx: Tx, channel: str, to: Account, new_channel: str) -> int:
    """Sends all that still waits for a channel to an account instead; returns how many messages that are."""
    waiting = update(outbox).where(outbox.c.bucket == channel, outbox.c.state.in_(("ready", "claimed")))
    there = {"platform": to.platform, "workspace": f"{to.platform}:{to.tenant}", "bucket": new_channel}
    return tx.execute(waiting.values(state="ready", lease_owner=None, lease_until=None, **there)).rowcount


@cache
def _lapsed(platforms: frozenset[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_ROW)
        .where(
            or_(outbox.c.state == "sending", outbox.c.state == "unknown"),
            _is_over(outbox.c.lease_until),
            or_(false(), *(outbox.c.platform == p for p in sorted(platforms))),
        )
        .order_by(outbox.c.lease_until, outbox.c.id)
    )


def lapsed(tx: Tx, now: datetime, platforms: frozenset[str]) -> Sequence[OutboxRow]:
    """Messages that were perhaps sent: whoever was sending them did not say."""
    return [_outbox(r) for r in tx.execute(_lapsed(platforms), _at(now))]


_RELEASE = (
    update(outbox)
    .where(outbox.c.state == "claimed", _is_over(outbox.c.lease_until))
    .values(state="ready", lease_owner=None, lease_until=None)
)


def release_claims(tx: Tx, now: datetime) -> None:
    """Gives back what was claimed and never sent; safe at any time."""
    tx.execute(_RELEASE, _at(now))


def end_leases(tx: Tx, now: datetime, ask_at: datetime) -> None:
    """Ends every lease, for a process that is alone with its database and has just started.

    What was perhaps sent is asked after at an instant of its own: the platform may still be busy with it.
    """
    tx.execute(update(outbox).where(outbox.c.state == "claimed").values(lease_until=now))
    tx.execute(update(outbox).where(outbox.c.state.in_(["sending", "unknown"])).values(lease_until=ask_at))


def take_over(tx: Tx, id: int, owner: str, until: datetime, now: datetime) -> bool:
    """Takes a lapsed message under our own lease."""
    mine = update(outbox).where(
        outbox.c.id == id, outbox.c.state.in_(["sending", "unknown"]), _is_over(outbox.c.lease_until)
    )
    return tx.execute(mine.values(lease_owner=owner, lease_until=until), _at(now)).rowcount == 1


def next_due(tx: Tx, platform: str = "") -> datetime | None:
    """The next instant at which a message that waits, or a lease, has something to do; with a platform, only there."""
    here = outbox.c.platform == platform if platform else true()
    times = [
        tx.execute(select(func.min(outbox.c.not_before)).where(here, outbox.c.state == "ready")).scalar(),
        tx.execute(select(func.min(outbox.c.lease_until)).where(here, outbox.c.state.in_(LEASED))).scalar(),
    ]
    return min((t for t in times if t), default=None)


# Kind and state are looked at here: PostgreSQL without statistics would take the index of states, and read all history.
_TRIED = select(outbox.c.member_id, outbox.c.tried_at, outbox.c.kind, outbox.c.state).where(
    outbox.c.member_id.in_(bindparam("_members", expanding=True)), outbox.c.tried_at >= bindparam("_since")
)


def tried_since(
    tx: Tx, members: Collection[MemberId], kinds: Collection[str], since: datetime
) -> dict[MemberId, list[datetime]]:
    """When messages of these kinds went out to members, or perhaps did, since an instant; only who had any."""
    tried: dict[MemberId, list[datetime]] = {}
    for r in tx.execute(_TRIED, {"_members": sorted(members), "_since": since}):
        if r.kind in kinds and r.state in PERHAPS_SENT:
            tried.setdefault(MemberId(r.member_id), []).append(r.tried_at)
    return tried


def sent_since(tx: Tx, member: MemberId, kind: str, since: datetime | None) -> list[datetime]:
    """When messages of a kind were sent to a member after an instant, oldest first; None: ever."""
    sent = select(outbox.c.sent_at).where(
        outbox.c.member_id == member, outbox.c.kind == kind, outbox.c.state == "sent", outbox.c.sent_at.is_not(None)
    )
    if since is not None:
        sent = sent.where(outbox.c.sent_at > since)
    return [r.sent_at for r in tx.execute(sent.order_by(outbox.c.sent_at))]


def ledger(
    tx: Tx, member: MemberId | None, most: int, *, states: Collection[str] = (), since: datetime | None = None
) -> Sequence[OutboxRow]:
    """What was, or was not, sent to a member, newest first; None: to anybody."""
    found = select(*_ROW)
    if member is not None:
        found = found.where(outbox.c.member_id == member)
    if states:
        found = found.where(outbox.c.state.in_(states))
    if since is not None:
        found = found.where(outbox.c.not_before >= since)
    rows = tx.execute(found.order_by(outbox.c.not_before.desc(), outbox.c.id.desc()).limit(most))
    return [_outbox(r) for r in rows]


def forget_sent(tx: Tx, before: datetime, standing: Collection[str] = ()) -> None:
    """Forgets messages that were settled before an instant.

    What reached a member who has not been seen since is kept: it tells that they were asked whether to go on. So are
    messages of `standing` kinds in the channels of living cohorts: they may be made anew.
    """
    unanswered = exists().where(tables.member.c.id == outbox.c.member_id, tables.member.c.seen_at < outbox.c.sent_at)
    living = exists().where(cohort.c.id == outbox.c.cohort_id, cohort.c.archived_at.is_(None))
    stands = or_(false(), *(outbox.c.kind == k for k in standing)) & (outbox.c.state == "sent") & living
    tx.execute(delete(outbox).where(outbox.c.state.in_(SETTLED), outbox.c.not_before < before, ~unanswered, ~stands))
