"""What a reviewer reads before and after an answer: the queue, thanks, refusals. Takes values, gives messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.door.intents import Queue, ShareNote, TakeTicket, WriteReview
from bot.door.messages import (
    LIMITS,
    Block,
    Bullets,
    Button,
    Message,
    Spans,
    bold,
    clip,
    count,
    note,
    paragraph,
    quote,
    spans,
)
from bot.model import Ticket, TicketId, TicketKind
from bot.reviews.audience import Refusal

NOTE = 1000
"""Characters of a reviewer's note."""
SHOWN = 8
"""Tickets of the queue that get a line and a button."""

REFUSED = {
    Refusal.OWN: "This is your own answer: somebody else has to judge it. /rolecall mentor queue shows the others.",
    Refusal.FOREIGN: "That answer is not for you to judge. /rolecall mentor queue shows those that are.",
    Refusal.NOT_PRACTISED: "Answer this problem yourself first; after that your word counts on the answers of others.",
    Refusal.DECIDED: "You have had your say on this answer. /rolecall mentor queue shows the others.",
    Refusal.DECIDED_BEFORE: "You had a part in the first decision, so somebody else has to decide this appeal.",
}
GONE = "That answer is no longer here. /rolecall mentor queue shows what waits."
CLOSED = "That one is settled already, thank you. /rolecall mentor queue shows what still waits."
BEING_READ = "Somebody is reading that answer now. /rolecall mentor queue shows the others."
TAKE_FIRST = "Take an answer first: /rolecall mentor take gives you the next one."
NOTHING_WAITS = "Nothing waits for you. Thank you for looking."
OUTSIDER = (
    "Nothing waits for you here. Answers are shown to mentors, and in a cohort that reviews its own answers to those "
    "who have answered the same problem."
)


def no_such_cohort(name: str, known: Sequence[str]) -> str:
    which = f"Yours: {', '.join(known)}." if known else "You are in none."
    return f"No cohort of yours is called “{clip(name, 40)}”. {which}"


@dataclass(frozen=True, slots=True)
class Line:
    """One ticket of the queue."""

    ticket: Ticket
    title: str
    cohort: str
    free: bool
    first: bool = False
    """It is offered to the reviewer before others."""


def queue(lines: Sequence[Line], now: datetime, done: int, thanks: int) -> Message:
    """What waits, in the order given; and what the reviewer did this month, and how many said thanks for it."""
    own = _month(done, thanks)
    if not lines:
        return Message(
            summary="Nothing waits for you",
            blocks=(paragraph(NOTHING_WAITS), *((note(own),) if own else ())),
        )
    shown, rest = lines[:SHOWN], len(lines) - SHOWN
    free = [(n, line) for n, line in enumerate(shown, 1) if line.free]
    return Message(
        summary=f"{count(len(lines), 'answer')} to read",
        title=f"{count(len(lines), 'answer')} {'waits' if len(lines) == 1 else 'wait'} for you",
        blocks=(
            Bullets(tuple(_line(line, now) for line in shown), numbered=True),
            *((note(f"And {rest} more."),) if rest > 0 else ()),
            *((note(own),) if own else ()),
        ),
        buttons=tuple(
            Button(clip(f"Read {n}: {line.title}", LIMITS.BUTTON_LABEL), TakeTicket(line.ticket.id), n == free[0][0])
            for n, line in free
        ),
    )


KIND = {
    TicketKind.DOUBT: "the grader is not sure",
    TicketKind.APPEAL: "an appeal",
    TicketKind.LEECH: "a concept that keeps slipping away",
}


def _line(line: Line, now: datetime) -> Spans:
    asked = f", {count(len(line.ticket.points), 'point')}" if line.ticket.points else ""
    where = f" · {line.cohort}" if line.cohort else ""
    busy = "" if line.free else " · somebody is reading it"
    first = " · yours first" if line.first else ""
    about = f" – {KIND[line.ticket.kind]}{asked} · waiting {length(now - line.ticket.opened_at)}{where}{first}{busy}"
    return spans(bold(line.title), about)


def _month(done: int, thanks: int) -> str:
    if not done:
        return ""
    said = f", and {count(thanks, 'learner')} said thank you" if thanks else ""
    return f"This month you have judged {count(done, 'answer')}{said}."


def work(waiting: int, late: int) -> Message:
    """The one message a day that says: answers wait for you, and how many of them have waited too long."""
    all_ = "It has" if waiting == 1 else "All of them have"
    which = all_ if late == waiting else f"{late} of them {'has' if late == 1 else 'have'}"
    overdue = f" {which} waited for more than two days." if late else ""
    return Message(
        summary=f"{count(waiting, 'answer')} to read",
        blocks=(
            paragraph(
                f"{count(waiting, 'answer')} {'waits' if waiting == 1 else 'wait'} for your judgement. "
                f"A few minutes are enough for one.{overdue}"
            ),
        ),
        buttons=(Button("Show them", Queue(), primary=True),),
    )


# --- after it


def more_points(ticket: TicketId, left: int) -> Message:
    return Message(
        summary="Saved",
        blocks=(paragraph(f"Saved. {count(left, 'point')} of this answer {'is' if left == 1 else 'are'} left."),),
        buttons=(Button("Grade the rest", WriteReview(ticket), primary=True),),
    )


def settled(ticket: TicketId, others: int) -> Message:
    """Thanks; and where other waiting answers miss the same, the offer to send the note there too."""
    offer: tuple[Block, ...] = ()
    if others:
        offer = (
            paragraph(
                f"{count(others, 'other waiting answer')} {'misses' if others == 1 else 'miss'} the same. Send your "
                "note there too? They keep their place and are still read."
            ),
        )
    share = (Button("Send them my note", ShareNote(ticket)),) if others else ()
    return Message(
        summary="Thank you",
        blocks=(paragraph("Thank you. It is settled, and the learner is told."), *offer),
        buttons=(*share, Button("Next answer", TakeTicket(), primary=True)),
    )


def spoken() -> Message:
    """To a peer, who is not told what the other one said."""
    return Message(
        summary="Thank you",
        blocks=(paragraph("Thank you. Your view is kept; what two of you agree on is settled, without names."),),
        buttons=(Button("Next answer", TakeTicket(), primary=True),),
    )


def too_late() -> Message:
    """To the second of two who decided at once."""
    return Message(
        summary="It was settled meanwhile",
        blocks=(
            paragraph(
                "Somebody else has settled this answer while you were reading it. Yours is kept as a second opinion; "
                "for the learner it changes nothing."
            ),
        ),
        buttons=(Button("Next answer", TakeTicket(), primary=True),),
    )


def not_taken(why: str, said: str, again: TicketId | None) -> Message:
    """A judgement that could not be taken, with the reason; the note comes back."""
    kept = (note("Your note is kept. It was:"), quote(clip(said, NOTE))) if said.strip() else ()
    button = (
        Button("Grade again", WriteReview(again), primary=True)
        if again
        else Button("Show the queue", Queue(), primary=True)
    )
    return Message(summary="I could not take that", blocks=(paragraph(why), *kept), buttons=(button,))


CHANGED = "This answer has changed under the form, or a choice does not fit it. Nothing was settled: grade it again."
WITHDRAWN = "The learner has taken this answer back, so there is nothing left to decide. Thank you all the same."
NOTE_NEEDED = "A note is what helps here. Write a sentence or two: another picture, an example, what to read."


def released(mine: bool) -> Message:
    text = "Given back. It keeps its old place." if mine else "It was not with you any more. It keeps its old place."
    return Message(
        summary="Given back", blocks=(paragraph(text),), buttons=(Button("Show the queue", Queue(), primary=True),)
    )


def shared(sent: int) -> Message:
    text = (
        f"Your note is on its way to {count(sent, 'other learner')}. Their answers still wait to be read."
        if sent
        else "No other answer that waits misses the same and has not had your note."
    )
    return Message(
        summary="Your note", blocks=(paragraph(text),), buttons=(Button("Next answer", TakeTicket(), primary=True),)
    )


NO_NOTE = "You wrote no note on that answer, so there is nothing to send."


def length(waited: timedelta) -> str:
    hours = int(waited / timedelta(hours=1))
    if hours < 1:
        return "less than an hour"
    return count(hours, "hour") if hours < 48 else count(hours // 24, "day")


def examples(title: str, ticket: Ticket, now: datetime) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    line = Line(ticket, title, "Spring", free=True)
    return {
        "mentor_queue": queue((replace(line, first=True), replace(line, free=False)), now, done=3, thanks=2),
        "mentor_queue_empty": queue((), now, done=0, thanks=0),
        "mentor_work": work(2, 0),
        "mentor_work_overdue": work(3, 1),
        "more_points": more_points(ticket.id, 1),
        "review_settled": settled(ticket.id, 2),
        "peer_spoken": spoken(),
        "too_late": too_late(),
        "not_taken": not_taken(CHANGED, "Say what it costs.", ticket.id),
        "released": released(mine=True),
        "shared": shared(2),
    }
