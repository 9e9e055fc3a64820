"""Who is named on a board: few, in the top half, equals together; and that SQL counts a row as the pure rule does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from string import ascii_uppercase

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.cohort_model import Cohort, Office, Preset
from bot.cohorts import standings, week_board, weeks
from bot.model import Account, CohortId, Member, MemberId
from bot.store import cohorts, members
from bot.store import standings as totals
from bot.store.cohort_tables import points as points_table
from bot.store.session import Tx, open_store

NAMES = [letter * 3 for letter in ascii_uppercase]


def points(*of: int) -> dict[MemberId, int]:
    return {MemberId(name): n for name, n in zip(NAMES, of, strict=False)}


def named(*of: int) -> list[tuple[int, str, int]]:
    return [(p.place, p.member, p.points) for p in standings.places(points(*of))]


def test_fewer_than_five_active_people_have_no_places() -> None:
    assert named(40, 30, 20, 10) == []
    assert named(40, 30, 20, 10, 0, 0, -5) == []


def test_five_to_eleven_have_a_top_three() -> None:
    assert named(40, 30, 20, 10, 5) == [(1, "AAA", 40), (2, "BBB", 30), (3, "CCC", 20)]
    assert len(named(*range(1, 12))) == 3


def test_from_twelve_on_the_top_half_is_named_and_at_most_ten() -> None:
    assert len(named(*range(1, 13))) == 6
    assert len(named(*range(1, 14))) == 6
    assert len(named(*range(1, 26))) == 10


def test_equals_share_a_place_and_the_next_one_counts_them_all() -> None:
    assert [place for place, _, _ in named(50, 40, 40, 30, 20, 19, 18, 17, 16, 15, 14, 13)] == [1, 2, 2, 4, 5, 6]


def test_equals_who_do_not_all_fit_are_all_left_out() -> None:
    assert named(50, 40, 40, 40, 10) == [(1, "AAA", 50)]


def test_where_all_are_level_nobody_is_singled_out() -> None:
    assert named(*[30] * 12) == []
    assert standings.is_told(points(*[30] * 12))


@given(st.lists(st.integers(-20, 60), max_size=25))
def test_nobody_below_the_middle_nobody_without_points_and_no_half_of_a_tie(of: list[int]) -> None:
    all_points = points(*of)
    shown = standings.places(all_points)
    playing = standings.active(all_points)

    assert len(shown) <= standings.MOST
    for p in shown:
        assert p.points > 0
        assert sum(n > p.points for n in playing.values()) == p.place - 1
        assert sum(n >= p.points for n in playing.values()) <= (len(playing) + 1) // 2
        assert {m for m, n in playing.items() if n == p.points} <= {q.member for q in shown}


@given(st.lists(st.integers(0, 60), min_size=5, max_size=25), st.integers(0, 24))
def test_a_member_learns_the_place_that_the_board_would_give_them(of: list[int], who: int) -> None:
    all_points = points(*of)
    member = MemberId(NAMES[who])
    on_board = {p.member: p.place for p in standings.places(all_points)}

    place = standings.place_of(all_points, member)

    assert place == on_board.get(member, place)
    assert (place is not None) == (all_points.get(member, 0) > 0 and standings.is_told(all_points))


def test_who_rose_most_above_their_own_usual_week_is_named_also_from_below_the_middle() -> None:
    now = points(60, 50, 40, 30, 25)
    before = {MemberId("AAA"): (60, 60, 60, 60), MemberId("BBB"): (45, 45, 45, 45), MemberId("EEE"): (5, 0, 6, 4)}

    assert standings.most_improved(now, before) == (MemberId("EEE"),)


def test_a_newcomer_is_not_compared_and_who_falls_is_not_named() -> None:
    now = points(60, 50, 40, 30, 25)

    assert standings.most_improved(now, {MemberId("AAA"): (10, 0, 0, 0), MemberId("BBB"): (60, 60, 60, 60)}) == ()


def test_up_to_three_who_rose_equally_are_named_and_no_more() -> None:
    before = {MemberId(n): (10, 10, 10, 10) for n in NAMES}

    assert len(standings.most_improved(points(20, 20, 20, 5, 5), before)) == 3
    assert standings.most_improved(points(20, 20, 20, 20, 5), before) == ()
    assert standings.most_improved(points(20, 15, 12, 11), before) == ()  # fewer than five


def test_the_team_aims_at_nine_tenths_of_its_average_once_there_are_four_whole_weeks() -> None:
    assert standings.team_goal([100, 80, 60, 60], 10, 10) == 68  # 67.5
    assert standings.team_goal([100, 80, 60], 7, 10) == 70
    assert standings.team_goal([0, 0, 0, 0], 3, 10) == 30
    assert standings.team_goal([], 0, 10) == 1


def test_a_member_aims_at_a_tenth_more_than_their_usual_week() -> None:
    assert standings.next_goal((30, 20, 40, 10)) == 28  # 27.5
    assert standings.next_goal((30, 0, 0, 0)) is None


# --- which rows count to which week, in SQL


COHORT = Cohort(
    CohortId("c"),
    "Spring",
    Preset.STUDY_GROUP,
    "Europe/Berlin",
    datetime(2026, 1, 1, tzinfo=UTC),
    "Asia/Tokyo",
    date(2026, 4, 6),
)
SINCE = weeks.week_from(COHORT, date(2026, 3, 2))
WEEKS = weeks.weeks_until(COHORT, weeks.week_from(COHORT, date(2026, 4, 27)), 9)
EDGES = [t for w in WEEKS for t in (w.starts_at, w.final_at)]
TICKS = timedelta(microseconds=-1), timedelta(), timedelta(microseconds=1)


@contextmanager
def seated(place: str) -> Iterator[Tx]:
    with closing(open_store(place, upgrade=True)) as store, store.begin() as tx:
        cohorts.create(tx, COHORT)
        member = Member(MemberId("ana"), "Ana")
        members.join(tx, member, Account("terminal", "", "ana"), "Ana", COHORT.created_at)
        cohorts.enrol(tx, "s1", member.id, COHORT.id, Office.LEARNER, COHORT.created_at)
        yield tx


def earned_and_booked() -> st.SearchStrategy[tuple[datetime, datetime]]:
    inside = st.timedeltas(timedelta(), timedelta(days=62)).map(lambda later: SINCE.starts_at + later)
    edge = st.builds(lambda at, tick: at + tick, st.sampled_from(EDGES), st.sampled_from(TICKS))
    instant = st.one_of(inside, edge).filter(lambda at: at >= SINCE.starts_at)
    return st.tuples(instant, instant).map(lambda pair: (min(pair), max(pair)))


def test_the_ledger_counts_a_row_to_the_same_week_as_the_rule(store_place: str) -> None:
    with seated(store_place) as tx:
        ids = count(1)

        @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(st.lists(st.tuples(earned_and_booked(), st.integers(-60, 60), st.booleans()), min_size=1, max_size=8))
        @example([((WEEKS[3].starts_at, WEEKS[3].final_at), 7, True)])
        @example([((WEEKS[3].starts_at, WEEKS[3].final_at - TICKS[2]), 7, True)])
        def same(rows: list[tuple[tuple[datetime, datetime], int, bool]]) -> None:
            tx.execute(delete(points_table))
            expected = {w.monday: [0, 0] for w in WEEKS}
            for (earned, booked), n, is_due in rows:
                values = {"day": earned.date(), "earned_at": earned, "booked_at": booked, "points": n}
                kind = totals.DUE if is_due else "new"
                tx.execute(
                    points_table.insert().values(
                        member_id="ana", item=f"s{next(ids)}", kind=kind, reason="x", rule=1, **values
                    )
                )
                week = weeks.counted_in(COHORT, earned, booked)
                if week.monday in expected:
                    expected[week.monday][0] += n
                    expected[week.monday][1] += is_due

            [tally] = totals.tallies(tx, COHORT.id, week_board.spans(COHORT, WEEKS))

            assert [list(pair) for pair in zip(tally.points, tally.cleared, strict=True)] == [
                expected[w.monday] for w in WEEKS
            ]
            assert totals.own(tx, MemberId("ana"), week_board.spans(COHORT, WEEKS)) == tally.points

        same()
