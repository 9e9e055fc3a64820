"""Only one program serves a SQLite file at a time. Commands that look after the file work beside it.

The lock is a file beside the database, under the operating system's lock: after a
crash it is free. Any number of programs may serve a PostgreSQL server.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.errors import RolecallError
from bot.locks import lock
from bot.store.session import url_of

PARALLEL = "One program at a time can serve a SQLite file; PostgreSQL takes as many as you like (docs/hosting.md)."


def sqlite_file(place: str) -> Path | None:
    """The file of a SQLite database, the same for every way to name it; None for a server or a database in memory."""
    url = url_of(place)
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(url.database or "").resolve()


@contextmanager
def alone_with(place: str, since: datetime) -> Iterator[None]:
    """Keeps other programs from serving the same SQLite file; RolecallError where one does, naming it."""
    file = sqlite_file(place)
    if file is None:
        yield
        return
    path = file.with_name(f"{file.name}.lock")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        note = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise RolecallError(
            f"I cannot write {path}: {error.strerror}. Give this user the right to, or name another database."
        ) from error
    with note:
        try:
            lock(note, wait=False)
        except OSError as error:
            raise RolecallError(f"{_holder(path)} already serves {place}. Stop it first. {PARALLEL}") from error
        note.truncate(0)
        note.write(f"{os.getpid()} {since.isoformat(timespec='seconds')}\n")
        note.flush()
        yield


def _holder(path: Path) -> str:
    """Whoever has the lock, as they wrote it down; they may be just about to."""
    try:
        process, since = path.read_text("utf-8").split()
        return f"Process {process}, running since {datetime.fromisoformat(since):%Y-%m-%d %H:%M} UTC,"
    except (OSError, ValueError):
        return "Another program"
