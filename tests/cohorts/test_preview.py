"""An organiser sees beforehand what will be posted, and what keeps it from being posted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.messages import Bullets, ChannelPost, Message, When
from bot.errors import RolecallError
from bot.store import cohorts, members
from tests.cohorts.group import group
from tests.talk import DAY, MONDAY, Talk, talk, words

HOUR = timedelta(hours=1)


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Talk]:
    with talk(tmp_path) as chat:
        yield chat


def lines(message: Message) -> list[str]:
    """What is listed, without its instants."""
    items = next(block.items for block in message.blocks if isinstance(block, Bullets))
    return ["".join(s.text for s in item if hasattr(s, "text")) for item in items]


def test_what_it_foretells_is_what_is_posted(chat: Talk) -> None:
    spring = group(chat)
    spring.says("Olga", c.SavePrompts(days="Mon Thu", time="10:00"))
    foretold = spring.says("Olga", c.CohortPreview())
    titles = [line.partition("“")[2].rstrip("”") for line in lines(foretold) if line.startswith(": Problem")]
    chat.world.wait(7 * DAY)
    posted = [p.message.title for p in spring.posts if p.key.startswith("prompt:")]
    assert len(titles) == 2
    assert posted[:2] == titles


def test_it_lists_prompts_summaries_and_boards_in_their_order_and_sends_nothing(chat: Talk) -> None:
    spring = group(chat)
    spring.says("Olga", c.SavePrompts(days="Mon Thu", time="10:00"))
    foretold = spring.says("Olga", c.CohortPreview())
    items = next(block.items for block in foretold.blocks if isinstance(block, Bullets))
    instants = [s.at for item in items for s in item if isinstance(s, When)]
    assert instants == sorted(instants)
    assert instants[0] == MONDAY + HOUR
    assert instants[-1] < MONDAY + 7 * DAY
    assert [line.split(":")[1].strip() for line in lines(foretold)].count("Summary") == 2
    assert "The cohort's zone is UTC. Nothing of this goes to anybody directly" in words(foretold)
    assert not [p for p in chat.inbox.pushes if isinstance(p.to, ChannelPost)]


def test_boards_are_listed_unless_they_are_off(chat: Talk) -> None:
    spring = group(chat)
    chat.world.wait(HOUR)
    assert any("The week's board" in line for line in lines(spring.says("Olga", c.CohortPreview())))
    spring.says("Olga", c.SaveCohort(spring.id, board="no"))
    assert "board" not in words(spring.says("Olga", c.CohortPreview()))


def test_a_cohort_that_lacks_a_channel_and_problems_is_told_how_to_get_them(chat: Talk) -> None:
    spring = group(chat, channel="")
    said = words(spring.says("Olga", c.CohortPreview()))
    assert "/rolecall cohort bind" in said
    assert "/rolecall cohort prompts" in said


def test_where_no_problem_suits_the_preview_says_so(chat: Talk) -> None:
    spring = group(chat)
    spring.says("Olga", c.SavePrompts(days="Mon Thu", time="10:00", topics="Clusters"))
    foretold = words(spring.says("Olga", c.CohortPreview()))
    assert "No problem in my bank is of this kind" in foretold
    assert "Problem: “" not in foretold


def test_nothing_is_foretold_after_the_last_day(chat: Talk) -> None:
    spring = group(chat, ends="2026-01-06")
    spring.says("Olga", c.SavePrompts(days="Mon Thu", time="10:00"))
    assert [line for line in lines(spring.says("Olga", c.CohortPreview())) if "Problem" in line] != []
    chat.world.wait(2 * DAY)
    assert "Problem: “" not in words(spring.says("Olga", c.CohortPreview()))


def test_the_mid_week_line_is_foretold_from_the_first_whole_week_to_the_last_day(chat: Talk) -> None:
    spring = group(chat, ends="2026-01-14")
    assert "How far the team is" not in words(spring.says("Olga", c.CohortPreview()))
    chat.world.wait(6 * DAY)
    assert "The week's board" in words(spring.says("Olga", c.CohortPreview()))
    assert "How far the team is" not in words(spring.says("Olga", c.CohortPreview()))  # the 15th is a Thursday
    spring.says("Olga", c.SaveCohort(ends="2026-01-15"))
    assert "How far the team is" in words(spring.says("Olga", c.CohortPreview()))
    chat.world.wait(7 * DAY)
    assert "The week's board" in words(spring.says("Olga", c.CohortPreview()))  # of its last week
    chat.world.wait(2 * DAY)
    assert "I will post nothing" in words(spring.says("Olga", c.CohortPreview()))


def test_a_cohort_without_an_organiser_says_so_to_who_runs_the_installation(chat: Talk) -> None:
    spring = group(chat)
    chat.say("Rut", i.Help())
    member, olga = chat.member("Rut"), chat.member("Olga")
    with chat.tx() as tx:
        members.grant(tx, chat.world.new_key(), member, "organiser", chat.world.now())
        cohorts.leave(tx, olga, spring.id, "organiser", chat.world.now())
    assert "It has no organiser" in words(spring.says("Rut", c.CohortPreview(spring.id)))


def test_learners_do_not_see_the_problems_to_come(chat: Talk) -> None:
    spring = group(chat)
    with pytest.raises(RolecallError, match="for the organisers"):
        spring.says("Ana", c.CohortPreview())
