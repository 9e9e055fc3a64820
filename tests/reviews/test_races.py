"""People who do something at the same moment, in threads, on both databases: each hears a clear word, and nothing is
lost or doubled.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select

from bot.door import intents as i
from bot.door.intents import Intent
from bot.errors import RolecallError
from bot.model import Judge, ServingId, State, TicketId
from bot.practice import projection
from bot.store import reviews
from bot.store.tables import PROJECTIONS, account, attempt, log, personal
from tests.reviews.room import HOUR, Room, room
from tests.talk import words

NOTE = "Read the failures first."


@pytest.fixture
def hall(tmp_path: Path, store_place: str) -> Iterator[Room]:
    with room(tmp_path, store_place) as opened:
        yield opened


def at_once(hall: Room, *wishes: tuple[str, Intent], key: str | None = None) -> list[str]:
    """What each hears; what nobody foresaw is raised. "" where the event was known already."""
    rolecall, start = hall.chat.world.rolecall, Barrier(len(wishes))
    invocations = [hall.chat.invocation(name, wish, key) for name, wish in wishes]

    def hear(n: int) -> str:
        start.wait()
        try:
            reply = rolecall.reply_to(invocations[n])
        except RolecallError as refusal:
            return str(refusal)
        return words(reply.message) if reply else ""

    with ThreadPoolExecutor(len(wishes)) as pool:
        heard = list(pool.map(hear, range(len(wishes))))
    hall.chat.world.settle()
    return heard


def rebuilt_as_it_was(hall: Room) -> bool:
    def rows() -> list[object]:
        with hall.chat.tx() as tx:
            return [tx.execute(t.select().order_by(*t.primary_key.columns)).all() for t in PROJECTIONS]

    before = rows()
    with hall.chat.tx() as tx:
        projection.rebuild(tx)
    return rows() == before


@pytest.fixture
def doubted(hall: Room) -> tuple[ServingId, TicketId]:
    """Ana's answer, which Maya and Noor may judge: its first criterion is doubtful, its fourth was missed."""
    hall.office("Maya", "mentor")
    hall.office("Noor", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE, c3=State.MISSED)
    return serving, hall.ticket(serving)


def test_of_two_mentors_who_take_an_answer_one_gets_it(hall: Room, doubted: tuple[ServingId, TicketId]) -> None:
    _, ticket = doubted

    heard = at_once(hall, ("Maya", i.TakeTicket(ticket)), ("Noor", i.TakeTicket(ticket)))

    assert sorted("being read" in said or "reading" in said for said in heard) == [False, True]
    reader = ("Maya", "Noor")["reading" in heard[0] or "being read" in heard[0]]
    hall.fills_in(reader, hall.chat.form(reader, i.WriteReview(ticket)), "met:0")
    assert hall.tickets(doubted[0])[0].state == "settled"


def test_of_three_peers_who_take_an_answer_two_get_it(hall: Room) -> None:
    peers = ("Ben", "Carl", "Dora")
    for name in ("Ana", *peers):
        hall.office(name, "learner", "Spring", reviewers="peers")
    for name in peers:
        hall.answers(name, f"{name} would look at the logs. Then measure.")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    ticket = hall.ticket(serving)

    at_once(hall, *((name, i.TakeTicket(ticket)) for name in peers))

    with hall.chat.tx() as tx:
        readers = [d.reviewer for d in reviews.decisions(tx, ticket)]
    assert len(readers) == 2
    point = hall.tickets(serving)[0].points[0]
    heard = at_once(hall, *((name, i.SubmitReview(ticket, points=point, first="met:0", note=NOTE)) for name in peers))
    assert sum("Take an answer first" in said for said in heard) == 1
    assert hall.assessment(serving).verdicts[0].by is Judge.PEERS
    assert len(hall.pushed("Ana", "settled")) == 1
    assert rebuilt_as_it_was(hall)


def test_two_mentors_who_decide_at_once_are_both_answered_and_one_counts(
    hall: Room, doubted: tuple[ServingId, TicketId]
) -> None:
    serving, ticket = doubted
    point = hall.tickets(serving)[0].points[0]
    hall.chat.say("Maya", i.TakeTicket(ticket))
    hall.chat.world.wait(HOUR)
    hall.chat.say("Noor", i.TakeTicket(ticket))

    heard = at_once(
        hall,
        ("Maya", i.SubmitReview(ticket, points=point, first="missed", note=NOTE)),
        ("Noor", i.SubmitReview(ticket, points=point, first="met:0", note=NOTE)),
    )

    assert len(set(heard)) == 2, heard
    assert len(hall.pushed("Ana", "settled")) == 1
    assert hall.assessment(serving).verdicts[0].by is Judge.MENTOR
    assert rebuilt_as_it_was(hall)


def test_an_appeal_while_the_mentor_decides_reaches_a_mentor(hall: Room, doubted: tuple[ServingId, TicketId]) -> None:
    serving, ticket = doubted
    first, fourth = (hall.assessment(serving).verdicts[n].criterion for n in (0, 3))
    hall.chat.say("Maya", i.TakeTicket(ticket))

    at_once(
        hall,
        ("Maya", i.SubmitReview(ticket, points=first, first="met:0", note=NOTE)),
        ("Ana", i.Appeal(serving, fourth, "0")),
    )

    (open_,) = [t for t in hall.tickets(serving) if t.state == "open"]
    assert fourth in open_.points
    hall.chat.world.wait(HOUR)
    hall.chat.say("Noor", i.TakeTicket(open_.id))
    form = hall.chat.form("Noor", i.WriteReview(open_.id))
    hall.fills_in("Noor", form, *("met:0" for f in form.fields if f.kind == "choice"))
    verdicts = hall.assessment(serving).verdicts
    assert (verdicts[0].by, verdicts[3].by) == (Judge.MENTOR, Judge.MENTOR)
    assert rebuilt_as_it_was(hall)


def test_who_deletes_everything_while_a_mentor_decides_leaves_nothing(
    hall: Room, doubted: tuple[ServingId, TicketId]
) -> None:
    serving, ticket = doubted
    point, ana = hall.tickets(serving)[0].points[0], hall.chat.member("Ana")
    hall.chat.say("Maya", i.TakeTicket(ticket))

    gone, _ = at_once(
        hall,
        ("Ana", i.Delete("yes")),
        ("Maya", i.SubmitReview(ticket, points=point, first="met:0", note=NOTE)),
    )

    assert "gone" in gone or "deleted" in gone
    with hall.chat.tx() as tx:
        whose = {t: t.c["member_id" if "member_id" in t.c else "id"] for t in personal()}
        left = [t.name for t, who in whose.items() if tx.execute(select(t).where(who == ana)).first()]
    assert left == []
    assert [r["kind"] for r in hall.chat.kept("Maya")["log"]][-1] in {"review_given", "unplaced"}
    assert rebuilt_as_it_was(hall)


def test_of_two_answers_at_once_one_counts_and_the_other_is_kept(hall: Room) -> None:
    hall.chat.settled("Ana")
    serving = hall.chat.serving("Ana").id
    texts = ("I would read the failures. Then count.", "I would ask the users. Then decide.")

    heard = at_once(hall, *(("Ana", i.SubmitAnswer(serving, text)) for text in texts))

    with hall.chat.tx() as tx:
        taken = tx.execute(select(attempt.c.text).where(attempt.c.serving_id == serving)).scalars().all()
        kept = [r.kind for r in tx.execute(select(log).order_by(log.c.id)) if r.data.get("text") in texts]
    assert sorted(kept) == ["answered", "unplaced"]
    assert len(taken) == 1
    assert texts[1 - texts.index(taken[0])] in heard[1 - texts.index(taken[0])]
    assert rebuilt_as_it_was(hall)


def test_who_comes_in_by_two_ways_at_once_joins_once(hall: Room) -> None:
    heard = at_once(hall, ("Ana", i.Start()), ("Ana", i.Help()), ("Ana", i.Progress()))

    assert all(heard)
    member = hall.chat.member("Ana")
    with hall.chat.tx() as tx:
        joined = tx.execute(select(log.c.member_id).where(log.c.kind == "joined")).scalars().all()
        accounts = tx.execute(select(account.c.member_id)).scalars().all()
    assert joined == accounts == [member]


def test_an_event_that_comes_twice_at_once_has_one_effect(hall: Room) -> None:
    hall.chat.say("Ana", i.Start())

    answer = hall.chat.strong("Ana")
    heard = at_once(hall, *[("Ana", i.SubmitAnswer(answer=answer))] * 3, key="event-1")

    assert sorted(map(bool, heard)) == [False, False, True]
