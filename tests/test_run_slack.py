"""`rolecall run` with Slack's tokens, in real processes and against a Slack of our own."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.door import intents as i
from bot.model import Account
from bot.store import workspaces
from tests.slack.local import TEAM, LocalSlack
from tests.talk import DAY, talk
from tests.test_run_command import begin_to_live, reading, rolecall, running, said, states, until

pytestmark = [
    pytest.mark.enable_socket,
    # A child of a program with threads may deadlock in theory; these children run another program at once.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

HASTY = "from bot.cli import slack_serving; slack_serving.AGAIN = 0.2; from bot.__main__ import main; main()"


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack() as running:
        running.person("U0ANA", "Ana")
        yield running


@pytest.fixture
def keys(slack: LocalSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLECALL_SLACK_BOT_TOKEN", slack.token)
    monkeypatch.setenv("ROLECALL_SLACK_APP_TOKEN", slack.app_token)
    monkeypatch.setenv("ROLECALL_SLACK_BASE_URL", slack.api_url)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "live.db"


def served(db: Path, **env: str) -> AbstractContextManager[subprocess.Popen[str]]:
    return running("--db", db, main=HASTY, **env)


def told(slack: LocalSlack) -> str:
    """All that Ana has in her direct messages with the app."""
    return "\n".join(slack.text_of(message, "U0ANA") for message in slack.dm("U0ANA"))


@pytest.mark.usefixtures("keys")
def test_with_its_tokens_slack_is_served_and_asked_to_end_it_ends(slack: LocalSlack, db: Path) -> None:
    with served(db) as bot:
        assert said(bot) == "Running: Slack (Socket Mode) for Rolecall, ticker and sender. Ctrl-C stops.\n"
        assert said(bot) == "Slack is connected.\n"
        slack.command("U0ANA", "start")
        slack.wait(lambda: "Hello Ana" in told(slack))
        bot.terminate()
        assert bot.wait(timeout=12) == 0

    assert (slack.refusals, slack.late) == ([], [])


def test_by_signed_http_the_same_is_said(slack: LocalSlack, db: Path, free_port: int) -> None:
    http = {
        "ROLECALL_SLACK_BOT_TOKEN": slack.token,
        "ROLECALL_SLACK_SIGNING_SECRET": slack.signing_secret,
        "ROLECALL_SLACK_BASE_URL": slack.api_url,
        "ROLECALL_SLACK_PORT": str(free_port),
    }
    with served(db, **http) as bot:
        assert said(bot).startswith(f"Running: Slack (signed HTTP on 127.0.0.1:{free_port}) for Rolecall, ")
        assert said(bot) == "Slack is connected.\n"
        slack.deliver_to(f"http://127.0.0.1:{free_port}/slack/events")
        slack.command("U0ANA", "start")
        slack.wait(lambda: "Hello Ana" in told(slack))


@pytest.mark.usefixtures("keys")
def test_who_says_who_they_are_is_talked_to_at_the_terminal_too(slack: LocalSlack, db: Path) -> None:
    code, heard = rolecall("run", "--db", db, "--as", "Zoe", typed="start\n")

    assert code == 0
    assert "Hello Zoe" in heard
    assert "Slack" not in heard
    assert slack.calls_of("auth.test")


@pytest.mark.usefixtures("keys")
def test_a_token_that_slack_does_not_take_keeps_the_bot_from_starting(slack: LocalSlack, db: Path) -> None:
    slack.fail("auth.test", error="invalid_auth")

    code, heard = rolecall("run", "--db", db)

    assert code == 1
    assert heard.startswith("rolecall: Slack does not take ROLECALL_SLACK_BOT_TOKEN (invalid_auth). Copy it anew")


@pytest.mark.usefixtures("keys")
def test_a_slack_that_cannot_be_reached_is_waited_for_while_the_rest_works(slack: LocalSlack, db: Path) -> None:
    slack.fail("auth.test", cut=True, times=None)
    with served(db) as bot:
        assert said(bot) == "Running: Slack (Socket Mode), ticker and sender. Ctrl-C stops.\n"
        assert until(lambda: rolecall("health", "--db", db) == (0, ""))

        slack.recover("auth.test")
        assert said(bot) == "Slack is connected.\n"
        slack.command("U0ANA", "start")
        slack.wait(lambda: "Hello Ana" in told(slack))


@pytest.mark.usefixtures("keys")
def test_what_is_done_is_finished_before_it_ends(slack: LocalSlack, db: Path) -> None:
    """Slack is slow to take the reply; the program has been asked to end by then."""
    with served(db) as bot:
        assert said(bot) and said(bot)
        slack.fail("chat.postMessage", slow=1.5)
        slack.command("U0ANA", "start")
        slack.wait(lambda: slack.web.at_work)
        bot.terminate()
        assert bot.wait(timeout=12) == 0

    assert "Hello Ana" in told(slack)


def a_reminder_is_due(place: str | Path, folder: Path) -> None:
    """Ana, whom Slack knows as U0ANA, is to be reminded a few minutes ago."""
    now = datetime.now(UTC)
    with talk(folder, db=str(place), start=now - 10 * DAY) as chat:
        chat.settled("Ana")
        chat.say("Ana", i.SaveReminders(quiet="none"))  # whatever the time is when this runs
        chat.say("Ana", i.SaveSettings(time=f"{now - timedelta(minutes=5):%H:%M}"))
        chat.say("Ana", i.Skip())
    begin_to_live(place)
    ana = Account("slack", TEAM, "U0ANA")
    with reading(place) as tx:
        tx.exec_driver_sql(
            f"UPDATE account SET platform = '{ana.platform}', tenant = '{ana.tenant}', user_id = 'U0ANA'"
        )


@pytest.mark.usefixtures("keys")
def test_a_sender_of_its_own_writes_to_people_in_slack(
    slack: LocalSlack, postgres_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLECALL_DATABASE", postgres_store)
    monkeypatch.setenv("ROLECALL_MAILBOX", str(tmp_path / "mail"))
    a_reminder_is_due(postgres_store, tmp_path)

    with running("--only", "ticker") as ticker, running("--only", "sender") as sender:
        assert said(ticker) == "Running: ticker. Ctrl-C stops.\n"
        assert said(sender).startswith("Running: sender.")
        slack.wait(lambda: "Time to recall" in told(slack), 30)

        assert until(lambda: [state for state in states(postgres_store) if state != "skipped"] == ["sent"])
    assert slack.sockets.opened == 0


@pytest.mark.usefixtures("keys")
def test_it_is_remembered_that_the_workspace_is_there(db: Path) -> None:
    with served(db) as bot:
        assert said(bot)

        def known() -> bool:
            with reading(db) as tx:
                return workspaces.of(tx, "slack", TEAM) is not None

        assert until(known)
