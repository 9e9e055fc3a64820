"""`rolecall match`: sheets in, one object each out; a bad sheet is named with its place and remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli.app import app
from bot.errors import RolecallError

HERE = Path(__file__).parent
ONE = yaml.safe_load((HERE / "personas.yaml").read_text(encoding="utf-8"))["personas"][0]


def run(file: Path, *options: str) -> str:
    done = CliRunner().invoke(app, ["match", "--answers", str(file), *options])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def spoiled(tmp_path: Path, **answers: Any) -> Path:
    file = tmp_path / "sheets.yaml"
    file.write_text(yaml.safe_dump([{"id": "x", "answers": ONE["answers"] | answers}]), encoding="utf-8")
    return file


def test_each_sheet_gives_an_object_whose_contributions_sum_to_the_total() -> None:
    found = json.loads(run(HERE / "personas.yaml", "--json"))
    assert len(found) == 28
    for sheet in found:
        assert set(sheet) == {"id", "ranking", "margin", "advice", "gaps", "not_this", "flip"}
        assert len(sheet["ranking"]) == 6
        for role in sheet["ranking"]:
            assert set(role) == {"role", "total", "fit", "readiness", "weeks", "contributions"}
            assert sum(role["contributions"].values()) == pytest.approx(role["total"], abs=0.1)


def test_a_plain_list_is_read_too_and_words_name_the_two_roles(tmp_path: Path) -> None:
    assert run(spoiled(tmp_path)).startswith("x: ai_engineer ")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"interest_least": "product"}, "interest_least and interest_first are both “product”"),
        ({"in_mind": "wizard"}, "in_mind cannot be “wizard”. Choose one of ai_engineer"),
        ({"hours_per_week": 0}, "hours_per_week cannot be 0: give a number more than 0 and at most 80"),
        ({"months": -1}, "months cannot be -1: give a number more than 0"),
        ({"months": "soon"}, "months: “soon” is not a number"),
        ({"skills": ONE["answers"]["skills"] | {"swe": 7}}, "skills.swe cannot be “7”. Give a level: 0, 1, 2, 3 or 4"),
        ({"skills": {"swe": 1}}, "skills.llm_apps is missing"),
        ({"favourite": "blue"}, "There is no answer called “favourite”"),
    ],
)
def test_a_bad_answer_is_named_with_its_sheet_and_the_remedy(
    tmp_path: Path, answers: dict[str, Any], said: str
) -> None:
    with pytest.raises(RolecallError) as refused:
        run(spoiled(tmp_path, **answers))
    assert "sheet 1 (x)" in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "it holds no sheets"),
        ("- {id: a}", "sheet 1 has no `answers`"),
        ("a: [", "sheets.yaml:2: "),
    ],
)
def test_a_file_without_sheets_says_what_to_write(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "sheets.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RolecallError) as refused:
        run(file)
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(RolecallError, match="No such file"):
        run(tmp_path / "none.yaml")
