"""What is said about who is in a cohort, and about its list. Takes values; looks nothing up.

Never points, roles, bands or who has been active: a roster says who is what, and since when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.cohort_model import Cohort, Office
from bot.cohorts.by_role_words import listed as roles_listed
from bot.cohorts.roster_list import Fault
from bot.cohorts.running_words import day
from bot.door import cohort_intents as c
from bot.door.messages import (
    LIMITS,
    Bullets,
    Button,
    Choice,
    Field,
    Form,
    Message,
    Text,
    bold,
    clip,
    code,
    note,
    paragraph,
    spans,
)
from bot.model import Account

PAGE = 25
"""People on one page of a roster."""
LINES = 1_300
"""Characters that the lines of a report may take."""
NOT_YOURS = "The roster is for a cohort's organisers and mentors. /rolecall cohort show says who they are."
WHO = "Say who, and what they shall be: /rolecall cohort appoint who=Ana office=mentor."
OFFICES = "office is organiser, mentor, learner, or none."


@dataclass(frozen=True, slots=True)
class Person:
    """One line of a roster."""

    name: str
    account: Account | None
    """Set where others have the same name."""
    offices: tuple[Office, ...]
    since: date


@dataclass(frozen=True, slots=True)
class Checked:
    """A line of a list, and what becomes of it: invited, changed, listed (already, as the same), or inside."""

    line: int
    account: Account
    office: Office
    becomes: str


def id_of(account: Account) -> str:
    return f"{account.platform}:{account.user_id}"


# --- the roster


def roster(
    of: Cohort,
    people: Sequence[Person],
    page: int,
    pages: int,
    invited: Sequence[tuple[Account, Office]] | int,
    roles: Sequence[tuple[str, Office]] = (),
) -> Message:
    """One page of who is in a cohort. `invited`: who is on its list; only how many, where the reader is a mentor.

    `roles`: the platform's ids of roles that make people something in it.
    """
    waiting = invited if isinstance(invited, int) else len(invited)
    listed = [] if isinstance(invited, int) or page > 1 else invited[:PAGE]
    title = clip(f"Who is in {of.name}", LIMITS.TITLE)
    return Message(
        summary=title,
        title=title,
        blocks=(
            Bullets(tuple(_line(p) for p in people)),
            *((note("In office by role: ", *roles_listed(roles), "."),) if roles else ()),
            *((note(f"On its list, and not in it yet: {waiting}."),) if waiting else ()),
            *((Bullets(tuple(_listed(a, o) for a, o in listed)),) if listed else ()),
            *((note(f"And {waiting - len(listed)} more."),) if 0 < len(listed) < waiting else ()),
            *((note(f"Page {page} of {pages}."),) if pages > 1 else ()),
        ),
        buttons=(
            *((Button("Page before", c.Roster(of.id, str(page - 1))),) if page > 1 else ()),
            *((Button("Next page", c.Roster(of.id, str(page + 1)), primary=True),) if page < pages else ()),
        ),
    )


def _line(of: Person) -> tuple[Text, ...]:
    offices = " and ".join(o.value for o in of.offices)
    same = f" ({clip(id_of(of.account), 40)})" if of.account else ""
    return (bold(clip(of.name, 40)), Text(f"{same}, {offices} since {day(of.since)}"))


def _listed(account: Account, office: Office) -> tuple[Text, ...]:
    return (code(clip(id_of(account), 40)), Text("" if office is Office.LEARNER else f", as {office.value}"))


# --- appointing


def several(who: str, accounts: Sequence[Account]) -> str:
    ids = ", ".join(id_of(a) for a in accounts[:10])
    return f"Several people are called “{clip(who, 40)}”: {ids}. Name one by that, such as who={id_of(accounts[0])}."


def nobody(who: str) -> str:
    return (
        f"Nobody in this cohort is called “{clip(who, 40)}”. Name somebody from outside with their platform and id, "
        "such as who=discord:80351110224678912, or mention them."
    )


def appointed(of: Cohort, name: str, office: Office, *, changed: bool, ended: Sequence[Office]) -> Message:
    """`ended`: what they no longer are."""
    held = _an(office)
    no_more = f", and no longer {' or '.join(o.value for o in ended)}" if ended else ""
    said = f"{clip(name, 60)} is {'now' if changed else 'already'} {held} of “{clip(of.name, 60)}”{no_more}."
    tell = " I have not written to them: tell them yourself." if changed else ""
    return Message(
        summary="Appointed" if changed else "Nothing has changed",
        blocks=(paragraph(said + tell),),
        buttons=(Button("Who is in it", c.Roster(of.id)),),
    )


def put_on_list(of: Cohort, id: str, office: Office) -> Message:
    """To who has appointed somebody that is not in the cohort."""
    return Message(
        summary="Put on the list",
        blocks=(
            paragraph(
                f"{clip(id, 60)} is on the list of “{clip(of.name, 60)}” now, as {office.value}. Nobody gets in "
                "unasked: tell them to type ",
                code("/rolecall cohort join"),
                ".",
            ),
        ),
        buttons=(Button("Who is in it", c.Roster(of.id)),),
    )


def removed(of: Cohort, name: str) -> Message:
    return Message(
        summary="Taken off the roster",
        blocks=(
            paragraph(
                f"{clip(name, 60)} is no longer in “{clip(of.name, 60)}”, and its boards no longer name them. I have "
                "not written to them: tell them yourself."
            ),
        ),
        buttons=(Button("Who is in it", c.Roster(of.id)),),
    )


def _an(office: Office) -> str:
    return f"{'an' if office is Office.ORGANISER else 'a'} {office.value}"


# --- the list


def form(of: Cohort) -> Form:
    return Form(
        title="A list of people",
        fields=(
            Field(
                "people",
                "People: platform,user_id,tenant,role",
                kind="paragraph",
                max_length=LIMITS.ANSWER,
                hint="that line first, then one person a line; tenant and role may be left out",
            ),
            Field(
                "go",
                "What shall I do?",
                kind="choice",
                choices=(Choice("no", "Only check it"), Choice("yes", "Invite them")),
                initial="no",
            ),
        ),
        submits=c.ImportRoster(of.id),
    )


def report(of: Cohort, lines: Sequence[Checked | Fault], *, go: bool) -> Message:
    """What becomes of each line of a list, faults first; as many lines as fit."""
    faults = [one for one in lines if isinstance(one, Fault)]
    in_order: list[Checked | Fault] = [*faults, *(one for one in lines if isinstance(one, Checked))]
    shown: list[str] = []
    for one in in_order:
        if sum(map(len, shown)) + len(said := said_of(one, go=go)) > LINES:
            break
        shown.append(clip(said, 160))
    hidden = len(lines) - len(shown)
    more = f"And {hidden} more lines. rolecall cohort import reports all of them on the command line."
    after = (
        paragraph("I have written to nobody. Tell them to type ", code("/rolecall cohort join"), ".")
        if go
        else paragraph("Nothing has changed: this was a check.")
    )
    again = () if go and not faults else (Button("Give me the list again", c.PasteRoster(of.id)),)
    return Message(
        summary="Your list",
        title=clip(f"The list for {of.name}", LIMITS.TITLE),
        blocks=(
            paragraph(bold(counted(lines, go=go))),
            Bullets(tuple(spans(said) for said in shown)),
            *((note(more),) if hidden else ()),
            after,
        ),
        buttons=(*again, Button("Who is in it", c.Roster(of.id))),
    )


def counted(lines: Sequence[Checked | Fault], *, go: bool) -> str:
    """How many lines became what, in a sentence."""
    kinds = [one.becomes if isinstance(one, Checked) else "fault" for one in lines]
    named = (
        ("invited", "invited" if go else "would be invited"),
        ("changed", "invited as something else" if go else "would be invited as something else"),
        ("listed", "on the list already"),
        ("inside", "in the cohort already"),
        ("fault", "to be mended"),
    )
    return f"{'; '.join(f'{kinds.count(kind)} {said}' for kind, said in named if kind in kinds)}."


def said_of(one: Checked | Fault, *, go: bool) -> str:
    """A line of the report."""
    if isinstance(one, Fault):
        return f"Line {one.line}: {one.why}."
    become = {
        "invited": f"{'invited' if go else 'would be invited'} as {one.office.value}",
        "changed": f"{'is' if go else 'would be'} on the list as {one.office.value} from now on",
        "listed": f"on the list already, as {one.office.value}",
        "inside": "in the cohort already; nothing changes",
    }[one.becomes]
    return f"Line {one.line}: {id_of(one.account)} {become}."
