"""What stands in Discord as the person before it reads it: embeds as lines of text, with buttons and inputs.

It knows Discord's Markdown, and nothing of who wrote it. Instants are told in the zone of the reader's device.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from simcord.components import walk_components

from adapters.tables import WIDEST
from adapters.terminal.render import moment
from tests.scenarios import hearing
from tests.scenarios.stage import Shown

Json = Mapping[str, Any]
GAP = "\u200b"
"""A space of no width, which nobody sees."""
BUTTON, TEXT_INPUT = 2, 4
MARKED = re.compile(r"#rolecall-(?P<nonce>\w+)-(?P<part>\d+)-(?P<of>\d+)$")
"""The address of an embed that came by itself."""
_TOKEN = re.compile(
    r"""\\(?P<kept>[^\w\s]|_)
    | (?P<relative>[ ]\(<t:-?\d+:R>\))
    | <t:(?P<at>-?\d+)(?::(?P<style>[tdDf]))?>
    | <\#(?P<room>\d+)> | <@!?(?P<user>\d+)> | </(?P<command>[^:>]+):\d+>
    | \[(?P<label>(?:\\.|[^\]\\])*)\]\((?P<url>[^)\s]+)\)
    | <(?P<bare>https?://[^>\s]+)>
    | (?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)
    | (?P<mark>\*\*|\*|__|\|\||~~)""",
    re.X,
)
_OPENING = re.compile(r"(?:\#{1,3}|-\#|>|[-*]|\d+\.) ")
_STYLES = {"t": "time", "d": "date", "D": "date", "f": "day_time"}
_ITEM = re.compile(r"- \*\*(?P<first>.+?)\*\* – (?P<told>.*)")
_FACT = re.compile(r"[^:]+: (.*)")


def message(
    at: datetime,
    content: str,
    embeds: Sequence[Json],
    components: Sequence[Json],
    *,
    zone: str,
    names: Mapping[str, str],
    pictures: Sequence[tuple[str, bytes]] = (),
) -> Shown:
    """`zone`: the reader's, an IANA name. `names`: of channels with their "#" and of people with an "@", by id.

    `pictures`: each one's description and PNG.
    """
    pressed = buttons(components)
    drawn = [text for embed in embeds for text in (embed.get("title"), embed.get("description")) if text]
    return Shown(
        at,
        "\n".join(line for text in drawn or [content] for line in _lines(text, zone, names)),
        tuple(row for text in drawn for row in _rows(text, zone, names)),
        tuple(str(b["label"]) for b in pressed),
        (
            content,
            *(str(embed.get("url") or "") for embed in embeds),
            *(alt for alt, _ in pictures),
            *(str(b["custom_id"]) for b in pressed),
        ),
        tuple(png for _, png in pictures),
    )


def modal(at: datetime, form: Json) -> Shown:
    """A form that is open."""
    asked = [(label, label["component"]) for label in form["components"]]
    lines = [f"{label['label']} {label.get('description') or ''} {_initial(field)}".strip() for label, field in asked]
    return Shown(
        at,
        "\n".join([form["title"], *lines]),
        fields={field["custom_id"]: tuple(o["label"] for o in field.get("options", ())) for _, field in asked},
    )


def buttons(components: Sequence[Json]) -> list[Json]:
    return [part for part in walk_components(list(components)) if part["type"] == BUTTON]


def mark(embeds: Sequence[Json]) -> re.Match[str] | None:
    """The mark of a message that came by itself."""
    return MARKED.search(str(embeds[0].get("url") or "")) if embeds else None


def _lines(text: str, zone: str, names: Mapping[str, str]) -> Iterator[str]:
    for drawn, is_code in _pieces(text):
        if is_code:
            yield drawn
        else:
            yield from (_plain(line, zone, names) for line in drawn.split("\n") if line.strip(f" {GAP}"))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text between blocks of code, and these, without their fences."""
    for n, piece in enumerate(text.split("```")):
        if piece.strip():
            yield piece.strip("\n").replace(GAP, "") if n % 2 else piece, bool(n % 2)


def _plain(line: str, zone: str, names: Mapping[str, str]) -> str:
    line = line.strip()
    opening = _OPENING.match(line)
    return _TOKEN.sub(lambda found: _read(found, zone, names), line[opening.end() if opening else 0 :]).replace(GAP, "")


def _read(found: re.Match[str], zone: str, names: Mapping[str, str]) -> str:
    match found.lastgroup:
        case "kept":
            return found["kept"]
        case "at" | "style":
            return moment(datetime.fromtimestamp(int(found["at"]), UTC), ZoneInfo(zone), _STYLES[found["style"] or "f"])
        case "room" | "user":
            return names[found["room"] or found["user"]]
        case "bare":
            return found["bare"]
        case "command":
            return f"/{found['command']}"
        case "url":
            return f"{_plain(found['label'], zone, names)} ({found['url']})"
        case "code":
            return found["code"].strip() if "`" in found["code"] else found["code"]
    return ""


def _rows(text: str, zone: str, names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Of a table in columns of a fixed pitch, or as a list of rows that begin with a bold cell."""
    for drawn, is_code in _pieces(text):
        if is_code:
            yield from hearing.rows(drawn, WIDEST)
            continue
        for item in filter(None, map(_ITEM.fullmatch, drawn.split("\n"))):
            facts = [_FACT.fullmatch(cell) for cell in _plain(item["told"], zone, names).split(" · ")]
            yield (_plain(item["first"], zone, names), *(fact[1] for fact in facts if fact))


def _initial(component: Json) -> str:
    if component["type"] == TEXT_INPUT:
        return str(component.get("value") or "")
    return next((str(o["label"]) for o in component["options"] if o.get("default")), "")
