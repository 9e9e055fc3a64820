"""Spans -> Discord's Markdown, in pieces that a message can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from typing import Literal, assert_never

from adapters.cutting import cuts
from adapters.discord import markdown, sizes
from adapters.inert import inert, inert_line
from bot.door.command_table import COMMANDS, ROOT
from bot.door.messages import Holders, Link, Mention, Room, Span, Text, When
from bot.model import MemberId

Style = Literal["plain", "bold", "italic", "code"]

_PATHS = sorted((command.path for command in COMMANDS), key=len, reverse=True)
_OURS = re.compile(rf"(?<![\w/.:@-])/{ROOT} ({'|'.join(map(re.escape, _PATHS))})(?![\w-])")
_OPTION = re.compile(rf"(?<=\s)({'|'.join({o.name for c in COMMANDS for o in c.options})})=(?=\S)")
"""Of a command; Discord shows and takes a colon between its name and its value."""
_LINK = re.compile(rf"https?://[^\s<>\"'\\|`]{{1,{sizes.LINK}}}", re.I)
_ID = re.compile(r"[0-9]{1,20}")
_TIMES = {"date": "<t:{0}:D>", "day_time": "<t:{0}:f> (<t:{0}:R>)", "time": "<t:{0}:t>"}
_OBJECT = "\ufffc"
"""Stands for what cannot be cut."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What a message needs to know of where it is drawn."""

    users: Mapping[MemberId, str] = field(default_factory=dict)
    """User ids of members."""
    command: int | None = None
    """The id of our slash command."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of one style, or something that is already drawn."""

    text: str
    style: Style = "plain"
    drawn: str = ""

    def markdown(self, *, joined: bool) -> str:
        """`joined`: another run stands beside it without a space."""
        match self.style:
            case _ if self.drawn:
                return self.drawn
            case "plain":
                return markdown.escaped(self.text, joined=joined)
            case "bold":
                return markdown.styled(self.text, "**", joined=joined)
            case "italic":
                return markdown.styled(self.text, "*", joined=joined)
            case "code":
                return markdown.code(self.text, joined=joined)
            case _:
                assert_never(self.style)

    def touches(self, behind: _Run) -> bool:
        return not (self.text[-1].isspace() or behind.text[0].isspace())

    def weights(self, a_line: int) -> Iterator[int]:
        """Of each character, never less than what it becomes; `a_line`: what is put before each line."""
        if self.drawn:
            yield sizes.units(self.drawn) + len(markdown.GAP)
            return
        around = 0 if self.style == "plain" else markdown.AROUND
        for n, char in enumerate(self.text):
            begins = 0 if n else around + len(markdown.GAP)
            begins += a_line + around if char == "\n" else 0
            yield sizes.units(char) + (char in markdown.MARKED) + begins


def pieces(
    spans: Iterable[Span], reader: Reader, *, style: Style = "plain", verbatim: bool = False, a_line: int = 0, most: int
) -> list[str]:
    """The spans as Markdown, each piece at most so many units with `a_line` more before each of its lines.

    `style`: what plain text looks like. `verbatim`: somebody's own words, in which no command is live. Without blank
    edges; none where nothing can be seen.
    """
    runs = list(_merged(run for span in spans for run in _runs(span, reader, style, verbatim)))
    text = "".join(run.text for run in runs)
    weights = [weight for run in runs for weight in run.weights(a_line)]
    found = (_trimmed(text, *edges) for edges in cuts(text, weights, most - a_line - markdown.AROUND))
    return [_beside(list(_between(runs, *edges))) for edges in found if edges]


def _beside(runs: Sequence[_Run]) -> str:
    touching = [before.touches(run) for before, run in pairwise(runs)]
    joined = map(max, [False, *touching], [*touching, False])
    return reduce(markdown.beside, (run.markdown(joined=one) for run, one in zip(runs, joined, strict=True)), "")


def _runs(span: Span, reader: Reader, style: Style, verbatim: bool) -> Iterator[_Run]:
    match span:
        case Text(said, how):
            shown: Style = style if how == "plain" else how
            if verbatim or how == "italic" or reader.command is None:
                yield _Run(inert(said), shown)
            elif how != "code":
                yield from _with_commands(inert(said), shown, reader.command)
            elif ours := _OURS.fullmatch(said):
                yield _fixed(f"</{ROOT} {ours[1]}:{reader.command}>")
            else:
                yield _Run(_with_colons(inert(said), said.startswith(f"/{ROOT} ")), "code")
        case Link(url, label):
            yield _linked(inert_line(url), inert_line(label), style)
        case Mention(member, name):
            user = reader.users.get(member, "")
            yield _fixed(f"<@{user}>") if _ID.fullmatch(user) else _Run(inert_line(name), "bold")
        case Room(channel):
            yield _fixed(f"<#{channel}>") if _ID.fullmatch(channel) else _Run(inert_line(channel), "bold")
        case Holders(role):
            yield _fixed(f"<@&{role}>") if _ID.fullmatch(role) else _Run(f"the role {inert_line(role)}", "bold")
        case When(at, _, how_much):
            yield _fixed(_TIMES[how_much].format(int(at.timestamp())))
        case _:
            assert_never(span)


def _fixed(drawn: str) -> _Run:
    return _Run(_OBJECT, drawn=drawn)


def _with_commands(said: str, style: Style, command: int) -> Iterator[_Run]:
    begun = 0
    for ours in _OURS.finditer(said):
        yield _Run(_with_colons(said[begun : ours.start()], begun > 0), style)
        yield _fixed(f"</{ROOT} {ours[1]}:{command}>")
        begun = ours.end()
    yield _Run(_with_colons(said[begun:], begun > 0), style)


def _with_colons(said: str, is_command: bool) -> str:
    """The text; where it is or follows a command, with options as Discord writes them."""
    return _OPTION.sub(r"\1:", said) if is_command else said


def _linked(url: str, label: str, style: Style) -> _Run:
    if not _LINK.fullmatch(url) or len(label) > sizes.LINK_LABEL:
        url = url.removeprefix("mailto:")
        return _Run(url if label in ("", url) else f"{label} ({url})", style)
    url = url.replace("(", "%28").replace(")", "%29")
    if not label or "://" in label:  # Discord takes a label that looks like an address for a fraud
        return _fixed(f"<{url}>")
    return _fixed(f"[{markdown.escaped(label.replace('[', '(').replace(']', ')'))}]({url})")


def _merged(runs: Iterable[_Run]) -> Iterator[_Run]:
    """Neighbours of one style as one, so that a mark which they make together is seen."""
    last: _Run | None = None
    for run in runs:
        if last and not last.drawn and not run.drawn and last.style == run.style:
            last = _Run(last.text + run.text, run.style)
            continue
        if last and last.text:
            yield last
        last = run
    if last and last.text:
        yield last


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Without blank lines at its beginning and white space at its end; None where that is all."""
    seen = text[start:end].rstrip()
    if not seen:
        return None
    blank = re.match(r"(?:\s*\n)?", seen)
    return start + (blank.end() if blank else 0), start + len(seen)


def _between(runs: Sequence[_Run], start: int, end: int) -> Iterator[_Run]:
    at = 0
    for run in runs:
        kept = run.text[max(start - at, 0) : max(end - at, 0)]
        if kept:
            yield run if run.drawn else _Run(kept, run.style)
        at += len(run.text)
