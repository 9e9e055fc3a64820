"""People use the app in Discord: commands, buttons, forms, typed answers, the context menu, threads."""

from __future__ import annotations

import pytest

from adapters.discord.tree import ANSWER_THIS
from tests.adapters.discord.running import Running, answer, last_of, prefilled, text


async def test_a_command_on_a_server_is_answered_for_its_author_alone(app: Running) -> None:
    result = await app.command(app.ada, "help")
    assert result.ephemeral and "What I can do" in answer(result)
    assert app.texts(app.ada) == [] and app.room.history(viewer=app.ben) == []


async def test_a_command_in_the_direct_messages_is_answered_there_for_good(app: Running) -> None:
    result = await app.writes(app.ada, "start")
    assert not result.ephemeral
    assert "Hello Ada" in app.last(app.ada)


async def test_a_button_is_a_wish(app: Running) -> None:
    result = await app.press(app.ada, last_of(await app.command(app.ada, "start")), "Hint (2 left)")
    assert result.ephemeral and "Hint 1" in answer(result)


async def test_an_answer_is_written_in_a_form_and_judged_in_private(app: Running) -> None:
    started = await app.command(app.ada, "start")
    shown = await app.press(app.ada, last_of(started), "Answer")
    judged = await app.fill(app.ada, shown, answer=app.strong())
    assert judged.ephemeral and "Strong Hire" in answer(judged)
    assert "Hello Ada" in answer(started)


async def test_what_is_typed_in_the_direct_messages_is_a_command_or_an_answer(app: Running) -> None:
    assert "Hello Ada" in await app.says(app.ada, "start")
    assert "Hint 1" in await app.says(app.ada, f"<@{app.bot_id}> hint")
    assert "Strong Hire" in await app.says(app.ada, app.strong())


async def test_a_command_with_a_form_that_is_typed_gets_a_button_for_it(app: Running) -> None:
    assert "Press the button" in await app.says(app.ada, "settings")
    shown = await app.press(app.ada.user, app.dm(app.ada)[-1], "Your settings")
    assert prefilled(shown)["name"] == "Ada"
    saved = await app.fill(app.ada.user, shown, name="Countess")
    assert "Saved, Countess" in answer(saved)


async def test_options_may_be_typed_with_a_colon_as_discord_shows_them(app: Running) -> None:
    assert "Europe/Lisbon" in await app.says(app.ada, "/rolecall settings zone:Lisbon reminders:yes")


async def test_a_reply_to_a_problem_is_about_that_problem(app: Running) -> None:
    await app.says(app.ada, "start")
    first = app.dm(app.ada)[-1]
    await app.says(app.ada, "practice rag")
    above = {"channel_id": str(first.channel.id), "message_id": str(first.id)}
    assert "Strong Hire" in await app.says(app.ada, app.strong(), reference=above)


async def test_a_button_works_after_a_restart_and_a_month_later(app: Running) -> None:
    problem = last_of(await app.command(app.ada, "start"))
    await app.restart()
    await app.env.advance_time(30 * 86_400.0)
    shown = await app.press(app.ada, problem, "Answer")
    await app.restart()
    assert "Strong Hire" in answer(await app.fill(app.ada, shown, answer=app.strong()))


async def test_the_context_menu_opens_the_form_of_the_message_it_is_opened_on(app: Running) -> None:
    await app.writes(app.ada, "start")
    problem = app.dm(app.ada)[-1]
    lunch = await app.ben.send(app.room, "Lunch?")
    nothing = await app.does(app.ada.context_menu(app.room, ANSWER_THIS, lunch))
    assert nothing.ephemeral and "nothing to answer" in answer(nothing)
    started = await app.command(app.ada, "hint")
    assert problem and "Hint 1" in answer(started)
    shown = await app.does(app.ada.context_menu(app.room, ANSWER_THIS, last_of(started)))
    assert shown.modal


async def test_a_refused_form_comes_back_with_its_reason_and_all_that_was_typed(app: Running) -> None:
    shown = await app.command(app.ada, "me reminders")
    refused = await app.fill(app.ada, shown, quiet="from dusk", days="Mon Wed")
    assert refused.ephemeral and "from dusk" in answer(refused) and "Mon Wed" in answer(refused)
    again = await app.press(app.ada, last_of(refused), "Change it")
    assert shown.modal and again.modal
    assert again.modal["custom_id"] != shown.modal["custom_id"]
    assert "from dusk" in str(again.modal["components"])
    saved = await app.fill(app.ada, again, quiet="22:00-07:00")
    assert "22:00" in answer(saved)


async def test_a_refused_form_can_be_opened_after_a_restart_without_what_was_typed(app: Running) -> None:
    refused = await app.fill(app.ada, await app.command(app.ada, "me reminders"), quiet="from dusk")
    await app.restart()
    again = await app.press(app.ada, last_of(refused), "Change it")
    assert again.modal and "from dusk" not in str(again.modal["components"])


async def test_one_persons_wishes_are_granted_in_their_order_and_others_beside_them(app: Running) -> None:
    for words in ("start", "help practice", "help review", "help board"):
        await app.ada.user.send_dm(words)
        await app.ben.user.send_dm("start" if words == "start" else "hint")
    await app.quiet()
    firsts = [said.splitlines()[0] for said in app.texts(app.ada)]
    assert firsts[0].startswith("Hello")
    asked = [line for line in firsts if "rolecall" in line]
    assert ["practice" in asked[0], "review" in asked[1], "board" in asked[2]] == [True] * 3
    assert "had every hint" in app.last(app.ben)


async def test_a_file_without_words_is_answered_with_what_can_be_read(app: Running) -> None:
    backend = app.env.backend
    file = backend.store_attachments(app.ada.user.dm_channel.id, [("answer.txt", b"Recall.")])
    assert "type answer" in await app.says(app.ada, "", attachments=file)
    await app.says(app.ada, "start")
    assert "Press the button" in await app.says(app.ada, "answer")


async def test_talk_in_a_channel_is_not_listened_to(app: Running) -> None:
    await app.ada.send(app.room, "hint")
    await app.quiet()
    assert app.texts(app.ada) == [] and len(app.room.history()) == 1


async def test_zones_topics_and_problems_are_offered_while_they_are_typed(app: Running) -> None:
    async def offered(path: str, option: str, typed: str) -> list[str]:
        return [c["value"] for c in await app.ada.autocomplete(app.room, f"rolecall {path}", option, typed)]

    assert (await offered("settings", "zone", "madri"))[0] == "Europe/Madrid"
    assert await offered("practice", "want", "rag")
    assert len(await offered("cohort assign", "problem", "")) == 25
    assert len(await offered("settings", "zone", "x" * 5_000)) <= 25


async def test_long_replies_come_in_several_parts_with_the_buttons_below_the_last(app: Running) -> None:
    result = await app.command(app.ada, "role about", topic="frameworks")
    parts = [result.response, *result.followups]
    assert all(part and part.ephemeral and len(text(part)) <= 2_000 for part in parts)


@pytest.mark.parametrize("where", ["server", "dm"])
async def test_settings_are_changed_by_options_without_a_form(app: Running, where: str) -> None:
    say = app.command if where == "server" else app.writes
    await say(app.ada, "settings", zone="Europe/Lisbon")
    shown = await say(app.ada, "settings")
    assert prefilled(shown)["zone"] == "Europe/Lisbon"


async def test_no_button_and_no_form_is_kept_in_memory(app: Running) -> None:
    for _ in range(3):
        await app.fill(app.ada, await app.command(app.ada, "me reminders"))
        await app.command(app.ada, "today")
    kept = app.client._connection._view_store
    assert not kept._views and not kept._modals and not kept._synced_message_views
