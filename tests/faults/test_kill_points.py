"""kill -9 at each step between a due time and a sent message, for real, on both databases."""

from __future__ import annotations

import pytest

from tests.faults.life import CALLS, STEPS
from tests.faults.scene import Scene


@pytest.mark.parametrize("step", ["select", "insert", "plan", "claim", "sending", "send", "sent", "mark"])
def test_killed_at_a_step_each_message_is_sent_once(scene: Scene, step: str) -> None:
    assert step in (*STEPS, *CALLS)
    expected = scene.expected

    scene.live_and_die(step)
    scene.live()

    assert scene.platform.keys == dict.fromkeys(expected, 1)
    assert scene.states() == {"sent": len(expected)}


@pytest.mark.parametrize(("step", "on"), [("send", 5), ("sent", 5), ("mark", 2)])  # marks are made for several at once
def test_where_the_platform_cannot_be_asked_only_what_was_in_flight_is_doubled(
    scene: Scene, step: str, on: int
) -> None:
    expected = scene.expected

    scene.live_and_die(step, dies_on=on, looks=False)
    scene.live(looks=False)

    keys = scene.platform.keys
    assert keys.keys() == expected
    assert 0 < scene.in_flight <= 10
    assert keys.total() - len(expected) <= scene.in_flight
    assert all(times <= 1 + scene.resent()[key] for key, times in keys.items())


def test_what_died_before_its_call_is_not_counted_as_doubled(scene: Scene) -> None:
    for step in ("select", "insert", "claim", "sending"):
        scene.live_and_die(step, looks=False)
    scene.live(looks=False)

    assert scene.platform.keys == dict.fromkeys(scene.expected, 1)
    assert scene.resent().total() == scene.in_flight == 0
