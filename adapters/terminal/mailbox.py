"""Messages for people at terminals elsewhere: one file per person or channel, one JSON line per message.

`Mailbox` puts them in, `Reading` shows them; any number of processes may do either. Of what a person has been shown
only the key is kept, and the words are gone. What stands in a channel is for everybody, and stays for KEYS_KEPT, or
until something takes its place.
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
from bot.door.messages import (
    ChannelPost,
    Delivery,
    DirectMessage,
    Message,
    Push,
    Sent,
    TryLater,
    Unreachable,
    paragraph,
)
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
"""key, at and, until it is read: member or channel, text (for people), message (`door.frozen`), what it replaces."""

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

    async def deliver(self, push: Push) -> Delivery:
        match push.to:
            case DirectMessage(member, account) if account.platform == WORKSPACE:
                return await asyncio.to_thread(
                    self._put, push, _file(self._folder, account.user_id), {"member": member}
                )
            case ChannelPost(workspace, channel) if workspace == WORKSPACE:
                return await asyncio.to_thread(self._put, push, _wall(self._folder, channel), {"channel": channel})
        return Unreachable("a mailbox takes messages to people and channels of a terminal")

    def _put(self, push: Push, path: Path, to: Letter) -> Delivery:
        letter = {
            "key": push.key,
            "at": self._clock().isoformat(),
            **to,
            "text": _text(push.message),
            "message": frozen.to_json(push.message),
            "replaces": push.replaces,
        }
        with _noted(), _opened(path) as file:
            if all(known["key"] != push.key for known in _letters(file)):
                if path.name.startswith(_WALL):
                    _tidy(file, self._clock(), push.replaces)
                _append(file, [letter])
            return _sent(push.key)
        return TryLater(PATIENCE, "platform")  # not sent; and if it was, its key is found next time

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        return await asyncio.to_thread(self._find, key)

    def _find(self, key: str) -> Sent | None:
        for path in self._folder.glob("*.jsonl"):
            with _opened(path) as file:
                if any(known["key"] == key for known in _letters(file)):
                    return _sent(key)
        return None


class Reading:
    """Shows the letters of whoever sits at this terminal, `who`, by a gateway that draws them."""

    def __init__(self, folder: Path, gateway: TerminalGateway, who: Callable[[], str]) -> None:
        self._folder, self._gateway, self._who = folder, gateway, who
        self._shown = {letter["key"] for letter in self._on_walls()}
        """What stood in channels before is not shown again."""
        self._one_at_a_time = Lock()

    def show_new(self) -> None:
        """Shows what has not been read yet; nothing before somebody draws it. May be called from any thread."""
        if not self._gateway.is_watched:
            return
        with self._one_at_a_time:
            self._show_letters(self._who())
            for post in self._on_walls():
                if self._is_unread(post):
                    self._gateway.receive(_push(post, ChannelPost(WORKSPACE, post["channel"])))
                    self._shown.add(post["key"])

    def _show_letters(self, user: str) -> None:
        path = _file(self._folder, user)
        if path.exists():
            unread: list[Letter] = []
            with _noted(), _opened(path) as file:
                unread = [letter for letter in _letters(file) if self._is_unread(letter)]
            # Without the lock: a screen may stand still for as long as it likes.
            for letter in unread:
                to = DirectMessage(MemberId(str(letter.get("member", ""))), account_of(user))
                self._gateway.receive(_push(letter, to))
                self._shown.add(letter["key"])
            if unread:
                with _noted(), _opened(path) as file:
                    self._forget_words(file)

    def _on_walls(self) -> list[Letter]:
        """What stands in channels, oldest first."""
        found: list[Letter] = []
        for path in sorted(self._folder.glob(f"{_WALL}*.jsonl")):
            with _noted(), _opened(path) as file:
                found += [letter for letter in _letters(file) if "channel" in letter]
        return sorted(found, key=_moment)

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


_WALL = "_channel-"
"""No account's file begins so."""


def _wall(folder: Path, channel: str) -> Path:
    """The file of a channel, whatever characters its name holds."""
    return folder / f"{_WALL}{hashlib.sha256(channel.encode()).hexdigest()[:32]}.jsonl"


def _tidy(file: IO[bytes], now: datetime, replaced: str | None) -> None:
    """Takes old posts out, and the words of those that are replaced: who was named in them may no longer want that."""
    letters, since = list(_letters(file)), (now - KEYS_KEPT).timestamp()

    def is_gone(one: Letter) -> bool:
        return replaced is not None and replaced in {_sent(one["key"]).ref, one.get("replaces")}

    recent = [one for one in letters if _moment(one) > since]
    kept = [{"key": one["key"], "at": one["at"]} if is_gone(one) else one for one in recent]
    if kept != letters:
        file.truncate(0)
        _append(file, kept)


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


def _push(letter: Letter, to: DirectMessage | ChannelPost) -> Push:
    """The message as it was sent; its text alone, where this version does not know how it was written down."""
    try:
        message = frozen.from_json(letter["message"])
    except (ValueError, LookupError, TypeError):
        message = Message("A message", (paragraph(letter["text"]),))
    return Push(letter["key"], to, message, letter.get("replaces"))


def _text(message: Message) -> str:
    out = io.StringIO()
    Screen(out, plain=True, width=WIDTH).message(message)
    return out.getvalue().rstrip("\n")
