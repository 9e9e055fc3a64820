"""Answers become points: booked once, corrected by further lines, and explained to whoever earned them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.cohort_model import Doubt, LedgerRow
from bot.cohorts import booking, points
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.model import (
    Account,
    Band,
    CohortId,
    ConceptId,
    Event,
    Member,
    MemberId,
    Origin,
    ProblemId,
    Route,
    ServingId,
    State,
    Ticket,
    TicketId,
    TicketKind,
)
from bot.practice import projection
from bot.store import doubts as doubt_rows
from bot.store import learning, members
from bot.store import points as ledger
from bot.store.session import Tx, open_store
from bot.store.stored import assessment_to
from bot.store.tables import unbooked
from tests.reviews.room import ANSWER, HOUR, Room, room
from tests.talk import DAY, Talk, buttons, words

SECOND = "Before all else I look at what was retrieved. After that the prompt is changed. Then I measure again."


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        yield opened


def book(chat: Talk) -> int:
    rolecall = chat.world.rolecall
    return booking.book_waiting(rolecall.store, rolecall.bank, rolecall.new_id, chat.world.now())


def rows(chat: Talk, name: str) -> list[LedgerRow]:
    """All that is booked for a member, in order, after what waits was booked."""
    book(chat)
    member = chat.member(name)
    with chat.tx() as tx:
        return list(ledger.of_days(tx, member, date.min, date.max))


def lines(chat: Talk, name: str) -> list[tuple[str, int, str]]:
    return [(r.kind, r.points, r.reason) for r in rows(chat, name)]


def of(chat: Talk, name: str, serving: ServingId) -> list[tuple[str, int, str]]:
    return [(r.kind, r.points, r.reason) for r in rows(chat, name) if r.item == serving]


def test_an_answer_to_what_was_served_is_booked_and_explained(hall: Room) -> None:
    serving, _ = hall.answers("Ana")

    (row,) = [r for r in rows(hall.chat, "Ana") if r.item == serving]
    with hall.chat.tx() as tx:
        problem = hall.chat.world.rolecall.bank.problems[learning.serving_of(tx, serving).problem]  # type: ignore[union-attr]
    assert (row.kind, row.reason, row.day) == ("new", "strong_hire", date(2026, 1, 5))
    assert row.points == points.worth(Band.STRONG_HIRE, problem.tags.difficulty)
    heard = words(hall.chat.say("Ana", c.Points()))
    assert problem.title in heard
    assert f"{row.points} points, Strong Hire at difficulty {problem.tags.difficulty} of 5" in heard


def test_an_answer_is_booked_without_anybody_asking_for_points(hall: Room) -> None:
    serving, _ = hall.answers("Ana")

    member = hall.chat.member("Ana")
    with hall.chat.tx() as tx:
        assert ledger.of_item(tx, member, serving)
        assert not ledger.waiting(tx, "", 1)


def test_hints_cost_points_and_the_reason_says_so(hall: Room) -> None:
    hall.chat.settled("Ana")
    serving = hall.chat.serving("Ana").id
    hall.chat.say("Ana", i.Hint())
    hall.chat.say("Ana", i.SubmitAnswer(serving, ANSWER))

    difficulty = hall.chat.world.rolecall.bank.problems[hall.attempt(serving).serving.problem].tags.difficulty
    assert of(hall.chat, "Ana", serving) == [("new", points.worth(Band.STRONG_HIRE, difficulty) - 2, "strong_hire")]
    assert "1 hint" in words(hall.chat.say("Ana", c.Points()))


def test_what_members_pick_themselves_leaves_no_line_and_is_counted_in_the_view(hall: Room) -> None:
    hall.answers("Ana")
    before = lines(hall.chat, "Ana")
    own = next(p for p in hall.chat.world.rolecall.bank.problems if p.startswith("stats."))
    hall.chat.say("Ana", i.Practice(own))
    assert hall.chat.serving("Ana").origin is Origin.SELF
    hall.chat.say("Ana", i.SubmitAnswer(answer=SECOND))

    assert lines(hall.chat, "Ana") == before
    assert "1 answer to what you picked yourself" in words(hall.chat.say("Ana", c.Points()))


def test_a_forgotten_sentence_is_called_not_recalled_yet(hall: Room) -> None:
    hall.answers("Ana")
    hall.chat.world.wait(14 * DAY)
    hall.chat.say("Ana", i.Review())
    hall.grader.states[SECOND] = dict.fromkeys(range(9), State.MISSED)
    serving = hall.chat.serving("Ana")
    hall.chat.say("Ana", i.SubmitAnswer(serving.id, SECOND))

    heard = words(hall.chat.say("Ana", c.Points()))
    assert serving.concept
    assert "2 points, Not recalled yet at difficulty" in heard
    assert "No Hire" not in heard


def test_saying_something_unsure_over_and_over_brings_points_and_the_team_a_concept_once(hall: Room) -> None:
    hall.answers("Ana")
    hall.chat.world.wait(14 * DAY)
    hall.grader.states["Perhaps."] = dict.fromkeys(range(9), State.UNSURE)
    asked: list[ConceptId] = []
    for _ in range(6):
        hall.chat.world.wait(timedelta(minutes=10))
        hall.chat.say("Ana", i.Review())
        serving = hall.chat.serving("Ana")
        assert serving.concept
        asked.append(serving.concept)
        hall.chat.say("Ana", i.SubmitAnswer(serving.id, "Perhaps."))

    given = [r for r in rows(hall.chat, "Ana") if r.day == hall.chat.world.now().date()]
    assert len(given) == 6 > len(set(asked))
    assert [r.kind for r in given].count("due") == len(set(asked))
    assert sum(r.points for r in given) == 2 * len(set(asked))
    assert "of several recalls of one concept on a day the best counts" in words(hall.chat.say("Ana", c.Points()))


def test_booking_again_and_rebuilding_everything_appends_nothing(hall: Room) -> None:
    hall.office("Maya", "mentor", "Spring")
    hall.office("Ana", "learner", "Spring")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    lines(hall.chat, "Ana")
    hall.judges("Maya", hall.ticket(serving), "met:1")
    before = rows(hall.chat, "Ana") + rows(hall.chat, "Maya")

    with hall.chat.tx() as tx:
        projection.rebuild(tx)
    assert book(hall.chat) == 2

    assert rows(hall.chat, "Ana") + rows(hall.chat, "Maya") == before


def test_a_doubtful_answer_counts_at_its_lowest_until_a_mentor_has_read_it_and_the_mentor_is_thanked(
    hall: Room,
) -> None:
    hall.office("Maya", "mentor", "Spring")
    hall.office("Ana", "learner", "Spring")
    serving, _ = hall.answers("Ana", c0=State.UNSURE, c1=State.UNSURE, c2=State.UNSURE)
    ((kind, low, _),) = of(hall.chat, "Ana", serving)
    assert (kind, hall.attempt(serving).outcome.lowest) == ("new", Band.NO_HIRE)  # type: ignore[union-attr]

    hall.chat.world.wait(HOUR)
    hall.judges("Maya", hall.ticket(serving), *["met:1"] * len(hall.tickets(serving)[0].points))

    first, correction = of(hall.chat, "Ana", serving)
    assert first == ("new", low, "no_hire")
    assert correction[0] == "correction"
    assert correction[1] > 0
    assert correction[2] == "reviewed"
    assert lines(hall.chat, "Maya") == [("review", 5, "reviewed_another")]
    assert "since people have read your answer" in words(hall.chat.say("Ana", c.Points()))
    assert "your review of another member's answer was accepted" in words(hall.chat.say("Maya", c.Points()))


@pytest.mark.parametrize("days", [6, 12])
def test_what_is_read_after_a_board_was_final_says_to_which_week_it_counts(hall: Room, days: int) -> None:
    hall.office("Maya", "mentor", "Spring")
    hall.office("Ana", "learner", "Spring")
    serving, _ = hall.answers("Ana", c0=State.UNSURE, c1=State.UNSURE, c2=State.UNSURE)
    low = sum(r.points for r in rows(hall.chat, "Ana"))
    hall.chat.world.wait(days * DAY)  # the week's board is final on the tenth
    hall.judges("Maya", hall.ticket(serving), *["met:1"] * len(hall.tickets(serving)[0].points))

    after = sum(r.points for r in rows(hall.chat, "Ana")) - low
    heard = words(hall.chat.say("Ana", c.Points("" if days == 6 else "1")))
    week = words(hall.chat.say("Ana", c.Board()))
    assert ("on a board it counts to the week of Mon 12 Jan" in heard) == (days == 12)
    assert f"Points this week so far: {low + after if days == 6 else after}" in week


def test_peers_whose_voice_settles_get_points_and_who_saw_it_differently_gets_none(hall: Room) -> None:
    for name in ("Ana", "Ben", "Carl", "Dora"):
        hall.office(name, "learner", "Spring", reviewers="peers")
    for n, name in enumerate(("Ben", "Carl", "Dora")):
        hall.answers(name, f"{ANSWER} Number {n} would follow.")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    ticket = hall.ticket(serving)
    hall.judges("Ben", ticket, "missed")
    hall.judges("Carl", ticket, "met:1")
    hall.judges("Dora", ticket, "met:2")

    given = {name: [r for r in lines(hall.chat, name) if r[0] == "review"] for name in ("Ben", "Carl", "Dora")}
    assert given == {
        "Ben": [],
        "Carl": [("review", 5, "reviewed_another")],
        "Dora": [("review", 5, "reviewed_another")],
    }


def test_the_reviews_of_a_week_give_fifteen_points_and_the_fourth_says_why_it_gives_none(hall: Room) -> None:
    hall.chat.say("Maya", i.Help())
    maya = hall.chat.member("Maya")
    for n in range(5):
        ticket = Ticket(
            TicketId(f"t{n}"),
            MemberId("ana"),
            TicketKind.DOUBT,
            Route.MENTORS,
            ProblemId("p"),
            ("c1",),
            hall.chat.world.now(),
            ServingId(f"s{n}"),
        )
        with hall.chat.tx() as tx:
            booking.book_review(tx, ticket, [maya], hall.chat.world.now())
            booking.book_review(tx, ticket, [maya], hall.chat.world.now())
        if n == 3:
            hall.chat.world.wait(7 * DAY)

    assert lines(hall.chat, "Maya") == [
        *[("review", 5, "reviewed_another")] * 3,
        ("none", 0, "weekly_limit"),
        ("review", 5, "reviewed_another"),
    ]


def test_a_learners_own_comparison_counts_for_memory_and_not_for_points(hall: Room) -> None:
    serving, heard = hall.answers("Ana", c0=State.UNSURE)
    before = of(hall.chat, "Ana", serving)
    while settle := next(
        (b for b in heard.buttons if isinstance(b.intent, i.Compare) and b.intent.sentence == "1"), None
    ):
        heard = hall.chat.say("Ana", settle.intent)

    assert hall.attempt(serving).outcome.by_learner  # type: ignore[union-attr]
    assert of(hall.chat, "Ana", serving) == before


def test_a_corrected_rubric_corrects_the_points_with_the_reason(hall: Room) -> None:
    serving, _ = hall.answers("Ana", c0=State.MISSED, c1=State.MISSED, c2=State.MISSED)
    ((_, low, _),) = of(hall.chat, "Ana", serving)
    hall.chat.world.wait(DAY)
    attempt = hall.attempt(serving)
    hall.grader.states.clear()
    with hall.chat.tx() as tx:
        asked = projection.question_of(tx, attempt.serving)
        fresh = assessment_to(hall.grader.grade(asked, attempt.text))
        data: dict[str, object] = {"version": attempt.serving.version, "assessment": fresh}
        projection.record(tx, Event(attempt.serving.member, "regraded", hall.chat.world.now(), serving, data))

    first, correction = [r for r in rows(hall.chat, "Ana") if r.item == serving]
    assert (first.points, correction.kind, correction.reason) == (low, "correction", "regraded")
    assert correction.points > 0
    assert (correction.day, correction.earned_at) == (first.day, first.earned_at)
    assert correction.booked_at - first.booked_at >= DAY


def test_an_answer_that_is_read_late_moves_the_limit_of_its_day_to_the_later_ones(hall: Room) -> None:
    hall.office("Maya", "mentor", "Spring")
    hall.office("Ana", "learner", "Spring")
    first, _ = hall.answers("Ana", c0=State.UNSURE, c1=State.UNSURE, c2=State.UNSURE)
    for n in range(6):
        hall.chat.world.wait(timedelta(minutes=20))
        hall.chat.say("Ana", i.Practice())
        hall.chat.say("Ana", i.SubmitAnswer(answer=f"Number {n} I would measure. Then I would look at {n} failures."))
    assert sum(r.points for r in rows(hall.chat, "Ana")) == points.DAILY

    hall.judges("Maya", hall.ticket(first), *["met:1"] * len(hall.tickets(first)[0].points))

    booked = rows(hall.chat, "Ana")
    assert sum(r.points for r in booked) == points.DAILY
    corrected = {(r.item == first, r.points > 0, r.reason) for r in booked if r.kind == "correction"}
    assert corrected == {(True, True, "reviewed"), (False, False, "daily_limit")}


def test_an_answer_belongs_to_the_day_on_which_it_was_given_wherever_the_member_is_later(hall: Room) -> None:
    hall.chat.world.wait(timedelta(hours=14, minutes=30))  # 23:30 in UTC
    serving, _ = hall.answers("Ana", c0=State.MISSED, c1=State.MISSED)
    before = [r for r in rows(hall.chat, "Ana") if r.item == serving]
    hall.chat.say("Ana", i.SaveSettings(name="Ana", zone="Pacific/Kiritimati"))
    with hall.chat.tx() as tx:
        projection.rebuild(tx)

    assert [r for r in rows(hall.chat, "Ana") if r.item == serving] == before
    assert before[0].day == date(2026, 1, 5)


def test_the_pasted_reference_gets_its_feedback_and_no_points(hall: Room) -> None:
    hall.chat.settled("Ana")
    serving = hall.chat.serving("Ana")
    reference = hall.chat.world.rolecall.bank.problems[serving.problem].reference
    verdict = hall.chat.say("Ana", i.SubmitAnswer(serving.id, reference))

    assert "Hire" in words(verdict)
    assert of(hall.chat, "Ana", serving.id) == [("none", 0, "repeats_reference")]
    assert "nearly the words of the answer that I show" in words(hall.chat.say("Ana", c.Points()))


def test_the_week_before_is_one_button_away_and_a_long_week_has_pages(hall: Room) -> None:
    hall.answers("Ana")
    lines(hall.chat, "Ana")
    member, now = hall.chat.member("Ana"), hall.chat.world.now()
    with hall.chat.tx() as tx:
        ledger.append(
            tx,
            [
                LedgerRow(member, f"review:t{n}", "review", now.date(), now, now, 1, "reviewed_another", 1)
                for n in range(12)
            ],
        )
    heard = hall.chat.say("Ana", c.Points())
    assert buttons(heard)["More of this week"] == c.Points("0", "2")
    hall.chat.world.wait(7 * DAY)

    assert "Nothing has been booked" in words(hall.chat.say("Ana", c.Points()))
    before = buttons(hall.chat.say("Ana", c.Points()))["The week before"]
    assert "Your points in the week of Mon 5 Jan" in words(hall.chat.say("Ana", before))


def test_the_ledger_is_exported_and_deleted_with_its_member(hall: Room) -> None:
    hall.answers("Ana")
    member = hall.chat.member("Ana")
    booked = rows(hall.chat, "Ana")

    assert len(hall.chat.kept("Ana")["points"]) == len(booked) > 0
    hall.chat.say("Ana", i.Delete(confirm="yes"))

    with hall.chat.tx() as tx:
        assert not ledger.of_days(tx, member, date.min, date.max)
        assert not ledger.waiting(tx, "", 10)


def test_workers_at_once_book_everything_once(tmp_path: Path, store_place: str) -> None:
    with room(tmp_path, store_place) as hall:
        names = ("Ana", "Ben", "Carl")
        for n, name in enumerate(names):
            hall.answers(name, f"{ANSWER} And {n} would follow.")
        before = {name: rows(hall.chat, name) for name in names}
        with hall.chat.tx() as tx:
            projection.rebuild(tx)
            tx.execute(sa.text("DELETE FROM points"))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: book(hall.chat), range(4)))

        again = {name: rows(hall.chat, name) for name in names}
        assert {n: [(r.item, r.points) for r in found] for n, found in again.items()} == {
            n: [(r.item, r.points) for r in found] for n, found in before.items()
        }


def test_a_grade_that_changes_while_it_is_being_booked_is_not_lost(tmp_path: Path, store_place: str) -> None:
    with room(tmp_path, store_place) as hall:
        serving, _ = hall.answers("Ana", c0=State.MISSED, c1=State.MISSED, c2=State.MISSED)
        attempt = hall.attempt(serving)
        hall.grader.states.clear()
        with hall.chat.tx() as tx:
            projection.rebuild(tx)  # every answer waits to be booked
        with ThreadPoolExecutor(1) as other:
            with hall.chat.tx() as tx:
                fresh = assessment_to(hall.grader.grade(projection.question_of(tx, attempt.serving), attempt.text))
                data: dict[str, object] = {"version": attempt.serving.version, "assessment": fresh}
                projection.record(tx, Event(attempt.serving.member, "regraded", hall.chat.world.now(), serving, data))
                booking_it = other.submit(book, hall.chat)
                with suppress(TimeoutError):
                    booking_it.result(timeout=0.5)
            booking_it.result()

        assert sum(given for _, given, _ in of(hall.chat, "Ana", serving)) > 2


def test_an_answer_that_cannot_be_booked_stands_in_nobody_elses_way(hall: Room) -> None:
    hall.answers("Ana")
    hall.answers("Ben", SECOND)
    first, second = sorted((hall.chat.member("Ana"), hall.chat.member("Ben")))
    with hall.chat.tx() as tx:
        projection.rebuild(tx)
        tx.execute(sa.text("DELETE FROM points"))
        tx.execute(sa.text("UPDATE serving SET version = 99 WHERE member_id = :m"), {"m": first})

    book(hall.chat)

    with hall.chat.tx() as tx:
        assert not ledger.of_days(tx, first, date.min, date.max)
        assert ledger.of_days(tx, second, date.min, date.max)
        assert list(ledger.waiting(tx, "", 10)) == [first]
        assert tx.execute(sa.select(sa.func.count()).select_from(unbooked)).scalar_one() > 0


NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANA = MemberId("ana")
DOUBT = Doubt("d1", ANA, "s1", "s2", NOW)
QUERIES: dict[str, Callable[[Tx], object]] = {
    "taking marks": lambda tx: ledger.take(tx, ANA),
    "a day": lambda tx: ledger.of_days(tx, ANA, NOW.date(), NOW.date()),
    "an item": lambda tx: ledger.of_item(tx, ANA, "s1"),
    "earlier answers": lambda tx: ledger.earlier_texts(tx, ANA, {ConceptId("c")}, {ProblemId("p")}, NOW, 30),
    "others' answers": lambda tx: ledger.others_answers(tx, ANA, ProblemId("p"), NOW, NOW, (80, 120)),
    "a day's answers": lambda tx: learning.attempts_since(tx, ANA, NOW, until=NOW),
    "open doubts": lambda tx: doubt_rows.waiting(tx, CohortId("c1")),
    "who decides": lambda tx: doubt_rows.cohorts_of(tx, DOUBT),
    "a doubt": lambda tx: doubt_rows.add(tx, DOUBT),
}


@pytest.mark.parametrize("asked", QUERIES.values(), ids=QUERIES.keys())
def test_no_query_reads_a_whole_table(tmp_path: Path, asked: Callable[[Tx], object]) -> None:
    plans: list[str] = []

    def explain(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
        if statement.startswith("SELECT"):
            plans.extend(step[3] for step in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    with closing(open_store(str(tmp_path / "bot.db"))) as store, store.begin() as tx:
        members.join(tx, Member(ANA, "Ana"), Account("terminal", "", "ana"), "Ana", NOW)
        sa.event.listen(tx, "before_cursor_execute", explain)
        asked(tx)

    assert plans
    assert not [step for step in plans if step.startswith("SCAN") and "CONSTANT" not in step]
