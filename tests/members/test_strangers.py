"""Whom a platform shows us before they have said anything: they are welcomed, and nothing is kept of them."""

from __future__ import annotations

from pathlib import Path

from bot.door import intents as i
from bot.door.invocation import Actor, Invocation, Place
from bot.model import Account, MemberId
from tests.talk import Talk, buttons, talk, words


def test_a_stranger_is_told_what_stays_private_and_where_to_begin(chat: Talk) -> None:
    heard = chat.world.rolecall.welcome()

    assert "Until you do, I keep nothing about you" in words(heard)
    assert [(b.label, b.intent) for b in heard.buttons if b.primary] == [("Start", i.Start())]
    assert chat.say("Ana", buttons(heard)["Start"]).buttons


def test_to_be_welcomed_makes_nobody_a_member(chat: Talk) -> None:
    chat.world.rolecall.welcome()

    assert chat.world.rolecall.zone_of(Account("terminal", "", "zoe")) is None


def test_members_are_known_by_what_a_platform_calls_them_there(chat: Talk) -> None:
    chat.say("Ana", i.Start())
    chat.say("Ben", i.Start())
    ana, ben, nobody = chat.member("Ana"), chat.member("Ben"), MemberId("nobody")

    rolecall = chat.world.rolecall

    assert rolecall.user_ids("terminal", "", [ana, ben, nobody]) == {ana: "ana", ben: "ben"}
    assert rolecall.user_ids("terminal", "T1", [ana]) == {}
    assert rolecall.user_ids("slack", "", [ana]) == {}


def test_a_display_name_that_no_database_keeps_is_no_hindrance(store_place: str, tmp_path: Path) -> None:
    half_an_emoji, at = "\ud83d", Place("S1", "general", is_private=False)
    newcomer = Actor(Account("terminal", "", "zoe"), f"Zo\0e {half_an_emoji}")

    with talk(tmp_path, db=store_place) as chat:
        said = chat.world.rolecall.reply_to(Invocation("1", newcomer, at, i.Start()))

    assert said and "Hello Zoe." in words(said.message)
