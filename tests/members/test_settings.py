"""Settings, pauses and snoozes, and what a member can ask about their reminders."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.catalogue import load
from bot.door import intents as i
from bot.errors import FieldError, RolecallError
from bot.members import fields
from bot.model import Role
from bot.vocabulary import targets
from tests.talk import DAY, MONDAY, Talk, buttons, words

TARGETS = targets(load().landscape)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_zones_are_taken_as_people_write_them(typed: str, zone: str) -> None:
    assert fields.zone(typed) == zone


@pytest.mark.parametrize(
    ("typed", "meant"), [("Europe/Berln", "Europe/Berlin"), ("Lodon", "Europe/London"), ("CET", "Europe/Berlin")]
)
def test_an_unknown_zone_names_the_nearest(typed: str, meant: str) -> None:
    with pytest.raises(FieldError, match=f"Did you mean {meant}") as refused:
        fields.zone(typed)
    assert refused.value.field == "zone"


@pytest.mark.parametrize(
    ("typed", "wall"),
    [
        ("09:00", time(9)),
        ("9.30", time(9, 30)),
        ("18h05", time(18, 5)),
        ("7h", time(7)),
        ("9pm", time(21)),
        ("12 am", time(0)),
    ],
)
def test_times_are_taken_as_people_write_them(typed: str, wall: time) -> None:
    assert fields.wall_time(typed) == wall


@pytest.mark.parametrize("typed", ["25:00", "9:60", "soon", "", "13pm", "-1:00"])
def test_a_time_that_is_none_says_how_to_write_one(typed: str) -> None:
    with pytest.raises(FieldError, match="Write it like 09:00"):
        fields.wall_time(typed)


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("mle", Role.MLE),
        ("ml eng", Role.MLE),
        ("AI-Engineers", Role.AI_ENGINEER),
        ("Data scientist", Role.DATA_SCIENTIST),
        ("not sure yet", None),
        ("unsure", None),
        (" ", None),
    ],
)
def test_roles_are_taken_by_any_of_their_names(typed: str, role: Role | None) -> None:
    assert fields.role(typed, TARGETS) is role


def test_a_role_that_nobody_offers_is_refused_with_those_that_are() -> None:
    with pytest.raises(FieldError, match=r"I know no role called “chef”\. Choose from AI engineer") as refused:
        fields.role("chef", TARGETS)
    assert refused.value.field == "role"


def test_names_lose_control_characters_and_keep_their_letters() -> None:
    assert fields.name(" Zoë\x1b[31m \u202e Ångström ") == "Zoë[31m Ångström"
    with pytest.raises(FieldError):
        fields.name("\u200b\u202e")
    with pytest.raises(FieldError, match="300 characters"):
        fields.name("x" * 300)


def test_a_refused_field_changes_nothing(chat: Talk) -> None:
    chat.settled("Ana")

    with pytest.raises(FieldError):
        chat.say("Ana", i.SaveSettings(name="Anna", zone="Atlantis"))

    assert chat.form("Ana", i.Settings()).fields[0].initial == "Ana"


def test_moving_zones_moves_the_reminder(chat: Talk) -> None:
    chat.settled("Ana", zone="UTC")
    chat.say("Ana", i.Skip())
    chat.say("Ana", i.SaveSettings(zone="Asia/Tokyo", time="08:00"))

    push = chat.until_pushed()

    assert push.message.title == "Time to recall"
    ledger = chat.kept("Ana")["outbox"]
    sent = next(r["sent_at"] for r in ledger if r["state"] == "sent")
    assert (sent.hour, sent.minute) == (23, 0)


def test_a_pause_silences_and_ends_by_itself(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.Skip())

    heard = chat.say("Ana", i.Pause("7"))
    chat.world.wait(6 * DAY)
    silent = len(chat.inbox.pushes)
    chat.world.wait(2 * DAY)

    assert "until 2026-01-12" in words(heard)
    assert silent == 0
    assert chat.inbox.pushes


def test_an_open_pause_lasts_until_resume(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.Skip())
    chat.say("Ana", i.Pause())
    chat.world.wait(30 * DAY)
    assert chat.inbox.pushes == []

    heard = chat.say("Ana", i.Resume())
    chat.world.wait(DAY)

    assert "The pause is over" in words(heard)
    assert len(chat.inbox.pushes) == 1


def test_reminders_off_means_none(chat: Talk) -> None:
    chat.settled("Ana", reminders="no")
    chat.say("Ana", i.Skip())

    chat.world.wait(30 * DAY)

    assert chat.inbox.pushes == []
    assert "Reminders are off" in words(chat.say("Ana", i.Why()))


def test_snooze_moves_the_next_reminder(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.Skip())
    chat.until_pushed()

    chat.say("Ana", i.Snooze("3h"))
    chat.world.wait(timedelta(hours=2, minutes=59))
    assert len(chat.inbox.pushes) == 1
    chat.world.wait(timedelta(minutes=1))
    assert len(chat.inbox.pushes) == 2


def test_snooze_by_a_day_brings_one_reminder_tomorrow(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.Skip())
    chat.until_pushed()
    chat.world.wait(timedelta(minutes=5))

    chat.say("Ana", i.Snooze())
    chat.world.wait(DAY)

    assert len(chat.inbox.pushes) == 2


def test_snoozed_past_the_usual_hour_of_another_day_only_one_comes_that_day(chat: Talk) -> None:
    chat.settled("Ana")
    chat.until_pushed()
    chat.world.wait(timedelta(hours=23))  # 08:00, an hour before the usual time
    before = len(chat.inbox.pushes)

    chat.say("Ana", i.Snooze("1d"))
    chat.world.wait(timedelta(hours=24, minutes=30))

    assert len(chat.inbox.pushes) == before + 1


def test_a_second_snooze_takes_the_place_of_the_first(chat: Talk) -> None:
    chat.settled("Ana")
    chat.until_pushed()
    before = len(chat.inbox.pushes)

    chat.say("Ana", i.Snooze("2h"))
    chat.say("Ana", i.Snooze("4h"))
    chat.world.wait(timedelta(hours=5))

    assert len(chat.inbox.pushes) == before + 1


def test_a_long_snooze_comes_all_the_same(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.SaveReminders(summary="no"))
    chat.until_pushed()
    before = len(chat.inbox.pushes)

    chat.say("Ana", i.Snooze("3w"))
    chat.world.wait(20 * DAY)
    assert len(chat.inbox.pushes) == before
    chat.world.wait(DAY)
    assert len(chat.inbox.pushes) == before + 1


def test_during_a_pause_there_is_nothing_to_snooze(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.Pause("10"))

    heard = chat.say("Ana", i.Snooze())

    assert "no reminder to move: reminders are paused" in words(heard)
    assert buttons(heard) == {"Resume": i.Resume()}


def test_with_reminders_off_there_is_nothing_to_snooze(chat: Talk) -> None:
    chat.say("Ana", i.Start())

    heard = chat.say("Ana", i.Snooze())

    assert "no reminder to move: reminders are off" in words(heard)
    assert buttons(heard) == {"Settings": i.Settings()}


def test_a_third_message_of_a_day_is_promised_for_tomorrow_and_comes_then(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.Skip())
    chat.until_pushed()
    day = chat.world.now()
    chat.say("Ana", i.Snooze("3h"))
    chat.world.wait(timedelta(hours=3))

    heard = words(chat.say("Ana", i.Snooze("3h")))
    chat.world.wait(day + DAY - chat.world.now())

    assert "today's are used up" in heard
    assert f"I will remind you on {(day + DAY).date()}" in heard
    assert [p.key.rpartition(":")[2] for p in chat.inbox.pushes] == [
        f"{day.date()}",
        f"{day.date()}@{day.hour + 3:02}00",
        f"{(day + DAY).date()}@{day.hour:02}00",
    ]


def test_the_summary_that_comes_first_counts_against_a_snooze(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.Skip())
    sunday = MONDAY + 6 * DAY
    chat.world.wait(5 * DAY)
    chat.say("Ana", i.Progress())
    chat.world.wait(sunday - chat.world.now())

    before = words(chat.say("Ana", i.Snooze("7h")))
    after = words(chat.say("Ana", i.Snooze("10h")))

    assert before.strip() == f"I will remind you on {sunday.date()}, if something is still due then."
    assert f"I will remind you on {(sunday + DAY).date()}" in after


def test_a_snooze_too_long_names_the_way(chat: Talk) -> None:
    chat.settled("Ana")
    with pytest.raises(RolecallError, match="me pause"):
        chat.say("Ana", i.Snooze("90d"))


def test_why_lists_what_was_sent_and_what_was_not(chat: Talk) -> None:
    chat.settled("Ana")
    chat.world.wait(timedelta(days=4, hours=-1))
    chat.say("Ana", i.Practice())
    chat.say("Ana", i.SubmitAnswer(answer="They would be useless because nobody likes them."))
    chat.world.wait(timedelta(hours=2))

    heard = words(chat.say("Ana", i.Why()))

    assert "Reminder: not sent (nothing was due)" in heard
    assert "Reminder: not sent (you had practised already that day)" in heard
    assert "The next can come on" in heard
