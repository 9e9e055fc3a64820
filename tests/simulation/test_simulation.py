"""A year of many people, with everything that can go wrong: each gets what they were promised, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.delivery import pacing, sending, sweep
from bot.members import quiet
from bot.store import delivery as rows
from tests.simulation.__main__ import command
from tests.simulation.oracle import broken
from tests.simulation.world import simulate


def lived(seed: int, members: int, days: int) -> None:
    outcome = simulate(seed, members, days)
    wrong = broken(outcome)
    assert len(outcome.history.calls) > members
    assert not wrong, "\n".join([*wrong[:20], f"{len(wrong)} in all; replay: {command(seed, members, days)}"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_some_weeks_of_a_few_people(seed: int) -> None:
    lived(seed, members=51, days=14)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 21))
def test_a_year_of_a_hundred_people(seed: int) -> None:
    lived(seed, members=100, days=365)


def test_a_seed_always_gives_the_same_year() -> None:
    one, two = (simulate(5, members=10, days=14) for _ in range(2))

    assert [(c.key, c.at, c.outcome) for c in one.history.calls] == [
        (c.key, c.at, c.outcome) for c in two.history.calls
    ]
    assert one.happened == two.happened


# The oracle is worth something only if it notices what is wrong: each of these breaks one thing.


def _forgets_a_row_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    put = rows.put
    monkeypatch.setattr(rows, "put", lambda tx, new, now: put(tx, new[1:] if now.day % 7 == 0 else new, now))


def _sends_again_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    settle = rows.settle

    def forgets(tx: Any, id: int, owner: str, state: str, **values: object) -> bool:
        return settle(tx, id, owner, "ready" if state == "unknown" else state, **values)

    monkeypatch.setattr(rows, "settle", forgets)


def _is_five_minutes_early(monkeypatch: pytest.MonkeyPatch) -> None:
    real = sweep.sweep
    due = rows.ready
    monkeypatch.setattr(sweep, "sweep", lambda store, now: real(store, now + timedelta(minutes=5)))
    monkeypatch.setattr(rows, "ready", lambda tx, now, *rest: due(tx, now + timedelta(minutes=5), *rest))


def _knows_no_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet, "over_at", lambda member, now: None)


def _knows_no_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "DAILY", 9)


def _does_not_heed_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    settle = rows.settle

    def at_once(tx: Any, id: int, owner: str, state: str, **values: object) -> bool:
        return settle(tx, id, owner, state, **{k: v for k, v in values.items() if k != "not_before"})

    monkeypatch.setattr(rows, "settle", at_once)
    monkeypatch.setattr(pacing, "held", lambda bucket, until: bucket)


def _never_recovers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "lapsed", lambda *_: [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "noticed"),
    [
        (_forgets_a_row_now_and_then, "none_is_lost"),
        (_sends_again_without_asking, "none_is_doubled"),
        (_is_five_minutes_early, "none_is_early"),
        (_knows_no_night, "none_in_quiet_hours"),
        (_knows_no_measure, "two_a_day_at_most"),
        (_does_not_heed_refusals, "refusals_are_heeded"),
        (_never_recovers, "nothing_is_left_over"),
    ],
)
def test_the_oracle_notices(fault: Any, noticed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch)
    seeds = (broken(simulate(seed, members=51, days=15)) for seed in range(1, 13))

    assert any(what.startswith(noticed) for wrong in seeds for what in wrong)
