"""No figure of an organiser's report rests on fewer than five people, and no two of them differ by so few."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import load
from bot.cohort_model import Cohort, Office
from bot.cohorts import report, report_words
from bot.cohorts.report_rules import FEWEST, People, Report, Tally, people, share, total
from bot.context import Context
from bot.model import Member, MemberId
from bot.store import cohorts
from bot.store.session import Store, Tx, open_store
from tests.cohorts import crowd
from tests.talk import DAY, MONDAY, words

NOW = MONDAY + timedelta(days=37, hours=3)
"""A Wednesday."""
BANK = load()
PROBLEMS = sorted(BANK.problems)[::40][:4]
NUMBER = count()

Answer = tuple[int, int, int, bool]
"""Who (a number), how many days before NOW, which problem, and whether the grader was unsure."""


@st.composite
def groups(draw: st.DrawFn) -> tuple[int, list[Answer], list[int], list[int]]:
    """How many learn; what they answered; who answered the prompt; who waits for a mentor."""
    many = draw(st.integers(0, 12))
    if not many:
        return 0, [], [], []
    who = st.integers(0, many - 1)
    given_ = st.tuples(who, st.integers(0, 45), st.integers(0, len(PROBLEMS) - 1), st.booleans())
    return (
        many,
        draw(st.lists(given_, max_size=60)),
        draw(st.lists(who, unique=True)),
        draw(st.lists(who, max_size=15)),
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(str(tmp_path_factory.mktemp("report") / "rolecall.db"))
    yield opened
    opened.close()


@contextmanager
def told_of(store: Store, of: tuple[int, list[Answer], list[int], list[int]]) -> Iterator[tuple[Report, Cohort, Tx]]:
    """The report on a cohort in which all this happened."""
    many, answers, prompted, waiting = of
    name = f"c{next(NUMBER)}"
    with store.begin() as tx:
        cohort = crowd.cohort(tx, name, MONDAY - 7 * DAY)
        ids = crowd.learners(tx, cohort, many, MONDAY - 7 * DAY)
        for sure in (True, False):
            done = [(ids[who], PROBLEMS[p], NOW - days * DAY) for who, days, p, unsure in answers if unsure is not sure]
            crowd.answers(tx, done, unsure=not sure, prefix=f"{name}-{sure}")
        crowd.prompted(tx, cohort, f"p-{name}", PROBLEMS[0], NOW - 3 * DAY)
        crowd.answers(
            tx,
            [(ids[who], PROBLEMS[0], NOW - 2 * DAY) for who in prompted],
            to=f"p-{name}",
            prefix=f"{name}-prompt",
        )
        for n, who in enumerate(waiting):
            crowd.waiting(tx, cohort, ids[who], NOW - n * DAY, f"t-{name}-{n}")
            crowd.waiting(tx, cohort, ids[who], NOW - (n + 1) * DAY, f"u-{name}-{n}", NOW - n * DAY)
        for n, (who, days, _, _) in enumerate(answers):
            crowd.cleared(tx, ids[who], NOW - days * DAY, f"{name}-{n}")
        yield report.compiled(context(tx), cohort), cohort, tx


def context(tx: Tx) -> Context:
    return Context(tx, Member(MemberId("organiser"), "Olga"), NOW, BANK, lambda: "unused")


@settings(max_examples=60)
@given(groups())
def test_every_figure_rests_on_five_people_or_more(
    store: Store, of: tuple[int, list[Answer], list[int], list[int]]
) -> None:
    many, answers, prompted, waiting = of
    midnight = NOW.replace(hour=0)
    given_ = [(who, NOW - days * DAY, PROBLEMS[p]) for who, days, p, _ in answers]
    with told_of(store, of) as (told, cohort, _):
        in_prompt = [(who, NOW - 2 * DAY, PROBLEMS[0]) for who in prompted]
        for week in told.weeks:
            begin = datetime.combine(week.monday, MONDAY.time().replace(hour=0), MONDAY.tzinfo)
            until = min(begin + 7 * DAY, midnight)
            inside = [who for who, at, _ in given_ + in_prompt if begin <= at < until]
            clearing = {who for who, at, _ in given_ if begin <= at < until}
            assert week.active.least <= len(set(inside)) <= week.active.most
            assert week.active == people(len(set(inside)), many)
            assert week.answers == (len(inside) if len(set(inside)) >= FEWEST else None)
            assert week.cleared is None or len(clearing) >= FEWEST
        since = told_since(told)
        lately = [(who, problem) for who, at, problem in given_ + in_prompt if since <= at < midnight]
        for topic in (*told.strong, *told.weak):
            assert len({who for who, problem in lately if topic_name(problem) == topic.name}) >= FEWEST
        for doubted in told.doubted:
            assert len({who for who, problem in lately if BANK.problems[problem].title == doubted.name}) >= FEWEST
        assert told.asked[0].answered == people(len(prompted), many)
        assert told.waiting.open == (len(waiting) if len(set(waiting)) >= FEWEST else None)
        assert told.waiting.usual is None or len(set(waiting)) >= FEWEST
        assert str(report_words.report(cohort, "UTC", told))


def told_since(told: Report) -> datetime:
    return datetime.combine(NOW.date() - 2 * DAY - 28 * DAY, MONDAY.time().replace(hour=0), MONDAY.tzinfo)


def topic_name(problem: str) -> str:
    topic = problem.rpartition(".")[0]
    return BANK.topics[topic]


@given(st.integers(0, 300), st.data())
def test_no_number_of_people_can_be_made_out_whose_difference_to_the_roster_is_one_to_four(
    of: int, data: st.DataObject
) -> None:
    """Everything that is told as one number could be another one: who knows the roster learns no exact rest."""
    n = data.draw(st.integers(0, of))
    told = people(n, of)

    could_be = [m for m in range(of + 1) if people(m, of) == told]
    assert could_be == list(range(told.least, told.most + 1))
    assert n in could_be
    if of + 1 >= 2 * FEWEST:
        assert len(could_be) >= FEWEST


@given(st.integers(0, 60), st.integers(0, 60), st.data())
def test_two_numbers_of_one_group_never_give_away_a_part_of_one_to_four(a: int, b: int, data: st.DataObject) -> None:
    """Active in the week and answering the prompt: what is told of both leaves several sizes for those in between."""
    of = data.draw(st.integers(max(a, b, 9), 80))
    told = people(a, of), people(b, of)

    gaps = {m - n for m in _range(told[0]) for n in _range(told[1]) if m >= n}
    assert len(gaps) != 1 or gaps == {0}


def _range(of: People) -> range:
    return range(of.least, of.most + 1)


@given(st.floats(0, 1000), st.integers(0, 4))
def test_a_sum_of_fewer_than_five_is_not_told(n: float, people_: int) -> None:
    assert total(Tally(n, people_)) is None
    assert share(n / 2, Tally(n, people_)) is None


def test_what_came_in_today_is_told_tomorrow(store: Store) -> None:
    """Two reports on one day are equal, so that nobody is seen by comparing them."""
    with store.begin() as tx:
        cohort = crowd.cohort(tx, "Today", MONDAY - 7 * DAY)
        ids = crowd.learners(tx, cohort, 6, MONDAY - 7 * DAY)
        crowd.answers(tx, [(id, PROBLEMS[0], NOW - DAY) for id in ids[:5]], prefix="yesterday")
        before = report.compiled(context(tx), cohort)
        crowd.answers(tx, [(ids[5], PROBLEMS[0], NOW - timedelta(minutes=1))], prefix="now")

        assert report.compiled(context(tx), cohort) == before
        assert before.weeks[0].answers == 5
        tomorrow = Context(tx, Member(MemberId("o"), "Olga"), NOW + DAY, BANK, lambda: "unused")
        assert report.compiled(tomorrow, cohort).weeks[0].answers == 6


def test_who_leaves_is_not_seen_by_comparing_what_is_told_before_and_after(store: Store) -> None:
    with store.begin() as tx:
        cohort = crowd.cohort(tx, "Leaving", MONDAY - 7 * DAY)
        ids = crowd.learners(tx, cohort, 7, MONDAY - 7 * DAY)
        crowd.answers(tx, [(id, PROBLEMS[0], NOW - DAY) for id in [*ids, ids[0], ids[0]]], prefix="leaving")
        for n, id in enumerate(ids):
            crowd.cleared(tx, id, NOW - DAY, f"leaving-{n}")
        before = report.compiled(context(tx), cohort)
        assert (before.weeks[0].answers, before.weeks[0].cleared) == (9, 7)

        cohorts.leave(tx, ids[0], cohort.id, Office.LEARNER, NOW)
        crowd.answers(tx, [(ids[0], PROBLEMS[0], NOW + timedelta(minutes=1))], prefix="gone")

        assert report.compiled(context(tx), cohort) == replace(before, learners=6)
        tomorrow = Context(tx, Member(MemberId("o"), "Olga"), NOW + DAY, BANK, lambda: "unused")
        assert report.compiled(tomorrow, cohort).weeks[0].answers == 9


def test_a_small_cohort_hears_that_figures_begin_with_five(store: Store) -> None:
    with store.begin() as tx:
        cohort = crowd.cohort(tx, "Small", MONDAY - 7 * DAY)
        ids = crowd.learners(tx, cohort, 4, MONDAY - 7 * DAY)
        crowd.answers(tx, [(id, PROBLEMS[0], NOW - DAY) for id in ids], prefix="small")
        crowd.waiting(tx, cohort, ids[0], NOW - 3 * DAY, "small")

        said = words(report_words.report(cohort, "UTC", report.compiled(context(tx), cohort)))

    assert "Figures begin with five learners" in said
    assert "Answers of fewer than five people wait; the oldest for 3 days." in said
