"""What stages of chat platforms have in common: typed or commanded, what is heard together, and what must not fail."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from structlog.testing import capture_logs

from adapters.terminal.render import moment
from bot.door.commands import Vocabulary, parse_bare
from bot.door.intents import SubmitAnswer
from tests.scenarios.stage import Post, Shown

_COLUMN = re.compile(r"(?:^|(?<=\s\s))\S")


def command(line: str, vocabulary: Vocabulary) -> str:
    """The command that a line means, without "/rolecall" before it; "" for somebody's own words."""
    given = line.removeprefix("/rolecall").strip()
    bare = parse_bare(line, vocabulary)
    return "" if given == line and (bare is None or isinstance(bare, SubmitAnswer)) else given


def together(at: datetime, parts: Sequence[Shown]) -> Shown:
    """Several messages as one."""
    return Shown(
        at,
        "\n".join(p.text for p in parts),
        tuple(row for p in parts for row in p.rows),
        tuple(label for p in parts for label in p.buttons),
        tuple(text for p in parts for text in p.unseen),
        tuple(png for p in parts for png in p.pictures),
        {name: labels for p in parts for name, labels in p.fields.items()},
    )


def meant(labels: Sequence[str], label: str) -> str:
    """The whole label that is meant, by itself or by its beginning; "" where there is none such."""
    found = [one for one in labels if one == label] or [one for one in labels if one.startswith(label)]
    assert len(found) < 2, f"{label!r} may mean any of {found}"
    return found[0] if found else ""


def transcript(posts: Sequence[Post], zone: str) -> str:
    """Posts with their changes, in the order in which they were written."""
    told = []
    for post in posts:
        for n, version in enumerate(post.versions):
            again = " · an earlier message now reads" if n else ""
            told.append((version.at, f"{moment(version.at, ZoneInfo(zone))}{again}\n{version.text}"))
    return "\n\n".join(text for _, text in sorted(told))


def rows(drawn: str, widest: int) -> Iterator[tuple[str, ...]]:
    """Of a table in columns of a fixed pitch, without its head; nothing for code, which has no such columns."""
    head, *lines = drawn.split("\n")
    starts = [found.start() for found in _COLUMN.finditer(head)]
    ends = [*starts[1:], None]
    is_code = any(len(line) > widest or line[a - 2 : a].strip() for line in (head, *lines) for a in starts[1:])
    if len(starts) > 1 and not is_code:
        yield from (tuple(line[a:b].strip() for a, b in zip(starts, ends, strict=True)) for line in lines)


class Failures(logging.Handler):
    """What libraries log as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record.getMessage())


@contextmanager
def failures() -> Iterator[list[str]]:
    """All that goes wrong meanwhile, as the logs of the bot and of libraries say."""
    heard = Failures()
    logging.getLogger().addHandler(heard)
    try:
        with capture_logs() as ours:
            yield heard.records
    finally:
        logging.getLogger().removeHandler(heard)
        heard.records += [str(entry) for entry in ours if entry["log_level"] in ("error", "critical")]
