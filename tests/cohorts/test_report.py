"""The organiser's room: how the cohort is doing, what may be taken along, and who is thanked."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cohort_model import Office, Preset
from bot.cohorts import report_csv, weeks
from bot.cohorts.thanks import thanked
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.messages import CodeBlock, Message, Table
from bot.errors import RolecallError
from bot.model import ServingId, State
from tests.cohorts import crowd
from tests.cohorts.group import Group, group
from tests.reviews.room import Room, room
from tests.talk import DAY, MONDAY, Talk, words

LEARNERS = ("Ana", "Ben", "Cleo", "Dan", "Eve", "Finn")
TITLE = "Is the new prompt really better?"
"""The first full problem of an AI engineer."""


@pytest.fixture(params=["a file", "a server"])
def hall(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Room]:
    """On both kinds of database."""
    place = "play.db" if request.param == "a file" else request.getfixturevalue("postgres_store")
    with room(tmp_path, db=place) as opened:
        yield opened


@pytest.fixture
def spring(hall: Room) -> Group:
    """Six learners with a mentor, Maya; it is Monday."""
    made = group(hall.chat, learners=LEARNERS)
    hall.office("Maya", "mentor", "Spring")
    return made


def answered(hall: Room, name: str, **states: State) -> ServingId:
    return hall.answers(name, f"{name} reads ten wrong answers first. Then recall is measured.", **states)[0]


def blocks_of_code(message: Message) -> list[str]:
    return [b.text for b in message.blocks if isinstance(b, CodeBlock)]


def rows(message: Message) -> list[tuple[str, ...]]:
    (table,) = (b for b in message.blocks if isinstance(b, Table))
    return list(table.rows)


def test_an_organiser_sees_what_six_learners_did_and_where_the_grader_was_wrong(spring: Group, hall: Room) -> None:
    for name in LEARNERS[:3]:
        answered(hall, name, c1=State.MISSED)
    servings = [answered(hall, name, c0=State.UNSURE) for name in LEARNERS[3:]]
    for serving in servings:
        hall.judges("Maya", hall.ticket(serving), "met:0")
    hall.office("Noor", "mentor", "Spring")
    serving = answered_again(hall, "Ana")
    point = hall.assessment(serving).verdicts[1].criterion
    hall.chat.say("Ana", i.Appeal(serving, point, "0"))
    hall.judges("Noor", hall.tickets(serving)[-1].id, "met:0")
    hall.chat.world.wait(DAY)

    shown = spring.says("Olga", c.CohortReport())

    said = words(shown)
    assert rows(shown) == [("5 Jan", "5 to 6", "12", "–")]
    assert f"{TITLE} – 50 % unsure, 15 % appealed, 15 % changed by a person" in said
    assert "None waits." in said
    assert not set(re.findall(r"\w+", said)) & {*LEARNERS, "Maya", "Noor"}


def answered_again(hall: Room, name: str) -> ServingId:
    """The answer that somebody has given to the full problem."""
    served = [s for s in hall.chat.kept(name)["serving"] if s["concept"] is None]
    return ServingId(max(served, key=lambda s: s["number"] if s["closed_at"] else 0)["id"])


def test_the_oldest_answer_that_waits_is_told_also_of_few(spring: Group, hall: Room) -> None:
    answered(hall, "Ana", c0=State.UNSURE)
    hall.chat.world.wait(timedelta(hours=30))

    said = words(spring.says("Olga", c.CohortReport()))

    assert "Answers of fewer than five people wait; the oldest for 30 hours." in said


def test_a_report_is_for_organisers(spring: Group, hall: Room) -> None:
    for name in ("Ana", "Maya"):
        for wish in (c.CohortReport(), c.ExportCohort()):
            with pytest.raises(RolecallError, match="for the organisers of a cohort"):
                spring.says(name, wish)


def test_how_many_answered_a_prompt_is_told_in_steps(chat: Talk) -> None:
    spring = group(chat)
    cohort, now = spring.cohort, chat.world.now()
    with chat.tx() as tx:
        ids = crowd.learners(tx, cohort, 21, now)
        crowd.prompted(tx, cohort, "p1", "llm.evals.first_eval_set", now)
        crowd.answers(tx, [(id, "llm.evals.first_eval_set", now) for id in ids[:12]], to="p1")
    chat.world.wait(DAY)

    assert f"5 Jan: {TITLE} – answered by 10 to 14" in words(spring.says("Olga", c.CohortReport()))


def test_topics_stand_from_strong_to_weak(chat: Talk) -> None:
    spring = group(chat)
    cohort = spring.cohort
    with chat.tx() as tx:
        ids = crowd.learners(tx, cohort, 6, chat.world.now())
        for n, (problem, score) in enumerate((("llm.rag.x", 0.91), ("ml.basics.x", 0.34), ("sql.joins.x", 0.6))):
            crowd.answers(tx, [(id, problem, chat.world.now()) for id in ids], score=score, prefix=f"p{n}")
        crowd.answers(tx, [(id, "llm.agents.x", chat.world.now()) for id in ids[:4]], score=1.0, prefix="few")
    chat.world.wait(DAY)

    said = words(spring.says("Olga", c.CohortReport()))

    assert said.index("– 90 %") < said.index("– 60 %") < said.index("– 35 %")
    assert "– 100 %" not in said


def test_the_download_holds_the_roster_as_csv_that_runs_nothing(chat: Talk) -> None:
    spring = group(chat, learners=("Ana", "Ben"), preset=Preset.STUDY_GROUP, show="alias")
    spring.says("Ana", i.SaveSettings(name="=HYPERLINK(1)"))
    spring.says("Ben", i.SaveSettings(name='Zoë "B", of Köln'))

    roster, weeks_ = blocks_of_code(spring.says("Olga", c.ExportCohort()))

    head, *people = csv.reader(io.StringIO(roster))
    assert head == ["name", "offices", "joined"]
    assert sorted(people) == [
        ["'=HYPERLINK(1)", "learner", "2026-01-05"],
        ["Olga", "organiser", "2026-01-05"],
        ['Zoë "B", of Köln', "learner", "2026-01-05"],
    ]
    assert weeks_.startswith("week_from,active_at_least,active_at_most,answers,due_concepts_cleared\n")
    assert "the alias" not in roster


def test_the_download_says_the_figures_of_the_report(chat: Talk) -> None:
    spring = group(chat)
    cohort, now = spring.cohort, chat.world.now()
    with chat.tx() as tx:
        ids = crowd.learners(tx, cohort, 12, now)
        crowd.answers(tx, [(id, "llm.rag.x", now) for id in ids[:7]])
        for id in ids[:4]:
            crowd.cleared(tx, id, now, f"due-{id}")
    chat.world.wait(7 * DAY)

    _, weeks_ = blocks_of_code(spring.says("Olga", c.ExportCohort()))

    assert weeks_.splitlines()[1:] == ["2026-01-05,5,9,7,"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\n@"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    text = report_csv.roster([report_csv.Entry(f"{start}1+1", (Office.LEARNER,), MONDAY.date())])

    assert next(iter(list(csv.reader(io.StringIO(text)))[1])).startswith("'")


def test_a_mentor_who_likes_it_is_thanked_for_the_week_in_which_their_word_settled_an_answer(
    spring: Group, hall: Room
) -> None:
    serving = answered(hall, "Ana", c0=State.UNSURE)
    hall.judges("Maya", hall.ticket(serving), "met:0")
    assert names(hall, spring) == ()

    spring.says("Maya", c.Appear(spring.id, thanks="yes"))
    assert names(hall, spring) == ("Maya",)

    hall.chat.world.wait(7 * DAY)
    assert names(hall, spring) == ()


def test_where_reviews_are_blind_nobody_is_thanked_by_name(spring: Group, hall: Room) -> None:
    spring.says("Olga", c.SaveCohort(spring.id, blind="yes"))
    spring.says("Maya", c.Appear(spring.id, thanks="yes"))
    hall.judges("Maya", hall.ticket(answered(hall, "Ana", c0=State.UNSURE)), "met:0")

    assert names(hall, spring) == ()


def names(hall: Room, of: Group) -> tuple[str, ...]:
    cohort = of.cohort
    with hall.chat.tx() as tx:
        return thanked(tx, cohort, weeks.week_of(cohort, hall.chat.world.now()))
