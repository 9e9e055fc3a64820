"""Every sentence about reviews that a learner reads. Takes values, gives messages; looks nothing up."""

from __future__ import annotations

from collections.abc import Sequence

from bot.catalogue.problem import Problem
from bot.door.intents import Appeal, KeepPrivate, Lend, Practice, ReadVerdict, Thank
from bot.door.messages import (
    LIMITS,
    Block,
    Button,
    Message,
    clip,
    heading,
    note,
    paragraph,
    quote,
)
from bot.grading import words as grading_words
from bot.grading.question import Question, full
from bot.model import (
    FLAGS,
    Attempt,
    Band,
    Judge,
    Quote,
    Route,
    Serving,
    ServingId,
    TicketId,
    TicketKind,
    Waiting,
)
from bot.reviews import lending

GO_ON = Button("Next problem", Practice(), primary=True)

FOREIGN = "That answer belongs to somebody else. /rolecall progress lists your own."
GONE = "I no longer have that answer. /rolecall progress lists your latest ones."
UNREAD = "I am still reading that answer. The verdict comes by itself; then you can appeal it."
NOT_JUDGED = "That answer was not judged, so there is nothing to appeal. Its question is still open: just answer again."
NOTHING_TO_APPEAL = "There is nothing to appeal here: no point counts against you that is still open to you."
FINAL = (
    "Somebody has read that point after you asked, and their word is final. Your other points are still open to you."
)
NOBODY_LEFT = (
    "Whoever reviews here has had a part in this answer before, so there is nobody left to look at that again."
)
NO_SENTENCE = "There is no such sentence in your answer. Press the button again and pick one."

# --- appeals


def objections(asked: Question, serving: ServingId, points: Sequence[str], *, reviewed: bool) -> Message:
    """What can be appealed, one button each; `reviewed`: whether there is anybody who could decide."""
    waits = "; the band waits until somebody has looked" if reviewed else ""
    return Message(
        summary="What did I miss?",
        title="What did I miss?",
        blocks=(
            paragraph("Pick what you did say, or what you did not mean. It counts for your memory at once."),
            note(f"One appeal for each point{waits}."),
        ),
        buttons=tuple(Button(_objection(asked, p), Appeal(serving, p)) for p in points[: LIMITS.BUTTONS]),
    )


def _objection(asked: Question, point: str) -> str:
    wrong = next((m for m in asked.problem.misconceptions if m.id == point), None)
    if wrong:
        return clip(f"I did not mean: {wrong.statement}", LIMITS.BUTTON_LABEL)
    return grading_words.objection(asked, point)


def which_sentence(asked: Question, serving: ServingId, point: str, found: Sequence[tuple[int, Quote]]) -> Message:
    """Asks where the learner said it; `found` are sentences with their numbers."""
    return Message(
        summary="Which sentence says it?",
        title="Which sentence says it?",
        blocks=(paragraph(f"The point is: {asked.problem.criterion(point).statement}"),),
        buttons=tuple(
            Button(clip(f"“{q.text}”", LIMITS.BUTTON_LABEL), Appeal(serving, point, str(n))) for n, q in found
        ),
    )


def appealed(waiting: Waiting, point: str) -> Message:
    """An appeal is on its way to people."""
    counts = (
        "The band stays as it is until then."
        if point == FLAGS
        else "Until then the band is provisional, and your memory counts it your way."
    )
    return Message(
        summary="Your appeal is on its way",
        title="Noted",
        blocks=(
            paragraph(f"{_who(waiting.route)} {'decides' if waiting.route is Route.MENTORS else 'decide'}. {counts}"),
            paragraph(f"{grading_words.queue_place(waiting)} I tell you as soon as it is decided; go on meanwhile."),
        ),
        buttons=(GO_ON,),
    )


def _who(route: Route) -> str:
    return "A mentor who has not judged this answer before" if route is Route.MENTORS else "Two of your peers"


def appealed_alone(serving: ServingId) -> Message:
    """There is nobody who could decide, so the learner's own word stands."""
    return Message(
        summary="Noted, by your own judgement",
        title="Noted, by your own judgement",
        blocks=(
            paragraph(
                "There is nobody else here to decide it, so it counts as you say: your memory takes it, and the band "
                "reads “by your own judgement”. Points never come from that."
            ),
        ),
        buttons=(GO_ON, Button("Show the verdict", ReadVerdict(serving))),
    )


def appealed_already(waiting: Waiting | None) -> Message:
    place = f" {grading_words.queue_place(waiting)}" if waiting else ""
    return Message(
        summary="You have appealed that already",
        blocks=(paragraph(f"You have appealed that point already, and once is enough.{place}"),),
        buttons=(GO_ON,),
    )


# --- asking, taking back


def in_the_queue(waiting: Waiting) -> Message:
    """Somebody will read it, because the learner asked."""
    who = "A mentor reads" if waiting.route is Route.MENTORS else "Two of your peers, who do not see your name, read"
    back = (Button("Keep it to myself", KeepPrivate(waiting.ticket)),) if waiting.kind is not TicketKind.APPEAL else ()
    return Message(
        summary="Somebody will read it",
        title="Somebody will read it",
        blocks=(
            paragraph(f"{who} the points that are open. {grading_words.queue_place(waiting)}"),
            paragraph("I tell you as soon as it is decided; go on meanwhile."),
        ),
        buttons=(GO_ON, *back),
    )


NOBODY_TO_ASK = (
    "Nobody reviews answers here yet, so this one is yours to settle: /rolecall progress shows its verdict again, "
    "with the sentences to pick from."
)
NOTHING_OPEN = "No point of that answer is open any more. /rolecall progress shows its verdict."
WITHDRAWN = "Taken back: nobody else reads it. You can settle it yourself."
NOT_WAITING = "That answer is not waiting any more. /rolecall progress shows its verdict."
APPEAL_STAYS = "An appeal stays with whoever decides it; I tell you as soon as they have."


def withdrawn(then: Message) -> Message:
    """The answer is out of the queue, and the learner's own comparison follows."""
    return Message(then.summary, (note(WITHDRAWN), *then.blocks), then.buttons, then.title)


def leech_withdrawn() -> Message:
    return Message(
        summary="Taken back",
        blocks=(paragraph("Taken back: nobody is asked. The concept comes up again when it is due."),),
        buttons=(GO_ON,),
    )


# --- what was decided


def settled(
    then: Message,
    title: str,
    *,
    ticket: TicketId,
    attempt: Attempt,
    before: Sequence[Band],
    by: Judge,
    name: str,
    said: str,
) -> Message:
    """What people decided: what changed, their note, and the verdict as it is now.

    `before` is the lowest and highest band that it had; `name` the mentor's, "" where it stays hidden.
    """
    who = "Two of your peers have" if by is Judge.PEERS else f"{clip(name, 60) or 'A mentor'} has"
    lend = (Button("Lend it as an example", Lend(attempt.serving.id)),) if lending.may_be_lent(attempt) else ()
    return Message(
        summary="Your answer has been read by somebody",
        title=then.title,
        blocks=(
            paragraph(f"{who} read your answer to “{clip(title, 100)}”. {_change(attempt, before)}"),
            *_note(said),
            *then.blocks,
        ),
        buttons=(Button("Thank them", Thank(ticket)), *lend, *then.buttons)[: LIMITS.BUTTONS],
    )


def _change(attempt: Attempt, before: Sequence[Band]) -> str:
    if attempt.outcome is None or not before:
        return ""
    recall = attempt.serving.concept is not None
    now = (attempt.outcome.lowest, attempt.outcome.highest)
    was, is_ = _bands(before, recall=recall), _bands(now, recall=recall)
    if was == is_ and attempt.outcome.provisional:
        return f"It is still {is_}, because other points are open."
    if was == is_:
        return f"They see it as it was: {is_}. Now you can rely on it."
    return f"It was {was}; now it is {is_}."


def _bands(bands: Sequence[Band], *, recall: bool) -> str:
    labels = dict.fromkeys(grading_words.band_label(b, recall=recall) for b in bands)
    return f"between {' and '.join(labels)}" if len(labels) > 1 else next(iter(labels))


def _note(said: str) -> tuple[Block, ...]:
    return (heading("Their note"), quote(said)) if said else ()


def thanked() -> Message:
    return Message(
        summary="Passed on",
        blocks=(paragraph("Your thanks are passed on. They see it the next time they look at their queue."),),
        buttons=(GO_ON,),
    )


NOBODY_TO_THANK = "Nobody has decided anything on that answer, so there is nobody to thank yet."


def lent() -> Message:
    return Message(
        summary="Thank you",
        blocks=(
            paragraph(
                "Thank you. Without your name, this answer may become an example that the grader learns from. "
                "A person looks at it first."
            ),
        ),
        buttons=(GO_ON,),
    )


NOT_LENDABLE = "Only an answer to a full problem whose band is settled can become an example. Thank you all the same."


def takes_longer(waiting: Waiting, title: str) -> Message:
    """Once, when an answer has waited too long."""
    own = (
        "Your memory counts it your way meanwhile."
        if waiting.kind is TicketKind.APPEAL
        else "You need not wait: you can settle it by your own judgement."
    )
    back = (Button("Settle it myself", KeepPrivate(waiting.ticket)),) if waiting.kind is not TicketKind.APPEAL else ()
    return Message(
        summary="It takes longer than it should",
        blocks=(
            paragraph(
                f"Your answer to “{clip(title, 100)}” still waits for somebody to read it. That is longer than it "
                f"should take, and I am sorry. I have asked again. {own}"
            ),
        ),
        buttons=(*back, Button("Next problem", Practice(), primary=not back)),
    )


def shared_note(title: str, said: str, name: str, serving: ServingId) -> Message:
    """A mentor's note on somebody else's answer that fits this one too; `name` is "" where it stays hidden."""
    return Message(
        summary="A note that may help you",
        title=clip(f"A note on “{title}”", LIMITS.TITLE),
        blocks=(
            paragraph(
                f"{clip(name, 60) or 'A mentor'} wrote this about another answer to the same problem. It fits yours "
                "too, as far as I can tell. Yours still waits and will be read."
            ),
            quote(said),
        ),
        buttons=(Button("Next problem", Practice(), primary=True), Button("My verdict", ReadVerdict(serving))),
    )


# --- leeches


def leech_opened(concept: str, lapses: int, ticket: TicketId) -> Message:
    """Told once, because a person will see how it went."""
    return Message(
        summary="One concept gets help",
        title=clip(f"Another way in: {concept}", LIMITS.TITLE),
        blocks=(
            paragraph(
                f"“{concept}” has slipped away {lapses} times. That is about the way it is put to you, not about you. "
                "I have asked a mentor for another way in, and I leave it out of your reviews for now."
            ),
            note("They see when it was asked, how it went and which points were missed. You can take that back."),
        ),
        buttons=(GO_ON, Button("Keep it to myself", KeepPrivate(ticket))),
    )


def leech_settled(concept: str, topic: str, said: str, name: str, ticket: TicketId) -> Message:
    return Message(
        summary="A mentor has an idea for you",
        title=clip(f"Another way in: {concept}", LIMITS.TITLE),
        blocks=(
            paragraph(f"{clip(name, 60) or 'A mentor'} has looked at how “{concept}” went, and writes:"),
            quote(said),
            note("It is back in your reviews from today."),
        ),
        buttons=(Button("Practise it", Practice(topic), primary=True), Button("Thank them", Thank(ticket))),
    )


def examples(p: Problem, serving: Serving, attempt: Attempt, judged: Message) -> dict[str, Message]:
    """One example of each message, for rendering tests; `judged` is the verdict on the attempt."""
    asked, ticket = full(p), TicketId("t1")
    doubt = Waiting(ticket, TicketKind.DOUBT, Route.MENTORS, ahead=2, median=None)
    appeal = Waiting(ticket, TicketKind.APPEAL, Route.PEERS, ahead=0, median=None)
    first = p.criteria[0].id
    return {
        "objections": objections(asked, serving.id, (first, p.misconceptions[0].id, FLAGS), reviewed=True),
        "which_sentence": which_sentence(asked, serving.id, first, ((0, Quote(attempt.text[:33], 0, 33)),)),
        "appealed": appealed(appeal, first),
        "appealed_alone": appealed_alone(serving.id),
        "appealed_already": appealed_already(appeal),
        "in_the_queue": in_the_queue(doubt),
        "review_withdrawn": withdrawn(judged),
        "leech_withdrawn": leech_withdrawn(),
        "settled": settled(
            judged,
            p.title,
            ticket=ticket,
            attempt=attempt,
            before=(Band.NO_HIRE, Band.LEAN_HIRE),
            by=Judge.MENTOR,
            name="Maya",
            said="Good start. Name the cost of a missed fraud.",
        ),
        "settled_by_peers": settled(
            judged,
            p.title,
            ticket=ticket,
            attempt=attempt,
            before=(Band.NO_HIRE, Band.NO_HIRE),
            by=Judge.PEERS,
            name="",
            said="",
        ),
        "thanked": thanked(),
        "lent": lent(),
        "takes_longer": takes_longer(doubt, p.title),
        "shared_note": shared_note(p.title, "Say what a missed fraud costs.", "Maya", serving.id),
        "leech_opened": leech_opened("Precision and recall", 8, ticket),
        "leech_settled": leech_settled("Precision and recall", "ml.metrics", "Draw the table first.", "Maya", ticket),
    }
