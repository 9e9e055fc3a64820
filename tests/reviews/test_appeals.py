"""“I did say that”: counted at once, decided by somebody who had no part in the first decision."""

from __future__ import annotations

import pytest

from bot.door import intents as i
from bot.errors import RolecallError
from bot.model import FLAGS, Flag, Judge, ServingId, State
from tests.reviews.room import ANSWER, HOUR, Room
from tests.talk import buttons, words


def criterion(hall: Room, serving: ServingId, number: int) -> str:
    assessment = hall.attempt(serving).assessment
    assert assessment is not None
    return str(assessment.verdicts[number].criterion)


def ratings(hall: Room, name: str) -> dict[str, int]:
    return {c.concept: c.last_rating for c in hall.chat.cards(name)}


def test_an_appeal_is_credited_at_once_and_upheld_by_a_second_mentor(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.office("Noor", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE, c1=State.MISSED)
    hall.judges("Maya", hall.ticket(serving), "missed")
    before = ratings(hall, "Ana")

    asked = hall.chat.say("Ana", i.Appeal(serving, criterion(hall, serving, 1)))
    assert asked.title == "Which sentence says it?"
    noted = hall.chat.say("Ana", buttons(asked)["“Then I would measure recall on them.”"])
    assert "your memory counts it your way" in words(noted)
    assert "It is next in the queue." in words(noted)
    assert ratings(hall, "Ana") != before
    ticket = hall.tickets(serving)[-1].id
    with pytest.raises(RolecallError, match="You had a part in the first decision"):
        hall.chat.say("Maya", i.TakeTicket(ticket))

    shown = hall.chat.say("Noor", i.TakeTicket(ticket))
    assert "The learner says: “Then I would measure recall on them.”" in words(shown)
    form = hall.chat.form("Noor", i.WriteReview(ticket))
    assert form.fields[0].initial == ""
    hall.fills_in("Noor", form, "met:1")

    verdict = next(v for v in hall.assessment(serving).verdicts if v.criterion == criterion(hall, serving, 1))
    assert (verdict.state, verdict.by, verdict.appealed) == (State.MET, Judge.MENTOR, False)
    assert "Noor has read your answer" in words(hall.pushed("Ana", "settled")[-1].message)


def test_an_appeal_that_falls_takes_the_credit_back(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c1=State.MISSED)
    before = ratings(hall, "Ana")
    hall.chat.say("Ana", i.Appeal(serving, criterion(hall, serving, 1), "0"))

    hall.judges("Maya", hall.ticket(serving), "missed")

    assert ratings(hall, "Ana") == before


def test_what_people_decided_is_final(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    hall.judges("Maya", hall.ticket(serving), "missed")

    with pytest.raises(RolecallError, match="their word is final"):
        hall.chat.say("Ana", i.Appeal(serving, criterion(hall, serving, 0), "0"))


def test_a_point_is_appealed_once_however_often_the_button_is_pressed(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c1=State.MISSED)
    wish = i.Appeal(serving, criterion(hall, serving, 1), "0")
    hall.chat.say("Ana", wish)

    assert "once is enough" in words(hall.chat.say("Ana", wish))
    assert len(hall.tickets(serving)) == 1


def test_a_second_point_joins_the_appeal_that_waits(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c1=State.MISSED, c3=State.MISSED)
    hall.chat.say("Ana", i.Appeal(serving, criterion(hall, serving, 1), "0"))
    hall.chat.say("Ana", i.Appeal(serving, criterion(hall, serving, 3), "2"))

    (ticket,) = hall.tickets(serving)
    assert ticket.points == (criterion(hall, serving, 1), criterion(hall, serving, 3))


def test_without_anybody_to_ask_it_stands_by_the_learners_own_judgement(hall: Room) -> None:
    serving, _ = hall.answers("Ana", c0=State.MISSED)

    noted = hall.chat.say("Ana", i.Appeal(serving, criterion(hall, serving, 0), "1"))

    assert noted.title == "Noted, by your own judgement"
    outcome = hall.attempt(serving).outcome
    assert outcome is not None
    assert (outcome.provisional, outcome.by_learner) == (False, True)


def test_a_misconception_denied_alone_is_left_out_by_the_learners_own_judgement(hall: Room) -> None:
    hall.grader.mistakes.add(ANSWER)
    serving, _ = hall.answers("Ana")
    (mistake,) = hall.assessment(serving).mistakes

    hall.chat.say("Ana", i.Appeal(serving, mistake.misconception))

    outcome = hall.attempt(serving).outcome
    assert outcome is not None
    assert (outcome.band.label, outcome.provisional, outcome.by_learner) == ("Strong Hire", False, True)


def test_a_misconception_that_a_mentor_does_not_see_falls(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.grader.mistakes.add(ANSWER)
    serving, _ = hall.answers("Ana")
    (mistake,) = hall.assessment(serving).mistakes
    hall.chat.say("Ana", i.Appeal(serving, mistake.misconception))

    hall.judges("Maya", hall.ticket(serving), "missed")

    assert hall.assessment(serving).mistakes == ()
    assert "now it is Strong Hire" in hall.heard("Ana", "settled")


def test_an_honest_answer_that_a_guard_held_back_is_freed_by_a_mentor(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.grader.flags[ANSWER] = (Flag.INJECTION,)
    serving, verdict = hall.answers("Ana")
    assert verdict.title == "Lean Hire"
    assert hall.tickets(serving)[0].points == (FLAGS,)

    shown = hall.chat.say("Maya", i.TakeTicket())
    assert "Part of it speaks to the grader" in words(shown)
    hall.fills_in("Maya", hall.chat.form("Maya", i.WriteReview(hall.ticket(serving))), "missed")

    assert "It was Lean Hire; now it is Strong Hire." in hall.heard("Ana", "settled")


def test_where_nothing_counts_against_the_answer_there_is_nothing_to_appeal(hall: Room) -> None:
    serving, _ = hall.answers("Ana")

    with pytest.raises(RolecallError, match="nothing to appeal"):
        hall.chat.say("Ana", i.Appeal(serving))


def test_nobody_appeals_for_somebody_else(hall: Room) -> None:
    serving, _ = hall.answers("Ana", c0=State.MISSED)

    with pytest.raises(RolecallError, match="belongs to somebody else"):
        hall.chat.say("Ben", i.Appeal(serving, criterion(hall, serving, 0), "0"))


def test_after_two_days_an_organiser_decides_what_nobody_else_may(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.office("Olga", "organiser")
    serving, _ = hall.answers("Ana", c0=State.UNSURE, c1=State.MISSED)
    hall.judges("Maya", hall.ticket(serving), "missed")
    hall.chat.say("Ana", i.Appeal(serving, criterion(hall, serving, 1), "0"))
    ticket = hall.tickets(serving)[-1].id
    with pytest.raises(RolecallError, match="not for you to judge"):
        hall.chat.say("Olga", i.TakeTicket(ticket))

    hall.chat.world.wait(49 * HOUR)
    hall.judges("Olga", ticket, "met:0")

    assert hall.tickets(serving)[-1].state == "settled"


def test_an_appeal_that_nobody_is_left_to_decide_stands_by_the_learners_own_judgement(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE, c1=State.MISSED)
    hall.judges("Maya", hall.ticket(serving), "missed")

    noted = hall.chat.say("Ana", i.Appeal(serving, criterion(hall, serving, 1), "0"))

    assert noted.title == "Noted, by your own judgement"
    assert [t.state for t in hall.tickets(serving)] == ["settled"]


def test_what_was_decided_is_offered_for_appeal_no_more(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.grader.mistakes.add(ANSWER)
    serving, verdict = hall.answers("Ana")
    hall.chat.say("Ana", buttons(verdict)["I did not mean that mistake"])
    assert "you say that you did not mean it" in words(hall.chat.say("Ana", i.ReadVerdict(serving)))

    hall.judges("Maya", hall.ticket(serving), "met")

    assert "I did not mean that mistake" not in buttons(hall.chat.say("Ana", i.ReadVerdict(serving)))


def test_a_held_back_answer_of_ones_own_choice_can_be_appealed_from_its_verdict(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.chat.settled("Ana")
    hall.chat.say("Ana", i.Skip())
    hall.chat.say("Ana", i.Practice("ml.regularisation"))
    hall.grader.flags[ANSWER] = (Flag.KEYWORD_LIST,)
    serving = hall.chat.serving("Ana").id

    verdict = hall.chat.say("Ana", i.SubmitAnswer(serving, ANSWER))
    hall.chat.say("Ana", buttons(verdict)["It is an honest answer"])

    assert hall.tickets(serving)[0].points == (FLAGS,)


def test_a_decision_that_leaves_other_points_open_does_not_call_it_settled(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.grader.mistakes.add(ANSWER)
    serving, _ = hall.answers("Ana", c0=State.UNSURE, c1=State.UNSURE, c7=State.MISSED)
    (mistake,) = hall.assessment(serving).mistakes
    hall.chat.say("Ana", i.Appeal(serving, mistake.misconception))

    hall.judges("Maya", hall.ticket(serving), "missed")

    heard = hall.heard("Ana", "settled")
    assert "It is still between No Hire and Strong Hire, because other points are open." in heard
    assert "rely on it" not in heard
