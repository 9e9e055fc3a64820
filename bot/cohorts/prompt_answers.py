"""Answering a cohort's prompt by its button or below its post, and letting the answer stand in its summary."""

from __future__ import annotations

from datetime import datetime

from bot.cohort_model import Cohort, Office, Prompt
from bot.cohorts import prompt_words as words
from bot.cohorts.prompting import PROMPT
from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.intents import ReadVerdict, Reveal, SubmitAnswer, WriteAnswer
from bot.door.messages import Form, Message
from bot.errors import RolecallError
from bot.model import Attempt, Band, CohortId, MemberId, Serving
from bot.practice import replies as practice
from bot.practice.projection import record, served_problem
from bot.practice.replies import Ungraded
from bot.practice.today_words import Asked
from bot.store import cohorts, learning, posted, prompts
from bot.store.session import Tx

ANSWER_WORDS = 8
"""What is typed below a prompt in fewer words is talk."""


def answer_form(ctx: Context, wish: c.AnswerPrompt) -> Form:
    """The form for the member's own serving of a prompt. Raises RolecallError that says what they can do instead."""
    prompt, cohort = _known(ctx, wish.prompt)
    if (closed := _closed(prompt, cohort)) <= ctx.now:
        raise RolecallError(words.has_closed(closed, ctx.member.zone))
    if not _is_in(ctx, cohort.id):
        raise RolecallError(words.not_a_member(cohort))
    serving = _serving(ctx, prompt)
    if learning.attempt_of(ctx.tx, serving.id):
        raise RolecallError(words.ANSWERED)
    return practice.answer_form(ctx, WriteAnswer(serving.id))


def open_prompt(ctx: Context, wish: c.OpenPrompt) -> Message:
    """The prompt with its hints; its verdict once it was answered."""
    prompt, cohort = _known(ctx, wish.prompt)
    problem = ctx.bank.problems.get(prompt.problem)
    closed, is_in = _closed(prompt, cohort), _is_in(ctx, cohort.id)
    is_closed = closed <= ctx.now
    can_answer = is_in and not is_closed
    mine = _serving(ctx, prompt) if can_answer else learning.serving_for(ctx.tx, ctx.member.id, prompt.id)
    if mine and learning.attempt_of(ctx.tx, mine.id):
        return practice.read_verdict(ctx, ReadVerdict(mine.id))
    if mine and mine.revealed:
        return practice.reveal(ctx, Reveal(mine.id))
    if mine and can_answer:
        return practice.put(ctx, mine, words.why(cohort))
    if is_closed:
        return words.closed(closed, ctx.member.zone, problem)
    return words.outside(cohort, problem)


def prompt_in_thread(tx: Tx, member: MemberId, platform: str, wish: c.AnswerInThread, now: datetime) -> Prompt | None:
    """The open prompt of a cohort of theirs that somebody answers by what they have typed below its post.

    None for a remark of few words, for a question, below any other post, and from whoever has answered it. It changes
    nothing.
    """
    if len(wish.answer.split()) < ANSWER_WORDS or wish.answer.rstrip().endswith("?"):
        return None
    inside = {s.cohort for s in cohorts.seats_of(tx, member)}
    post = posted.of_ref(tx, inside, platform, PROMPT, wish.post)
    prompt = prompts.prompt_of(tx, str(post.data["prompt"])) if post else None
    if prompt is None or prompt.closed_at is not None or prompt.closes_at <= now:
        return None
    return prompt if practice.takes_answer(tx, learning.serving_for(tx, member, prompt.id)) else None


def unanswered(ctx: Context) -> list[Asked]:
    """The open prompts of their cohorts that the member has not answered, soonest to close first."""
    found = []
    for id in dict.fromkeys(s.cohort for s in cohorts.seats_of(ctx.tx, ctx.member.id) if s.office is Office.LEARNER):
        for prompt in prompts.open_in(ctx.tx, id, ctx.now):
            if practice.takes_answer(ctx.tx, learning.serving_for(ctx.tx, ctx.member.id, prompt.id)):
                title = served_problem(ctx.tx, prompt.problem, prompt.version).title
                found.append(Asked(prompt.id, cohorts.name_of(ctx.tx, id), title, prompt.closes_at))
    return sorted(found, key=lambda one: one.closes_at)


def in_thread(ctx: Context, wish: c.AnswerInThread) -> Message | Ungraded | None:
    """Takes what was typed below a prompt as the answer to it; None where it is none."""
    platform = ctx.account.platform if ctx.account else ""
    prompt = prompt_in_thread(ctx.tx, ctx.member.id, platform, wish, ctx.now)
    if prompt is None:
        return None
    serving = _serving(ctx, prompt)
    if not practice.takes_answer(ctx.tx, serving):
        return None  # another answer of theirs came at the same moment
    return practice.submit(ctx, SubmitAnswer(serving.id, wish.answer))


def offer(ctx: Context, wish: c.OfferAnswer) -> Message:
    """Lets the member's answer stand in the summary, or takes that back, while the prompt is open."""
    attempt = learning.attempt_of(ctx.tx, wish.serving)
    prompt = prompts.prompt_of(ctx.tx, attempt.serving.prompt, lock=True) if attempt else None
    if attempt is None or prompt is None:
        raise RolecallError(words.GONE)
    if attempt.serving.member != ctx.member.id:
        raise RolecallError(words.NOT_YOURS)
    if prompt.closed_at is not None:
        raise RolecallError(words.too_late(prompt.closed_at, ctx.member.zone))
    agree = wish.agree.lower() != "no"
    if agree and not _is_in(ctx, prompt.cohort):
        raise RolecallError(words.NOT_SHOWN)
    if agree and not may_be_shown(attempt):
        raise RolecallError(words.NOT_STRONG)
    record(ctx.tx, ctx.event("offered", wish.serving, agree=agree))
    return words.offered(wish.serving, prompt.closes_at, ctx.member.zone) if agree else words.taken_back()


def may_be_shown(attempt: Attempt) -> bool:
    """Whether an answer is good enough for a summary: a Strong Hire that is settled, not by its author alone."""
    outcome = attempt.outcome
    if outcome is None or outcome.provisional or outcome.by_learner:
        return False
    return outcome.band is Band.STRONG_HIRE


def _known(ctx: Context, id: str) -> tuple[Prompt, Cohort]:
    prompt = prompts.prompt_of(ctx.tx, id)
    cohort = cohorts.cohort_of(ctx.tx, prompt.cohort) if prompt else None
    if prompt is None or cohort is None:
        raise RolecallError(words.GONE)
    return prompt, cohort


def _closed(prompt: Prompt, cohort: Cohort) -> datetime:
    """When a prompt closes or has closed: with its cohort, where that is archived before."""
    return min(at for at in (prompt.closes_at, prompt.closed_at, cohort.archived_at) if at)


def _is_in(ctx: Context, id: CohortId) -> bool:
    return any(s.cohort == id for s in cohorts.seats_of(ctx.tx, ctx.member.id))


def _serving(ctx: Context, prompt: Prompt) -> Serving:
    """The member's serving of a prompt, one also where they press the button twice at once."""
    prompts.prompt_of(ctx.tx, prompt.id, lock=True)
    return practice.prompted(
        ctx, prompt.problem, prompt.version, prompt.variant, prompt=prompt.id, until=prompt.closes_at
    )
