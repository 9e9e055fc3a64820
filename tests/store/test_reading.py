"""A long look at the database holds nobody up, and sees it as it was when it began."""

from __future__ import annotations

from bot.store import installation
from bot.store.session import open_store


def test_others_write_while_somebody_reads_who_sees_nothing_of_it(store_place: str) -> None:
    store, other = open_store(store_place), open_store(store_place)
    with store.begin() as tx:
        installation.keep_setting(tx, "colour", "red")

    with store.read() as long:
        before = installation.setting(long, "colour")
        with store.begin() as tx:
            installation.keep_setting(tx, "colour", "green")
        with other.begin() as tx:
            installation.keep_setting(tx, "colour", "blue")
        after = installation.setting(long, "colour")

    with store.read() as tx:
        now = installation.setting(tx, "colour")
    store.close()
    other.close()
    assert (before, after, now) == ("red", "red", "blue")
