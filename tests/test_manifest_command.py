"""An organiser pastes the manifest into Slack: it fits, it asks for what the program uses, and it says why."""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient
from typer.testing import CliRunner

from adapters.slack.manifest import EVENTS, SCOPES
from bot.cli.app import app
from bot.door.command_table import COMMANDS, GROUPS

ADAPTER = Path(__file__).parents[1] / "adapters" / "slack"

# docs.slack.dev, "Web API methods", each method's "Scopes" for a bot's token (2026-11); conversations.history has those
# for the kinds of channels that are read.
NEEDS = {
    "apps_connections_open": "",  # the app-level token's connections:write
    "auth_test": "",
    "chat_postMessage": "chat:write",
    "chat_postEphemeral": "chat:write",
    "chat_update": "chat:write",
    "chat_delete": "chat:write",
    "conversations_history": "channels:history groups:history im:history",
    "conversations_open": "im:write",
    "conversations_replies": "channels:history groups:history im:history",
    "files_completeUploadExternal": "files:write",
    "files_getUploadURLExternal": "files:write",
    "files_upload_v2": "files:write",
    "users_info": "users:read",
    "views_open": "",
    "views_push": "",
    "views_publish": "",
    "views_update": "",
}
# docs.slack.dev, "Events", each event's "Required scopes" (2026-11)
HEARS = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "tokens_revoked": "",
}
METHODS = {
    name for name, of in inspect.getmembers(AsyncWebClient, inspect.iscoroutinefunction) if not name.startswith("_")
}


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["manifest", "slack", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def manifest(*arguments: str) -> dict[str, Any]:
    found = yaml.safe_load(printed(*arguments))
    assert isinstance(found, dict)
    return found


def called() -> set[str]:
    """The methods of Slack's Web API that the adapter names; `api_call` too, whose method could not be seen."""
    return {
        node.attr
        for path in ADAPTER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in METHODS
    }


def test_every_method_that_is_called_has_its_scopes_written_down() -> None:
    assert called() - NEEDS.keys() == set(), "say in NEEDS which scopes it needs"


def test_the_scopes_are_those_that_methods_and_events_need_and_no_other() -> None:
    needed = {scope for name in called() for scope in NEEDS[name].split()}
    needed |= {scope for name in EVENTS for scope in HEARS[name].split()} | {"commands"}

    assert sorted(needed) == manifest()["oauth_config"]["scopes"]["bot"]


def test_every_scope_and_every_event_says_what_it_is_for() -> None:
    lines = printed().splitlines()

    for name in (*SCOPES, *EVENTS):
        [line] = [line for line in lines if line.strip().startswith(f"- {name} ")]
        assert re.fullmatch(r" *- \S+  # [a-z].{15,}", line), line


def test_by_default_it_is_for_socket_mode_and_names_no_address() -> None:
    text = json.dumps(manifest())

    assert manifest()["settings"]["socket_mode_enabled"] is True
    assert "http" not in text


def test_for_signed_http_every_request_goes_to_one_address() -> None:
    found = manifest("--http", "https://bot.example.org/")

    address = "https://bot.example.org/slack/events"
    assert found["settings"]["socket_mode_enabled"] is False
    assert found["settings"]["event_subscriptions"]["request_url"] == address
    assert found["settings"]["interactivity"]["request_url"] == address
    assert found["settings"]["interactivity"]["message_menu_options_url"] == address
    assert [c["url"] for c in found["features"]["slash_commands"]] == [address]


def test_an_address_may_have_a_path_and_may_be_the_whole_one() -> None:
    below = manifest("--http", "https://example.org/bots")["settings"]["event_subscriptions"]["request_url"]
    whole = manifest("--http", "https://example.org/slack/events")["settings"]["event_subscriptions"]["request_url"]

    assert (below, whole) == ("https://example.org/bots/slack/events", "https://example.org/slack/events")


@pytest.mark.parametrize("address", ["http://bot.example.org", "bot.example.org", "https://", "https://a.org/?x=1"])
def test_an_address_that_slack_would_not_take_is_refused(address: str) -> None:
    result = CliRunner().invoke(app, ["manifest", "slack", "--http", address])

    assert result.exit_code == 1
    assert "https" in str(result.exception)


def test_another_slash_command_stands_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLECALL_SLACK_COMMAND", "mentor")

    assert [c["command"] for c in manifest()["features"]["slash_commands"]] == ["/mentor"]
    assert [c["command"] for c in manifest("--command", "/coach")["features"]["slash_commands"]] == ["/coach"]


@pytest.mark.parametrize("name", ["Mentor", "two words", "a" * 32, """ "x" """])
def test_a_slash_command_that_slack_would_not_take_is_refused(name: str) -> None:
    result = CliRunner().invoke(app, ["manifest", "slack", "--command", name])

    assert result.exit_code == 1
    assert "small letters" in str(result.exception)


def test_what_can_follow_the_slash_command_is_the_command_table() -> None:
    [command] = manifest()["features"]["slash_commands"]

    named = command["usage_hint"].strip("[]").replace(" …", "").split(" | ")
    assert named == [c.name for c in COMMANDS if c.group is None] + list(GROUPS)


def strings(of: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(of, dict):
        for key, value in of.items():
            yield from strings(value, f"{path}.{key}".lstrip("."))
    elif isinstance(of, list):
        for value in of:
            yield from strings(value, path)
    else:
        yield path, str(of)


SIZES = {
    "display_information.name": 35,
    "display_information.description": 140,
    "display_information.long_description": 4_000,
    "features.bot_user.display_name": 80,
    "features.slash_commands.command": 32,
    "features.slash_commands.description": 2_000,
    "features.slash_commands.usage_hint": 1_000,
    "features.shortcuts.name": 24,
    "features.shortcuts.callback_id": 255,
    "features.shortcuts.description": 150,
}
"""Characters (docs.slack.dev, "App manifest reference", 2026-11)."""


def test_every_text_fits_into_its_field() -> None:
    found = dict(strings(manifest()))

    assert {path: len(found[path]) for path, most in SIZES.items() if len(found[path]) > most} == {}
    assert len(found["display_information.long_description"]) >= 174


def test_people_can_type_to_it_and_it_has_a_home() -> None:
    tabs = manifest()["features"]["app_home"]

    assert tabs == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_its_tokens_do_not_expire_while_it_runs() -> None:
    assert manifest()["settings"]["token_rotation_enabled"] is False
