"""A chat platform that can be trusted to remember what it took, and with nothing else.

It answers on a socket in the file system, so that processes of their own can write to it, and each message that
it takes is in a file before anybody hears of it.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from bot.door.invocation import CannotAskError, Pace
from bot.door.messages import ChannelPost, Delivery, DirectMessage, Push, Sent, TryLater, Unreachable

NAME = "testchat"
Mood = Literal["take", "close", "stall", "break", "busy", "shut"]
"""What becomes of a message: taken and said so; taken, and then the connection closed, nothing said at all, or an
error 500; not taken because too many came; not taken because this person lets nobody write to them."""


@dataclass
class Platform:
    folder: Path
    moods: deque[Mood] = field(default_factory=deque)
    """Of the next messages; after them all are taken."""
    slow: float = 0.0
    """Seconds between taking a message and saying so."""

    @property
    def socket(self) -> str:
        return str(self.folder / "socket")

    @property
    def taken(self) -> list[dict[str, Any]]:
        """The messages that were taken, in order: key, to, text."""
        file = self.folder / "taken"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    @property
    def keys(self) -> Counter[str]:
        """How often each key was taken."""
        return Counter(m["key"] for m in self.taken)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            wish = json.loads(await reader.readline())
            answer = self._find(wish["find"]) if "find" in wish else await self._take(wish)
            if answer is not None:
                writer.write(json.dumps(answer).encode() + b"\n")
        finally:
            await _hang_up(writer)

    def _find(self, key: str) -> dict[str, Any]:
        refs = [str(n) for n, m in enumerate(self.taken, 1) if m["key"] == key]
        return {"status": 200, "ref": refs[0]} if refs else {"status": 404}

    async def _take(self, message: dict[str, Any]) -> dict[str, Any] | None:
        mood = self.moods.popleft() if self.moods else "take"
        if mood == "busy":
            return {"status": 429, "after": 30}
        if mood == "shut":
            return {"status": 403}
        with (self.folder / "taken").open("a") as file:
            file.write(json.dumps(message) + "\n")
            file.flush()
            os.fsync(file.fileno())
            ref = str(file.tell())
        await asyncio.sleep(self.slow)
        if mood == "stall":
            await asyncio.sleep(3600)
        if mood == "close":
            return None
        return {"status": 500} if mood == "break" else {"status": 200, "ref": ref}


@contextmanager
def serving(folder: Path) -> Iterator[Platform]:
    """A platform that answers until the end of the block."""
    folder.mkdir(exist_ok=True)
    platform, loop = Platform(folder), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="platform", daemon=True)
    thread.start()

    async def stop() -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(
        asyncio.start_unix_server(platform._serve, platform.socket), loop
    ).result()
    try:
        yield platform
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@dataclass
class Line:
    """The way to a platform, as delivery sees it."""

    socket: str
    looks: bool = True
    """Whether the platform can be asked what it took."""
    passing: Callable[[str], None] = lambda step: None
    """Told "send" before each call, and "sent" when the platform has answered."""
    platform: str = NAME
    pace: Pace = field(default_factory=Pace)

    async def deliver(self, push: Push) -> Delivery:
        assert isinstance(push.to, DirectMessage)
        self.passing("send")
        answer = await self._ask(key=push.key, to=push.to.account.user_id, text=push.message.summary)
        self.passing("sent")
        match answer["status"]:
            case 200:
                return Sent(answer["ref"])
            case 429:
                return TryLater(answer["after"])
            case 403:
                return Unreachable("cannot send messages to this user")
        raise RuntimeError(f"the platform says {answer['status']}")

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        if not self.looks:
            raise CannotAskError
        answer = await self._ask(find=key)
        return Sent(answer["ref"]) if answer["status"] == 200 else None

    async def _ask(self, **wish: str) -> dict[str, Any]:
        reader, writer = await asyncio.open_unix_connection(self.socket)
        try:
            writer.write(json.dumps(wish).encode() + b"\n")
            await writer.drain()
            answer: dict[str, Any] = json.loads(await reader.readline() or "{}")
        finally:
            await _hang_up(writer)
        if not answer:
            raise ConnectionResetError("the platform hung up")
        return answer


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
