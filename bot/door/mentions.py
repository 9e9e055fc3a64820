"""Who is mentioned in a message: a platform that knows them by another id asks for it before it draws. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.door.messages import Bullets, Facts, Mention, Message, Paragraph, Spans
from bot.model import MemberId


def mentioned(message: Message) -> frozenset[MemberId]:
    return frozenset(span.member for spans in _lines(message) for span in spans if isinstance(span, Mention))


def _lines(message: Message) -> Iterator[Spans]:
    for block in message.blocks:
        match block:
            case Paragraph(spans):
                yield spans
            case Bullets(items):
                yield from items
            case Facts(pairs):
                yield from (value for _, value in pairs)
