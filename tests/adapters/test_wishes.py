"""What is typed, or offered on the buttons of a message, is understood alike on every platform."""

from __future__ import annotations

import pytest

from adapters import wishes
from bot.door import commands
from bot.door import intents as i
from bot.errors import RolecallError, UsageError
from bot.model import ServingId

TOLD = ["answer|s1", "hint|s1|1", "practice", "answer|s2", "settings", "another app's"]


def test_buttons_say_which_question_is_meant() -> None:
    meant = wishes.question(TOLD)
    assert wishes.question(["practice"]) is None
    assert wishes.about(i.SubmitAnswer(answer="Recall."), meant) == i.SubmitAnswer(ServingId("s2"), "Recall.")
    assert wishes.about(i.Hint(), meant) == i.Hint(ServingId("s2"))
    assert wishes.about(i.Hint(ServingId("s1")), meant) == i.Hint(ServingId("s1"))
    assert wishes.about(i.Today(), meant) == i.Today()
    assert wishes.about(i.Hint(), None) == i.Hint()


def test_the_first_button_that_opens_the_form_for_an_answer_is_the_one_to_answer() -> None:
    assert wishes.answerable(TOLD) == i.WriteAnswer(ServingId("s1"))
    with pytest.raises(RolecallError, match="nothing to answer"):
        wishes.answerable(["hint|s1|1"])


def test_what_is_typed_is_a_command_as_a_whole_or_an_answer() -> None:
    assert wishes.typed("today", {}) == i.Today()
    assert wishes.typed("today I would look at recall", {}) == i.SubmitAnswer(answer="today I would look at recall")
    with pytest.raises(RolecallError, match="text only"):
        wishes.typed("", {})


def test_a_form_with_a_field_of_another_version_is_refused() -> None:
    with pytest.raises(UsageError, match="another version"):
        commands.filled(i.SaveSettings(), {"name": "Ada", "shoe_size": "41"})
