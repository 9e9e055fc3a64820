"""Discord's Markdown, written so that only what we mean is formatted: whatever anybody typed stands as it was typed.

It knows strings only. Discord reads a backslash before any character that is neither a letter, a digit nor a space as
that character; where a backslash means nothing, in code, what would end the code is parted by a space of no width.
"""

from __future__ import annotations

import re

GAP = "\u200b"
"""A space of no width. No text of others has it any more (`adapters.inert`)."""
MARKED = frozenset("\\`*_~|<[]:@-+>#.)")
"""What may get a backslash: at most one each."""
AROUND = 6
"""Characters that a style may need around each line of a text, at most."""

_ANYWHERE = re.compile(r"[\\`*_~|<\[\]]|@(?=everyone|here)", re.I)
_WORD = re.compile(r"\S+")
_LINE_START = re.compile(r"^([^\S\n]*)([-+>#])", re.M)
_NUMBER = re.compile(r"^([^\S\n]*\d+)([.)])", re.M)
_CORE = re.compile(r"^([^\S\n]*)(.*?)([^\S\n]*)$", re.M)
_TICKS = re.compile(r"`+")
_FENCE = re.compile(r"`(?=``)")


def escaped(text: str, *, joined: bool = False) -> str:
    """The text, in which nothing is live, wherever in a line it will stand.

    `joined`: something else stands beside it without a space, with which a colon might make an emoji's name.
    """
    text = _WORD.sub(lambda word: _colons(word[0], joined=joined), _ANYWHERE.sub(r"\\\g<0>", text))
    return _NUMBER.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", text))


def _colons(word: str, *, joined: bool) -> str:
    """A colon is left alone where it can neither begin an address nor name an emoji, as that of 09:00."""
    return word.replace(":", "\\:") if joined or word.count(":") > 1 or "://" in word else word


def styled(text: str, mark: str, *, joined: bool = False) -> str:
    """Each line of it between marks, such as "**"."""

    def between(line: re.Match[str]) -> str:
        return f"{line[1]}{mark}{escaped(line[2], joined=joined)}{mark}{line[3]}" if line[2] else line[0]

    return _CORE.sub(between, text)


def code(text: str, *, joined: bool = False) -> str:
    """Each line of it as code where Discord can show it so, else as it is."""
    return _CORE.sub(lambda line: line[1] + _code(line[2], joined) + line[3] if line[2] else line[0], text)


def _code(text: str, joined: bool) -> str:
    runs = {len(run) for run in _TICKS.findall(text)}
    ticks = next(("`" * n for n in (1, 2) if n not in runs and max(runs, default=0) < 3), "")
    if not ticks or "|" in text:  # Discord would find a fence, or the end of a spoiler
        return escaped(text, joined=joined)
    inset = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{inset}{text}{inset}{ticks}"


def fenced(text: str) -> str:
    """A block of code."""
    return f"```\n{_FENCE.sub(f'`{GAP}', text)}\n```"


def spoiled(text: str) -> str:
    """Covered until it is touched."""
    return f"||{text}{GAP if text.endswith('|') else ''}||"


def title(text: str) -> str:
    """A heading line; what is at its end is no part of the heading's mark."""
    return f"### {escaped(text)}{GAP if text.endswith('#') else ''}"


def beside(before: str, after: str) -> str:
    """Two pieces, one behind the other, whose marks do not run into each other."""
    return before + (GAP if before and after and before[-1] == after[0] and after[0] in "*`_~|" else "") + after
