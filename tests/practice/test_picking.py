"""What comes next: due first, then new, never two in a row on one topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.catalogue import Catalogue, load
from bot.model import Card, ConceptId, Origin, ProblemId, Role
from bot.practice import memory, picking
from bot.practice.picking import Learner
from tests.talk import MONDAY

BANK: Catalogue = load()
NEWCOMER = Learner(role=Role.AI_ENGINEER, zone="UTC", cards=(), exposures={})


def card(concept: str, rating: int = 3, days_ago: float = 10) -> Card:
    """A concept last reviewed so long ago."""
    found = memory.replay(ConceptId(concept), [(MONDAY - timedelta(days=days_ago), rating)])
    assert found is not None
    return found


def concept_of(topic: str) -> str:
    return next(c for p in BANK.problems.values() if p.topic == topic for r in p.recall if (c := r.concept))


def test_due_concepts_come_before_new_problems() -> None:
    rag = concept_of("llm.rag")

    chosen = picking.pick(replace(NEWCOMER, cards=(card(rag),)), BANK, MONDAY)

    assert chosen is not None
    assert (chosen.origin, chosen.concept) == (Origin.DUE, rag)


def test_what_is_not_due_yet_is_left_alone() -> None:
    chosen = picking.pick(replace(NEWCOMER, cards=(card(concept_of("llm.rag"), days_ago=1),)), BANK, MONDAY)

    assert chosen is not None
    assert chosen.origin is Origin.NEW


def test_due_means_the_members_own_date() -> None:
    found = replace(card(concept_of("llm.rag")), due_at=MONDAY.replace(hour=23))

    assert picking.due(replace(NEWCOMER, cards=(found,), zone="UTC"), BANK, MONDAY)
    assert not picking.due(replace(NEWCOMER, cards=(found,), zone="Asia/Tokyo"), BANK, MONDAY)


def test_the_most_forgotten_comes_first_and_the_target_role_weighs_double() -> None:
    rag, peeking = concept_of("llm.rag"), concept_of("stats.ab_testing")
    cards = (card(rag, days_ago=10), card(peeking, days_ago=11))

    def order(role: Role) -> list[str]:
        return [c.concept for c in picking.due(replace(NEWCOMER, role=role, cards=cards), BANK, MONDAY)]

    assert order(Role.AI_ENGINEER) == [rag, peeking]
    assert order(Role.DATA_SCIENTIST) == [peeking, rag]


def test_two_in_a_row_on_one_topic_are_avoided() -> None:
    rag, evals = concept_of("llm.rag"), concept_of("llm.evals")
    learner = replace(NEWCOMER, cards=(card(rag, days_ago=20), card(evals, days_ago=10)))

    after_rag = picking.recall(replace(learner, last_topic="llm.rag"), BANK, MONDAY)

    assert after_rag is not None
    assert after_rag.concept == evals


def test_a_concept_that_failed_gets_the_whole_problem_unless_it_was_just_put() -> None:
    rag = concept_of("llm.rag")
    failed = replace(NEWCOMER, cards=(card(rag, rating=1, days_ago=3),))
    problem = BANK.problems_for(ConceptId(rag))[0].id

    whole = picking.pick(failed, BANK, MONDAY)
    just_put = {(ProblemId(problem), "v1", ""): (MONDAY - timedelta(days=3), 1)}
    asked = picking.pick(replace(failed, exposures=just_put), BANK, MONDAY)

    assert whole is not None
    assert (whole.concept, whole.origin) == (None, Origin.DUE)
    assert asked is not None
    assert asked.concept == rag


@pytest.mark.parametrize("role", list(Role))
def test_every_role_finds_its_own_new_problems_first(role: Role) -> None:
    chosen = picking.pick(replace(NEWCOMER, role=role), BANK, MONDAY)

    assert chosen is not None
    assert role in chosen.problem.tags.roles
    assert chosen.origin is Origin.NEW


def test_new_problems_run_through_the_whole_bank_once_and_then_begin_with_the_oldest() -> None:
    seen: dict[tuple[ProblemId, str, str], tuple[object, int]] = {}
    learner, order = replace(NEWCOMER, role=None), []
    for n in range(len(BANK.problems)):
        chosen = picking.pick(replace(learner, exposures=seen), BANK, MONDAY)  # type: ignore[arg-type]
        assert chosen is not None
        order.append(chosen.problem.id)
        seen[chosen.problem.id, chosen.variant, ""] = (MONDAY - timedelta(days=100 - n), 1)

    again = picking.pick(replace(learner, exposures=seen), BANK, MONDAY)  # type: ignore[arg-type]

    assert len(set(order)) == len(BANK.problems)
    assert again is not None
    assert (again.problem.id, again.origin) == (order[0], Origin.SELF)


@pytest.mark.parametrize("want", ["llm", "llm.rag", "mlops", "system_design"])
def test_what_was_asked_for_is_served_and_unrated(want: str) -> None:
    chosen = picking.pick(NEWCOMER, BANK, MONDAY, want)

    assert chosen is not None
    assert picking.matches(chosen.problem, want)
    assert chosen.origin is Origin.SELF


def test_the_day_is_given_in_minutes() -> None:
    assert picking.minutes(0, None) == 1
    assert picking.minutes(6, None) == 3
