"""What Discord gets of a message, checked as Discord checks it."""

from __future__ import annotations

from typing import Any

from simcord.components import validate_message_state

from adapters.discord import sizes
from adapters.discord.render import Part, parts
from bot.door.messages import Block, Message
from tests.adapters.discord import markdown
from tests.discord.validation import check_embeds


def said(*blocks: Block, **more: Any) -> Message:
    return Message("A message", blocks, **more)


def drawn(message: Message, **options: Any) -> list[Part]:
    """The parts, each of which Discord takes, counted in UTF-16 units too."""
    found = parts(message, **options)
    for part in found:
        check(part)
    return found


def check(part: Part) -> None:
    args = part.sent()
    embeds = [embed.to_dict() for embed in args["embeds"]]
    components = args["view"].to_components() if "view" in args else []
    validate_message_state(
        components,
        flags=0,
        content=args.get("content"),
        embeds=embeds,
        attachments=args.get("files"),
        require_nonempty=True,
    )
    check_embeds({"embeds": embeds}, {file.filename for file in args.get("files", [])})
    assert sizes.units(part.content) <= 2_000
    assert sum(sizes.units(embed.description or "") for embed in part.embeds) <= sizes.MESSAGE
    assert all(sizes.units(button.label or "") <= sizes.BUTTON for button in part.buttons)
    assert all(sizes.units(alt) <= sizes.ALT for _, _, alt in part.attached)
    "".join([part.content, *texts(part)]).encode()


def texts(*found: Part) -> list[str]:
    return [embed.description for part in found for embed in part.embeds if embed.description]


def text(message: Message, **options: Any) -> str:
    """The Markdown of a message that becomes one embed."""
    (only,) = texts(*drawn(message, **options))
    return only


def seen(*found: Part) -> str:
    """What is seen in the embeds, without white space."""
    return "".join(map(markdown.seen, texts(*found)))
