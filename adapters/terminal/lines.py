"""What a typed line means outside a form: a command, a way out, or somebody's own words.

It knows the command table, and neither people, places nor screen.
"""

from __future__ import annotations

from bot.door import commands
from bot.door.commands import Vocabulary
from bot.door.intents import Intent
from bot.errors import RolecallError

LEAVE = ("quit", "exit")


def leaves(line: str) -> bool:
    return line.strip().removeprefix("/").lower() in LEAVE


def slashed(line: str, vocabulary: Vocabulary) -> Intent | None:
    """The command that a line of a text is; such a line may begin with a slash without being one."""
    try:
        return commands.parse(line, vocabulary) if line.startswith("/") else None
    except RolecallError:
        return None


def literal(line: str, vocabulary: Vocabulary) -> str:
    """The line without the backslash that keeps it from being read as a number, a command or a key word."""
    rest = line.strip().removeprefix("\\")
    if rest == line.strip():
        return line
    is_special = (
        rest.isdigit()
        or rest.startswith("/")
        or rest.lower() in (*LEAVE, "cancel", "e")
        or (rest and commands.parse_bare(rest, vocabulary))
    )
    return rest if is_special else line
