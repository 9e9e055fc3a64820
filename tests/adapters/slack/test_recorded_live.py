"""Every recorded payload, sent to the running app: acknowledged in time, and answered where somebody waits for it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.adapters.slack.recorded import FOLDER, recorded
from tests.adapters.slack.running import Running, running
from tests.slack.local import LocalSlack
from tests.slack.world import Json

pytestmark = pytest.mark.enable_socket

ANA, GUEST, CHANNEL, DM = "U0ANA00001", "U0GUEST001", "C0COHORT01", "D0ANA00001"
SENT = sorted(f.stem for f in FOLDER.glob("*.json") if not f.stem.startswith(("api_", "socket_", "url_")))
LEAVING = ["uninstalled", "tokens_revoked"]
SILENT = [
    "bot_message",
    "channel_join",
    "message_changed",
    "message_channel",
    "message_deleted",
    "message_other_bot",
    "message_own",
    "message_thread",  # below no prompt: people chat there
    "message_thread_broadcast",
    "message_thread_private",
    "messages_opened",
    "tokens_revoked_of_a_person",
    "view_closed",
]
ANSWERED = [
    "action_ephemeral",
    "action_in_channel",
    "action_in_dm",
    "action_in_thread",
    "command_in_channel",
    "command_in_dm",
    "command_in_private_channel",
    "file_share",
    "file_share_without_text",
    "mention",
    "mention_in_thread",
    "message_im",
    "message_im_escaped",
    "message_im_thread",
    "submission",
]
_serial = itertools.count(1)


@pytest.fixture(scope="module", params=[False, True], ids=["socket", "http"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("recorded"), http=request.param) as found:
        slack = found.slack
        slack.person(ANA, "Ana")
        slack.person(GUEST, "Guest", team="T0OTHER001")
        slack.room(CHANNEL, "ml-study", [ANA, GUEST], shared=True)
        slack.room("C0PRIV0001", "quiet", [ANA], private=True)
        yield found


def sent(slack: LocalSlack, name: str) -> Json:
    """What the app acknowledges a payload with, which it never saw before. The address for replies has expired."""
    body = recorded(name)
    for key in ("event_id", "trigger_id"):
        if key in body:
            body[key] += f".{next(_serial)}"
    if body.get("response_url"):
        body["response_url"] = f"{slack.url}/expired"
    kind = "slash_commands" if "command" in body else "events_api" if "event" in body else "interactive"
    ack = slack.deliver(kind, body)
    assert ack.ok
    return ack.payload


def heard(app: Running, user: str) -> int:
    """How many messages somebody has from the app, wherever they stand."""
    app.quiet()
    return len(app.slack.dm(user)) + len(app.slack.ephemerals(user))


@pytest.mark.parametrize("name", [n for n in SENT if n not in LEAVING])
def test_nothing_fails(app: Running, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    sent(app.slack, name)
    app.quiet()
    said = capsys.readouterr().err
    assert "level='error'" not in said and "unhandled" not in said
    assert not app.slack.refusals


@pytest.mark.parametrize("name", ANSWERED)
def test_whoever_speaks_to_the_app_is_answered(app: Running, name: str) -> None:
    before = heard(app, ANA)
    sent(app.slack, name)
    assert heard(app, ANA) > before


@pytest.mark.parametrize("name", SILENT)
def test_what_is_not_said_to_the_app_has_no_answer(app: Running, name: str) -> None:
    before = heard(app, ANA)
    sent(app.slack, name)
    assert heard(app, ANA) == before


def test_the_home_tab_is_drawn(app: Running) -> None:
    sent(app.slack, "home_opened")
    app.quiet()
    assert app.slack.home(ANA) is not None


def test_the_address_of_the_app_is_shown_to_be_its_own(app: Running) -> None:
    if not app.slack.deliveries.url:
        pytest.skip("by Socket Mode the app has no address")
    body = recorded("url_verification")
    assert app.slack.post("events_api", body).payload["challenge"] == body["challenge"]


def test_the_zones_that_fit_are_offered(app: Running) -> None:
    options = sent(app.slack, "suggestion")["options"]
    assert "Europe/Madrid" in [option["value"] for option in options]


@pytest.mark.parametrize(
    "name", ["action_connect", "message_connect", "message_connect_sent_for_them", "submission_connect"]
)
def test_nothing_is_kept_of_somebody_from_another_workspace(app: Running, name: str) -> None:
    sent(app.slack, name)
    app.quiet()
    with app.world.rolecall.store.read() as tx:
        found = tx.exec_driver_sql("SELECT count(*) FROM account WHERE user_id = ?", (GUEST,)).scalar_one()
    assert found == 0


def test_what_arrives_again_is_not_done_again(app: Running) -> None:
    body = recorded("message_im") | {"event_id": f"Ev0AGAIN{next(_serial)}"}
    app.slack.deliver("events_api", body)
    before = heard(app, ANA)
    app.slack.deliver("events_api", body)
    assert heard(app, ANA) == before


@pytest.mark.parametrize("names", [LEAVING, LEAVING[::-1], LEAVING * 2])
def test_a_workspace_may_leave_in_any_order_and_again(
    app: Running, names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    app.slack.revoke(tell=False)
    for name in names:
        sent(app.slack, name)
    app.quiet()
    app.slack.reinstall()
    assert "level='error'" not in capsys.readouterr().err
    with app.world.rolecall.store.read() as tx:
        left = tx.exec_driver_sql("SELECT tenant FROM workspace WHERE left_at IS NOT NULL").scalars().all()
    assert left == [recorded("uninstalled")["team_id"]]
