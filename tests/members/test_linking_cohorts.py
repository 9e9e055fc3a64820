"""What becomes of cohorts, points and reviews where somebody was in them twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cohort_model import Cohort, LedgerRow, Office, Seat
from bot.cohorts import booking
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.errors import RolecallError
from bot.model import ServingId, State
from bot.store import cohorts, doubts, prompts, tables
from bot.store import points as ledger
from bot.store.cohort_tables import membership
from tests.cohorts.group import group
from tests.members.test_linking import link, rows_naming
from tests.reviews.room import ANSWER, HOUR, Room, room
from tests.talk import Talk, buttons, words

COPY = (
    "First I would read ten wrong answers and sort them by cause. Then I would measure recall on a fixed set. "
    "Last I would change one thing at a time."
)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        yield opened


def spring(chat: Talk) -> Cohort:
    with chat.tx() as tx:
        return next(one for one in cohorts.living(tx) if one.name == "Spring")


def seats(chat: Talk) -> list[Seat]:
    of = spring(chat)
    with chat.tx() as tx:
        return list(cohorts.seats(tx, of.id))


def ledger_of(chat: Talk, name: str) -> list[LedgerRow]:
    """All that is booked for somebody, after what waits was booked."""
    rolecall = chat.world.rolecall
    booking.book_waiting(rolecall.store, rolecall.bank, rolecall.new_id, chat.world.now())
    member = chat.member(name)
    with chat.tx() as tx:
        return list(ledger.of_days(tx, member, date.min, date.max))


def test_who_was_in_a_cohort_twice_has_one_seat_as_old_as_the_first(hall: Room) -> None:
    chat = hall.chat
    hall.office("Nana", "learner", "Spring")
    joined = chat.world.now()
    chat.world.wait(HOUR)
    for office in ("learner", "mentor"):
        hall.office("Ana", office, "Spring")
    chat.say("Ana", c.Appear(spring(chat).id, "alias", alias="Quiet Fox"))
    nana = chat.member("Nana")

    link(chat, "Ana", "Nana")

    ana = chat.member("Ana")
    held = seats(chat)
    assert {(s.member, s.office) for s in held} == {(ana, Office.LEARNER), (ana, Office.MENTOR)}
    assert min(s.joined_at for s in held) == joined
    assert {s.alias for s in held} == {"Quiet Fox"}
    assert rows_naming(chat, nana) == []


def test_who_has_left_a_cohort_on_one_account_stays_in_it_by_the_other(hall: Room) -> None:
    chat = hall.chat
    for name in ("Ana", "Nana"):
        hall.office(name, "learner", "Spring")
    chat.say("Ana", c.LeaveCohort(spring(chat).id, "yes"))

    link(chat, "Ana", "Nana")

    assert [s.member for s in seats(chat)] == [chat.member("Ana")]


def test_a_roster_knows_the_account_by_which_somebody_joined_and_no_other(hall: Room) -> None:
    chat = hall.chat
    hall.office("Olga", "organiser", "Spring")
    hall.office("Nana", "learner", "Spring")
    chat.say("Ana", i.Start())
    link(chat, "Ana", "Nana")

    assert "list" in words(chat.say("Olga", c.Appoint(spring(chat).id, "terminal:ana", "mentor")))
    assert [s.office for s in seats(chat)] == [Office.ORGANISER, Office.LEARNER]
    chat.say("Olga", c.Appoint(spring(chat).id, "terminal:nana", "mentor"))
    assert [s.office for s in seats(chat)] == [Office.ORGANISER, Office.LEARNER, Office.MENTOR]


def test_unlinking_the_account_by_which_somebody_joined_does_not_show_the_other(hall: Room) -> None:
    chat = hall.chat
    hall.office("Olga", "organiser", "Spring")
    hall.office("Ana", "learner", "Spring")
    link(chat, "Ana", "Nana")
    chat.say("Nana", i.Unlink("ana", "yes"))

    said = words(chat.say("Olga", c.Appoint(spring(chat).id, "terminal:nana", "mentor")))

    assert "list" in said
    assert [s.office for s in seats(chat)] == [Office.ORGANISER, Office.LEARNER]


def test_nobody_is_told_and_the_question_names_what_others_will_see(hall: Room) -> None:
    chat = hall.chat
    hall.office("Olga", "organiser", "Spring")
    for name in ("Ana", "Nana"):
        chat.settled(name)
    hall.office("Nana", "learner", "Spring")
    before = len(chat.inbox.pushes)

    asked = chat.say("Nana", i.Link(_code(chat)))
    assert "In “Spring” you are called “Nana” now, and will be called “Ana”" in words(asked)
    chat.say("Nana", buttons(asked)["Yes, both are me"])

    assert len(chat.inbox.pushes) == before


def _code(chat: Talk) -> str:
    return words(chat.say("Ana", i.Link())).partition("me link ")[2][:9]


# --- points


def test_the_same_answer_on_both_accounts_counts_once(hall: Room) -> None:
    first, _ = hall.answers("Ana", COPY)
    hall.chat.world.wait(HOUR)
    second, _ = hall.answers("Nana", COPY)
    assert sum(r.points for r in ledger_of(hall.chat, "Nana") if r.item == second) > 0

    link(hall.chat, "Ana", "Nana")

    booked = ledger_of(hall.chat, "Ana")
    assert sum(r.points for r in booked if r.item == first) > 0
    assert sum(r.points for r in booked if r.item == second) == 0
    assert "nearly the words of an earlier answer of yours" in words(hall.chat.say("Nana", c.Points()))
    assert ledger_of(hall.chat, "Ana") == booked


def test_what_both_did_on_one_day_keeps_to_the_limit_of_a_day(hall: Room) -> None:
    for who in ("Ana", "Nana"):
        hall.answers(who, f"{COPY} So says {who}, in words of another kind than anybody else ever would.")
        for n in range(5):
            hall.chat.say(who, i.Practice())
            text = f"{who}{n} would look at {n} things, weigh {who}{n} against {n}{who}, and then say number {n}."
            hall.chat.say(who, i.SubmitAnswer(answer=text))
    each = [sum(r.points for r in ledger_of(hall.chat, who)) for who in ("Ana", "Nana")]
    assert sum(each) > 60

    link(hall.chat, "Ana", "Nana")

    assert sum(r.points for r in ledger_of(hall.chat, "Ana")) == 60


def test_two_answers_to_one_prompt_count_as_one(hall: Room) -> None:
    chat = hall.chat
    of = group(chat, learners=("Ana", "Nana"))
    of.says("Olga", c.SavePrompts(days="Mon", time="10:00"))
    chat.world.wait(HOUR)
    with chat.tx() as tx:
        (prompt,) = prompts.of_cohort(tx, of.id)
    for n, name in enumerate(("Ana", "Nana")):
        form = chat.form(name, c.AnswerPrompt(prompt.id))
        of.says(name, form.submit({"answer": f"{name} would say something else here, number {n}, in other words."}))
        chat.world.wait(HOUR)

    link(chat, "Ana", "Nana")

    rated = [r for r in ledger_of(chat, "Ana") if r.points]
    assert [(r.kind, r.points > 0) for r in rated if r.kind != "new"] == [
        ("prompt", True),
        ("prompt", True),
        ("void", False),
    ]
    assert "another answer of yours to the same prompt counts already" in words(chat.say("Nana", c.Points()))


def test_a_doubt_about_two_accounts_of_one_person_troubles_no_organiser(hall: Room) -> None:
    hall.office("Olga", "organiser", "Spring")
    for name in ("Ana", "Nana"):
        hall.office(name, "learner", "Spring")
    hall.answers("Ana", COPY)
    hall.chat.world.wait(HOUR)
    second, _ = hall.answers("Nana", COPY.replace("ten", "12"))
    ledger_of(hall.chat, "Nana")
    with hall.chat.tx() as tx:
        assert doubts.of_serving(tx, second)

    link(hall.chat, "Ana", "Nana")

    with hall.chat.tx() as tx:
        assert doubts.of_serving(tx, second) is None
    assert sum(r.points for r in ledger_of(hall.chat, "Ana") if r.item == second) == 0


# --- reviews


def doubtful(hall: Room, name: str) -> ServingId:
    return hall.answers(name, ANSWER, c0=State.UNSURE)[0]


def test_a_review_of_ones_own_other_account_brings_no_points(hall: Room) -> None:
    hall.office("Nana", "mentor", "Spring")
    hall.office("Ana", "learner", "Spring")
    hall.judges("Nana", hall.ticket(doubtful(hall, "Ana")), "met:1")
    assert sum(r.points for r in ledger_of(hall.chat, "Nana")) == 5

    link(hall.chat, "Ana", "Nana")

    assert sum(r.points for r in ledger_of(hall.chat, "Ana") if r.item.startswith("review:")) == 0


def test_what_somebody_has_claimed_of_their_own_waits_for_another(hall: Room) -> None:
    hall.office("Nana", "mentor", "Spring")
    hall.office("Maya", "mentor", "Spring")
    hall.office("Ana", "learner", "Spring")
    ticket = hall.ticket(doubtful(hall, "Ana"))
    hall.chat.say("Nana", i.TakeTicket(ticket))

    link(hall.chat, "Ana", "Nana")

    with pytest.raises(RolecallError):
        hall.chat.say("Nana", i.TakeTicket(ticket))
    hall.judges("Maya", ticket, "met:1")


def test_the_learner_still_hears_who_has_judged_their_answer(hall: Room) -> None:
    hall.office("Nana", "mentor", "Spring")
    hall.office("Ben", "learner", "Spring")
    ticket = hall.ticket(doubtful(hall, "Ben"))
    hall.judges("Nana", ticket, "met:1")
    nana = hall.chat.member("Nana")

    link(hall.chat, "Ana", "Nana")

    assert rows_naming(hall.chat, nana) == []
    with hall.chat.tx() as tx:
        said = tx.execute(sa.select(tables.log.c.data).where(tables.log.c.kind == "reviewed")).scalar_one()
    assert said["reviewers"] == [hall.chat.member("Ana")]


def test_two_voices_of_one_person_on_an_answer_are_one(hall: Room) -> None:
    for name in ("Ben", "Ana", "Nana", "Dora"):
        hall.office(name, "learner", "Spring", reviewers="peers")
    for n, name in enumerate(("Ana", "Nana", "Dora")):
        hall.answers(name, f"{ANSWER} Number {n} would follow.")
    ticket = hall.ticket(doubtful(hall, "Ben"))
    for name in ("Ana", "Nana"):
        hall.judges(name, ticket, "met:1")

    link(hall.chat, "Ana", "Nana")

    with hall.chat.tx() as tx:
        voices = tx.execute(sa.select(tables.decision.c.member_id).where(tables.decision.c.ticket_id == ticket)).all()
    assert [v.member_id for v in voices] == [hall.chat.member("Ana")]
    assert sum(r.points for r in ledger_of(hall.chat, "Ana") if r.item == f"review:{ticket}") == 5
    link(hall.chat, "Ana", "Eve")
    assert sum(r.points for r in ledger_of(hall.chat, "Ana") if r.item == f"review:{ticket}") == 5


def test_an_office_of_the_installation_is_held_once(hall: Room) -> None:
    for name in ("Ana", "Nana"):
        hall.office(name, "mentor")

    link(hall.chat, "Ana", "Nana")

    with hall.chat.tx() as tx:
        assert len(tx.execute(sa.select(membership).where(membership.c.role == "mentor")).all()) == 1
