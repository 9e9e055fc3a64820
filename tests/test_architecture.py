"""Promises about the code itself: where time and chance enter, sizes, names, and what adapters may say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(p for folder in ("bot", "adapters") for p in (ROOT / folder).rglob("*.py"))
RULES = {
    "memory.py",
    "picking.py",
    "rubric.py",
    "fields.py",
    "quiet.py",
    "matching.py",
    "sheet.py",
    "evidence.py",
    "questions.py",
}
RULES |= {"audience.py", "claims.py", "lending.py", "peers.py", "points.py", "ruling.py"}
RULES |= {"reminder_fields.py", "dates.py"}
RULES |= {"repeats.py", "cohort_fields.py", "roster_list.py", "weeks.py", "standings.py", "prompt_choice.py"}
RULES |= {
    "prompt_settings.py",
    "outlook.py",
    "anonymous.py",
    "report_rules.py",
    "report_csv.py",
    "decoding.py",
    "assessing.py",
}
WORDS = {"knowledge.py", "reading.py", "paging.py"}
"""Besides all whose name ends in words.py."""
RULES_AND_WORDS = [
    p
    for p in SOURCES
    if p.parent.name == "grading"
    or (p.parent.name != "store" and (p.name in RULES | WORDS or p.name.endswith("words.py")))
]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_time_and_chance_enter_as_arguments(path: Path) -> None:
    if name(path) == "bot/cli/compose.py":
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            called = ast.unparse(node)
            assert not re.search(r"\b(datetime|date)\.(now|utcnow|today)$|^time\.(time|time_ns)$", called), (
                f"{name(path)}:{node.lineno} reads the clock"
            )
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            assert not {"random", "secrets", "uuid", "pickle"} & set(modules), f"{name(path)}:{node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_module_is_past_five_hundred_lines_and_no_adapter_file_past_three_hundred(path: Path) -> None:
    most = 300 if "adapters" in path.parts else 500
    assert len(path.read_text().splitlines()) <= most


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_names_say_what_things_are(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef):
            assert not re.search(r"(Manager|Service|Handler|Helper|Base|Abstract|Utils?)$", node.name), node.name
        if isinstance(node, ast.Name | ast.arg) and "adapters" not in path.parts:
            identifier = node.id if isinstance(node, ast.Name) else node.arg
            assert identifier not in {"ts", "snowflake", "block_kit", "embed"}, f"{name(path)}:{node.lineno}"


@pytest.mark.parametrize("path", [p for p in SOURCES if "adapters" in p.parts], ids=name)
def test_adapters_know_no_role_and_no_rubric(path: Path) -> None:
    text = path.read_text().lower()
    for word in ("rubric", "criterion", "mlops", "data_scientist", "strong_hire", "no hire"):
        assert word not in text, word


@pytest.mark.parametrize("path", RULES_AND_WORDS, ids=name)
def test_rules_and_words_look_nothing_up(path: Path) -> None:
    imported = [n.module or "" for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom)]
    allowed = {"bot.store.delivery", "bot.store.statistics"}  # a row of the outbox and a history are values
    found = [m for m in imported if m.startswith(("bot.store", "bot.settings", "sqlalchemy")) and m not in allowed]
    assert not found


@pytest.mark.parametrize("path", [p for p in SOURCES if p.read_text().strip()], ids=name)
def test_every_module_says_what_it_decides(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), f"{name(path)} has no docstring"


def test_only_settings_reads_the_environment() -> None:
    """But for what a terminal says of itself: its kind, and the person's editor."""
    readers = [name(p) for p in SOURCES if re.search(r"os\.environ|os\.getenv", p.read_text())]
    assert set(readers) <= {"bot/settings.py", "bot/cli/play.py", "adapters/terminal/keyboard.py"}
