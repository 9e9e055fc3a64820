"""What can be written in a picture: our own two fonts, the characters that they have, text cut to a measured width.

Names are people's own, in any script. What the fonts lack, or cannot shape (right-to-left scripts), is left out, so
that no empty box appears; whoever is left without a letter is sent to the text beside the picture.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path
from struct import iter_unpack, unpack_from

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

ELSEWHERE = "(see the text)"
"""Written for a name of which nothing can be."""
LONGEST = 500
"""Characters; nothing that is written has room for more."""

_FONTS = Path(__file__).parent / "fonts"
_BLANK = "\u2800"
"""A Braille cell without dots: a character, and nothing to see."""


@cache
def font(size: int, bold: bool = False) -> FreeTypeFont:
    """DejaVu Sans in a size in pixels; laid out by Pillow alone, so that it looks the same on every machine."""
    file = _FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)


def writable(text: str) -> str:
    """The text on one line, without what cannot be drawn: … for letters, nothing for symbols; or ELSEWHERE."""
    kept = []
    for character in unicodedata.normalize("NFC", text[:LONGEST]):
        kind = unicodedata.category(character)[0]
        if character.isspace():
            kept.append(" ")
        elif kind in "CM" or character == _BLANK:  # control and bidi characters, marks that belong above a letter
            continue
        elif unicodedata.bidirectional(character) not in {"R", "AL"} and ord(character) in _glyphs():
            kept.append(character)
        elif kind in "LN":
            kept.append("…")
    line = re.sub("…+", "…", " ".join("".join(kept).split()))
    return line if line.strip("… ") else ELSEWHERE


def fit(text: str, width: float, size: int, *, bold: bool = False) -> str:
    """The text as it is where it is at most so many pixels wide, else its beginning and …."""
    face = font(size, bold)
    if face.getlength(text) <= width:
        return text
    room = bisect_right(range(len(text)), width, key=lambda n: face.getlength(text[:n] + "…"))
    return text[: max(room - 1, 0)].rstrip(" ,;:") + "…"


def wrap(text: str, width: float, size: int, most: int, *, bold: bool = False) -> list[str]:
    """The text in lines of at most so many pixels, at most so many lines; the last one is cut where more is left."""
    face = font(size, bold)
    lines: list[str] = []
    for word in text.split():
        if lines and face.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    rest = " ".join(lines[most - 1 :])
    return [fit(line, width, size, bold=bold) for line in (*lines[: most - 1], *([rest] if rest else []))]


@cache
def _glyphs() -> frozenset[int]:
    """The code points that both fonts have a glyph for."""
    regular, bold = (_code_points((_FONTS / name).read_bytes()) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"))
    return regular & bold


def _code_points(data: bytes) -> frozenset[int]:
    """What a TrueType file maps to glyphs: its table "cmap" in format 12 (OpenType specification 1.9, "cmap")."""
    tables = {
        tag: start for tag, _, start, _ in iter_unpack(">4sIII", data[12 : 12 + 16 * unpack_from(">H", data, 4)[0]])
    }
    cmap = tables[b"cmap"]
    many = unpack_from(">H", data, cmap + 2)[0]
    starts = [cmap + offset for _, _, offset in iter_unpack(">HHI", data[cmap + 4 : cmap + 4 + 8 * many])]
    full = next(start for start in starts if unpack_from(">H", data, start)[0] == 12)
    groups = data[full + 16 : full + 16 + 12 * unpack_from(">I", data, full + 12)[0]]
    return frozenset(point for first, last, _ in iter_unpack(">III", groups) for point in range(first, last + 1))
