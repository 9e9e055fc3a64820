"""What buttons and forms carry, so that they still work after a restart or a month later. Pure.

A custom id has at most 100 characters, of which the wish may fill 96 (LIMITS.BUTTON_WIRE), and differs from all others
of its message.
"""

from __future__ import annotations

import re

from bot.door import commands
from bot.door.intents import Intent
from bot.door.messages import Button

PRESS = re.compile(r"(?P<place>\d{1,2})~(?P<wire>[^~]*)", re.S)
"""Of a button: its place in the message, and its wish."""
FORM = re.compile(r"f(?P<attempt>[0-9a-z]{2})~(?P<wire>[^~]*)", re.S)
"""Of a form: which attempt it is, since phones keep what was typed by the form's id, and the wish that it completes."""


def press(place: int, button: Button) -> str:
    return f"{place}~{commands.encode(button)}"


def form(attempt: str, submits: Intent) -> str:
    """`attempt`: two of 0-9a-z. Raises ValueError for a wish that does not fit."""
    return f"f{attempt}~{commands.encoded(submits)}"
