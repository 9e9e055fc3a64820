"""Progress: a picture of what one holds, when one practised and what comes, and the same in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.door import intents as i
from bot.door.messages import LIMITS, Message, Picture
from bot.pictures import progress as pictures
from bot.pictures.progress import ProgressPicture
from bot.practice import progress_words
from bot.practice.words import Next
from tests.pictures.examples import BUSY, TOPICS
from tests.practice.test_portion import meets
from tests.rendering.test_examples import ANA, attempt, drawn
from tests.reviews.room import ANSWER, Marking
from tests.talk import DAY, Talk, talk, words

ALT = 2_000
"""Characters that Slack takes (slack.dev, "Image block", 2026-11)."""


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Talk]:
    """It is Monday, 09:00, and Ana has answered her first problem."""
    with talk(tmp_path, grader=Marking()) as chat:
        chat.settled("Ana")
        yield chat


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[ProgressPicture]:
    """What has been drawn since; it is drawn all the same."""
    drawn: list[ProgressPicture] = []

    def draw(progress: ProgressPicture) -> bytes:
        drawn.append(progress)
        return pictures.draw(progress)

    monkeypatch.setattr(progress_words, "draw", draw)
    return drawn


def picture(message: Message) -> Picture | None:
    return next((b for b in message.blocks if isinstance(b, Picture)), None)


def test_a_newcomer_gets_no_empty_picture(chat: Talk) -> None:
    chat.say("Ana", i.Start())

    heard = chat.say("Ana", i.Progress())

    assert picture(heard) is None
    assert "answer a first problem" in words(heard)


def test_it_counts_the_days_of_practice_and_says_what_comes(ana: Talk, shown: list[ProgressPicture]) -> None:
    ana.say("Ana", i.SubmitAnswer(answer=ANSWER))
    ana.world.wait(DAY)
    ana.say("Ana", i.Practice())
    ana.say("Ana", i.SubmitAnswer(answer=ANSWER))
    ana.world.wait(DAY)

    heard = ana.say("Ana", i.Progress())

    (now,) = shown
    assert now.days[-7:] == (2, 1, 0, 0, 0, 0, 0)
    assert sum(now.days) == 3
    due = [(c.due_at.date() - now.today).days for c in ana.cards("Ana")]
    assert now.forecast == tuple(due.count(n) for n in range(14))
    assert sum(met for _, _, met in now.topics) == len(due)
    assert "Practised: on 2 days of the last twelve weeks, 2 of them this week" in words(heard)
    first = min(due)
    day = ("Wed", "Thu", "Fri", "Sat", "Sun", "Mon", "Tue")[first]
    assert f"Concepts falling due: {day} {due.count(first)}" in words(heard)


def test_a_week_later_the_days_are_in_the_row_above_and_nobody_is_blamed(ana: Talk) -> None:
    ana.world.wait(7 * DAY)

    said = words(ana.say("Ana", i.Progress()))

    assert "Practised: on 1 day of the last twelve weeks\n" in said


def test_what_is_older_than_twelve_weeks_is_left_out(ana: Talk, shown: list[ProgressPicture]) -> None:
    ana.world.wait(83 * DAY)
    ana.say("Ana", i.Progress())
    ana.world.wait(DAY)

    heard = ana.say("Ana", i.Progress())

    assert [sum(then.days) for then in shown] == [1, 0]
    assert "Practised" not in words(heard)


def test_a_day_is_the_members_own(tmp_path: Path, shown: list[ProgressPicture]) -> None:
    sunday_evening = datetime(2026, 1, 4, 20, tzinfo=UTC)  # Monday morning in Auckland
    with talk(tmp_path, start=sunday_evening, grader=Marking()) as chat:
        chat.settled("Hemi", zone="Pacific/Auckland")
        chat.settled("Ana")

        chat.say("Hemi", i.Progress())
        chat.say("Ana", i.Progress())

    monday, sunday = shown
    assert (monday.days[-7:], monday.today.isoweekday()) == ((1, 0, 0, 0, 0, 0, 0), 1)
    assert (sunday.days[-7:], sunday.today.isoweekday()) == ((0, 0, 0, 0, 0, 0, 1), 7)


def test_of_a_backlog_today_has_its_portion_and_the_rest_is_said_to_wait(
    ana: Talk, shown: list[ProgressPicture]
) -> None:
    meets(ana, "Ana", 40)
    ana.world.wait(30 * DAY)

    alt = picture(ana.say("Ana", i.Progress()))

    (now,) = shown
    assert now.forecast[0] == 10
    assert now.waiting == len(ana.cards("Ana")) - 10
    assert alt
    assert f"{now.waiting} more are due already" in alt.alt


def large() -> Message:
    """The progress of somebody who knows all topics there are, for years."""
    topics = tuple((f"{topic} {n}", held * 1000, met * 1000) for n in range(6) for topic, held, met in TOPICS)
    return progress_words.progress(
        ANA,
        shown=replace(BUSY, topics=topics, days=(1000,) * 84, forecast=(1000,) * 14, waiting=10_000),
        next_=Next(1000, 10_000, 500),
        soonest=None,
        bands={},
        recent=[("A problem", attempt())],
    )


def test_its_words_fit_whoever_knows_all_topics() -> None:
    found = picture(large())

    assert found
    assert len(found.alt) <= ALT
    assert "63 more topics" in words(large())
    assert len(drawn(large(), 10_000)) <= LIMITS.MESSAGE


def test_the_terminal_shows_the_first_sentence_of_what_the_picture_says() -> None:
    screen = drawn(large(), 10_000)

    assert "[picture: Your progress on Thu 8 Jan 2026: you hold " in screen
    assert "Answers in each week" not in screen


def test_the_words_for_the_picture_hold_every_number_of_it() -> None:
    found = picture(
        progress_words.progress(
            ANA, shown=BUSY, next_=Next(10, 30, 5), soonest=None, bands={}, recent=[("A problem", attempt())]
        )
    )

    assert found
    assert "Evaluating LLM systems 6 of 9; Distributed training 3 of 9" in found.alt
    weeks = [sum(BUSY.days[n : n + 7]) for n in range(0, 84, 7)]
    first = BUSY.today - timedelta(days=BUSY.today.weekday() + 77)
    assert f"from Mon {first.day} Oct {first.year} on: {', '.join(map(str, weeks))}." in found.alt
    assert "10, 3, 0, 1, 7, 12, 5, 0, 0, 2, 4, 1, 0, 104. 30 more are due already" in found.alt
