"""README.md, "Slack in five minutes", done as a new user would, step by step, against a Slack of our own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from adapters.slack.manifest import SOCKET_SCOPE
from bot.cli.app import app
from bot.door.commands import find
from bot.settings import Settings
from tests.slack.local import LocalSlack
from tests.test_hosting import understood

ROOT = Path(__file__).parents[1]
SECTION = re.search(r"^## Slack in five minutes\n.*?(?=^## )", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
HANDBOOK = (ROOT / "docs" / "slack.md").read_text("utf-8")


def guide() -> str:
    assert SECTION
    return SECTION[0]


def step(number: int) -> str:
    found = re.search(rf"^{number}\. .*?(?=^\d+\. |^\S)", guide() + "\nX", re.M | re.S)
    assert found, f"there is no step {number}"
    return " ".join(found[0].split())


def manifest() -> dict[str, object]:
    words = re.search(r"\.venv/bin/rolecall (manifest [a-z]+)", step(2))
    assert words
    printed = CliRunner().invoke(app, words[1].split())
    found = yaml.safe_load(printed.output)
    assert isinstance(found, dict)
    return found


def env_file(slack: LocalSlack, folder: Path) -> None:
    """Step 6: the two lines, with the tokens that steps 4 and 5 gave."""
    block = re.search(r"```sh\n(.*?)```", guide(), re.S)
    assert block
    tokens = {"xapp-": slack.app_token, "xoxb-": slack.token}
    lines = [line.strip() for line in block[1].splitlines() if line.strip()]
    written = [re.sub(r"(xapp-|xoxb-)\.\.\.$", lambda m: tokens[m[1]], line) for line in lines]
    more = [f"ROLECALL_SLACK_BASE_URL={slack.api_url}", f"ROLECALL_DATABASE={folder / 'rolecall.db'}"]
    (folder / ".env").write_text("\n".join([*written, *more]) + "\n")
    (folder / ".env").chmod(0o600)


def environment() -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROLECALL_")}
    return kept | {"PYTHONPATH": str(ROOT)}


def doctor() -> list[str]:
    return [line for line in CliRunner().invoke(app, ["doctor"]).output.splitlines() if line[6:].startswith("slack")]


@contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.enable_socket
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_the_steps_lead_from_nothing_to_a_learner_with_a_question_and_a_cohort_with_a_channel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = manifest()["oauth_config"]["scopes"]["bot"]  # type: ignore[index]
    with LocalSlack(scopes=asked) as slack:
        slack.person("U0ANA", "Ana", admin=True)
        slack.room("C0SPRING", "spring", ["U0ANA"])
        env_file(slack, tmp_path)
        monkeypatch.chdir(tmp_path)

        assert [line for line in doctor() if line.startswith("fail")] == []

        with running(tmp_path) as bot:
            assert bot.stdout
            assert bot.stdout.readline().startswith("Running: Slack (Socket Mode) for Rolecall, ticker and sender.")
            slack.wait_for_socket(30)
            slack.command("U0ANA", "start", "C0SPRING")
            slack.wait(lambda: "Hello Ana" in heard(slack, "C0SPRING"))

            slack.command("U0ANA", "cohort create", "C0SPRING")
            slack.wait(lambda: slack.modal("U0ANA"))
            slack.submit("U0ANA", name="Spring")
            slack.wait(lambda: "Spring" in heard(slack, "C0SPRING"))
            slack.command("U0ANA", "cohort bind", "C0SPRING")
            slack.wait(lambda: "will be posted" in heard(slack, "C0SPRING"))

            bot.terminate()
            assert bot.wait(15) == 0
        assert slack.refusals == []
        assert slack.late == []


def heard(slack: LocalSlack, channel: str) -> str:
    """All that Ana has been told in a channel, and in her direct messages."""
    return "\n".join(slack.text_of(m, "U0ANA") for m in (*slack.ephemerals("U0ANA", channel), *slack.dm("U0ANA")))


def test_every_command_line_of_it_is_understood() -> None:
    lines = re.findall(r"`\.venv/bin/rolecall ([^`]+)`", guide())

    assert lines == ["manifest slack", "doctor", "run"]
    for line in (*lines, *re.findall(r"`rolecall ([^`]+)`", HANDBOOK)):
        understood(shlex.split(line))


def test_every_setting_that_is_named_is_one() -> None:
    named = re.findall(r"ROLECALL_([A-Z_]+[A-Z])", guide() + HANDBOOK)

    assert {"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"} <= set(named)
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_every_slash_command_that_is_named_is_one_of_the_manifests_root() -> None:
    [command] = manifest()["features"]["slash_commands"]  # type: ignore[index]

    assert command["command"] == "/rolecall"
    paths = re.findall(r"`/rolecall ([a-z ]+)`", guide() + HANDBOOK)
    assert {"start", "cohort create", "cohort bind"} <= set(paths)
    assert [path for path in paths if find(path) is None] == []


def test_the_tokens_and_the_scope_are_described_as_slack_calls_them() -> None:
    assert f"`{SOCKET_SCOPE}`" in step(4)
    assert "`xapp-`" in step(4)
    assert "`xoxb-`" in step(5)
    assert "Socket Mode" in guide() and manifest()["settings"]["socket_mode_enabled"] is True  # type: ignore[index]


def test_the_tabs_that_step_eight_names_are_turned_on() -> None:
    tabs = manifest()["features"]["app_home"]  # type: ignore[index]

    assert "**Home** tab" in step(8) and tabs["home_tab_enabled"]
    assert "**Messages**" in step(8) and tabs["messages_tab_enabled"] and not tabs["messages_tab_read_only_enabled"]


def test_what_it_links_to_is_there() -> None:
    here = [ROOT / path for path in re.findall(r"\]\((?!https)([^)#]+)", guide())]
    there = [ROOT / "docs" / path for path in re.findall(r"\]\((?!https)([^)#]+)", HANDBOOK)]

    assert [path for path in (*here, *there) if not path.exists()] == []
