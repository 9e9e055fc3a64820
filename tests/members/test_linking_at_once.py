"""Accounts are linked while something else goes on with them, on both databases: nothing is lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.door import intents as i
from bot.door.intents import Link
from bot.grading.question import Question
from bot.model import Assessment
from bot.practice import projection
from tests.cohorts.test_races import TIMES, at_once
from tests.members.test_linking import code_of, link, rows_naming
from tests.practice.test_rebuild import state
from tests.reviews.room import Marking
from tests.talk import DAY, Talk, talk, words


class Slow(Marking):
    """Reads an answer only when it is let to."""

    def __init__(self) -> None:
        super().__init__()
        self.goes_on, self.has_begun = threading.Event(), threading.Event()
        self.goes_on.set()

    def grade(self, question: Question, answer: str) -> Assessment:
        self.has_begun.set()
        assert self.goes_on.wait(10)
        return super().grade(question, answer)


@pytest.fixture
def grader() -> Slow:
    return Slow()


@pytest.fixture
def chat(tmp_path: Path, store_place: str, grader: Slow) -> Iterator[Talk]:
    with talk(tmp_path, db=store_place, grader=grader) as opened:
        yield opened


def test_a_double_click_links_once(chat: Talk) -> None:
    for n in range(TIMES):
        code = code_of(chat, f"Ana{n}")
        chat.say(f"Nana{n}", i.Start())

        heard = at_once(chat, *[(f"Nana{n}", Link(code, "yes"))] * 2)

        assert sorted("You are one person now" in said for said in heard) == [False, True]
        assert any("one person already" in said for said in heard)
        assert chat.member(f"Nana{n}") == chat.member(f"Ana{n}")


def test_of_two_who_use_one_code_at_once_one_is_linked(chat: Talk) -> None:
    for n in range(TIMES):
        code = code_of(chat, f"Ana{n}")
        for name in ("Ben", "Cem"):
            chat.say(f"{name}{n}", i.Start())

        heard = at_once(chat, (f"Ben{n}", Link(code, "yes")), (f"Cem{n}", Link(code, "yes")))

        assert sorted("You are one person now" in said for said in heard) == [False, True]
        assert len(chat.kept(f"Ana{n}")["account"]) == 2


def test_two_who_use_each_others_code_at_once_are_one_in_the_end(chat: Talk) -> None:
    codes = {name: code_of(chat, name) for name in ("Ana", "Nana")}

    at_once(chat, ("Ana", Link(codes["Nana"], "yes")), ("Nana", Link(codes["Ana"], "yes")))

    assert chat.member("Ana") == chat.member("Nana")
    assert len(chat.kept("Ana")["account"]) == 2


def test_what_is_done_on_either_account_at_the_same_moment_is_not_lost(chat: Talk) -> None:
    for n in range(TIMES):
        ana, nana = f"Ana{n}", f"Nana{n}"
        for name in (ana, nana):
            chat.say(name, i.Start())
        code, gone = code_of(chat, ana), chat.member(nana)
        wishes = [(name, i.SubmitAnswer(chat.serving(name).id, f"{name} says so.")) for name in (ana, nana)]

        heard = at_once(chat, (nana, Link(code, "yes")), *wishes)

        assert "You are one person now" in heard[0]
        assert {r["text"] for r in chat.kept(nana)["attempt"]} == {f"{ana} says so.", f"{nana} says so."}
        assert rows_naming(chat, gone) == []
    merged = state(chat)
    with chat.tx() as tx:
        projection.rebuild(tx)
    assert state(chat) == merged


def test_an_answer_that_is_being_read_meanwhile_gets_its_verdict(chat: Talk, grader: Slow) -> None:
    chat.say("Nana", i.Start())
    grader.goes_on.clear()
    reply = chat.world.rolecall.reply_to(
        chat.invocation("Nana", i.SubmitAnswer(answer="It would call every payment fine. I would look at recall.")),
        waits=True,
    )
    assert reply and reply.reading and grader.has_begun.wait(5)

    link(chat, "Ana", "Nana")
    grader.goes_on.set()

    verdict = reply.reading.wait(10)
    assert verdict and "recall" in words(verdict.message)
    assert [r["band"] for r in chat.kept("Ana")["attempt"]] == ["strong_hire"]


def test_a_verdict_for_which_nobody_waits_comes_by_itself_all_the_same(chat: Talk, grader: Slow) -> None:
    chat.say("Nana", i.Start())
    grader.goes_on.clear()
    reply = chat.world.rolecall.reply_to(
        chat.invocation("Nana", i.SubmitAnswer(answer="It would call every payment fine. I would look at recall.")),
        waits=True,
    )
    assert reply and reply.reading and grader.has_begun.wait(5)
    reply.reading.give_up()

    link(chat, "Ana", "Nana")
    grader.goes_on.set()
    reply.reading.wait(10)
    chat.world.wait(DAY)

    assert any(p.key.startswith("verdict:") for p in chat.inbox.pushes)


def test_two_clicks_delete_everything_once(chat: Talk) -> None:
    chat.say("Nana", i.Start())
    link(chat, "Ana", "Nana")
    ana = chat.member("Ana")

    heard = at_once(chat, ("Ana", i.Delete("yes")), ("Nana", i.Delete("yes")))

    assert all("are gone" in said for said in heard)
    assert rows_naming(chat, ana) == []
