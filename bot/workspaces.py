"""What follows where a chat workspace leaves, and where it comes back. How that is known is the platform's business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.catalogue import Catalogue
from bot.cohorts import replies as cohorts
from bot.context import Context, NewId
from bot.delivery.outbox import bucket_of
from bot.model import Account, MemberId
from bot.store import buckets, delivery, members, presence, roster, workspaces
from bot.store.session import Store, Tx
from bot.store.workspaces import Workspace

RETURN_WITHIN = timedelta(days=14)
"""How long a workspace that has left is kept as it is: it may come back, and then goes on where it was."""
HELD = RETURN_WITHIN + timedelta(days=1)
"""How long nothing is sent there: longer, so that all is forgotten before."""

log = structlog.get_logger()


def here(store: Store, platform: str, tenant: str, name: str, new_id: NewId, now: datetime) -> None:
    """Remembers that a workspace is there. What waited for it is sent where it had left."""
    with store.read() as tx:
        known = workspaces.of(tx, platform, tenant)
    if known and known.left_at is None and known.name == name:
        return
    with store.begin() as tx:
        workspaces.keep(tx, new_id(), Workspace(platform, tenant, name, left_at=None), now)
        if known and known.left_at:
            _hold(tx, platform, tenant, None, now)
            log.info("workspace_back", platform=platform, tenant=tenant)


def left(store: Store, platform: str, tenant: str, new_id: NewId, now: datetime) -> None:
    """Remembers that a workspace has left, since when it was first said: nothing is sent there from now on."""
    with store.begin() as tx:
        known = workspaces.of(tx, platform, tenant, lock=True)
        if known and known.left_at:
            return
        workspaces.keep(tx, new_id(), Workspace(platform, tenant, known.name if known else "", now), now)
        _hold(tx, platform, tenant, now + HELD, now)
        log.info("workspace_left", platform=platform, tenant=tenant)


def _hold(tx: Tx, platform: str, tenant: str, until: datetime | None, now: datetime) -> None:
    name = f"{platform}:{tenant}"
    found = buckets.buckets(tx, {name}, now)
    buckets.keep_buckets(tx, [replace(found[name], held_until=until)])


def forget_left(
    store: Store, bank: Catalogue, new_id: NewId, clock: Callable[[], datetime], stopping: Callable[[], bool]
) -> None:
    """Forgets the workspaces that left RETURN_WITHIN ago and have not come back, and who was known only there.

    Each person takes a transaction of their own. `stopping` is asked before each: what is left has its turn next time.
    """
    with store.read() as tx:
        gone = workspaces.left_before(tx, clock() - RETURN_WITHIN)
    for one in gone:
        while not stopping() and _forget_one(store, one, bank, new_id, clock()):
            pass


def _forget_one(store: Store, of: Workspace, bank: Catalogue, new_id: NewId, now: datetime) -> bool:
    """Forgets one account of a workspace, or somebody met there, or at last the workspace; False where there is no more
    to do."""
    with store.begin() as tx:
        known = workspaces.of(tx, of.platform, of.tenant, lock=True)
        if known is None or known.left_at != of.left_at:
            return False  # it has come back
        if account := workspaces.any_account(tx, of.platform, of.tenant):
            _forget(tx, account, bank, new_id, now)
            return True
        if met := presence.anybody(tx, of.platform, of.tenant):
            _part(tx, met, of, bank, new_id, now)
            return True
        cohorts.forget_roles(tx, of.platform, of.tenant, now)
        workspaces.forget(tx, of.platform, of.tenant)
        log.info("workspace_forgotten", platform=of.platform, tenant=of.tenant)
        return False


def _part(tx: Tx, id: MemberId, of: Workspace, bank: Catalogue, new_id: NewId, now: datetime) -> None:
    """Forgets that a member was met in a workspace, and all that is kept of them where they are known nowhere else."""
    member = members.of_id(tx, id)
    if member and not presence.is_known_elsewhere(tx, id, of.platform, of.tenant):
        cohorts.forget(Context(tx, member, now, bank, new_id))
        members.forget(tx, id)
    else:
        presence.forget(tx, id, of.platform, of.tenant)


def _forget(tx: Tx, account: Account, bank: Catalogue, new_id: NewId, now: datetime) -> None:
    """Forgets an account, and its member with all that is kept of them where it was their last."""
    member = members.of_account(tx, account)
    if member is None:
        raise LookupError("an account without a member")
    if len(members.accounts(tx, member.id)) > 1:
        roster.keep_accounts(tx, member.id)
        members.unlink(tx, account)
        delivery.bury(tx, bucket_of(account), "its workspace has left")
        return
    cohorts.forget(Context(tx, member, now, bank, new_id))
    members.forget(tx, member.id)
