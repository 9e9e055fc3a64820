"""What is known about the roles: faults are named with their remedy, and nothing without source and date loads."""

from __future__ import annotations

import json
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from typer.testing import CliRunner

from bot.catalogue import content_folder, load
from bot.catalogue.check import check
from bot.catalogue.landscape import Landscape
from bot.catalogue.landscape_files import landscape_files, read_landscape
from bot.catalogue.market import Pay
from bot.catalogue.schema import Kind, schema_file, schema_text
from bot.cli.check import app
from bot.errors import RolecallError
from bot.model import Role
from tests.catalogue.conftest import PROBLEM, plant

TODAY = date(2026, 11, 21)
PLANTED = yaml.safe_load((Path(__file__).parent / "planted_landscape.yaml").read_text(encoding="utf-8"))


def said(path: Path, today: date = TODAY) -> list[str]:
    return [str(fault) for fault in check(path, today).faults]


def run(*arguments: str) -> tuple[int, list[str]]:
    """Exit code and lines of output."""
    result = CliRunner().invoke(app, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output.splitlines()


def read_here(folder: Path) -> Landscape:
    landscape, faults = read_landscape(folder, landscape_files(folder))
    assert faults == []
    assert landscape is not None
    return landscape


class TestFaults:
    def test_the_good_landscape_has_none(self, landscape: Path) -> None:
        assert said(landscape) == []

    @pytest.mark.parametrize("planted", PLANTED, ids=[p["fault"] for p in PLANTED])
    def test_a_planted_fault_is_named_with_its_remedy(self, landscape: Path, planted: dict[str, Any]) -> None:
        plant(planted["instead_of"], planted["write"], landscape / planted["file"])
        assert planted["says"]
        assert said(landscape) == planted["says"]

    @pytest.mark.parametrize("name", ["market.yaml", "programmes/role_landscape.yaml", "roles/mle.yaml"])
    def test_a_missing_file(self, landscape: Path, name: str) -> None:
        (landscape / name).unlink()
        line = f"content/{name}:1: file: is missing: write it, or restore it from version control"
        assert line in said(landscape)
        assert read_landscape(landscape, landscape_files(landscape))[0] is None

    @pytest.mark.parametrize(
        ("name", "text", "line"),
        [
            (
                "roles/ml_engineer.yaml",
                "schema: 1\n",
                "1: file: “ml_engineer” is not one of the six roles: did you mean `ai_engineer`?",
            ),
            ("roles/mle.yml", "schema: 1\n", "1: file: is not in the place of a role: move it to roles/<role>.yaml"),
            ("pages/a/b.yaml", "schema: 1\n", "1: file: is not in the place of a page: move it to pages/<page>.yaml"),
            (
                "programmes/other.yaml",
                "schema: 1\n",
                "1: file: is not read: the ladder of days is programmes/role_landscape.yaml",
            ),
            ("pages/empty.yaml", "", "1: file: is empty: write the fields, or delete the file"),
            (
                "pages/list.yaml",
                "- a\n",
                "1: file: holds no fields: write `name: value` lines, beginning with `schema: 1`",
            ),
            ("sources.yaml", "- a\n", "1: file: holds no fields: write `name: value` lines"),
        ],
    )
    def test_a_file_is_never_skipped_silently(self, landscape: Path, name: str, text: str, line: str) -> None:
        file = landscape / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        assert f"content/{name}:{line}" in said(landscape)

    def test_a_profile_whose_weights_are_all_nothing(self, landscape: Path) -> None:
        file = landscape / "roles/mle.yaml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("weight: 1", "weight: 0").replace("weight: 3", "weight: 0"), encoding="utf-8")
        assert said(landscape) == [
            "content/roles/mle.yaml:21: profile.skills: no skill has a weight: "
            "give what its loop tests a weight above 0"
        ]

    def test_a_page_may_open_the_list_that_it_is_called_like(self, landscape: Path) -> None:
        (landscape / "pages/growth.yaml").rename(landscape / "pages/emerging.yaml")
        plant("id: growth", "id: emerging", landscape / "pages/emerging.yaml")
        plant("see: [growth, ", "see: [emerging, ", landscape / "pages/pay.yaml")
        assert said(landscape) == []

    def test_a_file_that_cannot_be_read_is_the_only_fault(self, landscape: Path) -> None:
        plant("schema: 1\n", "schema: 1\n  : [\n", landscape / "figures.yaml")
        assert len(said(landscape)) == 1

    @pytest.mark.parametrize(
        ("today", "file", "line"),
        [
            (date(2027, 12, 1), "figures.yaml", None),
            (
                date(2028, 1, 31),
                "figures.yaml",
                "content/figures.yaml:6: warning: figures.4.as_of: is 13 months old: "
                "see whether it still holds, and date it again",
            ),
            (
                date(2028, 7, 31),
                "figures.yaml",
                "content/figures.yaml:6: figures.4.as_of: is 19 months old: look it up again and write the new date",
            ),
            (
                date(2028, 7, 31),
                "salaries.yaml",
                "content/salaries.yaml:8: pay.3.as_of: is 19 months old: look it up again and write the new date",
            ),
            (
                date(2028, 7, 31),
                "frameworks.yaml",
                "content/frameworks.yaml:3: warning: frameworks.contrast.as_of: is 19 months old: "
                "see whether it still holds, and date it again",
            ),
        ],
    )
    def test_facts_grow_old(self, landscape: Path, today: date, file: str, line: str | None) -> None:
        plant("as_of: 2026-05-01", "as_of: 2026", landscape / "figures.yaml")
        lines = [text for text in said(landscape, today) if text.startswith(f"content/{file}")]
        assert line in lines if line else lines == []


class TestLoading:
    def test_the_shipped_landscape_is_complete(self) -> None:
        landscape = load().landscape
        assert list(landscape.roles) == list(Role)
        for one, other in combinations(Role, 2):
            assert landscape.contrast(one, other) is landscape.contrast(other, one)
            assert set(landscape.contrast(one, other).between) == {one, other}
        for page in landscape.pages.values():
            assert set(page.figures) <= set(landscape.figures)
        assert all(figure.source in landscape.sources for figure in landscape.figures.values())

    def test_a_folder_without_roles_takes_those_that_ship(self, content: Path, tmp_path: Path) -> None:
        assert load(content, cache=tmp_path / "cache").landscape == load(cache=tmp_path / "cache").landscape

    def test_a_folder_with_roles_has_its_own(self, landscape: Path, tmp_path: Path) -> None:
        loaded = load(landscape, cache=tmp_path / "cache")
        assert list(loaded.landscape.pages) == ["growth", "pay"]
        assert loaded.landscape == load(landscape, cache=tmp_path / "cache").landscape == read_here(landscape)

    def test_a_changed_file_is_read_again(self, landscape: Path, tmp_path: Path) -> None:
        cache = tmp_path / "cache"
        assert load(landscape, cache=cache).landscape.pages["growth"].title == "How the market grows"
        plant("title: How the market grows", "title: Growth", landscape / "pages/growth.yaml")
        assert load(landscape, cache=cache).landscape.pages["growth"].title == "Growth"
        (landscape / "roles/mle.yaml").unlink()
        with pytest.raises(RolecallError, match=r"roles/mle\.yaml:1: file: is missing"):
            load(landscape, cache=cache)

    @pytest.mark.parametrize(
        ("field", "words"),
        [
            ("source: survey", "states no source, and without one no fact is loaded"),
            ("as_of: 2026", "has no date, and without one no fact is loaded"),
        ],
    )
    def test_a_record_without_source_or_date_does_not_load(
        self, landscape: Path, tmp_path: Path, field: str, words: str
    ) -> None:
        name = field.partition(":")[0]
        file = landscape / "salaries.yaml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(f", {field}", "", 1), encoding="utf-8")
        with pytest.raises(RolecallError) as error:
            load(landscape, cache=tmp_path / "cache")
        assert str(error.value).startswith(
            f"The content has one fault: salaries.yaml:6: pay.1.{name}: {words}: add `{name}:`"
        )
        assert read_landscape(landscape, landscape_files(landscape))[0] is None

    def test_nothing_can_be_changed(self, landscape: Path) -> None:
        known = read_here(landscape)
        with pytest.raises(ValidationError):
            known.salaries.pay[0].low = 1  # type: ignore[misc]
        with pytest.raises(ValidationError):
            Pay.model_validate(known.salaries.pay[0].model_dump(exclude={"source"}))


class TestCommand:
    def test_the_summary_counts_roles_and_pages(self, landscape: Path) -> None:
        assert run("content", "content", "--no-grader") == (
            0,
            ["1 problem, 6 roles, 2 pages: no faults, no warnings."],
        )

    @pytest.mark.parametrize(
        ("name", "counted"),
        [("roles/mle.yaml", "1 role"), ("pages/growth.yaml", "1 page"), ("market.yaml", "1 file")],
    )
    def test_a_single_file(self, landscape: Path, name: str, counted: str) -> None:
        plant("schema: 1", "schema: 2", landscape / "pages/pay.yaml")
        assert run("content", f"content/{name}") == (0, [f"{counted}: no faults, no warnings."])
        plant("schema: 1", "schema: 2", landscape / name)
        line = f"content/{name}:1: schema: “2” is not known: write `1`"
        assert run("content", f"content/{name}") == (1, [line, f"{counted}: 1 fault, no warnings."])

    def test_a_page_outside_a_content_folder_is_seen_beside_the_shipped_ones(self, tmp_path: Path) -> None:
        draft = tmp_path / "pages/my_page.yaml"
        draft.parent.mkdir()
        draft.write_text("schema: 1\nid: my_page\ntitle: Mine\ntext: There are 9,876 of them.\nsee: [mle]\n")
        assert [str(fault).removeprefix(tmp_path.as_posix()) for fault in check(draft, TODAY).faults] == [
            "/pages/my_page.yaml:4: text: no figure of it holds the number 9,876: "
            "name under `figures` the one in figures.yaml that does, or leave the number out"
        ]

    def test_a_problem_beside_roles_is_still_checked_alone(self, landscape: Path) -> None:
        plant("schema: 1", "schema: 2", landscape / "pages/pay.yaml")
        assert run("content", str(PROBLEM), "--no-grader") == (0, ["1 problem: no faults, no warnings."])

    def test_copied_words(self, landscape: Path, tmp_path: Path) -> None:
        texts = tmp_path / "texts"
        texts.mkdir()
        (texts / "book.txt").write_text("They say: Few places so far, come from one of the near roles!")
        code, lines = run("content", "content", "--no-grader", "--against", str(texts))
        assert (code, lines) == (
            1,
            [
                "content/emerging.yaml:7: roles.safety_engineer.viability: “few places so far come from one of” "
                "stands in book.txt too: say it in your own words",
                "1 problem, 6 roles, 2 pages: 1 fault, no warnings.",
            ],
        )

    @pytest.mark.parametrize("kind", list(Kind))
    def test_the_committed_schemas_are_current(self, kind: Kind) -> None:
        assert schema_file(content_folder(), kind).read_text(encoding="utf-8") == schema_text(kind)

    def test_the_schema_of_a_page_is_printed(self) -> None:
        code, lines = run("schema", "page")
        assert code == 0
        assert "text" in json.loads("\n".join(lines))["required"]
