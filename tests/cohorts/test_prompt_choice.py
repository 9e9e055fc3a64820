"""Which problem a cohort is asked next: a function of the bank, what is wanted, what was asked and who saw what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.catalogue import load
from bot.catalogue.problem import Problem
from bot.cohort_model import Preset
from bot.cohorts.prompt_choice import Past, choose, closes, suiting
from bot.cohorts.prompt_settings import Wanted, roles, topics
from bot.model import ProblemId, Role

BANK = load()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def season(wanted: Wanted, rounds: int, seen: Mapping[ProblemId, int] | None = None) -> list[Problem]:
    """What a cohort is asked in so many rounds."""
    past = Past(seen=seen or {})
    for _ in range(rounds):
        chosen = choose(suiting(BANK, wanted), BANK, wanted.roles, past)
        assert chosen is not None
        past = past.then(*chosen)
    return [BANK.problems[a.problem] for a in past.asked]


def test_nothing_is_asked_again_while_something_is_left_and_then_the_oldest_is() -> None:
    among = suiting(BANK, Wanted(level="entry"))
    had = season(Wanted(level="entry"), 2 * len(among))
    ids = [p.id for p in had]
    assert sorted(ids[: len(among)]) == sorted(p.id for p in among)
    assert ids[len(among)] == ids[0]
    assert max(Counter(ids).values()) == 2


def test_two_in_a_row_are_never_on_one_topic_where_there_is_another() -> None:
    had = [p.topic for p in season(Wanted(), 20)]
    assert all(a != b for a, b in pairwise(had))


def test_the_mix_of_roles_is_kept_over_time() -> None:
    wanted = Wanted(roles={Role.DATA_SCIENTIST: 1, Role.MLOPS: 2})
    had = season(wanted, 6)
    for_ops = sum(Role.MLOPS in p.tags.roles for p in had)
    for_science = sum(Role.DATA_SCIENTIST in p.tags.roles for p in had)
    assert (for_ops, for_science) == (4, 2)


def test_what_few_of_the_learners_have_seen_goes_first() -> None:
    among = suiting(BANK, Wanted(topics=("llm",)))
    seen = {p.id: 9 for p in among}
    seen[among[2].id] = 1
    assert season(Wanted(topics=("llm",)), 1, seen) == [among[2]]


def test_only_the_level_topics_and_roles_that_are_wanted_come() -> None:
    wanted = Wanted(topics=("llm", "ops.serving"), level="senior", roles={Role.AI_ENGINEER: 1})
    for problem in suiting(BANK, wanted):
        assert problem.tags.level == "senior"
        assert problem.topic.startswith("llm.") or "ops.serving" in problem.tags.topics
        assert {"all", Role.AI_ENGINEER} & set(problem.tags.roles)
    assert suiting(BANK, wanted)


def test_the_first_problem_of_newcomers_is_never_a_prompt() -> None:
    assert BANK.warm_up not in suiting(BANK, Wanted())


def test_the_same_question_gives_the_same_answer() -> None:
    assert season(Wanted(), 12) == season(Wanted(), 12)


def test_nothing_is_chosen_from_nothing() -> None:
    assert choose([], BANK, {}, Past()) is None


@pytest.mark.parametrize(
    ("next_in", "open_for"),
    [(None, 3 * DAY), (7 * DAY, 3 * DAY), (DAY, 23 * HOUR), (2 * HOUR, HOUR), (HOUR / 2, 3 * DAY)],
)
def test_it_closes_an_hour_before_the_next_one_after_three_days_at_most(
    next_in: timedelta | None, open_for: timedelta
) -> None:
    opened = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert closes(opened, opened + next_in if next_in else None, "UTC") == opened + open_for


def test_three_days_are_three_days_of_the_wall_clock() -> None:
    opened = datetime(2026, 3, 27, 8, tzinfo=UTC)  # 09:00 in Berlin; the clocks go forward two nights later
    assert closes(opened, None, "Europe/Berlin") == datetime(2026, 3, 30, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ()),
        ("all", ()),
        ("Retrieval-augmented generation", ("llm.rag",)),
        ("rag, agents; ops", ("llm.rag", "llm.agents", "ops")),
        ("RAG and Agents", ("llm.rag", "llm.agents")),
        ("Trees and ensembles", ("ml.trees_ensembles",)),
    ],
)
def test_topics_are_understood_as_people_type_them(typed: str, meant: tuple[str, ...]) -> None:
    assert topics(typed, BANK) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", {}),
        ("ai_engineer 2, mlops 1", {Role.AI_ENGINEER: 2, Role.MLOPS: 1}),
        ("2x AI engineer and MLOps", {Role.AI_ENGINEER: 2, Role.MLOPS: 1}),
        ("data scientist: 3", {Role.DATA_SCIENTIST: 3}),
        ("mlops=2; ML engineer", {Role.MLE: 1, Role.MLOPS: 2}),
    ],
)
def test_a_mix_of_roles_is_understood_as_people_type_it(typed: str, meant: dict[Role, int]) -> None:
    assert roles(typed, BANK) == meant


def test_a_workplace_is_not_asked_about_changing_jobs_unless_its_organiser_says_so() -> None:
    everything, named = Wanted(), Wanted(topics=("career",))

    assert any(p.topic.startswith("career.") for p in suiting(BANK, everything, Preset.STUDY_GROUP))
    assert not any(p.topic.startswith("career.") for p in suiting(BANK, everything, Preset.WORKPLACE))
    assert suiting(BANK, named, Preset.WORKPLACE) == suiting(BANK, named)
