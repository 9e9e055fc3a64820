"""Message -> what Discord shows: embeds, pictures with their descriptions, files, and buttons. Pure.

The text above the embeds is what notifications and screen readers get: the summary, which holds nothing private.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord import ids, markdown, sizes
from adapters.discord.blocks import NOTHING, File, Piece, Thing, drawn
from adapters.discord.spans import Reader
from adapters.inert import inert_line
from bot.door.command_table import ROOT
from bot.door.messages import LIMITS, Block, Bullets, Button, Facts, Mention, Message, Paragraph, Spans, clip
from bot.model import MemberId

_MARK = re.compile(r"https://discord\.com/#rolecall-(?P<mark>\w+)-(?P<part>\d+)-(?P<of>\d+)")


@dataclass(frozen=True, slots=True)
class Part:
    """One message of Discord's."""

    content: str
    """Plain text above the embeds; empty: none."""
    embeds: tuple[discord.Embed, ...]
    attached: tuple[tuple[str, bytes, str], ...] = ()
    """Name of the file, what is in it, and its description."""
    buttons: tuple[discord.ui.Button[discord.ui.View], ...] = ()
    rings: tuple[int, ...] = ()
    """Whom Discord tells of it, by user id."""

    def sent(self) -> dict[str, Any]:
        """As arguments of discord.py's methods that send: made anew for each call, in the loop that makes it."""
        found = {"content": self.content, "files": self._files(), "view": self._view()}
        return self._shown() | {name: value for name, value in found.items() if value}

    def edited(self) -> dict[str, Any]:
        """As arguments of those that edit: what the message had before is gone."""
        return self._shown() | {
            "content": self.content or None,
            "attachments": self._files(),
            "view": self._view(),
        }

    def _shown(self) -> dict[str, Any]:
        ringing = [discord.Object(user) for user in self.rings]
        mentions = discord.AllowedMentions(everyone=False, users=ringing, roles=False, replied_user=False)
        return {"embeds": [embed.copy() for embed in self.embeds], "allowed_mentions": mentions}

    def _files(self) -> list[discord.File]:
        return [discord.File(io.BytesIO(content), name, description=alt) for name, content, alt in self.attached]

    def _view(self) -> discord.ui.View | None:
        if not self.buttons:
            return None
        view = discord.ui.View(timeout=None)
        for button in self.buttons:
            view.add_item(button.copy())
        view.stop()  # else discord.py keeps it for as long as the process lives
        return view


def parts(
    message: Message,
    *,
    users: Mapping[MemberId, str] | None = None,
    commands: Mapping[str, int] | None = None,
    notifies: bool = False,
    mark: str = "",
) -> list[Part]:
    """A message as one or more of Discord's, which are sent in this order; the buttons stand below the last.

    `users`: user ids of who is mentioned. `commands`: the id of the slash command by its first name, which makes
    "/rolecall practice" something to press. `notifies`: the summary stands above it (for what nobody waits for).
    `mark`: by which it is found again in a channel's history (`marked`).
    """
    reader = Reader(users or {}, (commands or {}).get(ROOT))
    said = markdown.escaped(clip(inert_line(message.summary), LIMITS.SUMMARY)) or NOTHING
    title = inert_line(message.title or "")
    pages = list(_pages(list(drawn(title, message.blocks, reader)) or [Piece(said)]))
    rings = _rings(message, reader)
    made = []
    for n, page in enumerate(pages, start=1):
        above = [f"<@{user}>" for user in rings] if n == 1 else []
        if notifies:
            above.append(said if len(pages) == 1 else f"{said} ({n} of {len(pages)})")
        embeds, attached = _embeds(page)
        if mark:
            embeds[0].url = f"https://discord.com/#rolecall-{mark}-{n}-{len(pages)}"
        buttons = tuple(map(_button, range(len(message.buttons)), message.buttons)) if n == len(pages) else ()
        made.append(Part(" ".join(above), tuple(embeds), attached, buttons, tuple(rings) if n == 1 else ()))
    return made


def marked(message: discord.Message) -> tuple[str, int, int] | None:
    """The mark of a message that was sent with one, which of its parts it is, and of how many; None without one."""
    found = _MARK.fullmatch(message.embeds[0].url or "") if message.embeds else None
    return (found["mark"], int(found["part"]), int(found["of"])) if found else None


def _pages(found: Iterable[Thing]) -> Iterator[list[Thing]]:
    """What stands in one message each; a heading stays with what it is above."""
    page: list[Thing] = []
    for thing in found:
        if page and not _fits(page, thing):
            heading = page.pop() if len(page) > 1 and _opens(page[-1]) else None
            yield page
            page = [heading] if heading else []
        page.append(thing)
    yield page


def _fits(page: Sequence[Thing], thing: Thing) -> bool:
    if not isinstance(thing, Piece):
        return sum(not isinstance(other, Piece) for other in page) < sizes.EMBEDS - 1
    texts = [one for one in (*page, thing) if isinstance(one, Piece)]
    return sum(sizes.units(one.gap) + sizes.units(one.text) for one in texts) <= sizes.MESSAGE


def _opens(thing: Thing) -> bool:
    return isinstance(thing, Piece) and thing.opens


def _embeds(page: Iterable[Thing]) -> tuple[list[discord.Embed], tuple[tuple[str, bytes, str], ...]]:
    """The page in embeds: a picture stands below the text of its embed, so what follows it begins another."""
    embeds = [discord.Embed()]
    attached: list[tuple[str, bytes, str]] = []
    for thing in page:
        number = len(attached) + 1
        if isinstance(thing, File):
            attached.append((f"text-{number}.txt", thing.text.encode(), NOTHING))
            continue
        if embeds[-1].image:
            embeds.append(discord.Embed())
        if isinstance(thing, Piece):
            before = embeds[-1].description
            embeds[-1].description = f"{before}{thing.gap}{thing.text}" if before else thing.text
        else:
            name = f"picture-{number}.png"
            attached.append((name, thing.png, sizes.clipped(inert_line(thing.alt), sizes.ALT) or NOTHING))
            embeds[-1].set_image(url=f"attachment://{name}")
    return embeds, tuple(attached)


def _button(place: int, button: Button) -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(
        style=discord.ButtonStyle.primary if button.primary else discord.ButtonStyle.secondary,
        label=sizes.clipped(inert_line(button.label), sizes.BUTTON) or NOTHING,
        custom_id=ids.press(place, button),
    )


def _rings(message: Message, reader: Reader) -> list[int]:
    named = [span for block in message.blocks for span in _spans(block) if isinstance(span, Mention) and span.rings]
    users = dict.fromkeys(reader.users.get(mention.member, "") for mention in named)
    return [int(user) for user in users if user.isdecimal()][: sizes.RINGS]


def _spans(block: Block) -> Spans:
    match block:
        case Paragraph(spans):
            return spans
        case Bullets(items):
            return tuple(span for item in items for span in item)
        case Facts(pairs):
            return tuple(span for _, value in pairs for span in value)
        case _:
            return ()
