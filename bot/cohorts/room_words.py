"""What the organiser's room says: closed channels, the report, and who has gone silent. Looks nothing up."""

from __future__ import annotations

from bot.door.messages import Mention, Message, clip, note, paragraph
from bot.model import MemberId


def channel_closed(cohort: str, channel: str, why: str) -> Message:
    return Message(
        summary=clip(f"I can no longer post in the channel of {cohort}", 300),
        blocks=(
            paragraph(
                f"I can no longer post in {clip(channel, 60)}, the channel of “{clip(cohort, 60)}”. "
                f"The platform says: {clip(why, 120)}."
            ),
            note("Let me into the channel again, or go to another one, and type /rolecall cohort bind there."),
        ),
    )


def knock(id: MemberId, name: str) -> Message:
    """Asks somebody to let direct messages through, and says nothing of what they are."""
    return Message(
        summary="I cannot write to one of you directly",
        blocks=(
            paragraph(
                Mention(id, name),
                ", I cannot write to you directly. Allow direct messages from me, then type /rolecall help.",
            ),
        ),
    )
