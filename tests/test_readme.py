"""What README and handbook show is what the program does. `pytest tests/test_readme.py --golden` writes it anew."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from adapters.slack.manifest import EVENTS, SCOPES
from bot.door.command_table import COMMANDS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def agrees(part: str, text: str, golden: bool, file: Path = README) -> None:
    """The file's part between its two marks is the text."""
    whole = file.read_text(encoding="utf-8")
    marked = re.compile(rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)", re.S)
    if golden:
        whole = marked.sub(lambda m: m[1] + text + m[2], whole)
        file.write_text(whole, encoding="utf-8")
    found = marked.search(whole)
    assert found, f"{file.name} has no part {part}"
    assert found[0] == f"<!-- {part} -->\n{text}<!-- /{part} -->"


def test_the_transcript_is_a_real_one(golden: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "play", "--script", "tests/readme_script.txt"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    agrees("transcript", f"```text\n{done.stdout.strip()}\n```\n", golden)


def test_the_command_table_is_the_programs_own(golden: bool) -> None:
    rows = "".join(f"| `{c.usage}` | {c.summary} |\n" for c in COMMANDS)
    agrees("commands", f"| command | what it does |\n|---|---|\n{rows}", golden)


def test_the_slack_handbook_explains_the_scopes_and_events_of_the_manifest(golden: bool) -> None:
    scopes = "".join(f"| `{name}` | {why} |\n" for name, why in SCOPES.items())
    events = "".join(f"| `{name}` | {why} |\n" for name, why in EVENTS.items())
    text = f"| scope | why |\n|---|---|\n{scopes}\n| event | when |\n|---|---|\n{events}"
    agrees("scopes", text, golden, ROOT / "docs" / "slack.md")
