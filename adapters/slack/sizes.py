"""How much Slack takes, and how blocks are divided into messages. It knows them as JSON, and nothing of their words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]

MESSAGE_BLOCKS = 50
SURFACE_BLOCKS = 100
"""On the Home tab and in a modal."""
MESSAGE_WEIGHT = 12_000
"""Characters of the blocks as JSON. Slack answers msg_blocks_too_long from about 13,200 on, and it counts more than the
texts: 11,341 characters of text in rich_text blocks were refused (github.com/slackapi/bolt-js/issues/2509, 2867;
2026-04)."""
SURFACE_WEIGHT = 200_000
"""Bytes as slack_sdk sends them; a view may have 250 kB with all that surrounds it."""
BLOCK_WEIGHT = 4_500
"""So little that a block, and 25 buttons below it, always fit into one message."""
HEADING_WEIGHT = 400
"""Up to which a heading shares a block with what it is above."""
TEXT = 2_100
"""Characters of one text; each may weigh two, as a quotation mark does."""
HEADER = 150
ALT = 2_000
BUTTON = 75
ROW = 5
"""Buttons in one block: Slack takes 25, which a phone piles up into one long heap."""


def weight(blocks: object) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))


def grouped(things: Iterable[Json], most: int, count: int | None = None) -> Iterator[list[Json]]:
    """The things in their order, in groups that weigh at most so much and have at most `count` of them.

    What weighs more by itself is a group of its own.
    """
    group: list[Json] = []
    weighs = 0
    for thing in things:
        heavy = weight(thing) + 2
        if group and (weighs + heavy > most or len(group) == count):
            yield group
            group, weighs = [], 0
        group.append(thing)
        weighs += heavy
    if group:
        yield group
