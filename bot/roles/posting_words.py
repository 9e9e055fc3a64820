"""Every sentence about a job posting that was pasted. Its own words are shown as quotes; nothing is looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.catalogue.landscape import Landscape
from bot.catalogue.role import Loop
from bot.door import intents as i
from bot.door.messages import (
    LIMITS,
    Block,
    Bullets,
    Button,
    Field,
    Form,
    Message,
    Spans,
    bold,
    clip,
    note,
    paragraph,
    spans,
)
from bot.model import Role
from bot.roles.decoding import LONGEST, QUOTE, Evidence, Reading, Score, Unclear, Why
from bot.roles.result_words import named

QUOTES, SECOND_QUOTES = 5, 2
"""Quotes shown for the first and for the second role, at the most."""

PRIVATE = "I kept none of this text."
TITLE = "Which role this posting is"


def form() -> Form:
    return Form(
        title="Decode a posting",
        fields=(
            _part("posting", "The posting, duties first", "the part that says what you will do tells most"),
            _part("more", "More of it", "where it does not fit into one field", required=False),
            _part("rest", "The rest of it", "benefits may be left out", required=False),
        ),
        submits=i.SubmitPosting(),
    )


def _part(name: str, label: str, hint: str, *, required: bool = True) -> Field:
    return Field(name, label, kind="paragraph", required=required, max_length=LIMITS.ANSWER, hint=hint)


def decoded(known: Landscape, reading: Reading, target: Role | None) -> Message:
    """What a posting says; `target` is the role that the member prepares for already."""
    first, second = reading.ranking[:2]
    return Message(
        summary="What the posting says by its own words",
        title=TITLE,
        blocks=(
            paragraph(*_verdict(reading)),
            Bullets(_quotes(first, QUOTES)),
            paragraph(*_second(second)),
            paragraph(bold("Its loop tests: "), _rounds(known.roles[first.role].loop)),
            paragraph(bold("Ask the recruiter: "), _ask(known, first.role, second.role)),
            *_aim(first.role, target),
            note(PRIVATE),
        ),
        buttons=tuple(_buttons(first.role, second, target)),
    )


def _a(role: Role) -> str:
    """A role in a sentence, with its article: "an ML engineer"."""
    return f"{'an' if role.label[0] in 'AM' else 'a'} {named(role)}"


def _verdict(reading: Reading) -> Spans:
    first, second = (bold(_a(score.role)) for score in reading.ranking[:2])
    match reading.margin:
        case "clear":
            said = spans("By its own words this is clearly ", first, ". ")
        case "lean":
            said = spans("By its own words this leans to ", first, ", with some of ", second, ". ")
        case "close":
            said = spans("This is a close call: ", first, " by a little, or ", second, ". ")
    return (*said, *spans(_title(reading), " What says so:"))


def _title(reading: Reading) -> str:
    if reading.title is None:
        return "Its title names none of the six roles, so go by the duties."
    if reading.misleads and reading.margin == "close":
        return f"Its title says {named(reading.title)}; ask before you believe it."
    if reading.misleads:
        return f"Its title misleads: it says {named(reading.title)}."
    return "Its title fits."


def _quotes(score: Score, most: int) -> tuple[Spans, ...]:
    """In the order of the posting."""
    strongest = sorted(score.evidence[:most], key=lambda e: e.quote.start)
    return tuple(spans(_quoted(e)) for e in strongest)


def _quoted(evidence: Evidence) -> str:
    return f"“{clip(evidence.quote.text, QUOTE + 20).rstrip('.')}”"


def _second(second: Score) -> Spans:
    if not second.evidence:
        return spans("Nothing in it speaks for another role.")
    quotes = ", ".join(_quoted(e) for e in second.evidence[:SECOND_QUOTES])
    return spans(bold(f"For {_a(second.role)}"), f" speaks: {quotes}.")


def _rounds(loop: Loop) -> str:
    names = [held.name + (" (sometimes)" if held.sometimes else "") for held in loop.rounds]
    derived = " No source describes this loop; it follows from what the role is about." if loop.derived else ""
    return clip(", ".join(names), 300) + "." + derived


def _ask(known: Landscape, first: Role, second: Role) -> str:
    return (
        f"is it {known.contrast(first, second).decide_by}? What did the last person in the job ship, "
        "what fills most of the week, and who is called when it breaks?"
    )


def _aim(role: Role, target: Role | None) -> tuple[Block, ...]:
    return (paragraph(f"{role.label} is the role that you prepare for already."),) if role is target else ()


def _buttons(role: Role, second: Score, target: Role | None) -> Iterator[Button]:
    if role is not target:
        yield Button(f"Make {named(role)} my target", i.Target(role.value), primary=True)
    yield Button(f"Its loop: {named(role)}", i.Loop(role.value))
    yield Button(f"Compare with {named(second.role)}", i.CompareRoles(role.value, second.role.value))
    yield Button(f"About {named(role)}", i.About(role.value))
    yield Button("Another posting", i.Decode())


UNCLEAR: Mapping[Why, str] = {
    "empty": "There was no text in it. Paste the posting into the form, the part about the duties first.",
    "too_short": (
        "That is too little to tell a job by. Paste the whole posting: the duties say most, the title says least."
    ),
    "too_long": (
        f"I read at most {LONGEST:,} characters, and this is longer. Paste one posting only: its title, duties and "
        "requirements are enough."
    ),
    "other_language": "I can read postings in English only. Translate this one, and paste the translation.",
    "names_only": (
        "This is a list of names and tools without a sentence about the work, and every role uses most of them. "
        "Paste the part that says what you will do; if there is none, ask the recruiter for it before you apply."
    ),
    "everything": (
        "It asks for everything: the words of at least four roles weigh about the same. Ask the recruiter what fills "
        "most of the week, and paste the answer."
    ),
    "too_little": (
        "I cannot tell: too few words in it say what somebody in one of the six roles does. If it is a posting, paste "
        "its duties as well; if it names none, ask the recruiter what the last person in the job shipped."
    ),
}


def unclear(why: Unclear) -> Message:
    """Why no role can be named, and what to do."""
    return Message(
        summary="I cannot tell which role it is",
        title="I cannot tell which role it is",
        blocks=(paragraph(UNCLEAR[why.why]), note(PRIVATE)),
        buttons=(
            Button("Paste a posting", i.Decode(), primary=True),
            Button("How to read a posting", i.About("aie_title")),
        ),
    )


def examples(known: Landscape, reading: Reading) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    return {
        "posting": decoded(known, reading, None),
        "posting_of_the_target": decoded(known, reading, reading.ranking[0].role),
        **{f"posting_{why}": unclear(Unclear(why)) for why in UNCLEAR},
    }
