"""Makes text safe to draw: what somebody typed never moves the cursor, recolours or reorders the screen.

It must not know who wrote the text or where it will stand; every span and label passes through it.
"""

from __future__ import annotations

import re
import unicodedata

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS and their kin
    r"|\x1b[ -/]*[0-~]?"
)
_LINE_ENDS = re.compile(r"\r\n|[\x0b\x0c\x85\u2028\u2029]")
_JOINERS = "\u200c\u200d"  # Persian and Indic spelling and joined emoji need them, and they hide nothing
_TAB = "    "


def inert(text: str) -> str:
    """The text without escape codes, control characters, bidi overrides and invisible format characters.

    Line ends become "\\n", tabs four spaces, undecodable bytes "�"; joiners inside words and emoji stay.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", _ESCAPES.sub("", text)).replace("\t", _TAB)
    return "".join(map(_harmless, text))


def inert_line(text: str) -> str:
    """`inert`, on one line: for labels, titles and names."""
    return " ".join(inert(text).split())


def _harmless(char: str) -> str:
    if char == "\n" or char in _JOINERS:
        return char
    category = unicodedata.category(char)
    if category == "Cs":
        return "�"
    return "" if category in ("Cc", "Cf") else char
