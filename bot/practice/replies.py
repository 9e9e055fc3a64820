"""Answers to wishes about practice: what the store knows, the rules, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.context import Context
from bot.door.commands import nearest
from bot.door.intents import (
    Compare,
    Hint,
    Practice,
    Predict,
    ReadVerdict,
    Reveal,
    Review,
    Skip,
    SubmitAnswer,
    WriteAnswer,
)
from bot.door.messages import LIMITS, Block, Button, Form, Message
from bot.errors import RolecallError
from bot.grading import words as grading_words
from bot.grading.deterministic import gives_up
from bot.grading.text import sentences
from bot.members import words as member_words
from bot.members.planning import is_away
from bot.model import Attempt, Band, ConceptId, Member, Origin, ProblemId, Route, Serving, ServingId, State
from bot.practice import picking, words
from bot.practice.learner import cards_of, learner_of
from bot.practice.picking import Learner, Pick
from bot.practice.projection import question_of, record, served_problem
from bot.store import learning, reviews
from bot.store.session import Tx

COMMAND_WORDS = 4
"""So many words may have been meant as a command."""
GREETING_WORDS = 8
"""Nobody's answer, where nothing was ever asked."""
OPEN_FOR = timedelta(days=7)
"""How long a problem waits for its answer."""


@dataclass(frozen=True, slots=True)
class Ungraded:
    """An answer is saved; its verdict is still to come."""

    serving: ServingId


# --- putting a problem before a member


def start(ctx: Context) -> Message:
    """The hello and the warm-up; for somebody who knows us, what is next."""
    known = learning.exposures(ctx.tx, ctx.member.id)
    warm_up = ctx.bank.warm_up
    if known:
        return practice(ctx, Practice())
    hello = words.hello(ctx.member.name, _readers(ctx), ctx.maker)
    return _serve(ctx, Pick(warm_up, "v1", Origin.NEW), before=hello)


def practice(ctx: Context, wish: Practice) -> Message:
    learner = learner_of(ctx)
    other = learning.open_serving(ctx.tx, ctx.member.id, ctx.now)
    if not learner.exposures and not wish.want:
        return start(ctx)
    if other and (not wish.want or wish.want == other.problem):
        return _put(ctx, other, why=words.STILL_OPEN)
    chosen = picking.pick(learner, ctx.bank, ctx.now, wish.want)
    if chosen is None:
        raise RolecallError(
            "I have no problem on that yet. /rolecall practice without a topic gives you the next best one."
        )
    left = words.left_open(question_of(ctx.tx, other).problem.title) if other else ""
    return _serve(ctx, chosen, why=left or _why(ctx, learner, chosen))


def first_full_problem(ctx: Context, saved: Member) -> Message:
    """What follows the settings form: the confirmation, and for a newcomer the first full problem at once."""
    away = is_away(saved, ctx.now)
    if ctx.member.settled_at is not None:
        return member_words.settings_saved(saved, away=away)
    now = ctx.of(saved)
    if serving := learning.open_serving(ctx.tx, saved.id, ctx.now):
        return _put(ctx, serving, before=member_words.saved(saved, away=away))
    chosen = picking.pick(learner_of(now), ctx.bank, ctx.now)
    if chosen is None:
        return member_words.settings_saved(saved, away=away)
    return _serve(now, chosen, before=member_words.saved(saved, away=away))


def review(ctx: Context, wish: Review) -> Message:
    """The next recall question: of today's portion, or beyond it where everything is wanted."""
    learner = learner_of(ctx)
    serving = learning.open_serving(ctx.tx, ctx.member.id, ctx.now)
    if serving and serving.concept:
        return _put(ctx, serving, why=words.STILL_OPEN)
    chosen = picking.recall(learner, ctx.bank, ctx.now, everything=wish.everything == "yes")
    if chosen is None:
        if later := picking.today(learner, ctx.bank, ctx.now)[1]:
            return words.portion_done(later)
        return words.nothing_due(picking.soonest(learner, ctx.bank), ctx.member.zone)
    return _serve(ctx, chosen, why=_why(ctx, learner, chosen))


def _why(ctx: Context, learner: Learner, chosen: Pick) -> str:
    cards, later = picking.today(learner, ctx.bank, ctx.now)
    again = chosen.origin is Origin.DUE and chosen.concept is None
    whole = chosen.problem if again else None
    rest = words.Next(len(cards), later, picking.minutes(max(0, len(cards) - again), whole))
    return words.why_this(rest, chosen.origin, again)


def _serve(ctx: Context, chosen: Pick, *, why: str = "", before: tuple[Block, ...] = ()) -> Message:
    problem = chosen.problem
    learning.keep_rubric(ctx.tx, problem.id, problem.version, problem.model_dump_json(by_alias=True))
    serving = _record_serving(ctx, problem.id, problem.version, chosen.variant, chosen.origin, chosen.concept)
    return _put(ctx, serving, why=why, before=before)


def prompted(ctx: Context, problem: ProblemId, version: int, variant: str, *, prompt: str, until: datetime) -> Serving:
    """The serving of a cohort's prompt, which closes at an instant: one for each member, new or as it was left.

    Whoever calls sees to it that this happens once at a time, and keeps the rubric. What was skipped, or could not be
    judged, is put again.
    """
    had = learning.serving_for(ctx.tx, ctx.member.id, prompt)
    if had is None:
        return _record_serving(ctx, problem, version, variant, Origin.PROMPT, None, prompt, until)
    return _again(ctx, had, Origin.PROMPT) if had.closed_at is not None and takes_answer(ctx.tx, had) else had


def takes_answer(tx: Tx, had: Serving | None) -> bool:
    """Whether a member may still answer what was put before them, or would be put anew: it was neither answered, but
    for what could not be judged, nor revealed."""
    answer = learning.attempt_of(tx, had.id) if had else None
    if answer is None:
        return had is None or not had.revealed
    return answer.outcome is not None and answer.outcome.band is Band.NOT_GRADABLE


def put(ctx: Context, serving: Serving, why: str) -> Message:
    """A problem that waits for its answer."""
    return _put(ctx, serving, why=why)


def _record_serving(
    ctx: Context,
    problem: ProblemId,
    version: int,
    variant: str,
    origin: Origin,
    concept: ConceptId | None,
    prompt: str = "",
    until: datetime | None = None,
) -> Serving:
    id = ServingId(ctx.new_id())
    expires_at = (until or ctx.now + OPEN_FOR).isoformat()
    served = ctx.event(
        "served",
        id,
        problem=problem,
        version=version,
        variant=variant,
        origin=origin,
        concept=concept,
        expires_at=expires_at,
        **({"prompt": prompt} if prompt else {}),
    )
    record(ctx.tx, served)
    serving = learning.serving_of(ctx.tx, id)
    if serving is None:
        raise LookupError(f"serving {id} was not kept")
    return serving


def _put(ctx: Context, serving: Serving, *, why: str = "", before: tuple[Block, ...] = ()) -> Message:
    topic = ctx.bank.topics.get(ctx.bank.topic_of(serving.concept), "") if serving.concept else ""
    in_channel = ctx.place is not None and not ctx.place.is_private
    asked = question_of(ctx.tx, serving)
    return words.problem(asked, serving, topic=topic, why=why, before=before, in_channel=in_channel)


# --- what can be done with a problem that was put


def _serving(ctx: Context, id: ServingId) -> Serving:
    """The serving that a wish means: the one of its button, or the latest open one."""
    if not id:
        latest = learning.open_serving(ctx.tx, ctx.member.id, ctx.now)
        if latest is None:
            raise RolecallError("No problem is open. /rolecall practice gives you one.")
        id = latest.id
    serving = learning.serving_of(ctx.tx, id, lock=True)
    if serving is None:
        raise RolecallError("I no longer know that problem. /rolecall practice gives you one.")
    if serving.member != ctx.member.id:
        raise RolecallError(words.FOREIGN)
    return serving


def _open(ctx: Context, id: ServingId) -> Serving:
    serving = _serving(ctx, id)
    if serving.closed_at is not None:
        raise RolecallError("You are done with that problem already. /rolecall practice gives you the next one.")
    if serving.expires_at <= ctx.now and serving.prompt:
        raise RolecallError(words.PROMPT_CLOSED)
    if serving.expires_at <= ctx.now:
        raise RolecallError(
            f"That problem was put away after {OPEN_FOR.days} days without an answer. "
            "/rolecall practice gives you a fresh one."
        )
    return serving


def hint(ctx: Context, wish: Hint) -> Message:
    serving = _open(ctx, wish.serving)
    problem = served_problem(ctx.tx, serving.problem, serving.version)
    level = int(wish.level) if wish.level.isdecimal() else serving.hints + 1
    if serving.concept:
        raise RolecallError("A recall question has no hints: say what you remember, or press Show the answer.")
    if not 1 <= level <= len(problem.hints):
        return words.no_more_hints(problem, serving)
    record(ctx.tx, ctx.event("hinted", serving.id, level=level))
    return words.hint(problem, _serving(ctx, serving.id), level)


def reveal(ctx: Context, wish: Reveal) -> Message:
    serving = _serving(ctx, wish.serving)
    answered = learning.attempt_of(ctx.tx, serving.id) is not None
    if not answered and not serving.revealed:
        record(ctx.tx, ctx.event("revealed", serving.id))
    return words.reference(question_of(ctx.tx, serving), answered, _next(ctx))


def skip(ctx: Context, wish: Skip) -> Message:
    serving = _open(ctx, wish.serving)
    record(ctx.tx, ctx.event("skipped", serving.id))
    return words.skipped(_next(ctx))


def _next(ctx: Context) -> words.Next:
    cards, later = picking.today(learner_of(ctx), ctx.bank, ctx.now)
    return words.Next(len(cards), later, picking.minutes(len(cards), None))


# --- answering


def answer_form(ctx: Context, wish: WriteAnswer) -> Form:
    serving = _open(ctx, wish.serving)
    asked = question_of(ctx.tx, serving)
    return words.answer_form(serving, asked.problem.title, learning.latest_unplaced(ctx.tx, serving))


def submit(ctx: Context, wish: SubmitAnswer) -> Message | Ungraded:
    """Saves an answer. Whatever cannot be taken as one is kept in the log and given back."""
    text = storable(wish.answer)
    latest = None if wish.serving else learning.open_serving(ctx.tx, ctx.member.id, ctx.now)
    id = wish.serving or (latest.id if latest else "")
    serving = learning.serving_of(ctx.tx, ServingId(id), lock=True) if id else None
    if not id and len(text.split()) <= GREETING_WORDS and not learning.exposures(ctx.tx, ctx.member.id):
        return start(ctx)
    if serving is None or serving.member != ctx.member.id:
        why = words.FOREIGN if serving else words.nothing_open(_meant(text))
        return _unplaced(ctx, None, text, words.not_placed(why, text))
    if len(text) > LIMITS.ANSWER:
        return _unplaced(ctx, serving, text, words.too_long(text, serving))
    if not text.strip():
        return words.empty(serving)
    if serving.closed_at is None and gives_up(text):
        return words.gave_up(question_of(ctx.tx, serving), serving)
    if serving.closed_at is None and serving.expires_at <= ctx.now:
        serving = _again(ctx, serving, Origin.SELF)
    if serving.closed_at is not None or not record(ctx.tx, ctx.event("answered", serving.id, text=text)):
        attempt = learning.attempt_of(ctx.tx, serving.id)
        if attempt and attempt.outcome and attempt.text == text:
            return verdict(ctx, serving.id)
        return _unplaced(ctx, serving, text, words.not_placed(words.ANSWERED if attempt else words.CLOSED, text))
    return Ungraded(serving.id)


def _meant(text: str) -> str | None:
    """The command that a few words without a slash may have been meant as."""
    typed = text.split()
    return nearest(typed[0], at_least=75) if 0 < len(typed) <= COMMAND_WORDS else None


def storable(text: str) -> str:
    """The text without what no database keeps: NUL characters and halves of surrogate pairs."""
    return (
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    )


def _unplaced(ctx: Context, serving: Serving | None, text: str, message: Message) -> Message:
    learning.append(ctx.tx, ctx.event("unplaced", serving.id if serving else None, text=text))
    return message


def _again(ctx: Context, old: Serving, origin: Origin) -> Serving:
    """The same question put once more, for an answer that came late or could not be judged.

    It keeps the hints that were taken, and a cohort's prompt closes when it did.
    """
    if old.closed_at is None:
        record(ctx.tx, ctx.event("skipped", old.id))
    if old.prompt and old.expires_at <= ctx.now:
        origin = Origin.SELF
    prompt, until = (old.prompt, old.expires_at) if origin is Origin.PROMPT else ("", None)
    new = _record_serving(ctx, old.problem, old.version, old.variant, origin, old.concept, prompt, until)
    if old.hints:
        record(ctx.tx, ctx.event("hinted", new.id, level=old.hints))
    return new


def reply_to_answer(ctx: Context, id: ServingId) -> Message:
    """The verdict on an answer just graded. One that cannot be judged leaves its question open."""
    attempt = learning.attempt_of(ctx.tx, id)
    if attempt and attempt.outcome:
        if attempt.outcome.band is Band.NOT_GRADABLE:
            _again(ctx, attempt.serving, attempt.serving.origin)
        elif ctx.member.predicts and attempt.predicted is None and attempt.serving.concept is None:
            return words.which_band(attempt.serving)
    return verdict(ctx, id)


def reading() -> Message:
    return words.reading()


def out_of_reach() -> Message:
    return words.out_of_reach()


def predict(ctx: Context, wish: Predict) -> Message:
    """Keeps which band was expected, and shows the verdict that was held back for it."""
    serving = _serving(ctx, wish.serving)
    attempt = learning.attempt_of(ctx.tx, serving.id)
    if attempt and attempt.predicted is None and wish.band in grading_words.PREDICTABLE:
        record(ctx.tx, ctx.event("predicted", serving.id, band=wish.band))
    return verdict(ctx, serving.id)


def read_verdict(ctx: Context, wish: ReadVerdict) -> Message:
    return verdict(ctx, _serving(ctx, wish.serving).id)


def verdict(ctx: Context, id: ServingId) -> Message:
    """What there is to say about an answer: its verdict, or that it is still to come."""
    attempt = learning.attempt_of(ctx.tx, id)
    if attempt is None or attempt.outcome is None:
        return words.kept_for_later()
    asked = question_of(ctx.tx, attempt.serving)
    touched = {c.concept for c in asked.criteria}
    cards = [c for c in cards_of(ctx) if c.concept in touched and c.due_at > ctx.now]
    first = ctx.asks_zone and learning.events_of(ctx.tx, ctx.member.id, {"answered"})[0].serving == id
    return grading_words.verdict(
        asked,
        attempt,
        memory=(
            *words.comes_back(cards, ctx.bank.concepts, ctx.member.zone),
            *((words.which_zone(ctx.member.zone),) if first else ()),
        ),
        onward=(*_onward(ctx, attempt.serving.id), *words.offer(attempt, ctx.now)),
        waiting=reviews.waiting(ctx.tx, id),
        reviewable=_readers(ctx) is not None,
        closed=reviews.points_of(ctx.tx, attempt.serving, "appealed", "reviewed"),
    )


def _readers(ctx: Context) -> Route | None:
    """Who could look at the member's answers, if anybody."""
    route = reviews.route_for(ctx.tx, ctx.member.id)
    return route[0] if route else None


def _onward(ctx: Context, id: ServingId) -> tuple[Button, ...]:
    return words.onward(id, ctx.member.settled_at is None, _next(ctx))


def compare(ctx: Context, wish: Compare) -> Message:
    """Settles an unsure criterion, or with "*" all of them, by the learner's own comparison."""
    serving = _serving(ctx, wish.serving)
    attempt = learning.attempt_of(ctx.tx, serving.id)
    if attempt is None or attempt.assessment is None:
        return words.kept_for_later()
    unsure = [v.criterion for v in attempt.assessment.verdicts if v.state is State.UNSURE]
    place = _place(attempt, wish.sentence)
    for criterion in unsure if wish.criterion == grading_words.ALL_OPEN else [c for c in unsure if c == wish.criterion]:
        record(ctx.tx, ctx.event("compared", serving.id, criterion=criterion, **place))
    settled = learning.attempt_of(ctx.tx, serving.id)
    asked = question_of(ctx.tx, serving)
    more = settled and grading_words.next_comparison(asked, settled, _onward(ctx, serving.id))
    return more or verdict(ctx, serving.id)


def _place(attempt: Attempt, sentence: str) -> dict[str, int | None]:
    """Where the chosen sentence stands in the answer; nowhere for "none"."""
    found = sentences(attempt.text)
    if not sentence.isdecimal() or int(sentence) >= len(found):
        return {"start": None, "end": None}
    return {"start": found[int(sentence)].start, "end": found[int(sentence)].end}
