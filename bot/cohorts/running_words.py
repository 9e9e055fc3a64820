"""What is said about setting up, changing and ending a cohort. Takes values; looks nothing up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot import calendar
from bot.cohort_model import Channel, Cohort, Office, Preset, Seat
from bot.cohorts.by_role_words import listed as roles_listed
from bot.door import cohort_intents as c
from bot.door.messages import (
    LIMITS,
    Bullets,
    Button,
    Choice,
    Facts,
    Field,
    Form,
    Message,
    Paragraph,
    Room,
    Text,
    bold,
    clip,
    code,
    note,
    paragraph,
    spans,
)

MAY_NOT_CREATE = (
    "Cohorts are set up by whoever runs this workspace, or organises this installation of Rolecall. Ask one of them; "
    "whoever has a code joins with /rolecall cohort join CODE."
)
NOT_IN_PRIVATE = (
    "This is a private conversation. Type /rolecall cohort bind in the channel where prompts and boards are to be "
    "posted, once I have been let into it."
)
TAKEN = (
    "Another cohort has its prompts and boards in this channel, and a channel has one cohort. Choose another "
    "channel, or let the other cohort's organisers go to another one first."
)
_REVIEWERS = {
    "mentors": "mentors",
    "peers": "others of the cohort",
    "none": "nobody: the learner compares them with the criteria",
}
PRESETS = {Preset.STUDY_GROUP: "Study group", Preset.WORKPLACE: "Workplace"}


@dataclass(frozen=True, slots=True)
class People:
    """Who runs a cohort, and how many are in it."""

    organisers: Sequence[str]
    mentors: Sequence[str]
    learners: int
    invited: int
    """By list, and not joined yet."""


def taken_by(name: str) -> str:
    """To somebody who is in the other cohort."""
    return (
        f"This channel is that of “{clip(name, 60)}”, and a channel has one cohort. Use another channel: this one is "
        "free once that cohort is archived or meets elsewhere."
    )


# --- forms


def new_form(zone: str, today: date) -> Form:
    presets = (
        Choice(Preset.STUDY_GROUP, "Study group: a board, if you like"),
        Choice(Preset.WORKPLACE, "Workplace: by list, no board, aliases"),
    )
    return Form(
        title="A new cohort",
        fields=(
            Field("name", "What is it called?", max_length=60, hint="such as Spring group"),
            Field("preset", "What is it?", kind="choice", choices=presets, initial=Preset.STUDY_GROUP),
            Field("zone", "Whose midnight ends its week?", kind="zone", initial=zone, max_length=64),
            Field("starts", "Its first day", initial=today.isoformat(), max_length=30, required=False),
            Field("ends", "Its last day", max_length=30, required=False, hint="such as in 8 weeks; empty: no end"),
        ),
        submits=c.CreateCohort(),
    )


def edit_form(of: Cohort, zone: str) -> Form:
    """`zone`: the one that is chosen, also where it holds only from next week on."""
    return Form(
        title="The cohort's settings",
        fields=(
            Field("name", "What is it called?", initial=of.name, max_length=60),
            Field("zone", "Its time zone, from next week on", kind="zone", initial=zone, max_length=64),
            Field("starts", "Its first day", initial=_iso(of.starts_on), max_length=30, required=False),
            Field("ends", "Its last day", initial=_iso(of.ends_on), max_length=30, required=False, hint="empty: none"),
            Field("goal", "Due concepts a week and person", initial=str(of.goal), max_length=3, hint="1 to 100"),
        ),
        submits=c.SaveCohort(of.id),
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


# --- setting up and changing

LET_IN = "If I am not in that channel yet, let me in, or nothing that I post there will arrive."


def created(of: Cohort, bound: str | None, hindered: str | None) -> Message:
    """`bound`: the channel that it was typed in and is posted in now. `hindered`: why that one is not."""
    named = f" cohort={of.name}" if hindered else ""  # else the channel's own cohort would be meant
    bind: tuple[str | Room | Text, ...]
    if bound:
        bind = ("Prompts and boards are posted in ", Room(bound), f", where you are now. {LET_IN}")
    else:
        why = f"{hindered} " if hindered else ""
        where = f"{why}In the channel where prompts and boards are to be posted: "
        bind = (where, code(f"/rolecall cohort bind{named}"), ".")
    if of.self_service:
        invite = ("Tell people: ", code(f"/rolecall cohort join {of.invite_code}"), ".")
    else:
        invite = ("Put people on its list with ", code(f"/rolecall cohort import{named}"), "; only they may join.")
    plan = code(f"/rolecall cohort prompts days=Mon Thu time=09:00{named}")
    steps = (spans(*bind), spans(*invite), spans("Say when a problem is posted for all: ", plan, "."))
    return Message(
        summary="Your cohort is set up",
        title=clip(f"{of.name} is set up", LIMITS.TITLE),
        blocks=(
            paragraph(f"{PRESETS[of.preset]}, {_dates(of)}; its weeks begin on Mondays in {of.zone}. You organise it."),
            paragraph("Its code: ", bold(of.invite_code or ""), "" if of.self_service else " (for people on its list)"),
            Bullets(steps, numbered=True),
        ),
        buttons=(
            Button("Plan prompts", c.EditPrompts(of.id), primary=True),
            Button("Invite a list of people", c.PasteRoster(of.id)),
            Button("Change settings", c.EditCohort(of.id)),
            Button("Show it", c.ShowCohort(of.id)),
        ),
    )


def _dates(of: Cohort) -> str:
    first = of.starts_on or calendar.local_date(of.created_at, of.zone)
    return f"from {day(first)} to {day(of.ends_on)}" if of.ends_on else f"from {day(first)} on"


def day(on: date) -> str:
    """A date as it is read, such as 5 January 2026."""
    return f"{on.day} {on:%B %Y}"


def saved(changes: Sequence[str], of: Cohort) -> Message:
    """`changes`: what is different now, a sentence each; none: nothing is."""
    return Message(
        summary="Saved" if changes else "Nothing has changed",
        blocks=(
            paragraph(f"Saved for “{clip(of.name, 60)}”." if changes else "That is how it is already."),
            *((Bullets(tuple(spans(said) for said in changes)),) if changes else ()),
        ),
        buttons=(Button("Show it", c.ShowCohort(of.id)),),
    )


def changes(old: Cohort, new: Cohort) -> list[str]:
    """What is different, in a sentence each."""
    said = []
    if new.name != old.name:
        said.append(f"It is called “{new.name}”.")
    if (new.zone, new.next_zone) != (old.zone, old.next_zone):
        said.append(
            f"From Monday {day(new.next_zone_from)} on its weeks are those of {new.next_zone}."
            if new.next_zone and new.next_zone_from
            else f"Its weeks stay those of {new.zone}."
        )
    if new.starts_on != old.starts_on:
        said.append(
            f"Its first day is {day(new.starts_on)}." if new.starts_on else "It has no first day: it goes on from now."
        )
    if new.ends_on != old.ends_on:
        said.append(
            f"Its last day is {day(new.ends_on)}. After it come only that week's board and the summary of "
            "a problem that is still open then."
            if new.ends_on
            else "It has no end."
        )
    if new.goal != old.goal:
        said.append(f"The team aims at {new.goal} due concepts a week and person while there is no average.")
    if new.self_service != old.self_service:
        said.append(
            f"Whoever knows the code {new.invite_code} may join."
            if new.self_service
            else "Only people on its list may join. /rolecall cohort import puts them there."
        )
    if new.board != old.board:
        said.append("The week's board is posted." if new.board else "No board is posted any more.")
    if new.reviewers != old.reviewers:
        said.append(f"Answers that I am not sure of go to {_REVIEWERS[new.reviewers]}.")
    if new.blind != old.blind:
        said.append(
            "Reviewers and learners do not see each other's names."
            if new.blind
            else "Reviewers and learners see each other's names."
        )
    return said


def readers(of: Cohort) -> str:
    """Who reads an answer that the grader is not sure of, as a learner is told."""
    doubt = "Where I am not sure of an answer of yours, "
    names = ", and neither side learns the other's name" if of.blind else ""
    match of.reviewers:
        case "mentors":
            return f"{doubt}a mentor reads it, one of this cohort where it has any{names}."
        case "peers":
            return f"{doubt}others of this cohort read it{names}."
    return "Nobody here reads your answers: where I am not sure of one, you compare it with the criteria yourself."


def bound(of: Cohort, channel: str, before: str | None, *, again: bool) -> Message:
    """`before`: the channel until now. `again`: it was this one already."""
    moved = (", no longer in ", Room(before)) if before and not again else (" already",) if again else ()
    here = paragraph(
        f"Prompts and boards of “{clip(of.name, 60)}” are posted in ",
        Room(channel),
        *moved,
        f". Each platform may have one such channel. {LET_IN}",
    )
    return Message(
        summary="This channel is the cohort's",
        blocks=(here,),
        buttons=(
            Button("Plan prompts", c.EditPrompts(of.id), primary=True),
            Button("See what will be posted", c.CohortPreview(of.id)),
            Button("Invite people", c.InviteToCohort(of.id)),
        ),
    )


# --- showing


def shown(
    of: Cohort,
    people: People,
    channels: Sequence[Channel],
    mine: Sequence[Seat],
    when: str,
    *,
    organises: bool,
    roles: Sequence[tuple[str, Office]] = (),
) -> Message:
    """One cohort. `mine`: what the reader is in it. `when`: "ended" or "to come", else it goes on.

    `roles`: the platform's ids of roles that make people something in it.
    """
    state = {"ended": "It has ended: ", "to come": "It is to begin: "}.get(when, "")
    pending = f"; in {of.next_zone} from {day(of.next_zone_from)} on" if of.next_zone and of.next_zone_from else ""
    facts = (
        ("Kind", PRESETS[of.preset]),
        ("Dates", f"{state}{_dates(of)}"),
        ("Weeks", f"Monday to Monday in {of.zone}{pending}"),
        ("Organisers", _names(people.organisers)),
        ("Mentors", _names(people.mentors)),
        ("Learners", str(people.learners)),
        ("Board", "posted each week" if of.board else "not posted"),
    )
    rooms = [span for ch in channels for span in (Text(", "), Room(ch.channel))][1:]
    learns = any(s.office is Office.LEARNER for s in mine)
    return Message(
        summary=clip(f"Your cohort {of.name}", LIMITS.SUMMARY),
        title=clip(of.name, LIMITS.TITLE),
        blocks=(
            Facts(
                (
                    *((label, spans(value)) for label, value in facts),
                    *((("In office by role", roles_listed(roles)),) if roles else ()),
                    ("Posted in", tuple(rooms) or spans("no channel yet")),
                )
            ),
            *(_closed(ch) for ch in channels if ch.closed_at),
            *((paragraph(appearance(mine[0])),) if learns else ()),
            *((note(_waiting(people.invited)),) if organises and people.invited else ()),
        ),
        buttons=(*(_own(of) if learns else ()), *(_organisers(of, channels) if organises else ())),
    )


def _names(names: Sequence[str]) -> str:
    """Up to eight names."""
    rest = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return (", ".join(clip(n, 40) for n in names[:8]) or "none") + rest


def _closed(of: Channel) -> Paragraph:
    return note(
        "I can no longer post in ",
        Room(of.channel),
        f" ({clip(of.closed_why, 100)}). An organiser lets me in again, or goes to another channel, and types "
        "/rolecall cohort bind there.",
    )


def _waiting(n: int) -> str:
    return "One person on its list has not joined yet." if n == 1 else f"{n} people on its list have not joined yet."


def appearance(seat: Seat) -> str:
    """How a learner appears on the board, and what else they have agreed to."""
    if not seat.on_board:
        board = "You are not on its board."
    elif seat.alias:
        board = f"On its board you are “{clip(seat.alias, 40)}”."
    else:
        board = "You are on its board by name."
    asked = "An organiser may check in on you when you go silent." if seat.check_in else "Nobody is told when you rest."
    return f"{board} {asked}"


def _own(of: Cohort) -> tuple[Button, ...]:
    return (
        Button("My week and the board", c.Board(of.id), primary=True),
        Button("How I appear", c.Appear(of.id)),
        Button("Leave", c.LeaveCohort(of.id)),
    )


def _organisers(of: Cohort, channels: Sequence[Channel]) -> tuple[Button, ...]:
    return (
        Button("Who is in it", c.Roster(of.id)),
        Button("Invite people", c.InviteToCohort(of.id)),
        Button("Settings", c.EditCohort(of.id)),
        Button("Prompts", c.EditPrompts(of.id)),
        *((Button("What will be posted", c.CohortPreview(of.id)),) if channels else ()),
        Button("Archive", c.ArchiveCohort(of.id)),
    )


def several(of: Sequence[Cohort]) -> Message:
    """The cohorts that somebody may look at, the first twenty."""
    return Message(
        summary="Your cohorts",
        title="Your cohorts",
        blocks=(
            Bullets(tuple(spans(bold(clip(one.name, 60)), f", {_dates(one)}") for one in of[:20])),
            *((note(f"And {len(of) - 20} more: name one, such as /rolecall cohort show Spring."),) if of[20:] else ()),
        ),
        buttons=tuple(Button(clip(one.name, LIMITS.BUTTON_LABEL), c.ShowCohort(one.id)) for one in of[:20]),
    )


# --- ending


def ask_to_archive(of: Cohort, learners: int, *, has_channel: bool) -> Message:
    freed = " Its channel is free for another cohort." if has_channel else ""
    kept = "Its learner keeps" if learners == 1 else f"All {learners} learners keep"
    of_learners = f"{kept} everything they learned" if learners else "It has no learners"
    return Message(
        summary="Archive the cohort?",
        title=clip(f"Archive {of.name}?", LIMITS.TITLE),
        blocks=(
            paragraph(
                f"Prompts and boards stop at once, and nobody can join any more.{freed} "
                f"{of_learners}, and nobody is written to. It cannot be undone."
            ),
        ),
        buttons=(Button("Yes, archive it", c.ArchiveCohort(of.id, "yes")), Button("No, go on", c.ShowCohort(of.id))),
    )


def archived(of: Cohort) -> Message:
    return Message(
        summary="Archived",
        blocks=(
            paragraph(
                f"“{clip(of.name, 60)}” has ended. Nothing is posted for it any more, and nobody was written to: "
                "tell people yourself if they wait for something."
            ),
        ),
    )
