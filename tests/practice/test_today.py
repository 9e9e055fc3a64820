"""The day at a glance: what is open and due first, then the plan and the last verdicts. Looking changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cohort_model import Office
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.messages import Message
from bot.store import cohorts, learning
from tests.cohorts.group import group
from tests.talk import DAY, Talk, buttons, words


@pytest.fixture
def ana(chat: Talk) -> Talk:
    """Ana has set herself up, and has her first full problem before her."""
    chat.settled("Ana")
    return chat


def today(chat: Talk, name: str = "Ana") -> Message:
    return chat.say(name, i.Today())


def first(message: Message) -> str:
    """The label of the button that stands out, of which there is one."""
    (label,) = [b.label for b in message.buttons if b.primary]
    return label


def test_somebody_who_has_done_nothing_is_shown_the_way_in(chat: Talk) -> None:
    heard = today(chat)

    assert "You have not begun yet" in words(heard)
    assert first(heard) == "Start"
    assert "My progress" not in buttons(heard)


def test_what_is_open_comes_first_and_can_be_answered_from_there(chat: Talk) -> None:
    chat.say("Ana", i.Start())
    serving = chat.serving("Ana")
    problem = chat.world.rolecall.bank.problems[serving.problem]

    heard = today(chat)

    assert words(heard).splitlines()[1] == f"Open: {problem.title}"
    assert first(heard) == "Answer"
    assert buttons(heard)["Answer"] == i.WriteAnswer(serving.id)
    assert buttons(heard)["Skip"] == i.Skip(serving.id)
    assert buttons(heard)[f"Hint ({len(problem.hints)} left)"] == i.Hint(serving.id, "1")
    assert words(chat.say("Ana", buttons(heard)["Show the question"])).startswith(problem.title)


def test_what_is_due_comes_before_what_is_open_and_says_how_long_it_takes(ana: Talk) -> None:
    ana.say("Ana", i.Practice())
    ana.world.wait(5 * DAY)

    heard = today(ana)

    assert "Due today: 1 concept, about 1 min" in words(heard)
    assert first(heard) == "Review now"
    assert ana.say("Ana", buttons(heard)["Review now"]).title is not None


def test_where_nothing_is_due_it_says_when_something_will_be(ana: Talk) -> None:
    ana.say("Ana", i.Skip())

    heard = today(ana)

    due_on = ana.cards("Ana")[0].due_at.date()
    assert f"Due today: nothing; the next review is on {due_on.isoformat()}" in words(heard)
    assert first(heard) == "Next problem"


def test_the_plan_names_role_interview_and_reminders(ana: Talk) -> None:
    ana.say("Ana", i.SaveReminders(level="active", days="weekdays", interview="17 Jan 2026"))

    heard = words(today(ana))

    assert "Role: AI engineer" in heard
    assert "Interview: Sat 17 Jan, in 12 days" in heard
    assert "Reminders: at 09:00 (UTC) every day, with something new when nothing is due; only Monday to Friday" in heard


def test_a_pause_is_shown_with_its_end_and_the_way_out(ana: Talk) -> None:
    ana.say("Ana", i.Pause("7"))

    heard = today(ana)

    assert "Reminders: paused until 2026-01-12" in words(heard)
    ana.say("Ana", buttons(heard)["Start reminders again"])
    assert "Start reminders again" not in buttons(today(ana))


def test_the_last_three_verdicts_can_be_read_again(ana: Talk) -> None:
    for _ in range(3):
        ana.say("Ana", i.Practice())
        ana.say("Ana", i.SubmitAnswer(answer=ana.strong("Ana")))

    heard = today(ana)

    again = [wish for label, wish in buttons(heard).items() if label.startswith("Verdict")]
    assert len(again) == 3
    assert ana.say("Ana", again[0]).title == "Strong Hire"
    id = ana.member("Ana")
    with ana.tx() as tx:
        newest = learning.latest_serving(tx, id)
    assert newest is not None
    assert again[0] == i.ReadVerdict(newest.id)


def test_no_two_buttons_have_the_same_name(ana: Talk) -> None:
    """Also where the same question was judged twice: it could not be graded, and was put again."""
    ana.say("Ana", i.Practice())
    ana.say("Ana", i.SubmitAnswer(answer="the and of"))
    ana.say("Ana", i.SubmitAnswer(answer=ana.strong("Ana")))

    heard = today(ana)

    labels = [b.label for b in heard.buttons]
    assert len([label for label in labels if label.startswith("Verdict ")]) == 2
    assert len(set(labels)) == len(labels) <= 25


def test_a_cohort_brings_its_question_and_the_points_of_the_week(chat: Talk) -> None:
    spring = group(chat, learners=("Ana", "Ben"))
    spring.says("Olga", c.SavePrompts(spring.id, days="Tue", time="10:00"))
    chat.settled("Ana")
    chat.say("Ana", i.Skip())
    chat.world.wait(DAY + timedelta(hours=2))

    heard = today(chat)

    asked = next(label for label in buttons(heard) if label.startswith("Answer Spring: "))
    assert "Asked in Spring: " in words(heard)
    assert "This week: " in words(heard)
    form = chat.form("Ana", buttons(heard)[asked])
    chat.say("Ana", form.submit({"answer": "Accuracy says little where most payments are fine; I would use recall."}))
    assert asked not in buttons(today(chat))
    assert "This week" not in words(today(chat, "Olga"))


def test_a_mentor_sees_how_many_answers_wait_for_them(chat: Talk) -> None:
    spring = group(chat, learners=("Ana", "Ben"))
    ben = chat.member("Ben")
    with chat.tx() as tx:
        cohorts.enrol(tx, "seat", ben, spring.id, Office.MENTOR, chat.world.now())
    chat.settled("Ana")

    assert "Waiting for your judgement: 0 answers" in words(today(chat, "Ben"))
    assert "Waiting for your judgement" not in words(today(chat, "Ana"))


def test_looking_changes_nothing_that_is_kept(ana: Talk) -> None:
    before = ana.kept("Ana")

    today(ana)

    assert ana.kept("Ana") == before
