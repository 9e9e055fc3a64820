"""A message that is too long for a phone -> parts that are not, with buttons between them. Pure.

A heading stays with what follows it, and a source with what it vouches for: in every part that holds some of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.door.intents import Intent
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
)

T = TypeVar("T")
Unit = tuple[Block, ...]
"""Blocks that stay together."""

_TURN = 60
"""Characters for the buttons between parts, and for the number of the part."""
_LEAST = 600
"""A part is not cut smaller than this, whatever stands around it."""


def at(value: str) -> tuple[str, int]:
    """A wish's value and which part of the reply is wished for: "mle:2" is the second on mle."""
    name, _, number = value.partition(":")
    return name, int(number) if number.isascii() and number.isdecimal() else 1


def fits(message: Message) -> bool:
    """Whether a message needs no parts."""
    return len(_parts(message.blocks, LIMITS.MESSAGE - _around(message))) == 1


def part(message: Message, number: int, again: Callable[[int], Intent]) -> Message:
    """One part of a message, from 1, and buttons to its neighbours; the whole where it is short enough."""
    if fits(message):
        return message
    parts = _parts(message.blocks, max(LIMITS.MESSAGE - _around(message) - _TURN, _LEAST))
    number = min(max(number, 1), len(parts))
    return replace(
        message,
        title=f"{message.title or message.summary} ({number} of {len(parts)})",
        blocks=parts[number - 1],
        buttons=(*turns(number, len(parts), again), *message.buttons)[: LIMITS.BUTTONS],
    )


def turns(number: int, of: int, again: Callable[[int], Intent]) -> tuple[Button, ...]:
    """The buttons from one part to the next and back."""
    onward = (Button("Next part", again(number + 1), primary=True),) if number < of else ()
    back = (Button("Previous part", again(number - 1)),) if number > 1 else ()
    return (*onward, *back)


def _around(message: Message) -> int:
    """Characters of what stands in every part."""
    return 12 + 2 * len(message.title or "") + sum(len(b.label) + 7 for b in message.buttons)


def _parts(blocks: Sequence[Block], most: int) -> list[tuple[Block, ...]]:
    units = [piece for whole in _units(blocks) for piece in _pieces(whole, most)]
    parts: list[tuple[Block, ...]] = [()]
    for number, unit in enumerate(units):
        if parts[-1] and _length((*parts[-1], *unit, *_vouching(units[number:]))) > most:
            parts[-1] += _vouching(units[number - 1 :])
            parts.append(())
        parts[-1] += unit
    return parts


def _vouching(units: Sequence[Unit]) -> Unit:
    """The source below the first of some units, where it stands only below a later one."""
    sources = ([b for b in unit if isinstance(b, Paragraph) and _is_source(b)] for unit in units)
    first = next(sources)
    later = next((found for found in sources if found), [])
    return () if first else tuple(later[:1])


def _is_source(block: Paragraph) -> bool:
    said = block.spans[0] if block.spans else None
    return block.kind == "note" and isinstance(said, Text) and said.text.startswith("Source")


def _units(blocks: Sequence[Block]) -> list[Unit]:
    units: list[Unit] = []
    opened = False
    for block in blocks:
        kind = block.kind if isinstance(block, Paragraph) else ""
        if units and (opened or kind == "note"):
            units[-1] += (block,)
        else:
            units.append((block,))
        opened = kind == "heading"
    return units


def _pieces(unit: Unit, most: int) -> list[Unit]:
    """A unit as it is, or cut between the items of its longest list, with what surrounds the list around every cut."""
    longest = max(range(len(unit)), key=lambda n: _length(unit[n : n + 1]))
    block = unit[longest]
    if _length(unit) <= most or not isinstance(block, Bullets | Facts):
        return [unit]
    before, after = unit[:longest], unit[longest + 1 :]
    room = most - _length(before) - _length(after)
    sizes = _lines(block)
    if isinstance(block, Facts):
        cut: list[Block] = [Facts(tuple(run)) for run in _runs(block.pairs, sizes, room)]
    else:
        cut = [Bullets(tuple(run), block.numbered) for run in _runs(block.items, sizes, room)]
    return [(*before, piece, *after) for piece in cut]


def _runs(items: Sequence[T], sizes: Sequence[int], room: int) -> list[list[T]]:
    runs: list[list[T]] = [[]]
    left = room
    for item, size in zip(items, sizes, strict=True):
        if runs[-1] and size > left:
            runs.append([])
            left = room
        runs[-1].append(item)
        left -= size
    return runs


def _length(blocks: Sequence[Block]) -> int:
    """Characters of some blocks as a plain renderer draws them, with its indents and empty lines."""
    return sum(sum(_lines(block)) + 1 for block in blocks)


def _lines(block: Block) -> list[int]:
    """The length of each line, item or pair."""
    match block:
        case Paragraph(spans):
            return [_size(spans) + 3]
        case Bullets(items):
            return [_size(item) + 6 for item in items]
        case Facts(pairs):
            widest = max((len(label) for label, _ in pairs), default=0)
            return [widest + _size(value) + 5 for _, value in pairs]
        case CodeBlock(text) | Picture(_, text):
            return [len(text)]
        case Table(head, rows):
            return [sum(len(cell) + 3 for cell in row) for row in (head, *rows)]


def _size(spans: Spans) -> int:
    return sum(len(s.text) + 2 * (s.style == "code") if isinstance(s, Text) else 20 for s in spans)
