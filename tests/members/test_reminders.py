"""How often, on which days and when a member is reminded; pauses; and what they hear where nothing got through."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from bot import calendar
from bot.door import intents as i
from bot.door.messages import Unreachable
from bot.errors import FieldError
from bot.model import Member
from bot.store import members, schedules
from bot.store.tables import schedule
from tests.practice.test_portion import meets
from tests.talk import DAY, MONDAY, Talk, buttons, words

AUCKLAND, HONOLULU = "Pacific/Auckland", "Pacific/Honolulu"


def settled(chat: Talk, **settings: str) -> None:
    """Ana has met her first concepts and has nothing open."""
    chat.settled("Ana", **settings)
    chat.say("Ana", i.Skip())


def fell_due(chat: Talk, kind: str = "review_due") -> list[datetime]:
    """When messages of a kind fell due, in UTC, whatever became of them."""
    return sorted(r["not_before"] for r in chat.kept("Ana")["outbox"] if r["kind"] == kind)


def ana(chat: Talk) -> Member:
    id = chat.member("Ana")
    with chat.tx() as tx:
        found = members.of_id(tx, id)
    assert found is not None
    return found


# --- how often, which days, which hours


def test_the_form_filled_in_as_it_stands_changes_nothing(chat: Talk) -> None:
    settled(chat)
    chat.say("Ana", i.SaveReminders("active", "Mon Wed Fri", "21:30-6", "no", "in 21 days"))
    before = ana(chat)
    form = chat.form("Ana", i.Reminders())

    chat.say("Ana", form.submit({f.name: f.initial for f in form.fields}))

    assert ana(chat) == before


def test_what_was_saved_and_what_comes_next_is_said(chat: Talk) -> None:
    settled(chat)

    heard = words(chat.say("Ana", i.SaveReminders(days="Tue Thu", quiet="none", interview="2026-02-02")))

    assert "Days: Tuesday and Thursday" in heard
    assert "Quiet hours: none" in heard
    assert "Interview: 2026-02-02" in heard
    assert "Next reminder, if due: 2026-01-06" in heard
    assert "Next summary: 2026-01-08" in heard


def test_after_a_change_of_days_reminders_come_on_those_days_only(chat: Talk) -> None:
    settled(chat)
    chat.say("Ana", i.SaveReminders(days="Tue Thu"))

    chat.world.wait(21 * DAY)

    assert {at.strftime("%a %H:%M") for at in fell_due(chat)} == {"Tue 09:00", "Thu 09:00"}
    assert len(fell_due(chat)) == 6


def test_an_hour_later_the_same_day_comes_the_same_day(chat: Talk) -> None:
    """Nothing has come today yet, so that today is not used up."""
    settled(chat)
    chat.world.wait(timedelta(hours=1))

    chat.say("Ana", i.SaveSettings(time="18:00"))
    chat.world.wait(DAY)

    assert fell_due(chat)[0] == MONDAY.replace(hour=18)


def test_the_summary_comes_on_the_last_of_the_days_at_five_or_outside_quiet_hours(chat: Talk) -> None:
    settled(chat)
    chat.world.wait(7 * DAY)
    chat.say("Ana", i.SaveReminders(days="weekdays", quiet="16-20"))

    chat.world.wait(7 * DAY)

    assert [at.strftime("%a %H:%M") for at in fell_due(chat, "weekly_summary")] == ["Sun 17:00", "Fri 09:00"]


def test_without_the_summary_none_is_planned_until_it_is_wanted_again(chat: Talk) -> None:
    settled(chat)
    chat.say("Ana", i.SaveReminders(summary="no"))
    chat.world.wait(14 * DAY)
    none = fell_due(chat, "weekly_summary")

    chat.say("Ana", i.SaveReminders(summary="yes"))
    chat.world.wait(7 * DAY)

    assert none == []
    assert len(fell_due(chat, "weekly_summary")) == 1


def test_a_reminder_moved_into_quiet_hours_waits_for_their_end(chat: Talk) -> None:
    settled(chat)
    chat.until_pushed()
    at = chat.world.now()
    chat.say("Ana", i.SaveReminders(quiet="11:00-14:00"))
    before = len(chat.inbox.pushes)

    chat.say("Ana", i.Snooze("3h"))
    chat.world.wait(at.replace(hour=13, minute=59) - chat.world.now())
    quiet = len(chat.inbox.pushes)
    chat.world.wait(timedelta(minutes=1))

    assert (quiet, len(chat.inbox.pushes)) == (before, before + 1)


@pytest.mark.parametrize("wish", [i.SaveSettings(time="06:30"), i.SaveReminders(quiet="8-10")], ids=["time", "quiet"])
def test_a_reminder_in_the_quiet_hours_is_refused_with_both_remedies(chat: Talk, wish: i.Intent) -> None:
    settled(chat)

    with pytest.raises(FieldError, match=r"quiet hours.*settings time=.*me reminders quiet=") as refused:
        chat.say("Ana", wish)

    assert refused.value.field == ("time" if isinstance(wish, i.SaveSettings) else "quiet")
    assert f"{ana(chat).remind_at:%H:%M}" == "09:00"


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (i.SaveReminders(quiet="9-9"), "whole day"),
        (i.SaveReminders(interview="2026-01-04"), "4 January 2026 is over"),
        (i.SaveReminders(days="none"), "no day left"),
        (i.SaveReminders(level="often"), "Choose from Light, Standard, Active"),
    ],
)
def test_a_refused_value_changes_nothing(chat: Talk, wish: i.SaveReminders, said: str) -> None:
    settled(chat)
    before = ana(chat)

    with pytest.raises(FieldError, match=said):
        chat.say("Ana", wish)

    assert ana(chat) == before


def test_the_same_interview_told_again_is_as_old_as_it_was(chat: Talk) -> None:
    settled(chat)
    chat.say("Ana", i.SaveReminders(interview="2026-02-02"))
    told = ana(chat).horizon
    chat.world.wait(3 * DAY)

    chat.say("Ana", i.SaveReminders(level="light", interview="2 Feb"))
    again = ana(chat).horizon
    chat.say("Ana", i.SaveReminders(interview="3 Feb"))
    moved = ana(chat).horizon

    assert again == told
    assert moved and told
    assert moved.set_at == told.set_at + 3 * DAY


def test_an_emptied_date_forgets_the_interview_and_an_unnamed_one_does_not(chat: Talk) -> None:
    settled(chat)
    chat.say("Ana", i.SaveReminders(interview="2026-02-02"))

    chat.say("Ana", i.SaveReminders(level="light"))
    kept = ana(chat).horizon
    chat.say("Ana", i.SaveReminders(interview=""))

    assert kept is not None
    assert ana(chat).horizon is None


def test_an_interview_that_is_over_no_longer_stands_in_the_form(chat: Talk) -> None:
    settled(chat)
    chat.say("Ana", i.SaveReminders(interview="in 2 days"))
    chat.world.wait(3 * DAY)

    form = chat.form("Ana", i.Reminders())

    assert form.fields[-1].initial == ""


def test_with_reminders_off_it_is_said_that_nothing_comes(chat: Talk) -> None:
    settled(chat, reminders="no")

    heard = words(chat.say("Ana", i.SaveReminders(level="active")))

    assert "Reminders are off, though" in heard
    assert "Next reminder" not in heard


def test_a_reminder_that_was_moved_stays_where_it_was_put(chat: Talk) -> None:
    settled(chat)
    chat.until_pushed()
    chat.say("Ana", i.Snooze("5h"))
    put = chat.world.now() + timedelta(hours=5)

    chat.say("Ana", i.SaveReminders(level="active", days="weekdays"))
    chat.say("Ana", i.SaveSettings(time="10:00"))

    member = chat.member("Ana")
    with chat.tx() as tx:
        planned = schedules.schedule_of(tx, member, "review_due")
    assert planned is not None
    assert planned.due_at == put


# --- zones


def test_flying_back_over_the_date_line_repeats_no_day(chat: Talk) -> None:
    settled(chat, zone=AUCKLAND)
    push = chat.until_pushed()
    last = calendar.local_date(chat.world.now(), AUCKLAND)

    chat.say("Ana", i.SaveSettings(zone=HONOLULU))
    before = len(fell_due(chat))
    chat.world.wait(7 * DAY)

    days = [calendar.local_date(at, HONOLULU) for at in fell_due(chat)[before:]]
    assert push.key.endswith(last.isoformat())
    assert days == [last + n * DAY for n in range(1, 7)]


def test_flying_on_over_the_date_line_brings_one_for_each_date(chat: Talk) -> None:
    settled(chat, zone=HONOLULU)
    chat.until_pushed()
    last = calendar.local_date(chat.world.now(), HONOLULU)

    chat.say("Ana", i.SaveSettings(zone=AUCKLAND))
    before = len(fell_due(chat))
    chat.world.wait(7 * DAY)

    days = [calendar.local_date(at, AUCKLAND) for at in fell_due(chat)[before:]]
    assert days[0] > last
    assert days == [days[0] + n * DAY for n in range(7)]


# --- pauses


def test_away_until_a_date_means_back_on_that_date(chat: Talk) -> None:
    settled(chat)

    heard = words(chat.say("Ana", i.Pause("until 20 Jan")))
    chat.world.wait(datetime(2026, 1, 20, 8, 59, tzinfo=UTC) - MONDAY)
    silent = not chat.inbox.pushes
    chat.world.wait(timedelta(minutes=1))

    assert "paused until 2026-01-20" in heard
    assert "the next can come on 2026-01-20" in heard
    assert silent
    assert len(chat.inbox.pushes) == 1


def test_a_pause_holds_back_the_summary_too(chat: Talk) -> None:
    settled(chat)
    chat.say("Ana", i.Pause("21"))

    chat.world.wait(20 * DAY)
    paused = fell_due(chat, "weekly_summary")
    chat.say("Ana", i.Resume())
    chat.world.wait(7 * DAY)

    assert paused == []
    assert len(fell_due(chat, "weekly_summary")) == 1


def test_settings_saved_during_a_pause_leave_it_be(chat: Talk) -> None:
    settled(chat)
    chat.say("Ana", i.Pause("14"))

    heard = words(chat.say("Ana", i.SaveReminders(level="active")))
    chat.world.wait(13 * DAY)

    assert "paused until 2026-01-19" in heard
    assert chat.inbox.pushes == []


def test_what_is_saved_during_a_pause_promises_nothing_before_its_end(chat: Talk) -> None:
    settled(chat)
    chat.say("Ana", i.Pause())

    settings = chat.say("Ana", i.SaveSettings(time="10:00"))
    reminders = chat.say("Ana", i.SaveReminders(level="light"))

    assert "Reminders are still paused; after the pause I will remind you at 10:00" in words(settings)
    assert "Resume" in buttons(settings)
    assert "Next summary" not in words(reminders)


def test_a_pause_that_would_be_over_is_refused(chat: Talk) -> None:
    settled(chat)

    with pytest.raises(FieldError, match="over already"):
        chat.say("Ana", i.Pause("5 January 2026"))


def test_coming_back_to_much_that_is_due_is_no_shame(chat: Talk) -> None:
    settled(chat)
    meets(chat, "Ana", 20)
    chat.say("Ana", i.Pause())
    chat.world.wait(30 * DAY)

    heard = words(chat.say("Ana", i.Resume()))

    assert "spread over the next days" in heard
    assert "Welcome back" in heard


# --- why, and what did not get through


def test_why_says_what_comes_next_of_both_kinds_and_by_which_habits(chat: Talk) -> None:
    settled(chat)
    chat.say("Ana", i.SaveReminders("light", "weekdays"))

    heard = words(chat.say("Ana", i.Why()))

    assert "at most every third day. The next can come on 2026-01-06" in heard
    assert "The summary of your week comes on 2026-01-09" in heard
    assert "Level: light; days: Monday to Friday; quiet hours: 22:00 to 07:00" in heard


def test_a_zone_that_this_machine_no_longer_knows_is_named(chat: Talk) -> None:
    settled(chat)
    moved = replace(ana(chat), zone="Europe/Atlantis")
    with chat.tx() as tx:
        members.save(tx, moved)

    heard = words(chat.say("Ana", i.Why()))

    assert "I no longer know the time zone Europe/Atlantis, so I go by UTC" in heard


def test_where_nothing_got_through_the_next_wish_says_so_once_and_resume_helps(chat: Talk) -> None:
    settled(chat)
    chat.inbox.refuses = Unreachable("it accepts no messages from me")
    chat.world.wait(10 * DAY)
    chat.inbox.refuses = None

    told = chat.say("Ana", i.Progress())
    again = chat.say("Ana", i.Progress())
    chat.say("Ana", buttons(told)["Resume"])
    chat.until_pushed()

    assert "I could not write to you on 2026-01-" in words(told)
    assert "it accepts no messages from me" in words(told)
    assert "Your reminders are paused" in words(told)
    assert "could not write" not in words(again)
    assert "Resume" not in buttons(again)


def test_asked_why_a_closed_door_is_told_of_once(chat: Talk) -> None:
    settled(chat)
    chat.inbox.refuses = Unreachable("it accepts no messages from me")
    chat.world.wait(10 * DAY)

    heard = words(chat.say("Ana", i.Why()))

    assert heard.count("I could not write to you") == 1
    assert "Reminder: could not be sent (the platform does not let me write to you)" in heard


def test_a_pause_shows_in_why_where_reminders_are_off_too(chat: Talk) -> None:
    """A mentor's: it keeps away the answers that wait for them."""
    settled(chat, reminders="no")
    chat.say("Ana", i.Pause("7"))

    why = chat.say("Ana", i.Why())

    assert "Reminders are off" in words(why)
    assert "Reminders are paused until 2026-01-12" in words(why)
    assert "Resume" in buttons(why)


def test_a_summary_that_was_never_planned_is_not_said_to_be_unwanted(chat: Talk) -> None:
    """Members of before the summaries have none until they say so."""
    settled(chat)
    with chat.tx() as tx:
        tx.execute(delete(schedule).where(schedule.c.kind == "weekly_summary"))

    before = words(chat.say("Ana", i.Why()))
    chat.say("Ana", i.SaveReminders(summary="yes"))

    assert "No summary of your week is planned yet; /rolecall me reminders summary=yes" in before
    assert "The summary of your week comes on" in words(chat.say("Ana", i.Why()))


def test_somebody_who_resumes_at_once_is_not_told_to_resume(chat: Talk) -> None:
    settled(chat)
    chat.inbox.refuses = Unreachable("")
    chat.world.wait(10 * DAY)

    heard = chat.say("Ana", i.Resume())

    assert "I could not write to you" in words(heard)
    assert "Your reminders are paused" not in words(heard)


def test_every_wish_is_a_sign_of_life_to_within_a_few_minutes(chat: Talk) -> None:
    settled(chat)
    chat.world.wait(timedelta(hours=1))
    chat.form("Ana", i.Settings())
    seen = ana(chat).seen_at
    chat.world.wait(timedelta(minutes=2))
    chat.say("Ana", i.Progress())

    assert seen == MONDAY + timedelta(hours=1)
    assert ana(chat).seen_at == seen
