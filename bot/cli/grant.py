"""`rolecall grant organiser|mentor|learner NAME`: who may run cohorts and settle grades, here or in one cohort."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.db import Database
from bot.cohort_model import Cohort, Office, Preset
from bot.errors import RolecallError
from bot.model import Account, CohortId, Member

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store.session import Tx


class Reviewers(StrEnum):
    """Who settles doubtful grades in a cohort."""

    MENTORS = "mentors"
    PEERS = "peers"
    NONE = "none"


def grant(
    office: Annotated[Office, typer.Argument(help="organiser, mentor, or learner of a cohort")],
    name: Annotated[str, typer.Argument(help="The member's name, or their user id on their platform.")],
    cohort: Annotated[str, typer.Option(help="Only in this cohort, by name or id; it is made if there is none.")] = "",
    reviewers: Annotated[
        Reviewers | None, typer.Option(help="Who settles doubtful grades in that cohort: mentors, peers or none.")
    ] = None,
    blind: Annotated[
        bool | None, typer.Option("--blind/--open", help="Whether reviewers and learners of it see no names.")
    ] = None,
    db: Database = "",
) -> None:
    """Make a member organiser or mentor of this installation, or organiser, mentor or learner of a cohort."""
    from bot.cli.compose import random_id, wall_clock
    from bot.settings import Settings
    from bot.store import cohorts, members
    from bot.store.session import open_store

    if not cohort and (office is Office.LEARNER or reviewers is not None or blind is not None):
        raise RolecallError("Name the cohort that this is about, such as --cohort Spring.")
    store = open_store(db or Settings().database_place, create=False)
    try:
        with store.begin() as tx:
            member, account = the_member(tx, name)
            now, where = wall_clock(), "here"
            if cohort:
                found = _cohort(tx, cohort.strip(), member, now, random_id)
                wanted = replace(
                    found,
                    reviewers=reviewers.value if reviewers else found.reviewers,
                    blind=found.blind if blind is None else blind,
                )
                if wanted != found:
                    cohorts.save(tx, wanted)
                where = f"of {found.name}"
                new = cohorts.enrol(tx, random_id(), member.id, found.id, office.value, now)
            else:
                new = members.grant(tx, random_id(), member.id, office.value, now)
    finally:
        store.close()
    already = "" if new else " already"
    typer.echo(f"{member.name} ({account.platform} {account.user_id}) is{already} {office.value} {where}.")


def the_member(tx: Tx, name: str) -> tuple[Member, Account]:
    """The one member of this name or id. Raises RolecallError where there is none, or several."""
    from bot.store import members

    found = {member.id: (member, account) for member, account in members.named(tx, name)}
    if not found:
        raise RolecallError(
            f"I know nobody called {name}. They have to say /rolecall start once; then try again, or by id."
        )
    if len(found) > 1:
        who = ", ".join(f"{a.platform}:{a.user_id}" for _, a in found.values())
        raise RolecallError(f"{len(found)} members are called {name}. Name one of {who}.")
    return next(iter(found.values()))


def _cohort(tx: Tx, name: str, member: Member, now: datetime, new_id: Callable[[], str]) -> Cohort:
    """The one cohort of this name or id; a new one, for which people have to be invited, takes the member's zone.

    Raises RolecallError where several are called so.
    """
    from bot.store import cohorts

    if not name or len(name) > cohorts.NAME:
        raise RolecallError(f"A cohort's name has 1 to {cohorts.NAME} characters.")
    living = cohorts.living(tx)
    known = [c for c in living if c.id == name] or [c for c in living if c.name.casefold() == name.casefold()]
    if len(known) > 1:
        ids = ", ".join(c.id for c in known)
        raise RolecallError(
            f"{len(known)} cohorts are called {name}. Name one of {ids}; rolecall cohort list tells more."
        )
    if known:
        return known[0]
    made = Cohort(CohortId(new_id()), name, Preset.STUDY_GROUP, member.zone, now, self_service=False)
    cohorts.create(tx, made)
    return made
