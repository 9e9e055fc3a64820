"""Opening forms, and what becomes of a form that was refused: Discord has closed it with what was typed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import discord
import structlog

from adapters.discord import replying, sentences, views
from adapters.discord.replying import UNREACHED, Replies, Spot
from adapters.latest import Latest
from adapters.sentences import form_by_button
from bot.door.intents import Intent
from bot.door.messages import Form

log = structlog.get_logger()

SECONDS = 2.0
"""How long a form is waited for; Discord waits three seconds, and the third is the network's."""
KEPT_SECONDS = 900.0
"""How long what was typed into a refused form is shown in it again."""
DRAFTS, OPENED = 500, 20_000
"""How many refused forms, and opened ones, are remembered at a time."""
_ACKNOWLEDGED = 40060
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Forms:
    def __init__(self, replies: Replies) -> None:
        self._replies = replies
        self._openers: Latest[tuple[str, str], Intent] = Latest(OPENED)
        self._drafts: Latest[int, tuple[float, Mapping[str, str]]] = Latest(DRAFTS)

    async def open(self, spot: Spot, wish: Intent, form: Form) -> None:
        """Opens a form, or offers a button for it where Discord no longer takes it."""
        interaction = spot.interaction
        if interaction and not spot.acknowledging:
            attempt = _attempt(interaction.id)
            try:
                async with asyncio.timeout(replying.FIRST_SECONDS):
                    await interaction.response.send_modal(views.modal(form, attempt, self._typed(interaction)))
            except discord.HTTPException as error:
                if error.code == _ACKNOWLEDGED:  # it came twice: the form is open
                    return
                log.info("discord_form_by_button", status=error.status, code=error.code)
                if error.status == 404:
                    spot.interaction = None
            except UNREACHED as error:
                log.info("discord_form_by_button", error=type(error).__name__)
            else:
                self._openers[spot.user, attempt] = wish
                return
        await self._replies.say(spot, form_by_button(form, wish))

    async def refused(self, spot: Spot, attempt: str, reason: str, typed: Mapping[str, str]) -> None:
        """Says what is wrong with a form, with all that was written in it and a button that opens it with that."""
        texts = [text for text in typed.values() if text.strip()]
        message = sentences.refused(reason, texts, self._openers.get((spot.user, attempt)))
        said = await self._replies.say(spot, message)
        if said.last:
            self._drafts[said.last.id] = (asyncio.get_running_loop().time() + KEPT_SECONDS, typed)

    def _typed(self, interaction: discord.Interaction) -> Mapping[str, str]:
        """What was typed into the form that a button opens again."""
        kept = self._drafts.get(interaction.message.id) if interaction.message else None
        until, typed = kept or (0.0, {})
        return typed if asyncio.get_running_loop().time() < until else {}


def _attempt(interaction: int) -> str:
    """Two signs that differ from one opening of a form to the next, out of Discord's id of the press."""
    high, low = divmod((interaction + (interaction >> 22)) % len(_DIGITS) ** 2, len(_DIGITS))
    return _DIGITS[high] + _DIGITS[low]
