"""What an operator sets for Slack fits together, or they are told what to do; never with the key itself."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from adapters.slack.installation import SLACK_API
from bot.cli.slack import installation_of
from bot.errors import RolecallError
from bot.settings import Settings

BOT, APP, SECRET = "xoxb-1-2-abc", "xapp-1-A1-2-def", "8f742231b10e8888abcd99yyyzzz85a5"


def settings(bot: str = "", app: str = "", secret: str = "", **more: object) -> Settings:
    keys = {"slack_bot_token": bot, "slack_app_token": app, "slack_signing_secret": secret}
    return Settings(**{name: SecretStr(value) for name, value in keys.items()}, **more)


def test_without_any_key_slack_is_not_served() -> None:
    assert installation_of(settings()) is None


def test_with_an_app_token_it_is_socket_mode_and_with_a_secret_http() -> None:
    socket, http = installation_of(settings(BOT, APP)), installation_of(settings(BOT, "", SECRET, slack_port=8001))

    assert socket and (socket.bot_token, socket.app_token, socket.base_url) == (BOT, APP, SLACK_API)
    assert http and (http.app_token, http.signing_secret, http.port) == ("", SECRET, 8001)


@pytest.mark.parametrize(
    ("bot", "app", "secret", "advice"),
    [
        (BOT, "", "", "ROLECALL_SLACK_APP_TOKEN for Socket Mode, or ROLECALL_SLACK_SIGNING_SECRET"),
        ("", APP, "", 'ROLECALL_SLACK_BOT_TOKEN is missing. It stands at api.slack.com/apps → your app → "OAuth'),
        ("", "", SECRET, "ROLECALL_SLACK_BOT_TOKEN is missing"),
        (APP, BOT, "", "They are the wrong way round"),
        ("xoxp-1-2-3", APP, "", "ROLECALL_SLACK_BOT_TOKEN has to begin with xoxb-"),
        ("xoxe.xoxb-1-abc", APP, "", "would expire within a day"),
        (BOT, "A0123.456", "", "ROLECALL_SLACK_APP_TOKEN has to begin with xapp-"),
        (BOT, "", APP, "ROLECALL_SLACK_SIGNING_SECRET is a token"),
        (f'"{BOT}"', APP, "", "ROLECALL_SLACK_BOT_TOKEN holds a space, a quotation mark"),
        (BOT, f"{APP} ", "", "ROLECALL_SLACK_APP_TOKEN holds a space"),
        ("xoxb-…", APP, "", "Copy it once more"),
    ],
)
def test_keys_that_do_not_fit_are_refused_with_what_to_do(bot: str, app: str, secret: str, advice: str) -> None:
    with pytest.raises(RolecallError) as refused:
        installation_of(settings(bot, app, secret))

    assert advice in str(refused.value)
    for key in (bot, app, secret):
        assert not key or key not in str(refused.value)


@pytest.mark.parametrize("name", ["/mentor", "mentor"])
def test_the_slash_command_may_have_another_name(name: str) -> None:
    found = installation_of(settings(BOT, APP, slack_command=name))

    assert found and found.root == "mentor"


def test_another_address_of_the_api_may_be_given_and_has_to_be_one() -> None:
    found = installation_of(settings(BOT, APP, slack_base_url="http://127.0.0.1:8080/api"))

    assert found and found.base_url == "http://127.0.0.1:8080/api/"
    for wrong in ("127.0.0.1:8080", "http://127.0.0.1:99999/api"):
        with pytest.raises(RolecallError, match="ROLECALL_SLACK_BASE_URL is no address"):
            installation_of(settings(BOT, APP, slack_base_url=wrong))
