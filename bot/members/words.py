"""Every sentence about settings, reminders on and off, and a member's data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.door.intents import Delete, Export, Loop, Practice, Resume, SaveSettings, Settings
from bot.door.messages import (
    Block,
    Bullets,
    Button,
    Choice,
    CodeBlock,
    Field,
    Form,
    Message,
    Spans,
    When,
    bold,
    heading,
    note,
    paragraph,
    spans,
)
from bot.model import Member, Role
from bot.store.delivery import OutboxRow

NOT_SURE = "not sure yet"
KINDS = {"review_due": "Daily reminder", "verdict": "A verdict that took longer"}


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
                choices=(Choice("yes", "Yes, at most one a day"), Choice("no", "No")),
                initial="yes" if member.reminders or member.settled_at is None else "no",
            ),
        ),
        submits=SaveSettings(),
    )


def saved(member: Member) -> tuple[Block, ...]:
    """What was saved, in one line."""
    role = member.role.label if member.role else "no role yet"
    reminders = (
        f"I will remind you at {member.remind_at:%H:%M} ({member.zone}) on days when something is due"
        if member.reminders
        else "I will not remind you"
    )
    return (paragraph(f"Saved, {member.name}: {role}. {reminders}. /rolecall settings changes it."),)


def settings_saved(member: Member) -> Message:
    return Message(summary="Saved", blocks=saved(member), buttons=(Button("Next problem", Practice(), primary=True),))


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


def paused(until: datetime | None, zone: str) -> Message:
    end: Spans = spans("until ", When(until, zone, "date")) if until else spans("until you resume")
    return Message(
        summary="Reminders are paused",
        blocks=(paragraph("Reminders are paused ", *end, ". You can practise all the same."),),
        buttons=(Button("Resume", Resume()),),
    )


def resumed(next_at: datetime | None, zone: str) -> Message:
    when: Spans = (
        spans("I look again at ", When(next_at, zone), " whether something is due.")
        if next_at
        else spans("They are switched off in your settings, though.")
    )
    return Message(
        summary="Reminders are on again",
        blocks=(paragraph("The pause is over. ", *when),),
        buttons=() if next_at else (Button("Settings", Settings()),),
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


def snoozed(until: datetime, zone: str) -> Message:
    return Message(
        summary="The reminder is moved",
        blocks=(paragraph("I will remind you ", When(until, zone), ", if something is still due then."),),
    )


def nothing_to_snooze() -> Message:
    return Message(
        summary="No reminder to move",
        blocks=(paragraph("There is no reminder to move: reminders are off or paused. The settings turn them on."),),
        buttons=(Button("Settings", Settings()),),
    )


def why(member: Member, rows: Sequence[OutboxRow], next_at: datetime | None, *, away: bool) -> Message:
    """What was or was not sent, and what comes next."""
    if not member.reminders:
        now_ = paragraph("Reminders are off, so I send none. The settings turn them on.")
    elif away:
        now_ = paragraph("Reminders are paused. /rolecall me resume ends the pause.")
    elif next_at:
        now_ = paragraph(
            "You asked for a reminder on days when something is due. I look again ", When(next_at, member.zone), "."
        )
    else:
        now_ = paragraph("Nothing is planned.")
    lines = tuple(
        spans(When(r.sent_at or r.not_before, member.zone), " – ", bold(KINDS.get(r.kind, r.kind)), f": {_fate(r)}")
        for r in rows
    )
    return Message(
        summary="Your reminders and why",
        title="Your reminders, and why",
        blocks=(now_, *((heading("Lately"), Bullets(lines)) if lines else (note("Nothing was sent to you so far."),))),
        buttons=(Button("Settings", Settings()),),
    )


def _fate(row: OutboxRow) -> str:
    because = f" ({row.reason})" if row.reason else ""
    return {
        "sent": "sent",
        "skipped": f"not sent{because}",
        "dead": f"could not be sent{because}",
    }.get(row.state, f"waiting{because}")


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


def ask_to_delete(rows: int) -> Message:
    return Message(
        summary="Delete everything?",
        title="Delete everything?",
        blocks=(
            paragraph(
                f"This deletes your account here, every answer, every verdict and your memory: {rows} entries. "
                "It cannot be undone. Export first if you may want it again."
            ),
        ),
        buttons=(
            Button("Yes, delete everything", Delete("yes")),
            Button("No, keep it", Delete("no")),
            Button("Export first", Export()),
        ),
    )


def kept() -> Message:
    return Message(summary="Nothing was deleted", blocks=(paragraph("Good. Nothing was deleted."),))


def deleted(rows: int) -> Message:
    return Message(
        summary="Deleted",
        blocks=(paragraph(f"Done: {rows} entries are gone, and I no longer know you. /rolecall start begins anew."),),
    )


def examples(member: Member, row: OutboxRow) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    at = row.not_before
    return {
        "settings_saved": settings_saved(member),
        "aimed": aimed(Role.MLOPS, Role.MLE),
        "aimed_already": aimed(Role.MLE, Role.MLE),
        "paused": paused(at, member.zone),
        "paused_open": paused(None, member.zone),
        "resumed": resumed(at, member.zone),
        "resumed_off": resumed(None, member.zone),
        "predicting": predicting(True),
        "not_predicting": predicting(False),
        "snoozed": snoozed(at, member.zone),
        "nothing_to_snooze": nothing_to_snooze(),
        "why": why(member, (row,), at, away=False),
        "exported": exported('{"member": []}'),
        "ask_to_delete": ask_to_delete(12),
        "kept": kept(),
        "deleted": deleted(12),
    }
