"""Message -> Slack's blocks. Pure: no client, no clock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from adapters import tables
from adapters.cutting import cut
from adapters.inert import inert, inert_line
from adapters.slack import sizes
from adapters.slack.sizes import Json
from adapters.slack.spans import Reader, elements, lines, plain, text
from bot.door import commands
from bot.door.messages import (
    LIMITS,
    Block,
    Bullets,
    Button,
    CodeBlock,
    Facts,
    Message,
    Paragraph,
    Picture,
    Spans,
    Table,
    Text,
    clip,
)
from bot.model import MemberId

_CUT = "There is more than fits here. /rolecall help names the commands that send you all of it as a message."
_NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Part:
    """One Slack message."""

    text: str
    """The top-level text: notifications and screen readers."""
    blocks: list[Json]


def parts(
    message: Message,
    *,
    root: str = "rolecall",
    users: Mapping[MemberId, str] | None = None,
    files: Mapping[int, str] | None = None,
) -> list[Part]:
    """The Slack messages that a message becomes, nearly always one; the buttons stand in the last.

    `users`: Slack's user ids of members who are mentioned; who is not there is named. `files`: Slack's file ids of the
    message's pictures, by their position among its blocks; one that is not there is told by its description.
    """
    reader = Reader(root, users or {})
    actions = _actions(message.buttons, reader)
    drawn = _drawn(message, reader, files or {})
    room = sizes.MESSAGE_WEIGHT - sizes.weight(actions)
    pages = list(sizes.grouped(drawn, room, sizes.MESSAGE_BLOCKS - len(actions)))
    pages[-1] = pages[-1] + actions
    said = clip(inert_line(reader.named(message.summary)), LIMITS.SUMMARY) or _NOTHING
    said = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    many = len(pages) > 1
    return [Part(f"{said} ({n} of {len(pages)})" if many else said, page) for n, page in enumerate(pages, start=1)]


def surface(message: Message, *, root: str = "rolecall") -> list[Json]:
    """The blocks of a message on the Home tab or in a modal, at most 100; what is too long is cut, and says so."""
    reader = Reader(root)
    actions = _actions(message.buttons, reader)
    drawn = _drawn(message, reader, {})
    shown: list[Json] = []
    room = sizes.SURFACE_WEIGHT
    for block in drawn:
        room -= len(json.dumps(block))
        if room < 0 or len(shown) + len(actions) >= sizes.SURFACE_BLOCKS:
            return [*shown[: sizes.SURFACE_BLOCKS - len(actions) - 1], _small(reader.named(_CUT)), *actions]
        shown.append(block)
    return shown + actions


def _actions(buttons: Sequence[Button], reader: Reader) -> list[Json]:
    drawn = [_button(n, button, reader) for n, button in enumerate(buttons)]
    return [{"type": "actions", "elements": drawn[at : at + sizes.ROW]} for at in range(0, len(drawn), sizes.ROW)]


def _button(number: int, button: Button, reader: Reader) -> Json:
    label = inert_line(reader.named(button.label)) or _NOTHING
    drawn = {"type": "button", "action_id": f"b{number}", "text": plain(label, sizes.BUTTON)}
    drawn["value"] = commands.encode(button)
    return drawn | {"style": "primary"} if button.primary else drawn


def _drawn(message: Message, reader: Reader, files: Mapping[int, str]) -> list[Json]:
    """All but the buttons; never empty."""
    drawn: list[Json] = []
    if title := inert_line(reader.named(message.title or "")):
        drawn.append({"type": "header", "text": plain(title, sizes.HEADER)})
    opening: list[Json] = []  # a heading stays with what it is above
    for number, block in enumerate(message.blocks):
        found = list(_blocks(block, reader, files.get(number)))
        if opening and found and found[0]["type"] == "rich_text":
            found[0] = _rich(*_below(opening, found[0]["elements"]))
        elif opening:
            drawn.append(_rich(_section(opening)))
        opening = []
        is_heading = isinstance(block, Paragraph) and block.kind == "heading"
        if is_heading and found and sizes.weight(found) <= sizes.HEADING_WEIGHT:
            opening = found[0]["elements"][0]["elements"]
        else:
            drawn += found
    if opening:
        drawn.append(_rich(_section(opening)))
    return drawn or [_rich(_section([text(inert_line(reader.named(message.summary)) or _NOTHING)]))]


def _below(heading: list[Json], found: Sequence[Json]) -> list[Json]:
    first, *rest = found
    if first["type"] == "rich_text_section":
        return [_section([*heading, text("\n"), *first["elements"]]), *rest]
    return [_section(heading), *found]


def _blocks(block: Block, reader: Reader, file: str | None) -> Iterator[Json]:
    match block:
        case Paragraph(spans, "quote"):
            found = elements(spans, reader, verbatim=True)
            yield from (_rich({"type": "rich_text_quote", "elements": line}) for line in lines(found))
        case Paragraph(spans, "note") if all(isinstance(s, Text) and s.style == "plain" for s in spans):
            said = inert("".join(reader.named(s.text) for s in spans if isinstance(s, Text))).strip()
            yield from (_small(piece) for piece in cut(said, sizes.TEXT) if piece.strip())
        case Paragraph(spans, kind):
            style = {"heading": ("bold",), "note": ("italic",)}.get(kind, ())
            yield from (_rich(_section(line)) for line in lines(elements(spans, reader, *style)))
        case CodeBlock(code):
            yield from _fixed(code)
        case Bullets(items, numbered):
            yield from _listed(items, reader, numbered=numbered)
        case Facts(pairs):
            yield from (_rich(_section(line)) for line in lines(list(_facts(pairs, reader))))
        case Table() if (drawn := tables.columns(block)) is not None:
            yield from _fixed(reader.named(drawn))
        case Table():
            yield from _listed(tables.items(block), reader, numbered=False)
        case Picture(_, alt):
            told = clip(inert_line(reader.named(alt)), sizes.ALT - 20) or _NOTHING
            if file:
                yield {"type": "image", "slack_file": {"id": file}, "alt_text": told}
            else:
                yield _small(f"Picture: {told}")
        case _:
            assert_never(block)


def _rich(*found: Json) -> Json:
    return {"type": "rich_text", "elements": list(found)}


def _section(found: Iterable[Json]) -> Json:
    return {"type": "rich_text_section", "elements": list(found)}


def _small(said: str) -> Json:
    """Small print, of several lines if need be."""
    return {"type": "context", "elements": [{"type": "plain_text", "text": said, "emoji": False}]}


def _fixed(code: str) -> Iterator[Json]:
    for piece in cut(inert(code).strip("\n"), sizes.TEXT):
        if piece.strip():
            yield _rich({"type": "rich_text_preformatted", "elements": [text(piece.strip("\n"))]})


def _facts(pairs: Iterable[tuple[str, Spans]], reader: Reader) -> Iterator[Json]:
    for number, (label, spans) in enumerate(pairs):
        label = inert_line(reader.named(label))
        ending = "" if label.endswith((":", "?", "!")) else ":"
        yield text(("\n" if number else "") + label + ending, "bold")
        yield text(" ")
        value = elements(spans, reader)
        yield from value if lines(value) else [text(_NOTHING)]


def _listed(items: Iterable[Spans], reader: Reader, *, numbered: bool) -> Iterator[Json]:
    """Lists that a block can hold; an item that is too long goes on in sections behind its list."""
    waiting: list[Json] = []
    begun = 0
    for number, item in enumerate(items):
        line, *more = lines(elements(item, reader)) or [[text(_NOTHING)]]
        if waiting and sizes.weight([*waiting, line]) > sizes.BLOCK_WEIGHT:
            yield _list(waiting, begun, numbered=numbered)
            waiting = []
        if not waiting:
            begun = number
        waiting.append(_section(line))
        if more:
            yield _list(waiting, begun, numbered=numbered)
            waiting = []
            yield from (_rich(_section(rest)) for rest in more)
    if waiting:
        yield _list(waiting, begun, numbered=numbered)


def _list(items: list[Json], begun: int, *, numbered: bool) -> Json:
    drawn = {"type": "rich_text_list", "style": "ordered" if numbered else "bullet", "elements": items}
    return _rich(drawn | {"offset": begun} if numbered and begun else drawn)
