"""Every sentence about linking and unlinking accounts. Takes values; looks nothing up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.door.intents import Link, RemindHere, Settings, Today, Unlink
from bot.door.messages import (
    LIMITS,
    Block,
    Bullets,
    Button,
    Facts,
    Message,
    When,
    bold,
    clip,
    code,
    count,
    heading,
    nonce,
    note,
    paragraph,
    spans,
)
from bot.members.reminder_words import rhythm
from bot.members.words import platform_name
from bot.model import Account, Member

_AGAIN = "Type /rolecall me link on the other platform, and I give you a new one."
UNKNOWN = f"I have given out no such code, or it is long over. {_AGAIN}"
EXPIRED = f"This code has expired: each works for ten minutes. {_AGAIN}"
USED = f"This code has been used, and each works once. {_AGAIN}"
OWN = "You made this code here. Type it on the other platform: it is that account that becomes one with this."
ALREADY = "This account and the one on which you made the code are one person already. There is nothing more to do."
ONLY_ONE = (
    "This is your only account, so there is nothing to take away. /rolecall me delete deletes all that I keep of you."
)


def platform(of: Account | str) -> str:
    """What a platform is called in a sentence, of an account or its key."""
    return platform_name(of.platform if isinstance(of, Account) else of.partition(":")[0])


def handle(of: Account) -> str:
    """A short name of an account for buttons, in which nothing can be read."""
    return nonce(of.key)[:8]


def _called(of: Account, name: str) -> str:
    return f"{platform(of)}, as {clip(name, 40)} ({clip(of.user_id, 30)})"


def _list(known: Mapping[Account, str], here: Account) -> Bullets:
    """The accounts; the first is the one that reminders go to."""
    lines = []
    for n, (account, name) in enumerate(known.items()):
        said = [*(["you are here"] if account == here else []), *(["this is where I write to you"] if n == 0 else [])]
        lines.append(spans(_called(account, name), f": {', and '.join(said)}" if said else ""))
    return Bullets(tuple(lines))


def _where(known: Mapping[Account, str], here: Account) -> tuple[Button, ...]:
    return (Button("Remind me here", RemindHere()),) if next(iter(known)) != here else ()


# --- linking


def new_code(
    typed: str, until: datetime, zone: str, known: Mapping[Account, str], here: Account, *, is_settled: bool
) -> Message:
    """A code to type elsewhere. `known`: the member's accounts and what they are called there; `is_settled`: they have
    saved settings."""
    linked: tuple[Block, ...] = (heading("Linked so far"), _list(known, here)) if len(known) > 1 else ()
    return Message(
        summary="A code to link another account",
        title="Be one person on two platforms",
        blocks=(
            paragraph("On the other platform, before ", When(until, zone, "time"), ", type this to me:"),
            Bullets(
                (
                    spans("in Slack, the terminal or a direct message: ", code(f"/rolecall me link {typed}")),
                    spans("in a Discord server: ", code(f"/rolecall me link code:{typed}")),
                )
            ),
            paragraph(
                "I show you there what will happen, and ask before I do it. All that you have done here and there "
                "becomes one history; name and settings are then those of "
                f"{'this account' if is_settled else 'the other account, where you have saved any there'}."
            ),
            note("The code works once. Give it to nobody: whoever uses it sees all that is kept about you."),
            *linked,
        ),
        buttons=(*_where(known, here), *((Button("Unlink one", Unlink()),) if linked else ())),
    )


def ask_to_link(
    typed: str,
    *,
    maker: str,
    their_platform: str,
    stays: Member,
    was: str,
    answers: tuple[int, int],
    cohorts_here: Sequence[str],
    both_in: Sequence[str],
) -> Message:
    """What will happen. `stays`: who remains, with the settings that hold then; `answers`: of the maker, and here."""
    facts = [
        ("Your name", spans(clip(stays.name, 60))),
        ("Time zone", spans(stays.zone)),
        ("Reminders", spans(rhythm(stays) if stays.reminders else "none")),
    ]
    renamed = cohorts_here and was != stays.name
    return Message(
        summary="Link the two accounts?",
        title="Shall the two accounts become one?",
        blocks=(
            paragraph(
                "This code was made by ",
                bold(clip(maker, 60)),
                f" on {their_platform}. Go on only if that is you: from then on both accounts see everything that is "
                "kept about either, every answer and verdict.",
            ),
            paragraph(
                f"The {count(answers[0], 'answer')} there and the {count(answers[1], 'answer')} here become one "
                "history, with one memory, one progress and one row on a board. These settings stay:"
            ),
            Facts(tuple(facts)),
            *((paragraph(_renamed(cohorts_here, was, stays.name)),) if renamed else ()),
            *((paragraph(_both(both_in)),) if both_in else ()),
            note(
                "Nobody else is told, and nobody in a company's chat learns which other account is yours. Accounts can "
                "be unlinked again; what has become one history stays one."
            ),
        ),
        buttons=(Button("Yes, both are me", Link(typed, "yes"), primary=True), Button("No", Link(typed, "no"))),
    )


def _names(cohorts: Sequence[str]) -> str:
    shown = [f"“{clip(name, 40)}”" for name in cohorts[:3]]
    more = [f"{len(cohorts) - 3} more"] if len(cohorts) > 3 else []
    *first, last = [*shown, *more]
    return f"{', '.join(first)} and {last}" if first else last


def _renamed(cohorts: Sequence[str], was: str, name: str) -> str:
    return (
        f"In {_names(cohorts)} you are called “{clip(was, 40)}” now, and will be called “{clip(name, 40)}”. If the "
        "others there are not to know that name, press No and change it first, with /rolecall settings where you made "
        "the code."
    )


def _both(cohorts: Sequence[str]) -> str:
    return (
        f"Both are in {_names(cohorts)}: one place is left, and what you were given twice for the same counts once. "
        "How the board names you is as for the account that made the code."
    )


def linked(one: Member, known: Mapping[Account, str], here: Account) -> Message:
    first = next(iter(known))
    return Message(
        summary="The accounts are linked",
        title="You are one person now",
        blocks=(
            paragraph(f"Done, {clip(one.name, 60)}. Whatever you do on one account, the others know:"),
            _list(known, here),
            paragraph(
                f"Reminders come to {platform(first)}."
                if one.reminders
                else "Reminders are off; /rolecall settings turns them on, and they then come where you did that."
            ),
            note("Points of days on which you practised on both are looked at again, as those of one person."),
        ),
        buttons=(Button("Today", Today(), primary=True), *_where(known, here)),
    )


def not_linked() -> Message:
    return Message(summary="Nothing was linked", blocks=(paragraph("Good. Nothing was linked, and nothing changed."),))


def refused(why: str) -> Message:
    return Message(summary="That code does not work", blocks=(paragraph(why),))


def too_many(until: datetime, zone: str) -> Message:
    return Message(
        summary="Too many codes that do not work",
        blocks=(
            paragraph(
                "Too many of these codes did not work. I look at the next one after ", When(until, zone, "time"), "."
            ),
        ),
    )


# --- unlinking


def which(known: Mapping[Account, str], here: Account) -> Message:
    shown = list(known)[: LIMITS.BUTTONS - 1]
    several = len({platform(a) for a in known}) < len(known)
    return Message(
        summary="Your accounts",
        title="Your accounts",
        blocks=(
            _list(known, here),
            paragraph("Which one shall be taken away? I no longer know it then; all that is kept stays with the rest."),
        ),
        buttons=(
            *(
                Button(clip(f"Unlink {_called(a, known[a]) if several else platform(a)}", 70), Unlink(handle(a)))
                for a in shown
            ),
            *_where(known, here),
        ),
    )


def not_clear(typed: str, known: Sequence[Account], *, several: bool) -> str:
    ids = ", ".join(f"{a.platform}:{clip(a.user_id, 30)}" for a in known)
    said = "Several of your accounts are meant by" if several else "None of your accounts is called"
    return f"{said} “{clip(typed, 40)}”. They are: {ids}. Name one like that."


def ask_to_unlink(away: Account, known: Mapping[Account, str], here: Account) -> Message:
    rest = " and ".join(dict.fromkeys(platform(a) for a in known if a != away))
    mine = "this account" if away == here else "that account"
    return Message(
        summary="Unlink the account?",
        title="Unlink this account?",
        blocks=(
            paragraph(bold(_called(away, known[away]))),
            paragraph(
                f"Every answer, verdict and point stays with {rest}. I no longer know {mine}: it can begin anew, or be "
                "linked again with /rolecall me link."
            ),
        ),
        buttons=(
            Button("Yes, unlink it", Unlink(handle(away), "yes")),
            Button("No", Unlink(handle(away), "no")),
        ),
    )


def unlinked(away: Account, name: str, left: Mapping[Account, str], here: Account) -> Message:
    was_here = away == here
    said = "I no longer know you here." if was_here else f"{_called(away, name)} is no longer yours here."
    return Message(
        summary="The account is unlinked",
        blocks=(
            paragraph(f"Done. {said} All that is kept stays with {' and '.join(platform(a) for a in left)}."),
            *((paragraph("/rolecall start begins anew here, with nothing of it."),) if was_here else ()),
        ),
    )


def stays_linked() -> Message:
    return Message(summary="Nothing was unlinked", blocks=(paragraph("Good. Your accounts stay as they are."),))


# --- reminders


def reminds_here(*, is_on: bool) -> Message:
    return Message(
        summary="Reminders come here",
        blocks=(
            paragraph(
                "From now on reminders, and whatever else I write to you by myself, come here."
                if is_on
                else "Whatever I write to you by myself comes here from now on. Reminders are off, though; the "
                "settings turn them on."
            ),
        ),
        buttons=() if is_on else (Button("Settings", Settings()),),
    )


def examples(member: Member, at: datetime) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    here, there = Account("discord", "", "80351110224678912"), Account("slack", "T1", "U0G9QF9C6")
    known = {there: "Ana", here: "ana_codes"}
    return {
        "link_code": new_code("K7QD-M2XA", at, member.zone, {there: "Ana"}, there, is_settled=False),
        "link_code_linked": new_code("K7QD-M2XA", at, member.zone, known, here, is_settled=True),
        "link_ask": ask_to_link(
            "K7QD-M2XA",
            maker="Ana",
            their_platform="Slack",
            stays=member,
            was="Ana",
            answers=(120, 1),
            cohorts_here=(),
            both_in=(),
        ),
        "link_ask_known": ask_to_link(
            "K7QD-M2XA",
            maker="Ana",
            their_platform="Slack",
            stays=member,
            was="dragon",
            answers=(120, 34),
            cohorts_here=("Spring", "Autumn"),
            both_in=("Spring",),
        ),
        "linked": linked(member, known, here),
        "not_linked": not_linked(),
        "link_refused": refused(EXPIRED),
        "link_too_many": too_many(at, member.zone),
        "unlink_which": which(known, here),
        "unlink_ask": ask_to_unlink(here, known, here),
        "unlinked": unlinked(here, "ana_codes", {there: "Ana"}, here),
        "unlinked_other": unlinked(there, "Ana", {here: "ana_codes"}, here),
        "unlink_not": stays_linked(),
        "reminds_here": reminds_here(is_on=True),
        "reminds_here_off": reminds_here(is_on=False),
    }
