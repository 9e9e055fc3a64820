"""Queries about the workspaces in which members were met whose account is the same in all of a platform's."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, exists, select

from bot.model import MemberId
from bot.store.inserting import insert_new
from bot.store.session import Tx
from bot.store.tables import account, presence, workspace


def note(tx: Tx, of: MemberId, platform: str, tenant: str) -> None:
    """Remembers that a member was met in a workspace; nothing where that is known, or the workspace is not."""
    here = _here(platform, tenant) & (presence.c.member_id == of)
    known = select(exists().where(here)).where(workspace.c.platform == platform, workspace.c.tenant == tenant)
    if tx.execute(known).scalar() is False:
        insert_new(tx, presence, [{"member_id": of, "platform": platform, "workspace": tenant}])


def anybody(tx: Tx, platform: str, tenant: str) -> MemberId | None:
    """Somebody who was met in a workspace; None where nobody was."""
    found = tx.execute(select(presence.c.member_id).where(_here(platform, tenant)).limit(1)).scalar()
    return MemberId(found) if found else None


def is_known_elsewhere(tx: Tx, of: MemberId, platform: str, tenant: str) -> bool:
    """Whether a member was met in another workspace, or has an account on another platform."""
    met = exists().where(presence.c.member_id == of, ~_here(platform, tenant))
    other = exists().where(account.c.member_id == of, account.c.platform != platform)
    return bool(tx.execute(select(met | other)).scalar_one())


def forget(tx: Tx, of: MemberId, platform: str, tenant: str) -> None:
    """Forgets that a member was met in a workspace."""
    tx.execute(delete(presence).where(_here(platform, tenant), presence.c.member_id == of))


def _here(platform: str, tenant: str) -> ColumnElement[bool]:
    return (presence.c.platform == platform) & (presence.c.workspace == tenant)
