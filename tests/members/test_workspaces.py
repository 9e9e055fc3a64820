"""A workspace that removes Rolecall: nothing is sent there, it may come back, and after two weeks it is forgotten."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import insert

from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.intents import Intent
from bot.door.invocation import Actor, Invocation, Place
from bot.door.messages import ChannelPost, Message, Push
from bot.model import Account, Member
from bot.store import cohorts, members
from bot.store.tables import account, metadata
from tests.talk import DAY, Talk

ROOM = "C1"


@dataclass
class Team:
    """People of one workspace, on the platform that the tests' inbox serves."""

    chat: Talk
    id: str = "T1"

    def actor(self, name: str) -> Actor:
        return Actor(Account("terminal", self.id, name.lower()), name, manages=True)

    def says(self, name: str, wish: Intent, channel: str = "") -> Message:
        key, where = self.chat.world.new_key(), Place(self.id, channel or f"dm:{name}", is_private=not channel)
        reply = self.chat.world.rolecall.reply_to(Invocation(key, self.actor(name), where, wish))
        assert reply is not None
        self.chat.world.settle()
        return reply.message

    def settles(self, name: str) -> None:
        """Somebody practises, and wishes to be reminded every day."""
        self.says(name, i.Start())
        self.says(name, i.SubmitAnswer(answer="I would look at recall, since most payments are fine."))
        self.says(name, i.SaveSettings(name, "UTC", "09:00", "ai_engineer", "yes"))
        self.says(name, i.SaveReminders(level="active"))

    def meets(self, name: str = "Olga") -> None:
        """Somebody sets up a cohort that meets in a channel there."""
        self.says(name, c.CreateCohort("Spring", "study_group", "UTC"), ROOM)

    def member(self, name: str) -> Member | None:
        with self.chat.tx() as tx:
            return members.of_account(tx, self.actor(name).account)

    @property
    def pushes(self) -> list[Push]:
        """All that came there by itself."""

        def is_there(push: Push) -> bool:
            to = push.to
            return to.workspace == self.id if isinstance(to, ChannelPost) else to.account.tenant == self.id

        return [p for p in self.chat.inbox.pushes if is_there(p)]

    def leaves(self) -> None:
        self.chat.world.rolecall.workspace_left("terminal", self.id)

    def comes(self) -> None:
        self.chat.world.rolecall.workspace_here("terminal", self.id, "Bookshop")


@pytest.fixture
def team(chat: Talk) -> Team:
    team = Team(chat)
    team.comes()
    return team


def later(chat: Talk, days: int) -> None:
    """Days go by, with a look at what is due on each: `wait` would look every minute after what is held."""
    for _ in range(days):
        chat.world._move_to(chat.world.now() + DAY)
        chat.world.settle()


def forget(chat: Talk) -> None:
    chat.world.rolecall.forget_left()


def kept_of(chat: Talk, text: str) -> list[str]:
    """The tables in which a text stands anywhere."""
    with chat.tx() as tx:
        return [t.name for t in metadata.sorted_tables if any(text in str(row) for row in tx.execute(t.select()))]


def test_nothing_is_sent_to_a_workspace_that_has_left(team: Team) -> None:
    team.settles("Ana")
    team.leaves()

    later(team.chat, 10)

    assert team.pushes == []


def test_others_get_their_messages_meanwhile(team: Team) -> None:
    other = Team(team.chat, "T2")
    other.comes()
    team.settles("Ana")
    other.settles("Ben")
    team.leaves()

    later(team.chat, 6)

    assert team.pushes == []
    assert other.pushes


def test_a_workspace_that_comes_back_goes_on_where_it_was(team: Team) -> None:
    team.meets()
    team.settles("Ana")
    team.leaves()
    team.says("Olga", c.Announce("We meet on Thursday.", "Spring"))
    later(team.chat, 1)
    forget(team.chat)
    assert team.pushes == []

    team.comes()
    team.chat.world.settle()

    assert [p.key.split(":")[0] for p in team.pushes] == ["announcement", "review_due"]


def test_after_two_weeks_all_that_was_kept_of_it_is_gone(team: Team) -> None:
    team.meets()
    team.settles("Ana")
    ana = team.member("Ana")
    assert ana is not None
    team.leaves()

    later(team.chat, 13)
    forget(team.chat)
    assert team.member("Ana") is not None
    later(team.chat, 2)
    forget(team.chat)

    assert team.member("Ana") is None
    for text in (ana.id, "Ana", "recall, since most", "T1", "C1", "Bookshop", "Spring"):
        assert kept_of(team.chat, text) == []


def test_it_does_not_matter_how_often_or_in_which_order_it_is_said(team: Team) -> None:
    team.settles("Ana")
    team.leaves()
    later(team.chat, 8)
    team.leaves()
    later(team.chat, 7)

    forget(team.chat)
    forget(team.chat)
    team.leaves()

    assert team.member("Ana") is None


def test_somebody_who_is_known_elsewhere_keeps_what_they_learned(team: Team) -> None:
    team.settles("Ana")
    ana = team.member("Ana")
    assert ana is not None
    elsewhere = Account("terminal", "T2", "ana")
    with team.chat.tx() as tx:
        row = {"platform": "terminal", "tenant": "T2", "user_id": "ana", "display_name": "Ana"}
        tx.execute(insert(account).values(**row, member_id=ana.id, linked_at=team.chat.world.now()))
    team.leaves()
    later(team.chat, 15)

    forget(team.chat)

    with team.chat.tx() as tx:
        assert members.accounts(tx, ana.id) == (elsewhere,)
        assert len(members.everything(tx, ana.id)["attempt"]) == 1


def test_a_cohort_that_people_of_elsewhere_are_in_goes_on_without_its_channel(team: Team) -> None:
    team.meets()
    other = Team(team.chat, "T2")
    with team.chat.tx() as tx:
        (spring,) = cohorts.living(tx)
    other.says("Ben", c.JoinCohort(spring.invite_code or ""))
    team.leaves()
    later(team.chat, 15)

    forget(team.chat)

    with team.chat.tx() as tx:
        assert [one.name for one in cohorts.living(tx)] == ["Spring"]
        assert cohorts.channels(tx, spring.id) == []


def test_a_workspace_that_comes_back_while_it_is_being_forgotten_keeps_the_rest(team: Team) -> None:
    team.settles("Ana")
    team.settles("Ben")
    team.leaves()
    later(team.chat, 15)
    asked: list[bool] = []

    def stopping() -> bool:
        if asked:
            team.comes()
        asked.append(True)
        return False

    team.chat.world.rolecall.forget_left(stopping)

    assert [team.member(name) is None for name in ("Ana", "Ben")].count(True) == 1


def test_a_stop_leaves_the_rest_for_the_next_time(team: Team) -> None:
    team.settles("Ana")
    team.settles("Ben")
    team.leaves()
    later(team.chat, 15)
    answers = iter([False, True])

    team.chat.world.rolecall.forget_left(lambda: next(answers))
    assert [team.member(name) is None for name in ("Ana", "Ben")].count(True) == 1

    forget(team.chat)
    assert [team.member(name) for name in ("Ana", "Ben")] == [None, None]
