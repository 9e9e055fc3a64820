"""`rolecall grant organiser|mentor NAME`: who may run cohorts and settle grades here."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.db import Database
from bot.errors import RolecallError


class Office(StrEnum):
    ORGANISER = "organiser"
    MENTOR = "mentor"


def grant(
    office: Annotated[Office, typer.Argument(help="organiser or mentor")],
    name: Annotated[str, typer.Argument(help="The member's name, or their user id on their platform.")],
    db: Database = "",
) -> None:
    """Make a member organiser or mentor of this installation."""
    from bot.cli.compose import random_id, wall_clock
    from bot.settings import Settings
    from bot.store import members
    from bot.store.session import open_store

    store = open_store(db or Settings().database_place, create=False)
    try:
        with store.begin() as tx:
            found = {member.id: (member, account) for member, account in members.named(tx, name)}
            if not found:
                raise RolecallError(
                    f"I know nobody called {name}. They have to say /rolecall start once; then try again, or by id."
                )
            if len(found) > 1:
                who = ", ".join(f"{a.platform}:{a.user_id}" for _, a in found.values())
                raise RolecallError(f"{len(found)} members are called {name}. Name one of {who}.")
            member, account = next(iter(found.values()))
            new = members.grant(tx, random_id(), member.id, office.value, wall_clock())
    finally:
        store.close()
    already = "" if new else " already"
    typer.echo(f"{member.name} ({account.platform} {account.user_id}) is{already} {office.value} here.")
