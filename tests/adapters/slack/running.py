"""The Slack app as it is served, before a real Rolecall on a SQLite file, and opposite the local Slack."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from adapters.slack.app import SlackApp
from adapters.slack.gateway import SlackGateway
from adapters.slack.installation import Installation
from adapters.slack.serving import serve
from adapters.slack.teams import Workspaces
from bot.cli.compose import PlayWorld, open_play
from bot.grading.grader import Grader
from tests.slack.local import LocalSlack
from tests.talk import MONDAY

ADA, BEN, ROOM = "U0ADA", "U0BEN", "C0STUDY"


@dataclass
class Running:
    slack: LocalSlack
    world: PlayWorld
    app: SlackApp
    loop: asyncio.AbstractEventLoop

    def quiet(self) -> None:
        """Waits until everything that was asked for is done and shown."""
        self.slack.settle()
        asyncio.run_coroutine_threadsafe(self.app.quiet(), self.loop).result(30)
        self.slack.settle()

    def texts(self, user: str = ADA) -> list[str]:
        """What stands in somebody's direct messages from the app."""
        return [self.slack.text_of(message, user) for message in self.slack.dm(user)]

    def whispers(self, user: str = ADA) -> list[str]:
        """What only this person sees in channels."""
        return [self.slack.text_of(message, user) for message in self.slack.ephemerals(user)]

    def last(self, user: str = ADA) -> str:
        self.quiet()
        return self.texts(user)[-1]

    def strong(self) -> str:
        """A strong answer to the warm-up, the first problem of everybody."""
        problems = self.world.rolecall.bank.problems.values()
        problem = next(p for p in problems if p.tags.warm_up and p.status == "live")
        return next(e.text for e in problem.exemplars if e.band == "strong_hire")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(folder: Path, *, http: bool = False, grader: Grader | None = None, every: float = 0.0) -> Iterator[Running]:
    """`every`: seconds between two drawings of one Home tab."""
    with LocalSlack() as slack:
        slack.person(ADA, "Ada", tz="Europe/Madrid")
        slack.person(BEN, "Ben", tz="America/New_York", admin=True)
        slack.room(ROOM, "ml-study", [ADA, BEN])
        of, teams = installation(slack, http=http), Workspaces()
        asyncio.run(teams.learn(of))
        gateway = SlackGateway(of, teams, lambda team, members: world.rolecall.user_ids("slack", team, members))
        with (
            open_play(folder / "play.db", start=MONDAY, seed=7, zone="UTC", gateway=gateway, grader=grader) as world,
            served(slack, world, of, every) as found,
        ):
            yield found


def installation(slack: LocalSlack, *, http: bool = False) -> Installation:
    return Installation(
        bot_token=slack.token,
        app_token="" if http else slack.app_token,
        signing_secret=slack.signing_secret,
        base_url=slack.api_url,
        port=free_port(),
    )


@contextmanager
def served(slack: LocalSlack, world: PlayWorld, of: Installation, every: float = 0.0) -> Iterator[Running]:
    """The app in a thread and an event loop of its own."""
    loop, is_ready, teams = asyncio.new_event_loop(), Event(), Workspaces()
    loop.run_until_complete(teams.learn(of))
    app = SlackApp(world.rolecall, of, teams, home_every=every)
    serving = loop.create_task(serve(app, of, ready=is_ready.set))
    thread = Thread(target=lambda: _run(loop, serving), name="slack-app", daemon=True)
    thread.start()
    try:
        assert is_ready.wait(10), "the app does not start"
        if of.app_token:
            slack.wait_for_socket()
        else:
            slack.deliver_to(f"http://127.0.0.1:{of.port}/slack/events")
        yield Running(slack, world, app, loop)
    finally:
        loop.call_soon_threadsafe(serving.cancel)
        thread.join(20)
        assert not thread.is_alive(), "the app does not stop"


def _run(loop: asyncio.AbstractEventLoop, serving: asyncio.Task[None]) -> None:
    try:
        loop.run_until_complete(asyncio.wait([serving]))
    finally:
        loop.close()
