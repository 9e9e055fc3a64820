"""Rows that cannot be sent: each ends with its reason, and the others do not wait for it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import sqlalchemy as sa

from bot.delivery import outbox as delivery
from bot.door import frozen
from bot.door import intents as i
from bot.door.messages import Delivery, Push
from bot.store import delivery as rows
from bot.store import members
from bot.store.tables import outbox
from tests.faults.life import work
from tests.faults.scene import NINE, Scene, letters, member_id
from tests.faults.server import Line
from tests.talk import DAY, Talk

BROKEN = {
    "data that is no JSON": "UPDATE outbox SET data = '{nonsense'",
    "words that are no JSON": "UPDATE outbox SET message = '{nonsense'",
    "words of another version": """UPDATE outbox SET message = '{"is": "poem"}'""",
    "data that is no object": "UPDATE outbox SET data = '[1, 2]'",
    "a channel that is none": "UPDATE outbox SET bucket = 'nowhere'",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_row_ends_with_its_reason_and_the_others_are_sent(on_file: Scene, broken: str) -> None:
    with on_file.store() as store:
        expected = letters(store, 8)
        with store.begin() as tx:
            tx.exec_driver_sql(f"{BROKEN[broken]} WHERE dedupe_key = 'verdict:3'")
        asyncio.run(work(store, Line(on_file.platform.socket), NINE, "one"))

        with store.begin() as tx:
            kept = {r.dedupe_key: r for r in tx.execute(sa.select(outbox))}

    assert expected - {"verdict:3"} <= on_file.platform.keys.keys()
    assert (kept["verdict:3"].state, kept["verdict:3"].reason) == ("dead", "it could not be written")


@pytest.fixture
def due(chat: Talk) -> Talk:
    chat.settled("Ana")
    chat.settled("Ben")
    return chat


def put(chat: Talk, kind: str, data: dict[str, Any]) -> None:
    """Something that cannot be said to Ana, and behind it something for Ben that can."""
    ana, ben, now = chat.member("Ana"), chat.member("Ben"), chat.world.now()
    fine = {"serving": chat.kept("Ben")["attempt"][0]["serving_id"], "before": ""}
    with chat.tx() as tx:
        assert delivery.put(tx, key="poison", kind=kind, member=ana, now=now, data=data)
        assert delivery.put(tx, key="fine", kind="regraded", member=ben, now=now, data=fine)


def ended(chat: Talk, key: str) -> tuple[str, str | None]:
    with chat.tx() as tx:
        row = tx.execute(sa.select(outbox.c.state, outbox.c.reason).where(outbox.c.dedupe_key == key)).one()
    return row.state, row.reason


@pytest.mark.parametrize(
    ("kind", "data", "end"),
    [
        ("regraded", {}, ("dead", "it could not be written")),
        ("regraded", {"serving": "gone"}, ("skipped", "the answer is no longer there")),
        ("of_tomorrow", {}, ("skipped", "this version knows no message of the kind of_tomorrow")),
    ],
)
def test_a_message_that_cannot_be_worded_stands_in_nobodys_way(
    due: Talk, kind: str, data: dict[str, Any], end: tuple[str, str]
) -> None:
    put(due, kind, data)
    due.world.wait(DAY)

    assert ended(due, "poison") == end
    assert ended(due, "fine") == ("sent", None)


def test_what_members_typed_arrives_as_plain_text_however_it_looks(chat: Talk) -> None:
    name = "<!everyone> @everyone <@U123>"
    chat.settled(name)
    chat.say(name, i.Practice())
    chat.say(name, i.SubmitAnswer(answer="@here <script> " + "x" * 2900))
    chat.until_pushed()

    for push in chat.inbox.pushes:
        shown = frozen.to_json(push.message)
        assert '"mention"' not in json.dumps(shown)
        assert frozen.from_json(shown) == push.message


def test_more_than_a_platform_takes_is_kept_and_sent_word_for_word(on_file: Scene) -> None:
    text = "@everyone <@U123> " + "x" * 4000
    with on_file.store() as store:
        with store.begin() as tx:
            to = members.accounts(tx, member_id(0))[0]
            new = delivery.new_row(
                to,
                member_id(0),
                key="long",
                kind="verdict",
                not_before=NINE,
                expires_at=NINE + DAY,
                data={"text": text},
            )
            rows.put(tx, [new], NINE)
        on_file.platform.moods.append("close")
        seen: list[Push] = []

        class Reading(Line):
            async def deliver(self, push: Push) -> Delivery:
                seen.append(push)
                return await super().deliver(push)

        asyncio.run(work(store, Reading(on_file.platform.socket, looks=False), NINE, "one"))

    first, again = (p for p in seen if p.key == "long")
    assert text in json.dumps(frozen.to_json(first.message))
    assert first.message == again.message
