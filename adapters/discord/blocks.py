"""Blocks of a message -> pieces of Discord's Markdown, pictures and files, as they are read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from adapters import tables
from adapters.cutting import cuts
from adapters.discord import markdown, sentences, sizes
from adapters.discord.spans import Reader, pieces
from adapters.inert import inert, inert_line
from bot.door.messages import (
    Block,
    Bullets,
    CodeBlock,
    Facts,
    Paragraph,
    Picture,
    Span,
    Spans,
    Table,
    Text,
    bold,
    heading,
)

NOTHING = "–"
_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """Markdown that is complete in itself."""

    text: str
    gap: str = "\n\n"
    """What parts it from what stands before it in the same message."""
    opens: bool = False
    """Is not the last of a message where something follows: a heading."""


@dataclass(frozen=True, slots=True)
class File:
    """A text that is too long for messages."""

    text: str


Thing = Piece | Picture | File


def drawn(title: str, blocks: Iterable[Block], reader: Reader) -> Iterator[Thing]:
    """`title`: on one line; may be empty."""
    before: Block | None = None
    if title:
        yield Piece(markdown.title(title), opens=True)
        before = heading(title)
    for block in blocks:
        found = list(_block(block, reader))
        if found and before and _close(before, block):
            found[0] = _nearer(found[0])
        yield from found
        before = block if found else before


def _close(before: Block, block: Block) -> bool:
    """Whether a block stands right below the one before it; Discord ends a list at a blank line only."""
    match before, block:
        case Paragraph(kind="heading"), _:
            return True
        case Paragraph(kind="note"), Paragraph(kind="note"):
            return True
        case Bullets() | Table(), _:
            return False
        case _, Bullets() | Table() | CodeBlock():
            return True
        case _:
            return False


def _nearer(thing: Thing) -> Thing:
    return replace(thing, gap="\n") if isinstance(thing, Piece) else thing


def _block(block: Block, reader: Reader) -> Iterator[Thing]:
    match block:
        case Paragraph(spans, kind, spoils):
            yield from _paragraph(spans, kind, spoils, reader)
        case CodeBlock(code):
            yield from _fixed(code)
        case Bullets(items, numbered):
            yield from _listed(items, reader, numbered=numbered)
        case Facts(pairs):
            said = tuple(_facts(pairs))
            yield from (
                Piece(text, "\n" if n else "\n\n") for n, text in enumerate(pieces(said, reader, most=sizes.PIECE))
            )
        case Table() if (columns := tables.columns(block)) is not None:
            yield from _fixed(columns)
        case Table():
            yield from _listed(tables.items(block), reader, numbered=False)
        case Picture():
            yield block
        case _:
            assert_never(block)


def _paragraph(spans: Spans, kind: str, spoils: bool, reader: Reader) -> Iterator[Piece]:
    before = {"quote": "> ", "note": "-# "}.get(kind, "")
    each_line = len(before) + (5 if spoils else 0)
    found = pieces(
        spans,
        reader,
        style="bold" if kind == "heading" else "plain",
        verbatim=kind == "quote",
        a_line=each_line,
        most=sizes.PIECE,
    )
    for text in found:
        if spoils and kind != "note":
            text = markdown.spoiled(text)
        lines = text.split("\n")
        if kind == "note":
            lines = [markdown.spoiled(line) if spoils and line.strip() else line for line in lines if line.strip()]
        opens = kind == "heading" and sizes.units(text) <= sizes.HEADING
        yield Piece("\n".join(before + line for line in lines), opens=opens)


def _fixed(code: str) -> Iterator[Thing]:
    code = inert(code).strip("\n")
    if sizes.units(code) > sizes.FILE:
        yield Piece(f"-# {sentences.IN_A_FILE}")
        yield File(code)
        return
    weights = [1 + (char > "\uffff") + (char == "`") for char in code]
    found = (code[start:end].strip("\n").rstrip() for start, end in cuts(code, weights, sizes.PIECE))
    for n, text in enumerate(filter(None, found)):
        yield Piece(markdown.fenced(text), "\n" if n else "\n\n")


def _facts(pairs: Iterable[tuple[str, Spans]]) -> Iterator[Span]:
    for number, (label, value) in enumerate(pairs):
        label = inert_line(label)
        ending = "" if label.endswith((":", "?", "!")) else ":"
        yield Text("\n" if number else "")
        yield bold(label + ending)
        yield Text(" ")
        yield from value if pieces(value, Reader(), most=sizes.PIECE) else (Text(NOTHING),)


def _listed(items: Iterable[Spans], reader: Reader, *, numbered: bool) -> Iterator[Piece]:
    """One piece an item; what does not fit into it goes on below it."""
    for number, item in enumerate(items, start=1):
        bullet = f"{number}. " if numbered else "- "
        first, *more = pieces(item, reader, a_line=2, most=sizes.PIECE) or [NOTHING]
        lines = _BLANK_LINES.sub("\n", first).split("\n")
        yield Piece(bullet + "\n  ".join(lines), "\n" if number > 1 else "\n\n")
        yield from (Piece(text) for text in more)
