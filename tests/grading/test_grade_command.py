"""`rolecall grade` for authors and programs."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from bot.catalogue import load
from bot.cli.grade import grade
from bot.errors import RolecallError

PROBLEM = load().problems[next(iter(load().problems))]


def _run(answer: str, capsys: pytest.CaptureFixture[str], as_json: bool = True, recall: str | None = None) -> str:
    grade(str(PROBLEM.id), answer, as_json, "v1", recall, None)
    return capsys.readouterr().out


def test_json_holds_every_verdict_and_quotes_that_stand_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strong = next(e for e in PROBLEM.exemplars if e.band == "strong_hire")
    file = tmp_path / "answer.txt"
    file.write_text(strong.text, encoding="utf-8")
    report = json.loads(_run(str(file), capsys))
    assert report["problem"] == PROBLEM.id
    assert report["band"] == "strong_hire"
    assert [v["criterion"] for v in report["verdicts"]] == [c.id for c in PROBLEM.criteria]
    quotes = [v["quote"] for v in report["verdicts"] if v["quote"]]
    assert quotes
    assert all(strong.text[q["start"] : q["end"]] == q["text"] for q in quotes)
    assert set(report) == {
        "problem", "version", "grader", "band", "lowest", "highest", "provisional", "score", "flags", "verdicts",
        "misconceptions",
    }  # fmt: skip


def test_words_for_people_and_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"I don't know")))
    out = _run("-", capsys, as_json=False)
    assert PROBLEM.title in out
    assert "no_hire" in out


def test_a_recall_is_graded_on_its_own_criteria(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = PROBLEM.recall[0]
    file = tmp_path / "answer.txt"
    file.write_text("I am not sure about this one.", encoding="utf-8")
    report = json.loads(_run(str(file), capsys, recall=str(asked.concept)))
    assert [v["criterion"] for v in report["verdicts"]] == list(asked.criteria)


def test_what_cannot_be_graded_is_said_plainly(tmp_path: Path) -> None:
    def refused(
        content: bytes | None, problem: str = str(PROBLEM.id), variant: str = "v1", recall: str | None = None
    ) -> str:
        file = tmp_path / "answer.txt"
        if content is None:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(content)
        with pytest.raises(RolecallError) as error:
            grade(problem, str(file), True, variant, recall, None)
        return str(error.value)

    assert "No such file" in refused(None)
    assert "binary" in refused(b"\0\1\2")
    assert "UTF-8" in refused(b"\xff\xfe\xfa")
    assert "empty" in refused(b" \n")
    assert str(PROBLEM.id) in refused(b"text", problem=str(PROBLEM.id) + "x")
    assert "check content" in refused(b"text", problem="?")
    assert "variant" in refused(b"text", variant="v77")
    assert "recall" in refused(b"text", recall="nobody.knows.this")
