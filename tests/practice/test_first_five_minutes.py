"""A newcomer: hello, a first verdict before any form, then settings and the first full problem."""

from __future__ import annotations

from bot.door import intents as i
from bot.model import Origin
from tests.talk import Talk, buttons, words


def test_start_says_hello_and_puts_the_warm_up_at_once(chat: Talk) -> None:
    heard = chat.say("Ana", i.Start())

    assert "Hello Ana" in words(heard)
    assert chat.serving("Ana").problem == chat.world.rolecall.bank.warm_up.id
    assert isinstance(buttons(heard)["Answer"], i.WriteAnswer)


def test_the_warm_ups_verdict_quotes_the_learner_and_comes_before_any_form(chat: Talk) -> None:
    chat.say("Ana", i.Start())
    answer = chat.strong("Ana")

    heard = chat.say("Ana", i.SubmitAnswer(answer=answer))

    assert heard.title == "Strong Hire"
    assert "You said: “" in words(heard)
    assert heard.buttons[0].intent == i.Settings()


def test_the_settings_form_leads_straight_to_the_first_full_problem(chat: Talk) -> None:
    heard = chat.settled("Ana", zone="berlin", role="mle")

    assert "Saved, Ana: ML engineer. I will remind you at 09:00 (Europe/Berlin)" in words(heard)
    serving = chat.serving("Ana")
    assert serving.concept is None
    assert serving.origin is Origin.NEW
    assert "mle" in chat.world.rolecall.bank.problems[serving.problem].tags.roles


def test_saving_settings_again_only_confirms(chat: Talk) -> None:
    chat.settled("Ana")
    open_before = chat.serving("Ana").id

    heard = chat.say("Ana", i.SaveSettings(time="18:30"))

    assert "18:30" in words(heard)
    assert chat.serving("Ana").id == open_before


def test_practice_without_start_begins_with_the_hello(chat: Talk) -> None:
    assert "Hello Ben" in words(chat.say("Ben", i.Practice()))


def test_start_said_twice_shows_the_open_problem_again(chat: Talk) -> None:
    chat.say("Ana", i.Start())
    first = chat.serving("Ana").id

    heard = chat.say("Ana", i.Start())

    assert "You still have this one open" in words(heard)
    assert chat.serving("Ana").id == first


def test_days_later_the_reminder_comes_once_and_review_asks_the_concept(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.Skip())

    reminder = chat.until_pushed()

    assert reminder.message.title == "Time to recall"
    assert len(chat.inbox.pushes) == 1
    heard = chat.say("Ana", i.Review())
    concept = chat.serving("Ana").concept
    assert concept is not None
    assert concept in chat.world.rolecall.bank.warm_up.concepts
    assert (heard.title or "").startswith("Recall: ")


def test_two_members_do_not_see_each_others_work(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ben", i.Start())

    assert "Nothing to show yet" in words(chat.say("Ben", i.Progress()))
    assert not chat.cards("Ben")
    assert chat.cards("Ana")
