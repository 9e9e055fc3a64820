"""A push reaches the screen once per key, and can be asked for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.terminal.gateway import TerminalGateway
from bot.door.messages import ChannelPost, DirectMessage, Message, Push, Sent, Unreachable, paragraph
from bot.model import Account, MemberId

MESSAGE = Message("Said", (paragraph("Said."),))


def push(key: str, platform: str = "terminal") -> Push:
    return Push(key, DirectMessage(MemberId("m"), Account(platform, "", "ana")), MESSAGE)


def found(gateway: TerminalGateway, key: str) -> Sent | None:
    return asyncio.run(gateway.find(key, push(key).to, datetime(2026, 1, 5, tzinfo=UTC)))


def test_one_key_is_one_message() -> None:
    gateway, shown = TerminalGateway(), list[str]()
    gateway.attach(lambda ref, _: shown.append(ref))

    first, second = asyncio.run(gateway.deliver(push("a"))), asyncio.run(gateway.deliver(push("a")))

    assert isinstance(first, Sent)
    assert second == first
    assert shown == [first.ref]
    assert found(gateway, "a") == first
    assert found(gateway, "b") is None


def test_what_comes_before_somebody_looks_is_shown_afterwards() -> None:
    gateway, shown = TerminalGateway(), list[str]()
    asyncio.run(gateway.deliver(push("a")))

    gateway.attach(lambda _, arrived: shown.append(arrived.key))

    assert shown == ["a"]


def test_a_push_that_could_not_be_drawn_was_not_sent() -> None:
    gateway = TerminalGateway()

    def fails(ref: str, arrived: Push) -> None:
        raise OSError

    gateway.attach(fails)
    with pytest.raises(OSError):
        asyncio.run(gateway.deliver(push("a")))

    assert found(gateway, "a") is None


def test_another_platform_is_out_of_reach() -> None:
    gateway = TerminalGateway()

    assert isinstance(asyncio.run(gateway.deliver(push("a", platform="slack"))), Unreachable)
    assert isinstance(asyncio.run(gateway.deliver(Push("b", ChannelPost("T1", "C1"), MESSAGE))), Unreachable)


@pytest.mark.parametrize("is_watched", [True, False])
def test_a_push_that_takes_the_place_of_another_has_its_reference(is_watched: bool) -> None:
    gateway, shown = TerminalGateway(), list[tuple[str, str]]()

    def attach() -> None:
        gateway.attach(lambda ref, arrived: shown.append((ref, arrived.key)))

    if is_watched:
        attach()
    first = asyncio.run(gateway.deliver(push("a")))
    assert isinstance(first, Sent)
    for key in ("a:r1", "a:r2", "a:r2"):
        assert asyncio.run(gateway.deliver(replace(push(key), replaces=first.ref))) == first
    if not is_watched:
        attach()

    assert shown == [(first.ref, "a"), (first.ref, "a:r1"), (first.ref, "a:r2")]
