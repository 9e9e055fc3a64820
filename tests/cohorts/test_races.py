"""People who change a cohort at the same moment, on both databases: each hears a clear word, and nothing is doubled."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from bot.door import cohort_intents as c
from bot.door.intents import Intent
from bot.door.invocation import Place
from bot.errors import RolecallError
from bot.store import cohorts
from tests.cohorts.group import group
from tests.talk import Talk, talk, words

TIMES = 4
"""Each race is run so often: threads do not always meet."""


@pytest.fixture
def chat(tmp_path: Path, store_place: str) -> Iterator[Talk]:
    with talk(tmp_path, db=store_place) as chat:
        yield chat


def at_once(chat: Talk, *wishes: tuple[str, Intent], channel: str = "") -> list[str]:
    """What each hears; what nobody foresaw is raised. `channel`: where they say it; "": in private."""
    start, place = Barrier(len(wishes)), Place("terminal", channel, is_private=False)
    said = [chat.invocation(name, wish) for name, wish in wishes]

    def hear(n: int) -> str:
        start.wait()
        try:
            reply = chat.world.rolecall.reply_to(replace(said[n], place=place) if channel else said[n])
        except RolecallError as refusal:
            return str(refusal)
        return words(reply.message) if reply else ""

    with ThreadPoolExecutor(len(wishes)) as pool:
        return list(pool.map(hear, range(len(wishes))))


def test_two_clicks_set_up_one_cohort(chat: Talk) -> None:
    for n in range(TIMES):
        heard = at_once(chat, *[("Olga", c.CreateCohort(f"Spring {n}"))] * 2)
        assert sum("is set up" in said for said in heard) == 1
        assert sum("You organise a cohort called" in said for said in heard) == 1


def test_of_two_cohorts_that_want_a_channel_one_gets_it(chat: Talk) -> None:
    for n in range(TIMES):
        heard = at_once(chat, ("Olga", c.CreateCohort(f"A{n}")), ("Paul", c.CreateCohort(f"B{n}")), channel=f"#c{n}")
        assert all("is set up" in said for said in heard)
        assert sum(f"are posted in #c{n}" in said for said in heard) == 1
        heard = at_once(chat, ("Olga", c.BindChannel(f"A{n}")), ("Paul", c.BindChannel(f"B{n}")), channel=f"#d{n}")
        assert sum(f"are posted in #d{n}" in said for said in heard) == 1
        assert sum("Another cohort" in said for said in heard) == 1


def test_leaving_choosing_how_to_appear_and_being_appointed_do_not_wait_for_each_other_in_a_ring(chat: Talk) -> None:
    made = group(chat, learners=[f"Ana {n}" for n in range(TIMES)])
    for n in range(TIMES):
        name = f"Ana {n}"
        heard = at_once(
            chat,
            (name, c.LeaveCohort(made.id, "yes")),
            (name, c.Appear(made.id, "name")),
            ("Olga", c.Appoint(made.id, name, "mentor")),
        )
        assert not [said for said in heard if "get at my memory" in said]
        assert "You have left" in heard[0]
        with chat.tx() as tx:
            assert len(cohorts.seats(tx, made.id, "organiser")) == 1
