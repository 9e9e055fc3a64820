"""How the app is served: it starts or says why not, survives what Slack does to its sockets, and ends politely."""

from __future__ import annotations

import asyncio
import socket
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.slack import serving
from adapters.slack.app import SlackApp
from adapters.slack.installation import Installation
from adapters.slack.serving import serve
from adapters.slack.teams import Workspaces
from bot.cli.compose import PlayWorld
from bot.errors import RolecallError
from tests.adapters.slack.running import ADA, installation, running
from tests.slack.local import LocalSlack
from tests.talk import Talk

pytestmark = pytest.mark.enable_socket


async def start(world: PlayWorld, of: Installation) -> None:
    """Serves until it is ready, or says why not."""
    is_ready = asyncio.Event()
    app = SlackApp(world.rolecall, of, Workspaces())
    served = asyncio.create_task(serve(app, of, ready=is_ready.set))
    ready = asyncio.create_task(is_ready.wait())
    await asyncio.wait([served, ready], return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    served.cancel()
    await asyncio.wait([served])
    if not served.cancelled():
        served.result()


def test_a_token_that_slack_does_not_take_is_named_with_the_remedy() -> None:
    with LocalSlack() as slack:
        of = replace(installation(slack), bot_token="xoxb-wrong")
        with pytest.raises(RolecallError, match=r"ROLECALL_SLACK_BOT_TOKEN \(invalid_auth\).*rolecall doctor"):
            asyncio.run(Workspaces().learn(of))


def test_the_workspace_is_known_by_its_token() -> None:
    with LocalSlack() as slack:
        workspaces = Workspaces()
        team = asyncio.run(workspaces.learn(installation(slack)))
        assert workspaces() == {team.id: team}
        assert (team.name, team.bot_user) == ("Rolecall", slack.world.teams[team.id].bot_user)
        assert slack.token not in repr(workspaces())


def test_an_app_token_that_slack_does_not_take_ends_the_start(chat: Talk) -> None:
    with LocalSlack() as slack:
        of = replace(installation(slack), app_token="xapp-wrong")
        with pytest.raises(RolecallError, match="ROLECALL_SLACK_APP_TOKEN"):
            asyncio.run(start(chat.world, of))


def test_without_any_way_in_the_start_says_which_there_are(chat: Talk) -> None:
    with LocalSlack() as slack:
        of = replace(installation(slack), app_token="", signing_secret="")
        with pytest.raises(RolecallError, match="ROLECALL_SLACK_APP_TOKEN for Socket Mode"):
            asyncio.run(start(chat.world, of))


def test_a_port_that_is_taken_is_named(chat: Talk) -> None:
    with LocalSlack() as slack, socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(RolecallError, match=f"127.0.0.1:{port}.*ROLECALL_SLACK_PORT"):
            asyncio.run(start(chat.world, replace(installation(slack, http=True), port=port)))


def test_a_slack_that_cannot_be_reached_at_first_is_tried_again(chat: Talk) -> None:
    with LocalSlack() as slack:
        slack.fail("apps.connections.open", status=503, times=3)
        asyncio.run(asyncio.wait_for(start(chat.world, installation(slack)), 20))
        assert slack.sockets.opened == 1


def test_a_proxy_can_ask_whether_it_is_well(tmp_path: Path) -> None:
    with running(tmp_path, http=True) as app:
        at = app.slack.deliveries.url.replace("/slack/events", "/healthz")
        with urllib.request.urlopen(at) as answer:
            assert answer.read() == b"ok\n"


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
def test_a_connection_that_slack_renews_loses_nothing(tmp_path: Path, reason: str) -> None:
    with running(tmp_path) as app:
        app.slack.command(ADA, "start")
        app.quiet()
        app.slack.disconnect(reason)
        app.slack.say(ADA, app.strong())
        app.slack.wait(lambda: "Strong Hire" in app.texts()[-1], 30)
        assert sum("Strong Hire" in text for text in app.texts()) == 1


def test_a_connection_that_breaks_off_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PING", 0.2)
    with running(tmp_path) as app:
        app.slack.cut_sockets()
        app.slack.wait(lambda: app.slack.sockets.opened == 2, 20)
        app.slack.command(ADA, "start")
        assert "Hello Ada" in app.last()


def test_where_a_sockets_address_has_expired_another_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network goes away after Slack has named an address, and comes back when that is no longer good."""
    monkeypatch.setattr(serving, "PING", 0.2)
    monkeypatch.setattr(serving, "ADDRESS_SECONDS", 1.0)
    with running(tmp_path) as app:
        app.slack.sockets.is_shut = True
        asked = len(app.slack.calls_of("apps.connections.open"))
        app.slack.cut_sockets()
        app.slack.wait(lambda: len(app.slack.calls_of("apps.connections.open")) > asked + 1, 20)
        app.slack.sockets.is_shut = False
        app.slack.wait(lambda: app.slack.sockets.opened == 2, 20)
        app.slack.command(ADA, "start")
        assert "Hello Ada" in app.last()


def test_an_envelope_that_comes_twice_has_one_effect(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        app.slack.sockets.duplicates = True
        app.slack.command(ADA, "start")
        app.quiet()
        app.slack.press(ADA, app.slack.dm(ADA)[-1], "Answer")
        app.slack.wait(lambda: app.slack.modal(ADA))
        app.slack.submit(ADA, answer=app.strong())
        app.quiet()
        assert [text.splitlines()[0] for text in app.texts()] == [app.texts()[0].splitlines()[0], "Strong Hire"]
        assert app.slack.modal(ADA) is None


@pytest.mark.parametrize("http", [False, True])
def test_what_is_being_worked_on_at_the_end_is_finished(tmp_path: Path, http: bool) -> None:
    with running(tmp_path, http=http) as app:
        slack = app.slack
        slack.fail("chat.postMessage", slow=1.0)
        slack.command(ADA, "start")
    assert "Hello Ada" in slack.text_of(slack.dm(ADA)[-1], ADA)
