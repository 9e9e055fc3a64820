"""What an operator sets for Discord can be right, or they are told what to do; never with the key itself."""

from __future__ import annotations

import base64

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from adapters.discord.checks import invitation
from bot.cli.app import app
from bot.cli.discord import installation_of
from bot.errors import RolecallError
from bot.settings import Settings

APPLICATION = 1234567890123456789
TOKEN = (
    f"{base64.b64encode(str(APPLICATION).encode()).decode().rstrip('=')}.GhIjKl.abcdefghijklmnopqrstuvwxyz-0123456789_"
)
SERVER = "876543210987654321"


def settings(token: str = TOKEN, **more: object) -> Settings:
    return Settings(discord_token=SecretStr(token), **more)


def test_without_a_token_discord_is_not_served() -> None:
    assert installation_of(settings("")) is None


def test_a_token_is_enough() -> None:
    found = installation_of(settings())

    assert found
    assert (found.token, found.guild, found.reads_threads, found.base_url, found.shards) == (TOKEN, 0, False, "", 0)


def test_the_rest_is_taken_as_it_is_set() -> None:
    found = installation_of(
        settings(discord_guild=SERVER, discord_read_threads=True, discord_base_url="http://127.0.0.1:8080/api/v10/")
    )

    assert found
    assert (found.guild, found.reads_threads, found.base_url) == (int(SERVER), True, "http://127.0.0.1:8080/api/v10")


@pytest.mark.parametrize(
    ("token", "advice"),
    [
        (f"Bot {TOKEN}", 'has to be the token alone, without "Bot" before it'),
        (f"{TOKEN} ", "holds a space, a quotation mark"),
        (f'"{TOKEN}"', "holds a space, a quotation mark"),
        ("A1b2C3d4E5f6G7h8A1b2C3d4E5f6G7h8", "looks like the client secret. The bot's token has three parts"),
        ("0123456789abcdef" * 4, "looks like the application's public key. The bot's token has three parts"),
        (str(APPLICATION), "looks like an id. The bot's token has three parts"),
        (
            "secret",
            'three parts with dots between them. It stands at discord.com/developers/applications → your app → "Bot',
        ),
        (TOKEN.rpartition(".")[0], "is not the bot's token, which has three parts"),
    ],
)
def test_what_is_no_token_is_explained_and_not_repeated(token: str, advice: str) -> None:
    with pytest.raises(RolecallError) as error:
        installation_of(settings(token))

    assert str(error.value).startswith("ROLECALL_DISCORD_TOKEN ")
    assert advice in str(error.value)
    assert token not in str(error.value)


@pytest.mark.parametrize("guild", ["ML study", "12", "https://discord.gg/abc"])
def test_a_server_is_named_by_its_id(guild: str) -> None:
    with pytest.raises(RolecallError, match=r"ROLECALL_DISCORD_GUILD is no server's id.*Copy Server ID"):
        installation_of(settings(discord_guild=guild))


@pytest.mark.parametrize("address", ["localhost:8080", "ftp://x", "http://", "http://[", "http://x:0/"])
def test_another_address_has_to_be_one(address: str) -> None:
    with pytest.raises(RolecallError, match="ROLECALL_DISCORD_BASE_URL is no address"):
        installation_of(settings(discord_base_url=address))


def test_the_token_shows_nowhere() -> None:
    found = settings()

    assert TOKEN not in repr(found) + str(found.model_dump()) + repr(installation_of(found))


def invited(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["invite", "discord", *arguments])
    return result.exit_code, result.output.strip() or str(result.exception)


def test_the_invitation_is_for_the_application_that_the_token_belongs_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLECALL_DISCORD_TOKEN", TOKEN)

    assert invited() == (0, invitation(APPLICATION))


def test_without_a_token_the_application_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLECALL_DISCORD_TOKEN", raising=False)

    assert invited("--application", str(APPLICATION)) == (0, invitation(APPLICATION))
    code, said = invited()
    assert (code, said.startswith("Name the application: rolecall invite discord --application ID.")) == (1, True)
    code, said = invited("--application", "Rolecall")
    assert (code, '"General Information"' in said) == (1, True)


def test_the_command_list_needs_a_token() -> None:
    result = CliRunner().invoke(app, ["discord", "sync"])

    assert (result.exit_code, str(result.exception)) == (
        1,
        'Set ROLECALL_DISCORD_TOKEN first. README.md, "Discord in five minutes", says how.',
    )
