"""How a message is kept word for word, as plain JSON, so that a second try says what the first one said.

Tags are of its own, whatever a class is called: what was kept stays readable when the code moves on. It knows
neither where a message is kept nor for how long.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, assert_never

from bot.door.commands import decode, encode
from bot.door.messages import (
    Block,
    Bullets,
    Button,
    CodeBlock,
    Facts,
    Holders,
    Link,
    Mention,
    Message,
    Paragraph,
    Picture,
    Room,
    Span,
    Spans,
    Table,
    Text,
    When,
)
from bot.errors import UsageError
from bot.model import MemberId

Json = dict[str, Any]


def to_json(message: Message) -> Json:
    """The message as objects, lists and strings. Raises ValueError for a button that is too long for the platforms."""
    return {
        "summary": message.summary,
        "title": message.title,
        "blocks": [_block(b) for b in message.blocks],
        "buttons": [{"label": b.label, "wire": encode(b), "primary": b.primary} for b in message.buttons],
    }


def from_json(kept: Mapping[str, Any]) -> Message:
    """The message that `to_json` kept. Raises ValueError naming a tag or button that this version does not know."""
    return Message(
        summary=kept["summary"],
        title=kept["title"],
        blocks=tuple(_read_block(b) for b in kept["blocks"]),
        buttons=tuple(_read_button(b) for b in kept["buttons"]),
    )


def _block(block: Block) -> Json:
    match block:
        case Paragraph(spans, kind, spoils):
            return {"is": kind, "spans": _spans(spans)} | ({"spoils": True} if spoils else {})
        case CodeBlock(text):
            return {"is": "code", "text": text}
        case Bullets(items, numbered):
            return {"is": "numbered" if numbered else "bullets", "items": [_spans(item) for item in items]}
        case Facts(pairs):
            return {"is": "facts", "pairs": [[label, _spans(value)] for label, value in pairs]}
        case Table(head, rows):
            return {"is": "table", "head": list(head), "rows": [list(row) for row in rows]}
        case Picture(png, alt):
            return {"is": "picture", "png": b64encode(png).decode(), "alt": alt}
    assert_never(block)


def _spans(spans: Spans) -> list[Json]:
    return [_span(s) for s in spans]


def _span(span: Span) -> Json:
    match span:
        case Text(text, style):
            return {"is": style, "text": text}
        case Link(url, label):
            return {"is": "link", "url": url, "label": label}
        case Mention(member, name, rings):
            return {"is": "mention", "member": member, "name": name} | ({"rings": True} if rings else {})
        case Room(channel):
            return {"is": "room", "channel": channel}
        case Holders(role):
            return {"is": "holders", "role": role}
        case When(at, zone, style):
            return {"is": style, "at": at.astimezone(UTC).isoformat(), "zone": zone}
    assert_never(span)


def _read_block(kept: Json) -> Block:
    match kept["is"]:
        case "body" | "heading" | "quote" | "note" as kind:
            return Paragraph(_read_spans(kept["spans"]), kind, kept.get("spoils", False))
        case "code":
            return CodeBlock(kept["text"])
        case "bullets" | "numbered" as kind:
            return Bullets(tuple(_read_spans(item) for item in kept["items"]), numbered=kind == "numbered")
        case "facts":
            return Facts(tuple((label, _read_spans(value)) for label, value in kept["pairs"]))
        case "table":
            return Table(tuple(kept["head"]), tuple(tuple(row) for row in kept["rows"]))
        case "picture":
            return Picture(b64decode(kept["png"]), kept["alt"])
        case unknown:
            raise ValueError(f"no block is called {unknown!r}")


def _read_spans(kept: Sequence[Json]) -> Spans:
    return tuple(_read_span(s) for s in kept)


def _read_span(kept: Json) -> Span:
    match kept["is"]:
        case "plain" | "bold" | "italic" | "code" as style:
            return Text(kept["text"], style)
        case "link":
            return Link(kept["url"], kept["label"])
        case "mention":
            return Mention(MemberId(kept["member"]), kept["name"], kept.get("rings", False))
        case "room":
            return Room(kept["channel"])
        case "holders":
            return Holders(kept["role"])
        case "date" | "day_time" | "time" as style:
            return When(datetime.fromisoformat(kept["at"]), kept["zone"], style)
        case unknown:
            raise ValueError(f"no span is called {unknown!r}")


def _read_button(kept: Json) -> Button:
    try:
        return Button(kept["label"], decode(kept["wire"]), kept["primary"])
    except UsageError as error:
        raise ValueError(f"no button means {kept['wire']!r}") from error
