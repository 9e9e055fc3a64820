"""Somebody who agrees to reminders on a server is written to at once, and hears where their door is closed."""

from __future__ import annotations

import pytest

from bot.door import intents as i
from bot.door.intents import Intent
from bot.door.messages import Message, Unreachable
from tests.servers import Server, account, alone, member
from tests.talk import DAY, Talk, buttons, words

ON, OFF = i.SaveSettings(reminders="yes"), i.SaveSettings(reminders="no")
WHY = "Cannot send messages to this user"


@pytest.fixture
def server(chat: Talk) -> Server:
    server = Server(chat)
    server.comes()
    server.says("Ana", i.SaveSettings("Ana", "Europe/Berlin", "09:00", "mle", "no"))
    return server


def trial(server: Server, wish: Intent) -> Message | None:
    return server.reply("Ana", wish).trial


def tried(server: Server, why: str | None) -> Message | None:
    return server.chat.world.rolecall.door_tried(account("Ana"), why)


def test_the_first_message_comes_when_reminders_are_switched_on_and_says_when_others_will(server: Server) -> None:
    first = trial(server, ON)

    assert first is not None
    assert "remind you at 09:00 (Europe/Berlin)" in words(first)


def test_it_comes_only_with_the_change(server: Server) -> None:
    assert trial(server, i.SaveSettings(time="10:00")) is None
    trial(server, ON)

    assert trial(server, ON) is None
    assert trial(server, i.Help()) is None
    assert trial(server, i.Resume()) is None
    assert trial(server, OFF) is None
    assert trial(server, ON) is not None


def test_who_says_so_in_a_direct_message_is_not_tried(server: Server) -> None:
    assert alone(server.chat, "Ana", ON).trial is None


def test_where_it_arrives_there_is_nothing_to_say_and_reminders_come(server: Server) -> None:
    trial(server, ON)

    assert tried(server, None) is None

    server.says("Ana", i.SaveReminders(level="active"))
    server.chat.world.wait(2 * DAY)
    assert server.chat.inbox.pushes


def test_where_it_does_not_reminders_are_off_and_the_way_back_is_one_button(server: Server) -> None:
    server.says("Ana", i.SaveReminders(level="active"))
    trial(server, ON)

    told = tried(server, WHY)

    assert told is not None
    assert WHY in words(told)
    assert "switch Direct Messages on" in words(told)
    server.chat.world.wait(3 * DAY)
    assert server.chat.inbox.pushes == []
    assert trial(server, buttons(told)["Try again"]) is not None
    server.chat.world.wait(2 * DAY)
    assert server.chat.inbox.pushes


def test_who_switched_them_off_meanwhile_and_who_is_gone_are_left_alone(server: Server) -> None:
    trial(server, ON)
    server.says("Ana", OFF)
    before = member(server.chat, "Ana")
    tried(server, WHY)
    assert member(server.chat, "Ana") == before

    server.says("Ana", i.Delete("yes"))
    assert tried(server, WHY) is None
    assert tried(server, None) is None
    assert member(server.chat, "Ana") is None


def test_a_door_that_closes_later_is_tried_when_its_owner_resumes(server: Server) -> None:
    server.says("Ana", i.SaveReminders(level="active"))
    trial(server, ON)
    tried(server, None)
    server.chat.inbox.refuses = Unreachable(WHY)
    server.chat.world.wait(2 * DAY)

    heard = server.says("Ana", i.Help())

    assert "I could not write to you" in words(heard)
    assert trial(server, buttons(heard)["Resume"]) is not None


def test_a_pause_of_ones_own_ends_without_a_trial(server: Server) -> None:
    trial(server, ON)
    server.says("Ana", i.Pause())

    assert trial(server, i.Resume()) is None
