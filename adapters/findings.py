"""What `rolecall doctor` finds out about a platform, and what it tells of cohorts' channels for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    health: Literal["ok", "warn", "fail"]
    about: str
    said: str
    """A sentence, with what to do about it where that is something."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A cohort's channel, as it is kept."""

    workspace: str
    id: str
    cohort: str
    closed: str = ""
    """Why nothing can be posted there, where delivery has been told so."""
