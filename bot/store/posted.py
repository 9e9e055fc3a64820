"""Queries about messages that stand in cohorts' channels and may be made anew: rows of the outbox."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.model import CohortId
from bot.store.session import Tx
from bot.store.tables import outbox


@dataclass(frozen=True, slots=True)
class Posted:
    """A message to a channel, or a later version of one."""

    id: int
    key: str
    kind: str
    cohort: CohortId
    platform: str
    workspace: str
    """platform:workspace. So `bucket`, which names the channel too."""
    bucket: str
    data: Mapping[str, Any]
    state: str
    created_at: datetime
    sent_at: datetime | None
    ref: str | None
    """The platform's, of a message that was sent."""


def _posted(r: Row[Any]) -> Posted:
    return Posted(
        id=r.id,
        key=r.dedupe_key,
        kind=r.kind,
        cohort=CohortId(r.cohort_id),
        platform=r.platform,
        workspace=r.workspace,
        bucket=r.bucket,
        data=r.data,
        state=r.state,
        created_at=r.created_at,
        sent_at=r.sent_at,
        ref=r.platform_ref,
    )


def posted(tx: Tx, of: CohortId, kind: str) -> Sequence[Posted]:
    """All that was put into the outbox for a cohort's channels of a kind and is not forgotten, oldest first."""
    found = select(outbox).where(outbox.c.cohort_id == of, outbox.c.kind == kind).order_by(outbox.c.id)
    return [_posted(r) for r in tx.execute(found)]


def waiting(tx: Tx, of: CohortId, kind: str) -> dict[int, datetime]:
    """The ids of those whose words are still to be made, and not before when. Nobody takes them meanwhile."""
    found = select(outbox.c.id, outbox.c.not_before).where(
        outbox.c.cohort_id == of, outbox.c.kind == kind, outbox.c.state == "ready"
    )
    return {r.id: r.not_before for r in tx.execute(found.order_by(outbox.c.id).with_for_update())}


def of_key(tx: Tx, key: str) -> Posted | None:
    row = tx.execute(select(outbox).where(outbox.c.dedupe_key == key)).one_or_none()
    return _posted(row) if row else None


def of_ref(tx: Tx, of: Collection[CohortId], platform: str, kind: str, ref: str) -> Posted | None:
    """The message of a kind that a platform knows by a reference, in a channel of one of these cohorts."""
    found = select(outbox).where(
        outbox.c.cohort_id.in_(of),
        outbox.c.platform == platform,
        outbox.c.kind == kind,
        outbox.c.platform_ref == ref,
    )
    row = tx.execute(found.limit(1)).one_or_none()
    return _posted(row) if row else None


def note(tx: Tx, id: int, data: Mapping[str, object]) -> None:
    """Changes what a row of the outbox keeps beside its words."""
    tx.execute(update(outbox).where(outbox.c.id == id).values(data=dict(data)))
