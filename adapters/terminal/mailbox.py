"""Messages for people at terminals elsewhere: one file per person, one JSON line per message, until it is read.

`Mailbox` puts them in, `Reading` takes them out and shows them; any number of processes
may do either. What has been shown is kept by its key alone, and the words are gone.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import IO, Any

import structlog

from adapters.terminal.gateway import WORKSPACE, TerminalGateway
from adapters.terminal.people import account_of
from adapters.terminal.screen import Screen
from bot.door import frozen
from bot.door.invocation import Pace
from bot.door.messages import Delivery, DirectMessage, Message, Push, Sent, TryLater, Unreachable, paragraph
from bot.errors import RolecallError
from bot.locks import lock
from bot.model import MemberId

WIDTH = 80
"""Cells of a line in a letter's text."""
PATIENCE = 60.0
"""Seconds until a folder that could not be written is tried again."""
KEYS_KEPT = timedelta(days=30)
"""How long a message that was read is still known; delivery asks after one for some minutes."""

Letter = dict[str, Any]
"""key, at and, until it is read: member, text (for people) and message (`door.frozen`)."""

log = structlog.get_logger()


class Mailbox:
    """Implements `bot.door.invocation.Gateway` on a folder. `clock` says when a message came."""

    platform = WORKSPACE
    pace = Pace()

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        """Raises RolecallError for a folder that cannot be made."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise RolecallError(
                f"I cannot make the mailbox folder {folder}: {error.strerror}. Name another in ROLECALL_MAILBOX."
            ) from error
        self._folder, self._clock = folder, clock

    async def run(self) -> None:
        """Waits until cancelled: nothing comes in by mail."""
        await asyncio.Event().wait()

    async def deliver(self, push: Push) -> Delivery:
        if not isinstance(push.to, DirectMessage) or push.to.account.platform != WORKSPACE:
            return Unreachable("a mailbox takes messages to people at a terminal")
        return await asyncio.to_thread(self._put, push, push.to)

    def _put(self, push: Push, to: DirectMessage) -> Delivery:
        letter = {
            "key": push.key,
            "at": self._clock().isoformat(),
            "member": to.member,
            "text": _text(push.message),
            "message": frozen.to_json(push.message),
        }
        with _noted(), _opened(_file(self._folder, to.account.user_id)) as file:
            if all(known["key"] != push.key for known in _letters(file)):
                _append(file, [letter])
            return _sent(push.key)
        return TryLater(PATIENCE, "platform")  # not sent; and if it was, its key is found next time

    async def find(self, key: str) -> Sent | None:
        return await asyncio.to_thread(self._find, key)

    def _find(self, key: str) -> Sent | None:
        for path in self._folder.glob("*.jsonl"):
            with _opened(path) as file:
                if any(known["key"] == key for known in _letters(file)):
                    return _sent(key)
        return None

    async def edit(self, ref: str, message: Message) -> None:
        """Letters stay as they were sent."""


class Reading:
    """Shows the letters of whoever sits at this terminal, `who`, by a gateway that draws them."""

    def __init__(self, folder: Path, gateway: TerminalGateway, who: Callable[[], str]) -> None:
        self._folder, self._gateway, self._who = folder, gateway, who
        self._shown: set[str] = set()
        self._one_at_a_time = Lock()

    def show_new(self) -> None:
        """Shows what has not been read yet; nothing before somebody draws it. May be called from any thread."""
        user = self._who()
        path = _file(self._folder, user)
        if not self._gateway.is_watched or not path.exists():
            return
        with self._one_at_a_time:
            unread: list[Letter] = []
            with _noted(), _opened(path) as file:
                unread = [letter for letter in _letters(file) if self._is_unread(letter)]
            # Without the lock: a screen may stand still for as long as it likes.
            for letter in unread:
                self._gateway.receive(_push(letter, user))
                self._shown.add(letter["key"])
            if unread:
                with _noted(), _opened(path) as file:
                    self._forget_words(file)

    def _is_unread(self, letter: Letter) -> bool:
        return "text" in letter and letter["key"] not in self._shown

    def _forget_words(self, file: IO[bytes]) -> None:
        """Keeps the keys alone, but only when all has been shown: so a crash in the middle loses no letter."""
        letters = list(_letters(file))
        if any(self._is_unread(letter) for letter in letters):
            return
        since = max(_moment(letter) for letter in letters) - KEYS_KEPT.total_seconds()
        file.truncate(0)
        _append(file, [{"key": known["key"], "at": known["at"]} for known in letters if _moment(known) > since])


def _sent(key: str) -> Sent:
    return Sent(f"mailbox:{key}")


def _file(folder: Path, user: str) -> Path:
    """The file of an account id, whatever characters that holds."""
    is_plain = re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", user)
    return folder / f"{user if is_plain else '_' + hashlib.sha256(user.encode()).hexdigest()[:32]}.jsonl"


@contextmanager
def _noted() -> Iterator[None]:
    """A block in which a file that cannot be used is noted in the log, and no more."""
    try:
        yield
    except OSError as error:
        log.error("mailbox_unusable", error=error.strerror)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The file, new where it is not there, under its lock; for its owner's eyes only. Raises OSError."""
    number = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(number, "a+b") as file:
        lock(file, wait=True)
        yield file


def _letters(file: IO[bytes]) -> Iterator[Letter]:
    """What the file holds, without lines that a crash or a hand has torn."""
    file.seek(0)
    for line in file:
        try:
            letter = json.loads(line)
            _moment(letter)
            letter["key"]
        except (ValueError, KeyError, TypeError):
            if line.strip():
                log.warning("letter_unreadable")
            continue
        yield letter


def _append(file: IO[bytes], letters: list[Letter]) -> None:
    """Adds whole lines and waits until the disk has them; a torn line before them is ended."""
    if file.seek(0, os.SEEK_END):
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            file.write(b"\n")
    for letter in letters:
        file.write(json.dumps(letter, ensure_ascii=False).encode() + b"\n")
    file.flush()
    os.fsync(file.fileno())


def _moment(letter: Letter) -> float:
    return datetime.fromisoformat(letter["at"]).timestamp()


def _push(letter: Letter, user: str) -> Push:
    """The message as it was sent; its text alone, where this version does not know how it was written down."""
    try:
        message = frozen.from_json(letter["message"])
    except (ValueError, LookupError, TypeError):
        message = Message("A message", (paragraph(letter["text"]),))
    return Push(letter["key"], DirectMessage(MemberId(str(letter.get("member", ""))), account_of(user)), message)


def _text(message: Message) -> str:
    out = io.StringIO()
    Screen(out, plain=True, width=WIDTH).message(message)
    return out.getvalue().rstrip("\n")
