"""A table where there are no tables: columns of a fixed pitch where a phone shows them unbroken, else a list."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from adapters.inert import inert_line
from bot.door.messages import Spans, Table, Text, bold

WIDEST = 38
"""Characters of a fixed pitch that a phone held upright shows in one line."""


def columns(table: Table) -> str | None:
    """The table's lines, each at most WIDEST characters wide; None where they do not fit."""
    rows = [[inert_line(cell) for cell in row] for row in (table.head, *table.rows)]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) > WIDEST:
        return None
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell + " " * (wide - cell_len(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip()


def items(table: Table) -> tuple[Spans, ...]:
    """One item a row: its first cell, and each other one that is not empty behind the name of its column."""
    return tuple(_item(table.head, row) for row in table.rows)


def _item(head: Sequence[str], row: Sequence[str]) -> Spans:
    others = [f"{name}: {cell}" for name, cell in zip(head[1:], row[1:], strict=True) if cell.strip()]
    return bold(inert_line(row[0])), Text(" – " * bool(others) + inert_line(" · ".join(others)))
