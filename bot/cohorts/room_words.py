"""What is said of channels and doors that are closed, and of who has gone silent. Looks nothing up."""

from __future__ import annotations

from collections.abc import Sequence

from bot.door.messages import Bullets, Mention, Message, Room, bold, clip, note, paragraph, spans
from bot.model import MemberId

CHECK_IN = (
    "An organiser may check in on you if you agree: when you have not been here for ten days I give your name to the "
    "organisers, at most every fourth week, so that they can ask how you are. Never while you pause; nobody else hears "
    "of it, and you can take it back at any time."
)
"""What it means to agree that an organiser may check in."""


def channel_closed(cohort: str, channel: str, why: str) -> Message:
    return Message(
        summary=clip(f"I can no longer post in the channel of {cohort}", 300),
        blocks=(
            paragraph(
                "I can no longer post in ",
                Room(channel),
                f", the channel of “{clip(cohort, 60)}”. The platform says: {clip(why, 120)}.",
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
                Mention(id, name, rings=True),
                ", I cannot write to you directly. Allow direct messages from me, then type /rolecall help.",
            ),
        ),
    )


def silent(cohort: str, names: Sequence[str]) -> Message:
    """Who has gone silent, to an organiser. The notification names nobody."""
    return Message(
        summary=clip(f"Somebody of {cohort} may like to hear from you", 300),
        title="Who may like to hear from you",
        blocks=(
            paragraph(
                f"They agreed that an organiser of “{clip(cohort, 60)}” may ask how they are, and have not been here "
                "for ten days:"
            ),
            Bullets(tuple(spans(bold(clip(name, 60))) for name in names)),
            paragraph(
                "A short, open question in private is enough, such as: “How are you getting on? Would anything make it "
                "easier?” Take any answer, also none; there may be good reasons that are theirs alone."
            ),
            note("Only the organisers get this note. I name nobody again within four weeks."),
        ),
    )


def examples() -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    return {
        "channel_closed": channel_closed("Spring", "#ml", "channel_not_found"),
        "knock": knock(MemberId("m1"), "Ana"),
        "silent": silent("Spring", ("Ana", "Ben")),
    }
