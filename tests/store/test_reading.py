"""A long look at the database holds nobody up, and sees it as it was when it began."""

from __future__ import annotations

from bot.store import delivery
from bot.store.session import open_store


def test_others_write_while_somebody_reads_who_sees_nothing_of_it(store_place: str) -> None:
    store, other = open_store(store_place), open_store(store_place)
    with store.begin() as tx:
        delivery.keep_setting(tx, "colour", "red")

    with store.read() as long:
        before = delivery.setting(long, "colour")
        with store.begin() as tx:
            delivery.keep_setting(tx, "colour", "green")
        with other.begin() as tx:
            delivery.keep_setting(tx, "colour", "blue")
        after = delivery.setting(long, "colour")

    with store.read() as tx:
        now = delivery.setting(tx, "colour")
    store.close()
    other.close()
    assert (before, after, now) == ("red", "red", "blue")
