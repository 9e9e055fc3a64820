"""How a cohort is doing, in figures that name nobody, and what an organiser may take along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from bot import calendar
from bot.catalogue import Catalogue
from bot.cohort_model import Cohort, Office
from bot.cohorts import finding, report_csv, report_rules, report_words, weeks
from bot.cohorts.report_rules import FEWEST, Asked, Doubted, Doubts, Report, Tally, Waiting, WeekOf
from bot.cohorts.weeks import Week
from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Message
from bot.model import FLAGS, MemberId, ProblemId, ServingId, State
from bot.store import cohorts, doubts
from bot.store import report as figures
from bot.store.report import Answered, Span
from bot.store.roster import held

WEEKS = 4
"""Whole weeks that are told of, besides the one that has begun."""
LAST = 20
"""The usual wait is that of the last so many answers."""


def report(ctx: Context, wish: c.CohortReport) -> Message:
    cohort = finding.run_by(ctx, wish.cohort)
    open_ = sum(d.member != ctx.member.id for d in doubts.waiting(ctx.tx, cohort.id))
    return report_words.report(cohort, weeks.zone_at(cohort, ctx.now), compiled(ctx, cohort), doubts=open_)


def export(ctx: Context, wish: c.ExportCohort) -> Message:
    cohort = finding.run_by(ctx, wish.cohort)
    return report_words.download(cohort, _roster(ctx, cohort), report_csv.weeks(compiled(ctx, cohort).weeks))


def _roster(ctx: Context, cohort: Cohort) -> str:
    """Everybody once, in the order in which they joined."""
    seats = held(ctx.tx, cohort.id)
    offices: dict[MemberId, list[Office]] = defaultdict(list)
    for seat in seats:
        offices[seat.member].append(seat.office)
    first = {seat.member: seat for seat in reversed(seats)}
    return report_csv.roster(
        report_csv.Entry(first[id].name, all_, calendar.local_date(first[id].joined_at, cohort.zone))
        for id, all_ in offices.items()
    )


def compiled(ctx: Context, cohort: Cohort) -> Report:
    """The report on this week and the last WEEKS. It counts up to the last midnight: asked for twice on a day it says
    the same, also when somebody has left meanwhile, so that nobody is seen by comparing."""
    until = calendar.start_of_day(ctx.now, weeks.zone_at(cohort, ctx.now))
    this = weeks.week_of(cohort, ctx.now)
    span = weeks.before(cohort, this, WEEKS).starts_at, until
    of = figures.learners(ctx.tx, cohort.id, span[0])
    answered = figures.answered(ctx.tx, cohort.id, span)
    strong, weak = report_rules.topics(_credit(ctx, cohort, answered, span))
    return Report(
        learners=cohorts.size(ctx.tx, cohort.id, Office.LEARNER),
        weeks=_weeks(ctx, cohort, of, this, until),
        strong=strong,
        weak=weak,
        doubted=_doubted(ctx, cohort, answered, span),
        asked=tuple(
            Asked(calendar.local_date(at, cohort.zone), _title(ctx.bank, problem), report_rules.people(n, of))
            for problem, at, n in figures.prompted(ctx.tx, cohort.id, span)
        ),
        waiting=_waiting(ctx, cohort),
    )


def _weeks(ctx: Context, cohort: Cohort, of: int, this: Week, until: datetime) -> tuple[WeekOf, ...]:
    """This week as far as it is over, and those before as far as there was a cohort; newest first.

    `of`: how many learnt in it, those who have left among them.
    """
    all_ = [this, *(weeks.before(cohort, this, n) for n in range(1, WEEKS + 1))]
    told = [week for week in all_ if cohort.created_at < week.ends_at and week.starts_at < until]
    spans = [(week.starts_at, min(until, week.ends_at)) for week in told]
    answers, cleared = figures.answers(ctx.tx, cohort.id, spans), figures.cleared(ctx.tx, cohort.id, spans)
    return tuple(
        WeekOf(
            monday=week.monday,
            active=report_rules.people(given.people, of),
            answers=report_rules.total(Tally(given.total, given.people)),
            cleared=report_rules.total(Tally(due.total, due.people)),
        )
        for week, given, due in zip(told, answers, cleared, strict=True)
    )


def _credit(ctx: Context, cohort: Cohort, answered: Sequence[Answered], span: Span) -> dict[str, tuple[float, Tally]]:
    """What was reached in each topic, by its name: the sum of the scores of so many answers of so many people.

    How many people that were at least is enough where one question was answered by as many as it takes.
    """
    by_topic: dict[str, list[Answered]] = defaultdict(list)
    for one in answered:
        by_topic[_topic(one.problem, one.concept)].append(one)
    people = {topic: max(one.people for one in all_) for topic, all_ in by_topic.items()}
    few = {one.problem for topic, all_ in by_topic.items() if people[topic] < FEWEST for one in all_}
    who: dict[str, set[MemberId]] = defaultdict(set)
    for problem, concept, member in figures.who_answered(ctx.tx, cohort.id, span, few) if few else ():
        who[_topic(problem, concept)].add(member)
    return {
        ctx.bank.topics.get(topic, topic): (
            sum(one.credit for one in all_),
            Tally(sum(one.answers for one in all_), max(people[topic], len(who[topic]))),
        )
        for topic, all_ in by_topic.items()
    }


def _topic(problem: str, concept: str | None) -> str:
    """Ids of problems and concepts begin with their topic: "llm.rag.chunking"."""
    return (concept or problem).rpartition(".")[0]


def _doubted(ctx: Context, cohort: Cohort, answered: Sequence[Answered], span: Span) -> tuple[Doubted, ...]:
    """Of full problems, and of the questions about their concepts, together."""
    overturned: dict[str, set[ServingId]] = defaultdict(set)
    for problem, serving, said in figures.appeals_decided(ctx.tx, cohort.id, span):
        if any(_is_overturned(ctx.bank, problem, point, State(state)) for point, state in said.items()):
            overturned[problem].add(serving)
    settled, appealed = figures.settled_doubts(ctx.tx, cohort.id, span), figures.appealed(ctx.tx, cohort.id, span)
    by_problem: dict[str, list[Answered]] = defaultdict(list)
    for one in answered:
        by_problem[one.problem].append(one)
    return report_rules.doubted(
        Doubts(
            name=_title(ctx.bank, problem),
            answers=Tally(sum(one.answers for one in all_), max(one.people for one in all_)),
            unsure=sum(one.unsure for one in all_) + settled.get(problem, 0),
            appealed=appealed.get(problem, 0),
            overturned=len(overturned[problem]),
        )
        for problem, all_ in by_problem.items()
    )


def _is_overturned(bank: Catalogue, problem: str, point: str, said: State) -> bool:
    """An appeal says that a criterion was met, or that a mistake or what a guard noticed does not stand."""
    known = bank.problems.get(ProblemId(problem))
    objects = point == FLAGS or (known is not None and any(m.id == point for m in known.misconceptions))
    return (said is State.MISSED) == objects


def _title(bank: Catalogue, problem: str) -> str:
    known = bank.problems.get(ProblemId(problem))
    return known.title if known else problem


def _waiting(ctx: Context, cohort: Cohort) -> Waiting:
    open_, oldest = figures.waiting(ctx.tx, cohort.id)
    settled = figures.settled(ctx.tx, cohort.id, LAST)
    return report_rules.waiting(
        Tally(open_.total, open_.people),
        ctx.now - oldest if oldest else None,
        [closed - opened for _, opened, closed in settled],
        [member for member, _, _ in settled],
    )
