"""Two who are joined have the memory, the figures and the points of one person who did all that either did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from bot.cohorts import booking
from bot.door import intents as i
from bot.grading.question import full
from bot.grading.text import sentences
from bot.model import Assessment, Event, Ruling, ServingId, State, Verdict
from bot.practice import projection
from bot.store import learning
from bot.store import points as ledger
from bot.store.stored import assessment_to, rulings_to
from bot.store.tables import card, exposure, review
from tests.members.test_linking import link
from tests.practice.test_rebuild import state
from tests.talk import DAY, MONDAY, Talk

TEXTS = (
    "First I would read ten wrong answers. Then I would measure recall on them. Last I would rerank.",
    "Before all else I look at what was retrieved. After that the prompt is changed. Then I measure again.",
    "A split by time keeps the future out of training. Leakage shows as a score that is too good.",
)


@dataclass(frozen=True)
class Act:
    """What somebody does with a problem that they are asked."""

    at: datetime
    problem: int
    kind: str
    text: str
    state: State
    """Of all criteria but the first, which is met."""
    hints: int


def does(chat: Talk, name: str, act: Act) -> list[Event]:
    """Does it; returns what is said of it later."""
    member, at, id = chat.member(name), act.at, ServingId(chat.world.new_key())
    asked = list(chat.world.rolecall.bank.problems.values())[act.problem]
    said = sentences(act.text)[0]
    criteria = full(asked, "v1").criteria
    states = [State.MET, *[act.state] * (len(criteria) - 1)]
    verdicts = tuple(
        Verdict(c.id, state, said if state in {State.MET, State.PARTLY} else None, 0.9)
        for c, state in zip(criteria, states, strict=True)
    )
    until = (at + 7 * DAY).isoformat()
    what = {"problem": asked.id, "version": asked.version, "variant": "v1", "origin": "new", "expires_at": until}
    with chat.tx() as tx:
        learning.keep_rubric(tx, asked.id, asked.version, asked.model_dump_json(by_alias=True))
        projection.record(tx, Event(member, "served", at, id, dict(what)))
        for level in range(act.hints):
            projection.record(tx, Event(member, "hinted", at, id, {"level": level + 1}))
        projection.record(tx, Event(member, act.kind, at, id, {"text": act.text} if act.kind == "answered" else {}))
    if act.kind != "answered":
        return []
    later = [Event(member, "assessed", at, id, {"assessment": assessment_to(Assessment(verdicts))})]
    if act.state is State.UNSURE:
        settled: dict[str, Ruling] = {criteria[-1].id: Ruling(State.MET, said)}
        by: dict[str, object] = {"ticket": "t", "by": "mentor", "reviewers": [], "note": ""}
        later.append(Event(member, "reviewed", at, id, by | {"points": rulings_to(settled)}))
    if act.hints == 2:
        later.append(Event(member, "revealed", at + timedelta(minutes=1), id))
    return later


def book(chat: Talk, at: datetime, *names: str) -> None:
    rolecall = chat.world.rolecall
    for member in [chat.member(name) for name in names]:
        with chat.tx() as tx:
            booking.book(tx, member, rolecall.bank, rolecall.new_id, at)


def figures(chat: Talk, name: str) -> dict[str, Any]:
    """All that is worked out about somebody, but for the ids of what they were asked."""
    member = chat.member(name)
    found: dict[str, Any] = {}
    with chat.tx() as tx:
        for table in (card, exposure, review):
            columns = [c for c in table.c if c.name not in {"member_id", "serving_id"}]
            rows = tx.execute(sa.select(*columns).where(table.c.member_id == member))
            found[table.name] = sorted(tuple(map(str, r)) for r in rows)
        days: dict[date, int] = {}
        for row in ledger.of_days(tx, member, date.min, date.max):
            days[row.day] = days.get(row.day, 0) + row.points
    return found | {"points": days}


@pytest.mark.parametrize("seed", range(4))
def test_two_who_become_one_have_the_figures_of_one_who_did_both(chat: Talk, seed: int) -> None:
    """Verdicts come at once or late, and people change some of them."""
    chance, at = Random(seed), MONDAY - 40 * DAY
    for name in ("Ana", "Nana", "Both"):
        chat.say(name, i.Help())
    waiting: list[list[Event]] = []
    for n in range(30):
        at += timedelta(minutes=chance.choice((3, 9, 40, 300, 1800)))
        text = chance.choice(TEXTS)
        act = Act(
            at,
            problem=chance.randrange(4),
            kind=chance.choice(("answered", "answered", "answered", "revealed", "skipped")),
            text=f"{text} Number {at:%d%H%M} shows that it differs." if chance.random() < 0.6 else text,
            state=chance.choice((State.MET, State.MET, State.PARTLY, State.MISSED, State.UNSURE)),
            hints=chance.randrange(3),
        )
        name = "Ana" if n < 8 else chance.choice(("Ana", "Nana"))
        waiting += [list(pair) for pair in zip(does(chat, name, act), does(chat, "Both", act), strict=True)]
        while waiting and chance.random() < 0.7:
            with chat.tx() as tx:
                for event in waiting.pop(0):
                    projection.record(tx, event)
        if chance.random() < 0.5:
            book(chat, at, name, "Both")
    with chat.tx() as tx:
        for event in (e for pair in waiting for e in pair):
            projection.record(tx, event)

    link(chat, "Ana", "Nana")

    merged = state(chat)
    book(chat, MONDAY, "Ana", "Both")
    assert figures(chat, "Nana") == figures(chat, "Both")
    with chat.tx() as tx:
        projection.rebuild(tx)
    assert state(chat) == merged
