"""A member can take everything with them, and take everything away."""

from __future__ import annotations

import json

import pytest

from bot.door import intents as i
from bot.door.messages import CodeBlock
from bot.store import tables
from tests.talk import DAY, Talk, buttons, words


def test_every_table_is_covered_by_export_and_delete() -> None:
    """A new table fails here until it has a member_id or says why it holds nothing personal."""
    for table in tables.metadata.sorted_tables:
        covered = table is tables.member or "member_id" in table.c or table.name in tables.NOT_PERSONAL
        assert covered, f"{table.name}: give it a member_id, or name it in NOT_PERSONAL with the reason"
    assert not {t.name for t in tables.personal()} & set(tables.NOT_PERSONAL)


@pytest.fixture
def lived(chat: Talk) -> Talk:
    for name in ("Ana", "Ben"):
        chat.settled(name)
        chat.say(name, i.SubmitAnswer(answer="Something of my own, in a few plain words."))
    chat.world.wait(5 * DAY)
    return chat


def test_the_export_holds_every_answer_and_nothing_of_others(lived: Talk) -> None:
    heard = lived.say("Ana", i.Export())

    [text] = [b.text for b in heard.blocks if isinstance(b, CodeBlock)]
    kept = json.loads(text)
    assert {t.name for t in tables.personal()} == set(kept)
    assert len(kept["attempt"]) == 2
    assert "Something of my own" in text
    assert lived.member("Ben") not in text


def test_delete_asks_first_and_then_forgets_every_row(lived: Talk) -> None:
    ana = lived.member("Ana")
    asked = lived.say("Ana", i.Delete())
    assert lived.kept("Ana")["attempt"]

    done = lived.say("Ana", buttons(asked)["Yes, delete everything"])

    assert "I no longer know you" in words(done)
    with lived.tx() as tx:
        for table in tables.metadata.sorted_tables:
            for row in tx.execute(table.select()):
                assert not any(ana in str(v) for v in row), f"{table.name} still knows the member"
    assert lived.kept("Ben")["attempt"]


def test_after_a_delete_a_member_can_begin_anew(lived: Talk) -> None:
    lived.say("Ana", i.Delete("yes"))

    assert "Hello Ana" in words(lived.say("Ana", i.Start()))
    assert len(lived.kept("Ana")["serving"]) == 1
