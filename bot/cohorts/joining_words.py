"""What is said about joining and leaving a cohort, and about how one appears in it. Takes values; looks nothing up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.cohort_model import Cohort, Office, Preset, Seat
from bot.cohorts.by_role_words import stays
from bot.cohorts.room_words import CHECK_IN
from bot.cohorts.running_words import appearance, day, readers
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.messages import (
    LIMITS,
    Bullets,
    Button,
    Field,
    Form,
    Message,
    Room,
    When,
    bold,
    clip,
    code,
    note,
    paragraph,
    spans,
)
from bot.model import Account

NO_ROW = (
    "You do not learn in this cohort, so its board has no row for you. What you can choose is whether it thanks you "
    "for reviews: /rolecall cohort appear thanks=yes."
)
NO_ALIAS = "Say which name the board shall show, such as /rolecall cohort appear alias=Blue Heron."
_SHOWS = ("name", "alias", "off")


def ended(name: str) -> str:
    return f"“{clip(name, 60)}” has ended, so nobody joins it any more. Ask who runs it whether there is a new one."


def unknown_show(text: str) -> str:
    return f"“{clip(text, 40)}” is none of {', '.join(_SHOWS)}: show=name, show=alias or show=off."


def only_by_list(of: Cohort, account: Account | None) -> str:
    """To somebody who knows the code of a cohort that people join by list."""
    who = f" You are {clip(f'{account.platform}:{account.user_id}', 80)}." if account else ""
    return (
        f"Only people on the list of “{clip(of.name, 60)}” may join it. Ask one of its organisers to put you there."
        f"{who}"
    )


def last_organiser(of: Cohort) -> str:
    return (
        f"“{clip(of.name, 60)}” would have no organiser. Make somebody else one first, with /rolecall cohort appoint "
        "who=NAME office=organiser, or end it with /rolecall cohort archive."
    )


# --- the code


def invite(of: Cohort, *, has_ended: bool, renewed: bool) -> Message:
    """The code, and what to tell people. For whoever organises the cohort."""
    renewal = Button("Make a new code", c.InviteToCohort(of.id, "yes"))
    by_list = Button("Invite a list of people", c.PasteRoster(of.id))
    title = clip(f"Inviting people to {of.name}", LIMITS.TITLE)
    if has_ended:
        last = day(of.ends_on) if of.ends_on else "past"
        said = f"Its last day was {last}, so nobody can join. A later last day opens it again."
        return Message(title, (paragraph(said),), (Button("Change settings", c.EditCohort(of.id)),), title)
    if not of.self_service:
        blocks = (
            paragraph(
                "Only people on its list may join: they are asked when they type ", code("/rolecall cohort join"), "."
            ),
            note("Put them there as a list, or let in whoever knows the code: /rolecall cohort edit self_service=yes."),
        )
        return Message(title, blocks, (by_list,), title)
    before = "The code until now no longer works. " if renewed else ""
    return Message(
        summary=title,
        title=title,
        blocks=(
            paragraph(f"{before}Its code is ", bold(of.invite_code or ""), ". Tell people:"),
            paragraph(code(f"/rolecall cohort join {of.invite_code}")),
            note("It works on every platform on which I am. Whoever knows it may join, so keep it among you."),
        ),
        buttons=(by_list, renewal),
    )


# --- joining


def unknown_code() -> Message:
    return Message(
        summary="I know no such code",
        blocks=(
            paragraph(
                "I know no cohort with this code. Look at it once more, or ask whoever gave it to you for a new one."
            ),
        ),
    )


def too_many(until: datetime, zone: str) -> Message:
    return Message(
        summary="Too many codes",
        blocks=(
            paragraph(
                "I did not know the last codes, so I look at no more for a while. Try again after ",
                When(until, zone, "time"),
                ".",
            ),
        ),
    )


def joined(of: Cohort, office: Office, where: str | None, *, begins: bool, newcomer: bool) -> Message:
    """The welcome, with what they agree to or not. `where`: the channel of the cohort on their platform.

    `begins`: its first day is to come. `newcomer`: they have not practised yet.
    """
    said = [f"It begins on {day(of.starts_on)}."] if begins and of.starts_on else []
    posted: tuple[str | Room, ...] = (" Its problems are posted in ", Room(where), ".") if where else ()
    if office is Office.LEARNER:
        return _learns(of, [*said, readers(of)], posted, newcomer=newcomer)
    said.insert(0, f"You are {'an organiser' if office is Office.ORGANISER else 'a mentor'} of it.")
    title = clip(f"You are in {of.name}", LIMITS.TITLE)
    return Message(
        summary=title,
        title=title,
        blocks=(
            paragraph(" ".join(said), *posted),
            *((paragraph("Shall I thank you by name below the board for your reviews?"),) if of.board else ()),
        ),
        buttons=(
            *((Button("Answers that wait", i.Queue()),) if office is Office.MENTOR else ()),
            Button("Show the cohort", c.ShowCohort(of.id)),
            *((Button("Thank me by name", c.Appear(of.id, thanks="yes")),) if of.board else ()),
        ),
    )


def _learns(of: Cohort, said: Sequence[str], posted: tuple[str | Room, ...], *, newcomer: bool) -> Message:
    asks = of.preset is Preset.STUDY_GROUP and of.board
    board = (
        paragraph(
            bold("How shall its board name you?"),
            " Each week it shows the top places by points, never an answer, a role or who did not practise. Until you "
            "choose, you are not on it.",
        )
        if asks
        else paragraph("Nobody is on a board here unless they ask for it, with /rolecall cohort appear.")
    )
    title = clip(f"You are in {of.name}", LIMITS.TITLE)
    return Message(
        summary=title,
        title=title,
        blocks=(
            paragraph(" ".join(said), *posted),
            board,
            paragraph(CHECK_IN),
        ),
        buttons=(
            *(choices(of) if asks else ()),
            Button("An organiser may check in on me", c.Appear(of.id, check_in="yes")),
            Button("My first problem", i.Start()) if newcomer else Button("Next problem", i.Practice()),
        ),
    )


def choices(of: Cohort) -> tuple[Button, ...]:
    """How the board may name a learner; in a workplace the alias comes first."""
    alias = Button("Under an alias", c.ChooseAlias(of.id), primary=of.preset is Preset.WORKPLACE)
    name = Button("With my name", c.Appear(of.id, "name"), primary=of.preset is Preset.STUDY_GROUP)
    off = Button("Not at all", c.Appear(of.id, "off"))
    return (alias, name, off) if of.preset is Preset.WORKPLACE else (name, alias, off)


def already_in(of: Cohort) -> Message:
    return Message(
        summary="You are in it already",
        blocks=(paragraph(f"You are in “{clip(of.name, 60)}” already; nothing has changed."),),
        buttons=(Button("Show it", c.ShowCohort(of.id)), Button("How I appear", c.Appear(of.id))),
    )


def invited(to: Sequence[tuple[Cohort, Office]]) -> Message:
    """The cohorts on whose list somebody is, the first ten. None: how one joins."""
    if not to:
        return Message(
            summary="Joining a cohort",
            blocks=(
                paragraph(
                    "You are on no cohort's list. Whoever runs a cohort has its code, such as K7QD-M2XA; with it type ",
                    code("/rolecall cohort join CODE"),
                    ".",
                ),
            ),
        )
    lines = tuple(
        spans(bold(clip(of.name, 60)), "" if office is Office.LEARNER else f", as its {office.value}")
        for of, office in to[:10]
    )
    joins = [
        Button(clip(f"Join {of.name}", LIMITS.BUTTON_LABEL), c.JoinCohort(of.id), primary=True) for of, _ in to[:10]
    ]
    declines = [Button(clip(f"Decline {of.name}", LIMITS.BUTTON_LABEL), c.LeaveCohort(of.id)) for of, _ in to[:10]]
    return Message(
        summary="You are invited",
        title="You are invited",
        blocks=(paragraph("An organiser has put you on the list of:"), Bullets(lines)),
        buttons=(*joins, *declines),
    )


def declined(name: str) -> Message:
    return Message(
        summary="Taken off the list",
        blocks=(paragraph(f"You are no longer on the list of “{clip(name, 60)}”, and nobody was told."),),
    )


# --- appearing


def alias_form(of: Cohort, alias: str) -> Form:
    return Form(
        title="Your name on the board",
        fields=(Field("alias", "Which name shall the board show?", initial=alias, max_length=40, hint="Blue Heron"),),
        submits=c.Appear(of.id, "alias"),
    )


def appears(of: Cohort, seats: Sequence[Seat], *, changed: bool) -> Message:
    """How somebody appears in a cohort now. `seats`: what they are in it, at least one.

    `changed`: boards named them until now, and otherwise.
    """
    learner = next((s for s in seats if s.office is Office.LEARNER), None)
    mentor = next((s for s in seats if s.office is not Office.LEARNER), None)
    said = [appearance(learner)] if learner else []
    if mentor:
        name = f"as “{clip(mentor.alias, 40)}”" if mentor.alias else "by name"
        said.append(
            f"You are thanked {name} for reviews." if mentor.thanks else "You are not thanked by name for reviews."
        )
    buttons: tuple[Button, ...] = ()
    if learner:
        asked = Button("Nobody is told when I rest", c.Appear(of.id, check_in="no"))
        agree = Button("An organiser may check in on me", c.Appear(of.id, check_in="yes"))
        buttons = (*choices(of), asked if learner.check_in else agree)
    if mentor:
        thanked = Button("Do not thank me by name", c.Appear(of.id, thanks="no"))
        thank = Button("Thank me by name", c.Appear(of.id, thanks="yes"))
        buttons = (*buttons, thanked if mentor.thanks else thank)
    if learner and changed:
        said.append("Boards that are posted already change with it; those that are final leave you out from now on.")
    return Message(
        summary="How you appear",
        blocks=(paragraph(f"In “{clip(of.name, 60)}”: {' '.join(said)}"),),
        buttons=buttons,
    )


# --- leaving


def ask_to_leave(of: Cohort, offices: Sequence[Office]) -> Message:
    """`offices`: besides learning in it; none where it is one that people join by list."""
    held = " and ".join(o.value for o in offices)
    said = (
        f"You are {held} of “{clip(of.name, 60)}”. If you leave, that ends, and answers that you were about to review "
        "go to others."
        if offices
        else f"Leave “{clip(of.name, 60)}”?"
    )
    back = "" if of.self_service else " Only an organiser can let you in again."
    return Message(
        summary="Leave the cohort?",
        blocks=(paragraph(f"{said}{back}"),),
        buttons=(Button("Yes, leave", c.LeaveCohort(of.id, "yes")), Button("No, stay", c.ShowCohort(of.id))),
    )


def left(of: Cohort, by_role: Sequence[Office] = ()) -> Message:
    """`by_role`: what they stay in it by a role of a server."""
    back = " Its code lets you in again." if of.self_service else ""
    if by_role:
        back += f" {stays(of, by_role)}"
    return Message(
        summary="You have left",
        blocks=(
            paragraph(
                f"You have left “{clip(of.name, 60)}”, and its boards no longer name you. What you learned stays yours."
                f"{back}"
            ),
        ),
        buttons=(Button("Next problem", i.Practice()),),
    )
