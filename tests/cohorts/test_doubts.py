"""Two members write nearly the same: organisers hear of it quietly, decide with a reason, and can be appealed to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.cohort_model import LedgerRow
from bot.cohorts import booking
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.messages import Message
from bot.errors import RolecallError
from bot.model import Event, ServingId, State
from bot.practice import projection
from bot.store import points as ledger
from bot.store.stored import assessment_to
from tests.reviews.room import Room, room
from tests.talk import DAY, buttons, words

TEXT = (
    "First I would read ten wrong answers and sort them by cause. Then I would measure recall on a fixed set. "
    "Last I would change one thing at a time."
)
COPY = TEXT.replace("ten", "12").replace("Last I", "last I")
REASON = "We spoke on Tuesday, and you said that you had used a shared answer."


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Room]:
    """Olga and Otto organise Spring, in which Ana and Ben learn."""
    with room(tmp_path) as opened:
        for name in ("Olga", "Otto"):
            opened.office(name, "organiser", "Spring")
        for name in ("Ana", "Ben"):
            opened.office(name, "learner", "Spring")
        yield opened


def rows(hall: Room, name: str) -> Sequence[LedgerRow]:
    rolecall = hall.chat.world.rolecall
    booking.book_waiting(rolecall.store, rolecall.bank, rolecall.new_id, hall.chat.world.now())
    member = hall.chat.member(name)
    with hall.chat.tx() as tx:
        return ledger.of_days(tx, member, date.min, date.max)


def total(hall: Room, name: str) -> int:
    return sum(r.points for r in rows(hall, name))


def kinds(hall: Room, name: str, serving: ServingId) -> list[str]:
    return [r.kind for r in rows(hall, name) if r.item == serving]


def answers(hall: Room, name: str, text: str) -> ServingId:
    """A newcomer answers the warm-up in a few words, and then their first full problem."""
    hall.chat.say(name, i.Start())
    hall.chat.say(name, i.SubmitAnswer(answer=f"It finds no fraud, says {name}."))
    hall.chat.say(name, i.SaveSettings(name=name, zone="UTC", time="09:00", role="ai_engineer", reminders="yes"))
    serving = hall.chat.serving(name).id
    hall.chat.say(name, i.SubmitAnswer(serving, text))
    return serving


def copied(hall: Room) -> ServingId:
    """Ana answers, and Ben three hours later in nearly the same words."""
    answers(hall, "Ana", TEXT)
    hall.chat.world.wait(timedelta(hours=3))
    serving = answers(hall, "Ben", COPY)
    rows(hall, "Ben")
    return serving


def asked(hall: Room, name: str) -> Message:
    return hall.chat.say(name, c.PointsDoubts())


def takes_back(hall: Room, name: str, label: str = "1: take them back", reason: str = REASON) -> Message:
    wish = buttons(asked(hall, name))[label]
    return hall.chat.say(name, hall.chat.form(name, wish).submit({"reason": reason}))


def test_an_organiser_sees_who_and_how_alike_and_never_what_was_written(hall: Room) -> None:
    serving = copied(hall)
    heard = words(asked(hall, "Olga"))

    assert "Ben and Ana" in heard
    assert "97 % alike" in heard or "98 % alike" in heard
    assert hall.chat.world.rolecall.bank.problems[hall.attempt(serving).serving.problem].title in heard
    for text in (TEXT, COPY):
        assert all(sentence.strip() not in heard for sentence in text.split(".") if sentence.strip())
    assert not hall.pushed("Ben", "voided")
    assert not hall.pushed("Olga")


def test_the_report_leads_an_organiser_to_what_they_are_asked_about(hall: Room) -> None:
    copied(hall)

    shown = buttons(hall.chat.say("Olga", c.CohortReport()))
    assert "Ben and Ana" in words(hall.chat.say("Olga", shown["Points in doubt (1)"]))
    hall.chat.say("Olga", buttons(asked(hall, "Olga"))["1: the points stay"])
    assert not [label for label in buttons(hall.chat.say("Olga", c.CohortReport())) if "doubt" in label]


def test_points_that_are_cleared_stay_and_nobody_hears_of_it(hall: Room) -> None:
    copied(hall)
    before = rows(hall, "Ben")
    hall.chat.say("Olga", buttons(asked(hall, "Olga"))["1: the points stay"])

    assert rows(hall, "Ben") == before
    assert not hall.pushed("Ben", "voided")
    assert "ask for your judgement" in words(asked(hall, "Olga"))


def test_points_are_taken_back_with_a_reason_that_the_member_reads(hall: Room) -> None:
    serving = copied(hall)
    before = total(hall, "Ben")
    (row,) = [r for r in rows(hall, "Ben") if r.item == serving]
    takes_back(hall, "Olga")

    assert total(hall, "Ben") == before - row.points
    void = rows(hall, "Ben")[-1]
    assert (void.kind, void.reason, void.earned_at) == ("void", "nearly_the_same", row.earned_at)
    told = hall.heard("Ben", "voided")
    assert REASON in told
    assert "Olga" not in told
    assert "Ana" not in told
    assert "taken back by an organiser" in words(hall.chat.say("Ben", c.Points()))
    assert total(hall, "Ana") > 0


def test_another_organiser_decides_an_appeal_and_gives_the_points_back(hall: Room) -> None:
    serving = copied(hall)
    before = total(hall, "Ben")
    takes_back(hall, "Olga")
    (push,) = hall.pushed("Ben", "voided")
    hall.chat.say("Ben", buttons(push.message)["Appeal"])

    shown = asked(hall, "Olga")
    assert "Another organiser decides now" in words(shown)
    assert not shown.buttons
    again = asked(hall, "Otto")
    assert "We spoke on Tuesday" in words(again)
    hall.chat.say("Otto", buttons(again)["1: give them back"])

    assert total(hall, "Ben") == before
    assert kinds(hall, "Ben", serving) == ["new", "void", "restored"]
    assert "You have the points for" in hall.heard("Ben", "restored")
    with pytest.raises(RolecallError, match="nothing to appeal"):
        hall.chat.say("Ben", buttons(push.message)["Appeal"])


def test_the_organisers_who_may_decide_an_appeal_hear_of_it_once_and_nobody_else(hall: Room) -> None:
    copied(hall)
    takes_back(hall, "Olga")
    (push,) = hall.pushed("Ben", "voided")
    for _ in range(2):
        hall.chat.say("Ben", buttons(push.message)["Appeal"])

    assert "appeals against having lost points" in hall.heard("Otto", "points_appealed")
    assert "Ben" not in hall.heard("Otto", "points_appealed")
    assert not hall.pushed("Olga", "points_appealed")
    (told,) = hall.pushed("Otto", "points_appealed")
    assert "Ben and Ana" in words(hall.chat.say("Otto", buttons(told.message)["Look at it"]))


def test_who_missed_the_message_appeals_from_their_own_points(hall: Room) -> None:
    copied(hall)
    takes_back(hall, "Olga")

    shown = buttons(hall.chat.say("Ben", c.Points()))
    assert "with the organisers" in words(hall.chat.say("Ben", shown["Appeal"]))
    assert "Appeal" not in buttons(hall.chat.say("Ben", c.Points()))
    assert hall.pushed("Otto", "points_appealed")


def test_an_appeal_that_nobody_could_decide_is_not_taken(hall: Room) -> None:
    copied(hall)
    takes_back(hall, "Olga")
    for name in ("Olga", "Otto"):
        hall.leaves(name)

    with pytest.raises(RolecallError, match="somebody who could look at it again"):
        hall.chat.say("Ben", buttons(hall.chat.say("Ben", c.Points()))["Appeal"])


def test_an_appeal_may_be_turned_down_with_a_reason_and_that_is_the_last_word(hall: Room) -> None:
    copied(hall)
    takes_back(hall, "Olga")
    taken = total(hall, "Ben")
    (push,) = hall.pushed("Ben", "voided")
    hall.chat.say("Ben", buttons(push.message)["Appeal"])
    takes_back(hall, "Otto", "1: they stay taken back", "I have talked with both of you, and it stays.")

    assert total(hall, "Ben") == taken
    assert "I have talked with both of you" in hall.heard("Ben", "restored")
    assert "ask for your judgement" in words(asked(hall, "Otto"))


def test_the_only_organiser_decides_an_appeal_themselves(hall: Room) -> None:
    copied(hall)
    takes_back(hall, "Olga")
    hall.leaves("Otto")
    (push,) = hall.pushed("Ben", "voided")
    hall.chat.say("Ben", buttons(push.message)["Appeal"])

    hall.chat.say("Olga", buttons(asked(hall, "Olga"))["1: give them back"])

    assert "You have the points for" in hall.heard("Ben", "restored")


def test_what_is_read_anew_counts_once_the_points_are_given_back(hall: Room) -> None:
    serving = copied(hall)
    (given,) = [r.points for r in rows(hall, "Ben") if r.item == serving]
    takes_back(hall, "Olga")
    taken = total(hall, "Ben")
    attempt = hall.attempt(serving)
    hall.grader.states[COPY] = dict.fromkeys(range(9), State.MISSED)
    with hall.chat.tx() as tx:
        asked_for = projection.question_of(tx, attempt.serving)
        fresh = assessment_to(hall.grader.grade(asked_for, COPY))
        data: dict[str, object] = {"version": attempt.serving.version, "assessment": fresh}
        projection.record(tx, Event(attempt.serving.member, "regraded", hall.chat.world.now(), serving, data))

    assert total(hall, "Ben") == taken
    assert kinds(hall, "Ben", serving) == ["new", "void"]
    (push,) = hall.pushed("Ben", "voided")
    hall.chat.say("Ben", buttons(push.message)["Appeal"])
    hall.chat.say("Otto", buttons(asked(hall, "Otto"))["1: give them back"])

    assert kinds(hall, "Ben", serving) == ["new", "void", "restored", "correction"]
    assert [r.points for r in rows(hall, "Ben") if r.item == serving] == [given, -given, given, 2 - given]


def test_a_reason_that_says_nothing_changes_nothing(hall: Room) -> None:
    copied(hall)
    before = rows(hall, "Ben")

    assert "10 to 500 characters" in words(takes_back(hall, "Olga", reason="  copied "))
    assert "10 to 500 characters" in words(takes_back(hall, "Olga", reason="x" * 501))
    assert rows(hall, "Ben") == before


def test_what_two_organisers_press_at_once_is_decided_once(hall: Room) -> None:
    copied(hall)
    seen = buttons(asked(hall, "Otto"))
    takes_back(hall, "Olga")
    taken = total(hall, "Ben")

    with pytest.raises(RolecallError, match="decided meanwhile"):
        hall.chat.say("Otto", seen["1: the points stay"])
    assert total(hall, "Ben") == taken
    assert len(hall.pushed("Ben", "voided")) == 1


def test_it_is_nobodys_business_outside_the_cohort_nor_the_authors_own(hall: Room) -> None:
    copied(hall)
    seen = buttons(asked(hall, "Olga"))
    hall.office("Oda", "organiser", "Autumn")
    hall.office("Ben", "organiser", "Spring")

    assert "ask for your judgement" in words(asked(hall, "Oda"))
    assert "ask for your judgement" in words(asked(hall, "Ben"))
    for name in ("Oda", "Ben", "Ana"):
        with pytest.raises(RolecallError, match="other organisers"):
            hall.chat.say(name, seen["1: the points stay"])


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (TEXT.replace("wrong answers", "failed searches").replace("measure recall", "count the hits"), DAY),
        (COPY, 8 * DAY),
    ],
    ids=["own words", "eight days later"],
)
def test_no_doubt_about_what_is_said_differently_or_much_later(hall: Room, text: str, after: timedelta) -> None:
    answers(hall, "Ana", TEXT)
    hall.chat.world.wait(after)
    answers(hall, "Ben", text)
    rows(hall, "Ben")

    assert "ask for your judgement" in words(asked(hall, "Olga"))


def test_people_who_share_no_cohort_are_not_compared(hall: Room) -> None:
    answers(hall, "Ana", TEXT)
    hall.office("Cleo", "learner", "Autumn")
    hall.office("Oda", "organiser", "Autumn")
    answers(hall, "Cleo", COPY)
    assert total(hall, "Cleo") > 0

    assert "ask for your judgement" in words(asked(hall, "Oda"))
    assert "ask for your judgement" in words(asked(hall, "Olga"))


def test_a_doubt_outlives_the_other_author_and_goes_with_its_own(hall: Room) -> None:
    copied(hall)
    hall.chat.say("Ana", i.Delete(confirm="yes"))
    heard = words(asked(hall, "Olga"))
    assert "Ben and somebody who is no longer here" in heard
    assert "Ana" not in heard

    assert len(hall.chat.kept("Ben")["doubt"]) == 1
    hall.chat.say("Ben", i.Delete(confirm="yes"))
    assert "ask for your judgement" in words(asked(hall, "Olga"))
