"""A server that removes Rolecall: after two weeks it is forgotten, with those who were met there and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.store.tables import account as accounts
from bot.store.tables import metadata, presence
from tests.servers import Server, alone, member
from tests.talk import DAY, Talk, talk


@pytest.fixture
def server(chat: Talk) -> Server:
    server = Server(chat)
    server.comes()
    return server


def two_weeks_later(chat: Talk) -> None:
    for _ in range(15):
        chat.world._move_to(chat.world.now() + DAY)
        chat.world.settle()
    chat.world.rolecall.forget_left()


def kept_of(chat: Talk, text: str) -> list[str]:
    """The tables in which a text stands anywhere."""
    with chat.tx() as tx:
        return [t.name for t in metadata.sorted_tables if any(text in str(row) for row in tx.execute(t.select()))]


def test_who_was_met_only_there_is_forgotten_with_the_server(server: Server) -> None:
    server.meets()
    server.says("Ana", i.Start())
    ana = member(server.chat, "Ana")
    assert ana is not None
    server.leaves()

    two_weeks_later(server.chat)

    for text in (ana.id, "Ana", "Olga", "S1", "room-Spring", "Bookshop", "Spring"):
        assert kept_of(server.chat, text) == []


def test_who_was_met_on_two_servers_is_forgotten_with_the_second(tmp_path: Path, store_place: str) -> None:
    with talk(tmp_path, db=store_place) as chat:
        first, second = Server(chat, "S1"), Server(chat, "S2")
        for server in (first, second):
            server.comes()
            server.says("Ana", i.Start())

        first.leaves()
        two_weeks_later(chat)
        assert member(chat, "Ana") is not None
        assert kept_of(chat, "S1") == []

        second.leaves()
        two_weeks_later(chat)
        assert member(chat, "Ana") is None


def test_who_was_only_met_in_private_stays(server: Server) -> None:
    alone(server.chat, "Ana", i.Start())
    server.leaves()

    two_weeks_later(server.chat)

    assert member(server.chat, "Ana") is not None


def test_who_has_an_account_on_another_platform_stays(server: Server) -> None:
    server.says("Ana", i.Start())
    ana = member(server.chat, "Ana")
    assert ana is not None
    with server.chat.tx() as tx:
        row = {"platform": "slack", "tenant": "T02AB3CD4", "user_id": "U02AB3CD4", "display_name": "Ana"}
        tx.execute(insert(accounts).values(**row, member_id=ana.id, linked_at=server.chat.world.now()))
    server.leaves()

    two_weeks_later(server.chat)

    assert member(server.chat, "Ana") == ana
    assert kept_of(server.chat, "S1") == []


def test_the_list_of_a_cohort_that_met_there_goes_and_that_of_another_stays(server: Server) -> None:
    other = Server(server.chat, "S2")
    other.comes()
    spring = server.meets("Spring", "Olga")
    other.meets("Autumn", "Oskar")
    server.says("Olga", c.Appoint(who="terminal:guest-of-spring", office="learner"))
    other.says("Oskar", c.Appoint(who="terminal:guest-of-autumn", office="learner"))
    other.says("Ben", c.JoinCohort(spring.invite_code or ""))
    assert kept_of(server.chat, "guest-of-spring") == ["invitation"]
    server.leaves()

    two_weeks_later(server.chat)

    assert kept_of(server.chat, "guest-of-spring") == []
    assert kept_of(server.chat, "guest-of-autumn") == ["invitation"]
    assert kept_of(server.chat, "Spring") == ["cohort"]  # Ben is still in it


def test_a_server_that_comes_back_in_time_finds_everybody(server: Server) -> None:
    server.says("Ana", i.Start())
    server.leaves()
    server.comes()

    two_weeks_later(server.chat)

    assert member(server.chat, "Ana") is not None


def test_it_is_kept_once_where_somebody_was_met(server: Server) -> None:
    for _ in range(3):
        server.says("Ana", i.Help())
    alone(server.chat, "Ana", i.Help())
    server.chat.say("Ana", i.Help())  # whose workspace is no server that anybody has spoken of

    with server.chat.tx() as tx:
        assert [r.workspace for r in tx.execute(presence.select())] == ["S1"]


def test_the_servers_that_are_there_are_known(server: Server) -> None:
    Server(server.chat, "S2").comes()
    server.leaves()

    assert server.chat.world.rolecall.workspaces("terminal") == {"S2"}
    assert server.chat.world.rolecall.workspaces("slack") == frozenset()
