"""How the program logs: one line an event on stderr, and never a member's words.

An exception is logged by its type and the places it came through, not by its text
or by local variables: either may hold an answer.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog


class _Line(logging.Formatter):
    """What libraries log, without the text of exceptions."""

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0] if record.exc_info else None
        cause = f" error={kind.__name__!r}" if kind else ""
        return f"level={record.levelname.lower()!r} event={record.name!r} at='{record.filename}:{record.lineno}'{cause}"


def configure(stream: TextIO | None = None) -> None:
    """Sends the log, our own and that of libraries, to a stream; to standard error by default."""
    lines = logging.StreamHandler(stream or sys.stderr)
    lines.setFormatter(_Line())
    logging.basicConfig(level=logging.WARNING, handlers=[lines], force=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
    )


@contextlib.contextmanager
def kept_apart(place: Path, *, to_file: bool) -> Iterator[None]:
    """Logs to a file beside the database where standard error is part of the chat."""
    if not to_file:
        configure()
        yield
        return
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        stream = place.with_suffix(".log").open("a", encoding="utf-8")
    except OSError:  # a read-only folder: better no log than a chat full of it
        stream = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 closed below
    with stream:
        configure(stream)
        yield
    configure()


def _without_words(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if not event.pop("exc_info", None):
        return event
    kind, _value, trace = sys.exc_info()
    if kind is not None:
        event["error"] = kind.__name__
        event["at"] = " < ".join(
            f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in reversed(traceback.extract_tb(trace)[-6:])
        )
    return event
