"""Saying which band one expects before the verdict, and how well one foresees it."""

from __future__ import annotations

import pytest

from bot.door import intents as i
from bot.errors import RolecallError
from tests.talk import Talk, buttons, words


def test_who_wants_it_is_asked_before_every_verdict(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.AskToPredict("yes"))

    asked = chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))
    heard = chat.say("Ana", buttons(asked)["Strong Hire"])

    assert "Strong Hire" not in words(asked)
    assert "You expected Strong Hire, and that is what it is" in words(heard)


def test_the_verdict_says_in_which_direction_one_was_wrong(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.AskToPredict("yes"))
    asked = chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))

    heard = chat.say("Ana", buttons(asked)["Lean Hire"])

    assert "You expected Lean Hire. An interviewer would have been kinder." in words(heard)


def test_just_show_me_shows_the_verdict(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.AskToPredict("yes"))
    asked = chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))

    heard = chat.say("Ana", buttons(asked)["Just show me"])

    assert heard.title == "Strong Hire"
    assert "You expected" not in words(heard)


def test_a_second_guess_does_not_count(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.AskToPredict("yes"))
    asked = chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))
    chat.say("Ana", buttons(asked)["No Hire"])

    heard = chat.say("Ana", buttons(asked)["Strong Hire"])

    assert "You expected No Hire" in words(heard)


def test_no_more_asking(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", i.AskToPredict())
    chat.say("Ana", i.AskToPredict())

    heard = chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))

    assert heard.title == "Strong Hire"


def test_progress_says_how_well_one_foresees_the_band(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Ana", buttons(chat.say("Ana", i.Progress()))["Ask what I expect, each time"])
    for expected in ("Strong Hire", "Lean Hire"):
        asked = chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))
        chat.say("Ana", buttons(asked)[expected])
        chat.say("Ana", i.Practice())

    heard = chat.say("Ana", i.Progress())

    assert "Your own judgement: you foresaw the band in 1 of 2; 1 too strict" in words(heard)


def test_progress_opens_an_earlier_verdict_again(chat: Talk) -> None:
    chat.settled("Ana")
    verdict = chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))

    heard = chat.say("Ana", i.Progress())

    again = next(b for b in heard.buttons if isinstance(b.intent, i.ReadVerdict))
    assert chat.say("Ana", again.intent).blocks == verdict.blocks


def test_nobody_reads_somebody_elses_verdict(chat: Talk) -> None:
    chat.settled("Ana")
    id = chat.serving("Ana").id
    chat.say("Ana", i.SubmitAnswer(answer=chat.strong("Ana")))

    with pytest.raises(RolecallError, match="somebody else"):
        chat.say("Ben", i.ReadVerdict(id))
