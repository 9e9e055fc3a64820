"""Who sees what: no stranger, no organiser before their time, no name where a cohort is blind, nothing personal."""

from __future__ import annotations

import pytest

from bot.door import intents as i
from bot.errors import RolecallError
from bot.model import Role, State
from tests.reviews.room import Room
from tests.talk import DAY, buttons, words


@pytest.mark.parametrize(
    ("name", "role", "cohort"),
    [("Noor", "mentor", "Autumn"), ("Ben", "learner", "Spring"), ("Olga", "organiser", "Spring"), ("Zed", "", "")],
)
def test_none_of_these_sees_or_claims_an_answer(hall: Room, name: str, role: str, cohort: str) -> None:
    hall.office("Maya", "mentor", "Spring")
    hall.office("Ana", "learner", "Spring")
    if role:
        hall.office(name, role, cohort)
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    ticket = hall.ticket(serving)

    for wish in (i.TakeTicket(ticket), i.TakeTicket()):
        with pytest.raises(RolecallError):
            hall.chat.say(name, wish)
    with pytest.raises(RolecallError):
        hall.chat.form(name, i.WriteReview(ticket))
    heard = words(hall.chat.say(name, i.SubmitReview(ticket, "c1", "met:0")))

    assert "I could not take" in heard or "Take an answer first" in heard
    assert hall.tickets(serving)[0].state == "open"
    assert not any(d["ticket_id"] == ticket for d in hall.chat.kept(name)["decision"])


def test_an_organiser_sees_it_after_two_days_and_the_learner_is_told_once(hall: Room) -> None:
    hall.office("Maya", "mentor", "Spring")
    hall.office("Olga", "organiser", "Spring")
    hall.office("Ana", "learner", "Spring")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)

    hall.chat.world.wait(3 * DAY)

    assert "It has waited for more than two days." in hall.heard("Olga", "mentor_work")
    assert "It has waited for more than two days." in words(hall.pushed("Maya", "mentor_work")[-1].message)
    told = hall.pushed("Ana", "escalated")
    assert len(told) == 1
    assert "settle it by your own judgement" in words(told[0].message)
    assert "Ana wrote" in words(hall.chat.say("Olga", i.TakeTicket(hall.ticket(serving))))
    assert "Which sentence of yours" in words(hall.chat.say("Ana", buttons(told[0].message)["Settle it myself"]))


def test_in_a_blind_cohort_neither_side_learns_a_name(hall: Room) -> None:
    hall.office("Maya", "mentor", "Spring", blind=True)
    hall.office("Ana", "learner", "Spring")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)

    shown = hall.chat.say("Maya", i.TakeTicket())
    hall.judges("Maya", hall.ticket(serving), "met:1", note="Well said. Maya")

    assert "Ana" not in words(shown)
    told = hall.heard("Ana", "settled")
    assert "A mentor has read your answer" in told
    assert "Maya" not in told


def test_a_mentor_reads_nothing_personal(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.answers("Ana", c0=State.UNSURE)
    hall.chat.say("Ana", i.SaveSettings(role="mlops", zone="Asia/Tokyo"))

    seen = words(hall.chat.say("Maya", i.Queue())) + words(hall.chat.say("Maya", i.TakeTicket()))

    for personal in (Role.MLOPS.label, Role.MLOPS.value, "Tokyo", "09:00"):
        assert personal not in seen


def test_who_deletes_themselves_takes_their_ticket_along(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    ticket = hall.ticket(serving)
    hall.chat.say("Maya", i.TakeTicket(ticket))
    form = hall.chat.form("Maya", i.WriteReview(ticket))

    hall.chat.say("Ana", i.Delete("yes"))
    heard = words(hall.fills_in("Maya", form, "missed", note="Almost."))

    assert "no longer here" in heard
    assert "Almost." in heard
    assert not any(d["ticket_id"] == ticket for d in hall.chat.kept("Maya")["decision"])


def test_a_mentor_who_deletes_themselves_frees_what_they_had_claimed(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.office("Noor", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    hall.chat.say("Maya", i.TakeTicket(hall.ticket(serving)))

    hall.chat.say("Maya", i.Delete("yes"))

    assert "Ana wrote" in words(hall.chat.say("Noor", i.TakeTicket()))


def test_who_was_mentor_and_is_no_more_decides_nothing(hall: Room) -> None:
    hall.office("Maya", "mentor", "Spring")
    hall.office("Ana", "learner", "Spring")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    hall.chat.say("Maya", i.TakeTicket())
    form = hall.chat.form("Maya", i.WriteReview(hall.ticket(serving)))
    hall.leaves("Maya")

    heard = hall.fills_in("Maya", form, "met:0", note="My view.")

    assert "not for you to judge" in words(heard)
    assert hall.tickets(serving)[0].state == "open"
