"""What goes wrong between the outbox and Slack: nothing is lost, and nothing comes twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.slack import web
from bot.cli.compose import open_play
from bot.cohort_model import Preset
from bot.delivery.sending import CLOSED
from bot.door import cohort_intents as c
from bot.door.intents import Intent
from bot.door.invocation import Actor, Invocation, Place
from bot.store import cohorts
from tests.adapters.slack.sending import NOON, PEOPLE, Outbox, Workspace, account, opened, workspace
from tests.slack.local import SCOPES, TEAM

pytestmark = pytest.mark.enable_socket

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
POST = "chat.postMessage"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Outbox]:
    with workspace() as to, opened(to, tmp_path) as found:
        yield found
        assert to.slack.refusals == []


def came(to: Workspace, user: str) -> list[str]:
    """What a person can read in their conversation with the app."""
    return [to.slack.text_of(message) for message in to.slack.dm(user)]


def all_that_came(to: Workspace) -> Counter[str]:
    return Counter(text for user in PEOPLE for text in came(to, user))


@pytest.mark.parametrize("lost", [{"status": 500}, {"cut": True}, {"slow": 2.0, "cut": True}], ids=str)
def test_a_message_that_slack_took_without_saying_so_comes_once(
    box: Outbox, monkeypatch: pytest.MonkeyPatch, lost: dict[str, Any]
) -> None:
    monkeypatch.setattr(web, "SECONDS", 1)
    box.put("verdict:1", "U1")
    box.to.slack.fail(POST, after_effect=True, **lost)

    box.tick()
    assert box.states()["verdict:1"][0] == "unknown"
    box.wait(5 * MINUTE)

    assert came(box.to, "U1") == ["verdict:1"]
    assert box.states()["verdict:1"][0] == "sent"


@pytest.mark.parametrize("lost", [{"status": 500}, {"cut": True}], ids=str)
def test_a_message_that_slack_did_not_take_comes_with_the_next_try(box: Outbox, lost: dict[str, Any]) -> None:
    box.put("verdict:1", "U1")
    box.to.slack.fail(POST, **lost)

    box.wait(5 * MINUTE)

    assert came(box.to, "U1") == ["verdict:1"]


def test_what_was_perhaps_sent_is_asked_after_until_slack_answers(box: Outbox) -> None:
    box.put("verdict:1", "U1")
    box.to.slack.fail(POST, after_effect=True, status=500)
    box.to.slack.fail("conversations.history", status=400, times=3)

    box.wait(15 * MINUTE)

    assert came(box.to, "U1") == ["verdict:1"]
    assert box.states()["verdict:1"][0] == "sent"


@pytest.mark.parametrize("restarts", [False, True])
def test_a_long_message_that_breaks_off_goes_on_where_it_was(box: Outbox, restarts: bool) -> None:
    long = "verdict:" + "x" * 200
    box.put(long, "U1")

    def second(arguments: Any) -> bool:
        return "(2 of" in str(arguments["text"])

    box.to.slack.fail(POST, status=500, where=second)
    box.words = lambda key: [f"{n}. {'word ' * 500}" for n in range(12)]

    box.tick()
    if restarts:
        box.to.restart()
    box.wait(10 * MINUTE)

    texts = [message.text for message in box.to.slack.dm("U1")]
    assert len(texts) > 2
    assert texts == sorted(set(texts))
    assert box.states()[long][0] == "sent"


def test_a_storm_of_refusals_is_waited_out_without_a_call_and_nothing_is_lost(box: Outbox) -> None:
    for n in range(30):
        box.put(f"verdict:{n}", list(PEOPLE)[n % 3])
    box.to.slack.fail(POST, retry_after=300, times=None)

    box.tick()
    refused = len(box.to.slack.calls_of(POST))
    box.wait(4 * MINUTE)
    assert len(box.to.slack.calls_of(POST)) == refused
    box.to.slack.recover(POST)
    box.wait(10 * MINUTE, timedelta(seconds=2))

    assert all_that_came(box.to) == Counter({f"verdict:{n}": 1 for n in range(30)})
    assert refused <= 10


def test_a_token_that_is_taken_away_and_given_back_loses_nothing_and_closes_nobodys_door(box: Outbox) -> None:
    box.put("verdict:1", "U1")
    box.put("verdict:2", "U2")
    box.to.slack.revoke(tell=False)

    box.wait(6 * HOUR, 5 * MINUTE)
    assert {state for state, _ in box.states().values()} == {"ready"}
    assert len(box.to.slack.calls_of(POST)) <= 2 * 6 * 6, "two messages, at most every ten minutes"
    box.to.slack.reinstall()
    box.wait(20 * MINUTE)

    assert all_that_came(box.to) == Counter(["verdict:1", "verdict:2"])


def test_a_workspace_that_has_left_and_comes_back_gets_what_is_still_of_use(box: Outbox) -> None:
    team = box.to.teams.pop(TEAM)
    box.put("verdict:1", "U1", days=1)
    box.put("verdict:2", "U1", days=7)

    box.wait(3 * 24 * HOUR, 15 * MINUTE)
    assert box.to.slack.calls_of(POST) == []
    box.to.teams[TEAM] = team
    box.wait(20 * MINUTE)

    assert came(box.to, "U1") == ["verdict:2"]


def test_a_platform_that_cannot_be_reached_at_all_is_tried_again_and_no_attempt_is_used_up(tmp_path: Path) -> None:
    with workspace() as to:
        pass  # its address is known, and nobody answers there
    with opened(to, tmp_path) as box:
        box.put("verdict:1", "U1")
        box.wait(24 * HOUR, 10 * MINUTE)

        assert box.states()["verdict:1"] == ("ready", None)


def test_a_closed_account_is_settled_and_stands_in_nobody_elses_way(box: Outbox) -> None:
    box.to.slack.world.people["U1"].deleted = True
    box.put("verdict:1", "U1")
    box.put("verdict:2", "U2")

    box.wait(5 * MINUTE)

    assert box.states()["verdict:1"] == ("dead", CLOSED)
    assert came(box.to, "U2") == ["verdict:2"]


def test_organisers_hear_once_that_their_channel_is_archived(tmp_path: Path) -> None:
    with (
        workspace() as to,
        open_play(tmp_path / "play.db", start=NOON, seed=7, zone="UTC", gateway=to.gateway) as world,
    ):
        to.slack.world.clock = world.now

        def wishes(wish: Intent, channel: str = "") -> None:
            place = Place(TEAM, channel or "D1", is_private=not channel)
            actor = Actor(account("U1"), "Ana", "UTC", manages=True)
            world.rolecall.reply_to(Invocation(world.new_key(), actor, place, wish))
            world.settle()

        wishes(c.CreateCohort("Spring", Preset.STUDY_GROUP, "UTC"))
        with world.rolecall.store.begin() as tx:
            [spring] = cohorts.living(tx)
        wishes(c.BindChannel(spring.id), "C1")
        wishes(c.Announce("Welcome to the first week.", spring.id))
        assert len(to.slack.messages("C1")) == 1
        to.slack.world.rooms["C1"].archived = True

        wishes(c.Announce("Welcome to the second week.", spring.id))
        world.wait(timedelta(days=14))

        told = [text for text in came(to, "U1") if "the channel is archived" in text]
        assert len(told) == 1
        assert "/rolecall cohort bind" in told[0]


def test_a_refusal_that_nobody_here_knows_is_given_up_in_the_end_and_closes_no_door(box: Outbox) -> None:
    box.put("verdict:1", "U1")
    box.to.slack.fail(POST, error="new_word", where=lambda arguments: "1" in str(arguments["blocks"]), times=None)

    box.wait(24 * HOUR, 5 * MINUTE)
    assert box.states()["verdict:1"][0] == "dead"
    assert len(box.to.slack.calls_of(POST)) == 10
    box.to.slack.recover(POST)
    box.put("verdict:2", "U1")
    box.wait(MINUTE)

    assert came(box.to, "U1") == ["verdict:2"]


def test_without_the_right_to_look_one_late_duplicate_is_preferred_to_a_loss(tmp_path: Path) -> None:
    scopes = [scope for scope in SCOPES if scope != "im:history"]
    with workspace(scopes=scopes) as to, opened(to, tmp_path) as box:
        box.put("verdict:1", "U1")
        to.slack.fail(POST, after_effect=True, status=500)

        box.wait(10 * MINUTE)

        assert came(to, "U1") == ["verdict:1", "verdict:1"]
        assert box.states()["verdict:1"][0] == "sent"
