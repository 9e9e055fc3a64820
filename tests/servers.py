"""A workspace of a platform that knows people by one id everywhere, tells their roles, and may shut their doors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.cohort_model import Cohort
from bot.door import cohort_intents as c
from bot.door.intents import Intent
from bot.door.invocation import Actor, Invocation, Place
from bot.door.messages import Message, Reply
from bot.model import Account, Member
from bot.store import cohorts, members
from tests.talk import Talk


@dataclass
class Server:
    """On the platform that the tests' inbox serves; people may be on several."""

    chat: Talk
    id: str = "S1"
    roles: dict[str, set[str]] = field(default_factory=dict)
    """By the name of who holds them here."""
    run_by: set[str] = field(default_factory=set)
    """Who manages it."""

    def comes(self) -> None:
        self.chat.world.rolecall.workspace_here("terminal", self.id, "Bookshop")

    def leaves(self) -> None:
        self.chat.world.rolecall.workspace_left("terminal", self.id)

    def here(self, name: str, wish: Intent, channel: str = "general") -> Invocation:
        """Somebody wishes something in a channel."""
        runs, held = name in self.run_by, frozenset(self.roles.get(name, ()))
        actor = Actor(account(name), name, manages=runs, organises=runs, roles={self.id: held})
        return Invocation(self.chat.world.new_key(), actor, Place(self.id, channel, is_private=False), wish)

    def reply(self, name: str, wish: Intent, channel: str = "general") -> Reply:
        found = self.chat.world.rolecall.reply_to(self.here(name, wish, channel))
        assert found is not None
        self.chat.world.settle()
        return found

    def says(self, name: str, wish: Intent, channel: str = "general") -> Message:
        return self.reply(name, wish, channel).message

    def meets(self, name: str = "Spring", organiser: str = "Olga") -> Cohort:
        """Somebody who manages it sets up a cohort that meets in a channel there."""
        self.run_by.add(organiser)
        self.says(organiser, c.CreateCohort(name, "study_group", "UTC"), f"room-{name}")
        with self.chat.tx() as tx:
            return next(one for one in cohorts.living(tx) if one.name == name)


def account(name: str) -> Account:
    return Account("terminal", "", name.lower())


def alone(chat: Talk, name: str, wish: Intent, looked_up: Iterable[Server] = ()) -> Reply:
    """What somebody hears in a direct message; `looked_up`: the servers whose roles the platform was asked for."""
    roles = {s.id: frozenset(s.roles.get(name, ())) for s in looked_up}
    place = Place("", f"dm:{name}", is_private=True)
    reply = chat.world.rolecall.reply_to(
        Invocation(chat.world.new_key(), Actor(account(name), name, roles=roles), place, wish)
    )
    assert reply is not None
    chat.world.settle()
    return reply


def member(chat: Talk, name: str) -> Member | None:
    with chat.tx() as tx:
        return members.of_account(tx, account(name))
