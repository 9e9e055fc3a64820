"""What is said around an organiser's announcement. Takes values; looks nothing up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from bot.cohort_model import Channel, Cohort
from bot.cohorts.outlet_words import named
from bot.door.cohort_intents import Announce
from bot.door.messages import LIMITS, Field, Form, Message, clip, note, paragraph

LONGEST = 1_500
"""Characters."""
EMPTY = "There is nothing in it yet. Write what the cohort should know."


def form(cohort: Cohort) -> Form:
    return Form(
        title="An announcement",
        fields=(
            Field(
                "text",
                "What should the cohort know?",
                kind="paragraph",
                max_length=LONGEST,
                hint=clip(f"It is posted in the channel of {cohort.name}, with your name", 100),
            ),
        ),
        submits=Announce(cohort=cohort.id),
    )


def too_long(length: int) -> str:
    over = length - LONGEST
    return f"That has {length:,} characters; {LONGEST:,} fit into one post. Cut {over:,} of them, or make two."


def enough(most: int) -> str:
    return (
        f"This cohort has had {most} announcements today, and more would hardly be read. Write the rest tomorrow, or "
        "say it in the channel yourself."
    )


def announcement(cohort: Cohort, text: str, author: str) -> Message:
    """The post. What was typed stays as it is: nobody is mentioned by it. `author`: ""  once they have left."""
    by = clip(author, 60) or "An organiser"
    return Message(
        summary=clip(f"{by} to “{clip(cohort.name, 60)}”: {text}", LIMITS.SUMMARY),
        title=clip(f"To “{clip(cohort.name, 60)}”", LIMITS.TITLE),
        blocks=(
            *(paragraph(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip()),
            note(f"{by}, organiser"),
        ),
    )


def announced(cohort: Cohort, to: Sequence[Channel], lacking: Sequence[str]) -> Message:
    """Where it goes, and where it does not."""
    return Message(
        summary="Your announcement is posted",
        blocks=(
            paragraph(f"Your announcement goes to the channel of “{clip(cohort.name, 60)}” now ({named(to)})."),
            *(paragraph(what) for what in lacking),
        ),
    )


def examples(cohort: Cohort, at: datetime) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    to = (Channel(cohort.id, "slack", "T1", "C1", at),)
    return {
        "announcement": announcement(
            cohort, "On Friday we meet at 17:00.\n\n@everyone <b>Bring</b> *one* question.", "Olga"
        ),
        "announced": announced(
            cohort, to, ("I can no longer post in the channel of “Spring” on Discord: it is gone.",)
        ),
    }
