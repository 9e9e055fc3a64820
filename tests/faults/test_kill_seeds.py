"""kill -9 at any moment, hundreds of times.

A seed says how it was: pytest tests/faults/test_kill_seeds.py -k seed17-
"""

from __future__ import annotations

import random
import time

import pytest

from tests.faults.life import begin
from tests.faults.scene import Scene, letters

SECONDS = 0.5
"""About as long as an undisturbed life takes."""


def survive(scene: Scene, seed: int) -> None:
    """Some lives that end at any moment, one that does not, and what must be so afterwards."""
    chance = random.Random(seed)
    looks = seed % 2 == 0
    with scene.store() as store:
        expected = scene.expected | letters(store, chance.randrange(40))
    if looks:
        scene.platform.moods.extend(chance.choices(["take", "busy", "close", "break"], [40, 1, 1, 1], k=40))

    for _ in range(chance.randint(1, 4)):
        process, begun = begin(scene.life(looks=looks))
        begun.recv()
        time.sleep(SECONDS * chance.random() ** 2)
        process.kill()
        process.join(60)
        scene.in_flight += scene.states()["sending"]
    scene.live(looks=looks)

    keys, resent = scene.platform.keys, scene.resent()
    assert keys.keys() == expected, "lost, or from nowhere"
    assert scene.states() == {"sent": len(expected)}
    assert resent.total() <= scene.in_flight
    assert {key: times for key, times in keys.items() if times > 1 + resent[key]} == {}, "doubled"
    if looks:
        assert resent.total() == 0


@pytest.mark.parametrize("seed", range(6), ids="seed{}-".format)
def test_killed_at_any_moment_nothing_is_lost_or_doubled(on_file: Scene, seed: int) -> None:
    survive(on_file, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6, 206), ids="seed{}-".format)
def test_killed_two_hundred_times_nothing_is_lost_or_doubled(on_file: Scene, seed: int) -> None:
    survive(on_file, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(206, 256), ids="seed{}-".format)
def test_killed_on_postgresql_nothing_is_lost_or_doubled(on_server: Scene, seed: int) -> None:
    survive(on_server, seed)
