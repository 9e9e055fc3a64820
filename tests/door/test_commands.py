"""How typed text and stored buttons become wishes."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import load
from bot.door import cohort_intents as c
from bot.door import commands
from bot.door import intents as i
from bot.door.command_table import COMMANDS, GROUPS
from bot.door.commands import Vocabulary, decode, encode, parse, parse_bare
from bot.door.intents import Intent
from bot.door.messages import LIMITS, Button
from bot.errors import UsageError
from bot.model import CriterionId, ServingId
from bot.vocabulary import vocabulary

WORDS: Vocabulary = vocabulary(load())


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("/rolecall start", i.Start()),
        ("/start", i.Start()),
        ("/rolecall today", i.Today()),
        ("rolecall practice RAG", i.Practice("llm.rag")),
        ("/practice AI-Engineer", i.Practice("ai_engineer")),
        ("/practice system design", i.Practice("system_design")),
        ("/practice retrieval-augmented generation", i.Practice("llm.rag")),
        ("/me pause 7", i.Pause("7")),
        ("/pause 7", i.Pause("7")),
        ("/pause until 3 Dec", i.Pause("until 3 Dec")),
        ("/me reminders", i.Reminders()),
        ("/me reminders light", i.SaveReminders("light")),
        ("/me reminders every third day days=Mon Wed Fri", i.SaveReminders("light", "Mon Wed Fri")),
        ("/me reminders quiet=22-7 interview=", i.SaveReminders(quiet="22-7", interview="")),
        ("/me", i.Help("me")),
        ("/rolecall", i.Help()),
        ("/help me pause", i.Help("me pause")),
        ("/answer answer is 42", i.SubmitAnswer(answer="answer is 42")),
        ("answer First I look", i.SubmitAnswer(answer="First I look")),
        ("/rolecall answer  two  spaces\nand a line", i.SubmitAnswer(answer="two  spaces\nand a line")),
        ("/settings zone=Europe/Berlin time=09:00", i.SaveSettings(zone="Europe/Berlin", time="09:00")),
        ("settings zone:Europe/Berlin time:09:00", i.SaveSettings(zone="Europe/Berlin", time="09:00")),
        ("/me link code:K7QD-M2XA", i.Link("K7QD-M2XA")),
        ('/settings name="Ana Maria" reminders=no', i.SaveSettings(name="Ana Maria", reminders="no")),
        ("/snooze 3h", i.Snooze("3h")),
        ("/settings role=ml-eng", i.SaveSettings(role="mle")),
        ("/settings role=unsure", i.SaveSettings(role="not sure yet")),
        ("/role compare mle vs ai engineer", i.CompareRoles("mle", "ai_engineer")),
        ("/compare MLE/AI-Engineer", i.CompareRoles("mle", "ai_engineer")),
        ("/compare ai_engineer and the data scientists", i.CompareRoles("ai_engineer", "data_scientist")),
        ("/compare mle", i.CompareRoles("mle")),
        ("/compare", i.CompareRoles()),
        ("/salary data scientist new york", i.Salary("data_scientist", "new_york")),
        ("/salary in NYC for a data scientist", i.Salary("data_scientist", "new_york")),
        ("/salary seattle", i.Salary("", "seattle")),
        ("/salary role=mle place=Bay Area", i.Salary("mle", "san_francisco")),
        ("/assess 3 2 4 1 5", i.SaveAssessment("3", "2", "4", "1", "5")),
        ("/assess 3, 2", i.SaveAssessment("3", "2")),
        ("/assess", i.Assess()),
        ("/loop ml eng", i.Loop("mle")),
        ("/level data scientst", i.Level("data_scientist")),
        ("/market banks", i.Market("finance")),
        ("/market self-driving", i.Market("automotive")),
        ("/about common mistakes", i.About("mistakes")),
        ("/about PROMPT engineers", i.About("prompt_engineer")),
        ("/role", i.Help("role")),
        ("/decode We are\n  hiring", i.SubmitPosting("We are\n  hiring")),
        ("/role decode", i.Decode()),
        ("/mentor queue RAG", i.Queue("llm.rag")),
        ("/mentor queue rag cohort=Spring Term", i.Queue("llm.rag", "Spring Term")),
        ("/mentor queue cohort=Spring", i.Queue(cohort="Spring")),
        ("/mentor take", i.TakeTicket()),
        ("/me reminders Level = Light Days = Mon Fri", i.SaveReminders(level="light", days="Mon Fri")),
        ("/settings Name = “Ana”", i.SaveSettings(name="Ana")),
        ("/cohort edit", c.EditCohort()),
        ("/cohort edit Spring group", c.EditCohort("Spring group")),
        ("/cohort edit cohort=Spring", c.EditCohort("Spring")),
        ("/cohort edit Spring group goal=20", c.SaveCohort("Spring group", goal="20")),
        ('/cohort show "Spring group"', c.ShowCohort("Spring group")),
        ("/cohort prompts cohort=Spring", c.EditPrompts("Spring")),
        ("/cohort prompts days=Mon Thu cohort=Spring", c.SavePrompts("Spring", "Mon Thu")),
        ("/cohort announce cohort=Spring", c.WriteAnnouncement("Spring")),
        ("/cohort announce We meet\n at six", c.Announce("We meet\n at six")),
        ("/cohort announce We meet cohort=Spring", c.Announce("We meet", "Spring")),
        ('/cohort announce cohort="Spring group" We meet', c.Announce("We meet", "Spring group")),
        ('/cohort announce text="We meet" cohort=Spring', c.Announce("We meet", "Spring")),
        ("/cohort announce A cohort = a group that learns", c.Announce("A cohort = a group that learns")),
        ("/cohort join k7qdm2xa", c.JoinCohort("k7qdm2xa")),
        ("/cohort join k7qd m2xa", c.JoinCohort("k7qd m2xa")),
    ],
)
def test_what_is_typed_is_what_is_meant(typed: str, wish: Intent) -> None:
    assert parse(typed, WORDS) == wish


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/pracice", "I know no command “pracice”. Did you mean /rolecall practice?"),
        ("/xyzzy", "/rolecall help lists what I know."),
        ("/me foo", "/rolecall me has no “foo”. It has: predict, reminders, pause, resume"),
        ("/practice retrival", "Did you mean"),
        ("/help nonsense", "I know no command called “nonsense”."),
        ("/start now", "start takes nothing after it. Write /rolecall start."),
        ("/pause soon", "me pause: until is a number of days such as 7, or a date such as 3 Dec, not “soon”."),
        ("/me reminders often", "I know no level called “often”. Choose from Light, Standard, Active."),
        ("/snooze soon", "snooze: length is a time such as 3h or 2d, not “soon”."),
        ("/salary berlin", "I know no role or place called “berlin”."),
        ("/salary mle berlin", "I know no place called “berlin”. Choose from United States, San Francisco"),
        ("/compare mle with chef", "I know no role called “chef”. Choose from AI engineer, ML engineer"),
        ("/compare mle ds de", "“de” is more than role compare can take. Write /rolecall role compare [one] [other]."),
        ("/loop ui engineer", "I know no role called “ui engineer”. Did you mean “AI engineer”?"),
        ("/loop XL engineer", "I know no role called “XL engineer”."),
        ("/assess 3 9 1 1 1", "A rating is a number from 1 to 5, not “9”."),
        ("/settings role=chef", "I know no role called “chef”."),
        ("/about xyzzy", "Name a page or role such as"),
        ("/role match now", "role match takes nothing after it."),
        ("/settings Berlin", "Write settings alone for the form, or name=value pairs"),
        ("/cohort appoint Ben mentor", "Write cohort appoint with name=value pairs: /rolecall cohort appoint who=…"),
    ],
)
def test_what_does_not_parse_names_the_remedy(typed: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(typed, WORDS)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "line",
    [
        "start small and measure",
        "settings name: the word under which a value is kept",
        "practice makes perfect",
        "review the labels first, then the model",
        "skip connections help gradients",
        "pause before the release and look",
        "reminders go out once a day",
        "hint: it is imbalanced",
        "reveal nothing to the user",
        "help the user first",
        "decode the tokens in parallel",
        "compare the two means with a t-test",
        "loop over the batch",
        "level data scientst",
        "market the feature to users",
        "announce the change to users first",
        "join datasets",
        "",
    ],
)
def test_a_line_that_is_no_complete_command_is_an_answer(line: str) -> None:
    if line:
        assert parse_bare(line, WORDS) is None


@pytest.mark.parametrize(
    "line",
    [
        "start",
        "practice rag",
        "hint",
        "me pause 3",
        "pause until Friday",
        "progress",
        "compare mle vs ds",
        "assess 1 1 1 1 1",
        "cohort announce We meet at six",
        "join k7qd-m2xa",
    ],
)
def test_a_line_that_is_a_complete_command_is_one(line: str) -> None:
    assert parse_bare(line, WORDS) is not None


@given(st.text(max_size=300))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        parse(text, WORDS)
    except UsageError as said:
        assert str(said)


def kinds() -> list[type[Intent]]:
    return [t for t in vars(i).values() if isinstance(t, type) and issubclass(t, Intent) and t is not Intent]


@pytest.mark.parametrize("kind", kinds())
def test_a_stored_button_comes_back_as_the_same_wish(kind: type[Intent]) -> None:
    wish = kind(**{f.name: "0123456789abcdef" for f in fields(kind)})

    if len(fields(kind)) <= 3:
        assert decode(encode(Button("x", wish))) == wish


def test_the_names_of_stored_buttons_never_change() -> None:
    """A name here is stored in chats. Adding is fine; renaming or removing breaks old buttons."""
    assert {k.wire for k in kinds()} >= {
        "start", "practice", "review", "answer", "submit", "hint", "reveal", "skip", "compare",
        "progress", "settings", "save", "pause", "resume", "snooze", "why", "export", "delete", "help",
    }  # fmt: skip
    assert encode(Button("x", i.Compare(ServingId("s1"), CriterionId("c2"), "none"))) == "compare|s1|c2|none"


def test_an_unknown_button_is_refused_kindly() -> None:
    with pytest.raises(UsageError, match="another version of me"):
        decode("no_such_wish|1")


def test_the_table_fits_every_platform() -> None:
    top = {c.group or c.name for c in COMMANDS}
    assert len(top) <= LIMITS.COMMANDS
    for group in GROUPS:
        assert len([c for c in COMMANDS if c.group == group]) <= LIMITS.COMMANDS
    assert all(len(c.summary) <= 100 for c in COMMANDS)
    names = [c.name for c in COMMANDS]
    assert len(names) == len(set(names))


def test_every_option_is_an_attribute_of_its_wish() -> None:
    for command in COMMANDS:
        wish = command.given or command.intent
        assert {o.name for o in command.options} <= {f.name for f in fields(wish)}, command.name


def test_every_closed_kind_of_option_has_its_names() -> None:
    closed = {o.kind for c in COMMANDS for o in c.options} - {
        "word", "person", "duration", "until", "zone", "time", "yes_no", "text", "cohort", "code",
    }  # fmt: skip
    assert closed == set(WORDS)


def test_nearest_command_is_suggested_for_slips() -> None:
    assert commands.find("Me  Pause") is not None


def test_a_short_line_that_begins_like_a_command_of_two_words_is_no_answer() -> None:
    with pytest.raises(UsageError, match="Berlin"):
        parse_bare("role salary mle Berlin", WORDS)
    assert parse_bare("role salary is what I would negotiate last, after scope and the team", WORDS) is None
