"""`role match` as members live it: asked, interrupted, changed, contradicted, pressed twice, taken up weeks later."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.compose import open_play
from bot.door import intents as i
from bot.door.commands import decode, encode
from bot.door.intents import Intent
from bot.door.messages import Message
from bot.errors import FieldError, RolecallError
from bot.model import Role
from tests.roles.test_questions import FILLED, PRESSED, WHOLE
from tests.talk import DAY, MONDAY, Inbox, Talk, buttons, words

CONTENT = Path(__file__).parents[2] / "content"
ORDER = (
    "interest_first",
    "interest_second",
    "interest_least",
    "scenario",
    "user_facing",
    "business",
    "reading",
    "on_call",
    "maths",
    "skills_build",
    "skills_data",
    "situation",
    "place_and_sector",
    "in_mind",
)


def give(chat: Talk, question: str, values: dict[str, str] | str | None = None, name: str = "Ana") -> Message:
    """Answers one question, as WHOLE does unless told otherwise."""
    values = WHOLE[question] if values is None else values
    if question in FILLED and not isinstance(values, str):
        return chat.say(name, i.SubmitMatch(question, **values))
    return chat.say(name, i.AnswerMatch(question, values if isinstance(values, str) else values[question]))


def give_all(chat: Talk, name: str = "Ana", **changes: dict[str, str] | str) -> Message:
    last = chat.say(name, i.Match())
    for question in ORDER:
        last = give(chat, question, changes.get(question), name)
    return last


def logged(chat: Talk, kind: str = "match_answered", name: str = "Ana") -> list[dict[str, Any]]:
    return [row["data"] for row in chat.kept(name)["log"] if row["kind"] == kind]


def role_of(chat: Talk, name: str = "Ana") -> str | None:
    found: str | None = chat.kept(name)["member"][0]["role"]
    return found


# --- the whole way


def test_a_newcomer_answers_by_buttons_and_gets_two_roles(chat: Talk) -> None:
    heard = chat.say("Ana", i.Match())
    assert "about three minutes" in words(heard)
    for number, question in enumerate(ORDER, 1):
        assert heard.title == f"Question {number} of 14"
        assert heard.summary == heard.title, "nothing private in a notification"
        pressed = buttons(heard)
        if question in FILLED:
            form = chat.form("Ana", pressed["Fill in"])
            heard = chat.say("Ana", form.submit(FILLED[question]))
        else:
            wish = i.AnswerMatch(question, PRESSED[question])
            assert wish in pressed.values()
            heard = chat.say("Ana", wish)

    assert heard.title == "Your two roles, based on your answers"
    assert "Best fit: AI engineer" in words(heard)
    assert "Not ML engineer, which you had in mind" in words(heard)
    assert "predicts no offer" in words(heard)
    assert len(logged(chat)) == 14


def test_the_target_is_set_only_by_its_button(chat: Talk) -> None:
    result = give_all(chat)
    assert role_of(chat) is None
    assert logged(chat, "settings") == []

    told = chat.say("Ana", buttons(result)["Make AI engineer my target"])

    assert "Your target is now: AI engineer" in words(told)
    assert role_of(chat) == Role.AI_ENGINEER
    assert [e["role"] for e in logged(chat, "settings")] == ["ai_engineer"]
    assert chat.kept("Ana")["member"][0]["settled_at"] is None, "a newcomer is still asked for settings"
    assert set(buttons(told).values()) == {i.Practice(), i.Loop("ai_engineer")}
    again = chat.say("Ana", i.Match())
    assert "Make AI engineer my target" not in buttons(again)


def test_to_aim_at_the_same_role_twice_changes_nothing(chat: Talk) -> None:
    chat.settled("Ana", role="mle")
    before = logged(chat, "settings")

    assert "already" in words(chat.say("Ana", i.Target("mle")))
    assert logged(chat, "settings") == before
    assert "(so far: ML engineer)" in words(chat.say("Ana", i.Target("mlops")))
    assert chat.kept("Ana")["member"][0]["reminders"], "the other settings stay"


@pytest.mark.parametrize("role", ["plumber", "", "not sure yet"])
def test_a_role_that_nobody_offers_is_no_target(chat: Talk, role: str) -> None:
    chat.settled("Ana", role="mle")

    with pytest.raises(RolecallError):
        chat.say("Ana", i.Target(role))
    assert role_of(chat) == "mle"


# --- stopping and going on


def test_it_goes_on_days_later_after_a_restart(chat: Talk) -> None:
    for question in ORDER[:5]:
        give(chat, question)
    chat.world.wait(9 * DAY)
    chat.world.restart()

    heard = chat.say("Ana", i.Match())

    assert heard.title == "Question 6 of 14"
    assert "Your answers are kept: 5 of 14 so far." in words(heard)
    for question in ORDER[5:]:
        heard = give(chat, question)
    assert "Best fit: AI engineer" in words(heard)


def test_going_back_shows_the_answer_and_keeps_what_came_after(chat: Talk) -> None:
    for question in ORDER[:6]:
        give(chat, question)
    asked = chat.say("Ana", i.Match())

    back = chat.say("Ana", buttons(asked)["Back"])
    assert "Your answer now: Half a day" in words(back)
    assert [b.label for b in back.buttons if b.primary] == ["Half a day"]
    further = chat.say("Ana", buttons(back)["Back"])
    assert further.title == "Question 5 of 14"

    assert chat.say("Ana", buttons(further)["Keep it"]).title == "Question 7 of 14"
    give(chat, "user_facing", "0")
    assert len(logged(chat)) == 7
    assert "Your answer now: Half a day" in words(chat.say("Ana", i.AskMatch("business")))


def test_a_form_comes_back_filled_in(chat: Talk) -> None:
    give_all(chat)

    form = chat.form("Ana", i.FillMatch("situation"))

    assert {f.name: f.initial for f in form.fields} == FILLED["situation"]
    assert all(f.kind == "choice" for f in chat.form("Ana", i.FillMatch("skills_build")).fields)


def test_the_first_question_has_no_way_back(chat: Talk) -> None:
    assert "Back" not in buttons(chat.say("Ana", i.Match()))


def test_an_optional_question_may_be_left_out_and_taken_up_again(chat: Talk) -> None:
    result = give_all(chat, place_and_sector="-")
    assert "your place" in words(result)

    again = chat.say("Ana", i.AskMatch("place_and_sector"))
    assert "Your answer now: left out" in words(again)
    assert "your place" not in words(give(chat, "place_and_sector"))


def test_only_what_is_optional_can_be_left_out(chat: Talk) -> None:
    heard = chat.say("Ana", i.AnswerMatch("interest_first", "-"))

    assert heard.title == "Question 1 of 14"
    assert logged(chat) == []


# --- changing


def test_a_change_after_the_result_says_what_it_moved(chat: Talk) -> None:
    give_all(chat)

    assert "The same two lead" in words(give(chat, "on_call", "2"))
    chat.say("Ana", i.AnswerMatch("interest_first", "infra"))
    give(chat, "user_facing", "0")
    give(chat, "scenario", "infra")
    moved = give(chat, "skills_build", {"swe": "4", "llm_apps": "0", "ml_training": "1", "ops": "4"})

    assert "Best fit: MLOps engineer" in words(moved)
    assert "The ranking changed. Before: " in words(moved)


def test_a_change_that_opens_another_question_is_reported_when_that_is_answered(chat: Talk) -> None:
    give_all(chat)

    asked = give(chat, "scenario", "infra")
    assert "Which one is more like you?" in words(asked)
    assert "You grabbed “Check servers, latency and alerts”" in words(asked)

    assert "The same two lead" in words(give(chat, "check", "chosen"))


def test_the_same_answer_again_is_not_logged_and_moves_nothing(chat: Talk) -> None:
    give_all(chat)

    again = give(chat, "maths")

    assert len(logged(chat)) == 14
    assert "The same two lead" not in words(again)
    assert again.title == "Your two roles, based on your answers"


def test_all_answers_are_listed_each_with_its_button(chat: Talk) -> None:
    assert chat.say("Ana", i.AskMatch()).title == "Question 1 of 14"
    give_all(chat)

    listed = chat.say("Ana", i.AskMatch())

    assert "Your situation: Another job, studies, or…; 2; 6 weeks; 10" in words(listed)
    assert {b for b in buttons(listed).values() if isinstance(b, i.AskMatch)} == {i.AskMatch(q) for q in ORDER}


# --- contradictions and bad input


def test_the_least_liked_chosen_first_drops_the_older_answer_and_says_so(chat: Talk) -> None:
    give_all(chat)

    asked = give(chat, "interest_first", "research")

    assert asked.title == "Question 3 of 15", "and it is no longer what was grabbed"
    assert "“Try out an idea from a new paper” stood for both" in words(asked)
    assert "I keep the newer answer, “First choice of work”, and ask for “Work to hand on” again" in words(asked)
    assert i.AnswerMatch("interest_least", "research") not in buttons(asked).values()
    assert chat.say("Ana", i.AnswerMatch("interest_least", "infra")).title == "Question 5 of 15"


@pytest.mark.parametrize(
    ("field", "typed", "remedy"),
    [
        ("months", "-1", "Write a number of months such as 3"),
        ("months", "0", "there is no time left to plan"),
        ("months", "soon", "“soon” is no number of months"),
        ("months", "1e9", "is no number of months"),
        ("hours_per_week", "0", "even 1 will do"),
        ("hours_per_week", "200", "room for 80"),
        ("years", "abc", "leave the line empty"),
        ("current", "plumber", "Choose from: AI engineer; ML engineer"),
        ("current", "\x1b[31m\u202e" + "x" * 3000, "Choose from: AI engineer"),
    ],
)
def test_a_line_that_cannot_be_used_keeps_nothing_and_says_what_to_write(
    chat: Talk, field: str, typed: str, remedy: str
) -> None:
    with pytest.raises(FieldError) as refused:
        give(chat, "situation", {**FILLED["situation"], field: typed})

    assert refused.value.field == field
    assert remedy in str(refused.value)
    assert len(str(refused.value)) < 400
    assert chat.say("Ana", i.Match()).title == "Question 1 of 14"


def test_an_answer_that_nobody_offered_is_asked_again(chat: Talk) -> None:
    heard = chat.say("Ana", i.AnswerMatch("in_mind", "plumber"))

    assert "That answer is no longer among the choices" in words(heard)
    assert i.AnswerMatch("in_mind", "mle") in buttons(heard).values()
    assert logged(chat) == []


@pytest.mark.parametrize(
    "wish",
    [i.AnswerMatch("horoscope", "lion"), i.AskMatch("horoscope"), i.SubmitMatch("horoscope", swe="3"), i.AnswerMatch()],
)
def test_a_question_that_is_gone_is_said_to_be_gone(chat: Talk, wish: Intent) -> None:
    heard = chat.say("Ana", wish)

    assert "That question is no longer asked, so nothing was changed." in words(heard)
    assert heard.title == "Question 1 of 14"


@pytest.mark.parametrize("question", ["horoscope", "maths", ""])
def test_a_form_that_is_gone_says_how_to_go_on(chat: Talk, question: str) -> None:
    with pytest.raises(RolecallError, match="/rolecall role match goes on"):
        chat.form("Ana", i.FillMatch(question))


def test_every_button_of_every_age_still_works(chat: Talk) -> None:
    seen: dict[Intent, None] = {}

    def note(message: Message) -> Message:
        seen.update(dict.fromkeys(decode(encode(b)) for b in message.buttons))
        return message

    note(chat.say("Ana", i.Match()))
    for question in ORDER:
        note(give(chat, question))
    note(chat.say("Ana", i.AskMatch()))
    note(chat.say("Ana", i.Rematch()))
    chat.world.wait(60 * DAY)
    mine = [w for w in seen if isinstance(w, i.Match | i.AskMatch | i.AnswerMatch | i.Rematch | i.Target)]
    assert len(mine) > 60

    for wish in [*mine, *reversed(mine)]:
        first, second = chat.say("Ana", wish), chat.say("Ana", wish)
        assert first.title == second.title or isinstance(wish, i.AnswerMatch | i.Rematch)

    for question in [*ORDER[::-1], *ORDER]:
        give(chat, question)
    assert chat.say("Ana", i.Match()).title == "Your two roles, based on your answers"


# --- starting over


def test_starting_over_asks_first_and_forgets_only_on_yes(chat: Talk) -> None:
    give_all(chat)
    asked = chat.say("Ana", i.Rematch())
    assert "You have given 14 answers" in words(asked)
    assert chat.say("Ana", buttons(asked)["No, keep them"]).title == "Your two roles, based on your answers"

    yes = buttons(asked)["Yes, start over"]
    anew = chat.say("Ana", yes)
    assert anew.title == "Question 1 of 14"
    assert "Your earlier answers no longer count" in words(anew)
    assert chat.say("Ana", yes).title == "Question 1 of 14"
    assert len(logged(chat, "match_reset")) == 1, "a double click forgets once"


def test_an_old_yes_does_not_drop_newer_answers(chat: Talk) -> None:
    give(chat, "maths")
    yes = buttons(chat.say("Ana", i.Rematch()))["Yes, start over"]
    give(chat, "on_call")

    assert chat.say("Ana", yes).title == "Start over?"
    assert logged(chat, "match_reset") == []


# --- others, and what is kept


def test_nobody_sees_or_moves_anybody_elses_answers(chat: Talk) -> None:
    give_all(chat)

    assert chat.say("Ben", i.Match()).title == "Question 1 of 14"
    give(chat, "maths", "4", name="Ben")

    assert "Your answer now: Work out an average" in words(chat.say("Ana", i.AskMatch("maths")))
    for wish in (i.Match, i.AskMatch, i.AnswerMatch, i.FillMatch, i.SubmitMatch, i.Rematch, i.Target):
        assert wish.visibility == "private"


def test_answers_are_exported_and_deleted_with_everything_else(chat: Talk) -> None:
    give_all(chat)
    assert "6 weeks" in words(chat.say("Ana", i.Export()))

    chat.say("Ana", i.Delete("yes"))

    assert chat.say("Ana", i.Match()).title == "Question 1 of 14"


# --- a questionnaire that changes


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Talk, Path]]:
    """A conversation on a copy of the content that the test may change."""
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder)
    inbox = Inbox()
    with open_play(tmp_path / "own.db", start=MONDAY, seed=7, zone="UTC", gateway=inbox, content=folder) as world:
        yield Talk(world, inbox), folder / "questionnaire.yaml"


def edit(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text()
    for old, new in (("version: 1\n", "version: 2\n"), *changes):
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)


def test_after_an_update_only_what_no_longer_fits_is_asked_again(own: tuple[Talk, Path]) -> None:
    chat, file = own
    give_all(chat, interest_least="analysis")
    tail = file.read_text()
    edit(
        file,
        (tail[tail.index("  - id: in_mind") :], ""),
        ('      - {value: "1", label: "Only in an emergency"}\n', ""),
        ("What do you do with research papers?", "And research papers?"),
    )
    chat.world.restart()

    heard = chat.say("Ana", i.Match())

    assert heard.title == "Question 8 of 13"
    assert "“in mind” is no longer asked" in words(heard)
    assert "Your answer “1” to “Being on call” is no longer among the choices" in words(heard)
    assert "12 of 13 so far" in words(heard)
    result = give(chat, "on_call", "2")
    assert "Best fit: AI engineer" in words(result)
    assert "no longer" not in words(chat.say("Ana", i.Match()))


def test_after_an_update_a_new_line_of_a_form_is_asked_and_the_rest_is_there(own: tuple[Talk, Path]) -> None:
    chat, file = own
    lines = file.read_text()
    years = next(line for line in lines.splitlines(keepends=True) if "name: years" in line)
    edit(file, (years, ""))
    chat.world.restart()
    give_all(chat, situation={k: v for k, v in FILLED["situation"].items() if k != "years"})
    file.write_text(lines.replace('may stay empty", required: false', 'such as 2"').replace("version: 1", "version: 3"))
    chat.world.restart()

    heard = chat.say("Ana", i.Match())

    assert heard.title == "Question 12 of 14"
    assert "“Years in that job” is a new question; the rest of your answers stays." in words(heard)
    assert chat.form("Ana", i.FillMatch("situation")).fields[2].initial == "6 weeks"
