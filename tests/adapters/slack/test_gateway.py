"""How a push reaches people in Slack: where it stands, what it shows, and what becomes of it when Slack refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from adapters.slack import gateway as gateway_module
from adapters.slack import pictures
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
from bot.model import Account, MemberId
from tests.adapters.slack.sending import Workspace, account, workspace
from tests.slack.local import SCOPES, TEAM

pytestmark = pytest.mark.enable_socket

ANA = DirectMessage(MemberId("m:U1"), account("U1"))
ML = ChannelPost(TEAM, "C1")
PNG = b"\x89PNG\r\n\x1a\n" + b"a picture" * 20
BOARD = Message("The board", (paragraph("Ana leads."), Picture(PNG, "Ana leads with 70 points.")))


@pytest.fixture
def here() -> Iterator[Workspace]:
    with workspace() as found:
        yield found
        assert found.slack.refusals == []


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "WAITS", (0.0, 0.0, 0.0))


def push(to: DirectMessage | ChannelPost, text: str = "Chunking is due.", key: str = "k") -> Push:
    return Push(key, to, Message("Something for you", (paragraph(text),)))


def deliver(here: Workspace, push: Push) -> Delivery:
    return asyncio.run(here.gateway.deliver(push))


def find(here: Workspace, key: str, to: DirectMessage | ChannelPost) -> Sent | None:
    return asyncio.run(here.gateway.find(key, to, here.clock()))


# --- where it stands


def test_a_direct_message_stands_in_the_conversation_with_the_app_and_a_post_in_its_channel(here: Workspace) -> None:
    direct, post = deliver(here, push(ANA)), deliver(here, push(ML, "A prompt.", key="p"))

    [message], [posted] = here.slack.dm("U1"), here.slack.messages("C1")
    assert here.slack.text_of(message) == "Chunking is due."
    assert here.slack.text_of(posted) == "A prompt."
    assert direct == Sent(f"{TEAM}/{message.channel}/{message.ts}")
    assert post == Sent(f"{TEAM}/C1/{posted.ts}")
    assert message.text == "Something for you"


def test_nobody_reads_in_a_message_what_it_is_kept_under(here: Workspace) -> None:
    deliver(here, push(ML, key="review_due:ana:2026-01-05"))

    [posted] = here.slack.messages("C1")
    assert posted.metadata
    assert posted.metadata["event_type"] == "rolecall_push"
    assert "ana" not in str(posted.metadata)


def test_who_is_mentioned_is_told_so_and_who_is_not_there_is_named(here: Workspace) -> None:
    text = paragraph("Thanks to ", Mention(MemberId("m:U2"), "Ben"), " and ", Mention(MemberId("m:gone"), "Gus"), ".")

    deliver(here, Push("k", ML, Message("Thanks", (text,))))

    [posted] = here.slack.messages("C1")
    [users] = [
        [e["user_id"] for e in block["elements"][0]["elements"] if e["type"] == "user"] for block in posted.blocks
    ]
    assert users == ["U2"]
    assert "Gus" in here.slack.text_of(posted)


def test_links_in_it_are_not_unfolded(here: Workspace) -> None:
    deliver(here, push(ML))

    [call] = here.slack.calls_of("chat.postMessage")
    assert str(call.arguments["unfurl_links"]).lower() in ("0", "false")
    assert str(call.arguments["unfurl_media"]).lower() in ("0", "false")


def test_a_long_message_comes_in_parts_in_their_order_and_the_last_is_its_reference(here: Workspace) -> None:
    long = Message("Long", tuple(paragraph(f"{n}. " + "word " * 500) for n in range(12)))

    sent = deliver(here, Push("k", ANA, long))

    parts = here.slack.dm("U1")
    assert len(parts) > 1
    text = "\n".join(here.slack.text_of(part) for part in parts)
    assert [f"{n}. " in text for n in range(12)] == [True] * 12
    assert sent == find(here, "k", ANA) == Sent(f"{TEAM}/{parts[-1].channel}/{parts[-1].ts}")


def test_a_message_is_found_far_up_in_a_busy_channel(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_module, "PAGE", 5)
    sent = deliver(here, push(ML))
    for n in range(12):
        deliver(here, push(ML, key=f"k{n}"))

    assert find(here, "k", ML) == sent


def test_a_clock_that_is_four_minutes_fast_hides_nothing(here: Workspace) -> None:
    sent = deliver(here, push(ML))
    here.clock.at += timedelta(minutes=4)

    assert find(here, "k", ML) == sent


# --- what takes the place of another


def test_a_board_is_changed_where_it_stands_with_its_picture(here: Workspace) -> None:
    first = deliver(here, Push("b", ML, BOARD))
    assert isinstance(first, Sent)
    blocks = (paragraph("Ben leads."), Picture(PNG + b"2", "Ben leads with 80 points."))

    again = deliver(here, Push("b:r1", ML, Message("The board", blocks), replaces=first.ref))

    [board] = here.slack.messages("C1")
    assert again == first
    assert "Ben leads." in here.slack.text_of(board)
    [image] = [b for b in board.blocks if b["type"] == "image"]
    assert here.slack.world.files[image["slack_file"]["id"]].content == PNG + b"2"
    assert image["alt_text"] == "Ben leads with 80 points."


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed", "is_archived"])
def test_what_can_no_longer_be_changed_is_done_with(here: Workspace, error: str) -> None:
    first = deliver(here, push(ML))
    assert isinstance(first, Sent)
    here.slack.fail("chat.update", error=error)

    assert deliver(here, replace(push(ML, "Later.", key="k:r1"), replaces=first.ref)) == first


# --- pictures


def test_a_picture_is_uploaded_once_for_all_the_places_that_show_it(here: Workspace) -> None:
    deliver(here, Push("b1", ML, BOARD))
    deliver(here, Push("b2", ANA, BOARD))

    [file] = here.slack.world.files.values()
    assert file.content == PNG
    shown = [here.slack.messages("C1")[0].blocks, here.slack.dm("U1")[0].blocks]
    assert [[b["slack_file"]["id"] for b in blocks if b["type"] == "image"] for blocks in shown] == [[file.id]] * 2


def test_a_picture_that_slack_is_not_ready_with_is_waited_for(here: Workspace) -> None:
    here.slack.rules.slow_files = 2

    deliver(here, Push("b", ML, BOARD))

    [board] = here.slack.messages("C1")
    assert [b["type"] for b in board.blocks].count("image") == 1


@pytest.mark.parametrize("method", ["slow", "files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
def test_a_board_comes_without_its_picture_rather_than_not_at_all(here: Workspace, method: str) -> None:
    if method == "slow":
        here.slack.rules.slow_files = 100
    else:
        here.slack.fail(method, status=503, times=None)

    sent = deliver(here, Push("b", ML, BOARD))

    [board] = here.slack.messages("C1")
    assert isinstance(sent, Sent)
    assert "Ana leads with 70 points." in here.slack.text_of(board)
    assert "image" not in {b["type"] for b in board.blocks}


# --- what Slack refuses


def test_an_archived_channel_is_out_of_reach_and_the_reason_is_plain(here: Workspace) -> None:
    here.slack.world.rooms["C1"].archived = True

    assert deliver(here, push(ML)) == Unreachable("the channel is archived")


def test_a_channel_that_the_app_was_taken_out_of_says_how_to_let_it_in(here: Workspace) -> None:
    here.slack.world.rooms["C1"].members.discard(here.slack.world.teams[TEAM].bot_user)

    refused = deliver(here, push(ML))

    assert isinstance(refused, Unreachable)
    assert "/invite" in refused.why


def test_a_closed_account_is_out_of_reach(here: Workspace) -> None:
    here.slack.world.people["U1"].deleted = True

    assert deliver(here, push(ANA)) == Unreachable("the account is closed")
    assert deliver(here, push(DirectMessage(MemberId("m"), account("U9")))) == Unreachable("the account is closed")


def test_slack_asks_for_patience_and_says_for_how_long(here: Workspace) -> None:
    here.slack.fail("chat.postMessage", retry_after=17)

    assert deliver(here, push(ML)) == TryLater(17, "workspace")
    assert len(here.slack.calls_of("chat.postMessage")) == 1


def test_a_workspace_without_a_token_waits_and_closes_nobodys_door(here: Workspace) -> None:
    here.slack.revoke(tell=False)
    assert deliver(here, push(ML)) == TryLater(600, "workspace")

    here.slack.reinstall()
    here.teams.clear()
    assert deliver(here, push(ML)) == TryLater(600, "workspace")
    assert deliver(here, push(DirectMessage(MemberId("m"), Account("slack", "T9", "U1")))) == TryLater(600, "workspace")
    assert here.slack.messages("C1") == []


def test_a_messages_tab_that_is_switched_off_is_the_operators_business_and_not_a_closed_door(here: Workspace) -> None:
    here.slack.world.people["U1"].shut = "messages_tab_disabled"

    assert deliver(here, push(ANA)) == TryLater(600, "workspace")


def test_where_no_connection_can_be_made_nothing_was_sent() -> None:
    with workspace() as here:
        gone = here
    assert deliver(gone, push(ML)) == TryLater(30, "platform")


@pytest.mark.parametrize("fault", [{"status": 503}, {"cut": True}, {"error": "internal_error"}, {"error": "new_word"}])
def test_what_says_nothing_of_the_message_leaves_open_whether_it_was_sent(
    here: Workspace, fault: dict[str, object]
) -> None:
    here.slack.fail("chat.postMessage", **fault)  # type: ignore[arg-type]

    with pytest.raises(Exception):  # noqa: B017 - whichever: delivery takes every one for "unknown"
        deliver(here, push(ML))
    assert len(here.slack.calls_of("chat.postMessage")) == 1


# --- where it cannot be asked


def test_without_the_right_to_read_a_channel_nobody_can_be_asked() -> None:
    with workspace(scopes=[s for s in SCOPES if s != "channels:history"]) as here:
        deliver(here, push(ML))

        with pytest.raises(CannotAskError):
            find(here, "k", ML)


def test_a_channel_that_the_app_has_left_cannot_be_asked(here: Workspace) -> None:
    deliver(here, push(ML))
    here.slack.world.rooms["C1"].members.discard(here.slack.world.teams[TEAM].bot_user)

    with pytest.raises(CannotAskError):
        find(here, "k", ML)


def test_while_the_token_is_gone_a_look_up_fails_and_is_made_again(here: Workspace) -> None:
    sent = deliver(here, push(ML))
    here.slack.revoke(tell=False)
    with pytest.raises(Exception, match="token_revoked"):
        find(here, "k", ML)

    here.slack.reinstall()
    assert find(here, "k", ML) == sent


# --- what stays secret


def test_neither_tokens_nor_words_stand_in_the_log(here: Workspace) -> None:
    here.slack.fail("chat.postMessage", error="new_word")

    with capture_logs() as logged, pytest.raises(Exception):  # noqa: B017
        deliver(here, push(ANA, "A private verdict."))

    assert "new_word" in str(logged)
    assert here.slack.token not in str(logged)
    assert "verdict" not in str(logged)
