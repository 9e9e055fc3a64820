"""What Slack needs to know of this installation, and which workspaces it is in: each with its token, keyed by team."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SLACK_API = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class Installation:
    """What the operator has set."""

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    """For Socket Mode; empty: events come as signed HTTP requests."""
    signing_secret: str = field(default="", repr=False)
    base_url: str = SLACK_API
    root: str = "rolecall"
    """The slash command, without its slash."""
    host: str = "127.0.0.1"
    port: int = 3000
    """Where signed HTTP requests are awaited."""


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace that has installed the app."""

    id: str
    name: str
    bot_user: str
    token: str = field(repr=False)
    enterprise: str = ""
    """The organisation of an Enterprise Grid that it belongs to."""


Teams = Callable[[], Mapping[str, Team]]
"""The workspaces by their id, asked anew each time: they come and go."""
