"""Form -> Discord's modal, and what was filled in -> values by field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from bot.door.messages import Form


def modal(form: Form, attempt: str, typed: Mapping[str, str] | None = None) -> discord.ui.Modal:
    """A form's modal, to be made in a running loop. `typed`: what was filled in before, which it shows again.

    It is never stored by discord.py: what is sent in comes to `app`, also after a restart.
    """
    raise NotImplementedError


def values(data: Mapping[str, Any]) -> dict[str, str]:
    """What was filled into a submitted modal, by field; an empty text for what was left empty."""
    raise NotImplementedError
