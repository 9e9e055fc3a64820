"""`rolecall eval` as somebody who compares graders uses it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.errors import RolecallError

FILE = Path(__file__).parent / "labelled.jsonl"
KEYS = {
    "n", "questions", "accuracy", "macro_f1", "qwk", "two_band_flips", "kappa", "ece", "coverage", "ci", "p50_ms",
    "p95_ms",
}  # fmt: skip


def run(*options: str, data: Path = FILE) -> str:
    done = CliRunner().invoke(app, ["eval", "--data", str(data), *options])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def measured(*options: str, data: Path = FILE) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("--json", *options, data=data))
    return found


def test_json_holds_the_grader_and_both_baselines_under_the_same_keys() -> None:
    found = measured()
    assert set(found) == KEYS | {"majority", "majority_per_question"}
    for column in (found, found["majority"], found["majority_per_question"]):
        assert set(column) >= KEYS
        assert (column["n"], column["questions"]) == (24, 4)
        assert list(column["coverage"]) == ["100", "80", "60", "40", "20"]
        assert column["coverage"]["100"] == column["accuracy"]
        assert set(column["ci"]) == {"accuracy", "macro_f1", "qwk", "two_band_flips", "kappa", "ece"}
    assert found["majority"]["qwk"] == found["majority"]["kappa"] == 0
    assert found["majority"]["ece"] is found["majority"]["p50_ms"] is None
    assert 0 < found["p50_ms"] <= found["p95_ms"]


def test_the_default_grader_does_better_than_guessing() -> None:
    found = measured()
    assert found["qwk"] > 0.3
    assert found["macro_f1"] > found["majority"]["macro_f1"]
    assert found["kappa"] > found["majority_per_question"]["kappa"]


def test_the_same_seed_gives_the_same_figures_and_another_one_other_exemplars() -> None:
    def figures(seed: str) -> dict[str, Any]:
        found = measured("--exemplars", "2", "--seed", seed)
        return {key: value for key, value in found.items() if not key.endswith("_ms")}

    assert figures("1") == figures("1")
    assert any(figures("1") != figures(seed) for seed in "234")


def test_exemplars_are_not_tested() -> None:
    assert measured("--exemplars", "2")["n"] == 24 - 4 * 2


def test_answers_that_are_right_or_wrong_have_no_bands(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    file = tmp_path / "right.jsonl"
    plain = [
        {**{k: v for k, v in row.items() if k not in {"band", "criteria"}}, "correct": row["band"] == 2} for row in rows
    ]
    file.write_text("\n".join(map(json.dumps, plain)), encoding="utf-8")
    found = measured(data=file)
    assert found["qwk"] is found["two_band_flips"] is found["kappa"] is None
    assert found["macro_f1"] > found["majority"]["macro_f1"]


def test_the_table_names_the_oracle_and_the_command_that_repeats_it() -> None:
    out = run("--exemplars", "1", "--seed", "9")
    title = next(line for line in out.splitlines() if "majority" in line)
    assert title.split() == ["grader", "majority", "majority", "per", "question*"]
    assert "an oracle, it has seen the labels it is tested on" in out
    assert "confident errors per 100 decided" in out
    repeat = shlex.split(out.splitlines()[-1].removeprefix("Repeat: rolecall "))
    again = CliRunner().invoke(app, repeat).stdout
    assert [line for line in again.splitlines() if "time" not in line] == [
        line for line in out.splitlines() if "time" not in line
    ]


def test_a_grader_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(RolecallError, match="There is no grader “oracle”"):
        run("--grader", "oracle")


def test_a_language_model_that_is_not_set_up_is_said_plainly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ROLECALL_LLM_MODEL", raising=False)
    with pytest.raises(RolecallError, match="No language model is set up"):
        run("--grader", "llm")
