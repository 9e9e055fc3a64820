"""The summary of a week: on the last of the member's days, with what they did and what comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.door import intents as i
from bot.door.messages import Push, TryLater
from bot.members import planning
from bot.model import State
from tests.practice.test_portion import meets
from tests.reviews.room import ANSWER, Marking
from tests.talk import DAY, Talk, buttons, talk, words

MISSED = "I do not remember much of this. It was about numbers. Perhaps about counting them twice."


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Talk]:
    """It is Monday, 09:00, and Ana has just begun."""
    with talk(tmp_path, grader=Marking({MISSED: dict.fromkeys(range(20), State.MISSED)})) as chat:
        chat.settled("Ana")
        yield chat


def summaries(chat: Talk) -> list[Push]:
    return [p for p in chat.inbox.pushes if p.key.startswith(planning.SUMMARY)]


def ledger(chat: Talk) -> list[dict[str, object]]:
    return [r for r in chat.kept("Ana")["outbox"] if r["kind"] == planning.SUMMARY]


def test_it_comes_on_sunday_at_five_and_tells_the_week(ana: Talk) -> None:
    ana.say("Ana", i.AskToPredict("yes"))
    first = ana.serving("Ana").id
    ana.say("Ana", i.SubmitAnswer(first, ANSWER))
    ana.say("Ana", i.Predict(first, "strong_hire"))
    ana.world.wait(DAY)
    ana.say("Ana", i.Practice())
    second = ana.serving("Ana").id
    ana.say("Ana", i.SubmitAnswer(second, MISSED))
    ana.say("Ana", i.Predict(second, "lean_hire"))
    ana.world.wait(3 * DAY)
    ana.say("Ana", i.SaveReminders(interview="2026-01-16"))

    ana.world.wait(3 * DAY)

    (push,) = summaries(ana)
    assert [r["sent_at"] for r in ledger(ana)] == [datetime(2026, 1, 11, 17, tzinfo=UTC)]
    said = words(push.message)
    assert "Answers: 3, on 2 of 7 days" in said
    assert "Full problems: 2 Strong Hire, 1 No Hire" in said
    assert "Your own judgement: you foresaw the band in 1 of 2" in said
    assert "New in memory: " in said
    assert "Your interview: 2026-01-16, in 5 days" in said
    assert "Due now: " in said
    assert buttons(push.message)["Review now"] == i.Review()


def test_it_names_what_slipped_and_on_which_days_concepts_fall_due(ana: Talk) -> None:
    ana.say("Ana", i.Skip())
    ana.world.wait(12 * DAY)  # until Saturday
    ana.say("Ana", i.Review())
    ana.say("Ana", i.SubmitAnswer(answer=MISSED))
    (slipped,) = (c.concept for c in ana.cards("Ana") if c.last_rating == 1)
    meets(ana, "Ana", 3)
    ana.world.wait(DAY)
    while ana.say("Ana", i.Review()).title:
        ana.say("Ana", i.SubmitAnswer(answer=ANSWER if ana.serving("Ana").concept != slipped else MISSED))

    ana.world.wait(timedelta(hours=8))

    said = words(summaries(ana)[-1].message)
    assert f"Slipped, and coming back: {ana.world.rolecall.bank.concepts[slipped]}" in said
    assert "Concepts falling due: Mon 1, Tue 2" in said


def test_a_week_without_answers_is_told_without_shame(ana: Talk) -> None:
    ana.say("Ana", i.Skip())
    ana.world.wait(12 * DAY)
    ana.say("Ana", i.Progress())

    ana.world.wait(2 * DAY)

    said = words(summaries(ana)[-1].message)
    assert "No answers in these seven days. Weeks like that happen" in said
    assert "Due now: " in said


def test_whoever_was_asked_whether_to_go_on_gets_no_summary_either(ana: Talk) -> None:
    meets(ana, "Ana", 8)

    ana.world.wait(30 * DAY)

    assert {r["reason"] for r in ledger(ana)} == {"I had asked whether to go on, and had no word from you"}


def test_there_is_none_where_it_was_switched_off(ana: Talk) -> None:
    ana.say("Ana", i.SaveReminders(summary="no"))

    ana.world.wait(8 * DAY)

    assert summaries(ana) == []


def test_a_week_of_nothing_before_a_week_of_nothing_is_left_out(tmp_path: Path) -> None:
    with talk(tmp_path) as chat:
        chat.say("Ana", i.Start())
        chat.say("Ana", i.Skip())
        chat.say("Ana", i.SaveSettings(zone="UTC", time="09:00", reminders="yes"))

        chat.world.wait(7 * DAY)

        assert [r["reason"] for r in ledger(chat)] == ["nothing happened that week, and nothing is due in the next"]


def test_one_that_came_late_is_still_about_the_week_it_was_planned_for(ana: Talk) -> None:
    ana.world.wait(6 * DAY)  # from Monday, on which she answered, until Sunday
    ana.say("Ana", i.Progress())
    ana.inbox.refuses = TryLater(16 * 3600)
    ana.world.wait(timedelta(hours=9))
    ana.inbox.refuses = None
    ana.world.wait(DAY)

    (late,) = summaries(ana)
    assert "No answers in these seven days" not in words(late.message)
