"""Answers to wishes about oneself and the roles: self-assessment, matching, decoding a posting."""

from __future__ import annotations

from collections.abc import Sequence

from bot.catalogue.asking import Question
from bot.context import Context
from bot.door.intents import AnswerMatch, AskMatch, FillMatch, Rematch, SaveAssessment, SubmitMatch, SubmitPosting
from bot.door.messages import Form, Message, paragraph
from bot.errors import RolecallError
from bot.model import Event, Skill
from bot.roles import assess_words, assessing, decoding, matching, posting_words, questions, result_words, words
from bot.roles.evidence import Shown, shown_skills
from bot.roles.questions import State, Values
from bot.roles.result_words import Case
from bot.store import history, learning

LATEST = 200
"""So many graded answers are looked at for what they show."""


def assessment_form(ctx: Context) -> Form:
    return assess_words.form(ctx.bank.landscape)


def save_assessment(ctx: Context, wish: SaveAssessment) -> Message:
    """Keeps the five ratings and says what they mean. Raises FieldError, keeping nothing, where one is none."""
    known = ctx.bank.landscape
    ratings = {d.id: assessing.rating(d, getattr(wish, d.id)) for d in known.self_assessment.dimensions}
    kept = learning.events_of(ctx.tx, ctx.member.id, (assessing.ASSESSED,))
    before = assessing.earlier(kept, ctx.now, ctx.member.zone)
    learning.append(ctx.tx, ctx.event(assessing.ASSESSED, ratings=ratings))
    return assess_words.assessed(known, ratings, before, ctx.member.role)


# --- match


def match(ctx: Context) -> Message:
    """The next question, or the result where every question is answered."""
    return _go_on(ctx, _state(ctx), resumed=True)


def ask(ctx: Context, wish: AskMatch) -> Message:
    """One question again, or all answers where none is named."""
    state = _state(ctx)
    if not wish.question and state.given:
        return words.answers(state)
    question = _asked(state, wish.question)
    return words.question(state, question) if question else _go_on(ctx, state, wish.question and words.NOT_ASKED)


def answer(ctx: Context, wish: AnswerMatch) -> Message:
    """Takes what a button says, of whatever age it is."""
    state = _state(ctx)
    question = _asked(state, wish.question)
    if question is None:
        return _go_on(ctx, state, words.NOT_ASKED)
    values = questions.pressed(question, wish.value)
    if values is None:
        return words.question(state, question, before=(paragraph(words.NO_SUCH_ANSWER),))
    return _take(ctx, state, question, values)


def match_form(ctx: Context, wish: FillMatch) -> Form:
    state = _state(ctx)
    question = _asked(state, wish.question)
    if question is None or not question.fields:
        raise RolecallError(words.NO_FORM)
    return words.form(state, question)


def submit(ctx: Context, wish: SubmitMatch) -> Message:
    """Takes the lines of a form. Raises FieldError for the first that is refused; nothing is kept then."""
    state = _state(ctx)
    question = _asked(state, wish.question)
    if question is None or not question.fields:
        return _go_on(ctx, state, words.NOT_ASKED)
    return _take(
        ctx, state, question, questions.filled(question, {f.name: getattr(wish, f.name) for f in question.fields})
    )


def rematch(ctx: Context, wish: Rematch) -> Message:
    """Drops all answers once that is confirmed. A button's yes holds for the answers that it was shown with."""
    state, events = _state(ctx), _events(ctx)
    if not state.given and not state.dropped:
        return _go_on(ctx, state)
    token = f"yes {events[-1].id}"
    if wish.confirm not in ("yes", token):
        return words.ask_to_start_over(len(state.given), token)
    learning.append(ctx.tx, ctx.event(questions.RESET))
    return _go_on(ctx, _state(ctx), words.STARTED_OVER)


def _events(ctx: Context) -> Sequence[Event]:
    return learning.events_of(ctx.tx, ctx.member.id, (questions.ANSWERED, questions.RESET))


def _state(ctx: Context) -> State:
    return questions.state_of(questions.questionnaire_of(ctx.bank.landscape), _events(ctx))


def _asked(state: State, id: str) -> Question | None:
    return next((q for q in state.asked if q.id == id), None)


def _take(ctx: Context, state: State, question: Question, values: Values) -> Message:
    """Keeps an answer that is new, and goes on."""
    if question not in state.open and state.given[question.id] == values:
        return _go_on(ctx, state)
    version = state.questionnaire.version
    learning.append(
        ctx.tx, ctx.event(questions.ANSWERED, question=question.id, values=dict(values), questionnaire=version)
    )
    events = _events(ctx)
    now = questions.state_of(state.questionnaire, events)
    return _go_on(ctx, now, earlier=questions.earlier(state.questionnaire, events))


def _go_on(
    ctx: Context, state: State, notice: str = "", *, resumed: bool = False, earlier: State | None = None
) -> Message:
    """The next question, or the result; `earlier` is the state of the result before this one."""
    before = (*((paragraph(notice),) if notice else ()), *(words.gone(state) if resumed else ()))
    if question := state.next:
        return words.question(state, question, before=before, resumed=resumed)
    shown = _shown(ctx)
    sheet = questions.sheet_of(state)
    landscape = ctx.bank.landscape
    case = Case(matching.match(sheet, landscape, shown), sheet, state, landscape)
    was = matching.match(questions.sheet_of(earlier), landscape, shown) if earlier else None
    return result_words.result(case, ctx.member.role, was, before)


def _shown(ctx: Context) -> dict[Skill, int]:
    """The skills that graded answers speak of."""
    bank = ctx.bank
    answers = (
        Shown((bank.topic_of(concept),) if concept else bank.problems[problem].tags.topics, score)
        for problem, concept, score in history.scores(ctx.tx, ctx.member.id, LATEST)
        if concept or problem in bank.problems
    )
    return shown_skills(answers, bank.landscape.matching.skills)


def posting_form(ctx: Context) -> Form:
    return posting_words.form()


def decode(ctx: Context, wish: SubmitPosting) -> Message:
    """What a posting says. Its text is read and forgotten: no row and no log line holds any of it."""
    posting = "\n".join(part for part in (wish.posting, wish.more, wish.rest) if part.strip())
    read = decoding.decode(posting, ctx.bank.landscape.postings)
    if isinstance(read, decoding.Unclear):
        return posting_words.unclear(read)
    return posting_words.decoded(ctx.bank.landscape, read, ctx.member.role)
