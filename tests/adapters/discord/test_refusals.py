"""What Discord's refusals mean: only what is surely closed is called closed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from adapters.discord import refusals
from bot.door.messages import TryLater, Unreachable


def refusal(status: int, code: int, **headers: str) -> discord.HTTPException:
    answer: Any = SimpleNamespace(status=status, reason="", headers=headers)
    return discord.HTTPException(answer, {"code": code, "message": "Private words"})


@pytest.mark.parametrize("code", refusals.PEOPLE)
def test_a_persons_closed_door_is_no_word_about_a_channel(code: int) -> None:
    error = refusal(403, code)

    assert refusals.meaning(error, is_direct=True) == Unreachable(refusals.PEOPLE[code])
    assert not isinstance(refusals.meaning(error, is_direct=False), Unreachable)


@pytest.mark.parametrize("code", refusals.PLACES)
def test_a_shut_channel_is_no_word_about_a_person(code: int) -> None:
    error = refusal(403, code)

    assert refusals.meaning(error, is_direct=False) == Unreachable(refusals.PLACES[code])
    assert refusals.meaning(error, is_direct=True) is None


@pytest.mark.parametrize("is_direct", [False, True])
@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (refusal(401, 0), TryLater(600, "platform")),
        (refusal(401, 40001), TryLater(600, "platform")),
        (refusal(403, 0), TryLater(600, "platform")),
        (refusal(403, 40333), TryLater(600, "platform")),
        (refusal(403, 20026), TryLater(600, "platform")),
        (refusal(400, 40003), TryLater(600, "platform")),
        (refusal(429, 0, **{"Retry-After": "7"}), TryLater(7)),
        (refusal(429, 30046, **{"Retry-After": "7"}), TryLater(7)),
        (refusal(429, 0), TryLater(30)),
        (refusal(400, 50035), None),
        (refusal(400, 50006), None),
        (refusal(403, 240000), None),
        (refusal(500, 0), None),
        (refusal(503, 130000), None),
    ],
    ids=lambda value: f"{value.status} {value.code}" if isinstance(value, discord.HTTPException) else "",
)
def test_what_is_not_the_receivers_doing_closes_no_door(
    error: discord.HTTPException, meant: TryLater | None, is_direct: bool
) -> None:
    assert refusals.meaning(error, is_direct=is_direct) == meant


def test_reasons_fit_into_the_sentences_that_quote_them() -> None:
    for why in (*refusals.PEOPLE.values(), *refusals.PLACES.values()):
        assert len(why) <= 120
        assert not why.endswith(".")
