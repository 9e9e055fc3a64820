"""The gateway comes and goes on the wire: what people did meanwhile is heard afterwards, and nothing is done twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.app import DiscordApp
from adapters.discord.client import Client
from adapters.discord.installation import Installation
from adapters.discord.serving import login, serve
from bot.cli.compose import PlayWorld
from bot.errors import RolecallError
from tests.adapters.discord.wire import Wired, hasty, wired
from tests.discord.acts import Act
from tests.discord.clients import quick
from tests.discord.local import LocalDiscord
from tests.talk import Talk

pytestmark = pytest.mark.enable_socket
names = count(1)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """One for all: each story has a person of its own."""
    with hasty(), wired(tmp_path_factory.mktemp("wire")) as found:
        yield found
        assert found.discord.refusals == []


@pytest.fixture
def ada(app: Wired) -> int:
    return app.person(f"Ada{next(names)}")


def greetings(app: Wired, user: int) -> int:
    return sum("Hello Ada" in text for text in app.heard(user))


def test_what_somebody_does_while_the_connection_is_cut_is_heard_when_it_is_back(app: Wired, ada: int) -> None:
    async def cut_in_the_middle() -> Act:
        await app.discord.sockets.cut()
        return await app.discord.acts.command(ada, "start", app.room)

    before = app.discord.sockets.resumed
    act = app.discord.run(cut_in_the_middle())
    assert act.kind == "deferred" and app.discord.sockets.resumed > before
    assert greetings(app, ada) == 1


def test_what_was_heard_before_the_cut_is_not_done_again_after_it(app: Wired, ada: int) -> None:
    app.discord.command(ada, "start", app.room)
    app.discord.cut()
    app.discord.wait_for_shards()
    app.discord.command(ada, "hint", app.room)
    assert greetings(app, ada) == 1
    assert sum("Hint 1" in text for text in app.heard(ada)) == 1


def test_what_discord_tells_twice_is_done_once(app: Wired, ada: int) -> None:
    app.discord.command(ada, "start", app.room)
    app.discord.sockets.duplicates = True
    app.discord.command(ada, "hint", app.room)
    app.discord.say(ada, "hint")
    app.discord.sockets.duplicates = False
    app.discord.wait(lambda: len(app.heard(ada)) > 2)
    heard = "\n".join(app.heard(ada))
    assert [heard.count(f"Hint {n}") for n in (1, 2, 3)] == [1, 1, 0]


@pytest.mark.parametrize("resumable", [True, False])
def test_a_session_that_discord_calls_invalid_is_taken_up_or_begun_anew(app: Wired, ada: int, resumable: bool) -> None:
    sockets = app.discord.sockets
    before = sockets.identified, sockets.resumed
    app.discord.invalidate(resumable=resumable)
    app.discord.wait(lambda: (sockets.identified, sockets.resumed) > before)
    app.discord.wait_for_shards()
    app.discord.command(ada, "start", app.room)
    assert greetings(app, ada) == 1
    assert sockets.identified - before[0] == (not resumable)


def test_a_connection_through_which_nothing_comes_any_more_is_given_up(app: Wired, ada: int) -> None:
    resumed = app.discord.sockets.resumed
    app.client._connection.heartbeat_timeout = 0.3  # of the next connection, instead of a minute
    app.discord.reconnect()
    app.discord.wait(lambda: app.discord.sockets.resumed > resumed)
    app.discord.die()
    app.discord.command(ada, "start", app.room)
    assert greetings(app, ada) == 1
    app.client._connection.heartbeat_timeout = 60.0
    app.discord.reconnect()


def test_each_shard_brings_what_happens_on_its_servers(tmp_path: Path) -> None:
    with wired(tmp_path, shards=2) as app:
        app.discord.wait_for_shards(2)
        ada = app.person("Ada")
        app.discord.command(ada, "start", app.room)
        app.discord.say(ada, "hint")
        app.discord.wait(lambda: app.discord.dm(ada))
        assert greetings(app, ada) == 1
        assert len({session.shard for session in app.discord.sockets.sessions.values()}) == 2


async def start(world: PlayWorld, of: Installation) -> None:
    """Serves until it is ready, or says why not."""
    client, is_ready = Client(of), asyncio.Event()
    quick(client)
    app = DiscordApp(world.rolecall, of, client)
    await login(client, of)
    served = asyncio.create_task(serve(app, client, ready=is_ready.set))
    ready = asyncio.create_task(is_ready.wait())
    await asyncio.wait([served, ready], return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    served.cancel()
    await asyncio.wait([served])
    if not served.cancelled():
        served.result()


@pytest.fixture
def local() -> Iterator[LocalDiscord]:
    with LocalDiscord() as found:
        yield found


def test_a_token_that_discord_does_not_take_is_named_with_the_remedy(chat: Talk, local: LocalDiscord) -> None:
    with pytest.raises(RolecallError, match=r"Copy it anew.*ROLECALL_DISCORD_TOKEN"):
        asyncio.run(start(chat.world, Installation("another.token", base_url=local.api_url)))


def test_a_token_that_the_gateway_does_not_take_is_named_with_the_remedy(chat: Talk, local: LocalDiscord) -> None:
    local.sockets.token = "a.newer.one"
    with pytest.raises(RolecallError, match=r"Copy it anew.*ROLECALL_DISCORD_TOKEN"):
        asyncio.run(start(chat.world, Installation(local.token, base_url=local.api_url)))


def test_what_the_operator_has_not_allowed_at_discord_is_named_with_the_remedy(chat: Talk, local: LocalDiscord) -> None:
    of = Installation(local.token, base_url=local.api_url, reads_threads=True)
    with pytest.raises(RolecallError, match="Message Content Intent"):
        asyncio.run(start(chat.world, of))


@pytest.mark.parametrize("trouble", [{"status": 503}, {"cut": True, "times": 2}, {"status": 429}], ids=str)
@pytest.mark.parametrize("route", ["GET /users/@me", "GET /gateway/bot"])
def test_a_discord_that_cannot_be_reached_just_now_is_told_from_one_that_refuses(
    chat: Talk, local: LocalDiscord, route: str, trouble: dict[str, Any]
) -> None:
    local.fail(route, **trouble)
    with pytest.raises(ConnectionError):
        asyncio.run(start(chat.world, Installation(local.token, base_url=local.api_url)))


def test_a_command_list_that_cannot_be_brought_up_to_date_keeps_nobody_from_talking(
    chat: Talk, local: LocalDiscord
) -> None:
    local.fail("* /applications/*/commands", status=503, times=None)
    asyncio.run(start(chat.world, Installation(local.token, base_url=local.api_url)))
    assert local.commands() == []


def test_the_commands_are_listed_as_discord_takes_them_and_only_once(chat: Talk, local: LocalDiscord) -> None:
    of = Installation(local.token, base_url=local.api_url)
    for _ in range(2):
        asyncio.run(start(chat.world, of))
    assert [command["name"] for command in local.commands()] == ["rolecall", "Answer this prompt"]
    assert len(local.calls_of("PUT", "/commands")) == 1
    assert not local.refusals
