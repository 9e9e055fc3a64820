"""Offices that come with a role of the platform: whoever holds the role holds the office, for as long as they do.

Who holds which role is the platform's to say, at each wish; somebody of whom it says nothing keeps what they hold.
"""

from __future__ import annotations

import re
from datetime import datetime

from bot.cohort_model import Cohort, Office
from bot.cohorts import by_role_words as words
from bot.cohorts import joining
from bot.context import Context
from bot.door.messages import Message
from bot.errors import FieldError, RolecallError
from bot.model import MemberId
from bot.store import cohorts, members, office_roles
from bot.store.office_roles import OfficeRole
from bot.store.session import Tx

_MENTION = re.compile(r"<@&([0-9]{1,20})>")


def mentioned(who: str) -> str | None:
    """The platform's id of the role that is mentioned, if one is."""
    found = _MENTION.fullmatch(who.strip())
    return found[1] if found else None


def appoint(ctx: Context, cohort: Cohort, role: str, office: str) -> Message:
    """Makes whoever holds a role of this workspace mentor or organiser, or ends that. The cohort is locked.

    Raises FieldError for learner, which is everybody's own choice, and RolecallError where there are no roles, or the
    role is everybody's.
    """
    account, workspace = ctx.account, ctx.place.workspace if ctx.place else ""
    if account is None or workspace not in ctx.roles:
        raise RolecallError(words.NO_ROLES_HERE)
    if role == workspace:
        raise RolecallError(words.EVERYBODY)
    if office == Office.LEARNER:
        raise FieldError("office", words.NOT_LEARNERS)
    known = office_roles.of_cohort(ctx.tx, cohort.id)
    here = (account.platform, workspace)
    before = next((r for r in known if (r.platform, r.workspace, r.role) == (*here, role)), None)
    if office == "none":
        if before:
            unbind(ctx.tx, before, ctx.now)
        return words.unbound(cohort, role, before.office if before else None)
    new = OfficeRole(cohort.id, *here, role, Office(office))
    if before != new:
        if before:
            unbind(ctx.tx, before, ctx.now)
        office_roles.bind(ctx.tx, new)
    return words.bound(cohort, role, new.office, changed=before != new)


def unbind(tx: Tx, old: OfficeRole, now: datetime) -> None:
    """Ends what a role makes of people. Where another role there makes the same of them, whoever holds neither loses it
    at their next wish, as always."""
    cohort = cohorts.cohort_of(tx, old.cohort, lock=True)
    office_roles.drop(tx, old)
    others = office_roles.of_cohort(tx, old.cohort)
    if cohort is None or any(r.key == old.key and r.office is old.office for r in others):
        return
    for member in office_roles.holders(tx, old.key, old.cohort, old.office):
        _end(tx, member, cohort, old.office, now)


def follow(ctx: Context) -> None:
    """Gives and takes offices as the member's roles are now, in the workspaces that the platform has told of."""
    if not ctx.roles or ctx.account is None:
        return
    bound = office_roles.in_workspaces(ctx.tx, ctx.account.platform, ctx.roles)
    if not bound:
        return
    seats = cohorts.seats_of(ctx.tx, ctx.member.id)
    held = {(s.cohort, s.office): s.by_role for s in seats}
    due = {(r.cohort, r.office): r for r in bound if r.role in ctx.roles[r.workspace]}
    keys = {r.key for r in bound}
    gone = {seat for seat, key in held.items() if key in keys and seat not in due}
    changes = gone | (due.keys() - held.keys())
    if changes:
        members.lock(ctx.tx, [ctx.member.id])  # before cohorts, as whoever books their points does
    for id, office in sorted(changes):
        cohort = cohorts.cohort_of(ctx.tx, id, lock=True)
        if cohort is None:
            continue
        if (id, office) in gone:
            _end(ctx.tx, ctx.member.id, cohort, office, ctx.now)
        elif (role := due[id, office]) in office_roles.of_cohort(ctx.tx, id):  # until the lock it could be ended
            new = ctx.new_id()
            cohorts.enrol(ctx.tx, new, ctx.member.id, id, office, ctx.now, by_role=role.key, joined_as=ctx.account)


def lose(tx: Tx, member: MemberId, platform: str, now: datetime) -> None:
    """Ends what roles of a platform make of a member who has given up an account there: it held the roles.

    By another account there they have it again at their next wish.
    """
    seats = [s for s in cohorts.seats_of(tx, member) if (s.by_role or "").startswith(f"{platform}:")]
    if seats:
        members.lock(tx, [member])
    for seat in sorted(seats, key=lambda s: (s.cohort, s.office)):
        if cohort := cohorts.cohort_of(tx, seat.cohort, lock=True):
            _end(tx, member, cohort, seat.office, now)


def _end(tx: Tx, member: MemberId, cohort: Cohort, office: Office, now: datetime) -> None:
    joining.vacate(tx, member, cohort, now, *(o for o in Office if o is not office))
