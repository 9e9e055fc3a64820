"""Whoever Discord refuses ten thousand times in ten minutes is shut out: we stop long before."""

from __future__ import annotations

import pytest

from adapters.discord.budget import MOST, WINDOW, Budget

HERE = {"Via": "1.1 google"}


@pytest.mark.parametrize("status", [401, 403, 429])
def test_after_a_thousand_refusals_nothing_is_sent_until_the_first_of_them_is_ten_minutes_old(status: int) -> None:
    budget = Budget()
    for n in range(MOST - 1):
        budget.answered(status, HERE, 0.1 * n)
    assert budget.wait(100) == 0

    budget.answered(status, HERE, 101)

    assert budget.wait(101) == WINDOW - 101
    assert budget.wait(WINDOW + 0.05) == 0


def test_refusals_that_lie_far_apart_never_add_up() -> None:
    budget = Budget()
    for n in range(10 * MOST):
        budget.answered(403, HERE, 1.0 * n)

    assert budget.wait(10 * MOST) == 0


def test_what_goes_well_or_is_simply_wrong_does_not_count_and_neither_does_what_others_have_used_up() -> None:
    budget = Budget()
    for status, headers in ((200, HERE), (404, HERE), (400, HERE), (500, HERE)) * MOST:
        budget.answered(status, headers, 0)
    for _ in range(MOST):
        budget.answered(429, HERE | {"X-RateLimit-Scope": "shared", "Retry-After": "9"}, 0)

    assert budget.wait(0) == 0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (HERE | {"X-RateLimit-Global": "true", "Retry-After": "12"}, 12),
        (HERE | {"X-RateLimit-Scope": "global", "Retry-After": "12"}, 12),
        ({"Retry-After": "600"}, 600),
        ({}, 30),
        ({"Retry-After": "soon"}, 30),
        (HERE | {"Retry-After": "12"}, 0),
    ],
    ids=["everything", "everything by its scope", "the guard at the door", "and says nothing", "nor a number", "one"],
)
def test_where_discord_wants_nothing_at_all_for_a_while_that_is_kept(headers: dict[str, str], seconds: float) -> None:
    budget = Budget()

    budget.answered(429, headers, 100)

    assert budget.wait(100) == seconds
    assert budget.wait(100 + seconds) == 0
