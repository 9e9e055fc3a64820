"""Every sentence about settings and a member's data."""

from __future__ import annotations

from collections.abc import Sequence

from bot.door.intents import Delete, Export, Loop, Practice, Resume, SaveSettings
from bot.door.messages import (
    Block,
    Button,
    Choice,
    CodeBlock,
    Field,
    Form,
    Message,
    clip,
    paragraph,
)
from bot.members.reminder_words import rhythm
from bot.model import Member, Role

NOT_SURE = "not sure yet"


def settings_form(member: Member, zone: str) -> Form:
    """The one form a member fills in; `zone` is what the platform knows."""
    roles = (*(Choice(r.value, r.label) for r in Role), Choice(NOT_SURE, "Not sure yet"))
    return Form(
        title="Your settings",
        fields=(
            Field("name", "What shall I call you?", initial=member.name, max_length=60),
            Field("zone", "Your time zone", kind="zone", initial=zone, max_length=64, hint="such as Europe/Berlin"),
            Field(
                "time",
                "When shall I remind you?",
                kind="time",
                initial=f"{member.remind_at:%H:%M}",
                hint="such as 09:00",
            ),
            Field("role", "Which role do you aim at?", kind="choice", choices=roles, initial=member.role or NOT_SURE),
            Field(
                "reminders",
                "A reminder when something is due?",
                kind="choice",
                choices=(Choice("yes", "Yes, at most two a day"), Choice("no", "No")),
                initial="yes" if member.reminders or member.settled_at is None else "no",
            ),
        ),
        submits=SaveSettings(),
    )


def saved(member: Member, *, away: bool) -> tuple[Block, ...]:
    """What was saved, in one line. `away`: reminders are paused."""
    role = member.role.label if member.role else "no role yet"
    if not member.reminders:
        reminders = "I will not remind you"
    elif away:
        reminders = (
            f"Reminders are still paused; after the pause I will remind you {rhythm(member)}. "
            "/rolecall me resume ends it at once"
        )
    else:
        reminders = f"I will remind you {rhythm(member)}"
    return (paragraph(f"Saved, {member.name}: {role}. {reminders}. /rolecall settings changes it."),)


def settings_saved(member: Member, *, away: bool) -> Message:
    return Message(
        summary="Saved",
        blocks=saved(member, away=away),
        buttons=(
            Button("Next problem", Practice(), primary=True),
            *((Button("Resume", Resume()),) if away and member.reminders else ()),
        ),
    )


def aimed(role: Role, before: Role | None) -> Message:
    """What a target role changes; `before` is the one that it takes the place of."""
    if role is before:
        said = f"Your target is {role.label} already; nothing has changed."
    else:
        instead = f" (so far: {before.label})" if before else ""
        said = (
            f"Your target is now: {role.label}{instead}. New problems are chosen for the interviews of that role; what "
            "you have practised keeps coming back on its day. /rolecall settings changes it at any time."
        )
    return Message(
        summary="Your target role",
        blocks=(paragraph(said),),
        buttons=(
            Button("Next problem", Practice(), primary=True),
            Button("What its interviews are like", Loop(role)),
        ),
    )


def predicting(asks: bool) -> Message:
    return Message(
        summary="I will ask first" if asks else "No more asking",
        blocks=(
            paragraph(
                "Before each verdict I ask which band you expect, and your progress shows how well you judge yourself."
                if asks
                else "Verdicts come at once again. /rolecall me predict yes brings the question back."
            ),
        ),
        buttons=(Button("Give me a problem", Practice(), primary=True),),
    )


def exported(json_text: str) -> Message:
    """All that is kept, as JSON."""
    return Message(
        summary="Everything that is kept about you",
        title="Everything that is kept about you",
        blocks=(
            paragraph("This is all of it, as JSON. Only you see it."),
            CodeBlock(json_text),
        ),
        buttons=(Button("Delete everything", Delete()),),
    )


def ask_to_delete(rows: int, platforms: Sequence[str] = (), organised_alone: Sequence[str] = ()) -> Message:
    """`platforms`: of each of their accounts; `organised_alone`: the names of cohorts that nobody else organises."""
    names = ", ".join(f"“{clip(name, 60)}”" for name in organised_alone[:5])
    left = (
        f"Nobody else organises {names}{' and others' if organised_alone[5:] else ''}: without you only whoever runs "
        "Rolecall could change or end it. Make somebody organiser first with /rolecall cohort appoint, or end it with "
        "/rolecall cohort archive."
    )
    return Message(
        summary="Delete everything?",
        title="Delete everything?",
        blocks=(
            paragraph(
                f"This deletes {_accounts(platforms)}, every answer, every verdict and your memory: {rows} entries. "
                "It cannot be undone. Export first if you may want it again."
            ),
            *((paragraph(_UNLINK),) if len(platforms) > 1 else ()),
            *((paragraph(left),) if organised_alone else ()),
        ),
        buttons=(
            Button("Yes, delete everything", Delete("yes")),
            Button("No, keep it", Delete("no")),
            Button("Export first", Export()),
        ),
    )


_UNLINK = "To take only this account away and keep all that you have done, type /rolecall me unlink instead."


def _accounts(platforms: Sequence[str]) -> str:
    if len(platforms) < 2:
        return "your account here"
    names = " and ".join(platform_name(p) for p in dict.fromkeys(platforms))
    return f"your {len(platforms)} accounts, on {names}"


def platform_name(platform: str) -> str:
    """What a platform is called in a sentence."""
    return {"slack": "Slack", "discord": "Discord", "terminal": "the terminal"}.get(platform, platform.title())


def kept() -> Message:
    return Message(summary="Nothing was deleted", blocks=(paragraph("Good. Nothing was deleted."),))


def deleted(rows: int) -> Message:
    return Message(
        summary="Deleted",
        blocks=(paragraph(f"Done: {rows} entries are gone, and I no longer know you. /rolecall start begins anew."),),
    )


def examples(member: Member) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    return {
        "settings_saved": settings_saved(member, away=False),
        "settings_saved_away": settings_saved(member, away=True),
        "aimed": aimed(Role.MLOPS, Role.MLE),
        "aimed_already": aimed(Role.MLE, Role.MLE),
        "predicting": predicting(True),
        "not_predicting": predicting(False),
        "exported": exported('{"member": []}'),
        "ask_to_delete": ask_to_delete(12),
        "ask_to_delete_organising_alone": ask_to_delete(12, ("slack",), ("Spring",)),
        "ask_to_delete_linked": ask_to_delete(12, ("slack", "discord")),
        "kept": kept(),
        "deleted": deleted(12),
    }
