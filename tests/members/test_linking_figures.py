"""Two who are joined have the memory, the figures and the points of one person who did all that either did."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cohorts import booking
from bot.door import intents as i
from bot.grading.question import full
from bot.grading.text import sentences
from bot.model import Assessment, Event, Judge, ServingId, State, Verdict
from bot.practice import projection
from bot.store import learning
from bot.store import points as ledger
from bot.store.stored import assessment_to
from bot.store.tables import card, exposure, review
from tests.members.test_linking import link
from tests.talk import Talk, talk

TEXTS = (
    "First I would read ten wrong answers. Then I would measure recall on them. Last I would rerank.",
    "Before all else I look at what was retrieved. After that the prompt is changed. Then I measure again.",
    "A split by time keeps the future out of training. Leakage shows as a score that is too good.",
    "Perhaps.",
)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(("Ana", "Nana")),
        st.integers(1, 60 * 40),  # minutes since the one before
        st.integers(0, 3),  # which problem
        st.sampled_from(("answered", "answered", "answered", "revealed", "skipped")),
        st.integers(0, len(TEXTS) - 1),
        st.sampled_from((State.MET, State.MET, State.PARTLY, State.MISSED)),
        st.integers(0, 2),  # hints
        st.booleans(),  # whether points are booked at once
    ),
    min_size=4,
    max_size=14,
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def act(chat: Talk, name: str, problem: int, kind: str, text: str, state: State, hints: int) -> None:
    """Something that somebody does with a problem that they are asked."""
    member, now, bank = chat.member(name), chat.world.now(), chat.world.rolecall.bank
    asked = list(bank.problems.values())[problem]
    id = ServingId(chat.world.new_key())
    said = sentences(text)[0]
    verdicts = [
        Verdict(c.id, state if n else State.MET, None if n and state is State.MISSED else said, 0.9, "x", Judge.GRADER)
        for n, c in enumerate(full(asked, "v1").criteria)
    ]
    served = {
        "problem": asked.id,
        "version": asked.version,
        "variant": "v1",
        "origin": "new",
        "concept": None,
        "expires_at": (now + timedelta(days=7)).isoformat(),
    }
    with chat.tx() as tx:
        learning.keep_rubric(tx, asked.id, asked.version, asked.model_dump_json())
        projection.record(tx, Event(member, "served", now, id, served))
        for level in range(hints):
            projection.record(tx, Event(member, "hinted", now, id, {"level": level + 1}))
        projection.record(tx, Event(member, kind, now, id, {"text": text} if kind == "answered" else {}))
        if kind == "answered":
            judged = assessment_to(Assessment(tuple(verdicts)))
            projection.record(tx, Event(member, "assessed", now, id, {"assessment": judged}))


def book(chat: Talk, *names: str) -> None:
    rolecall = chat.world.rolecall
    for name in names:
        member = chat.member(name)
        with chat.tx() as tx:
            booking.book(tx, member, rolecall.bank, rolecall.new_id, chat.world.now())


def figures(chat: Talk, name: str) -> dict[str, Any]:
    """All that is worked out about somebody, without the ids of what they were asked."""
    member = chat.member(name)
    book(chat, name)
    with chat.tx() as tx:
        found: dict[str, Any] = {}
        for table in (card, exposure, review):
            columns = [c for c in table.c if c.name not in {"member_id", "serving_id"}]
            rows = tx.execute(sa.select(*columns).where(table.c.member_id == member))
            found[table.name] = sorted(tuple(map(str, r)) for r in rows)
        days: dict[date, int] = {}
        for row in ledger.of_days(tx, member, date.min, date.max):
            days[row.day] = days.get(row.day, 0) + row.points
        found["points"] = days
    return found


@settings(max_examples=8)
@given(acts=ACTS)
def test_two_who_become_one_have_the_figures_of_one_who_did_both(folder: Path, acts: list[Any]) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as place, talk(Path(place)) as chat:
        for name in ("Ana", "Nana", "Both"):
            chat.say(name, i.Help())
        for who, minutes, problem, kind, text, state, hints, books in acts:
            chat.world.wait(timedelta(minutes=minutes))
            for name in (who, "Both"):
                act(chat, name, problem, kind, TEXTS[text], state, hints)
            if books:
                book(chat, who, "Both")

        link(chat, "Ana", "Nana")

        assert figures(chat, "Nana") == figures(chat, "Both")
