"""Spans -> the elements of Slack's rich text. Their texts are never parsed, so what anybody typed stays inert.

Whether Slack undoes `&amp;` in them is nowhere written (docs.slack.dev, "Rich text block", 2026-11), and "<" needs no
escape there (github.com/yhatt/jsx-slack/issues/299), so texts go as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from adapters.cutting import cut
from adapters.inert import inert, inert_line
from adapters.slack.sizes import BLOCK_WEIGHT, TEXT, Json, grouped
from bot.door.messages import Holders, Link, Mention, Room, Span, Text, When, clip
from bot.model import MemberId

_OURS = re.compile(r"(?<![\w/.:@-])/rolecall(?![\w-])")
_LINK = re.compile(r"(?:https?://|mailto:)\S{1,2000}", re.I)
_LABEL = 300
"""Characters of a link's label; a longer one is text with the address behind it."""
_USER, _CHANNEL = re.compile(r"[UW][A-Z0-9]+"), re.compile(r"[CG][A-Z0-9]+")
_FORMATS = {"date": "{date_short}", "day_time": "{date_short} at {time}", "time": "{time}"}
"""Without "today" and "tomorrow": our sentences say "on …"."""
_FALLBACKS = {"date": "%Y-%m-%d", "day_time": "%Y-%m-%d %H:%M", "time": "%H:%M"}


@dataclass(frozen=True, slots=True)
class Reader:
    """What a message needs to know of the workspace that it is drawn for."""

    root: str = "rolecall"
    """The slash command, without its slash."""
    users: Mapping[MemberId, str] = field(default_factory=dict)

    def named(self, text: str) -> str:
        """Our own words with the slash command as it is called there."""
        return text if self.root == "rolecall" else _OURS.sub(f"/{self.root}", text)


def plain(text: str, most: int) -> Json:
    """A plain_text object, on one line: Slack finds no links, mentions or emoji in it."""
    return {"type": "plain_text", "text": clip(inert_line(text), most), "emoji": False}


def text(said: str, *styles: str) -> Json:
    found: Json = {"type": "text", "text": said}
    return found | {"style": dict.fromkeys(styles, True)} if styles else found


def elements(spans: Iterable[Span], reader: Reader, *styles: str, verbatim: bool = False) -> list[Json]:
    """What stands in a section. `verbatim`: somebody's own words, in which no command is renamed."""
    return [e for span in spans for e in _elements(span, reader, styles, verbatim)]


def _elements(span: Span, reader: Reader, styles: tuple[str, ...], verbatim: bool) -> list[Json]:
    match span:
        case Text(said, how):
            said = said if verbatim or how == "italic" else reader.named(said)
            return _texts(inert(said), *(styles if how == "plain" else dict.fromkeys((*styles, how))))
        case Link(url, label):
            url, label = inert_line(url), inert_line(label)
            if not _LINK.fullmatch(url) or len(label) > _LABEL:
                return _texts(label if label == url else f"{label} ({url})", *styles)
            return [{"type": "link", "url": url, "text": label or url} | _style(styles)]
        case Mention(member, name):
            user = reader.users.get(member, "")
            if _USER.fullmatch(user):
                return [{"type": "user", "user_id": user} | _style(styles)]
            return _texts(inert_line(name), *dict.fromkeys((*styles, "bold")))
        case Room(channel):
            if _CHANNEL.fullmatch(channel):
                return [{"type": "channel", "channel_id": channel} | _style(styles)]
            return _texts(inert_line(channel), *dict.fromkeys((*styles, "bold")))
        case Holders(role):
            return _texts(f"the role {inert_line(role)}", *dict.fromkeys((*styles, "bold")))
        case When(at, zone, how):
            date = {"type": "date", "timestamp": int(at.timestamp()), "format": _FORMATS[how]}
            return [date | {"fallback": _local(at, zone).strftime(_FALLBACKS[how])} | _style(styles)]
        case _:
            assert_never(span)


def _texts(said: str, *styles: str) -> list[Json]:
    return [text(piece, *styles) for piece in cut(said, TEXT)]


def _style(styles: Sequence[str]) -> Json:
    return {"style": dict.fromkeys(styles, True)} if styles else {}


def _local(at: datetime, zone: str) -> datetime:
    try:
        return at.astimezone(ZoneInfo(zone))
    except (ValueError, OSError, LookupError):
        return at.astimezone(UTC)


def lines(found: Sequence[Json]) -> list[list[Json]]:
    """The elements in groups that one block can hold, without blank edges; none where nothing can be seen."""
    return [kept for group in grouped(found, BLOCK_WEIGHT) if (kept := _trimmed(group))]


def _trimmed(group: list[Json]) -> list[Json]:
    while group and not group[0].get("text", "-").strip():
        group = group[1:]
    while group and not group[-1].get("text", "-").strip():
        group = group[:-1]
    if group and group[0]["type"] == "text":
        group = [group[0] | {"text": group[0]["text"].lstrip("\n")}, *group[1:]]
    if group and group[-1]["type"] == "text":
        group = [*group[:-1], group[-1] | {"text": group[-1]["text"].rstrip()}]
    return group
