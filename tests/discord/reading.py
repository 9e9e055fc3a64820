"""A message as a person reads it, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from simcord.backend.models import Message
from simcord.components import walk_components

from tests.discord.world import Json

_FORMATS = {
    "d": "%d/%m/%Y",
    "D": "%-d %B %Y",
    "t": "%H:%M",
    "T": "%H:%M:%S",
    "f": "%-d %B %Y %H:%M",
    "F": "%A, %-d %B %Y %H:%M",
    "R": "%Y-%m-%d %H:%M",
}
_INSTANT = re.compile(r"<t:(-?\d+)(?::([a-zA-Z]))?>")
_NAMED = re.compile(r"<(@!?|@&|#)(\d+)>")
_COMMAND = re.compile(r"</([^:>]+):\d+>")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()<>#+\-.!|~:@/])")


def text_of(
    message: Message,
    zone: str = "UTC",
    *,
    names: Mapping[str, str] | None = None,
    instant: Callable[[datetime, str], str] | None = None,
) -> str:
    """The text above, the embeds, descriptions of pictures in brackets, and buttons as "[Label]".

    `zone` is that of the reader's device. `names`: of people, roles and channels, by id. `instant` writes an aware
    instant in the reader's zone, and gets the letter of its format.
    """
    lines = [message.content] if message.content else []
    described = {known["url"]: known.get("description") or "" for known in message.attachments}
    described |= {f"attachment://{known['filename']}": known.get("description") or "" for known in message.attachments}
    for embed in message.embeds:
        lines += _embed(embed, described)
    text = plain("\n".join(lines), zone, names=names, instant=instant)
    return "\n".join([text, *labels(message.components)]).strip()


def labels(components: list[Json]) -> list[str]:
    return [f"[{part['label']}]" for part in walk_components(components) if part["type"] == 2]


def plain(
    text: str,
    zone: str = "UTC",
    *,
    names: Mapping[str, str] | None = None,
    instant: Callable[[datetime, str], str] | None = None,
) -> str:
    """Discord's Markdown with mentions and instants as they are shown, and without the backslashes."""
    known = names or {}

    def moment(found: re.Match[str]) -> str:
        at = datetime.fromtimestamp(int(found[1]), UTC).astimezone(ZoneInfo(zone))
        form = found[2] or "f"
        return instant(at, form) if instant else at.strftime(_FORMATS[form])

    text = _INSTANT.sub(moment, text)
    text = _NAMED.sub(lambda found: ("#" if found[1] == "#" else "@") + known.get(found[2], found[2]), text)
    return _ESCAPED.sub(r"\1", _COMMAND.sub(r"/\1", text))


def _embed(embed: Json, described: Mapping[str, str]) -> list[str]:
    lines = [embed[part] for part in ("title", "description") if embed.get(part)]
    for part in embed.get("fields") or []:
        lines += [part["name"], part["value"]]
    if embed.get("image"):
        lines.append(f"[{described.get(embed['image']['url'], '')}]")
    if (embed.get("footer") or {}).get("text"):
        lines.append(embed["footer"]["text"])
    return lines
