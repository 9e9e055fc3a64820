"""`rolecall run` with Slack's tokens, in real processes and against a Slack of our own."""

from __future__ import annotations

import queue
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.cli import platforms
from bot.cli.live import open_live
from bot.cli.platforms import Platform, Platforms
from bot.cli.slack import installation_of
from bot.cli.slack_serving import Slack
from bot.errors import RolecallError
from bot.settings import Settings
from bot.store import workspaces
from tests.slack.local import TEAM, LocalSlack
from tests.test_run_command import reading, rolecall, running, said

pytestmark = [
    pytest.mark.enable_socket,
    # A child of a program with threads may deadlock in theory; these children run another program at once.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


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
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms, "AGAIN", 0.2)
    monkeypatch.setattr(platforms, "REFUSED", 0.2)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "live.db"


def slack_of_settings() -> Slack:
    installation = installation_of(Settings())
    assert installation
    return Slack(installation)


class Heard:
    """What is said of platforms that can be heard, in turn."""

    def __init__(self, chats: Platforms) -> None:
        self.told = chats.told()
        self.connected = queue.SimpleQueue[str]()

    def next(self) -> str:
        return self.connected.get(timeout=20)


@contextmanager
def serving(db: Path, *found: Platform) -> Iterator[Heard]:
    """The platforms as `rolecall run` serves them, in this process, without its other parts."""
    with (
        platforms.beside(found) as chats,
        open_live(
            str(db), (), chats.gateways, settings=Settings(), stopping=lambda: False, arrived=lambda: None
        ) as world,
    ):
        heard = Heard(chats)
        with chats.served(world.rolecall, {platform.name for platform in found}, heard.connected.put):
            yield heard


def told(slack: LocalSlack) -> str:
    """All that Ana has in her direct messages with the app."""
    return "\n".join(slack.text_of(message, "U0ANA") for message in slack.dm("U0ANA"))


@pytest.mark.usefixtures("keys")
def test_with_its_tokens_slack_is_served_and_asked_to_end_it_finishes_what_is_done(slack: LocalSlack, db: Path) -> None:
    """Slack is slow to take the reply; the program has been asked to end by then."""
    with running("--db", db) as bot:
        assert said(bot) == "Running: Slack (Socket Mode) for Rolecall, ticker and sender. Ctrl-C stops.\n"
        assert said(bot) == "Slack is connected.\n"
        slack.fail("chat.postMessage", slow=1.0)
        slack.command("U0ANA", "start")
        slack.wait(lambda: slack.web.at_work)
        bot.terminate()
        assert bot.wait(timeout=12) == 0

    assert "Hello Ana" in told(slack)
    assert (slack.refusals, slack.late) == ([], [])
    with reading(db) as tx:
        assert workspaces.of(tx, "slack", TEAM)


def test_by_signed_http_the_same_is_said(
    slack: LocalSlack, db: Path, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLECALL_SLACK_BOT_TOKEN", slack.token)
    monkeypatch.setenv("ROLECALL_SLACK_SIGNING_SECRET", slack.signing_secret)
    monkeypatch.setenv("ROLECALL_SLACK_BASE_URL", slack.api_url)
    monkeypatch.setenv("ROLECALL_SLACK_PORT", str(free_port))

    with serving(db, slack_of_settings()) as heard:
        assert heard.told == {"slack": f"Slack (signed HTTP on 127.0.0.1:{free_port}) for Rolecall"}
        assert heard.next() == "slack"
        slack.deliver_to(f"http://127.0.0.1:{free_port}/slack/events")
        slack.command("U0ANA", "start")
        slack.wait(lambda: "Hello Ana" in told(slack))


@pytest.mark.usefixtures("keys")
def test_a_token_that_slack_does_not_take_keeps_the_bot_from_starting(slack: LocalSlack, db: Path) -> None:
    slack.fail("auth.test", error="invalid_auth")

    refused = r"Slack does not take ROLECALL_SLACK_BOT_TOKEN \(invalid_auth\). Copy it anew"
    with pytest.raises(RolecallError, match=refused), serving(db, slack_of_settings()):
        pass

    assert not db.exists()


@pytest.mark.usefixtures("keys", "hasty")
def test_a_slack_that_cannot_be_reached_is_waited_for(slack: LocalSlack, db: Path) -> None:
    slack.fail("auth.test", cut=True, times=None)
    with serving(db, slack_of_settings()) as heard:
        assert heard.told == {"slack": "Slack (Socket Mode)"}

        slack.recover("auth.test")
        assert heard.next() == "slack"
        slack.command("U0ANA", "start")
        slack.wait(lambda: "Hello Ana" in told(slack))


@pytest.mark.usefixtures("keys", "hasty")
def test_an_app_token_that_slack_no_longer_takes_is_logged_and_tried_again(slack: LocalSlack, db: Path) -> None:
    slack.fail("apps.connections.open", error="invalid_auth")

    with capture_logs() as logged, serving(db, slack_of_settings()) as heard:
        assert heard.next() == "slack"

    [refused] = [line for line in logged if line["event"] == "slack_refused"]
    assert "Slack does not take ROLECALL_SLACK_APP_TOKEN" in refused["detail"]


@pytest.mark.usefixtures("keys")
def test_who_says_who_they_are_is_talked_to_at_the_terminal_too(slack: LocalSlack, db: Path) -> None:
    code, heard = rolecall("run", "--db", db, "--as", "Zoe", typed="start\n")

    assert code == 0
    assert "Hello Zoe" in heard
    assert "Slack" not in heard
    assert slack.calls_of("auth.test")
