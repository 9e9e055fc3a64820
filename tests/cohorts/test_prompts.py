"""A whole cohort is asked the same problem in its channel: when, for how long, and what keeps it from being asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import pytest
from sqlalchemy import update

from bot.cohort_model import Channel, Preset, Prompt
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.messages import Message, Push, Unreachable, When
from bot.errors import FieldError, RolecallError
from bot.store import cohorts, delivery, prompts
from bot.store.tables import outbox
from tests.cohorts.group import Group, group
from tests.reviews.room import Marking
from tests.talk import DAY, MONDAY, Talk, buttons, talk, words

HOUR = timedelta(hours=1)


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Talk]:
    with talk(tmp_path, grader=Marking()) as chat:
        yield chat


def asked(of: Group, kind: str = "prompt") -> list[Push]:
    """The prompts, or summaries, that have come to the channel."""
    return [p for p in of.posts if p.key.startswith(f"{kind}:")]


def known(chat: Talk, of: Group) -> list[Prompt]:
    with chat.tx() as tx:
        return list(prompts.of_cohort(tx, of.id))


def instants(message: Message) -> list[datetime]:
    """The instants that a message tells."""
    spans = [s for block in message.blocks for s in getattr(block, "spans", ())]
    for block in message.blocks:
        spans += [s for _, value in getattr(block, "pairs", ()) for s in value]
        spans += [s for item in getattr(block, "items", ()) for s in item]
    return [s.at for s in spans if isinstance(s, When)]


def test_an_organiser_plans_problems_and_hears_the_next_three_dates(chat: Talk) -> None:
    spring = group(chat)
    form = chat.form("Olga", c.EditPrompts())
    reply = spring.says(
        "Olga", form.submit({"days": "Mon Thu", "time": "10", "topics": "", "level": "any", "roles": ""})
    )
    assert instants(reply) == [MONDAY + HOUR, MONDAY + 3 * DAY + HOUR, MONDAY + 7 * DAY + HOUR]
    assert "Monday and Thursday at 10:00 (UTC)" in words(reply)
    assert "all topics" in words(reply)


def test_the_same_problem_is_posted_for_all_with_its_end_and_without_a_spoiler(chat: Talk) -> None:
    spring = group(chat)
    spring.says("Olga", c.SavePrompts(days="Mon Thu", time="10:00"))
    chat.world.wait(HOUR)
    (post,) = asked(spring)
    (prompt,) = known(chat, spring)
    problem = chat.world.rolecall.bank.problems[prompt.problem]
    assert post.message.title == problem.title
    assert f"about {problem.tags.minutes} min" in words(post.message)
    assert instants(post.message) == [MONDAY + 3 * DAY]
    assert list(buttons(post.message)) == ["Answer privately", "Hints and more"]
    said = words(post.message) + post.message.summary
    assert problem.reference[:60] not in said
    assert not any(hint.text[:40] in said for hint in problem.hints)


def test_each_closes_before_the_next_one_and_two_in_a_row_differ_in_topic(chat: Talk) -> None:
    spring = group(chat)
    spring.says("Olga", c.SavePrompts(days="every day", time="10:00"))
    chat.world.wait(4 * DAY)
    had = known(chat, spring)
    topics = [chat.world.rolecall.bank.problems[p.problem].topic for p in had]
    assert len(had) == 4
    assert all(a.closes_at == b.opened_at - HOUR for a, b in pairwise(had))
    assert all(a != b for a, b in pairwise(topics))


def test_one_a_week_stays_open_for_three_days(chat: Talk) -> None:
    spring = group(chat)
    spring.says("Olga", c.SavePrompts(days="Mon", time="10:00"))
    chat.world.wait(2 * HOUR)
    (prompt,) = known(chat, spring)
    assert prompt.closes_at == MONDAY + 3 * DAY + HOUR


def test_days_none_stops_them_and_the_open_one_still_gets_its_summary(chat: Talk) -> None:
    spring = group(chat)
    spring.says("Olga", c.SavePrompts(days="Mon Thu", time="10:00"))
    chat.world.wait(2 * HOUR)
    reply = spring.says("Olga", c.SavePrompts(days="none"))
    assert instants(reply) == [MONDAY + 3 * DAY]
    chat.world.wait(14 * DAY)
    assert len(asked(spring)) == 1
    assert len(asked(spring, "summary")) == 1


def test_what_is_not_given_stays_as_it_was(chat: Talk) -> None:
    spring = group(chat)
    spring.says(
        "Olga", c.SavePrompts(days="Mon", time="10:00", topics="llm", level="senior", roles="mlops 2, AI engineer")
    )
    reply = words(spring.says("Olga", c.SavePrompts(time="8:30")))
    assert "Monday at 08:30" in reply
    assert "Language models; senior level; AI engineer 1, MLOps engineer 2" in reply


@pytest.mark.parametrize(
    ("given", "field", "remedy"),
    [
        ({"topics": "retrieval, agents"}, "topics", "Retrieval-augmented generation"),
        ({"topics": "gardening"}, "topics", "I know no topic called “gardening”"),
        ({"level": "expert"}, "level", "Entry, Mid, Senior"),
        ({"roles": "mlops 40"}, "roles", "from 1 to 9"),
        ({"roles": "gardener 2"}, "roles", "I know no role called “gardener”"),
        ({"days": "Blursday"}, "days", "Write them like Mon Wed Fri"),
        ({"time": "25:00"}, "time", "Write it like 09:00"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_write(
    chat: Talk, given: dict[str, str], field: str, remedy: str
) -> None:
    spring = group(chat)
    with pytest.raises(FieldError) as refused:
        spring.says("Olga", c.SavePrompts(**({"days": "Mon"} | given)))
    assert refused.value.field == field
    assert remedy in str(refused.value)


def test_only_organisers_plan(chat: Talk) -> None:
    spring = group(chat)
    with pytest.raises(RolecallError, match="for the organisers"):
        spring.says("Ana", c.SavePrompts(days="Mon"))


def test_where_no_problem_suits_that_is_said_and_nothing_is_posted(chat: Talk) -> None:
    spring = group(chat)
    reply = words(spring.says("Olga", c.SavePrompts(days="Mon Thu", time="10:00", topics="Clusters")))
    assert "nothing will be posted" in reply
    chat.world.wait(7 * DAY)
    assert not asked(spring)


def test_nothing_comes_before_the_first_day_or_after_the_last(chat: Talk) -> None:
    spring = group(chat, starts="2026-01-08", ends="2026-01-13")
    reply = spring.says("Olga", c.SavePrompts(days="Mon Thu", time="10:00"))
    assert instants(reply) == [MONDAY + 3 * DAY + HOUR, MONDAY + 7 * DAY + HOUR]
    chat.world.wait(21 * DAY)
    assert [p.opened_at for p in known(chat, spring)] == instants(reply)
    assert len(asked(spring, "summary")) == 2
    spring.says("Olga", c.SaveCohort(ends="in 3 weeks"))
    assert "Problem: " in words(spring.says("Olga", c.CohortPreview()))
    chat.world.wait(7 * DAY)
    assert len(known(chat, spring)) == 4


def test_in_a_workplace_the_organiser_hears_what_is_left_out(chat: Talk) -> None:
    acme = group(chat, preset=Preset.WORKPLACE, learners=())
    said = words(acme.says("Olga", c.SavePrompts(days="Mon Thu", time="10:00")))
    assert "Which: all topics but Career" in said
    assert "Which: Career" in words(acme.says("Olga", c.SavePrompts(topics="Career")))


def test_nine_in_the_morning_stays_nine_when_the_clocks_change(tmp_path: Path) -> None:
    with talk(tmp_path, start=datetime(2026, 3, 23, 6, tzinfo=UTC)) as chat:
        spring = group(chat, zone="Europe/Berlin")
        spring.says("Olga", c.SavePrompts(days="Mon", time="9:00"))
        chat.world.wait(8 * DAY)
        opened = [p.opened_at for p in known(chat, spring)]
    assert opened == [datetime(2026, 3, 23, 8, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)]


def test_a_new_zone_counts_from_next_week(chat: Talk) -> None:
    spring = group(chat)
    spring.says("Olga", c.SavePrompts(days="Mon Thu", time="10:00"))
    chat.world.wait(2 * HOUR)
    spring.says("Olga", c.SaveCohort(spring.id, zone="America/New_York"))
    chat.world.wait(8 * DAY)
    assert [p.opened_at for p in known(chat, spring)] == [
        MONDAY + HOUR,
        MONDAY + 3 * DAY + HOUR,
        MONDAY + 7 * DAY + 6 * HOUR,
    ]


def test_after_three_days_without_power_one_prompt_comes_at_most(tmp_path: Path) -> None:
    with talk(tmp_path) as chat:
        spring = group(chat)
        spring.says("Olga", c.SavePrompts(days="every day", time="10:00"))
    with talk(tmp_path, start=MONDAY + 3 * DAY + 2 * HOUR) as chat:
        spring = replace(spring, chat=chat)
        chat.world.settle()
        assert not asked(spring)  # the one from Monday would be three days late
        chat.world.wait(DAY)
        assert len(asked(spring)) == 1


def test_a_prompt_that_is_an_hour_late_is_still_posted(tmp_path: Path) -> None:
    with talk(tmp_path) as chat:
        spring = group(chat)
        spring.says("Olga", c.SavePrompts(days="Mon Thu", time="10:00"))
    with talk(tmp_path, start=MONDAY + 2 * HOUR) as chat:
        chat.world.settle()
        assert len(asked(replace(spring, chat=chat))) == 1


def test_a_cohort_without_a_channel_is_told_how_to_get_one(chat: Talk) -> None:
    spring = group(chat, channel="")
    reply = words(spring.says("Olga", c.SavePrompts(days="Mon", time="10:00")))
    assert "/rolecall cohort bind" in reply
    chat.world.wait(DAY)
    assert not known(chat, spring)


def test_two_platforms_get_the_same_prompt_and_one_summary_each(tmp_path: Path) -> None:
    with talk(tmp_path) as chat:
        spring = group(chat)
        spring.says("Olga", c.SavePrompts(days="Mon", time="10:00"))
        with chat.tx() as tx:
            cohorts.bind(tx, Channel(spring.id, "discord", "G1", "D1", chat.world.now()))
    for later in (HOUR, 4 * DAY):  # nobody serves Discord here, so the clock jumps, and we say what it would
        with talk(tmp_path, start=MONDAY + later) as chat:
            chat.world.settle()
            (prompt,) = known(chat, spring)
            with chat.tx() as tx:
                tx.execute(update(outbox).where(outbox.c.platform == "discord").values(state="sent"))
                rows = [r for r in delivery.ledger(tx, None, 50) if r.data.get("prompt") == prompt.id]
    assert sorted((r.kind, r.platform) for r in rows) == [
        ("prompt", "discord"),
        ("prompt", "terminal"),
        ("summary", "discord"),
        ("summary", "terminal"),
    ]


def test_a_channel_that_is_deleted_mid_week_stops_nothing_else(chat: Talk) -> None:
    spring = group(chat)
    chat.inbox.refuses = Unreachable("the channel was deleted")
    spring.says("Olga", c.SavePrompts(days="Mon", time="10:00"))
    chat.world.wait(2 * HOUR)
    chat.inbox.refuses = None
    assert "the channel was deleted" in words(spring.says("Olga", c.CohortPreview()))
    chat.world.wait(2 * DAY)
    spring.in_channel("Olga", c.BindChannel(spring.id), "#new")
    chat.world.wait(2 * DAY)
    there = replace(spring, channel="#new")
    assert not asked(there, "summary")  # of a prompt that nobody saw
    chat.world.wait(4 * DAY)
    assert len(asked(there)) == 1


def test_a_problem_that_leaves_the_bank_is_still_asked_and_summed_up(chat: Talk) -> None:
    spring = group(chat)
    spring.says("Olga", c.SavePrompts(days="Mon", time="10:00"))
    chat.world.wait(2 * HOUR)
    (prompt,) = known(chat, spring)
    bank = chat.world.rolecall.bank
    problem = bank.problems[prompt.problem]
    left = {id: p for id, p in bank.problems.items() if id != problem.id}
    chat.world.rolecall.bank = replace(bank, problems=MappingProxyType(left))
    assert problem.title in words(spring.says("Ana", c.OpenPrompt(prompt.id)))
    chat.world.wait(4 * DAY)
    (summary,) = asked(spring, "summary")
    assert problem.reference[:30] in words(summary.message)
    assert not summary.message.buttons


def test_an_organiser_assigns_a_problem_now_after_seeing_it(chat: Talk) -> None:
    spring = group(chat)
    title = chat.world.rolecall.bank.problems["llm.rag.wrong_chunks"].title  # type: ignore[index]
    shown = spring.says("Olga", c.AssignProblem(title, days="5"))
    assert shown.title == title
    assert not asked(spring)
    spring.says("Olga", buttons(shown)["Post it now"])
    (post,) = asked(spring)
    (prompt,) = known(chat, spring)
    assert post.message.title == title
    assert prompt.closes_at == MONDAY + 5 * DAY
    with pytest.raises(RolecallError, match="is open here already"):
        spring.says("Olga", buttons(shown)["Post it now"])


def test_two_assigned_problems_are_open_at_once_and_a_topic_will_do(chat: Talk) -> None:
    spring = group(chat)
    for want in ("llm", "mlops"):
        spring.says("Olga", buttons(spring.says("Olga", c.AssignProblem(want)))["Post it now"])
        chat.world.wait(HOUR)
    of_llm, of_mlops = (chat.world.rolecall.bank.problems[p.problem] for p in known(chat, spring))
    assert of_llm.topic.startswith("llm.")
    assert "mlops" in of_mlops.tags.roles
    assert len(asked(spring)) == 2


@pytest.mark.parametrize(
    ("wish", "remedy"),
    [
        (c.AssignProblem("gardening"), "I know no problem or topic"),
        (c.AssignProblem("llm", days="15"), "1 to 14 days"),
        (c.AssignProblem("Clusters"), "No problem in my bank"),
    ],
)
def test_what_cannot_be_assigned_is_refused(chat: Talk, wish: c.AssignProblem, remedy: str) -> None:
    spring = group(chat)
    with pytest.raises(RolecallError, match=remedy):
        spring.says("Olga", wish)


def test_the_channel_hears_of_nobody_who_did_or_did_not_answer(chat: Talk) -> None:
    spring = group(chat, learners=("Ana", "Ben"))
    spring.says("Olga", c.SavePrompts(days="Mon", time="10:00"))
    chat.world.wait(2 * HOUR)
    (prompt,) = known(chat, spring)
    spring.says("Ana", c.OpenPrompt(prompt.id))
    spring.says("Ana", i.SubmitAnswer(answer="I am Ana. I would read ten wrong answers."))
    chat.world.wait(4 * DAY)
    said = " ".join(words(p.message) + p.message.summary for p in asked(spring) + asked(spring, "summary"))
    assert not any(name in said for name in ("Ana", "Ben", "Olga", "nobody", "not answer"))
