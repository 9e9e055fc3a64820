"""What will be posted for a cohort in the next days, and what keeps it from being posted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from bot.cohort_model import Cohort, Entry, Office
from bot.cohorts import boards, finding, outlet_words, outlook, plan_words, preview_words, prompt_choice, prompting
from bot.cohorts.preview_words import Coming
from bot.cohorts.timetable import following
from bot.cohorts.weeks import day_of, zone_at
from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Message
from bot.practice.projection import served_problem
from bot.store import agenda, cohorts, prompts

AHEAD = timedelta(days=7)


def preview(ctx: Context, wish: c.CohortPreview) -> Message:
    cohort = finding.run_by(ctx, wish.cohort)
    until = ctx.now + AHEAD
    known = cohorts.channels(ctx.tx, cohort.id)
    planned = agenda.of_cohort(ctx.tx, cohort.id)
    coming = sorted((s for entry in planned for s in _of(ctx, cohort, entry, until)), key=lambda s: s.at)
    entry = next((e for e in planned if e.kind == prompting.PROMPT), None)
    lacking = outlet_words.lacking(cohort, known)
    if cohorts.size(ctx.tx, cohort.id, Office.ORGANISER) == 0:
        lacking.append(preview_words.NO_ORGANISER)
    if entry is None:
        lacking.append(plan_words.NO_PROMPTS)
    elif not prompt_choice.suiting(ctx.bank, prompting.wanted(entry), cohort.preset):
        lacking.append(plan_words.NOTHING_SUITS)
    to = [k for k in known if k.closed_at is None]
    return preview_words.preview(cohort, coming, to, lacking, zone_at(cohort, ctx.now))


def _of(ctx: Context, cohort: Cohort, entry: Entry, until: datetime) -> Iterator[Coming]:
    """What an entry of the agenda posts until an instant."""
    match entry.kind.partition(":"):
        case (prompting.PROMPT, _, _):
            yield from _prompts(ctx, cohort, entry, until)
        case (prompting.CLOSE, _, id) if entry.due_at < until:
            if of := prompts.prompt_of(ctx.tx, id):
                yield Coming(entry.due_at, preview_words.SUMMARY, served_problem(ctx.tx, of.problem, of.version).title)
        case (boards.WEEK | boards.MIDWEEK as kind, _, _) if cohort.board:
            what = preview_words.BOARD if kind == boards.WEEK else preview_words.MIDWEEK
            for at in takewhile(lambda at: at < until, outlook.times(cohort, entry)):
                if boards.week_told(cohort, kind, at):
                    yield Coming(at, what)


def _prompts(ctx: Context, cohort: Cohort, entry: Entry, until: datetime) -> Iterator[Coming]:
    """The prompts to come with the problems as they would be chosen now, and the summaries that follow them."""
    want, past = prompting.wanted(entry), prompting.past(ctx.tx, cohort)
    for at in takewhile(lambda at: at < until, outlook.prompts(cohort, entry)):
        chosen = prompting.next_problem(cohort, ctx.bank, want, past)
        if chosen is None:
            return
        past, title = past.then(*chosen), chosen[0].title
        yield Coming(at, preview_words.PROMPT, title)
        after = following(cohort, replace(entry, last_local_date=day_of(cohort, at)), at)
        closes_at = prompt_choice.closes(at, after.due_at, zone_at(cohort, at))
        if closes_at < until:
            yield Coming(closes_at, preview_words.SUMMARY, title)
