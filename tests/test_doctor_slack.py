"""An operator who has just put Slack's tokens into .env asks the doctor whether Slack agrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.slack import checks
from bot.cli import compose
from bot.cli.app import app
from bot.cohort_model import Channel, Cohort, Preset
from bot.model import CohortId
from bot.store import cohorts
from bot.store.session import open_store
from tests.slack.local import SCOPES, TEAM, LocalSlack

pytestmark = pytest.mark.enable_socket

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalSlack]:
    with LocalSlack() as running:
        set_up(running, monkeypatch)
        yield running


def set_up(slack: LocalSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLECALL_SLACK_BOT_TOKEN", slack.token)
    monkeypatch.setenv("ROLECALL_SLACK_APP_TOKEN", slack.app_token)
    monkeypatch.setenv("ROLECALL_SLACK_BASE_URL", slack.api_url)


@pytest.fixture
def db(tmp_path: Path) -> str:
    place = str(tmp_path / "rolecall.db")
    open_store(place).close()
    return place


def doctor(db: str, slack: LocalSlack) -> tuple[int, list[str]]:
    """The exit code, and the lines about Slack."""
    result = CliRunner().invoke(app, ["doctor", "--db", db])
    for secret in (slack.token, slack.app_token, slack.signing_secret):
        assert secret not in result.output
    return result.exit_code, [line for line in result.output.splitlines() if line[6:].startswith("slack")]


def cohort_in(db: str, channel: str, team: str = TEAM, *, closed: str = "") -> None:
    """A cohort whose prompts are posted in a channel."""
    store = open_store(db)
    with store.begin() as tx:
        cohorts.create(tx, Cohort(CohortId("spring"), "Spring", Preset.STUDY_GROUP, "UTC", NOW, self_service=False))
        room = Channel(CohortId("spring"), "slack", team, channel, NOW)
        cohorts.bind(tx, room)
        if closed:
            cohorts.close_channel(tx, room, NOW, closed)
    store.close()


def test_an_installation_that_fits_is_well_and_nobody_is_written_to(db: str, slack: LocalSlack) -> None:
    slack.room("C0SPRING", "spring")
    cohort_in(db, "C0SPRING")

    code, said = doctor(db, slack)

    assert code == 0
    assert said == [
        f"warn  slack: calls go to {slack.api_url} instead of Slack, as ROLECALL_SLACK_BASE_URL says.",
        "ok    slack: the token is that of @rolecall in Rolecall.",
        "ok    slack scopes: all 9 that are needed, and no other.",
        "ok    slack clock: this machine's and Slack's agree.",
        "ok    slack socket: Slack would open one (Socket Mode).",
        "ok    slack home tab: Slack does not say that it is turned off.",
        "ok    slack channel: the app is in C0SPRING of Spring.",
    ]
    assert slack.messages("C0SPRING") == []
    assert slack.refusals == []


def test_with_a_signing_secret_signed_requests_are_awaited(
    db: str, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLECALL_SLACK_APP_TOKEN", "")
    monkeypatch.setenv("ROLECALL_SLACK_SIGNING_SECRET", slack.signing_secret)
    monkeypatch.setenv("ROLECALL_SLACK_PORT", "3131")

    code, said = doctor(db, slack)

    assert code == 0
    [line] = [line for line in said if "slack http" in line]
    assert line.startswith("ok    slack http: signed requests are awaited on 127.0.0.1:3131.")
    assert [line for line in said if "socket" in line] == []


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (
            "invalid_auth",
            'does not accept the bot\'s token (invalid_auth). Copy it once more from "OAuth & Permissions"',
        ),
        ("token_revoked", "the bot's token was taken back. Install the app once more"),
    ],
)
def test_a_token_that_slack_does_not_take_is_a_fault_with_what_to_do(
    db: str, slack: LocalSlack, error: str, advice: str
) -> None:
    slack.fail("auth.test", error=error)

    code, said = doctor(db, slack)

    assert code == 1
    assert said[-1].startswith("fail  slack: ")
    assert advice in said[-1]


def test_a_slack_that_asks_for_patience_is_no_fault(db: str, slack: LocalSlack) -> None:
    slack.fail("apps.connections.open", error="ratelimited")

    code, said = doctor(db, slack)

    assert code == 0
    assert "warn  slack socket: Slack asks for patience. Try again in a minute." in said


def test_a_slack_that_cannot_be_reached_is_a_fault(db: str, slack: LocalSlack) -> None:
    slack.fail("auth.test", cut=True, times=None)

    code, said = doctor(db, slack)

    assert (code, said[-1]) == (
        1,
        "fail  slack: Slack cannot be reached. Check the network, and a proxy if there is one (docs/slack.md).",
    )


def test_tokens_in_each_others_place_are_named_before_anything_is_asked(
    db: str, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLECALL_SLACK_BOT_TOKEN", slack.app_token)
    monkeypatch.setenv("ROLECALL_SLACK_APP_TOKEN", slack.token)

    code, said = doctor(db, slack)

    assert code == 1
    assert "They are the wrong way round" in said[0]
    assert slack.calls == []


@pytest.mark.parametrize(
    ("scopes", "line"),
    [
        ({*SCOPES} - {"im:history", "files:write"}, "fail  slack scopes: files:write, im:history missing. Paste what"),
        ({*SCOPES, "channels:read"}, "warn  slack scopes: channels:read not needed. Paste what"),
    ],
)
def test_scopes_that_are_missing_or_too_many_are_named(
    db: str, monkeypatch: pytest.MonkeyPatch, scopes: set[str], line: str
) -> None:
    with LocalSlack(scopes=scopes) as slack:
        set_up(slack, monkeypatch)

        code, said = doctor(db, slack)

    [found] = [one for one in said if "slack scopes" in one]
    assert found.startswith(line)
    assert '"Reinstall to Workspace"' in found
    assert code == int(line.startswith("fail"))


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (
            "invalid_auth",
            "does not accept the app-level token (invalid_auth). Make one with the scope connections:write",
        ),
        ("missing_scope", "the app-level token may not do this. Make one with the scope connections:write"),
    ],
)
def test_a_socket_that_slack_would_not_open_is_a_fault(db: str, slack: LocalSlack, error: str, advice: str) -> None:
    slack.fail("apps.connections.open", error=error)

    code, said = doctor(db, slack)

    [found] = [one for one in said if one.startswith("fail  slack socket")]
    assert (code, advice in found) == (1, True)


def test_a_home_tab_that_is_turned_off_is_a_fault(db: str, slack: LocalSlack) -> None:
    slack.rules.home_tab = False

    code, said = doctor(db, slack)

    [found] = [one for one in said if one.startswith("fail  slack home tab: it is turned off.")]
    assert (code, "App Manifest" in found) == (1, True)


def test_a_clock_that_slack_would_not_believe_is_a_fault(
    db: str, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose, "wall_clock", lambda: datetime.now(UTC) + timedelta(minutes=7))

    code, said = doctor(db, slack)

    [found] = [one for one in said if "slack clock" in one]
    assert code == 1
    assert found.startswith("fail  slack clock: this machine's and Slack's differ by 4")
    assert found.endswith("seconds. Let a time service set it.")


def test_a_channel_that_the_app_is_not_in_is_a_fault_with_the_way_in(db: str, slack: LocalSlack) -> None:
    slack.room("C0SPRING", "spring", bot=False)
    cohort_in(db, "C0SPRING")

    code, said = doctor(db, slack)

    assert code == 1
    assert said[-1] == (
        "fail  slack channel: the app is not in C0SPRING of Spring, or it is gone. Type /invite @Rolecall there, "
        "or bind another channel."
    )


def test_a_channel_where_nothing_could_be_posted_is_named_with_the_reason(db: str, slack: LocalSlack) -> None:
    slack.room("C0SPRING", "spring", archived=True)
    cohort_in(db, "C0SPRING", closed="the channel is archived")

    code, said = doctor(db, slack)

    assert code == 0
    assert said[-1].startswith(
        "warn  slack channel: nothing could be posted in C0SPRING of Spring: the channel is archived."
    )


def test_channels_that_were_not_looked_at_are_counted(
    db: str, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "MOST_CHANNELS", 0)
    cohort_in(db, "C0SPRING")

    assert doctor(db, slack)[1][-1] == "ok    slack channel: 1 more not looked at: Slack limits such questions."


def test_a_channel_of_another_workspace_is_named(db: str, slack: LocalSlack) -> None:
    cohort_in(db, "C0OTHER", team="T0OTHER")

    assert "C0OTHER of Spring is in another workspace, T0OTHER" in doctor(db, slack)[1][-1]
