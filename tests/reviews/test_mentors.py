"""A doubtful answer goes to a mentor and comes back settled; claims, two mentors at once, one note for many."""

from __future__ import annotations

import pytest

from bot.door import intents as i
from bot.door.messages import LIMITS
from bot.errors import RolecallError
from bot.model import Band, Judge, State
from bot.practice import projection
from tests.reviews.room import ANSWER, HOUR, Room
from tests.talk import DAY, buttons, words

OTHER = "I would look at the logs first. Then I would count the failures."


def test_a_doubtful_answer_is_settled_by_a_mentor_and_the_learner_is_told_once(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, verdict = hall.answers("Ana", c0=State.UNSURE)
    asked_on = {c.concept: c.due_at for c in hall.chat.cards("Ana")}
    assert str(verdict.title).startswith("Between")
    assert "It is next in the queue." in words(verdict)

    shown = hall.chat.say("Maya", i.TakeTicket())
    assert "Ana wrote" in words(shown)
    assert "First I would read ten wrong answers." in words(shown)
    form = hall.chat.form("Maya", i.WriteReview(hall.ticket(serving)))
    hall.fills_in("Maya", form, "missed", note="Name the failing step.")

    settled = hall.attempt(serving)
    assert settled.outcome is not None
    assert settled.assessment is not None
    assert not settled.outcome.provisional
    assert settled.assessment.verdicts[0].by is Judge.MENTOR
    told = hall.heard("Ana", "settled")
    assert "Maya has read your answer" in told
    assert "Name the failing step." in told
    assert "now it is" in told
    hall.chat.world.wait(DAY)
    assert len(hall.pushed("Ana", "settled")) == 1
    now_on = {c.concept: c.due_at for c in hall.chat.cards("Ana")}
    assert now_on != asked_on


def test_where_nothing_changes_the_learner_hears_that_kindly(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c3=State.UNSURE)
    hall.chat.say("Ana", i.AskReview(serving))

    hall.judges("Maya", hall.ticket(serving), "missed")

    assert "They see it as it was: Strong Hire. Now you can rely on it." in hall.heard("Ana", "settled")


def test_points_that_cannot_change_the_band_are_not_put_to_anybody(hall: Room) -> None:
    hall.office("Maya", "mentor")

    serving, _ = hall.answers("Ana")

    assert hall.tickets(serving) == []


def test_only_three_doubtful_answers_a_week_go_to_mentors_unasked(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.answers("Ana", c0=State.UNSURE)
    opened = 0
    for n in range(4):
        hall.chat.say("Ana", i.Practice())
        text = f"{ANSWER} This is answer number {n}."
        hall.grader.states[text] = {0: State.UNSURE}
        serving = hall.chat.serving("Ana")
        hall.chat.say("Ana", i.SubmitAnswer(serving.id, text))
        opened += bool(hall.tickets(serving.id))

    assert opened == 2


def test_what_a_learner_chose_themselves_is_read_only_when_they_ask(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.chat.settled("Ana")
    hall.chat.say("Ana", i.Practice(hall.chat.world.rolecall.bank.warm_up.id))
    hall.grader.states[OTHER] = {0: State.UNSURE}
    serving = hall.chat.serving("Ana").id
    verdict = hall.chat.say("Ana", i.SubmitAnswer(serving, OTHER))
    assert hall.tickets(serving) == []

    heard = hall.chat.say("Ana", buttons(verdict)["Ask somebody to read it"])

    assert "It is next in the queue." in words(heard)
    assert len(hall.tickets(serving)) == 1


def test_a_place_in_the_queue_only_falls(hall: Room) -> None:
    hall.office("Maya", "mentor")
    ana, _ = hall.answers("Ana", c0=State.UNSURE)
    ben, _ = hall.answers("Ben", OTHER, c0=State.UNSURE)
    assert "It is next in the queue." in words(hall.chat.say("Ana", i.ReadVerdict(ana)))
    assert "1 waits before it." in words(hall.chat.say("Ben", i.ReadVerdict(ben)))

    hall.judges("Maya", hall.ticket(ana), "met:0")

    assert "It is next in the queue." in words(hall.chat.say("Ben", i.ReadVerdict(ben)))


def test_after_three_a_learner_is_told_how_long_it_takes(hall: Room) -> None:
    hall.office("Maya", "mentor")
    for n, name in enumerate(("Ben", "Carl", "Dora"), start=1):
        serving, _ = hall.answers(name, f"{OTHER} This is number {n}.", c0=State.UNSURE)
        hall.chat.world.wait(n * 2 * HOUR)
        hall.judges("Maya", hall.ticket(serving), "met:0")

    _, verdict = hall.answers("Ana", c0=State.UNSURE)

    assert "The last ones took about 4 hours." in words(verdict)


def test_nobody_grades_their_own_answer(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.office("Noor", "mentor")
    serving, _ = hall.answers("Maya", c0=State.UNSURE)

    with pytest.raises(RolecallError, match="your own answer: somebody else"):
        hall.chat.say("Maya", i.TakeTicket(hall.ticket(serving)))
    assert "Nothing waits" in words(hall.chat.say("Maya", i.Queue()))


def test_a_claim_that_lapses_leaves_the_answer_at_its_place(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.office("Noor", "mentor")
    first, _ = hall.answers("Ana", c0=State.UNSURE)
    second, _ = hall.answers("Ben", OTHER, c0=State.UNSURE)
    hall.chat.say("Maya", i.TakeTicket())
    with pytest.raises(RolecallError, match="Somebody is reading that answer now"):
        hall.chat.say("Noor", i.TakeTicket(hall.ticket(first)))
    place = "1 waits before it."
    assert place in words(hall.chat.say("Ben", i.ReadVerdict(second)))

    hall.chat.world.wait(HOUR)

    assert place in words(hall.chat.say("Ben", i.ReadVerdict(second)))
    taken = hall.chat.say("Noor", i.TakeTicket(hall.ticket(first)))
    assert "Ana wrote" in words(taken)


def test_what_is_given_back_can_be_taken_by_another(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.office("Noor", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    shown = hall.chat.say("Maya", i.TakeTicket())

    hall.chat.say("Maya", buttons(shown)["Give back"])

    assert "Ana wrote" in words(hall.chat.say("Noor", i.TakeTicket(hall.ticket(serving))))


def test_two_mentors_at_once_the_second_hears_it_and_overwrites_nothing(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.office("Noor", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    ticket = hall.ticket(serving)
    hall.chat.say("Maya", i.TakeTicket())
    slow = hall.chat.form("Maya", i.WriteReview(ticket))
    hall.chat.world.wait(HOUR)
    hall.judges("Noor", ticket, "missed")

    late = hall.fills_in("Maya", slow, "met:1", note="It is there.")

    assert "kept as a second opinion" in words(late)
    attempt = hall.attempt(serving)
    assert attempt.assessment is not None
    assert attempt.assessment.verdicts[0].state is State.MISSED
    assert len(hall.pushed("Ana", "settled")) == 1
    kept = [d for d in hall.chat.kept("Maya")["decision"] if d["ticket_id"] == ticket]
    assert kept[0]["note"] == "It is there."


def test_five_points_take_two_forms_and_the_ticket_stays_with_the_mentor(hall: Room) -> None:
    hall.office("Maya", "mentor")
    unsure = {f"c{n}": State.UNSURE for n in range(5)}
    serving, _ = hall.answers("Ana", **unsure)
    hall.chat.say("Ana", i.KeepPrivate(hall.ticket(serving)))
    hall.chat.say("Ana", i.AskReview(serving))
    ticket = hall.tickets(serving)[-1]
    assert len(ticket.points) == 5

    half = hall.judges("Maya", ticket.id, "met:0", "missed", "partly:1", "met:2", note="Halfway.")
    assert "1 point of this answer is left" in words(half)
    rest = hall.chat.form("Maya", i.WriteReview(ticket.id))
    assert [f.initial for f in rest.fields if f.name == "note"] == ["Halfway."]
    hall.fills_in("Maya", rest, "met:0")

    attempt = hall.attempt(serving)
    assert attempt.assessment is not None
    assert {v.by for v in attempt.assessment.verdicts if v.criterion in ticket.points} == {Judge.MENTOR}
    assert "Halfway." in hall.heard("Ana", "settled")


def test_a_choice_that_does_not_fit_settles_nothing_and_keeps_the_note(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    ticket = hall.ticket(serving)

    heard = hall.judges("Maya", ticket, "met:99", note="A long and careful note.")

    assert "Nothing was settled" in words(heard)
    assert "A long and careful note." in words(heard)
    assert hall.tickets(serving)[0].state == "open"
    again = hall.chat.form("Maya", i.WriteReview(ticket))
    assert "A long and careful note." in [f.initial for f in again.fields]


def test_one_note_goes_to_all_who_wait_and_miss_the_same_and_once_to_each(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    hall.answers("Ben", OTHER, c0=State.UNSURE)

    done = hall.judges("Maya", hall.ticket(serving), "missed", note="Ana, say which step fails first.")
    assert "1 other waiting answer misses the same" in words(done)
    hall.chat.say("Maya", buttons(done)["Send them my note"])
    hall.chat.say("Maya", buttons(done)["Send them my note"])

    note = hall.heard("Ben", "note")
    assert "say which step fails first" in note
    assert "Ana" not in note
    assert "1 answer waits for you" in words(hall.chat.say("Maya", i.Queue()))


def test_thanks_are_passed_on_once_and_shown_in_the_queue(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    hall.judges("Maya", hall.ticket(serving), "met:0")
    (push,) = hall.pushed("Ana", "settled")

    hall.chat.say("Ana", buttons(push.message)["Thank them"])
    hall.chat.say("Ana", buttons(push.message)["Thank them"])

    assert "judged 1 answer, and 1 learner said thank you" in words(hall.chat.say("Maya", i.Queue()))


def test_an_answer_is_lent_once(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    hall.judges("Maya", hall.ticket(serving), "met:0")
    (push,) = hall.pushed("Ana", "settled")

    for _ in range(2):
        heard = hall.chat.say("Ana", buttons(push.message)["Lend it as an example"])

    assert "Without your name" in words(heard)
    assert [e["kind"] for e in hall.chat.kept("Ana")["log"]].count("lent") == 1


def test_who_keeps_an_answer_to_themselves_settles_it_alone(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, verdict = hall.answers("Ana", c0=State.UNSURE)

    heard = hall.chat.say("Ana", buttons(verdict)["Keep it to myself"])

    assert "nobody else reads it" in words(heard)
    assert "Which sentence of yours says this?" in words(heard)
    assert "Nothing waits" in words(hall.chat.say("Maya", i.Queue()))
    with pytest.raises(RolecallError, match="learner has taken this answer back"):
        hall.chat.say("Maya", i.TakeTicket(hall.ticket(serving)))


def test_a_mentor_hears_of_work_once_a_day_at_their_hour(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.answers("Ana", c0=State.UNSURE)
    hall.answers("Ben", OTHER, c0=State.UNSURE)
    assert hall.pushed("Maya") == []

    hall.chat.world.wait(DAY)

    assert "2 answers wait for your judgement" in hall.heard("Maya", "mentor_work")


def test_a_mentor_who_paused_hears_of_no_work(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.chat.say("Maya", i.Pause())
    hall.answers("Ana", c0=State.UNSURE)

    hall.chat.world.wait(DAY)

    assert hall.pushed("Maya") == []


def test_the_queue_is_filtered_by_topic_and_cohort(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.office("Noor", "mentor", "Spring")
    hall.office("Ana", "learner", "Spring")
    hall.answers("Ana", c0=State.UNSURE)
    hall.answers("Ben", OTHER, c0=State.UNSURE)

    assert "1 answer waits" in words(hall.chat.say("Maya", i.Queue(cohort="spring")))
    assert "2 answers wait" in words(hall.chat.say("Maya", i.Queue()))
    assert "Nothing waits" in words(hall.chat.say("Maya", i.Queue(topic="stats")))
    with pytest.raises(RolecallError, match=r"called “Autumn”\. Yours: Spring"):
        hall.chat.say("Noor", i.Queue(cohort="Autumn"))


def test_what_people_decided_survives_a_rebuild_from_the_log(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    hall.judges("Maya", hall.ticket(serving), "missed")
    before, cards = hall.attempt(serving), hall.chat.cards("Ana")

    with hall.chat.tx() as tx:
        projection.rebuild(tx)

    assert hall.attempt(serving) == before
    assert hall.chat.cards("Ana") == cards


def test_a_waiting_answer_is_judged_by_the_rubric_as_it_was_served(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    bank = hall.chat.world.rolecall.bank
    problem = bank.problems[hall.attempt(serving).serving.problem]
    served = problem.criteria[0].statement
    newer = problem.model_copy(update={"version": problem.version + 1, "criteria": problem.criteria[1:]})
    object.__setattr__(bank, "problems", {**bank.problems, problem.id: newer})

    shown = hall.chat.say("Maya", i.TakeTicket())
    hall.fills_in("Maya", hall.chat.form("Maya", i.WriteReview(hall.ticket(serving))), "met:1")

    assert served in words(shown)
    outcome = hall.attempt(serving).outcome
    assert outcome is not None
    assert outcome.band is Band.STRONG_HIRE


def test_thirty_overdue_answers_are_one_message(hall: Room) -> None:
    hall.office("Maya", "mentor")
    for n in range(3):
        hall.answers(f"Learner {n}", f"Answer number {n} looks at the logs. Then it counts.", c0=State.UNSURE)

    hall.chat.world.wait(3 * DAY)

    told = [words(p.message) for p in hall.pushed("Maya")]
    assert len(told) == 2
    assert "All of them have waited for more than two days." in told[1]


def test_a_long_answer_with_open_points_is_shown_with_as_many_sentences_as_buttons_fit(hall: Room) -> None:
    hall.office("Maya", "mentor")
    text = " ".join(f"Sentence number {n} compares the two prompts." for n in range(30))
    serving, _ = hall.answers("Ana", text, c0=State.UNSURE, c1=State.UNSURE, c2=State.MISSED)
    hall.chat.say("Ana", i.KeepPrivate(hall.ticket(serving)))

    shown = hall.chat.say("Ana", i.ReadVerdict(serving))

    assert len(shown.buttons) == LIMITS.BUTTONS
    assert {"None of them", "Ask somebody to read it", "Next problem"} < set(buttons(shown))
