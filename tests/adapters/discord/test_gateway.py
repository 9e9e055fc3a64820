"""How a push reaches people on Discord: where it stands, what it shows, and what becomes of it when Discord refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import discord
import pytest
from structlog.testing import capture_logs

from adapters.discord import gateway as gateway_module
from adapters.discord.client import Client
from adapters.discord.gateway import DiscordGateway
from adapters.discord.installation import Installation
from bot.door.invocation import CannotAskError
from bot.door.messages import (
    ChannelPost,
    Delivery,
    DirectMessage,
    Mention,
    Message,
    Picture,
    Push,
    Sent,
    TryLater,
    Unreachable,
    paragraph,
)
from bot.model import MemberId
from tests.adapters.discord.sending import POST, Server, account, said, server
from tests.adapters.outbox import NOON

pytestmark = pytest.mark.enable_socket

ANA = DirectMessage(MemberId("m:101"), account("101"))
PNG = b"\x89PNG\r\n\x1a\n" + b"a picture" * 20
BOARD = Message("The board", (paragraph("Ana leads."), Picture(PNG, "Ana leads with 70 points.")))
LONG = Message("Long", tuple(paragraph(f"{n}. " + "word " * 300) for n in range(4)))


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_module, "OVERLOADED", 0.0)


@pytest.fixture
def here() -> Iterator[Server]:
    with server() as found:
        yield found
        assert found.discord.refusals == []


def ml(here: Server) -> ChannelPost:
    return ChannelPost(str(here.guild), str(here.room))


def push(to: DirectMessage | ChannelPost, text: str = "Chunking is due.", key: str = "k") -> Push:
    return Push(key, to, Message("Something for you", (paragraph(text),)))


def deliver(here: Server, push: Push) -> Delivery:
    return asyncio.run(here.gateway.deliver(push))


def find(here: Server, key: str, to: DirectMessage | ChannelPost) -> Sent | None:
    return asyncio.run(here.gateway.find(key, to, here.clock()))


# --- where it stands


def test_a_direct_message_stands_in_the_conversation_with_the_bot_and_a_post_in_its_channel(here: Server) -> None:
    direct, post = deliver(here, push(ANA)), deliver(here, push(ml(here), "A prompt.", key="p"))

    [message], [posted] = here.discord.dm(101), here.discord.messages(here.room)
    assert (said(message), said(posted)) == ("Chunking is due.", "A prompt.")
    assert direct == Sent(f"/{message.channel_id}/{message.id}")
    assert post == Sent(f"{here.guild}/{here.room}/{posted.id}")
    assert message.content == "Something for you"


def test_nobody_reads_in_a_message_what_it_is_kept_under(here: Server) -> None:
    deliver(here, push(ml(here), key="review_due:ana:2026-01-05"))

    [call] = here.discord.calls_of("POST", f"/channels/{here.room}/messages")
    assert call.body["nonce"]
    assert "ana" not in str(call.body)


def test_who_is_mentioned_is_named_and_only_who_should_hear_of_it_is_rung_for(here: Server) -> None:
    text = paragraph(
        Mention(MemberId("m:101"), "Ana", rings=True),
        ", thank ",
        Mention(MemberId("m:102"), "Ben"),
        " and ",
        Mention(MemberId("m:gone"), "Gus"),
        ".",
    )

    deliver(here, Push("k", ml(here), Message("Thanks", (text,))))

    [posted] = here.discord.messages(here.room)
    [call] = here.discord.calls_of("POST", f"/channels/{here.room}/messages")
    assert said(posted) == "<@101>, thank <@102> and **Gus**."
    assert [int(id) for id in call.body["allowed_mentions"]["users"]] == [101]
    assert call.body["allowed_mentions"]["parse"] == []


def test_a_conversation_is_opened_once_and_remembered(here: Server) -> None:
    for n in range(3):
        deliver(here, push(ANA, key=f"k{n}"))

    assert len(here.discord.calls_of("POST", "/users/@me/channels")) == 1


def test_a_long_message_comes_in_parts_in_their_order_and_the_last_is_its_reference(here: Server) -> None:
    sent = deliver(here, Push("k", ANA, LONG))

    parts = here.discord.dm(101)
    assert len(parts) > 1
    text = "\n".join(map(said, parts))
    assert [text.count(f"{n}. ") or text.count(f"{n}\\. ") for n in range(4)] == [1] * 4
    assert sent == find(here, "k", ANA) == Sent(f"/{parts[-1].channel_id}/{parts[-1].id}")


def test_a_message_is_found_far_up_in_a_busy_channel(here: Server) -> None:
    sent = deliver(here, push(ml(here)))
    for n in range(120):
        here.discord.say(102, f"Talk {n}", here.room)

    assert find(here, "k", ml(here)) == sent


def test_a_clock_that_is_four_minutes_fast_hides_nothing(here: Server) -> None:
    sent = deliver(here, push(ml(here)))
    here.clock.at += timedelta(minutes=4)

    assert find(here, "k", ml(here)) == sent


def test_what_another_bot_or_person_says_is_never_taken_for_ours(here: Server) -> None:
    deliver(here, push(ml(here)))
    [posted] = here.discord.messages(here.room)
    posted.author_id = 102

    assert find(here, "k", ml(here)) is None


# --- what takes the place of another


def test_a_board_is_changed_where_it_stands_with_its_picture(here: Server) -> None:
    first = deliver(here, Push("b", ml(here), BOARD))
    assert isinstance(first, Sent)
    blocks = (paragraph("Ben leads."), Picture(PNG + b"2", "Ben leads with 80 points."))

    again = deliver(here, Push("b:r1", ml(here), Message("The board", blocks), replaces=first.ref))

    [board] = here.discord.messages(here.room)
    assert again == first
    assert "Ben leads." in said(board)
    [picture] = board.attachments
    assert picture["size"] == len(PNG) + 1
    assert picture["description"] == "Ben leads with 80 points."


def test_what_stood_in_a_channel_that_is_gone_is_done_with(here: Server) -> None:
    first = deliver(here, push(ml(here)))
    assert isinstance(first, Sent)
    here.discord.delete_channel(here.room)

    assert deliver(here, replace(push(ml(here), "Later.", key="k:r1"), replaces=first.ref)) == first


@pytest.mark.parametrize(("status", "code"), [(404, 10008), (403, 50001), (403, 50005), (403, 50013), (400, 50083)])
def test_what_can_no_longer_be_changed_is_done_with(here: Server, status: int, code: int) -> None:
    first = deliver(here, push(ml(here)))
    assert isinstance(first, Sent)
    here.discord.fail("PATCH /channels/*/messages/*", status=status, code=code)

    assert deliver(here, replace(push(ml(here), "Later.", key="k:r1"), replaces=first.ref)) == first


def test_a_board_that_was_changed_too_often_waits(here: Server) -> None:
    first = deliver(here, push(ml(here)))
    assert isinstance(first, Sent)
    here.discord.fail("PATCH /channels/*/messages/*", status=429, retry_after=40)

    assert deliver(here, replace(push(ml(here), "Later.", key="k:r1"), replaces=first.ref)) == TryLater(40, "channel")


# --- pictures


def test_a_board_comes_without_its_picture_where_no_files_are_allowed(here: Server) -> None:
    here.discord.fail(POST, status=403, code=50013, times=None, where=lambda body: bool(body.get("attachments")))

    sent = deliver(here, Push("b", ml(here), BOARD))

    [board] = here.discord.messages(here.room)
    assert isinstance(sent, Sent)
    assert board.attachments == []
    assert "Ana leads with 70 points." in said(board)


# --- what Discord refuses


def test_a_channel_in_which_the_bot_may_not_write_says_what_it_needs(here: Server) -> None:
    here.discord.deny(here.room, "send_messages")

    refused = deliver(here, push(ml(here)))

    assert isinstance(refused, Unreachable)
    assert "Send Messages, Embed Links" in refused.why


def test_a_channel_that_the_bot_may_not_see_and_one_that_is_gone_are_out_of_reach(here: Server) -> None:
    here.discord.deny(here.room, "view_channel")
    hidden = deliver(here, push(ml(here)))
    here.discord.delete_channel(here.room)

    assert isinstance(hidden, Unreachable)
    assert "View Channel" in hidden.why
    assert deliver(here, push(ml(here))) == Unreachable("it is gone")


def test_a_server_that_the_bot_has_left_waits_and_closes_no_channel(here: Server) -> None:
    here.discord.remove_bot(here.guild)

    assert deliver(here, push(ml(here))) == TryLater(600, "workspace")


def test_closed_direct_messages_and_accounts_that_are_gone_are_out_of_reach(here: Server) -> None:
    here.discord.shut_dms(101)
    shut = deliver(here, push(ANA))
    here.discord.leave(102, here.guild)
    alone = deliver(here, push(DirectMessage(MemberId("m:102"), account("102"))))
    gone = deliver(here, push(DirectMessage(MemberId("m"), account("999"))))

    assert isinstance(shut, Unreachable)
    assert "privacy settings" in shut.why
    assert alone == Unreachable("you are on no server where I am")
    assert gone == Unreachable("the account is gone")


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ({"status": 429, "retry_after": 17}, TryLater(17, "channel")),
        ({"status": 429, "retry_after": 17, "for_all": True}, TryLater(17, "platform")),
        ({"status": 429}, TryLater(30, "platform")),
    ],
    ids=["channel", "bot", "address"],
)
def test_discord_asks_for_patience_and_says_for_how_long(
    here: Server, fault: dict[str, object], answer: TryLater
) -> None:
    here.discord.fail(POST, **fault)  # type: ignore[arg-type]

    asked = deliver(here, push(ml(here)))

    assert isinstance(asked, TryLater)
    assert (round(asked.after_seconds), asked.scope) == (answer.after_seconds, answer.scope)
    assert here.posts() == 1


def test_while_the_whole_bot_is_asked_for_patience_nothing_is_sent(here: Server) -> None:
    here.discord.fail(POST, status=429, retry_after=17, for_all=True)
    deliver(here, push(ml(here)))

    assert isinstance(deliver(here, push(ANA)), TryLater)
    assert here.posts() == 1


def test_too_many_conversations_at_once_make_all_messages_wait(here: Server) -> None:
    here.discord.fail("POST /users/@me/channels", status=429, retry_after=20)
    assert deliver(here, push(ANA)) == TryLater(20, "platform")

    here.discord.fail("POST /users/@me/channels", status=403, code=40003)
    assert deliver(here, push(ANA)) == TryLater(600, "platform")


def test_a_token_that_was_taken_back_closes_nobodys_door(here: Server) -> None:
    here.discord.rest.token = "another.token.now"

    assert deliver(here, push(ml(here))) == TryLater(600, "platform")
    assert deliver(here, push(ANA)) == TryLater(600, "platform")


def test_where_nobody_is_logged_in_nothing_was_sent() -> None:
    early = DiscordGateway(Client(Installation("not.yet.in")), lambda members: {})

    assert asyncio.run(early.deliver(push(ANA))) == TryLater(30, "platform")
    with pytest.raises(ConnectionError):
        asyncio.run(early.find("k", ANA, NOON))


def test_where_no_connection_can_be_made_nothing_was_sent(here: Server) -> None:
    discord.http.Route.BASE = "http://127.0.0.1:9/api/v10"

    assert deliver(here, push(ml(here))) == TryLater(30, "platform")


@pytest.mark.parametrize("fault", [{"status": 503, "times": 2}, {"cut": True}, {"status": 400, "code": 123456}])
def test_what_says_nothing_of_the_message_leaves_open_whether_it_was_sent(
    here: Server, fault: dict[str, object]
) -> None:
    here.discord.fail(POST, **fault)  # type: ignore[arg-type]

    with pytest.raises(Exception):  # noqa: B017 - whichever: delivery takes every one for "unknown"
        deliver(here, push(ml(here)))


def test_what_another_call_was_told_meanwhile_says_nothing_of_the_message(here: Server) -> None:
    def told(body: object) -> bool:
        here.client.budget.answered(429, {"X-RateLimit-Global": "true", "Retry-After": "9"}, here.client.loop.time())
        return True

    here.discord.fail(POST, status=503, after_effect=True, times=2, where=told)

    with pytest.raises(discord.DiscordServerError):
        deliver(here, push(ml(here)))


@pytest.mark.parametrize("after_effect", [False, True])
def test_a_moment_of_overload_is_waited_out_and_the_message_comes_once(here: Server, after_effect: bool) -> None:
    here.discord.fail(POST, status=503, after_effect=after_effect)

    sent = deliver(here, push(ml(here)))

    [posted] = here.discord.messages(here.room)
    assert sent == Sent(f"{here.guild}/{here.room}/{posted.id}")


# --- where it cannot be asked


@pytest.mark.parametrize("permission", ["view_channel", "read_message_history"])
def test_a_channel_that_the_bot_may_not_read_cannot_be_asked(here: Server, permission: str) -> None:
    deliver(here, push(ml(here)))
    here.discord.deny(here.room, permission)

    with pytest.raises(CannotAskError):
        find(here, "k", ml(here))


def test_a_channel_in_which_nothing_was_said_is_asked_and_has_nothing(here: Server) -> None:
    here.discord.say(101, "long ago", here.room)
    here.clock.at += timedelta(days=1)

    assert find(here, "k", ml(here)) is None


def test_while_the_token_is_gone_a_look_up_fails_and_is_made_again(here: Server) -> None:
    sent = deliver(here, push(ml(here)))
    token, here.discord.rest.token = here.discord.rest.token, "another.token.now"
    with pytest.raises(discord.HTTPException, match="401"):
        find(here, "k", ml(here))

    here.discord.rest.token = token
    assert find(here, "k", ml(here)) == sent


# --- what stays secret


def test_neither_tokens_nor_words_stand_in_the_log(here: Server) -> None:
    here.discord.fail(POST, status=400, code=123456, message="A private verdict.")

    with capture_logs() as logged, pytest.raises(discord.HTTPException):
        deliver(here, push(ANA, "A private verdict."))

    assert "123456" in str(logged)
    assert here.discord.token not in str(logged)
    assert "verdict" not in str(logged)
