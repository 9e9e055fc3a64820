"""Two workers on one database, one of them stopped past the end of its lease and then continued: it is fenced."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.faults.life import begin
from tests.faults.scene import Scene

LEASE = 1.2


@pytest.mark.parametrize(
    "step", ["send", *(pytest.param(s, marks=pytest.mark.slow) for s in ("claim", "sending", "sent", "mark"))]
)
def test_a_worker_that_slept_through_its_lease_finds_its_messages_with_another(on_server: Scene, step: str) -> None:
    expected = on_server.expected
    together = {"now": on_server.now, "since": time.monotonic(), "lease": LEASE, "call": LEASE / 4}
    asleep, begun = begin(on_server.life(dies_at=step, dies_of=signal.SIGSTOP, **together))
    begun.recv()
    time.sleep(LEASE / 2)
    awake, _ = begin(on_server.life(**together))
    try:
        time.sleep(2 * LEASE)
        assert asleep.pid
        os.kill(asleep.pid, signal.SIGCONT)
        for process in (asleep, awake):
            process.join(20)
            assert process.exitcode == 0
    finally:
        asleep.kill()
        awake.kill()

    assert on_server.platform.keys == dict.fromkeys(expected, 1)
    assert on_server.states() == {"sent": len(expected)}
