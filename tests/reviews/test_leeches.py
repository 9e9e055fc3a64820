"""A concept that was lost eight times: a mentor gets its history, and the learner another way in."""

from __future__ import annotations

import pytest

from bot.door import intents as i
from bot.errors import RolecallError
from bot.model import State, Ticket, TicketKind
from bot.reviews.leech import LAPSES, MORE
from bot.store import reviews
from tests.reviews.room import Room
from tests.talk import DAY, buttons, words


def loses_it(hall: Room, name: str, times: int) -> None:
    """Somebody recalls the one concept that they have met wrongly, day after day."""
    for _ in range(times):
        hall.chat.world.wait(2 * DAY)
        hall.chat.say(name, i.Review())
        text = f"It does not come back to me at all on {hall.chat.world.now():%A %d %B}."
        hall.grader.states[text] = dict.fromkeys(range(8), State.MISSED)
        hall.chat.say(name, i.SubmitAnswer(answer=text))


def leeches(hall: Room, name: str) -> list[Ticket]:
    member = hall.chat.member(name)
    with hall.chat.tx() as tx:
        return list(reviews.leeches(tx, member))


@pytest.fixture
def lost(hall: Room) -> Room:
    """Ana has lost the warm-up's concept as often as it takes."""
    hall.office("Maya", "mentor")
    hall.chat.settled("Ana")
    hall.chat.say("Ana", i.Skip())
    hall.chat.world.wait(7 * DAY)
    loses_it(hall, "Ana", LAPSES)
    return hall


def test_a_mentor_sees_the_history_and_their_note_reaches_the_learner(lost: Room) -> None:
    (ticket,) = leeches(lost, "Ana")
    assert ticket.kind is TicketKind.LEECH
    assert "has slipped away 8 times" in lost.heard("Ana", "leech")

    shown = lost.chat.say("Maya", i.TakeTicket())
    assert "did not come" in words(shown)
    assert "2026-01-" in words(shown)
    assert "Missed most" in words(shown)
    form = lost.chat.form("Maya", i.WriteReview(ticket.id))
    assert [f.name for f in form.fields] == ["note"]
    assert "A note is what helps here" in words(lost.fills_in("Maya", form))
    lost.fills_in("Maya", form, note="Draw the table of four cells first.")

    (push,) = lost.pushed("Ana", "settled")
    assert "Draw the table of four cells first." in words(push.message)
    assert "Practise it" in buttons(push.message)
    assert leeches(lost, "Ana")[0].state == "settled"


def test_while_it_waits_the_concept_rests_for_two_weeks_at_most(lost: Room) -> None:
    lost.chat.world.wait(2 * DAY)
    assert lost.chat.say("Ana", i.Review()).summary == "Nothing is due"

    lost.chat.world.wait(13 * DAY)

    assert lost.chat.say("Ana", i.Review()).summary != "Nothing is due"


def test_it_becomes_a_ticket_again_only_after_four_more_lapses(lost: Room) -> None:
    lost.judges("Maya", leeches(lost, "Ana")[0].id, note="Draw the table of four cells first.")

    loses_it(lost, "Ana", MORE - 1)
    assert len(leeches(lost, "Ana")) == 1
    loses_it(lost, "Ana", 1)

    assert len(leeches(lost, "Ana")) == 2


def test_the_learner_can_keep_it_to_themselves(lost: Room) -> None:
    (push,) = lost.pushed("Ana", "leech")

    heard = lost.chat.say("Ana", buttons(push.message)["Keep it to myself"])

    assert "nobody is asked" in words(heard)
    with pytest.raises(RolecallError, match="Nothing waits for you"):
        lost.chat.say("Maya", i.TakeTicket())


def test_without_a_mentor_nothing_is_opened(hall: Room) -> None:
    hall.chat.settled("Ana")
    hall.chat.say("Ana", i.Skip())
    hall.chat.world.wait(7 * DAY)

    loses_it(hall, "Ana", LAPSES)

    assert leeches(hall, "Ana") == []
    assert hall.chat.cards("Ana")[0].lapses == LAPSES
