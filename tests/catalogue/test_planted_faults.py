"""Every planted fault is reported in exactly these words, with file, line, field and remedy, and nothing else is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.catalogue.check import check
from tests.catalogue.conftest import PROBLEM, plant

TODAY = date(2026, 11, 21)
PLANTED = yaml.safe_load((Path(__file__).parent / "planted.yaml").read_text(encoding="utf-8"))


def said(content: Path, today: date = TODAY) -> list[str]:
    return [str(fault) for fault in check(content, today).faults]


def test_the_good_problem_has_no_fault(content: Path) -> None:
    assert said(content) == []


@pytest.mark.parametrize("planted", PLANTED, ids=[p["fault"] for p in PLANTED])
def test_a_planted_fault_is_named_with_its_remedy(content: Path, planted: dict[str, Any]) -> None:
    plant(planted["instead_of"], planted["write"])
    assert said(content) == planted["says"]


def test_all_faults_of_a_folder_come_at_once(content: Path) -> None:
    plant("round: unique", "round: uniqe")
    plant("difficulty: 2", "difficulty: 9")
    plant("ops.incident.timeline: Keeping", "ops.incidnt.timeline: Keeping", content / "concepts/ops.yaml")
    assert said(content) == [
        "content/concepts/ops.yaml:2: ops.incidnt.timeline: there is no topic “ops.incidnt”: "
        "did you mean `ops.incident`?",
        "content/problems/ops.incident/bad_deploy.yaml:9: tags.round: “uniqe” is not known: did you mean `unique`?",
        "content/problems/ops.incident/bad_deploy.yaml:13: tags.difficulty: 9 is out of range: "
        "write a number of at most 5",
    ]


def test_a_draft_needs_the_right_shape_only(content: Path) -> None:
    other = content / "problems/ops.incident/second.yaml"
    other.write_bytes(PROBLEM.read_bytes())
    plant("id: ops.incident.bad_deploy", "id: ops.incident.second", other)
    plant("status: live", "status: draft", other)
    plant("reference_span: roll back", "reference_span: go back", other)
    assert said(content) == []
    plant("round: unique", "round: uniqe", other)
    assert said(content) == [
        "content/problems/ops.incident/second.yaml:9: tags.round: “uniqe” is not known: did you mean `unique`?"
    ]


def test_there_is_one_warm_up(content: Path) -> None:
    other = content / "problems/ops.incident/second.yaml"
    other.write_bytes(PROBLEM.read_bytes())
    plant("id: ops.incident.bad_deploy", "id: ops.incident.second", other)
    assert said(content) == [
        "content/problems/ops.incident/second.yaml:16: tags.warm_up: ops.incident.bad_deploy is the warm-up already: "
        "leave `warm_up` out of one of them"
    ]
    for file in (PROBLEM, other):
        plant("warm_up: true", "warm_up: false", file)
    assert said(content)[0] == (
        "content/problems:1: tags.warm_up: no live problem is the warm-up: "
        "write `warm_up: true` under the tags of the one that a newcomer is asked first"
    )


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (
            "problems/ops.incident/second.yml",
            "schema: 1",
            "content/problems/ops.incident/second.yml:1: file: is not in the place of a problem: "
            "move it to problems/<area>.<topic>/<name>.yaml",
        ),
        (
            "problems/second.yaml",
            "schema: 1",
            "content/problems/second.yaml:1: file: is not in the place of a problem: "
            "move it to problems/<area>.<topic>/<name>.yaml",
        ),
        (
            "problems/ops.incident/empty.yaml",
            "",
            "content/problems/ops.incident/empty.yaml:1: file: is empty: write the fields, or delete the file",
        ),
        (
            "problems/ops.incident/list.yaml",
            "- a\n- b\n",
            "content/problems/ops.incident/list.yaml:1: file: is not a problem: "
            "write `name: value` lines, beginning with `schema: 1`",
        ),
        (
            "problems/ops.incident/loop.yaml",
            "a: &a [*a]\n",
            "content/problems/ops.incident/loop.yaml:1: a: refers to itself: write the value out instead of `*name`",
        ),
        (
            "concepts/career.yaml",
            "ops.incident.people: Who does what\n",
            "content/concepts/career.yaml:1: ops.incident.people: is in the wrong file (career.yaml): "
            "move the line to concepts/ops.yaml",
        ),
        (
            "concepts/career.yaml",
            "career.market.Pay: What is paid\n",
            "content/concepts/career.yaml:1: career.market.Pay: “Pay” is not the last part of an id: "
            "use lower-case letters, digits and underscores, as in llm.rag.chunking",
        ),
        (
            "concepts/career.yaml",
            f"career.market.pay: {'What is paid ' * 5}\n",
            "content/concepts/career.yaml:1: career.market.pay: the name has 64 characters, at most 50 are allowed: "
            "shorten it to a noun phrase",
        ),
        (
            "concepts/career.yaml",
            "career.market.pay:\n",
            "content/concepts/career.yaml:1: career.market.pay: has no name: write a short name, in quotes",
        ),
        (
            "topics.yaml",
            "ops: {name: Operations}\n",
            "content/topics.yaml:1: ops: has no name or no topics: write `{name: Its name, topics: {topic: Its name}}`",
        ),
    ],
)
def test_a_file_is_never_skipped_silently(content: Path, path: str, text: str, line: str) -> None:
    (content / path).write_text(text, encoding="utf-8")
    assert line in said(content)


def test_a_file_that_is_not_text_is_named(content: Path) -> None:
    (content / "problems/ops.incident/photo.yaml").write_bytes(b"schema: 1\ntitle: caf\xe9\n")
    assert said(content) == [
        "content/problems/ops.incident/photo.yaml:2: file: is not UTF-8 text: save the file with the encoding UTF-8"
    ]


def test_a_concept_without_a_problem_is_a_warning(content: Path) -> None:
    plant("Rolling back first", "Rolling back first\nops.incident.people: Who does what", content / "concepts/ops.yaml")
    assert said(content) == [
        "content/concepts/ops.yaml:2: warning: ops.incident.people: no problem has this concept: "
        "take the line out, or write one"
    ]


@pytest.mark.parametrize(
    ("topic", "today", "line"),
    [
        ("career.market", date(2027, 10, 1), None),
        (
            "career.market",
            date(2028, 1, 31),
            "warning: facts.1.as_of: “9 days to hire” is 13 months old: see whether it still holds, and date it again",
        ),
        (
            "career.market",
            date(2028, 7, 31),
            "facts.1.as_of: “9 days to hire” is 19 months old: look it up again and write the new date",
        ),
        ("ops.serving", date(2030, 1, 1), None),
    ],
)
def test_facts_about_the_market_grow_old(content: Path, topic: str, today: date, line: str | None) -> None:
    plant("topics: [ops.incident]", f"topics: [ops.incident, {topic}]")
    plant("facts:\n", 'facts:\n  - {text: "9 days to hire", source: a survey, as_of: 2026}\n')
    assert said(content, today) == ([f"{PROBLEM.as_posix()}:77: {line}"] if line else [])
