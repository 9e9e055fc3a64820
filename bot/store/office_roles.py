"""Queries about offices that come with a role of a workspace: which role makes what, and who holds one by it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, select

from bot.cohort_model import Office
from bot.model import CohortId, MemberId
from bot.store.cohort_tables import cohort, membership, office_role
from bot.store.session import Tx
from bot.store.tables import presence, workspace


@dataclass(frozen=True, slots=True)
class OfficeRole:
    """What whoever holds a role is in a cohort."""

    cohort: CohortId
    platform: str
    workspace: str
    role: str
    """The platform's id of it."""
    office: Office

    @property
    def key(self) -> str:
        """As a seat that comes with it says whence."""
        return f"{self.platform}:{self.workspace}"


def of_cohort(tx: Tx, of: CohortId) -> Sequence[OfficeRole]:
    return _found(tx, office_role.c.cohort_id == of)


def in_workspaces(tx: Tx, platform: str, workspaces: Collection[str]) -> Sequence[OfficeRole]:
    """Those of living cohorts whose role is one of these workspaces."""
    return _found(tx, office_role.c.platform == platform, office_role.c.workspace.in_(workspaces))


def _found(tx: Tx, *where: ColumnElement[bool]) -> Sequence[OfficeRole]:
    rows = tx.execute(
        select(office_role)
        .join(cohort, cohort.c.id == office_role.c.cohort_id)
        .where(*where, cohort.c.archived_at.is_(None))
        .order_by(office_role.c.cohort_id, office_role.c.workspace, office_role.c.role_id)
    )
    return [OfficeRole(CohortId(r.cohort_id), r.platform, r.workspace, r.role_id, Office(r.office)) for r in rows]


def bind(tx: Tx, new: OfficeRole) -> None:
    """Keeps what a role makes of people from now on; it made nothing of them in that cohort."""
    key = {"cohort_id": new.cohort, "platform": new.platform, "workspace": new.workspace, "role_id": new.role}
    tx.execute(insert(office_role).values(**key, office=new.office))


def drop(tx: Tx, old: OfficeRole) -> None:
    tx.execute(
        delete(office_role).where(
            office_role.c.cohort_id == old.cohort,
            office_role.c.platform == old.platform,
            office_role.c.workspace == old.workspace,
            office_role.c.role_id == old.role,
        )
    )


def holders(tx: Tx, key: str, of: CohortId, office: Office) -> Sequence[MemberId]:
    """Who holds an office in a cohort by a role of a workspace."""
    rows = tx.execute(
        select(membership.c.member_id)
        .where(
            membership.c.cohort_id == of,
            membership.c.role == office,
            membership.c.by_role == key,
            membership.c.left_at.is_(None),
        )
        .order_by(membership.c.member_id)
    )
    return [MemberId(id) for id in rows.scalars()]


def met_where_bound(tx: Tx, of: MemberId, platform: str) -> frozenset[str]:
    """The workspaces that are still there in which a member was met, and a role holds an office in a living cohort."""
    rows = tx.execute(
        select(office_role.c.workspace)
        .join(cohort, cohort.c.id == office_role.c.cohort_id)
        .join(
            presence,
            (presence.c.platform == office_role.c.platform) & (presence.c.workspace == office_role.c.workspace),
        )
        .join(
            workspace,
            (workspace.c.platform == office_role.c.platform) & (workspace.c.tenant == office_role.c.workspace),
        )
        .where(
            presence.c.member_id == of,
            presence.c.platform == platform,
            cohort.c.archived_at.is_(None),
            workspace.c.left_at.is_(None),
        )
    )
    return frozenset(rows.scalars())


def in_own_right(tx: Tx, members: Collection[MemberId]) -> frozenset[MemberId]:
    """Those of these members who are mentor or organiser of anything by more than a role."""
    rows = tx.execute(
        select(membership.c.member_id).where(
            membership.c.member_id.in_(members),
            membership.c.role != Office.LEARNER,
            membership.c.by_role.is_(None),
            membership.c.left_at.is_(None),
        )
    )
    return frozenset(MemberId(id) for id in rows.scalars())
