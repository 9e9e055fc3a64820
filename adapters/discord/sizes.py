"""How much Discord takes (discord.com/developers, "Message", "Component reference", 2026-11), and what we make of it.

Whether Discord counts code points or UTF-16 units is nowhere written; everything here counts units, which are never
fewer.
"""

from __future__ import annotations

from bot.door.messages import clip

MESSAGE = 2_400
"""Of Markdown in one message, where Discord takes 4,096 in an embed: the 1,900 characters that are read, and what
formats them; a command to press has 25 more than can be seen."""
PIECE = 2_000
"""Of Markdown in one piece, so that the title or a heading above it fits into its message."""
FILE = 6_000
"""Of text that would be shown as it is, such as an export: more comes as a file, since each message takes a second."""
HEADING = 300
"""Up to which a heading goes into the next message with what it is above."""
EMBEDS = 10
BUTTON = 80
ALT = 1_024
LINK = 1_000
"""Characters of an address; a longer one is written out."""
LINK_LABEL = 200
RINGS = 40
"""People whom one message rings: so many fit above the embeds beside the summary."""
FORM_TITLE = 45
FORM_LABEL = 45
FORM_HINT = 100
FORM_VALUE = 100
"""Of a choice, label and value."""
FORM_TEXT = 4_000


def units(text: str) -> int:
    """UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def clipped(text: str, most: int) -> str:
    """The text on one line, at most so many units, with … where something is missing."""
    line = clip(text, most)
    if units(line) <= most:
        return line
    return within(line, most - 1).rstrip() + "…"


def within(text: str, most: int) -> str:
    """As much of the beginning as has at most so many units."""
    if units(text) <= most:
        return text
    kept = text[:most]
    while units(kept) > most:
        kept = kept[:-1]
    return kept
