"""Where a wish came from, as it travels along with a form in `private_metadata`, so that no restart loses it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.door import commands
from bot.door.intents import Intent
from bot.door.invocation import Place
from bot.errors import UsageError


@dataclass(frozen=True, slots=True)
class Origin:
    place: Place
    submits: Intent
    """What the filled-in values complete."""
    response_url: str = ""
    """Slack's address for private replies in a channel, good for half an hour and five replies."""


def pack(origin: Origin) -> str:
    """As `private_metadata`, at most 3,000 characters."""
    place = origin.place
    wire, values = commands.written(origin.submits)
    kept = {
        "wish": wire,
        "values": values,
        "team": place.workspace,
        "channel": place.channel,
        "thread": place.thread or "",
        "private": place.is_private,
        "url": origin.response_url,
    }
    return json.dumps({name: value for name, value in kept.items() if value}, ensure_ascii=False)


def unpack(kept: str) -> Origin:
    """Raises UsageError for what this version cannot read."""
    try:
        found = json.loads(kept)
        place = Place(
            str(found["team"]),
            str(found.get("channel", "")),
            is_private=bool(found.get("private")),
            thread=str(found["thread"]) if found.get("thread") else None,
        )
        values = found.get("values", {})
        if not isinstance(values, Mapping):
            raise TypeError
        submits = commands.wished(str(found["wish"]), {str(k): str(v) for k, v in values.items()})
    except (ValueError, LookupError, TypeError, AttributeError):
        raise UsageError(commands.OTHER_VERSION) from None
    return Origin(place, submits, str(found.get("url", "")))
