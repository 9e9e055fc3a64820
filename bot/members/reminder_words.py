"""Every sentence about reminders: how often and when they come, pauses, and why one came or did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from bot import calendar
from bot.door.dates import WEEKDAYS
from bot.door.intents import Reminders, Resume, Review, SaveReminders, SaveSettings, Settings, Today
from bot.door.messages import (
    LIMITS,
    Block,
    Bullets,
    Button,
    Choice,
    Facts,
    Field,
    Form,
    Message,
    Spans,
    When,
    bold,
    clip,
    heading,
    note,
    paragraph,
    spans,
)
from bot.model import Level, Member
from bot.store.delivery import OutboxRow

LEVELS = {
    Level.LIGHT: "at most every third day",
    Level.STANDARD: "on days when something is due",
    Level.ACTIVE: "every day, with something new when nothing is due",
}
KINDS = {
    "review_due": "Reminder",
    "weekly_summary": "Summary of your week",
    "verdict": "A verdict that took longer",
    "regraded": "A verdict that changed",
    "settled": "What people say about an answer of yours",
    "escalated": "An answer of yours that waits longer than usual",
    "note": "A mentor's note",
    "leech": "Something that keeps slipping your mind",
    "mentor_work": "Answers that wait for your judgement",
    "channel_closed": "A channel that I cannot post in any more",
    "silent": "Who of your cohort has gone silent",
    "voided": "Points that were taken back",
    "restored": "What was decided on your points",
    "points_appealed": "Points that you are asked to look at again",
}
"""What a kind of push is called where it is listed."""
_EVERY_DAY, _WORKING_DAYS, _WEEKEND = (0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4), (5, 6)


def days(weekdays: tuple[int, ...]) -> str:
    """Such as "Monday, Wednesday and Friday"."""
    if weekdays == _EVERY_DAY:
        return "every day"
    if weekdays == _WORKING_DAYS:
        return "Monday to Friday"
    *first, last = (WEEKDAYS[d].title() for d in weekdays)
    return f"{', '.join(first)} and {last}" if first else last


def days_typed(weekdays: tuple[int, ...]) -> str:
    """The days as somebody would write them."""
    short = {_EVERY_DAY: "every day", _WORKING_DAYS: "weekdays", _WEEKEND: "weekends"}
    return short.get(weekdays) or " ".join(WEEKDAYS[d][:3].title() for d in weekdays)


def _quiet(member: Member) -> str:
    return f"{member.quiet[0]:%H:%M} to {member.quiet[1]:%H:%M}" if member.quiet else "none"


def rhythm(member: Member) -> str:
    """When reminders come, such as "at 09:00 (Europe/Berlin) on days when something is due"."""
    only = "" if member.weekdays == _EVERY_DAY else f"; only {days(member.weekdays)}"
    return f"at {member.remind_at:%H:%M} ({member.zone}) {LEVELS[member.level]}{only}"


def form(member: Member, interview_on: date | None) -> Form:
    """How often, which days, which hours. `interview_on`: the interview to come."""
    hours = f"{member.quiet[0]:%H:%M}-{member.quiet[1]:%H:%M}" if member.quiet else "none"
    return Form(
        title="Your reminders",
        fields=(
            Field(
                "level",
                "How often shall I remind you?",
                kind="choice",
                choices=tuple(Choice(level.value, f"{level.title()}: {said}") for level, said in LEVELS.items()),
                initial=member.level,
            ),
            Field("days", "On which days?", initial=days_typed(member.weekdays), hint="such as weekdays, Mon Wed Fri"),
            Field("quiet", "Quiet hours", initial=hours, max_length=40, hint="such as 22:00-07:00, or none"),
            Field(
                "summary",
                "A summary of each week?",
                kind="choice",
                choices=(Choice("yes", "Yes"), Choice("no", "No")),
                initial="yes" if member.summary else "no",
            ),
            Field(
                "interview",
                "The date of your next interview",
                required=False,
                max_length=40,
                initial=interview_on.isoformat() if interview_on else "",
                hint="such as 2026-12-03 or 3 Dec; none forgets it",
            ),
        ),
        submits=SaveReminders(),
    )


def saved(
    member: Member,
    next_reminder: datetime | None,
    next_summary: datetime | None,
    interview_on: date | None,
    *,
    away: bool,
) -> Message:
    """What was saved, and what comes next."""
    facts = [
        ("How often", spans(LEVELS[member.level])),
        ("Days", spans(days(member.weekdays))),
        ("Quiet hours", spans(_quiet(member))),
        ("Interview", spans(_day(interview_on, member.zone)) if interview_on else spans("no date told")),
    ]
    if member.reminders and next_reminder:
        facts.append(("Next reminder, if due", spans(When(next_reminder, member.zone))))
    if member.reminders and not member.paused:
        facts.append(("Next summary", spans(When(next_summary, member.zone)) if next_summary else spans("none")))
    blocks: list[Block] = [paragraph("Saved."), Facts(tuple(facts))]
    if interview_on:
        blocks.append(note("Until your interview, what you know comes back sooner, so that you hold it on the day."))
    if not member.reminders:
        blocks.append(paragraph("Reminders are off, though: /rolecall settings reminders=yes turns them on."))
    elif away:
        blocks.append(paragraph(*_paused(member)))
    return Message(
        summary="Your reminders are saved",
        title="Your reminders",
        blocks=tuple(blocks),
        buttons=(
            *((Button("Resume", Resume(), primary=True),) if away and member.reminders else ()),
            Button("Change", Reminders()),
            Button("Time and time zone", Settings()),
        ),
    )


def _day(on: date, zone: str) -> When:
    return When(calendar.instant(on, time(12), zone), zone, "date")


def _paused(member: Member) -> Spans:
    if member.paused or member.paused_until is None:
        return spans("Reminders are paused. /rolecall me resume ends the pause.")
    until = When(member.paused_until, member.zone, "date")
    return spans("Reminders are paused until ", until, ". /rolecall me resume ends the pause at once.")


def paused(until: datetime | None, next_at: datetime | None, zone: str) -> Message:
    """`next_at`: the first reminder after the pause."""
    end: Spans = spans("until ", When(until, zone, "date")) if until else spans("until you resume")
    then: Spans = ()
    if until and next_at:
        then = spans(" and then go on by themselves: the next can come on ", When(next_at, zone))
    return Message(
        summary="Reminders are paused",
        blocks=(paragraph("Reminders are paused ", *end, *then, ". You can practise all the same."),),
        buttons=(Button("Resume", Resume()),),
    )


def resumed(next_at: datetime | None, zone: str, *, spread: bool) -> Message:
    """`spread`: more is overdue than one day brings."""
    said = spans("Welcome back. The pause is over. ")
    if next_at is None:
        said += spans("Reminders are switched off in your settings, though.")
    else:
        said += spans("The next reminder comes on ", When(next_at, zone), ", if something is due.")
    if spread:
        said += spans(" What came due meanwhile is spread over the next days; there is nothing to catch up on.")
    review = (Button("Review now", Review(), primary=True),) if spread else ()
    settings = (Button("Settings", Settings()),) if next_at is None else ()
    return Message(summary="The pause is over", blocks=(paragraph(*said),), buttons=(*review, *settings))


def snoozed(until: datetime, zone: str, *, most: int | None = None) -> Message:
    """`most`: how many messages a day brings, where today's are used up before the time that was wished for."""
    full = f"I send {most} such messages a day at most, and today's are used up by then. " if most else ""
    return Message(
        summary="The reminder is moved",
        blocks=(paragraph(f"{full}I will remind you on ", When(until, zone), ", if something is still due then."),),
    )


def nothing_to_snooze(*, off: bool) -> Message:
    """`off`: reminders are off in the settings; else they are paused."""
    why = "off. The settings turn them on." if off else "paused. Resume them first."
    return Message(
        summary="No reminder to move",
        blocks=(paragraph(f"There is no reminder to move: reminders are {why}"),),
        buttons=(Button("Settings", Settings()) if off else Button("Resume", Resume()),),
    )


def why(
    member: Member,
    rows: Sequence[OutboxRow],
    next_reminder: datetime | None,
    next_summary: datetime | None,
    *,
    away: bool,
    knows_zone: bool = True,
) -> Message:
    """What was or was not sent, and what comes next."""
    blocks: list[Block] = [paragraph(*_next(member, next_reminder, next_summary, away=away))]
    if member.reminders:
        habits = f"Level: {member.level}; days: {days(member.weekdays)}; quiet hours: {_quiet(member)}"
        blocks.append(note(f"{habits}. /rolecall me reminders changes it."))
    if not knows_zone:
        blocks.append(
            paragraph(
                f"I no longer know the time zone {member.zone}, so I go by UTC. Choose another, such as "
                "/rolecall settings zone=Europe/Berlin."
            )
        )
    lines = tuple(
        spans(When(r.sent_at or r.not_before, member.zone), " – ", bold(KINDS.get(r.kind, r.kind)), f": {_fate(r)}")
        for r in rows
    )
    blocks += [heading("Lately"), Bullets(lines)] if lines else [note("Nothing was sent to you so far.")]
    return Message(
        summary="Your reminders and why",
        title="Your reminders, and why",
        blocks=tuple(blocks),
        buttons=(
            *((Button("Resume", Resume(), primary=True),) if away else ()),
            Button("Change reminders", Reminders()),
            Button("Settings", Settings()),
        ),
    )


def _next(member: Member, reminder: datetime | None, summary: datetime | None, *, away: bool) -> Spans:
    if not member.reminders:
        off = spans("Reminders are off, so I send none. The settings turn them on.")
        return (*off, *spans(" "), *_paused(member)) if away else off
    if away:
        return _paused(member)
    if reminder is None:
        return spans("Nothing is planned. Save your settings once more, and it will be.")
    asked = spans(
        f"You asked for a reminder {LEVELS[member.level]}. The next can come on ", When(reminder, member.zone), "."
    )
    if summary is None:
        none = "No summary of your week is planned yet; /rolecall me reminders summary=yes plans it."
        return (*asked, *spans(" ", none if member.summary else "You asked for no weekly summary."))
    return (*asked, *spans(" The summary of your week comes on ", When(summary, member.zone), "."))


def _fate(row: OutboxRow) -> str:
    because = f" ({row.reason})" if row.reason else ""
    return {
        "sent": "sent",
        "skipped": f"not sent{because}",
        "dead": f"could not be sent{because}",
        "sending": "on its way",
        "unknown": "perhaps sent; I am finding out",
    }.get(row.state, f"waiting{because}")


def after_closed_door(answer: Message, at: datetime, why: str, zone: str, *, away: bool) -> Message:
    """The answer, begun by saying that nothing got through since an instant, and why."""
    told = _closed(at, why, zone)
    if away:
        told += spans(" Your reminders are paused: let me write to you again, then press Resume.")
    resume = (Button("Resume", Resume()),) if away and len(answer.buttons) < LIMITS.BUTTONS else ()
    return replace(answer, blocks=(paragraph(*told), *answer.blocks), buttons=(*answer.buttons, *resume))


def first_message(member: Member) -> Message:
    """The first direct message to somebody who has just asked for reminders elsewhere."""
    return Message(
        summary="Your reminders will come here",
        title="Your reminders will come here",
        blocks=(
            paragraph(
                f"Hello {clip(member.name, 60)}. You asked me to remind you {rhythm(member)}: that is where I write to "
                "you. Only you see this conversation."
            ),
            note(
                "You can do everything here, too: the words alone will do, such as practice or today, and what you "
                "type else is your answer. /rolecall settings turns reminders off at any time."
            ),
        ),
        buttons=(Button("What is for today", Today(), primary=True), Button("Settings", Settings())),
    )


def door_shut(why: str) -> Message:
    """To somebody who has just asked for reminders where none can come."""
    because = f" (“{clip(why, 120)}”)" if why else ""
    return Message(
        summary="I cannot write to you directly",
        title="I cannot write to you directly",
        blocks=(
            paragraph(
                f"I tried to send you a direct message, and it did not get through{because}. So reminders are off, and "
                "nothing else has changed: you can practise here as before."
            ),
            paragraph(
                "To let me write to you on Discord, open the menu of this server, choose Privacy Settings, and switch "
                "Direct Messages on; if you have blocked me, unblock me. Then press Try again."
            ),
            note(
                "When something else waits for you, such as a late verdict, a study group's channel may mention you, "
                "at most once a month and without saying what for. A workplace never does."
            ),
        ),
        buttons=(
            Button("Try again", SaveSettings(reminders="yes"), primary=True),
            Button("What is for today", Today()),
        ),
    )


def _closed(at: datetime, why: str, zone: str) -> Spans:
    because = f" (“{why}”)" if why else ""
    return spans("I could not write to you on ", When(at, zone), f"{because}.")


def examples(member: Member, row: OutboxRow) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    at, zone = row.not_before, member.zone
    busy = replace(
        member,
        level=Level.LIGHT,
        weekdays=(0, 2, 4),
        quiet=None,
        summary=False,
        paused_until=at,
    )
    held_up = replace(row, kind="weekly_summary", state="dead", reason="the platform does not let me write to you")
    shut = (at, "it accepts no messages from me")
    return {
        "reminders_saved": saved(member, at, at, at.date(), away=False),
        "reminders_saved_away": saved(busy, at, None, None, away=True),
        "reminders_saved_off": saved(replace(member, reminders=False), None, None, None, away=False),
        "paused": paused(at, at, zone),
        "paused_open": paused(None, None, zone),
        "resumed": resumed(at, zone, spread=False),
        "resumed_with_much_due": resumed(at, zone, spread=True),
        "resumed_off": resumed(None, zone, spread=False),
        "snoozed": snoozed(at, zone),
        "snoozed_to_tomorrow": snoozed(at, zone, most=2),
        "nothing_to_snooze": nothing_to_snooze(off=True),
        "nothing_to_snooze_away": nothing_to_snooze(off=False),
        "why": why(member, (row, held_up), at, at, away=False),
        "why_away": why(busy, (), at, None, away=True, knows_zone=False),
        "first_message": first_message(member),
        "door_shut": door_shut("Cannot send messages to this user"),
        "door_closed": after_closed_door(snoozed(at, zone), *shut, zone, away=True),
    }
