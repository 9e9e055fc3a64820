"""What should not come, comes: forged and repeated requests, strangers, old buttons, closed doors, a locked store."""

from __future__ import annotations

import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Timer
from urllib.error import HTTPError

import pytest

from adapters import reaching
from adapters.slack import app as app_module
from adapters.slack import people, render
from bot.cli import logs
from bot.door import cohort_intents as c
from bot.door.messages import Button, Message, paragraph
from bot.store import session
from tests.adapters.slack.running import ADA, BEN, ROOM, Running, running
from tests.slack import outgoing
from tests.slack import world as shown
from tests.slack.local import TEAM
from tests.slack.world import Json

pytestmark = pytest.mark.enable_socket

GUEST = "U0GUEST"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as found:
        yield found
        assert found.slack.late == []


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Running]:
    """Served by signed HTTP."""
    with running(tmp_path, http=True) as found:
        yield found


def command(app: Running, text: str) -> Json:
    """What Slack sends for a command of Ada's."""
    world = app.slack.world
    person, team, room = world.people[ADA], world.teams[TEAM], world.dm(TEAM, ADA)
    return outgoing.command(world, person, team, room, "/rolecall", text, "")


def posted(app: Running) -> shown.Message:
    """A prompt of the app's in the channel."""
    said = Message(
        "A problem", (paragraph("What is recall?"),), (Button("Answer", c.AnswerPrompt("p1"), primary=True),)
    )
    part = render.parts(said)[0]
    world = app.slack.world
    bot = world.teams[TEAM].bot_user
    return world.post(world.rooms[ROOM], bot, part.text, part.blocks, is_ours=True, team=TEAM)


def open_answer(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    app.slack.press(ADA, app.slack.dm(ADA)[-1], "Answer")
    app.slack.wait(lambda: app.slack.modal(ADA))


@contextmanager
def locked(folder: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else holds the database."""
    with closing(sqlite3.connect(folder / "play.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


# Requests


def test_a_request_with_a_wrong_signature_is_turned_away(signed: Running) -> None:
    assert signed.slack.post("slash_commands", command(signed, "start"), secret="somebody-elses").status == 401
    signed.quiet()
    assert signed.texts() == []


def test_an_old_request_is_turned_away(signed: Running) -> None:
    ack = signed.slack.post("slash_commands", command(signed, "start"), at=time.time() - 301)
    assert ack.status == 401
    signed.quiet()
    assert signed.texts() == []


def test_a_request_that_is_not_even_text_is_turned_away(signed: Running) -> None:
    asked = urllib.request.Request(signed.slack.deliveries.url, data=b"\xff\xfe\x00", method="POST")
    with pytest.raises(HTTPError) as refused:
        urllib.request.urlopen(asked)
    assert refused.value.code == 401
    refused.value.close()


def test_a_request_that_is_no_form_and_no_json_does_no_harm(signed: Running) -> None:
    assert signed.slack.post("slash_commands", {"text": "\x00"}).status in (200, 404)
    assert signed.slack.post("events_api", {"type": "event_callback", "event": {}}).status in (200, 404)
    assert signed.slack.command(ADA, "start").ok
    assert "Hello Ada" in signed.last()


def test_a_replayed_event_has_one_effect(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.slack.say(ADA, app.strong())
    app.quiet()
    before = app.texts()
    world = app.slack.world
    answer = next(m for m in world.dm(TEAM, ADA).messages if not m.is_ours)
    payload = outgoing.message_event(world, answer) | {"event_id": "Ev_again"}
    app.slack.deliver("events_api", payload)
    app.quiet()
    after_one = app.texts()
    for _ in range(3):
        app.slack.deliver("events_api", payload)
    app.quiet()
    assert app.texts() == after_one
    assert len(after_one) == len(before) + 1


def test_an_event_that_is_redelivered_after_a_restart_has_one_effect(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        payload = command(app, "start")
        app.slack.deliver("slash_commands", payload)
        assert "Hello Ada" in app.last()
    with running(tmp_path) as app:
        app.slack.deliver("slash_commands", payload)
        app.quiet()
        assert app.texts() == []


def test_an_event_of_an_unknown_kind_is_passed_over(app: Running) -> None:
    assert app.slack.event({"type": "emoji_changed", "subtype": "add"}).ok
    app.slack.command(ADA, "help")
    assert "What I can do" in app.last()


# Buttons and forms


@pytest.mark.parametrize(
    ("action", "value"),
    [("b0", "levitate|now"), ("b0", "hint|1|2|3|4"), ("spin", "hint"), ("b0", ""), ("b1", "🦆|" * 9)],
)
def test_a_button_that_is_not_known_is_answered_with_one_sentence(app: Running, action: str, value: str) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    world, message = app.slack.world, app.slack.dm(ADA)[-1]
    button: Json = {"type": "button", "action_id": action, "value": value, "text": {"type": "plain_text", "text": "?"}}
    payload = outgoing.action(world, world.people[ADA], world.teams[TEAM], button, "b", message, "")
    app.slack.deliver("interactive", payload)
    assert app.last().startswith("That belongs to another version of me")
    assert len(app.texts()) == 2


def test_a_button_of_what_was_deleted_says_so(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    problem = app.slack.dm(ADA)[-1]
    app.slack.command(ADA, "me delete")
    app.quiet()
    app.slack.press(ADA, app.slack.dm(ADA)[-1], "Yes, delete")
    app.quiet()
    app.slack.press(ADA, problem, "Hint")
    said = app.last()
    assert "Hint 1" not in said and "wrong on my side" not in said


def test_a_form_sent_twice_is_taken_once(app: Running) -> None:
    open_answer(app)
    modal = app.slack.wait(lambda: app.slack.modal(ADA))
    app.slack.fill(ADA, answer=app.strong())
    world = app.slack.world
    again = outgoing.submission(world, world.people[ADA], world.teams[TEAM], modal)
    app.slack.submit(ADA)
    app.quiet()
    assert "Strong Hire" in app.texts()[-1]
    ack = app.slack.deliver("interactive", again)
    app.quiet()
    assert ack.ok
    assert sum("Strong Hire" in text.splitlines()[0] for text in app.texts()) <= 2
    assert "wrong on my side" not in app.texts()[-1]


def test_a_form_sent_an_hour_later_is_answered_by_a_direct_message(app: Running) -> None:
    app.slack.command(ADA, "settings", ROOM)
    app.slack.wait(lambda: app.slack.modal(ADA))
    app.slack.rules.response_url_seconds = 0.0
    assert app.slack.submit(ADA, zone="Europe/Lisbon").ok
    assert "Europe/Lisbon" in app.last()
    assert app.whispers() == []


def test_a_form_of_another_version_keeps_what_was_written(app: Running) -> None:
    open_answer(app)
    modal = app.slack.wait(lambda: app.slack.modal(ADA))
    modal.body["private_metadata"] = '{"wish": "levitate", "team": "T"}'
    ack = app.slack.submit(ADA, answer="Recall is what counts here.")
    assert "another version" in ack.payload["errors"]["answer"]


# Long and hostile texts


@pytest.mark.parametrize("way", ["typed", "form"])
def test_three_thousand_characters_of_backticks_are_an_answer(app: Running, way: str) -> None:
    text = ("```<!channel> & <@U0BEN> *x* ```\n" * 100)[:3_000].strip()
    open_answer(app)
    if way == "typed":
        app.slack.say(ADA, text)
    else:
        app.slack.submit(ADA, answer=text)
    app.quiet()
    assert len(app.texts()) > 1
    assert app.slack.refusals == []
    assert app.slack.messages(ROOM) == []


def test_an_answer_that_is_too_long_is_refused_with_the_limit(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.slack.say(ADA, "recall " * 500)
    assert "3,000" in app.last()


# Doors


def test_in_a_channel_without_the_app_a_command_is_answered_all_the_same(app: Running) -> None:
    app.slack.room("C0OTHER", "elsewhere", [ADA], bot=False)
    app.slack.command(ADA, "help", "C0OTHER")
    app.quiet()
    assert "What I can do" in app.whispers()[0]


def test_a_command_between_two_people_is_answered_there_where_the_app_cannot_post(app: Running) -> None:
    app.slack.fail("chat.postMessage", error="channel_not_found")
    app.slack.command(ADA, "help")
    app.quiet()
    assert "What I can do" in app.whispers()[0]


def test_a_token_revoked_in_mid_conversation_leaves_the_app_standing(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    app.slack.revoke(tell=False)
    app.slack.say(ADA, app.strong())
    app.slack.command(ADA, "help", ROOM)
    app.quiet()
    assert "What I can do" in app.whispers()[-1]  # needs no token
    app.slack.reinstall()
    app.slack.command(ADA, "progress")
    assert "Strong Hire" in app.last()  # the answer was judged


@pytest.mark.parametrize("order", [("uninstall", "revoke"), ("revoke", "uninstall", "revoke")])
def test_a_workspace_leaves_once_however_often_it_is_said(app: Running, order: tuple[str, ...]) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    for act in order:
        getattr(app.slack, act)()
    app.quiet()
    assert workspaces_left(app) == 1


def test_a_workspace_has_left_as_soon_as_its_token_is_gone(app: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack may tell of the removal first, and take the token back then."""
    monkeypatch.setattr(app_module, "LEAVING", (0.0, 0.2, 0.2, 0.2))
    asked = len(app.slack.calls_of("auth.test"))
    app.slack.event({"type": "app_uninstalled"})
    app.slack.wait(lambda: len(app.slack.calls_of("auth.test")) > asked)
    app.slack.revoke(tell=False)
    app.quiet()
    assert workspaces_left(app) == 1


def test_late_news_of_a_removal_is_not_believed_after_the_app_has_come_back(
    app: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else all that is kept of the workspace would be deleted 14 days later, in the middle of its work."""
    monkeypatch.setattr(app_module, "LEAVING", (0.0, 0.1))
    app.slack.event({"type": "app_uninstalled"})
    app.slack.event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0ROLECALL"]}})
    app.quiet()
    assert workspaces_left(app) == 0


def workspaces_left(app: Running) -> int:
    with closing(sqlite3.connect(app.world.rolecall.store.place)) as db:
        return int(db.execute("SELECT count(*) FROM workspace WHERE left_at IS NOT NULL").fetchone()[0])


def test_where_slack_does_not_say_who_somebody_is_they_are_answered_all_the_same(app: Running) -> None:
    app.slack.fail("users.info", status=500, times=None)
    app.slack.command(ADA, "start")
    assert "Hello" in app.last()


def test_a_slack_that_is_slow_to_say_who_somebody_is_keeps_no_form_from_opening(app: Running) -> None:
    app.slack.fail("users.info", slow=5.0)
    app.slack.command(ADA, "settings")
    assert app.slack.wait(lambda: app.slack.modal(ADA), 3.0)


def test_who_no_longer_runs_the_workspace_is_soon_refused_what_only_they_may(
    app: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "ADMIN_SECONDS", 0.0)
    app.slack.command(BEN, "cohort create")
    app.slack.wait(lambda: app.slack.modal(BEN))
    app.slack.close(BEN)
    app.slack.person(BEN, "Ben", admin=False)
    app.slack.command(BEN, "cohort create")
    app.quiet()
    assert app.slack.modal(BEN) is None
    assert app.texts(BEN)


def test_a_reply_waits_where_slack_asks_for_patience(app: Running) -> None:
    app.slack.fail("chat.postMessage", retry_after=1.0)
    app.slack.command(ADA, "start")
    assert "Hello Ada" in app.last()
    assert len(app.texts()) == 1


class Waits:
    """Short ones, which are counted."""

    begun = 0

    def __iter__(self) -> Iterator[float]:
        for _ in range(100):
            self.begun += 1
            yield 0.05


def test_a_reply_waits_for_a_network_that_is_away(signed: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = Waits()
    monkeypatch.setattr(reaching, "OFFLINE", waits)
    signed.slack.command(ADA, "start")
    signed.quiet()
    with signed.slack.away():
        assert signed.slack.command(ADA, "help").ok
        signed.slack.wait(lambda: waits.begun > 5)
    assert "What I can do" in signed.last()
    assert len(signed.texts()) == 2


# Slack Connect


@pytest.fixture
def guest(app: Running) -> Running:
    app.slack.person(GUEST, "Gus", team="T0OTHER")
    app.slack.room(ROOM, "ml-study", [ADA, BEN, GUEST], shared=True)
    return app


def members(app: Running) -> int:
    with closing(sqlite3.connect(app.world.rolecall.store.place)) as db:
        return int(db.execute("SELECT count(*) FROM member").fetchone()[0])


def test_somebody_of_another_workspace_who_presses_a_button_is_told_why_nothing_happens(guest: Running) -> None:
    guest.slack.press(GUEST, posted(guest), "Answer")
    guest.quiet()
    assert "only members of the workspace" in guest.whispers(GUEST)[0]
    assert guest.slack.modal(GUEST) is None
    assert members(guest) == 0


def test_somebody_of_another_workspace_who_mentions_the_app_is_told_so(guest: Running) -> None:
    guest.slack.mention(GUEST, "help", ROOM)
    guest.quiet()
    assert "only members of the workspace" in guest.whispers(GUEST)[0]
    assert members(guest) == 0


def test_somebody_of_another_workspace_who_talks_in_a_thread_is_left_alone(guest: Running) -> None:
    guest.slack.say(GUEST, "I think it is the share of positives that are found.", ROOM, thread=posted(guest))
    guest.quiet()
    assert guest.whispers(GUEST) == []
    assert members(guest) == 0


def test_a_team_without_the_app_is_told_so_without_any_token(app: Running) -> None:
    payload = command(app, "start") | {"team_id": "T0OTHER"}
    world = app.slack.world
    url = f"{app.slack.url}/respond/1x"
    world.response_urls["1x"] = shown.ResponseUrl(TEAM, ROOM, ADA, world.clock(), None)
    before = len(app.slack.calls_of("chat.postMessage"))
    app.slack.deliver("slash_commands", payload | {"response_url": url})
    app.quiet()
    assert "only members of the workspace" in app.whispers()[0]
    assert len(app.slack.calls_of("chat.postMessage")) == before


# The database


def test_a_command_while_the_database_is_locked_for_five_seconds_is_acknowledged_and_answered(
    app: Running, tmp_path: Path
) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    with locked(tmp_path) as other:
        Timer(5.0, lambda: other.execute("ROLLBACK")).start()
        ack = app.slack.command(ADA, "hint")
        assert ack.ok and ack.seconds < 1.0
        app.slack.wait(lambda: "Hint 1" in app.texts()[-1])


def test_an_answer_that_the_database_does_not_take_is_said_to_stand_in_the_chat(
    app: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.05)
    app.slack.command(ADA, "start")
    app.quiet()
    with locked(tmp_path):
        app.slack.say(ADA, app.strong())
        said = app.last()
    assert "cannot get at my memory" in said and "still stands above" in said


def test_a_form_that_the_database_does_not_take_stays_open_with_its_text(
    app: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_answer(app)
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.05)
    with locked(tmp_path):
        ack = app.slack.submit(ADA, answer=app.strong())
        assert "cannot get at my memory" in ack.payload["errors"]["answer"]
    app.slack.submit(ADA)
    assert "Strong Hire" in app.last()


@pytest.mark.parametrize("is_open", [True, False])
def test_a_form_that_fails_late_is_opened_again_with_its_text_or_comes_as_a_message(
    app: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_open: bool
) -> None:
    open_answer(app)
    monkeypatch.setattr(session, "BUSY_SECONDS", 3.0)
    with locked(tmp_path):
        ack = app.slack.submit(ADA, answer=app.strong())
        assert ack.payload["response_action"] == "update"
        if not is_open:
            app.slack.close(ADA)
        app.quiet()
    if is_open:
        modal = app.slack.wait(lambda: app.slack.modal(ADA))
        assert "cannot get at my memory" in app.slack.text_of(modal, ADA)
        app.slack.submit(ADA)
        assert "Strong Hire" in app.last()
    else:
        assert app.strong()[:60] in app.last()


def test_a_failure_that_nobody_foresaw_is_told_with_a_reference_only(
    app: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("a secret answer")

    logs.configure()
    monkeypatch.setattr(app.world.rolecall, "reply_to", fail)
    app.slack.command(ADA, "start")
    said = app.last()
    assert "reference" in said and "secret" not in said
    logged = capsys.readouterr().err
    assert said.split("reference ")[1].split(")")[0] in logged and "secret" not in logged
