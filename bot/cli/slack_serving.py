"""Slack beside the other parts of a running bot: in a thread with an event loop of its own, until the program ends.

Whether it is let in is found out before anything else starts; a Slack that cannot be reached is waited for, while the
rest works.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import structlog

from adapters.slack.app import SlackApp
from adapters.slack.gateway import SlackGateway
from adapters.slack.installation import Installation
from adapters.slack.serving import serve
from adapters.slack.teams import Workspaces
from bot.cli.slack import mode
from bot.delivery.ticker import Job
from bot.door.invocation import Gateway
from bot.errors import RolecallError, StoreError
from bot.rolecall import Rolecall

SLACK = "slack"
AGAIN = 30.0
"""Seconds until a Slack that could not be reached is tried once more."""

log = structlog.get_logger()


class Slack:
    """What a process does for Slack."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._teams = Workspaces()

    def __str__(self) -> str:
        """As it is told to whoever starts it."""
        names = [team.name for team in self._teams().values()]
        return f"Slack ({mode(self._installation)})" + (f" for {', '.join(names)}" if names else "")

    def begin(self) -> None:
        """Asks Slack which workspace this is. RolecallError where it does not let the app in."""
        try:
            asyncio.run(self._teams.learn(self._installation))
        except ConnectionError as error:
            log.warning("slack_unreachable", error=str(error), again_in=AGAIN)

    def gateways(self, rolecall: Rolecall) -> Mapping[str, Gateway]:
        return {SLACK: SlackGateway(self._installation, self._teams, partial(rolecall.user_ids, SLACK))}

    def jobs(self, rolecall: Rolecall) -> Mapping[str, tuple[Job, float]]:
        """Learning which workspace it is, where that is not known yet, and remembering once that it is there."""
        remembered = False

        async def learn() -> None:
            nonlocal remembered
            if remembered:
                return
            try:
                team = next(iter(self._teams().values()), None) or await self._teams.learn(self._installation)
                await asyncio.to_thread(rolecall.workspace_here, SLACK, team.id, team.name)
                remembered = True
            except StoreError as error:
                log.warning("slack_put_off", detail=error.detail)
            except RolecallError as error:
                log.error("slack_refused", detail=str(error), again_in=AGAIN)
            except ConnectionError as error:
                log.warning("slack_unreachable", error=str(error), again_in=AGAIN)

        return {SLACK: (learn, AGAIN)}

    @contextmanager
    def served(self, rolecall: Rolecall, connected: Callable[[], None]) -> Iterator[None]:
        """Serves what people do in Slack until the end of the block, which waits for what is being worked on.

        `connected` is called in another thread, as often as Slack can be heard anew.
        """
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="slack", daemon=True)
        thread.start()

        async def start() -> asyncio.Task[None]:
            return asyncio.create_task(self._serve(rolecall, connected))

        serving = asyncio.run_coroutine_threadsafe(start(), loop).result()
        try:
            yield
        finally:

            async def stop() -> None:
                serving.cancel()
                await asyncio.wait([serving])
                await loop.shutdown_default_executor()

            asyncio.run_coroutine_threadsafe(stop(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    async def _serve(self, rolecall: Rolecall, connected: Callable[[], None]) -> None:
        while True:
            try:
                while not self._teams():
                    await asyncio.sleep(1)
                await serve(SlackApp(rolecall, self._installation, self._teams), self._installation, ready=connected)
            except RolecallError as error:
                log.error("slack_refused", detail=str(error), again_in=AGAIN)
            except Exception:
                log.exception("slack_failed", again_in=AGAIN)
            await asyncio.sleep(AGAIN)
