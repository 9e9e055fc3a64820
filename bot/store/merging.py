"""Making all that is kept of one member another's, table by table. Whether they are one person is not its business.

Nothing is left behind: of what both have and only one can be kept, `merge` says which it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, select, update

from bot.cohort_model import LedgerRow
from bot.model import MemberId, ServingId
from bot.store import members, roster
from bot.store.cohort_tables import doubt, membership, points
from bot.store.inserting import insert_new
from bot.store.points import row_of
from bot.store.session import Tx
from bot.store.tables import (
    account,
    attempt,
    card,
    decision,
    exposure,
    link_code,
    log,
    member,
    opinion,
    outbox,
    presence,
    review,
    schedule,
    serving,
    spending,
    ticket,
    unbooked,
    ungraded,
)

MOVED = (log, serving, attempt, review, ungraded, unbooked, spending, ticket, doubt, points)
"""Every row is the other member's from now on."""
RESOLVED = (account, membership, decision, opinion, schedule, outbox, presence, exposure, card)
"""Of two rows for the same thing one is kept, or a row says something else when it is the other's."""
DROPPED = (member, link_code)


def hold(tx: Tx, keep: MemberId, gone: MemberId) -> bool:
    """Keeps everybody else from all that `merge` changes; False where one of the two is no longer there.

    First accounts, as every wish; then tickets and members, as whoever deletes a member; then servings, as whoever
    books. Cohorts follow, and at last `shut`.
    """
    both = (keep, gone)
    decided = select(decision.c.ticket_id).where(decision.c.member_id.in_(both))
    asked = ticket.c.member_id.in_(both) | ticket.c.id.in_(decided) | ticket.c.offered_to.in_(both)
    members.lock_accounts(tx, both)
    tx.execute(select(ticket.c.id).where(asked).order_by(ticket.c.id).with_for_update()).all()
    if len(members.lock(tx, both)) < len(both):
        return False
    for table in (serving, schedule):
        tx.execute(select(table.c.id).where(table.c.member_id.in_(both)).order_by(table.c.id).with_for_update()).all()
    return True


def shut(tx: Tx, gone: MemberId) -> None:
    """Waits for whoever writes of the member, and lets nobody begin to."""
    tx.execute(select(member.c.id).where(member.c.id == gone).with_for_update()).all()


def mixed_since(tx: Tx, keep: MemberId, gone: MemberId) -> tuple[int, datetime] | None:
    """From where in the log, and since when, the histories of both run side by side; None where they were asked no same
    problem and reviewed no same concept, so that neither changes what the other's memory looks like."""
    for table, column in ((exposure, exposure.c.problem_id), (review, review.c.concept)):
        theirs = select(column).where(table.c.member_id == gone)
        if tx.execute(select(column).where(table.c.member_id == keep, column.in_(theirs)).limit(1)).first():
            break
    else:
        return None
    first = select(log.c.id, log.c.at).where(log.c.serving_id.is_not(None)).order_by(log.c.id).limit(1)
    rows = [tx.execute(first.where(log.c.member_id == one)).one() for one in (keep, gone)]
    return max(r.id for r in rows), max(r.at for r in rows)


def merge(tx: Tx, keep: MemberId, gone: MemberId, now: datetime) -> None:
    """Makes all that is kept of a member another's, and forgets the member and their code. Both must be held.

    Cards of what both have reviewed are the one's that stays, and have to be worked out anew.
    """
    _mention(tx, keep, gone)
    for table in MOVED:
        tx.execute(update(table).where(table.c.member_id == gone).values(member_id=keep))
    _exposures(tx, keep, gone)
    _add_new(tx, card, keep, gone)
    tx.execute(update(ticket).where(ticket.c.offered_to == gone).values(offered_to=keep))
    tx.execute(update(doubt).where(doubt.c.decided_by == gone).values(decided_by=keep))
    _decisions(tx, keep, gone)
    _seats(tx, keep, gone)
    _schedules(tx, keep, gone)
    _messages(tx, keep, gone)
    for table in (opinion, presence):
        _add_new(tx, table, keep, gone)
    _accounts(tx, keep, gone, now)
    joined = select(member.c.joined_at, member.c.seen_at).where(member.c.id.in_((keep, gone)))
    rows = tx.execute(joined).all()
    seen = max((r.seen_at for r in rows if r.seen_at), default=None)
    tx.execute(update(member).where(member.c.id == keep).values(joined_at=min(r.joined_at for r in rows), seen_at=seen))
    tx.execute(delete(link_code).where(link_code.c.member_id == gone))
    tx.execute(delete(member).where(member.c.id == gone))


def _mention(tx: Tx, keep: MemberId, gone: MemberId) -> None:
    """Names them in the logs of those whose answers they have judged."""
    judged = select(ticket.c.member_id).join(decision, decision.c.ticket_id == ticket.c.id)
    learners = judged.where(decision.c.member_id == gone)
    said = select(log.c.id, log.c.data).where(log.c.member_id.in_(learners), log.c.kind == "reviewed")
    for row in tx.execute(said).all():
        if (data := _renamed(row.data, keep, gone)) != row.data:
            tx.execute(update(log).where(log.c.id == row.id).values(data=data))


def _renamed(value: Any, keep: MemberId, gone: MemberId) -> Any:
    """JSON in which one member stands wherever another stood."""
    if isinstance(value, dict):
        return {name: _renamed(v, keep, gone) for name, v in value.items()}
    if isinstance(value, list):
        return [_renamed(v, keep, gone) for v in value]
    return keep if value == gone else value


def _add_new(tx: Tx, table: Table, keep: MemberId, gone: MemberId) -> None:
    """Rows that only the other has; of what both have, the row of the one who stays is kept."""
    rows = tx.execute(select(table).where(table.c.member_id == gone)).mappings().all()
    insert_new(tx, table, [{**r, "member_id": keep} for r in rows])
    tx.execute(delete(table).where(table.c.member_id == gone))


def _exposures(tx: Tx, keep: MemberId, gone: MemberId) -> None:
    """What both were asked they were asked as often as both together, and last when the later was."""
    key = (exposure.c.problem_id, exposure.c.variant, exposure.c.concept)
    for row in tx.execute(select(exposure).where(exposure.c.member_id == gone)).all():
        same = [column == getattr(row, column.name) for column in key]
        mine = tx.execute(select(exposure).where(exposure.c.member_id == keep, *same)).one_or_none()
        if mine:
            both = {"times": mine.times + row.times, "last_at": max(mine.last_at, row.last_at)}
            tx.execute(update(exposure).where(exposure.c.member_id == keep, *same).values(**both))
    _add_new(tx, exposure, keep, gone)


def _decisions(tx: Tx, keep: MemberId, gone: MemberId) -> None:
    """Of two claims on one ticket the one with a decision is kept, the first of two; nobody reviews themselves."""
    mine = select(decision).where(decision.c.member_id.in_((keep, gone)))
    of: dict[str, list[Any]] = defaultdict(list)
    for row in tx.execute(mine).all():
        of[row.ticket_id].append(row)
    for rows in of.values():
        *others, _ = sorted(rows, key=lambda r: (r.decided_at is None, r.decided_at or r.claimed_at), reverse=True)
        for row in others:
            one = (decision.c.ticket_id == row.ticket_id) & (decision.c.member_id == row.member_id)
            tx.execute(delete(decision).where(one))
    tx.execute(update(decision).where(decision.c.member_id == gone).values(member_id=keep))
    own = select(ticket.c.id).where(ticket.c.member_id == keep, ticket.c.state == "open")
    tx.execute(delete(decision).where(decision.c.member_id == keep, decision.c.ticket_id.in_(own)))
    tx.execute(update(ticket).where(ticket.c.id.in_(own), ticket.c.offered_to == keep).values(offered_to=None))


_SHOWN = ("alias", "on_board", "asked_at", "check_in", "thanks", "joined_as")


def _seats(tx: Tx, keep: MemberId, gone: MemberId) -> None:
    """One seat of an office of a cohort, as old as the older. Somebody appears in a cohort as the member that stays,
    unless only the other is in it."""
    for one in (keep, gone):
        roster.keep_accounts(tx, one)
    rows = tx.execute(select(membership).where(membership.c.member_id.in_((keep, gone)))).all()
    in_cohort: dict[str | None, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r.left_at is not None, r.member_id != keep, r.joined_at)):
        in_cohort[row.cohort_id].append(row)
    for seats in in_cohort.values():
        shown = {name: getattr(seats[0], name) for name in _SHOWN}
        for office in dict.fromkeys(s.role for s in seats):
            first, *others = [s for s in seats if s.role == office]
            for other in others:
                tx.execute(delete(membership).where(membership.c.id == other.id))
            held = [s for s in (first, *others) if s.left_at == first.left_at]
            values = {
                "member_id": keep,
                "joined_at": min(s.joined_at for s in (first, *others)),
                "by_role": None if any(s.by_role is None for s in held) else first.by_role,
            }
            tx.execute(update(membership).where(membership.c.id == first.id).values(**values))
            if first.left_at is None:
                tx.execute(update(membership).where(membership.c.id == first.id).values(**shown))


def _schedules(tx: Tx, keep: MemberId, gone: MemberId) -> None:
    """The schedules that stay are the member's own; no local date is used again that either has had a message for."""
    mine = {r.kind: r for r in tx.execute(select(schedule).where(schedule.c.member_id == keep))}
    for other in tx.execute(select(schedule).where(schedule.c.member_id == gone)).all():
        had = mine.get(other.kind)
        if had is None:
            tx.execute(update(schedule).where(schedule.c.id == other.id).values(member_id=keep))
            continue
        used = max((d for d in (had.last_local_date, other.last_local_date) if d), default=None)
        tx.execute(update(schedule).where(schedule.c.id == had.id).values(last_local_date=used))
        tx.execute(delete(schedule).where(schedule.c.id == other.id))


def _messages(tx: Tx, keep: MemberId, gone: MemberId) -> None:
    """What waits for the member is the other's, each message once; a sender who has it in hand finds it taken back.

    What goes to a channel may name people beside its words.
    """
    columns = (outbox.c.id, outbox.c.member_id, outbox.c.dedupe_key, outbox.c.state, outbox.c.data, outbox.c.message)
    theirs = outbox.c.member_id.in_((keep, gone)) | outbox.c.cohort_id.is_not(None)
    for row in tx.execute(select(*columns).where(theirs)).all():
        new: dict[str, object] = {"data": _renamed(row.data, keep, gone), "message": _renamed(row.message, keep, gone)}
        key = ":".join(keep if part == gone else part for part in row.dedupe_key.split(":"))
        if row.member_id != gone and key == row.dedupe_key and (new["data"], new["message"]) == (row.data, row.message):
            continue
        waits = row.state in {"ready", "claimed"}
        if waits:
            new |= {"state": "ready", "lease_owner": None, "lease_until": None}
        if key != row.dedupe_key and row.state not in {"sending", "unknown"}:  # the platform is asked for it by its key
            if tx.execute(select(outbox.c.id).where(outbox.c.dedupe_key == key)).first() is None:
                new["dedupe_key"] = key
            elif waits:
                new |= {"state": "skipped", "reason": "your other account had the same", "message": None}
        if row.member_id == gone:
            new["member_id"] = keep
        tx.execute(update(outbox).where(outbox.c.id == row.id).values(**new))


def _accounts(tx: Tx, keep: MemberId, gone: MemberId, now: datetime) -> None:
    new = {"member_id": keep, "linked_at": now, "preferred_at": None}
    tx.execute(update(account).where(account.c.member_id == gone).values(**new))


# --- what counts but once


def doubts_between(tx: Tx, of: MemberId) -> Sequence[tuple[ServingId, str]]:
    """The doubts that compare two answers of this one member, which are forgotten: the later answer, and the state."""
    mine = select(serving.c.id).where(serving.c.member_id == of)
    own = (doubt.c.member_id == of) & doubt.c.other_serving_id.in_(mine)
    found = [(ServingId(r.serving_id), r.state) for r in tx.execute(select(doubt).where(own).order_by(doubt.c.id))]
    tx.execute(delete(doubt).where(own))
    return found


def review_points(tx: Tx, of: MemberId, prefix: str) -> Sequence[tuple[LedgerRow, bool]]:
    """What a member was given for reviews, whose items begin with a prefix, in the order in which it was booked; and
    whether it was for reviewing an answer of their own."""
    mine = select(points).where(points.c.member_id == of, points.c.item.startswith(prefix, autoescape=True))
    own = set(tx.execute(select(ticket.c.id).where(ticket.c.member_id == of)).scalars())
    rows = [row_of(r) for r in tx.execute(mine.order_by(points.c.id))]
    return [(row, row.item.removeprefix(prefix) in own) for row in rows]
