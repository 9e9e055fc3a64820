"""What should not come, comes: late and repeated interactions, closed doors, strange values, a locked database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Timer
from typing import Any

import discord
import pytest
from simcord.results import InteractionResult
from structlog.testing import capture_logs

from adapters.discord import replying
from bot.store import session
from tests.adapters.discord.running import Running, answer, labels, last_of, text

CALLBACK = "/interactions/*/*/callback"
RESPONSE = "/webhooks/*/*/messages/@original"
DM = "/users/@me/channels"


@contextmanager
def locked(app: Running) -> Iterator[sqlite3.Connection]:
    """Somebody else holds the database."""
    place = app.world.rolecall.store.place
    with closing(sqlite3.connect(place, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replying, "PAUSE", 0.01)


async def answered_by_dm(app: Running, result: InteractionResult) -> str:
    assert result.response is None or not text(result.response)
    return app.last(app.ada)


# Interactions that come too late, twice, or from where nobody is


async def test_a_command_that_discord_knows_no_longer_is_answered_by_a_direct_message(app: Running) -> None:
    app.env.inject_error("POST", CALLBACK, status=404, code=10062)
    assert "What I can do" in await answered_by_dm(app, await app.command(app.ada, "help"))


async def test_an_interaction_that_was_acknowledged_already_is_answered_all_the_same(app: Running) -> None:
    app.env.inject_error("POST", CALLBACK, status=400, code=40060)
    assert "What I can do" in await answered_by_dm(app, await app.command(app.ada, "help"))


async def test_a_form_that_discord_no_longer_opens_is_offered_by_a_button(app: Running) -> None:
    app.env.inject_error("POST", CALLBACK, status=404, code=10062)
    await app.command(app.ada, "settings")
    assert "Press the button" in app.last(app.ada)
    shown = await app.press(app.ada.user, app.dm(app.ada)[-1], "Your settings")
    assert shown.modal


async def test_a_response_that_can_no_longer_be_filled_is_said_directly(app: Running) -> None:
    app.env.inject_error("PATCH", RESPONSE, status=401, code=50027)
    await app.command(app.ada, "help")
    assert "What I can do" in app.last(app.ada)


async def test_where_neither_response_nor_direct_messages_are_open_the_reply_is_lost_and_that_is_logged(
    app: Running,
) -> None:
    app.env.inject_error("PATCH", RESPONSE, status=404, code=10015)
    app.env.inject_error("POST", DM, status=403, code=50007)
    with capture_logs() as logs:
        await app.command(app.ada, "start")
    assert "discord_reply_lost" in [line["event"] for line in logs]
    assert "Right 99 %" in answer(await app.command(app.ada, "today"))


async def test_somebody_who_blocks_the_bot_in_the_middle_is_still_answered_on_the_server(app: Running) -> None:
    assert "Hello" in await app.says(app.ada, "start")
    app.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=None)
    await app.ada.user.send_dm(app.strong())
    await app.quiet()
    assert len(app.dm(app.ada)) == 1
    assert "Strong Hire" in answer(await app.command(app.ada, "today"))


async def test_the_same_interaction_delivered_twice_has_one_effect(app: Running) -> None:
    came: list[tuple[str, Any]] = []
    app.env.backend.subscribers.append(lambda kind, payload: came.append((kind, payload)))
    result = await app.command(app.ada, "start")
    app.env.backend.subscribers.pop()
    app.env.backend.emit(*next(event for event in came if event[0] == "INTERACTION_CREATE"))
    await app.quiet()
    assert len(result.followups) == 0 and "Hello Ada" in answer(result)


async def test_a_double_click_shows_one_hint(app: Running) -> None:
    problem = last_of(await app.command(app.ada, "start"))
    first = await app.press(app.ada, problem, "Hint (2 left)")
    second = await app.press(app.ada, problem, "Hint (2 left)")
    assert "Hint 1" in answer(first) and "Hint 2" not in answer(second)


async def test_a_button_of_another_version_is_answered_with_one_sentence(app: Running) -> None:
    for id in ("0~levitate|now", "0~hint|1|2|3|4", "spin", "1~" + "🦆|" * 9):
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Old", custom_id=id))
        view.stop()
        channel = app.client.get_partial_messageable(app.room.id)
        message = await channel.send("An old message", view=view)
        assert "another version of me" in answer(await app.press(app.ada, message, "Old"))


async def test_a_form_of_another_version_gives_back_what_was_written(app: Running) -> None:
    shown = await app.press(app.ada, last_of(await app.command(app.ada, "start")), "Answer")
    shown._interaction.modal["custom_id"] = "f00~levitate"  # type: ignore[index]
    refused = await app.fill(app.ada, shown, answer="Recall is what counts here.")
    assert "another version" in answer(refused) and "Recall is what counts" in answer(refused)


async def test_a_command_that_discord_still_lists_is_answered(app: Running) -> None:
    group = app.client.tree.get_command("rolecall")
    assert isinstance(group, discord.app_commands.Group)
    gone = group.get_command("help")
    assert gone
    group.remove_command("help")
    try:
        result = await app.command(app.ada, "help")
    finally:
        group.add_command(gone)
    assert "another version of me" in answer(result)
    assert [type(e).__name__ for e in app.env.errors] == ["CommandNotFound"]


async def test_nobody_is_written_to_while_they_type_a_command_that_discord_still_lists(app: Running) -> None:
    group = app.client.tree.get_command("rolecall")
    assert isinstance(group, discord.app_commands.Group)
    gone = group.get_command("settings")
    assert gone
    group.remove_command("settings")
    try:
        assert await app.ada.autocomplete(app.room, "rolecall settings", "zone", "ber") == []
        await app.quiet()
    finally:
        group.add_command(gone)
    assert app.texts(app.ada) == []
    assert {type(e).__name__ for e in app.env.errors} == {"CommandNotFound"}


async def test_what_is_said_on_a_server_that_is_not_in_memory_is_no_direct_message(app: Running) -> None:
    nothing: dict[str, object] = {
        name: [] for name in ("mentions", "mention_roles", "attachments", "embeds", "components")
    }
    said = nothing | {
        "id": "9000000000000000001",
        "channel_id": str(app.room.id),
        "guild_id": "9000000000000000000",
        "author": {"id": str(app.ada.id), "username": "ada", "discriminator": "0", "avatar": None},
        "content": "help",
        "type": 0,
        "timestamp": "2026-01-05T09:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "pinned": False,
    }
    app.client._connection.parse_message_create(said)  # type: ignore[arg-type]
    await app.env.settle()
    await app.quiet()
    assert app.room.history() == []


async def test_a_server_that_removed_the_bot_may_still_send_a_press(app: Running) -> None:
    other = app.env.create_guild("Elsewhere")
    channel = other.create_text_channel("talk")
    ada = other.add_member(app.ada.user)
    problem = last_of(await app.does(ada.slash(channel, "rolecall start")))
    app.client._connection._guilds.pop(other.id)
    pressed = await app.press(ada, problem, "Hint (2 left)")
    assert "Hint 1" in answer(pressed)


async def test_a_channel_deleted_in_the_middle_is_no_harm(app: Running) -> None:
    problem = last_of(await app.command(app.ada, "start"))
    assert problem
    app.env.inject_error("PATCH", RESPONSE, status=404, code=10003)
    await app.command(app.ada, "hint")
    assert "Hint 1" in app.last(app.ada)


async def test_what_the_bot_may_not_write_in_a_channel_it_answers_there_all_the_same(app: Running) -> None:
    app.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    assert "What I can do" in answer(await app.command(app.ada, "help"))


# Strange values


async def test_a_name_of_32_emoji_is_a_name(app: Running) -> None:
    ada = app.guild.add_member(app.env.create_user("emoji", global_name="🦆" * 32))
    assert "🦆" in answer(await app.command(ada, "start"))


async def test_an_option_value_that_is_not_among_the_choices_is_refused_with_the_nearest(app: Running) -> None:
    assert "Madrid" in answer(await app.command(app.ada, "settings", zone="Europe/Madird"))
    assert "no topic, role or interview round" in answer(await app.command(app.ada, "practice", want="qwertz"))
    root = app.env.backend.find_command("rolecall", None, type=1)
    assert root
    group = next(o for o in root["options"] if o["name"] == "role")
    option = next(o for o in group["options"] if o["name"] == "salary")["options"][0]
    choices = option.pop("choices")
    try:
        refused = await app.command(app.ada, "role salary", role="astronaut")
    finally:
        option["choices"] = choices
    assert "astronaut" in answer(refused) and "no role" in answer(refused)


@pytest.mark.parametrize("way", ["typed", "form", "option"])
async def test_three_thousand_characters_of_backticks_are_an_answer(app: Running, way: str) -> None:
    words = ("```@everyone <@1> **x** ||y|| [a](http://b.c)```\n" * 100)[:2_900].strip()
    problem = last_of(await app.command(app.ada, "start"))
    if way == "typed":
        await app.says(app.ada, words[:2_000])
        said = "\n".join(app.texts(app.ada))
    elif way == "form":
        said = answer(await app.fill(app.ada, await app.press(app.ada, problem, "Answer"), answer=words))
    else:
        said = answer(await app.command(app.ada, "answer", answer=words))
    assert "Not gradable" in said or "No Hire" in said
    assert app.room.history() == []


async def test_an_answer_that_is_too_long_is_refused_with_the_limit(app: Running) -> None:
    await app.command(app.ada, "start")
    assert "3,000" in answer(await app.command(app.ada, "answer", answer="recall " * 500))


# The database


async def test_a_command_while_the_database_is_locked_is_acknowledged_and_answered(
    app: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.3)
    await app.command(app.ada, "start")
    with locked(app) as other:
        Timer(1.0, lambda: other.execute("ROLLBACK")).start()
        assert "Hint 1" in answer(await app.command(app.ada, "hint"))


async def test_an_answer_that_the_database_does_not_take_is_given_back(
    app: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr("adapters.pools.STORE_WAITS", (0.05,))
    problem = last_of(await app.command(app.ada, "start"))
    shown = await app.press(app.ada, problem, "Answer")
    with locked(app):
        refused = await app.fill(app.ada, shown, answer=app.strong())
        assert "cannot get at my memory" in answer(refused) and app.strong()[:40] in answer(refused)
        said = await app.says(app.ada, "hint")
    assert "cannot get at my memory" in said and "still stands above" in said
    again = await app.press(app.ada, last_of(refused), "Change it")
    assert "Strong Hire" in answer(await app.fill(app.ada, again))


async def test_an_answer_in_a_command_that_the_database_does_not_take_is_given_back(
    app: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr("adapters.pools.STORE_WAITS", (0.05,))
    await app.command(app.ada, "start")
    with locked(app):
        refused = answer(await app.command(app.ada, "answer", answer=app.strong()))
    assert "cannot get at my memory" in refused and app.strong()[:40] in refused


async def test_a_failure_that_nobody_foresaw_is_told_with_a_reference(
    app: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError("a secret answer")

    problem = last_of(await app.command(app.ada, "start"))
    shown = await app.press(app.ada, problem, "Answer")
    monkeypatch.setattr(app.world.rolecall, "reply_to", broken)
    with capture_logs() as logs:
        refused = await app.fill(app.ada, shown, answer="Recall is what counts here.")
    assert "wrong on my side" in answer(refused) and "Recall is what counts" in answer(refused)
    assert labels(last_of(refused)) == ["Change it"]
    reference = next(line["reference"] for line in logs if line["event"] == "discord_wish_failed")
    assert reference in answer(refused)
