"""Somebody goes silent: an organiser hears of it where they agreed, once, and never where they did not."""

from __future__ import annotations

import pytest

from bot.cohorts.silence import SILENT
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.messages import Push
from tests.cohorts.group import Group, group
from tests.talk import DAY, Talk, words

HOUR = DAY / 24


def agrees(of: Group, name: str, agreed: str = "yes") -> None:
    of.says(name, c.Appear(of.id, check_in=agreed))


def notes(chat: Talk, to: str = "Olga") -> list[Push]:
    account = chat.actor(to).account
    return [p for p in chat.inbox.pushes if p.key.startswith(SILENT) and getattr(p.to, "account", None) == account]


@pytest.fixture
def spring(chat: Talk) -> Group:
    """Three learners, of whom Ana and Ben agreed; it is Monday."""
    made = group(chat, learners=("Ana", "Ben", "Cleo"))
    agrees(made, "Ana")
    agrees(made, "Ben")
    return made


def test_after_ten_days_the_organiser_hears_on_wednesday_who_agreed(spring: Group, chat: Talk) -> None:
    chat.world.wait(9 * DAY)
    spring.says("Ben", i.Practice())
    assert notes(chat) == []

    chat.world.wait(8 * DAY)

    (push,) = notes(chat)
    said = words(push.message)
    assert "Ana" in said
    assert "Ben" not in said
    assert "Cleo" not in said
    assert "Ana" not in push.message.summary


def test_who_did_not_agree_is_neither_named_nor_counted(chat: Talk) -> None:
    group(chat, learners=("Ana", "Ben", "Cleo"))

    chat.world.wait(30 * DAY)

    assert notes(chat) == []


def test_who_takes_it_back_is_not_named(spring: Group, chat: Talk) -> None:
    agrees(spring, "Ana", "no")

    chat.world.wait(20 * DAY)

    assert all("Ana" not in words(p.message) for p in notes(chat))


def test_nobody_is_named_again_within_four_weeks(spring: Group, chat: Talk) -> None:
    chat.world.wait(40 * DAY)
    assert len(notes(chat)) == 1

    chat.world.wait(5 * DAY)
    assert len(notes(chat)) == 2


def test_a_pause_is_a_decision_and_no_silence(spring: Group, chat: Talk) -> None:
    spring.says("Ana", i.Pause())

    chat.world.wait(30 * DAY)

    assert all("Ana" not in words(p.message) for p in notes(chat))


def test_the_days_after_a_pause_are_what_counts(spring: Group, chat: Talk) -> None:
    spring.says("Ana", i.Pause("14"))

    chat.world.wait(20 * DAY)
    assert all("Ana" not in words(p.message) for p in notes(chat))

    chat.world.wait(14 * DAY)
    assert any("Ana" in words(p.message) for p in notes(chat))


def test_an_organiser_who_is_away_hears_nothing_and_it_is_told_when_they_are_back(spring: Group, chat: Talk) -> None:
    spring.says("Olga", i.Pause("20"))

    chat.world.wait(19 * DAY)
    assert notes(chat) == []

    chat.world.wait(10 * DAY)
    (push,) = notes(chat)
    assert "Ana" in words(push.message)


def test_the_note_waits_for_the_organisers_morning_and_leaves_out_who_came_back_meanwhile(chat: Talk) -> None:
    spring = group(chat, learners=("Ana", "Ben"), zone="Asia/Tokyo")
    agrees(spring, "Ana")
    agrees(spring, "Ben")
    chat.settled("Olga")
    spring.says("Olga", i.SaveReminders(quiet="00:00-08:00"))

    chat.world.wait(15 * DAY + 20 * HOUR)  # 05:00 for Olga, and Wednesday 10:00 in Tokyo is over
    assert notes(chat) == []
    spring.says("Ana", i.Help())
    chat.world.wait(4 * HOUR)

    (push,) = notes(chat)
    assert "Ben" in words(push.message)
    assert "Ana" not in words(push.message)


def test_who_leaves_is_forgotten(spring: Group, chat: Talk) -> None:
    spring.says("Ana", c.LeaveCohort(spring.id, "yes"))
    spring.says("Ben", i.Delete("yes"))

    chat.world.wait(20 * DAY)

    assert notes(chat) == []


def test_before_the_first_day_and_after_the_last_nobody_is_silent(chat: Talk) -> None:
    later = group(chat, learners=("Ana",), starts="2026-02-02", ends="2026-02-20")
    agrees(later, "Ana")

    chat.world.wait(36 * DAY)
    assert notes(chat) == []

    chat.world.wait(60 * DAY)
    assert len(notes(chat)) == 1


def test_two_organisers_both_hear_and_none_hears_of_themselves(spring: Group, chat: Talk) -> None:
    agrees(spring, "Ben", "no")
    spring.says("Olga", c.Appoint(spring.id, "Ana", "organiser"))

    chat.world.wait(17 * DAY)

    assert len(notes(chat, "Olga")) == 1
    assert notes(chat, "Ana") == []


def test_the_member_finds_it_in_what_is_kept_of_them_and_nothing_of_it_in_a_channel(spring: Group, chat: Talk) -> None:
    chat.world.wait(17 * DAY)

    assert [row["kind"] for row in chat.kept("Ana")["log"] if row["kind"] == "named_silent"] == ["named_silent"]
    assert all("Ana" not in words(p.message) for p in spring.posts)
