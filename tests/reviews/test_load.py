"""Several mentors share the work: one is told first, an absence is respected, and the next one has their turn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.checkup import unread
from bot.door import intents as i
from bot.errors import RolecallError
from bot.model import MemberId, ServingId, State
from bot.reviews.escalation import escalate
from bot.reviews.notice import WORK
from bot.reviews.offers import Candidate, first, stranded
from tests.reviews.room import Room, room
from tests.talk import DAY, words

HOUR = timedelta(hours=1)
NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)


def told(hall: Room) -> set[str]:
    """Which mentors have heard of work so far."""
    return {name for name in ("Maya", "Noor", "Omar", "Olga") if hall.pushed(name, WORK)}


def holder(hall: Room, serving: ServingId) -> str:
    """Whom the one ticket on an answer is offered to."""
    (ticket,) = hall.tickets(serving)
    names = {hall.chat.member(name): name for name in ("Maya", "Noor", "Omar") if _is_known(hall, name)}
    return names[ticket.offered_to] if ticket.offered_to else ""


def _is_known(hall: Room, name: str) -> bool:
    return bool(hall.chat.say(name, i.Help()))


def doubtful(hall: Room, name: str) -> ServingId:
    return hall.answers(name, f"{name} would read the logs first. Then it is counted.", c0=State.UNSURE)[0]


@pytest.fixture
def pair(hall: Room) -> Room:
    """Two mentors who hear of work at 09:00, and it is noon."""
    hall.office("Maya", "mentor")
    hall.office("Noor", "mentor")
    hall.chat.world.wait(3 * HOUR)
    return hall


def a_minute_later(hall: Room) -> None:
    """The ticker looks at what waits each minute, which a clock that leaps from one due time to the next does not."""
    hall.chat.world.wait(timedelta(minutes=1))
    escalate(hall.chat.world.rolecall.store, hall.chat.world.now())


def other_than(name: str) -> str:
    return "Noor" if name == "Maya" else "Maya"


def test_only_one_of_two_mentors_is_told_on_the_first_day(pair: Room) -> None:
    serving = doubtful(pair, "Ana")
    one = holder(pair, serving)

    pair.chat.world.wait(24 * HOUR - timedelta(minutes=1))

    assert told(pair) == {one}


def test_after_a_day_the_other_mentor_has_their_turn_and_after_two_days_all(pair: Room) -> None:
    pair.office("Olga", "organiser")
    serving = doubtful(pair, "Ana")
    one = holder(pair, serving)

    pair.chat.world.wait(25 * HOUR)
    assert holder(pair, serving) == other_than(one)

    pair.chat.world.wait(DAY)
    assert holder(pair, serving) == ""
    pair.chat.world.wait(DAY)
    assert told(pair) == {"Maya", "Noor", "Olga"}


def test_ten_answers_are_spread_evenly(pair: Room) -> None:
    held = [holder(pair, doubtful(pair, f"Learner{n}")) for n in range(10)]

    assert held.count("Maya") == held.count("Noor") == 5


def test_who_has_decided_much_this_week_is_offered_less(pair: Room) -> None:
    for n in range(2):
        serving = doubtful(pair, f"Early{n}")
        pair.judges("Maya", pair.ticket(serving), "met:0")

    assert [holder(pair, doubtful(pair, f"Late{n}")) for n in range(2)] == ["Noor", "Noor"]


def test_the_queue_says_what_is_yours_first_and_anybody_may_take_it_all_the_same(pair: Room) -> None:
    serving = doubtful(pair, "Ana")
    one = holder(pair, serving)

    assert "yours first" in words(pair.chat.say(one, i.Queue()))
    assert "yours first" not in words(pair.chat.say(other_than(one), i.Queue()))
    pair.judges(other_than(one), pair.ticket(serving), "met:0")
    assert pair.tickets(serving)[0].state == "settled"


def test_ones_own_offers_stand_before_older_answers_in_the_queue(pair: Room) -> None:
    servings = [doubtful(pair, name) for name in ("Ana", "Ben")]
    older, newer = (holder(pair, s) for s in servings)
    assert older != newer

    shown = words(pair.chat.say(newer, i.TakeTicket()))
    assert "Ben wrote" in shown


def test_nothing_is_offered_to_a_mentor_who_is_away(pair: Room) -> None:
    pair.chat.say("Maya", i.Pause("5"))

    assert {holder(pair, doubtful(pair, f"Learner{n}")) for n in range(3)} == {"Noor"}


def test_who_goes_away_hands_on_what_was_offered_and_hears_nothing_of_it(pair: Room) -> None:
    serving = doubtful(pair, "Ana")
    one = holder(pair, serving)
    pair.chat.say(one, i.Pause("10"))
    a_minute_later(pair)
    pair.chat.world.wait(24 * HOUR)

    assert told(pair) == {other_than(one)}


def test_who_is_no_mentor_any_more_hands_on_what_was_offered(pair: Room) -> None:
    serving = doubtful(pair, "Ana")
    one = holder(pair, serving)
    pair.leaves(one)
    a_minute_later(pair)
    pair.chat.world.wait(24 * HOUR)

    assert told(pair) == {other_than(one)}


def test_a_deleted_mentor_hands_on_what_was_offered(pair: Room) -> None:
    serving = doubtful(pair, "Ana")
    one = holder(pair, serving)
    pair.chat.say(one, i.Delete("yes"))
    a_minute_later(pair)
    pair.chat.world.wait(24 * HOUR)

    assert told(pair) == {other_than(one)}
    assert pair.tickets(serving)[0].offered_to is None


def test_where_all_but_one_are_away_the_last_keeps_no_offer_past_a_day(pair: Room) -> None:
    pair.chat.say("Maya", i.Pause("10"))
    serving = doubtful(pair, "Ana")

    pair.chat.world.wait(25 * HOUR)

    assert holder(pair, serving) == ""
    assert pair.tickets(serving)[0].state == "open"
    assert told(pair) == {"Noor"}


def test_a_mentor_who_comes_back_is_offered_new_answers_without_doing_anything(pair: Room) -> None:
    pair.chat.say("Maya", i.Pause("5"))
    doubtful(pair, "Ana")
    pair.chat.say("Maya", i.Resume())

    assert holder(pair, doubtful(pair, "Ben")) == "Maya"


def test_an_answer_that_is_being_read_is_not_passed_on(pair: Room) -> None:
    serving = doubtful(pair, "Ana")
    one = holder(pair, serving)
    pair.chat.world.wait(24 * HOUR - timedelta(minutes=10))
    pair.chat.say(one, i.TakeTicket())

    pair.chat.world.wait(timedelta(minutes=15))
    assert holder(pair, serving) == one

    pair.chat.world.wait(HOUR)
    assert holder(pair, serving) == other_than(one)


def test_an_appeal_is_offered_to_a_mentor_who_had_no_part_in_the_first_decision(pair: Room) -> None:
    serving, _ = pair.answers("Ana", c0=State.UNSURE, c1=State.MISSED)
    one = holder(pair, serving)
    pair.judges(one, pair.ticket(serving), "met:0")
    criterion = pair.assessment(serving).verdicts[1].criterion
    pair.chat.say("Ana", i.Appeal(serving, criterion, "0"))

    assert pair.tickets(serving)[-1].offered_to == pair.chat.member(other_than(one))
    with pytest.raises(RolecallError, match="part in the first decision"):
        pair.chat.say(one, i.TakeTicket(pair.tickets(serving)[-1].id))


def test_a_single_mentor_is_told_as_ever(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving = doubtful(hall, "Ana")

    assert holder(hall, serving) == ""
    hall.chat.world.wait(DAY)
    assert told(hall) == {"Maya"}


def test_peers_are_all_asked_as_ever(hall: Room) -> None:
    for name in ("Ana", "Ben", "Cleo"):
        hall.office(name, "learner", "Spring", reviewers="peers")

    assert hall.tickets(doubtful(hall, "Ana"))[0].offered_to is None


def candidate(id: str, hours: float, load: int) -> Candidate:
    return Candidate(MemberId(id), NOW + hours * HOUR, load)


def test_who_hears_of_it_too_late_is_passed_over() -> None:
    assert first([candidate("a", 60, 0), candidate("b", 20, 9)], NOW) == "b"


def test_where_nobody_hears_within_a_day_the_soonest_has_it() -> None:
    assert first([candidate("a", 60, 0), candidate("b", 48, 9)], NOW) == "b"


def test_a_tie_goes_by_id() -> None:
    assert first([candidate("b", 3, 1), candidate("a", 23, 1)], NOW) == "a"


def test_an_operator_sees_that_an_answer_waits_for_people_who_are_all_away(pair: Room) -> None:
    doubtful(pair, "Ana")
    pair.chat.say("Maya", i.Pause("5"))
    assert stranded_now(pair) == 0

    pair.chat.say("Noor", i.Pause("5"))
    assert stranded_now(pair) == 1
    (found,) = unread(stranded_now(pair))
    assert found.said.startswith("1 answer waits for mentors who are all away or gone. Make somebody a mentor")


def stranded_now(hall: Room) -> int:
    with hall.chat.tx() as tx:
        return stranded(tx, hall.chat.world.now())


def test_two_workers_at_once_pass_an_answer_on_to_one_mentor(tmp_path: Path, postgres_store: str) -> None:
    with room(tmp_path, db=postgres_store) as hall:
        for name in ("Maya", "Noor", "Omar"):
            hall.office(name, "mentor")
        servings = [doubtful(hall, f"Learner{n}") for n in range(4)]
        before = [holder(hall, s) for s in servings]
        store, late = hall.chat.world.rolecall.store, hall.chat.world.now() + 25 * HOUR

        with ThreadPoolExecutor(2) as workers:
            list(workers.map(lambda _: escalate(store, late), range(2)))

        after = [holder(hall, s) for s in servings]
        assert all(now and now != then for now, then in zip(after, before, strict=True))
        tomorrow = [r for name in set(after) for r in hall.chat.kept(name)["outbox"] if r["kind"] == WORK]
        assert len({r["dedupe_key"] for r in tomorrow}) == len(tomorrow)
