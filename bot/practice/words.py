"""Every sentence that practice says. Takes values, gives messages; looks nothing up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.calendar import local_date
from bot.catalogue.markdown import blocks
from bot.catalogue.problem import Problem
from bot.door.cohort_intents import OfferAnswer
from bot.door.intents import (
    Hint,
    Practice,
    Predict,
    Progress,
    Reveal,
    Review,
    Settings,
    Skip,
    SubmitAnswer,
    Today,
    WriteAnswer,
)
from bot.door.messages import (
    LIMITS,
    Block,
    Bullets,
    Button,
    Field,
    Form,
    Message,
    Spans,
    When,
    clip,
    count,
    heading,
    note,
    paragraph,
    quote,
    spans,
)
from bot.grading import words as grading_words
from bot.grading.question import Question, full, recall
from bot.model import (
    Attempt,
    Band,
    Card,
    ConceptId,
    Flag,
    Member,
    Origin,
    Route,
    Serving,
    ServingId,
)


@dataclass(frozen=True, slots=True)
class Next:
    """What the rest of the day holds."""

    due: int
    """Concepts of today's portion."""
    later: int
    """Concepts that are due, too, and left for the next days."""
    minutes: int


def hello(name: str, readers: Route | None, maker: str) -> tuple[Block, ...]:
    """`readers`: who is asked where the grader is not sure, if anybody; `maker`: whose language model is, if any."""
    others = []
    if maker:
        others.append(f"a language model ({clip(maker, 40)}) reads it too, without your name")
    if readers is not None:
        whom = "a mentor of your group" if readers is Route.MENTORS else "two of your peers, without your name,"
        others.append(f"{whom} may read it, unless you keep it to yourself")
    who = "Everything stays between us."
    if others:
        who = f"What you write stays with you and me; where I am not sure, {'; and '.join(others)}."
    return (
        paragraph(
            f"Hello {clip(name, 60)}. I am Rolecall: I ask you what interviewers ask, and tell you at once how your "
            "answer would have been scored."
        ),
        paragraph(
            "You answer in your own words. Every verdict quotes them, point by point, and says what was missing."
        ),
        paragraph(f"What you find hard comes back on the right day. {who} Here is a first, short one."),
    )


def which_zone(zone: str) -> Block:
    """Below the first verdict of somebody whose zone is not known; `zone` holds meanwhile."""
    return note(
        f"Days and hours are those of {zone} until I know where you are. Type /rolecall settings with zone and the "
        "city nearest to you, such as Berlin; where a list opens as you type, choose from it."
    )


def problem(
    asked: Question,
    serving: Serving,
    *,
    topic: str = "",
    why: str = "",
    before: tuple[Block, ...] = (),
    in_channel: bool = False,
) -> Message:
    """A problem, or a recall question on a topic, put before the member; `in_channel`: where others write, too."""
    p = asked.problem
    title = clip(f"Recall: {topic}" if serving.concept else p.title, LIMITS.TITLE)
    return Message(
        summary=clip(f"A question for you: {title}", LIMITS.SUMMARY),
        title=None if before else title,
        blocks=(
            *before,
            *((heading(title),) if before else ()),
            *_about(asked, serving, why),
            *blocks(asked.prompt),
            _how_to_answer(in_channel=in_channel),
        ),
        buttons=_problem_buttons(p, serving),
    )


def _about(asked: Question, serving: Serving, why: str) -> tuple[Block, ...]:
    tags = asked.problem.tags
    if serving.concept:
        about = "A sentence or two will do"
    else:
        about = f"{tags.round.label} · {tags.level} level · about {tags.minutes} min"
    if serving.origin is Origin.SELF and not tags.warm_up:
        about += " · your own choice"
    return (note(about), *((note(why),) if why else ()))


def _how_to_answer(*, in_channel: bool) -> Block:
    if in_channel:  # what is typed there is not for us, and everybody reads it
        return note("Press Answer and write in your own words: the channel sees neither this nor what you write.")
    return note("Type your answer here in your own words, or press Answer to write several lines.")


def _problem_buttons(p: Problem, serving: Serving) -> tuple[Button, ...]:
    hint = serving.hints + 1
    left = len(p.hints) - serving.hints
    hints = (Button(f"Hint ({left} left)", Hint(serving.id, str(hint))),) if left > 0 and not serving.concept else ()
    return (
        Button("Answer", WriteAnswer(serving.id), primary=True),
        *hints,
        Button("Show the answer", Reveal(serving.id)),
        Button("Skip", Skip(serving.id)),
    )


FOREIGN = "That problem was put before somebody else. /rolecall practice gives you one of your own."
ANSWERED = "You have answered this one already, and the first answer counts."
PROMPT_CLOSED = "That prompt has closed. “Try it yourself”, below its summary, puts the problem again, for no points."
CLOSED = "You are done with that problem already. /rolecall practice gives you the next one."


def nothing_open(meant: str | None) -> str:
    """What is said to words that answer nothing; `meant` is the command they look like."""
    way = f"Did you mean /rolecall {meant}?" if meant else "Get one with /rolecall practice."
    return f"No problem is open, so I cannot judge this. {way}"


def left_open(title: str) -> str:
    return f"“{clip(title, 80)}” stays open too: answer this one first, or skip it to go back."


STILL_OPEN = "You still have this one open. Skip puts it away."


def answer_form(serving: Serving, title: str, initial: str) -> Form:
    return Form(
        title="Your answer",
        fields=(
            Field(
                name="answer",
                label="In your own words",
                kind="paragraph",
                max_length=LIMITS.ANSWER,
                initial=initial[: LIMITS.ANSWER],
                hint=clip(title, 100),
            ),
        ),
        submits=SubmitAnswer(serving.id),
    )


def hint(p: Problem, serving: Serving, level: int) -> Message:
    """The hint of a level, 1 being the first."""
    shown = p.hints[level - 1]
    kind = {"direction": "a direction", "key_insight": "the key insight", "partial": "part of the answer"}[shown.kind]
    return Message(
        summary="Here is a hint",
        title=f"Hint {level} of {len(p.hints)}: {kind}",
        blocks=blocks(shown.text),
        buttons=_problem_buttons(p, serving),
    )


def no_more_hints(p: Problem, serving: Serving) -> Message:
    return Message(
        summary="No more hints",
        blocks=(
            paragraph(
                "You have had every hint for this one. Write what you have: half an answer teaches more than none."
            ),
        ),
        buttons=_problem_buttons(p, serving),
    )


def reading() -> Message:
    """What is said where the verdict takes more than a moment."""
    return Message(
        summary="Reading your answer",
        blocks=(
            paragraph(
                "Your answer is saved, and I am still reading it. The verdict comes by itself in a moment; you can go "
                "on meanwhile."
            ),
        ),
        buttons=(Button("Next problem", Practice()),),
    )


def out_of_reach() -> Message:
    """What is said where an answer is saved, and its verdict cannot be looked up."""
    return Message(
        summary="Your answer is saved",
        blocks=(
            paragraph(
                "Your answer is saved, but I cannot get at its verdict just now. In a few minutes /rolecall today "
                "shows it; you can go on meanwhile."
            ),
        ),
        buttons=(Button("Today", Today(), primary=True),),
    )


def which_band(serving: Serving) -> Message:
    """Asked before the verdict of somebody who wants to learn how well they judge themselves."""
    return Message(
        summary="What do you expect?",
        blocks=(
            paragraph("Your answer is saved and read. Before you see the verdict: how would an interviewer score it?"),
            note(
                "Knowing how good an answer is, is half of an interview. /rolecall me predict no stops this question."
            ),
        ),
        buttons=(
            *(Button(b.label, Predict(serving.id, b)) for b in reversed(grading_words.PREDICTABLE)),
            Button("Just show me", Predict(serving.id)),
        ),
    )


def kept_for_later() -> Message:
    return Message(
        summary="Your answer is saved",
        blocks=(
            paragraph(
                "Your answer is saved, but I could not judge it just now. I will try again by myself and send you "
                "the verdict. You can go on meanwhile."
            ),
        ),
        buttons=(Button("Next problem", Practice()),),
    )


def comes_back(cards: Sequence[Card], names: Mapping[ConceptId, str], zone: str) -> list[Block]:
    """When the soonest of these concepts is asked again, and which."""
    if not cards:
        return []
    soonest = min(c.due_at for c in cards)
    which = ", ".join(
        names.get(c.concept, c.concept) for c in cards if local_date(c.due_at, zone) == local_date(soonest, zone)
    )
    return [note("I will ask again on ", When(soonest, zone, "date"), f": {which}.")]


def onward(serving: ServingId, newcomer: bool, next_: Next) -> tuple[Button, ...]:
    """The ways to go on after a verdict; a newcomer is asked for their settings first."""
    if newcomer:
        return (Button("Set up my practice", Settings(), primary=True), Button("Show the reference", Reveal(serving)))
    return (*_onward(next_), Button("Show the reference", Reveal(serving)), Button("My progress", Progress()))


def _onward(next_: Next) -> tuple[Button, ...]:
    if next_.due:
        return (Button("Next review", Review(), primary=True),)
    return (Button("Next problem", Practice(), primary=True), *take_all(next_))


def take_all(next_: Next) -> tuple[Button, ...]:
    """The way past the day's portion, where something is left for the next days."""
    return (Button(f"Take all {next_.due + next_.later} now", Review("yes")),) if next_.later else ()


def offer(attempt: Attempt, now: datetime) -> tuple[Button, ...]:
    """The way to let a strong answer to a cohort's prompt stand in its summary, while the prompt is open."""
    serving, outcome = attempt.serving, attempt.outcome
    settled = outcome is not None and not outcome.provisional and not outcome.by_learner
    if not serving.prompt or serving.expires_at <= now or outcome is None or not settled:
        return ()
    if outcome.band is not Band.STRONG_HIRE:
        return ()
    return (Button("Show it in the summary, without my name", OfferAnswer(serving.id)),)


def reference(asked: Question, answered: bool, next_: Next) -> Message:
    """The reference answer; for a recall question the sentences of it that answer the question."""
    p = asked.problem
    said = () if answered else (note("You looked before answering, so I will ask you about it again tomorrow."),)
    short = dict.fromkeys(grading_words.says_it(p, c) for c in asked.criteria if c.kind != "bonus")
    return Message(
        summary="The reference answer",
        title="A good answer" if asked.is_recall else clip(f"A good answer: {p.title}", LIMITS.TITLE),
        blocks=(*((Bullets(tuple(spans(s) for s in short)),) if asked.is_recall else blocks(p.reference)), *said),
        buttons=_onward(next_),
    )


def skipped(next_: Next) -> Message:
    return Message(
        summary="Put away",
        blocks=(paragraph("Put away, and nothing is counted. It can come back another day."),),
        buttons=_onward(next_),
    )


def nothing_due(soonest: datetime | None, zone: str) -> Message:
    when: Spans = spans("The next review is on ", When(soonest, zone, "date"), ".") if soonest else ()
    return Message(
        summary="Nothing is due",
        blocks=(paragraph("Nothing is due today.", *((" ", *when) if when else ())),),
        buttons=(Button("Something new", Practice(), primary=True),),
    )


def portion_done(later: int) -> Message:
    """What is said where today's portion of a backlog is done."""
    left = "1 more concept is" if later == 1 else f"{later} more concepts are"
    return Message(
        summary="Done for today",
        blocks=(paragraph(f"That was today's portion. {left} due, spread over the next days."),),
        buttons=(Button("Give me a problem", Practice(), primary=True), *take_all(Next(0, later, 0))),
    )


def why_this(next_: Next, origin: Origin, again: bool) -> str:
    """One line on why this problem comes now; "" where the member chose it."""
    if origin is Origin.NEW:
        return ("Today's portion is done" if next_.later else "Nothing is due") + ": here is something new."
    if origin is not Origin.DUE:
        return ""
    if not next_.due:
        rest = f"Today's portion is done; this is one of {next_.later} that were left for the next days."
    else:
        rest = f"{are_due(next_.due)}, about {next_.minutes} min in all"
        rest += f"; {next_.later} more in the next days." if next_.later else "."
    return ("This did not go well last time, so here is the whole problem. " if again else "") + rest


def are_due(n: int) -> str:
    """Such as "2 concepts are due"."""
    return f"{count(n, 'concept')} {'is' if n == 1 else 'are'} due"


def quoted(text: str) -> tuple[Block, ...]:
    """A member's words given back to them."""
    return (note("Your words are kept. They were:"), quote(clip(text, 1200)))


def not_placed(why: str, text: str) -> Message:
    """Words that could not be taken as an answer, given back with the reason."""
    return Message(
        summary="I could not take that as an answer",
        blocks=(paragraph(why), *quoted(text)),
        buttons=(Button("Give me a problem", Practice(), primary=True),),
    )


def too_long(text: str, serving: Serving) -> Message:
    over = len(text) - LIMITS.ANSWER
    return Message(
        summary="That is too long",
        blocks=(
            paragraph(
                f"That answer has {len(text):,} characters; {LIMITS.ANSWER:,} fit. Cut {count(over, 'character')}: an "
                "interviewer would stop you too. Your text is kept: press Answer and its beginning is there to shorten."
            ),
        ),
        buttons=(Button("Answer", WriteAnswer(serving.id), primary=True),),
    )


def gave_up(asked: Question, serving: Serving) -> Message:
    return Message(
        summary="That is fine",
        blocks=(
            paragraph(
                "Fair enough, and good to know. The question stays open: take a hint or have a guess, or look at the "
                "answer and I will ask you again tomorrow."
            ),
        ),
        buttons=_problem_buttons(asked.problem, serving),
    )


def empty(serving: Serving) -> Message:
    return Message(
        summary="There is nothing in it",
        blocks=(paragraph(grading_words.MISSING[Flag.EMPTY]),),
        buttons=(Button("Answer", WriteAnswer(serving.id), primary=True),),
    )


def examples(p: Problem, serving: Serving, attempt: Attempt, card: Card, member: Member) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    asked = full(p, serving.variant)
    next_ = Next(due=2, later=0, minutes=5)
    names = {card.concept: "A concept"}
    judged = grading_words.verdict(
        asked,
        attempt,
        memory=comes_back((card,), names, member.zone),
        onward=onward(serving.id, newcomer=False, next_=next_),
    )
    return {
        "recall": problem(
            recall(p, p.recall[0].concept), replace(serving, concept=p.recall[0].concept), topic="Retrieval"
        ),
        "hello": problem(asked, serving, before=hello(member.name, Route.MENTORS, "")),
        "hello_with_model": problem(asked, serving, before=hello(member.name, Route.PEERS, "OpenAI")),
        "problem_in_channel": problem(asked, serving, in_channel=True),
        "problem": problem(asked, serving, why=why_this(next_, Origin.DUE, again=True)),
        "still_open": problem(asked, serving, why=STILL_OPEN),
        "hint": hint(p, serving, 1),
        "no_more_hints": no_more_hints(p, serving),
        "kept_for_later": kept_for_later(),
        "verdict": judged,
        "reference": reference(asked, answered=False, next_=next_),
        "reference_of_recall": reference(recall(p, p.recall[0].concept), answered=True, next_=next_),
        "skipped": skipped(next_),
        "nothing_due": nothing_due(card.due_at, member.zone),
        "portion_done": portion_done(30),
        "reading": reading(),
        "out_of_reach": out_of_reach(),
        "which_band": which_band(serving),
        "not_placed": not_placed(nothing_open(None), "My answer"),
        "too_long": too_long("x" * 3001, serving),
        "gave_up": gave_up(asked, serving),
        "empty": empty(serving),
    }
