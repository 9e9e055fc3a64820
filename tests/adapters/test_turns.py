"""Wishes are worked on in turns: one person's in their order, not too many at a time, and none is forgotten."""

from __future__ import annotations

import asyncio
from functools import partial

from adapters.turns import Turns


def test_one_persons_wishes_are_done_in_their_order_and_others_do_not_wait_for_them() -> None:
    done: list[str] = []

    async def story() -> None:
        turns, may_go_on = Turns(), asyncio.Event()

        async def work(name: str, waits: bool = False) -> None:
            if waits:
                await may_go_on.wait()
            done.append(name)

        turns.add("ada", partial(work, "ada 1", True))
        turns.add("ada", partial(work, "ada 2"))
        turns.add("ben", partial(work, "ben 1"))
        while done != ["ben 1"]:
            await asyncio.sleep(0)
        may_go_on.set()
        await turns.quiet()

    asyncio.run(asyncio.wait_for(story(), 5))
    assert done == ["ben 1", "ada 1", "ada 2"]


def test_no_more_than_so_many_are_worked_on_at_a_time_and_the_rest_comes_in_order() -> None:
    begun: list[int] = []
    at_work: list[int] = []
    most = 0

    async def story() -> None:
        turns = Turns(at_once=3)

        async def work(n: int) -> None:
            nonlocal most
            begun.append(n)
            at_work.append(n)
            most = max(most, len(at_work))
            await asyncio.sleep(0)
            at_work.remove(n)

        for n in range(20):
            turns.add(str(n), partial(work, n))
        await turns.quiet()

    asyncio.run(asyncio.wait_for(story(), 5))
    assert begun == list(range(20))
    assert most == 3


def test_a_wish_that_fails_keeps_nobody_from_the_next() -> None:
    done: list[str] = []

    async def story() -> None:
        turns = Turns(at_once=1)

        async def fail() -> None:
            raise ValueError

        async def work() -> None:
            done.append("done")

        turns.add("ada", fail)
        turns.add("ada", work)
        turns.add("ben", work)
        await turns.quiet()

    asyncio.run(asyncio.wait_for(story(), 5))
    assert done == ["done", "done"]
