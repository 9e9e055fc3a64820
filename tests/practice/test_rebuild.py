"""Everything about learning can be recomputed from the log, without grading anything again."""

from __future__ import annotations

from typing import Any

import pytest

from bot.door import intents as i
from bot.door.intents import Compare
from bot.practice import projection
from bot.store.tables import PROJECTIONS
from tests.talk import DAY, Talk


def state(chat: Talk) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every projection."""
    with chat.tx() as tx:
        return {
            t.name: [tuple(r) for r in tx.execute(t.select().order_by(*t.primary_key.columns))] for t in PROJECTIONS
        }


@pytest.fixture
def lived(chat: Talk) -> Talk:
    """Weeks of two members' practice: hints, looks, skips, doubts settled, reviews, odd input."""
    chat.settled("Ana")
    chat.say("Ana", i.Hint())
    heard = chat.say("Ana", i.SubmitAnswer(answer="I would look at the numbers and compare. Then I would decide."))
    while any(isinstance(b.intent, Compare) for b in heard.buttons):
        heard = chat.say("Ana", heard.buttons[0].intent)
    chat.settled("Ben", role="data_engineer")
    chat.say("Ben", i.Reveal())
    for day in range(20):
        chat.world.wait(DAY)
        chat.say("Ana", i.Review() if day % 2 else i.Practice())
        chat.say("Ana", i.SubmitAnswer(answer="Two copies, please") if day % 5 == 0 else i.Skip())
        chat.say("Ben", i.Practice())
        chat.say("Ben", i.SubmitAnswer(answer=chat.exemplar("Ben", "lean_hire")))
    chat.say("Ana", i.SubmitAnswer(answer="Nothing was open"))
    return chat


def test_a_rebuild_gives_the_same_state(lived: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(lived)
    monkeypatch.setattr(type(lived.world.rolecall.bench.grader), "grade", None)

    with lived.tx() as tx:
        projection.rebuild(tx)

    assert all(before[t] for t in ("serving", "attempt", "exposure", "review", "card"))
    assert state(lived) == before


def test_a_rebuild_mends_projections_that_were_damaged(lived: Talk) -> None:
    before = state(lived)
    with lived.tx() as tx:
        tx.exec_driver_sql("UPDATE card SET stability = 99")
        tx.exec_driver_sql("DELETE FROM review")

        projection.rebuild(tx)

    assert state(lived) == before
