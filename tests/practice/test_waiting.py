"""Somebody waits for a verdict that takes longer: it takes the place of "I am reading", or comes by itself; once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from bot.door import intents as i
from bot.door.messages import Reading
from bot.grading.deterministic import DeterministicGrader
from bot.grading.question import Question
from bot.model import Assessment
from bot.rolecall import GRADERS
from bot.store import session
from tests.talk import Talk, buttons, talk, words

LONG = 10.0
"""Seconds: more than any of this takes."""


class Slow(DeterministicGrader):
    """Grades when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may_end = Event(), Event()

    def grade(self, question: Question, answer: str, without: frozenset[str] = frozenset()) -> Assessment:
        self.begun.set()
        assert self.may_end.wait(LONG)
        return super().grade(question, answer, without)


@contextmanager
def slow(folder: Path) -> Iterator[tuple[Talk, Slow]]:
    grader = Slow()
    with talk(folder, grader=grader) as chat:
        chat.world.rolecall.patience = 0.01
        try:
            yield chat, grader
        finally:
            grader.may_end.set()


def answers(chat: Talk, name: str) -> Reading:
    """What somebody waits for who has answered the warm-up."""
    chat.say(name, i.Start())
    wish = i.SubmitAnswer(answer=chat.strong(name))
    reply = chat.world.rolecall.reply_to(chat.invocation(name, wish), waits=True)
    assert reply is not None
    assert "I am still reading it" in words(reply.message)
    assert reply.reading is not None
    return reply.reading


def pushed(chat: Talk) -> list[str | None]:
    """The titles of all that has come by itself once everything is done."""
    chat.world.rolecall.close()
    chat.world.settle()
    return [p.message.title for p in chat.inbox.pushes]


def test_the_verdict_takes_the_place_of_the_notice_and_does_not_come_again(tmp_path: Path) -> None:
    with slow(tmp_path) as (chat, grader):
        reading = answers(chat, "Ana")
        grader.may_end.set()

        reply = reading.wait(LONG)

        assert reply is not None
        assert reply.message.title == "Strong Hire"
        assert reply.reading is None
        assert pushed(chat) == []


def test_whoever_has_waited_long_enough_gets_the_verdict_by_itself(tmp_path: Path) -> None:
    with slow(tmp_path) as (chat, grader):
        reading = answers(chat, "Ana")

        assert reading.wait(0.01) is None

        grader.may_end.set()
        assert pushed(chat) == ["Strong Hire"]


def test_a_verdict_that_is_soon_there_needs_no_notice(tmp_path: Path) -> None:
    with talk(tmp_path) as chat:
        chat.say("Ana", i.Start())
        wish = i.SubmitAnswer(answer=chat.strong("Ana"))

        reply = chat.world.rolecall.reply_to(chat.invocation("Ana", wish), waits=True)

        assert reply is not None
        assert reply.message.title == "Strong Hire"
        assert reply.reading is None


def test_a_full_pool_makes_people_wait_and_loses_no_verdict(tmp_path: Path) -> None:
    names = [f"Learner {n}" for n in range(2 * GRADERS)]
    with slow(tmp_path) as (chat, grader), ThreadPoolExecutor(len(names)) as people:
        readings = [answers(chat, name) for name in names]
        waiting = [people.submit(reading.wait, 0.01 if n % 2 else LONG) for n, reading in enumerate(readings)]
        given_up = [waiting[n].result() for n in range(1, len(names), 2)]
        grader.may_end.set()
        heard = [waiting[n].result() for n in range(0, len(names), 2)]

        assert given_up == [None] * GRADERS
        assert [reply.message.title for reply in heard if reply] == ["Strong Hire"] * GRADERS
        assert pushed(chat) == ["Strong Hire"] * GRADERS


def test_a_verdict_that_somebody_else_gave_meanwhile_is_told_once(tmp_path: Path) -> None:
    """As where the pool was so full that the answer's claim ran out, and the ticker judged it."""
    with slow(tmp_path) as (chat, grader):
        reading = answers(chat, "Ana")
        grader.begun.wait(LONG)

        with talk(tmp_path) as second:
            second.world.wait(timedelta(minutes=3))
            assert [p.message.title for p in second.inbox.pushes] == ["Strong Hire"]
        grader.may_end.set()

        assert reading.wait(LONG) is None
        assert pushed(chat) == []


def test_whoever_deletes_everything_meanwhile_hears_nothing(tmp_path: Path) -> None:
    with slow(tmp_path) as (chat, grader):
        reading = answers(chat, "Ana")
        grader.begun.wait(LONG)
        chat.say("Ana", i.Delete("yes"))
        grader.may_end.set()

        assert reading.wait(LONG) is None
        assert pushed(chat) == []


@contextmanager
def database_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another program holds the database for longer than anybody waits for it."""
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(folder / "play.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_database_that_goes_away_meanwhile_costs_nobody_their_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with slow(tmp_path) as (chat, grader):
        reading = answers(chat, "Ana")
        grader.begun.wait(LONG)
        with database_away(tmp_path, monkeypatch):
            grader.may_end.set()

            reply = reading.wait(LONG)

        assert reply is not None
        assert "Your answer is saved, but I cannot get at its verdict" in words(reply.message)
        assert buttons(reply.message) == {"Today": i.Today()}


def test_so_it_does_for_somebody_whose_verdict_was_almost_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with slow(tmp_path) as (chat, grader), ThreadPoolExecutor(1) as people:
        chat.world.rolecall.patience = LONG
        chat.say("Ana", i.Start())
        wish = chat.invocation("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))
        waiting = people.submit(chat.world.rolecall.reply_to, wish, waits=True)
        grader.begun.wait(LONG)
        with database_away(tmp_path, monkeypatch):
            grader.may_end.set()

            reply = waiting.result(LONG)

        assert reply is not None
        assert "Your answer is saved" in words(reply.message)
