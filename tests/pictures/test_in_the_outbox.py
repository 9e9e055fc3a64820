"""A board with its picture is kept word for word until it has arrived, and then forgotten."""

from __future__ import annotations

import random
from contextlib import closing
from datetime import timedelta

import sqlalchemy as sa

from bot.door.frozen import from_json, to_json
from bot.door.messages import Message, Picture, paragraph
from bot.store import delivery
from bot.store.delivery import NewRow
from bot.store.session import open_store
from bot.store.tables import outbox
from tests.talk import MONDAY

LARGE = random.Random(6).randbytes(60_000)
"""As large as the largest picture, and as little compressible."""
BOARD = Message("The week's board", (paragraph("1. Ana, 58 points"), Picture(LARGE, "Ana leads")))


def test_a_picture_is_sent_again_as_it_was_and_leaves_nothing_behind(store_place: str) -> None:
    later = MONDAY + timedelta(minutes=5)
    row = NewRow("board:c1:1", "board", None, "terminal", "terminal:", "c1", "n", {}, MONDAY, later + timedelta(days=1))
    with closing(open_store(store_place)) as store:
        with store.begin() as tx:
            delivery.put(tx, [row], MONDAY)
            going = delivery.ready(tx, MONDAY, frozenset({"terminal"}), 10)
            delivery.claim(tx, [r.id for r in going], "one", MONDAY + timedelta(minutes=1))
            assert delivery.begin_sending(tx, [(going[0], to_json(BOARD))], "one", MONDAY, later) == 1

        with store.begin() as tx:
            (perhaps,) = delivery.lapsed(tx, later, frozenset({"terminal"}))
            assert perhaps.message
            assert from_json(perhaps.message) == BOARD
            assert delivery.take_over(tx, perhaps.id, "two", later + timedelta(minutes=1), later)
            assert delivery.mark_sent(tx, [(perhaps.id, "ref")], "two", later) == 1

        with store.begin() as tx:
            assert tx.execute(sa.select(outbox.c.state, outbox.c.message)).all() == [("sent", None)]
