"""Message -> what rich prints. Pure: no console, no clock, no session.

The same blocks are drawn in both modes. Plain leaves out boxes, colours and control
codes and reads well in a README; the other frames each message in a panel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import assert_never
from zoneinfo import ZoneInfo

from rich.box import ROUNDED, SIMPLE_HEAD, Box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.style import Style
from rich.table import Table as Grid
from rich.text import Text as Styled

from adapters.inert import inert, inert_line
from bot.door.messages import (
    Block,
    Bullets,
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
    Table,
    Text,
    When,
)

_DASHED = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
_SPAN_STYLE = {"plain": "", "bold": "bold", "italic": "italic", "code": "cyan"}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_LABEL = 28
"""A row of labels longer than this reads better as a list."""


class Hanging:
    """A renderable whose first line stands behind one mark and whose other lines stand behind another."""

    def __init__(self, inner: RenderableType, first: str, rest: str, style: str = "") -> None:
        self.inner, self.first, self.rest, self.style = inner, first, rest, Style.parse(style)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(options.max_width - max(cell_len(self.first), cell_len(self.rest)), 8)
        for number, line in enumerate(console.render_lines(self.inner, options.update(width=width), pad=False)):
            yield Segment(self.rest if number else self.first, self.style)
            yield from line
            yield Segment.line()


class Verbatim:
    """Lines that are neither wrapped nor cut, whatever the width, so that they can be copied."""

    def __init__(self, text: str, indent: str) -> None:
        self.lines, self.indent = text.split("\n"), indent

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.lines:
            yield Segment(self.indent + line)
            yield Segment.line()


class Row:
    """Items side by side, none of them broken over a line end; a list if one of them is long."""

    def __init__(self, items: Sequence[Styled]) -> None:
        self.items = items

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        whole = sum(item.cell_len + 2 for item in self.items) - 2
        listed = whole > options.max_width and any(item.cell_len > _LONG_LABEL for item in self.items)
        line = Styled()
        for item in self.items:
            if line and (listed or line.cell_len + 2 + item.cell_len > options.max_width):
                yield line
                line = Styled()
            line = Styled.assemble(line, "  ", item) if line else item
        yield line


def draw(message: Message, *, plain: bool, width: int, mark: str = "", pushed: bool = False) -> RenderableType:
    """A whole message. `mark` is a remark on it, such as who can see it; `width` is in cells."""
    parts = list(_spaced(message.blocks, plain))
    if message.buttons:
        labels = [(button.label, button.primary) for button in message.buttons]
        parts += [Styled(), numbered(labels, plain=plain)] if parts else [numbered(labels, plain=plain)]
    title = inert_line(message.title or "")
    framed_title = bool(title) and not plain and cell_len(title) <= width - 8
    if title and not framed_title:
        line = [Styled("─" * min(cell_len(title), width - 2))] if plain else []
        parts = [Styled(title, "bold"), *line, *([Styled(), *parts] if parts else [])]
    if plain:
        if mark:
            parts = [Styled(f"({mark})"), Styled(), *parts]
        return Group(*(part if isinstance(part, Verbatim) else Padding(part, (0, 0, 0, 2)) for part in parts))
    return Panel(
        Group(*parts),
        box=ROUNDED,
        title=Styled(title, "bold") if framed_title else None,
        title_align="left",
        subtitle=Styled(mark, "dim") if mark else None,
        subtitle_align="left",
        border_style="magenta" if pushed else "cyan",
        padding=(0, 1),
        width=width,
    )


def numbered(labels: Iterable[tuple[str, bool]], *, plain: bool) -> RenderableType:
    """`[1] Hint  [2] Skip`; the second of each pair says whether the label is the likeliest."""
    return Row(
        [
            Styled.assemble((f"[{n}]", "bold cyan"), " ", (inert_line(label), "bold" if primary and not plain else ""))
            for n, (label, primary) in enumerate(labels, start=1)
        ]
    )


def note(text: str, *, plain: bool) -> RenderableType:
    """A calm remark of the terminal's or Rolecall's about what was just typed."""
    words = Styled(inert(text), overflow="fold")
    return Padding(words, (0, 0, 0, 2)) if plain else Hanging(words, " ▌ ", " ▌ ", "yellow")


def quoted(text: str, *, plain: bool) -> RenderableType:
    """Somebody's own words."""
    bar = "| " if plain else "▌ "
    return Hanging(Styled(inert(text), "" if plain else "italic", overflow="fold"), bar, bar, "cyan")


def moment(at: datetime, zone: tzinfo, style: str = "day_time") -> str:
    """`Thu 15 Jan 2026 09:00`, the date alone, or the time alone, in that zone."""
    local = at.astimezone(zone)
    time = f"{local:%H:%M}"
    day = f"{_WEEKDAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"
    return {"time": time, "date": day}.get(style, f"{day} {time}")


def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name; UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return UTC


def _spaced(blocks: Sequence[Block], plain: bool) -> Iterable[RenderableType]:
    """Blocks with an empty line between them; a heading and a quotation stay with their neighbour."""
    for number, block in enumerate(blocks):
        before = blocks[number - 1] if number else None
        follows_heading = isinstance(before, Paragraph) and before.kind == "heading"
        is_quote = isinstance(block, Paragraph) and block.kind == "quote"
        if before is not None and not follows_heading and not is_quote:
            yield Styled()
        yield _block(block, plain)


def _block(block: Block, plain: bool) -> RenderableType:
    match block:
        case Paragraph(spans, "quote"):
            bar = "| " if plain else "▌ "
            return Hanging(_line(spans, plain, "" if plain else "italic"), bar, bar, "cyan")
        case Paragraph(spans, kind):
            return _line(spans, plain, {"heading": "bold", "note": "dim"}.get(kind, ""))
        case CodeBlock(text):
            code = inert(text).strip("\n")
            return Verbatim(code, " " * 6) if plain else Padding(Styled(code, "cyan", overflow="fold"), (0, 0, 0, 2))
        case Bullets(items, is_numbered):
            marks = [f"{n}. " if is_numbered else "• " for n in range(1, len(items) + 1)]
            wide = max(map(len, marks), default=0)
            return Group(
                *(
                    Hanging(_line(i, plain), m.rjust(wide), " " * wide, "cyan")
                    for i, m in zip(items, marks, strict=True)
                )
            )
        case Facts(pairs):
            grid = Grid.grid(padding=(0, 2, 0, 0))
            grid.add_column(max_width=26, overflow="fold")
            grid.add_column(overflow="fold")
            for label, spans in pairs:
                grid.add_row(Styled(inert_line(label), "" if plain else "dim"), _line(spans, plain))
            return grid
        case Table(head, rows):
            table = Grid(box=_DASHED if plain else SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1))
            for name in head:
                table.add_column(Styled(inert_line(name), "bold"), overflow="fold")
            for row in rows:
                table.add_row(*(Styled(inert(cell)) for cell in row))
            return table
        case Picture(_, alt):
            gist, _, more = inert_line(alt).partition(". ")
            return Styled(f"[picture: {gist}{'.' if more else ''}]", "dim", overflow="fold")
        case _:
            assert_never(block)


def _line(spans: Sequence[Span], plain: bool, style: str = "") -> Styled:
    line = Styled(style=style, overflow="fold")
    for span in spans:
        match span:
            case Text(text, "code") if plain:
                line.append(f"`{inert(text)}`")
            case Text(text, how):
                line.append(inert(text), _SPAN_STYLE[how] or None)
            case Link(url, label):
                url, label = inert_line(url), inert_line(label)
                line.append(label if label == url else f"{label} ({url})")
            case Mention(_, name):
                line.append("@" + inert_line(name), "bold")
            case Room(channel):
                line.append(inert_line(channel), "bold")
            case Holders(role):
                line.append(f"the role {inert_line(role)}", "bold")
            case When(at, zone, how):
                line.append(moment(at, zone_of(zone), how))
            case _:
                assert_never(span)
    return line
