"""After holidays what has piled up comes over some days, and all at once for those who want it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.door import intents as i
from bot.model import ConceptId, Event, Origin, ServingId
from bot.practice import picking, projection
from bot.store import learning
from tests.reviews.room import ANSWER, Marking
from tests.talk import DAY, Talk, buttons, talk, words


@pytest.mark.parametrize(
    ("due", "done", "left"),
    [
        (10, 0, 10),
        (11, 0, 10),
        (40, 0, 10),
        (33, 7, 3),
        (30, 10, 0),
        (25, 15, 0),
        (100, 0, 20),
        (81, 19, 1),
        (3, 7, 3),
        (0, 4, 0),
    ],
)
def test_a_day_brings_a_fifth_and_at_least_ten(due: int, done: int, left: int) -> None:
    assert picking.portion(due, done) == left


@given(morning=st.integers(0, 500), done=st.integers(0, 500))
def test_the_portion_of_a_day_does_not_depend_on_how_much_of_it_is_done(morning: int, done: int) -> None:
    whole = picking.portion(morning, 0)
    done = min(done, whole)

    assert picking.portion(morning - done, done) == whole - done


@given(due=st.integers(1, 500))
def test_whoever_does_their_portion_each_day_gets_done(due: int) -> None:
    days = 0
    while due:
        due -= picking.portion(due, 0)
        days += 1

    assert days <= 20


def meets(chat: Talk, name: str, concepts: int) -> None:
    """Lets a member look up further concepts until they have met so many."""
    bank, now, member = chat.world.rolecall.bank, chat.world.now(), chat.member(name)
    known = {c.concept for c in chat.cards(name)}
    asked = {r.concept: p for p in bank.problems.values() for r in p.recall if r.concept not in known}
    with chat.tx() as tx:
        for n, concept in enumerate(sorted(asked)[: concepts - len(known)]):
            problem, serving = asked[concept], ServingId(f"{name}{n}")
            learning.keep_rubric(tx, problem.id, problem.version, problem.model_dump_json(by_alias=True))
            data: dict[str, object] = {
                "problem": problem.id,
                "version": problem.version,
                "variant": "recall",
                "origin": Origin.NEW,
                "concept": concept,
                "expires_at": (now + DAY).isoformat(),
            }
            projection.record(tx, Event(member, "served", now, serving, data))
            projection.record(tx, Event(member, "revealed", now, serving))


@pytest.fixture
def back(tmp_path: Path) -> Iterator[Talk]:
    """Ana comes back from two weeks of holidays to forty concepts that are due."""
    with talk(tmp_path, grader=Marking()) as chat:
        chat.settled("Ana")
        chat.say("Ana", i.Skip())
        meets(chat, "Ana", 40)
        chat.say("Ana", i.Pause("14"))
        chat.world.wait(14 * DAY)
        assert len(overdue(chat)) == 40
        yield chat


def overdue(chat: Talk) -> set[ConceptId]:
    return {c.concept for c in chat.cards("Ana") if c.due_at <= chat.world.now()}


def recalls(chat: Talk, wish: i.Review = i.Review()) -> int:  # noqa: B008 - a frozen value
    """Answers every recall question that comes; returns how many that were."""
    done = 0
    while chat.say("Ana", wish).title:
        chat.say("Ana", i.SubmitAnswer(answer=ANSWER))
        done += 1
    return done


def test_forty_concepts_after_holidays_come_over_four_days(back: Talk) -> None:
    left = [len(backlog := overdue(back))]
    for _ in range(4):
        recalls(back)
        backlog &= overdue(back)
        left.append(len(backlog))
        back.world.wait(DAY)

    assert left == [40, 30, 20, 10, 0]


def test_the_reminder_names_todays_portion_and_what_is_left(back: Talk) -> None:
    push = back.until_pushed()

    assert push.message.title == "Time to recall"
    assert "10 concepts are due, about 5 min" in words(push.message)
    assert "30 others come in the next days" in words(push.message)
    assert buttons(push.message)["Take all 40 now"] == i.Review("yes")


def test_all_at_once_where_that_is_wanted(back: Talk) -> None:
    assert recalls(back, i.Review("yes")) == 40


def test_when_the_portion_is_done_review_says_so_and_practice_offers_something_else(back: Talk) -> None:
    recalls(back)

    heard = back.say("Ana", i.Review())

    assert "That was today's portion" in words(heard)
    assert any(wish == i.Review("yes") for wish in buttons(heard).values())
    assert "Due today: 0 concepts, 30 in the next days" in words(back.say("Ana", i.Progress()))


def test_nothing_new_is_pressed_on_somebody_with_a_mountain_of_due_work(back: Talk) -> None:
    recalls(back)
    back.say("Ana", i.Practice())

    asked = back.serving("Ana")
    back.say("Ana", i.Skip())
    back.say("Ana", i.Practice("llm.rag"))

    assert asked.origin is Origin.DUE
    assert back.serving("Ana").origin is Origin.SELF


def test_before_an_interview_a_backlog_is_shared_out_over_the_days_that_are_left() -> None:
    assert picking.portion(60, 0) == 12
    assert picking.portion(60, 0, days_left=3) == 20
    assert picking.portion(60, 0, days_left=0) == 60
