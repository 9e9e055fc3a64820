"""What goes wrong between the outbox and Discord: nothing is lost, and nothing comes twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.discord import gateway as gateway_module
from adapters.discord.budget import MOST
from bot.cli.compose import open_play
from bot.cohort_model import Preset
from bot.delivery.sending import CLOSED
from bot.door import cohort_intents as c
from bot.door.intents import Intent
from bot.door.invocation import Actor, Invocation, Place
from bot.store import cohorts
from tests.adapters.discord.sending import PEOPLE, POST, Outbox, Server, account, opened, server
from tests.adapters.outbox import NOON

pytestmark = pytest.mark.enable_socket

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_module, "OVERLOADED", 0.0)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Outbox]:
    with server() as to, opened(to, tmp_path) as found:
        yield found
        assert to.discord.refusals == []


def all_that_came(to: Server) -> Counter[str]:
    return Counter(text for user in PEOPLE for text in to.came(user))


@pytest.mark.parametrize("lost", [{"cut": True}, {"status": 503, "times": 2}], ids=str)
def test_a_message_that_discord_took_without_saying_so_comes_once(box: Outbox, lost: dict[str, Any]) -> None:
    box.put("verdict 1", "101")
    box.to.discord.fail(POST, after_effect=True, **lost)

    box.tick()
    assert box.states()["verdict 1"][0] == "unknown"
    box.to.discord.recover()
    box.wait(5 * MINUTE)

    assert box.to.came("101") == ["verdict 1"]
    assert box.states()["verdict 1"][0] == "sent"


def test_what_discord_py_repeats_by_itself_comes_once(box: Outbox) -> None:
    box.put("verdict 1", "101")
    box.to.discord.fail(POST, after_effect=True, status=502)

    box.tick()

    assert box.to.came("101") == ["verdict 1"]
    assert box.states()["verdict 1"][0] == "sent"


@pytest.mark.parametrize("lost", [{"cut": True}, {"status": 503, "times": 2}], ids=str)
def test_a_message_that_discord_did_not_take_comes_with_the_next_try(box: Outbox, lost: dict[str, Any]) -> None:
    box.put("verdict 1", "101")
    box.to.discord.fail(POST, **lost)

    box.wait(5 * MINUTE)

    assert box.to.came("101") == ["verdict 1"]


def test_what_was_perhaps_sent_is_asked_after_until_discord_answers(box: Outbox) -> None:
    box.put("verdict 1", "101")
    box.to.discord.fail(POST, after_effect=True, cut=True)
    box.to.discord.fail("GET /channels/*/messages", status=400, times=3)

    box.wait(15 * MINUTE)

    assert box.to.came("101") == ["verdict 1"]
    assert box.states()["verdict 1"][0] == "sent"


@pytest.mark.parametrize("restarts", [False, True])
def test_a_long_message_that_breaks_off_goes_on_where_it_was(box: Outbox, restarts: bool) -> None:
    box.put("verdict 1", "101")
    box.words = lambda key: [f"Part {n} {'word ' * 330}" for n in range(4)]

    def third(body: Mapping[str, Any]) -> bool:
        return "Part 2" in str(body)

    box.to.discord.fail(POST, cut=True, where=third)

    box.tick()
    if restarts:
        box.to.restart()
    box.wait(20 * MINUTE)

    assert [text[:6] for text in box.to.came("101")] == ["Part 0", "Part 1", "Part 2", "Part 3"]
    assert box.states()["verdict 1"][0] == "sent"


def test_a_storm_of_refusals_is_waited_out_and_nothing_is_lost(box: Outbox) -> None:
    for n in range(30):
        box.put(f"verdict {n}", list(PEOPLE)[n % 3])
    box.to.discord.fail(POST, status=429, retry_after=300, times=None)

    box.wait(4 * MINUTE)
    assert box.to.posts() == 3, "one for each conversation"
    box.to.discord.recover()
    box.wait(10 * MINUTE, timedelta(seconds=2))

    assert all_that_came(box.to) == Counter({f"verdict {n}": 1 for n in range(30)})


def test_a_client_that_was_refused_a_thousand_times_sends_nothing_more_for_now(box: Outbox) -> None:
    box.put("verdict 1", "101")
    now = box.to.client.loop.time()
    for _ in range(MOST):
        box.to.client.budget.answered(403, {"Via": "1.1 google"}, now)

    box.wait(5 * MINUTE)

    assert box.to.posts() == 0
    assert box.states()["verdict 1"] == ("ready", None)


def test_a_token_that_is_taken_away_and_given_back_loses_nothing_and_closes_nobodys_door(box: Outbox) -> None:
    box.put("verdict 1", "101")
    box.put("verdict 2", "102")
    token, box.to.discord.rest.token = box.to.discord.rest.token, "another.token.now"

    box.wait(6 * HOUR, 5 * MINUTE)
    assert {state for state, _ in box.states().values()} == {"ready"}
    assert len(box.to.discord.calls) <= 2 * 6 * 6 + 5, "two messages, at most every ten minutes"
    box.to.discord.rest.token = token
    box.wait(20 * MINUTE)

    assert all_that_came(box.to) == Counter(["verdict 1", "verdict 2"])


def test_closed_direct_messages_are_settled_and_stand_in_nobody_elses_way(box: Outbox) -> None:
    box.to.discord.shut_dms(101)
    box.put("verdict 1", "101")
    box.put("verdict 2", "102")

    box.wait(5 * MINUTE)

    assert box.states()["verdict 1"] == ("dead", CLOSED)
    assert box.to.came("102") == ["verdict 2"]


def test_organisers_hear_once_that_their_channel_is_shut(tmp_path: Path) -> None:
    with (
        server() as to,
        open_play(tmp_path / "play.db", start=NOON, seed=7, zone="UTC", gateway=to.gateway) as world,
    ):
        to.discord.world.clock = world.now

        def wishes(wish: Intent, channel: str = "") -> None:
            place = Place(str(to.guild) if channel else "", channel or "1", is_private=not channel)
            actor = Actor(account("101"), "Ana", "UTC", manages=True)
            world.rolecall.reply_to(Invocation(world.new_key(), actor, place, wish))
            world.settle()

        wishes(c.CreateCohort("Spring", Preset.STUDY_GROUP, "UTC"))
        with world.rolecall.store.begin() as tx:
            [spring] = cohorts.living(tx)
        wishes(c.BindChannel(spring.id), str(to.room))
        wishes(c.Announce("Welcome to the first week.", spring.id))
        assert len(to.discord.messages(to.room)) == 1
        to.discord.deny(to.room, "send_messages")

        wishes(c.Announce("Welcome to the second week.", spring.id))
        world.wait(timedelta(days=14))

        told = [text for text in to.came("101") if "I may not write there" in text]
        assert len(told) == 1
        assert "/rolecall cohort bind" in told[0]


def test_a_refusal_that_nobody_here_knows_is_given_up_in_the_end_and_closes_no_door(box: Outbox) -> None:
    box.put("verdict 1", "101")
    box.to.discord.fail(POST, status=400, code=123456, times=None)

    box.wait(24 * HOUR, 5 * MINUTE)
    assert box.states()["verdict 1"][0] == "dead"
    assert box.to.posts() == 10
    box.to.discord.recover()
    box.put("verdict 2", "101")
    box.wait(MINUTE)

    assert box.to.came("101") == ["verdict 2"]


def test_a_message_that_cannot_be_asked_after_comes_once_while_discord_knows_its_nonce(box: Outbox) -> None:
    box.put("verdict 1", "101")
    box.to.discord.fail(POST, after_effect=True, cut=True)
    box.to.discord.fail("GET /channels/*/messages", status=403, code=50001, times=None)

    box.wait(10 * MINUTE)

    assert box.to.came("101") == ["verdict 1"]
    assert box.states()["verdict 1"][0] == "sent"


def test_after_that_one_late_duplicate_is_preferred_to_a_loss(box: Outbox) -> None:
    box.put("verdict 1", "101")
    box.to.discord.fail(POST, after_effect=True, cut=True)
    box.to.discord.fail("GET /channels/*/messages", status=403, code=50001, times=None)

    box.tick()
    box.to.clock.at += HOUR
    box.wait(10 * MINUTE)

    assert box.to.came("101") == ["verdict 1", "verdict 1"]
    assert box.states()["verdict 1"][0] == "sent"
