"""A workspace with people and channels, and an outbox that sends there in virtual time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.slack.gateway import SlackGateway, Users
from adapters.slack.installation import Installation, Team
from bot.model import Account, MemberId
from tests.adapters import outbox
from tests.adapters.outbox import NOON, Clock
from tests.slack.local import TEAM, LocalSlack

__all__ = ["NOON", "PEOPLE", "Clock", "Outbox", "Workspace", "account", "opened", "workspace"]

PEOPLE = {"U1": "Ana", "U2": "Ben", "U3": "Cem"}


@dataclass
class Workspace:
    slack: LocalSlack
    clock: Clock
    teams: dict[str, Team]
    """Those that have the app now."""
    users: Users

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new process sends from now on."""
        installation = Installation(self.slack.token, base_url=self.slack.api_url)
        self.gateway = SlackGateway(installation, lambda: self.teams, self.users)

    def account(self, user: str) -> Account:
        return account(user)


Outbox = outbox.Outbox[Workspace]


@contextmanager
def workspace(clock: Clock | None = None, **how: Any) -> Iterator[Workspace]:
    """`how`: as for LocalSlack."""
    clock = clock or Clock()
    with LocalSlack(clock=clock, **how) as slack:
        for id, name in PEOPLE.items():
            slack.person(id, name)
        slack.room("C1", "ml", PEOPLE)
        teams = {TEAM: Team(TEAM, "Rolecall", slack.world.teams[TEAM].bot_user, slack.token)}
        users = {MemberId(f"m:{id}"): id for id in PEOPLE}
        yield Workspace(slack, clock, teams, lambda team, members: users if team == TEAM else {})


def account(user: str) -> Account:
    return Account("slack", TEAM, user)


def opened(to: Workspace, folder: Path) -> AbstractContextManager[Outbox]:
    """On a database with the people of the workspace as its members."""
    return outbox.opened(to, PEOPLE, folder)
