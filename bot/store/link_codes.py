"""Queries about codes by which two accounts become one member's. Who may use one is not its business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.model import MemberId
from bot.store.session import Tx
from bot.store.tables import link_code


@dataclass(frozen=True, slots=True)
class LinkCode:
    member: MemberId
    """Who made it."""
    code: str
    account: str
    """The key of the account on which they made it."""
    expires_at: datetime
    used_at: datetime | None = None


def keep(tx: Tx, new: LinkCode) -> None:
    """Keeps a code in the place of the member's last one."""
    withdraw(tx, new.member)
    tx.execute(
        insert(link_code).values(
            member_id=new.member, code=new.code, account=new.account, expires_at=new.expires_at, used_at=None
        )
    )


def of(tx: Tx, code: str) -> LinkCode | None:
    """A code, also one that no longer works; nobody else may use it before this transaction ends."""
    row = tx.execute(select(link_code).where(link_code.c.code == code).with_for_update()).one_or_none()
    return LinkCode(MemberId(row.member_id), row.code, row.account, row.expires_at, row.used_at) if row else None


def use(tx: Tx, code: str, now: datetime) -> None:
    tx.execute(update(link_code).where(link_code.c.code == code).values(used_at=now))


def withdraw(tx: Tx, of: MemberId) -> None:
    """Forgets a member's code."""
    tx.execute(delete(link_code).where(link_code.c.member_id == of))


def forget(tx: Tx, before: datetime) -> None:
    """Forgets codes that ended before an instant: until then they are told from codes that never were."""
    tx.execute(delete(link_code).where(link_code.c.expires_at < before))
