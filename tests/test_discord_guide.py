"""README.md, "Discord in five minutes", done as a new user would, from the token on, against a Discord of our own."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord as api
import pytest
from typer.testing import CliRunner

from adapters.discord.checks import NAMED, PERMISSIONS
from adapters.discord.client import intents
from adapters.discord.installation import Installation
from bot.cli.app import app
from bot.door.commands import find
from bot.settings import Settings
from tests.discord.local import LocalDiscord
from tests.test_hosting import understood
from tests.test_slack_guide import running

ROOT = Path(__file__).parents[1]
SECTION = re.search(r"^## Discord in five minutes\n.*?(?=^## )", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
HANDBOOK = (ROOT / "docs" / "discord.md").read_text("utf-8")


def guide() -> str:
    assert SECTION
    return SECTION[0]


def env_file(discord: LocalDiscord, folder: Path) -> None:
    """Step 4: the line, with the token that step 3 gave."""
    block = re.search(r"```sh\n(.*?)```", guide(), re.S)
    assert block
    [line] = [line.strip() for line in block[1].splitlines() if line.strip()]
    more = [f"ROLECALL_DISCORD_BASE_URL={discord.api_url}", f"ROLECALL_DATABASE={folder / 'rolecall.db'}"]
    (folder / ".env").write_text("\n".join([line.replace("...", discord.token), *more]) + "\n")
    (folder / ".env").chmod(0o600)


def typed(*words: str) -> str:
    """What the program says, in the folder of its settings."""
    return CliRunner().invoke(app, words).output


@pytest.mark.enable_socket
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_the_steps_lead_from_a_token_to_a_learner_with_a_question_and_a_cohort_with_a_channel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalDiscord() as discord:
        env_file(discord, tmp_path)
        monkeypatch.chdir(tmp_path)

        asked = parse_qs(urlsplit(typed("invite", "discord")).query)
        assert asked["client_id"] == [str(discord.application)]
        guild = discord.guild("ML study")
        room = discord.channel(guild, "spring")
        ana = discord.person("Ana", guild, manages=True)
        assert [line for line in typed("doctor").splitlines() if re.match(r"fail +discord", line)] == []

        with running(tmp_path) as bot:
            assert bot.stdout
            assert bot.stdout.readline().startswith("Running: Discord as ")
            assert bot.stdout.readline() == "Discord is connected.\n"
            discord.command(ana, "start", room)
            discord.wait(lambda: "Hello Ana" in heard(discord, ana))
            discord.say(ana, "hint")
            discord.wait(lambda: "Hint 1" in heard(discord, ana))

            discord.command(ana, "cohort create", room)
            discord.submit(ana, name="Spring")
            discord.wait(lambda: "Spring" in heard(discord, ana))
            discord.command(ana, "cohort bind", room)
            discord.wait(lambda: "will be posted" in heard(discord, ana))

            bot.terminate()
            assert bot.wait(15) == 0
        assert (discord.refusals, discord.late) == ([], [])


def heard(discord: LocalDiscord, person: int) -> str:
    """All that somebody was told alone, on the server and in their direct messages."""
    return "\n".join(discord.text_of(m, person) for m in (*discord.ephemerals(person), *discord.dm(person)))


def test_every_command_line_of_it_is_understood() -> None:
    lines = re.findall(r"`\.venv/bin/rolecall ([^`]+)`", guide())

    assert lines == ["invite discord", "doctor", "run"]
    for line in (*lines, *re.findall(r"`rolecall ([^`]+)`", HANDBOOK)):
        understood(shlex.split(line))


def test_every_setting_that_is_named_is_one() -> None:
    named = re.findall(r"ROLECALL_([A-Z_]+[A-Z])", guide() + HANDBOOK)

    assert {"DISCORD_TOKEN", "DISCORD_GUILD", "DISCORD_READ_THREADS"} <= set(named)
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_every_slash_command_that_is_named_is_one() -> None:
    paths = re.findall(r"`/rolecall ([a-z ]+?)(?: [a-z]+:[^`]*)?`", guide() + HANDBOOK)

    assert {"start", "cohort create", "cohort bind", "cohort appoint", "me link"} <= set(paths)
    assert [path for path in paths if find(path) is None] == []


def test_the_permissions_that_are_explained_are_those_that_are_asked_for() -> None:
    table = re.search(r"<!-- permissions -->\n(.*?)<!-- /permissions -->", HANDBOOK, re.S)
    assert table

    explained = re.findall(r"^\| (\w[\w ]+) \| [a-z].{15,} \|$", table[1], re.M)

    assert explained == list(NAMED.values())
    assert api.Permissions(**dict.fromkeys(NAMED, True)) == PERMISSIONS


def test_no_intent_has_to_be_switched_on_but_for_threads() -> None:
    """Discord's privileged intents: members, presences, and the content of messages."""

    def privileged(of: Installation) -> list[str]:
        asked = intents(of)
        return [name for name in ("members", "presences", "message_content") if getattr(asked, name)]

    assert "No intent has to be switched on" in guide()
    assert privileged(Installation("a.b.c")) == []
    assert privileged(Installation("a.b.c", reads_threads=True)) == ["message_content"]


def test_what_it_links_to_is_there() -> None:
    here = [ROOT / path for path in re.findall(r"\]\((?!https)([^)#]+)", guide())]
    there = [ROOT / "docs" / path for path in re.findall(r"\]\((?!https|#)([^)#]+)", HANDBOOK)]
    headings = {
        re.sub(r"[^\w ]", "", name).lower().replace(" ", "-") for name in re.findall(r"^## (.+)$", HANDBOOK, re.M)
    }

    assert [path for path in (*here, *there) if not path.exists()] == []
    assert set(re.findall(r"\]\(#([^)]+)\)", HANDBOOK)) <= headings
