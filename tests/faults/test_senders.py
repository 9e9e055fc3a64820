"""Several senders on one PostgreSQL, and what can happen to them on the way to it."""

from __future__ import annotations

import asyncio
import signal
import tempfile
import time
from pathlib import Path

import pytest

from bot.door.messages import Delivery, Push
from bot.store.session import open_store
from tests.faults.life import begin, work
from tests.faults.scene import NINE, Scene, letters
from tests.faults.server import Line, Platform
from tests.faults.test_postgres import cutting
from tests.postgres import Databases

MANY = 10_000


@pytest.mark.slow
def test_two_senders_one_of_them_killed_half_way_send_ten_thousand_once(on_server: Scene) -> None:
    with on_server.store() as store:
        expected = on_server.expected | letters(store, MANY)
    together = {"now": NINE, "since": time.monotonic(), "lease": 8.0, "call": 2.0}
    senders = [begin(on_server.life(**together)) for _ in range(2)]
    killed, left = (process for process, _ in senders)

    taken = on_server.platform.folder / "taken"
    while not taken.exists() or taken.read_bytes().count(b"\n") < MANY / 2:
        time.sleep(0.1)
        assert killed.is_alive() and left.is_alive()
    killed.kill()
    killed.join(10)
    left.join(240)

    assert (killed.exitcode, left.exitcode) == (-signal.SIGKILL, 0)
    assert on_server.platform.keys == dict.fromkeys(expected, 1)
    assert on_server.states() == {"sent": len(expected)}
    assert on_server.resent().total() == 0


@pytest.mark.slow
def test_answers_to_commits_that_are_lost_while_sending_lose_and_double_nothing(
    own_databases: Databases, platform: Platform
) -> None:
    assert own_databases.server is not None
    with (
        tempfile.TemporaryDirectory() as folder,
        cutting(own_databases.server, Path(folder)) as cut,
        own_databases.fresh(own_databases.template) as url,
    ):
        direct = Scene(url, platform)
        with direct.store() as store:
            expected = letters(store, 60)
        calls = cuts = 0

        class Unlucky(Line):
            async def deliver(self, push: Push) -> Delivery:
                nonlocal calls, cuts
                calls += 1
                if calls % 7 == 3 and not cut.is_set():
                    cuts += 1
                    cut.set()
                return await super().deliver(push)

        store = open_store(f"{url.partition('?')[0]}?host={folder}")
        asyncio.run(work(store, Unlucky(platform.socket), NINE, "one", alone=False))
        store.close()

        assert cuts >= 3
        assert platform.keys == dict.fromkeys(expected, 1)
        assert direct.states() == {"sent": len(expected)}


@pytest.mark.slow
def test_a_server_that_restarts_in_the_drain_loses_and_doubles_nothing(
    own_databases: Databases, platform: Platform
) -> None:
    server = own_databases.server
    assert server is not None
    with own_databases.fresh(own_databases.template) as url:
        scene = Scene(url, platform)
        with scene.store() as store:
            expected = letters(store, 200)
        platform.slow = 0.02
        process, begun = begin(scene.life())
        begun.recv()
        for _ in range(2):
            time.sleep(0.3)
            server.stop()
            server.up()
        process.join(60)

        assert process.exitcode == 0
        assert platform.keys == dict.fromkeys(expected, 1)
        assert scene.states() == {"sent": len(expected)}
