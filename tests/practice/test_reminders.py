"""The daily reminder: what it says, how often it comes on each level, and when it stops by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.door import intents as i
from bot.door.messages import Push
from bot.members import planning
from bot.store import delivery
from tests.practice.test_portion import meets
from tests.reviews.room import ANSWER, Marking
from tests.talk import DAY, Talk, buttons, talk, words


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Talk]:
    """Ana has met eight concepts, of which she missed most; they are due from tomorrow on. It is Monday, 09:00."""
    with talk(tmp_path, grader=Marking()) as chat:
        chat.settled("Ana")
        chat.say("Ana", i.Skip())
        meets(chat, "Ana", 8)
        yield chat


def reminders(chat: Talk) -> list[Push]:
    return [p for p in chat.inbox.pushes if p.key.startswith(planning.REMINDER)]


def titles(chat: Talk) -> list[str]:
    return [p.message.title or "" for p in reminders(chat)]


def reasons(chat: Talk) -> list[str]:
    """Why reminders were not sent, oldest first."""
    rows = sorted(chat.kept("Ana")["outbox"], key=lambda r: str(r["not_before"]))
    return [str(r["reason"]) for r in rows if r["kind"] == planning.REMINDER and r["state"] == "skipped"]


def test_a_reminder_says_what_is_due_why_now_and_how_long_it_takes(ana: Talk) -> None:
    ana.world.wait(2 * DAY)

    heard = reminders(ana)[-1].message

    assert "7 concepts are due, about 4 min" in words(heard)
    assert words(heard).count("you missed it 2 days ago") == 3
    assert "+ 4 more" in words(heard)
    assert list(buttons(heard).values()) == [i.Review(), i.Snooze("3h"), i.Reminders()]


def test_whoever_has_practised_today_is_not_reminded(ana: Talk) -> None:
    ana.world.wait(timedelta(hours=23))
    ana.say("Ana", i.Review())
    ana.say("Ana", i.SubmitAnswer(answer=ANSWER))

    ana.world.wait(timedelta(hours=2))

    assert reminders(ana) == []
    assert reasons(ana) == ["you had practised already that day"]


def test_a_silent_member_gets_three_reminders_one_question_and_then_silence(ana: Talk) -> None:
    ana.world.wait(30 * DAY)

    assert titles(ana) == ["Time to recall"] * 3 + ["Shall I go on?"]
    question = buttons(reminders(ana)[-1].message)
    assert list(question.values()) == [i.Review(), i.SaveReminders(level="light"), i.Pause()]
    assert reasons(ana)[-1] == "I had asked whether to go on, and had no word from you"


def test_the_silence_outlasts_what_the_ledger_forgets(ana: Talk) -> None:
    for _ in range(4):
        ana.world.wait(30 * DAY)
        with ana.tx() as tx:
            delivery.forget_sent(tx, ana.world.now() - 10 * DAY)

    assert titles(ana) == ["Time to recall"] * 3 + ["Shall I go on?"]
    assert len(reasons(ana)) <= 11


@pytest.mark.parametrize("wish", [i.Progress(), i.SaveReminders(level="light"), i.Review()])
def test_any_wish_brings_the_reminders_back(ana: Talk, wish: i.Intent) -> None:
    ana.world.wait(30 * DAY)

    ana.say("Ana", wish)
    ana.world.wait(4 * DAY)

    assert titles(ana)[:4] == ["Time to recall"] * 3 + ["Shall I go on?"]
    assert titles(ana)[4] == "Time to recall"


def test_the_question_is_not_asked_of_somebody_who_stirs_now_and_then(ana: Talk) -> None:
    for _ in range(10):
        ana.world.wait(2 * DAY)
        ana.say("Ana", i.Progress())

    assert set(titles(ana)) == {"Time to recall"}
    assert len(titles(ana)) == 20


def test_light_means_every_third_day(ana: Talk) -> None:
    ana.say("Ana", i.SaveReminders(level="light"))
    days = []
    for day in range(1, 10):
        before = len(reminders(ana))
        ana.world.wait(DAY)
        days += [day] * (len(reminders(ana)) - before)

    assert days == [1, 4, 7]
    assert "you wished for one every third day at most" in reasons(ana)


def test_a_light_reminder_that_was_put_off_for_a_day_comes_on_the_next(ana: Talk) -> None:
    ana.say("Ana", i.SaveReminders(level="light"))
    ana.world.wait(DAY)
    ana.say("Ana", i.Snooze("1d"))

    ana.world.wait(DAY)

    assert titles(ana) == ["Time to recall"] * 2


def test_a_reminder_that_was_put_off_comes_although_a_part_was_done_meanwhile(ana: Talk) -> None:
    ana.world.wait(DAY)
    ana.say("Ana", i.Snooze("3h"))
    ana.say("Ana", i.Review())
    ana.say("Ana", i.SubmitAnswer(answer=ANSWER))

    ana.world.wait(timedelta(hours=3))

    assert titles(ana) == ["Time to recall"] * 2


def test_active_means_something_new_where_nothing_is_due(tmp_path: Path) -> None:
    with talk(tmp_path) as chat:
        chat.settled("Ana")
        chat.say("Ana", i.Skip())
        chat.say("Ana", i.SaveReminders(level="active"))

        chat.world.wait(DAY)

        assert titles(chat) == ["Something new"]
        offered = buttons(reminders(chat)[0].message)["Show it to me"]
        title = chat.say("Ana", offered).title or ""
        assert title in words(reminders(chat)[0].message)


def test_active_means_the_open_problem_before_a_new_one(tmp_path: Path) -> None:
    with talk(tmp_path) as chat:
        chat.settled("Ana")
        title = chat.world.rolecall.bank.problems[chat.serving("Ana").problem].title
        chat.say("Ana", i.SaveReminders(level="active"))

        chat.world.wait(DAY)

        assert titles(chat) == ["Still open"]
        assert title in words(reminders(chat)[0].message)


def test_on_the_standard_level_a_day_without_due_work_is_quiet(tmp_path: Path) -> None:
    with talk(tmp_path) as chat:
        chat.settled("Ana")
        chat.say("Ana", i.Skip())

        chat.world.wait(DAY)

        assert titles(chat) == []
        assert reasons(chat) == ["nothing was due"]


def test_an_interview_in_two_weeks_brings_a_well_known_concept_back_in_time(ana: Talk) -> None:
    ana.say("Ana", i.SaveReminders(interview="in 14 days"))
    for _ in range(14):
        while ana.say("Ana", i.Review()).title:
            ana.say("Ana", i.SubmitAnswer(answer=ANSWER))
        ana.world.wait(DAY)

    last = {c.concept: c.last_at for c in ana.cards("Ana")}

    assert all(ana.world.now() - at <= 5 * DAY for at in last.values())


def test_with_an_interview_in_four_days_a_verdict_asks_again_in_two(tmp_path: Path) -> None:
    with talk(tmp_path) as chat:
        chat.settled("Ana")
        chat.say("Ana", i.SaveReminders(interview="in 4 days"))

        verdict = chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))

        assert "I will ask again on 2026-01-07" in words(verdict)


def test_the_reminder_counts_the_days_to_the_interview(ana: Talk) -> None:
    ana.say("Ana", i.SaveReminders(interview="in 14 days"))

    assert "Your interview is in 13 days" in words(ana.until_pushed().message)


def test_nothing_comes_in_quiet_hours_and_what_waited_comes_when_they_end(ana: Talk) -> None:
    ana.world.wait(timedelta(hours=9))
    ana.say("Ana", i.Snooze("15h"))  # 09:00 on Tuesday
    ana.say("Ana", i.SaveReminders(quiet="22:00-08:00"))
    ana.say("Ana", i.Snooze("13h"))  # 07:00 on Tuesday

    ana.world.wait(timedelta(hours=13, minutes=30))
    early = len(reminders(ana))
    ana.world.wait(timedelta(minutes=31))

    assert early == 0
    assert len(reminders(ana)) == 1
