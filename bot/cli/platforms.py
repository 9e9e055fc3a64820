"""The chat platforms beside the other parts of a running bot: each in a thread with an event loop, until it ends.

Whether a platform lets the bot in is found out before anything else starts; one that cannot be reached is waited for,
while the rest works.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Protocol

import structlog

from bot import loops
from bot.door.invocation import Gateway
from bot.errors import RolecallError, StoreError
from bot.rolecall import Rolecall

AGAIN = 30.0
"""Seconds until a platform that could not be reached is tried once more."""
REFUSED = 300.0
"""Seconds until one is that did not let the bot in. Somebody has to mend that; and Discord takes its token away from a
bot that begins more than a thousand sessions a day (discord.com/developers, "Gateway", 2026-11)."""
STEADY = 3600.0
"""Seconds after which a failure is not taken for one more of a row, for which longer and longer is waited."""

log = structlog.get_logger()


class Platform(Protocol):
    """What the program does on one chat platform, all of it in one event loop."""

    name: str

    def __str__(self) -> str:
        """As it is told to whoever starts the program."""

    async def enter(self) -> None:
        """Learns who the bot is there. RolecallError where it is not let in, ConnectionError where nobody answers."""

    def gateway(self, rolecall: Rolecall) -> Gateway: ...

    def remember(self, rolecall: Rolecall) -> None:
        """Tells what has been learned at the entry."""

    async def serve(self, rolecall: Rolecall, connected: Callable[[], None]) -> None:
        """Hears people until cancelled, then finishes what is being worked on. RolecallError where it is not let in."""

    async def close(self) -> None:
        """Lets go of what `enter` holds."""


class Platforms:
    """Those of a process."""

    def __init__(self, running: Sequence[tuple[Platform, loops.Loop]]) -> None:
        self._running = running
        self._entered: set[str] = set()

    def told(self) -> dict[str, str]:
        """What is said of each platform, by its name."""
        return {platform.name: str(platform) for platform, _ in self._running}

    def enter(self) -> None:
        """RolecallError where one does not let the bot in."""
        for platform, loop in self._running:
            try:
                loop.call(self._enter(platform))
            except ConnectionError as error:
                log.warning(f"{platform.name}_unreachable", error=str(error), again_in=AGAIN)

    def gateways(self, rolecall: Rolecall) -> dict[str, Gateway]:
        return {platform.name: platform.gateway(rolecall) for platform, _ in self._running}

    @contextmanager
    def served(self, rolecall: Rolecall, heard: Collection[str], connected: Callable[[str], None]) -> Iterator[None]:
        """Hears people on the platforms of these names until the end of the block, which waits for what is in hand.

        The others are entered for those who send to them. `connected` is called with a platform's name in another
        thread, as often as it can be heard anew.
        """
        works = [
            (loop, self._live(platform, rolecall, connected, is_heard=platform.name in heard))
            for platform, loop in self._running
        ]
        with loops.beside(*works):
            yield

    async def _enter(self, platform: Platform) -> None:
        await platform.enter()
        self._entered.add(platform.name)

    async def _live(
        self, platform: Platform, rolecall: Rolecall, connected: Callable[[str], None], *, is_heard: bool
    ) -> None:
        name, loop = platform.name, asyncio.get_running_loop()
        after_failure = AGAIN
        while True:
            wait, begun = AGAIN, loop.time()
            try:
                if name not in self._entered:
                    await self._enter(platform)
                await asyncio.to_thread(platform.remember, rolecall)
                if not is_heard:
                    return
                await platform.serve(rolecall, lambda: connected(name))
            except StoreError as error:
                log.warning(f"{name}_put_off", detail=error.detail, again_in=AGAIN)
            except RolecallError as error:
                wait = REFUSED
                log.error(f"{name}_refused", detail=str(error), again_in=wait)
                self._entered.discard(name)
            except ConnectionError as error:
                log.warning(f"{name}_unreachable", error=str(error), again_in=AGAIN)
                self._entered.discard(name)
            except Exception:
                wait = AGAIN if loop.time() - begun > STEADY else after_failure
                after_failure = min(2 * wait, REFUSED)
                log.exception(f"{name}_failed", again_in=wait)
                self._entered.discard(name)
            await asyncio.sleep(wait)


@contextmanager
def beside(platforms: Sequence[Platform]) -> Iterator[Platforms]:
    """Platforms that are entered, until the end of the block. RolecallError where one does not let the bot in."""
    with ExitStack() as threads:
        here = Platforms([(platform, threads.enter_context(_thread(platform))) for platform in platforms])
        here.enter()
        yield here


@contextmanager
def _thread(platform: Platform) -> Iterator[loops.Loop]:
    with loops.event_loop(platform.name) as loop:
        try:
            yield loop
        finally:
            loop.call(platform.close())
