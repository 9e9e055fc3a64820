"""What Discord needs to know of this installation."""

from __future__ import annotations

from dataclasses import dataclass, field

PLATFORM = "discord"
TENANT = ""
"""Of accounts: a Discord user is one person on all servers."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What the operator has set."""

    token: str = field(repr=False)
    guild: int = 0
    """The only server whose command list is kept, for trying things out; 0: commands are everywhere."""
    reads_threads: bool = False
    """Whether what is typed in the threads of prompts is read: Discord's privileged message-content intent."""
    base_url: str = ""
    """Where Discord's API is; empty: at Discord."""
    shards: int = 0
    """0: as many as Discord advises."""
