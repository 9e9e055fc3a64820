"""Discord refuses, stumbles and falls silent on the wire: people get their replies all the same, and once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from adapters.discord import replying
from tests.adapters.discord.sending import POST, opened, server
from tests.adapters.discord.wire import Wired, hasty, wired

pytestmark = pytest.mark.enable_socket

MINUTE = timedelta(minutes=1)
CALLBACK = "POST /interactions/*/callback"
EDIT = "PATCH /webhooks/*/messages/@original"

TROUBLE = [
    {"status": 429, "retry_after": 0.01},
    {"status": 429, "retry_after": 0.01, "for_all": True},
    {"status": 502},
    {"status": 502, "after_effect": True},
    {"status": 503},
    {"status": 503, "after_effect": True},
    {"cut": True},
    {"cut": True, "after_effect": True},
]
PATIENCE, NONE = 10.0, 0.2
"""Seconds for which an act waits for its first response; where none comes, there is no use in waiting."""
names = count(1)


def is_hopeless(trouble: dict[str, Any]) -> bool:
    """Whether a first response that goes wrong like this is not sent again."""
    return bool(trouble.get("cut")) or trouble.get("times", 1) is None


def told(trouble: dict[str, Any]) -> str:
    return " ".join(f"{key}={value}" for key, value in trouble.items())


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """One for all: each story has a person of its own."""
    with hasty(), wired(tmp_path_factory.mktemp("wire")) as found:
        yield found
        assert found.discord.refusals == []


@pytest.fixture
def name(app: Wired) -> Iterator[str]:
    yield f"Ada{next(names)}"
    app.discord.recover()
    app.discord.acts.patience = PATIENCE
    app.client.budget._held_until = 0.0


@pytest.mark.parametrize("trouble", TROUBLE, ids=told)
def test_a_first_response_that_goes_wrong_costs_nobody_their_reply(
    app: Wired, name: str, trouble: dict[str, Any]
) -> None:
    ada = app.person(name)
    app.discord.fail(CALLBACK, **trouble)
    app.discord.acts.patience = NONE if is_hopeless(trouble) else PATIENCE
    app.discord.command(ada, "start", app.room)
    (greeting,) = app.heard(ada)
    assert f"Hello {name}" in greeting


@pytest.mark.parametrize("trouble", TROUBLE, ids=told)
def test_an_edit_that_goes_wrong_is_made_again_and_nothing_stands_there_twice(
    app: Wired, name: str, trouble: dict[str, Any]
) -> None:
    ada = app.person(name)
    app.discord.fail(EDIT, **trouble)
    act = app.discord.command(ada, "start", app.room)
    (greeting,) = app.heard(ada)
    assert f"Hello {name}" in greeting
    assert len(app.discord.replies(act)) == 1


@pytest.mark.parametrize("route", [CALLBACK, EDIT])
def test_where_the_guard_before_discord_refuses_without_a_word_the_reply_finds_a_way(
    app: Wired, name: str, route: str
) -> None:
    ada = app.person(name)
    app.discord.fail(route, status=429)
    app.discord.acts.patience = NONE if route == CALLBACK else PATIENCE
    app.discord.command(ada, "start", app.room)
    (greeting,) = app.heard(ada)
    assert f"Hello {name}" in greeting


def test_who_would_be_kept_waiting_for_a_first_response_that_comes_too_late_is_written_to(
    app: Wired, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replying, "FIRST_SECONDS", 0.1)
    ada = app.person(name)
    app.discord.fail(CALLBACK, slow=1.0)
    app.discord.acts.patience = NONE
    app.discord.command(ada, "start", app.room)
    app.loop.call(app.app.quiet())
    (greeting,) = app.discord.dm(ada)
    assert f"Hello {name}" in app.discord.text_of(greeting, ada)


def test_where_discord_no_longer_knows_the_interaction_the_reply_comes_as_a_direct_message(
    app: Wired, name: str
) -> None:
    ada = app.person(name)
    app.discord.fail(CALLBACK, status=404, code=10062)
    app.discord.acts.patience = NONE
    app.discord.command(ada, "start", app.room)
    app.quiet()
    (greeting,) = app.discord.dm(ada)
    assert f"Hello {name}" in app.discord.text_of(greeting, ada)


@pytest.mark.parametrize("code", [(404, 10015), (401, 50027)], ids=str)
def test_where_a_response_can_no_longer_be_filled_the_reply_comes_as_a_direct_message(
    app: Wired, name: str, code: tuple[int, int]
) -> None:
    ada = app.person(name)
    app.discord.fail(EDIT, status=code[0], code=code[1], times=None)
    app.discord.command(ada, "start", app.room)
    app.quiet()
    (greeting,) = app.discord.dm(ada)
    assert f"Hello {name}" in app.discord.text_of(greeting, ada)


def test_whose_interaction_is_lost_and_whose_direct_messages_are_closed_finds_all_of_it_with_the_next_command(
    app: Wired, name: str
) -> None:
    ada = app.person(name)
    app.discord.shut_dms(ada)
    app.discord.fail(CALLBACK, status=404, code=10062)
    app.discord.acts.patience = NONE
    app.discord.command(ada, "start", app.room)
    assert app.heard(ada) == []
    app.discord.command(ada, "today", app.room)
    (shown,) = app.heard(ada)
    assert "[Answer]" in shown


@pytest.mark.parametrize(
    "trouble", [{"status": 503}, {"status": 503, "times": None}, {"cut": True, "after_effect": True}], ids=told
)
def test_a_form_whose_opening_goes_wrong_can_be_opened_by_a_button(
    app: Wired, name: str, trouble: dict[str, Any]
) -> None:
    ada = app.person(name)
    act = app.discord.command(ada, "start", app.room)
    app.quiet()
    app.discord.fail(CALLBACK, **trouble)
    app.discord.acts.patience = NONE if is_hopeless(trouble) else PATIENCE
    (problem,) = app.discord.replies(act)
    app.discord.press(ada, problem, "Answer")
    app.quiet()
    app.discord.recover()
    app.discord.acts.patience = PATIENCE
    if not app.discord.modal(ada):
        offered = [*app.discord.ephemerals(ada), *app.discord.dm(ada)][-1]
        assert app.discord.press(ada, offered, "").kind == "modal"
    app.discord.submit(ada, answer=app.strong())
    assert sum("Strong Hire" in text for text in app.heard(ada)) == 1


@pytest.mark.parametrize("trouble", [*TROUBLE, {"status": 429}], ids=told)
def test_a_push_that_goes_wrong_comes_once(tmp_path: Path, trouble: dict[str, Any]) -> None:
    with hasty(), server() as to, opened(to, tmp_path) as box:
        box.put("verdict", "101")
        to.discord.fail(POST, **trouble)
        end = to.clock.at + 20 * MINUTE
        while box.states()["verdict"][0] != "sent" and to.clock.at < end:
            box.wait(MINUTE)
            to.client.budget._held_until = 0.0  # the machine's own time stands still, and waits for nobody
        assert to.came("101") == ["verdict"]
