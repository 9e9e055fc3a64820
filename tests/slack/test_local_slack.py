"""The local Slack behaves as Slack does, before a real Bolt app with real sockets and real requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Thread
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookClient

from tests.slack.local import TEAM, LocalSlack

pytestmark = pytest.mark.enable_socket

Json = dict[str, Any]


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2027, 3, 16, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LocalSlack]:
    with LocalSlack(clock=clock) as slack:
        slack.person("U1", "Ada", tz="Europe/Madrid", admin=True)
        slack.person("U2", "Ben")
        slack.room("C1", "ml-study", ["U1", "U2"])
        yield slack


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return WebClient(token=slack.token, base_url=slack.api_url, retry_handlers=[])


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def said(text: str) -> Json:
    part = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [part]}


def buttons(*labels: str) -> Json:
    made = [
        {"type": "button", "text": plain(label), "action_id": f"b{n}", "value": label} for n, label in enumerate(labels)
    ]
    return {"type": "actions", "elements": made}


FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Answer"),
    "submit": plain("Send"),
    "blocks": [
        {
            "type": "input",
            "block_id": "answer",
            "label": plain("Your answer"),
            "element": {"type": "plain_text_input", "action_id": "value", "max_length": 40},
        },
        {
            "type": "input",
            "block_id": "zone",
            "label": plain("Time zone"),
            "optional": True,
            "element": {"type": "external_select", "action_id": "zone", "min_query_length": 1},
        },
    ],
}


def bolt(slack: LocalSlack) -> AsyncApp:
    """A small app: it echoes commands, opens a form from a button, and takes answers of more than one word."""

    async def authorize() -> AuthorizeResult:
        team = slack.world.teams[TEAM]
        return AuthorizeResult(
            enterprise_id=None, team_id=TEAM, bot_user_id=team.bot_user, bot_id=team.bot, bot_token=slack.token
        )

    app = AsyncApp(
        client=AsyncWebClient(base_url=slack.api_url), authorize=authorize, signing_secret=slack.signing_secret
    )

    @app.command("/rolecall")
    async def command(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        await respond(text="Heard", blocks=[said(body["text"]), buttons("Answer")])

    @app.action("b0")
    async def press(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("form")
    async def submission(ack: Any, body: Json, client: AsyncWebClient) -> None:
        typed = body["view"]["state"]["values"]["answer"]["value"]["value"]
        if " " not in typed:
            await ack({"response_action": "errors", "errors": {"answer": "More than one word, please."}})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text="Your answer", blocks=[said(typed)])

    @app.options("zone")
    async def zones(ack: Any, payload: Json) -> None:
        found = [zone for zone in ("Europe/Madrid", "Europe/Paris") if payload["value"] in zone]
        await ack(options=[{"text": plain(zone), "value": zone} for zone in found])

    @app.event("message")
    async def message(event: Json, client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel=event["channel"], text="Message", blocks=[said(event["text"])])

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [said("Today")]})

    return app


class Running:
    """An app in a thread and an event loop of its own, until the end of the block."""

    def __init__(self, start: Callable[[], Any]) -> None:
        self._start = start
        self._ready = Event()

    def __enter__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=lambda: self._loop.run_until_complete(self._run()))
        self._thread.start()
        assert self._ready.wait(10)

    async def _run(self) -> None:
        self._over = asyncio.Event()
        stop = await self._start()
        self._ready.set()
        await self._over.wait()
        await stop()

    def __exit__(self, *ignored: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def by_sockets(slack: LocalSlack) -> Iterator[None]:
    async def start() -> Any:
        handler = AsyncSocketModeHandler(bolt(slack), slack.app_token)
        handler.client.ping_interval = 1  # seconds; it sleeps so long when it is closed
        handler.client.web_client = AsyncWebClient(base_url=slack.api_url)
        await handler.client.connect()  # type: ignore[no-untyped-call]
        return handler.client.close

    with Running(start):
        slack.wait_for_socket()
        yield


@pytest.fixture
def by_http(slack: LocalSlack) -> Iterator[None]:
    async def start() -> Any:
        app = bolt(slack)

        async def events(request: web.Request) -> web.Response:
            body = (await request.read()).decode()
            answer = await app.async_dispatch(AsyncBoltRequest(body=body, headers={**request.headers}))
            kind = answer.first_headers().get("content-type", "text/plain").split(";")[0]
            return web.Response(status=answer.status, text=answer.body, content_type=kind)

        server = web.Application()
        server.add_routes([web.post("/slack/events", events)])
        runner = web.AppRunner(server)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
        return runner.cleanup

    with Running(start):
        yield


@pytest.fixture(params=["by_sockets", "by_http"])
def app(request: pytest.FixtureRequest) -> None:
    """The small app, by both ways in turn."""
    request.getfixturevalue(request.param)


@pytest.mark.usefixtures("app")
def test_a_command_is_answered_privately_in_its_channel(slack: LocalSlack) -> None:
    ack = slack.command("U1", "help me", "C1")
    heard = slack.wait(lambda: slack.ephemerals("U1", "C1"))
    assert ack.ok
    assert slack.text_of(heard[0]) == "help me\n[Answer]"
    assert slack.messages("C1") == []
    assert slack.ephemerals("U2", "C1") == []


@pytest.mark.usefixtures("app")
def test_a_form_stays_open_with_what_was_typed_until_the_app_takes_it(slack: LocalSlack) -> None:
    slack.command("U1", "go", "C1")
    slack.press("U1", slack.wait(lambda: slack.ephemerals("U1"))[0], "Answer")
    slack.wait(lambda: slack.modal("U1"))
    assert slack.suggest("U1", "zone", "Mad") == ["Europe/Madrid"]
    slack.submit("U1", answer="Recall", zone="Europe/Paris")
    form = slack.modal("U1")
    assert form is not None
    assert form.errors == {"answer": "More than one word, please."}
    assert form.typed["answer"]["value"]["value"] == "Recall"
    slack.submit("U1", answer="Recall & precision")
    assert slack.modal("U1") is None
    answered = slack.wait(lambda: slack.dm("U1"))
    assert slack.text_of(answered[0]) == "Recall & precision"
    assert slack.refusals == []
    assert slack.late == []


@pytest.mark.usefixtures("app")
def test_a_line_in_the_direct_messages_reaches_the_app_escaped(slack: LocalSlack) -> None:
    slack.say("U1", "a < b & see https://example.org/x")
    heard = slack.wait(lambda: slack.dm("U1"))
    assert heard[0].blocks[0]["elements"][0]["elements"][0]["text"] == "a &lt; b &amp; see <https://example.org/x>"
    slack.settle()
    assert len(slack.dm("U1")) == 1, "the app answers itself"


@pytest.mark.usefixtures("app")
def test_the_home_tab_is_what_the_app_has_published(slack: LocalSlack) -> None:
    slack.open_home("U1")
    assert slack.text_of(slack.wait(lambda: slack.world.homes.get("U1"))) == "Today"


@pytest.mark.usefixtures("by_http")
def test_requests_with_a_wrong_or_an_old_signature_reach_nobody(slack: LocalSlack) -> None:
    payload = {"command": "/rolecall", "text": "help", "user_id": "U1", "team_id": TEAM, "channel_id": "C1"}
    assert slack.post("slash_commands", payload, secret="guessed").status == 401
    old = datetime.now(UTC).timestamp() - 301
    assert slack.post("slash_commands", payload, at=old).status == 401
    assert slack.calls == []


@pytest.mark.usefixtures("by_sockets")
def test_an_app_that_is_asked_to_refresh_comes_back_and_misses_nothing(slack: LocalSlack) -> None:
    slack.disconnect("refresh_requested")
    assert slack.command("U1", "still there", "C1").ok
    slack.wait(lambda: slack.sockets.opened == 2 and slack.ephemerals("U1"))


@pytest.mark.usefixtures("by_sockets")
def test_a_duplicate_envelope_is_a_second_delivery(slack: LocalSlack) -> None:
    slack.sockets.duplicates = True
    slack.command("U1", "twice", "C1")
    slack.wait(lambda: len(slack.ephemerals("U1")) == 2)


def test_an_event_without_an_ack_comes_again(slack: LocalSlack) -> None:
    """An app that never acknowledges anything."""
    heard: list[Json] = []

    async def start() -> Any:
        session = aiohttp.ClientSession()
        client = AsyncWebClient(base_url=slack.api_url)
        opened = await client.apps_connections_open(app_token=slack.app_token)
        socket = await session.ws_connect(opened["url"])

        async def listen() -> None:
            heard.extend([message.json() async for message in socket])

        task = asyncio.create_task(listen())

        async def stop() -> None:
            await socket.close()
            await task
            await session.close()

        return stop

    slack.deliveries.redeliver_after = slack.deliveries.patience = 0.05
    with Running(start):
        ack = slack.say("U1", "hello?")
    assert not ack.ok
    assert slack.late == [ack]
    assert heard[0]["type"] == "hello"
    assert [envelope["retry_attempt"] for envelope in heard[1:]] == [0, 1, 2, 3]
    assert len({envelope["payload"]["event_id"] for envelope in heard[1:]}) == 1


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(SlackApiError) as error:
        call()
    return str(error.value.response["error"])


def test_a_post_that_cannot_arrive_is_refused_with_slacks_words(slack: LocalSlack, client: WebClient) -> None:
    slack.room("C2", "elsewhere", bot=False)
    slack.room("C3", "old", archived=True)
    slack.person("U3", "Gone").deleted = True
    slack.person("U4", "Shut").shut = "messages_tab_disabled"

    def post(channel: str) -> Callable[[], object]:
        return partial(client.chat_postMessage, channel=channel, text="Hi", blocks=[said("Hi")])

    assert refused(post("C9")) == "channel_not_found"
    assert refused(post("C2")) == "not_in_channel"
    assert refused(post("C3")) == "is_archived"
    assert refused(post("U3")) == "user_disabled"
    assert refused(post("U4")) == "messages_tab_disabled"
    assert refused(post(slack.world.teams[TEAM].bot_user)) == "cannot_dm_bot"


def test_tokens_and_scopes_are_checked(slack: LocalSlack, client: WebClient) -> None:
    assert client.auth_test().headers["x-oauth-scopes"].startswith("app_mentions:read,")
    assert refused(WebClient(base_url=slack.api_url).auth_test) == "not_authed"
    assert refused(WebClient(token="xoxb-guessed", base_url=slack.api_url).auth_test) == "invalid_auth"
    assert refused(lambda: client.conversations_info(channel="C1")) == "missing_scope"
    slack.revoke(tell=False)
    assert refused(client.auth_test) == "token_revoked"
    slack.reinstall()
    assert client.auth_test()["team_id"] == TEAM


def test_an_invalid_block_is_refused_and_remembered(slack: LocalSlack, client: WebClient) -> None:
    assert refused(lambda: client.chat_postMessage(channel="C1", text="Hi", blocks=[said("")])) == "invalid_blocks"
    assert slack.refusals[0].where == "/blocks/0/elements/0/elements/0/text"
    assert slack.messages("C1") == []


def test_a_post_whose_answer_is_lost_stands_in_the_channel(slack: LocalSlack, client: WebClient) -> None:
    slack.fail("chat.postMessage", cut=True, after_effect=True)
    with pytest.raises(OSError, match=r"closed|reset"):
        client.chat_postMessage(channel="C1", text="Hi", blocks=[said("Hi")])
    assert [slack.text_of(message) for message in slack.messages("C1")] == ["Hi"]


def test_a_limit_says_when_to_come_back(slack: LocalSlack, client: WebClient) -> None:
    slack.fail("chat.postMessage", retry_after=7)
    with pytest.raises(SlackApiError) as limited:
        client.chat_postMessage(channel="C1", text="Hi", blocks=[said("Hi")])
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "7"
    client.chat_postMessage(channel="C1", text="Hi", blocks=[said("Hi")])


def test_the_history_shows_metadata_and_nothing_private(slack: LocalSlack, client: WebClient) -> None:
    note = {"event_type": "rolecall_push", "event_payload": {"key": "a1"}}
    first = client.chat_postMessage(channel="C1", text="Prompt", blocks=[said("Prompt")], metadata=note)
    client.chat_postMessage(channel="C1", text="Below", blocks=[said("Below")], thread_ts=first["ts"])
    client.chat_postEphemeral(channel="C1", user="U1", text="Psst", blocks=[said("Psst")])
    client.chat_update(channel="C1", ts=first["ts"], text="Prompt", blocks=[said("Changed")])
    found = client.conversations_history(channel="C1", include_all_metadata=True, oldest="0")["messages"]
    assert [(message["ts"], message["metadata"]) for message in found] == [(first["ts"], note)]
    prompt = slack.messages("C1")[0]
    assert [version.blocks[0]["elements"][0]["elements"][0]["text"] for version in prompt.versions] == [
        "Prompt",
        "Changed",
    ]


def test_a_picture_is_uploaded_first_and_shown_later(slack: LocalSlack, client: WebClient) -> None:
    file = client.files_upload_v2(filename="board.png", content=b"\x89PNG\r\n\x1a\n...", alt_txt="A board")["file"]
    picture = {"type": "image", "slack_file": {"id": file["id"]}, "alt_text": "A board"}
    client.chat_postMessage(channel="C1", text="The board", blocks=[picture])
    assert slack.text_of(slack.messages("C1")[0]) == "[A board]"
    unknown = {**picture, "slack_file": {"id": "F404"}}
    assert refused(partial(client.chat_postMessage, channel="C1", text="Board", blocks=[unknown])) == "invalid_blocks"


def test_a_file_that_slack_is_not_done_with_is_taken_later(slack: LocalSlack, client: WebClient) -> None:
    slack.rules.slow_files = 1
    file = client.files_upload_v2(filename="board.png", content=b"\x89PNG\r\n\x1a\n...")["file"]
    picture = {"type": "image", "slack_file": {"id": file["id"]}, "alt_text": "A board"}
    post = partial(client.chat_postMessage, channel="C1", text="The board", blocks=[picture])
    assert refused(post) == "invalid_blocks"
    post()
    assert slack.refusals == [], "to be early is no fault of the payload"


def test_a_trigger_opens_one_form_within_three_seconds(slack: LocalSlack, client: WebClient, clock: Clock) -> None:
    def open_with(trigger: str) -> Callable[[], object]:
        return lambda: client.views_open(trigger_id=trigger, view=FORM)

    used = slack.world.trigger(TEAM, "U1")
    open_with(used)()
    assert refused(open_with(used)) == "exchanged_trigger_id"
    late = slack.world.trigger(TEAM, "U1")
    clock.at += timedelta(seconds=4)
    assert refused(open_with(late)) == "expired_trigger_id"


def test_a_form_that_has_changed_meanwhile_is_not_changed_by_its_old_hash(slack: LocalSlack, client: WebClient) -> None:
    view = client.views_open(trigger_id=slack.world.trigger(TEAM, "U1"), view=FORM)["view"]
    client.views_update(view_id=view["id"], hash=view["hash"], view=FORM)
    update = partial(client.views_update, view_id=view["id"], hash=view["hash"], view=FORM)
    assert refused(update) == "hash_conflict"
    slack.close("U1")
    assert refused(lambda: client.views_update(view_id=view["id"], view=FORM)) == "not_found"


@pytest.fixture
def prompt(slack: LocalSlack, client: WebClient) -> Any:
    client.chat_postMessage(channel="C1", text="Prompt", blocks=[said("Prompt"), buttons("Answer")])
    return slack.messages("C1")[0]


def response_url(slack: LocalSlack, original: Any) -> WebhookClient:
    room, person = slack.world.rooms["C1"], slack.world.people["U1"]
    url = slack.acts.response_url(slack.world.teams[TEAM], room, person, original=original)
    return WebhookClient(url, retry_handlers=[])


def test_to_replace_the_original_of_a_public_button_changes_what_all_see(slack: LocalSlack, prompt: Any) -> None:
    url = response_url(slack, prompt)
    url.send(text="Psst", blocks=[said("Psst")], replace_original=False)
    assert slack.text_of(slack.messages("C1")[0]) == "Prompt\n[Answer]"
    url.send(text="Oh", blocks=[said("Oh")], replace_original=True)
    assert slack.text_of(slack.messages("C1")[0]) == "Oh"


def test_the_reply_to_a_command_cannot_be_replaced_and_stands_there_twice(slack: LocalSlack) -> None:
    url = response_url(slack, None)
    url.send(text="Reading", blocks=[said("Reading")])
    url.send(text="Read", blocks=[said("Read")], replace_original=True)
    assert [slack.text_of(message) for message in slack.ephemerals("U1")] == ["Reading", "Read"]


def test_a_response_url_is_good_for_five_replies_and_half_an_hour(slack: LocalSlack, clock: Clock) -> None:
    url = response_url(slack, None)
    assert [url.send(text="Hi", blocks=[said("Hi")]).status_code for _ in range(6)] == [200] * 5 + [404]
    late = response_url(slack, None)
    clock.at += timedelta(minutes=31)
    assert late.send(text="Hi", blocks=[said("Hi")]).status_code == 404


def test_instants_are_read_in_the_readers_zone(slack: LocalSlack, client: WebClient) -> None:
    date = {"type": "date", "timestamp": 1_805_187_600, "format": "{date_short} {time}", "fallback": "16 Mar 2027"}
    who = [{"type": "user", "user_id": "U2"}, {"type": "text", "text": " in "}, {"type": "channel", "channel_id": "C1"}]
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [*who, date]}]}
    client.chat_postMessage(channel="C1", text="Due", blocks=[block])
    assert slack.text_of(slack.messages("C1")[0], "U1") == "@Ben in #ml-studyMar 16, 2027 10:00"


def test_limits_of_a_method_and_of_a_channel_hold_where_they_are_asked_for() -> None:
    with LocalSlack(tiers=True, posts_per_second=1) as slack:
        slack.room("C1", "ml-study")
        slack.room("C2", "other")
        client = WebClient(token=slack.token, base_url=slack.api_url, retry_handlers=[])
        post = partial(client.chat_postMessage, text="Hi", blocks=[said("Hi")])
        for _ in range(5):
            post(channel="C1")
        assert refused(partial(post, channel="C1")) == "ratelimited"
        post(channel="C2")
        for _ in range(50):
            client.conversations_history(channel="C1", limit=1)
        assert refused(partial(client.conversations_history, channel="C1")) == "ratelimited"


@pytest.mark.usefixtures("by_sockets")
def test_somebody_of_another_workspace_is_told_apart(slack: LocalSlack, client: WebClient) -> None:
    slack.person("U7", "Guest", team="T0OTHER001")
    assert refused(partial(client.users_info, user="U7")) == "user_not_visible"
    slack.room("C7", "with-friends", ["U1", "U7"], shared=True)
    assert client.users_info(user="U7")["user"]["is_stranger"]
    assert "tz" not in client.users_info(user="U7")["user"]
    slack.say("U7", "Hello from next door", "C7")
    slack.wait(lambda: len(slack.messages("C7")) == 2)


def test_who_is_in_the_channel_alone_sees_what_is_for_them_alone(slack: LocalSlack, client: WebClient) -> None:
    slack.person("U3", "Cat")
    send = partial(client.chat_postEphemeral, channel="C1", text="Psst", blocks=[said("Psst")])
    assert refused(partial(send, user="U3")) == "user_not_in_channel"
    send(user="U2")
    assert len(slack.ephemerals("U2", "C1")) == 1
    assert slack.messages("C1") == []


def test_a_private_channel_without_the_app_is_one_that_it_does_not_know(slack: LocalSlack, client: WebClient) -> None:
    slack.room("C8", "secret", ["U1"], bot=False, private=True)
    send = partial(client.chat_postMessage, channel="C8", text="Hi", blocks=[said("Hi")])
    assert refused(send) == "channel_not_found"


@pytest.mark.usefixtures("app")
def test_an_empty_field_and_one_too_long_never_leave_the_client(slack: LocalSlack, client: WebClient) -> None:
    client.views_open(trigger_id=slack.world.trigger(TEAM, "U1"), view=FORM)
    assert slack.submit("U1").payload["errors"] == {"answer": "Please complete this required field."}
    assert "shorten" in slack.submit("U1", answer="a b" * 20).payload["errors"]["answer"]
    assert slack.deliveries.acks == []


@pytest.mark.usefixtures("by_sockets")
def test_an_app_whose_connection_breaks_off_comes_back(slack: LocalSlack) -> None:
    slack.cut_sockets()
    assert slack.command("U1", "still there", "C1").ok
    slack.wait(lambda: slack.ephemerals("U1"))
