"""Events that platforms bring twice, late, at once or out of order: each has one effect."""

from __future__ import annotations

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from bot.cli.compose import tick
from bot.door import intents as i
from bot.door.invocation import Invocation
from bot.door.messages import Reply
from bot.errors import RolecallError
from tests.talk import DAY, Talk, talk


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return "play.db" if request.param == "sqlite" else str(request.getfixturevalue("postgres_store"))


def log(chat: Talk) -> list[str]:
    return [e["kind"] for e in chat.kept("Ana")["log"]]


@pytest.mark.parametrize("late", [timedelta(), timedelta(minutes=6), timedelta(hours=1)])
def test_the_same_event_again_has_no_second_effect(chat: Talk, late: timedelta) -> None:
    chat.settled("Ana")
    answer = chat.invocation("Ana", i.SubmitAnswer(answer=chat.strong("Ana")), key="retried")
    assert chat.world.rolecall.reply_to(answer) is not None
    before = log(chat)

    chat.world.wait(late)

    assert chat.world.rolecall.reply_to(answer) is None
    assert log(chat) == before
    assert before.count("answered") == 2, "the warm-up, and this one"


def test_ids_are_told_apart_by_workspace(chat: Talk) -> None:
    chat.settled("Ana")
    first = chat.invocation("Ana", i.Progress(), key="E1")
    elsewhere = Invocation("E1", first.actor, first.place.__class__("other", "dm:ana", is_private=True), first.intent)

    assert chat.world.rolecall.reply_to(first) is not None
    assert chat.world.rolecall.reply_to(elsewhere) is not None


def test_the_same_event_in_two_threads_at_once_has_one_effect(anywhere: str, tmp_path: Path) -> None:
    with talk(tmp_path, db=anywhere) as chat:
        chat.settled("Ana")
        for n in range(5):
            chat.say("Ana", i.Practice())
            event = chat.invocation("Ana", i.Skip(), key=f"twice{n}")
            skipped = log(chat).count("skipped")
            start = Barrier(2)

            def reply(event: Invocation = event, start: Barrier = start) -> Reply | None:
                start.wait()
                return chat.world.rolecall.reply_to(event)

            with ThreadPoolExecutor(2) as threads:
                replies = [f.result() for f in [threads.submit(reply) for _ in range(2)]]

            assert sum(r is not None for r in replies) == 1
            assert log(chat).count("skipped") == skipped + 1


def test_a_whole_conversation_brought_again_in_any_order_changes_nothing(chat: Talk) -> None:
    chat.settled("Ana")
    wishes = [i.Skip(), i.Practice(), i.Hint(), i.SubmitAnswer(answer=chat.strong("Ana")), i.Progress(), i.Pause()]
    events = [chat.invocation("Ana", wish, key=f"E{n}") for n, wish in enumerate(wishes)]
    for event in events:
        chat.world.rolecall.reply_to(event)
    asyncio.run(tick(chat.world.rolecall, {"terminal": chat.inbox}, "tests"))  # what follows by itself has followed
    before = {table: rows for table, rows in chat.kept("Ana").items() if table != "member"}

    random.Random(5).shuffle(events)
    chat.world.wait(timedelta(minutes=6))

    assert [chat.world.rolecall.reply_to(event) for event in events] == [None] * len(events)
    assert {table: rows for table, rows in chat.kept("Ana").items() if table != "member"} == before


def test_an_answer_that_overtook_its_hint_is_graded_and_the_hint_is_refused_in_words(chat: Talk) -> None:
    chat.settled("Ana")
    serving = chat.serving("Ana").id
    hint = chat.invocation("Ana", i.Hint(serving=serving))
    chat.say("Ana", i.SubmitAnswer(serving=serving, answer=chat.strong("Ana")))

    with pytest.raises(RolecallError, match="done with that problem"):
        chat.world.rolecall.reply_to(hint)


def test_a_message_that_fell_due_twice_comes_once(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.Skip())
    first = chat.until_pushed()
    chat.world.restart()
    chat.world.wait(DAY / 4)

    assert [p.key for p in chat.inbox.pushes].count(first.key) == 1
