"""The local Slack talks as the real one does: its payloads have the keys and kinds of values of the recorded ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse, WebClient

from tests.adapters.slack.recorded import recorded
from tests.slack import outgoing
from tests.slack.local import TEAM, LocalSlack
from tests.slack.world import Json, Message, View

ANA, CHANNEL = "U0ANA00001", "C0COHORT01"
URL = "https://hooks.slack.com/actions/1"
LEFT_OUT = {"blocks", "state", "icons", "style", "api_app_id", "app_id", "bot_profile"}
"""What the app has drawn itself, and what is there in some cases and not in others, whichever Slack says it."""


def shape(value: Any) -> Any:
    """Keys and kinds of values; lists by their first element."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items() if key not in LEFT_OUT}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


class Scene:
    """One of each thing that the local Slack tells of."""

    def __init__(self, slack: LocalSlack) -> None:
        self.world = slack.world
        self.team = slack.world.teams[TEAM]
        self.ana = slack.person(ANA, "Ana")
        self.room = slack.room(CHANNEL, "ml-study", [ANA])
        self.dm = slack.world.dm(TEAM, ANA)

    def post(self, *, private: bool = False, thread: str = "", to: str = "") -> Message:
        room = self.dm if private else self.room
        blocks = recorded("action_in_channel")["message"]["blocks"]
        return self.world.post(room, self.team.bot_user, "A problem", blocks, thread=thread, to=to, is_ours=True)

    def said(self, *, private: bool = False, below: Message | None = None) -> Message:
        text, blocks = outgoing.composed("Because.")
        thread = below.ts if below else ""
        return self.world.post(self.dm if private else self.room, ANA, text, blocks, thread=thread, team=TEAM)

    def shown(self, name: str) -> View:
        view = recorded(name)["view"]
        drawn = ("type", "callback_id", "title", "submit", "close", "private_metadata", "blocks")
        return self.world.view(TEAM, ANA, {key: view[key] for key in drawn if view[key]})

    def pressed(self, on: Message | View) -> Json:
        button = recorded("action_in_channel")["actions"][0]
        kept = {key: button[key] for key in ("type", "action_id", "text", "value")}
        return outgoing.action(self.world, self.ana, self.team, kept, "Ac1", on, URL)


PAYLOADS: dict[str, Callable[[Scene], Json]] = {
    "command_in_channel": lambda s: outgoing.command(s.world, s.ana, s.team, s.room, "/rolecall", "help", URL),
    "command_in_dm": lambda s: outgoing.command(s.world, s.ana, s.team, s.dm, "/rolecall", "help", URL),
    "action_in_channel": lambda s: s.pressed(s.post()),
    "action_ephemeral": lambda s: s.pressed(s.post(to=ANA)),
    "action_in_thread": lambda s: s.pressed(s.post(private=True, thread=s.post(private=True).ts)),
    "action_home": lambda s: s.pressed(s.shown("action_home")),
    "submission": lambda s: outgoing.submission(s.world, s.ana, s.team, s.shown("submission")),
    "view_closed": lambda s: outgoing.closed(s.world, s.ana, s.team, s.shown("view_closed")),
    "suggestion": lambda s: outgoing.suggestion(s.world, s.ana, s.team, s.shown("suggestion"), "zone", "zone", "madr"),
    "shortcut": lambda s: outgoing.shortcut(s.world, s.ana, s.team, "answer_this", s.post(), URL),
    "message_im": lambda s: outgoing.message_event(s.world, s.said(private=True)),
    "message_thread": lambda s: outgoing.message_event(s.world, s.said(below=s.post())),
    "message_own": lambda s: outgoing.message_event(s.world, s.post(private=True)),
    "mention": lambda s: outgoing.mention_event(s.world, s.said()),
    "home_opened_first": lambda s: outgoing.home_event(s.world, s.team, ANA, "home"),
    "messages_opened": lambda s: outgoing.home_event(s.world, s.team, ANA, "messages"),
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_has_the_shape_of_slacks(name: str) -> None:
    assert shape(PAYLOADS[name](Scene(LocalSlack()))) == shape(recorded(name))


def said_by(call: Callable[[], SlackResponse]) -> Any:
    """What the Web API answers, refusals included."""
    try:
        return call().data
    except SlackApiError as error:
        return error.response.data


def within(said: Any, known: Any) -> bool:
    """Whether all that is said is also in what is known; a message's own words aside."""
    if isinstance(said, dict):
        return isinstance(known, dict) and all(k in known and within(v, known[k]) for k, v in said.items())
    return isinstance(known, list) if isinstance(said, list) else type(said) is type(known)


@pytest.mark.enable_socket
def test_the_web_api_answers_with_nothing_that_slack_does_not_say() -> None:
    with LocalSlack() as slack:
        slack.person(ANA, "Ana", admin=True)
        slack.room(CHANNEL, "ml-study", [ANA])
        client = WebClient(slack.token, base_url=slack.api_url)
        answers = {
            "api_auth_test": said_by(client.auth_test),
            "api_users_info": said_by(lambda: client.users_info(user=ANA)),
            "api_post": said_by(lambda: client.chat_postMessage(channel=CHANNEL, text="A problem")),
            "api_connections_open": said_by(lambda: client.apps_connections_open(app_token=slack.app_token)),
        }
    for name, said in answers.items():
        assert within(said, recorded(name)), name


@pytest.mark.enable_socket
def test_the_web_api_refuses_in_slacks_words() -> None:
    now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    with LocalSlack(scopes=["chat:write"], clock=lambda: now) as slack:
        slack.room(CHANNEL, "ml-study")
        trigger = slack.world.trigger(TEAM, ANA)
        now += timedelta(seconds=4)
        client = WebClient(slack.token, base_url=slack.api_url)
        slack.fail("auth.test", retry_after=1)
        view = {"type": "modal", "title": {"type": "plain_text", "text": "Form"}, "blocks": []}
        empty = [{"type": "header", "text": {"type": "plain_text", "text": ""}}]
        refusals = {
            "api_ratelimited": said_by(client.auth_test),
            "api_missing_scope": said_by(lambda: client.users_info(user=ANA)),
            "api_expired_trigger_id": said_by(lambda: client.views_open(trigger_id=trigger, view=view)),
            "api_invalid_blocks": said_by(lambda: client.chat_postMessage(channel=CHANNEL, text="A", blocks=empty)),
        }
        slack.world.teams[TEAM].gone = True
        refusals["api_token_revoked"] = said_by(client.auth_test)
    assert {name: said["error"] for name, said in refusals.items()} == {n: recorded(n)["error"] for n in refusals}


@pytest.mark.enable_socket
def test_a_socket_carries_the_frames_that_slacks_carries() -> None:
    async def frames(slack: LocalSlack) -> list[Json]:
        client = WebClient(slack.token, base_url=slack.api_url)
        address = client.apps_connections_open(app_token=slack.app_token)["url"]
        async with ClientSession() as session, session.ws_connect(address) as socket:
            found: list[Json] = [await socket.receive_json()]
            typed = asyncio.create_task(asyncio.to_thread(slack.command, ANA, "help", CHANNEL))
            found.append(await socket.receive_json())
            await socket.send_json({"envelope_id": found[-1]["envelope_id"]})
            await typed
            said = asyncio.create_task(asyncio.to_thread(slack.say, ANA, "Because."))
            found.append(await socket.receive_json())
            await socket.send_json({"envelope_id": found[-1]["envelope_id"]})
            await said
            ending = asyncio.create_task(asyncio.to_thread(slack.disconnect, "refresh_requested"))
            found.append(await socket.receive_json())
        await ending
        return found

    with LocalSlack() as slack:
        slack.person(ANA, "Ana")
        slack.room(CHANNEL, "ml-study", [ANA])
        sent = asyncio.run(asyncio.wait_for(frames(slack), 10))
    names = ["socket_hello", "socket_slash_commands", "socket_events_api", "socket_disconnect_refresh_requested"]
    assert [shape(frame) for frame in sent] == [shape(recorded(name)) for name in names]
