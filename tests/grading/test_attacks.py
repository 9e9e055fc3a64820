"""Nobody cheats their way to a Strong Hire: every attack, on every problem of the bank."""

from __future__ import annotations

import json
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.catalogue import load
from bot.catalogue.problem import Problem
from bot.cli.check import app
from bot.grading import rubric
from bot.grading.attacks import UNSEEN, Attack, Try, attacks
from bot.grading.deterministic import DeterministicGrader
from bot.grading.question import full
from bot.grading.resistance import GOALS
from bot.model import Band, Outcome

DOCS = Path(__file__).parents[2] / "docs" / "grading.md"
EACH = 4
"""Tries of a kind on a problem in the fast tests."""


@cache
def grader() -> DeterministicGrader:
    return DeterministicGrader()


@cache
def bank() -> tuple[Problem, ...]:
    return tuple(load().problems.values())


@cache
def tried(problem: Problem) -> tuple[Try, ...]:
    return tuple(attacks(problem, bank()))


def outcome(problem: Problem, attempt: Try) -> Outcome:
    """The outcome of a try; an own answer is graded as if the bank did not hold it."""
    strong = (e.id for e in problem.exemplars if e.band is Band.STRONG_HIRE)
    question, without = full(problem), frozenset(strong if attempt.attack in UNSEEN else ())
    return rubric.outcome(question, grader().grade(question, attempt.text, without))


def sample(problem: Problem, attack: Attack) -> list[Try]:
    """A few tries of a kind, spread over all of them."""
    found = [attempt for attempt in tried(problem) if attempt.attack is attack]
    return list(islice(found, 0, None, -(-len(found) // EACH)))


@pytest.mark.parametrize("attack", [a for a in Attack if a is not Attack.LANGUAGE])
def test_an_attack_keeps_its_goal_over_all_problems(attack: Attack) -> None:
    reached = {
        problem.id: attempt.text
        for problem in bank()
        for attempt in sample(problem, attack)
        if outcome(problem, attempt).lowest is Band.STRONG_HIRE
    }
    assert len(reached) <= GOALS[attack] * EACH * len(bank()), reached


def test_an_honest_answer_in_another_language_is_asked_for_in_english_and_never_called_no_hire() -> None:
    graded = {
        attempt.text
        for problem in bank()
        for attempt in [t for t in tried(problem) if t.attack is Attack.LANGUAGE][::3]
        if outcome(problem, attempt).band is not Band.NOT_GRADABLE
    }
    assert graded == set()


def test_every_problem_is_attacked_in_every_way_and_always_in_the_same() -> None:
    for problem in bank():
        assert {attempt.attack for attempt in tried(problem)} == set(Attack)
    assert tuple(attacks(bank()[3], bank())) == tried(bank()[3])


def test_an_author_attacks_one_problem_and_reads_the_goals_as_json() -> None:
    run = CliRunner().invoke(app, ["attacks", "--problem", str(bank()[0].id), "--json"])
    report = json.loads(run.output)
    assert run.exit_code == 0, run.output
    assert report["kept"] is True
    assert [row["attack"] for row in report["attacks"]] == [attack.name.lower() for attack in Attack]
    assert all(row["tries"] > 0 and row["problems"] == 1 for row in report["attacks"])
    assert report["honest"]["tries"] > 0


def test_an_unknown_problem_is_said_to_be_unknown() -> None:
    run = CliRunner().invoke(app, ["attacks", "--problem", "llm.rag.wrong_chunk"])
    assert run.exit_code == 1
    assert "There is no problem llm.rag.wrong_chunk. An id looks like " in run.output


@pytest.mark.slow
def test_the_table_in_the_docs_is_what_the_command_prints(pytestconfig: pytest.Config) -> None:
    run = CliRunner().invoke(app, ["attacks"])
    assert run.exit_code == 0, run.output
    if pytestconfig.getoption("--golden"):
        page = DOCS.read_text(encoding="utf-8")
        old = page[page.index("| attack |") : page.index(").", page.index("Honest exemplars flagged")) + 2]
        DOCS.write_text(page.replace(old, run.output.strip()), encoding="utf-8")
    assert run.output.strip() in DOCS.read_text(encoding="utf-8"), (
        "pytest -m slow tests/grading/test_attacks.py --golden"
    )
