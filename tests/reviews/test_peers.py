"""A cohort that reviews its own answers: two peers who agree settle it, and a mentor decides where they differ."""

from __future__ import annotations

import pytest

from bot.door import intents as i
from bot.errors import RolecallError
from bot.model import Judge, Route, State
from tests.reviews.room import Room
from tests.talk import DAY, words

BEN = "I would look at the logs first. Then I would count the failures."
CARL = "A fixed set of cases comes first. After that I would compare both."
DORA = "Both prompts run on one set. People check the scores."


@pytest.fixture
def group(hall: Room) -> Room:
    """Ana, and three peers who have answered the same problem."""
    for name in ("Ana", "Ben", "Carl", "Dora"):
        hall.office(name, "learner", "Spring", reviewers="peers")
    for name, text in (("Ben", BEN), ("Carl", CARL), ("Dora", DORA)):
        hall.answers(name, text)
    return hall


def test_two_peers_who_agree_settle_it_without_names(group: Room) -> None:
    serving, verdict = group.answers("Ana", c0=State.UNSURE)
    ticket = group.ticket(serving)
    assert "Two of your peers" in words(verdict)

    shown = group.chat.say("Ben", i.TakeTicket(ticket))
    assert "Ana" not in words(shown)
    assert "The grader" not in words(shown)
    form = group.chat.form("Ben", i.WriteReview(ticket))
    assert form.fields[0].initial == ""
    group.fills_in("Ben", form, "met:1", note="Clear.")
    assert group.tickets(serving)[0].state == "open"
    group.judges("Carl", ticket, "met:2")

    assert group.assessment(serving).verdicts[0].by is Judge.PEERS
    told = group.heard("Ana", "settled")
    assert "Two of your peers have read" in told
    assert "Clear." in told
    assert "Ben" not in told


def test_where_they_differ_a_mentor_of_the_cohort_decides(group: Room) -> None:
    group.office("Maya", "mentor", "Spring")
    serving, _ = group.answers("Ana", c0=State.UNSURE, c2=State.UNSURE)
    ticket = group.ticket(serving)
    with pytest.raises(RolecallError, match="not for you to judge"):
        group.chat.say("Maya", i.TakeTicket(ticket))
    group.judges("Ben", ticket, "met:1", "met:0")
    group.judges("Carl", ticket, "met:1", "missed")

    (open_,) = group.tickets(serving)
    assert open_.route is Route.MENTORS
    assert len(open_.points) == 1
    assert group.assessment(serving).verdicts[0].by is Judge.PEERS
    group.judges("Maya", ticket, "missed")

    assert group.tickets(serving)[0].state == "settled"
    assert group.assessment(serving).verdicts[2].by is Judge.MENTOR
    assert len(group.pushed("Ana", "settled")) == 2


def test_without_a_mentor_a_third_peer_decides(group: Room) -> None:
    serving, _ = group.answers("Ana", c0=State.UNSURE)
    ticket = group.ticket(serving)
    group.judges("Ben", ticket, "met:1")
    group.judges("Carl", ticket, "missed")
    assert group.tickets(serving)[0].route is Route.PEERS

    group.judges("Dora", ticket, "missed")

    verdict = group.assessment(serving).verdicts[0]
    assert (verdict.state, verdict.by) == (State.MISSED, Judge.PEERS)


def test_a_third_peer_waits_while_two_are_at_it(group: Room) -> None:
    serving, _ = group.answers("Ana", c0=State.UNSURE)
    ticket = group.ticket(serving)
    group.chat.say("Ben", i.TakeTicket(ticket))
    group.chat.say("Carl", i.TakeTicket(ticket))

    with pytest.raises(RolecallError, match="Somebody is reading that answer now"):
        group.chat.say("Dora", i.TakeTicket(ticket))


def test_a_peer_speaks_once(group: Room) -> None:
    serving, _ = group.answers("Ana", c0=State.UNSURE)
    ticket = group.ticket(serving)
    group.judges("Ben", ticket, "met:1")

    with pytest.raises(RolecallError, match="You have had your say"):
        group.chat.say("Ben", i.TakeTicket(ticket))


def test_only_who_has_answered_the_same_problem_may_judge_it(group: Room) -> None:
    group.office("Emil", "learner", "Spring")
    serving, _ = group.answers("Ana", c0=State.UNSURE)

    with pytest.raises(RolecallError, match="Answer this problem yourself first"):
        group.chat.say("Emil", i.TakeTicket(group.ticket(serving)))


def test_who_answers_the_problem_later_hears_that_somebody_waits(group: Room) -> None:
    group.office("Emil", "learner", "Spring")
    group.answers("Ana", c0=State.UNSURE)
    group.chat.world.wait(DAY)
    assert group.pushed("Emil", "mentor_work") == []

    group.answers("Emil", "I would sample real failures. Then people label them.")
    group.chat.world.wait(DAY)

    assert "1 answer waits for your judgement" in group.heard("Emil", "mentor_work")


def test_a_peer_who_wants_no_reminders_is_not_written_to(group: Room) -> None:
    group.chat.say("Ben", i.SaveSettings(reminders="no"))
    group.answers("Ana", c0=State.UNSURE)

    group.chat.world.wait(DAY)

    assert group.pushed("Ben", "mentor_work") == []
    assert len(group.pushed("Carl", "mentor_work")) == 1


def test_a_peer_without_reminders_is_not_written_to_when_it_takes_too_long(group: Room) -> None:
    group.chat.say("Ben", i.SaveSettings(reminders="no"))
    serving, _ = group.answers("Ana", c0=State.UNSURE)

    group.chat.world.wait(3 * DAY)

    assert group.tickets(serving)[0].escalated_at is not None
    assert len(group.pushed("Carl", "mentor_work")) == 2
    assert group.pushed("Ben", "mentor_work") == []


def test_a_place_never_grows_when_answers_move_on_to_a_mentor(group: Room) -> None:
    group.office("Maya", "mentor", "Spring")
    group.office("Eva", "learner", "Spring")
    first, _ = group.answers("Ana", c0=State.UNSURE)
    second, verdict = group.answers("Eva", "Eva would look at the logs. Then she would count.", c0=State.UNSURE)
    assert "1 waits before it." in words(verdict)

    for serving in (first, second):
        group.judges("Ben", group.ticket(serving), "missed")
        group.judges("Carl", group.ticket(serving), "met:0")
        assert "1 waits before it." in words(group.chat.say("Eva", i.ReadVerdict(second)))
    group.judges("Maya", group.ticket(first), "missed")

    assert "It is next in the queue." in words(group.chat.say("Eva", i.ReadVerdict(second)))


def test_a_newcomer_is_told_that_peers_may_read(group: Room) -> None:
    group.office("Eva", "learner", "Spring")

    assert "two of your peers, without your name, may read it" in words(group.chat.say("Eva", i.Start()))


def test_a_peer_who_signs_a_note_stays_unnamed(group: Room) -> None:
    serving, _ = group.answers("Ana", c0=State.UNSURE)
    ticket = group.ticket(serving)

    group.judges("Ben", ticket, "met:1", note="Clear. Ben")
    group.judges("Carl", ticket, "met:1")

    told = group.heard("Ana", "settled")
    assert "Clear." in told
    assert "Ben" not in told
