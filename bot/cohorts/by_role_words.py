"""What is said about offices that come with a role of the platform. Takes values; looks nothing up."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cohort_model import Cohort, Office
from bot.door import cohort_intents as c
from bot.door.messages import Button, Holders, Message, Spans, clip, note, paragraph, spans

NO_ROLES_HERE = (
    "A role belongs to a server, and I look at its roles only there. Type the command on the server whose role it is."
)
EVERYBODY = "That is everybody on the server. Choose a role that only the people you mean hold."
NOT_LEARNERS = (
    "A role can make mentors and organisers. Learners decide for themselves: invite them with "
    "/rolecall cohort invite, or end what a role gives with none."
)


def bound(of: Cohort, role: str, office: Office, *, changed: bool) -> Message:
    """`changed`: it was not so already."""
    said = paragraph(
        "Whoever holds ",
        Holders(role),
        f" is {_an(office)} of “{clip(of.name, 60)}”{'' if changed else ' already; nothing has changed'}.",
    )
    how = note(
        "I look each time somebody uses me: who has been given the role is in office from then on, who has lost it no "
        "longer is. I write of work that waits only to those of them who have reminders on."
    )
    return Message(
        summary="Appointed by role" if changed else "Nothing has changed",
        blocks=(said, how),
        buttons=(Button("Who is in it", c.Roster(of.id)),),
    )


def unbound(of: Cohort, role: str, office: Office | None) -> Message:
    """`office`: what the role made of people until now; None: nothing."""
    if office is None:
        said = paragraph(f"Nobody is anything in “{clip(of.name, 60)}” by ", Holders(role), "; nothing has changed.")
    else:
        said = paragraph(
            f"Nobody is {_an(office)} of “{clip(of.name, 60)}” by ",
            Holders(role),
            " any more. I have not written to those who were: tell them yourself.",
        )
    return Message(
        summary="No office by that role" if office else "Nothing has changed",
        blocks=(said,),
        buttons=(Button("Who is in it", c.Roster(of.id)),),
    )


def listed(roles: Sequence[tuple[str, Office]]) -> Spans:
    """The roles that hold an office, such as "the role 42 (mentor)"; the first eight."""
    said = [span for role, office in roles[:8] for span in spans(", ", Holders(role), f" ({office.value})")]
    return (*said[1:], *(spans(f" and {len(roles) - 8} more") if roles[8:] else ()))


def held_by(of: Cohort, name: str, offices: Sequence[Office]) -> str:
    """To an organiser who would take an office from somebody that has it by a role."""
    held = " and ".join(o.value for o in offices)
    return (
        f"{clip(name, 60)} is {held} of “{clip(of.name, 60)}” by a role on its server. Take that role from them there, "
        "and it ends when they next use me; who gives others the role stays as they are."
    )


def stays(of: Cohort, offices: Sequence[Office]) -> str:
    """To who would leave what they are in by a role alone."""
    held = " and ".join(o.value for o in offices)
    return (
        f"You are {held} of “{clip(of.name, 60)}” by a role on its server, for as long as you hold it. Whoever gives "
        "out roles there can take it from you."
    )


def _an(office: Office) -> str:
    return f"{'an' if office is Office.ORGANISER else 'a'} {office.value}"


def examples(of: Cohort) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    return {
        "role_bound": bound(of, "80351110224678912", Office.MENTOR, changed=True),
        "role_bound_already": bound(of, "80351110224678912", Office.ORGANISER, changed=False),
        "role_unbound": unbound(of, "80351110224678912", Office.MENTOR),
        "role_unbound_nothing": unbound(of, "80351110224678912", None),
    }
