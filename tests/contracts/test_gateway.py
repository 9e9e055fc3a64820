"""What delivery relies on, whatever the platform: one key is one message, it can be found, and it can be replaced."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.slack.gateway import SlackGateway
from adapters.slack.installation import Installation, Team
from adapters.terminal.gateway import TerminalGateway
from adapters.terminal.mailbox import Mailbox
from bot.door.intents import Review
from bot.door.invocation import Gateway
from bot.door.messages import Button, ChannelPost, DirectMessage, Message, Push, Sent, paragraph
from bot.model import Account, MemberId
from tests.adapters.discord.sending import server
from tests.slack.local import TEAM, LocalSlack
from tests.talk import Inbox, words

pytestmark = pytest.mark.enable_socket

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
ANA = MemberId("m1")


@dataclass(frozen=True)
class Stage:
    """A platform with Ana in it, and a channel."""

    gateway: Gateway
    ana: DirectMessage
    channel: ChannelPost
    stands: Callable[[DirectMessage | ChannelPost], Sequence[str]]
    """What can be read there now, a text for each message, the oldest first."""


@contextmanager
def terminal(folder: Path) -> Iterator[Stage]:
    shown: dict[str, Push] = {}
    gateway = TerminalGateway()
    gateway.attach(shown.__setitem__)
    yield Stage(
        gateway,
        DirectMessage(ANA, Account("terminal", "", "ana")),
        ChannelPost("terminal", "#ml"),
        lambda to: [words(push.message) for push in shown.values() if push.to == to],
    )


@contextmanager
def mailbox(folder: Path) -> Iterator[Stage]:
    def stands(to: DirectMessage | ChannelPost) -> Sequence[str]:
        pattern = "ana.jsonl" if isinstance(to, DirectMessage) else "_channel-*.jsonl"
        lines = [line for file in folder.glob(pattern) for line in file.read_text().splitlines()]
        return [letter["text"] for letter in map(json.loads, lines) if "text" in letter]

    ana = DirectMessage(ANA, Account("terminal", "", "ana"))
    yield Stage(Mailbox(folder, lambda: NOON), ana, ChannelPost("terminal", "#ml"), stands)


@contextmanager
def inbox(folder: Path) -> Iterator[Stage]:
    gateway = Inbox()

    def stands(to: DirectMessage | ChannelPost) -> Sequence[str]:
        latest = {push.replaces or str(n): push for n, push in enumerate(gateway.pushes, 1)}
        return [words(push.message) for push in latest.values() if push.to == to]

    yield Stage(gateway, DirectMessage(ANA, Account("terminal", "", "ana")), ChannelPost("terminal", "#ml"), stands)


@contextmanager
def slack(folder: Path) -> Iterator[Stage]:
    with LocalSlack(clock=lambda: NOON) as local:
        local.person("U1", "Ana")
        local.room("C1", "ml", ["U1"])
        team = Team(TEAM, "Rolecall", local.world.teams[TEAM].bot_user, local.token)
        installation = Installation(local.token, base_url=local.api_url)
        yield Stage(
            SlackGateway(installation, lambda: {TEAM: team}, lambda team, members: {}),
            DirectMessage(ANA, Account("slack", TEAM, "U1")),
            ChannelPost(TEAM, "C1"),
            lambda to: [
                local.text_of(m) for m in (local.dm("U1") if isinstance(to, DirectMessage) else local.messages("C1"))
            ],
        )
        assert local.refusals == []


@contextmanager
def discord(folder: Path) -> Iterator[Stage]:
    with server() as here:
        room = here.room

        def stands(to: DirectMessage | ChannelPost) -> Sequence[str]:
            local = here.discord
            return [
                local.text_of(m) for m in (local.dm(101) if isinstance(to, DirectMessage) else local.messages(room))
            ]

        yield Stage(
            here.gateway,
            DirectMessage(ANA, here.account("101")),
            ChannelPost(str(here.guild), str(room)),
            stands,
        )
        assert here.discord.refusals == []


@pytest.fixture(params=[terminal, mailbox, inbox, slack, discord])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    with request.param(tmp_path) as found:
        yield found


@pytest.fixture(params=["ana", "channel"])
def to(request: pytest.FixtureRequest, stage: Stage) -> DirectMessage | ChannelPost:
    return getattr(stage, request.param)  # type: ignore[no-any-return]


def push(key: str, to: DirectMessage | ChannelPost, text: str) -> Push:
    buttons = (Button("Review now", Review()),) if isinstance(to, DirectMessage) else ()
    return Push(key, to, Message("Something for you", (paragraph(text),), buttons))


def sent(stage: Stage, *pushes: Push) -> list[Sent]:
    """What the platform says to messages that are sent at the same time, in an event loop of its own."""

    async def all_at_once() -> list[object]:
        return await asyncio.gather(*(stage.gateway.deliver(push) for push in pushes))

    found = asyncio.run(all_at_once())
    assert all(isinstance(one, Sent) for one in found), found
    return found  # type: ignore[return-value]


def find(stage: Stage, key: str, to: DirectMessage | ChannelPost, since: datetime = NOON) -> Sent | None:
    return asyncio.run(stage.gateway.find(key, to, since))


def test_a_message_stands_where_it_was_sent_and_is_found_by_its_key(
    stage: Stage, to: DirectMessage | ChannelPost
) -> None:
    [ref] = sent(stage, push("a", to, "Chunking is due."))

    [text] = stage.stands(to)
    assert "Chunking is due." in text
    assert find(stage, "a", to) == ref
    assert find(stage, "a", to, since=NOON - timedelta(hours=8)) == ref


def test_a_message_that_was_never_sent_is_not_found(stage: Stage, to: DirectMessage | ChannelPost) -> None:
    sent(stage, push("a", to, "Chunking is due."))

    assert find(stage, "b", to) is None


def test_messages_that_are_sent_at_the_same_time_all_stand_there_and_are_told_apart(
    stage: Stage, to: DirectMessage | ChannelPost
) -> None:
    refs = sent(stage, *(push(f"k{n}", to, f"Message {n}.") for n in range(10)))

    assert len(stage.stands(to)) == 10
    assert [find(stage, f"k{n}", to) for n in range(10)] == refs
    assert len({ref.ref for ref in refs}) == 10


def test_what_takes_the_place_of_a_message_is_all_that_stands_there(stage: Stage) -> None:
    [first] = sent(stage, push("a", stage.channel, "Ana leads."))

    for number, text in enumerate(("Ben leads.", "Cem leads."), 1):
        [first] = sent(stage, replace(push(f"a:r{number}", stage.channel, text), replaces=first.ref))

    [text] = stage.stands(stage.channel)
    assert "Cem leads." in text
