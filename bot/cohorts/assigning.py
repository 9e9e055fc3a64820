"""A problem that an organiser puts before the whole cohort now."""

from __future__ import annotations

from datetime import timedelta

from bot import calendar, vocabulary
from bot.catalogue.problem import Problem
from bot.cohort_model import Cohort
from bot.cohorts import finding, outlets, plan_words, prompt_choice, prompting
from bot.cohorts.prompt_settings import days_open
from bot.cohorts.weeks import zone_at
from bot.context import Context
from bot.door import cohort_intents as c
from bot.door import naming
from bot.door.messages import Message
from bot.errors import RolecallError
from bot.practice.picking import matches
from bot.store import agenda, cohorts, prompts


def assign(ctx: Context, wish: c.AssignProblem) -> Message:
    """Shows what would be posted, and with `confirm` posts it."""
    cohort = finding.run_by(ctx, wish.cohort)
    days = days_open(wish.days, prompt_choice.DAYS_OPEN)
    to = outlets.required(ctx.tx, cohort)
    cohorts.cohort_of(ctx.tx, cohort.id, lock=True)  # of two clicks at once, the second finds the first's prompt
    problem, variant = _meant(ctx, cohort, wish.problem)
    zone = zone_at(cohort, ctx.now)
    is_open = [p for p in prompting.open_now(ctx.tx, cohort, ctx.now) if p.problem == problem.id]
    if is_open:
        raise RolecallError(plan_words.open_already(problem.title, is_open[0].closes_at, zone))
    at = calendar.local(ctx.now, zone)
    closes_at = calendar.instant(at.date() + timedelta(days=days), at.time(), zone)
    if wish.confirm.lower() == "yes":
        made = prompting.put(ctx.tx, cohort, to, problem, variant, ctx.now, closes_at, ctx.new_id)
        return plan_words.assigned(cohort, problem, made, to, zone)
    earlier = [p.opened_at for p in prompts.of_cohort(ctx.tx, cohort.id) if p.problem == problem.id]
    return plan_words.to_assign(cohort, problem, variant, days, closes_at, zone, to, max(earlier, default=None))


def _meant(ctx: Context, cohort: Cohort, typed: str) -> tuple[Problem, str]:
    """The problem of a name, or the next one of a topic, role or round; of the timetable's kind where none is named."""
    if not typed.strip():
        want = prompting.wanted(agenda.entry_of(ctx.tx, cohort.id, prompting.PROMPT))
        chosen = prompting.next_problem(cohort, ctx.bank, want, prompting.past(ctx.tx, cohort))
    else:
        meant = naming.meant(typed, vocabulary.problems(ctx.bank), "problem or topic")
        among = [p for p in ctx.bank.problems.values() if matches(p, meant)]
        chosen = prompt_choice.choose(among, ctx.bank, {}, prompting.past(ctx.tx, cohort))
    if chosen is None:
        raise RolecallError(plan_words.NONE_SUITS)
    return chosen
