"""What the README shows is what the program does. `pytest tests/test_readme.py --golden` writes it anew."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from bot.door.command_table import COMMANDS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def agrees(part: str, text: str, golden: bool) -> None:
    """The README's part between its two marks is the text."""
    whole = README.read_text(encoding="utf-8")
    marked = re.compile(rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)", re.S)
    if golden:
        whole = marked.sub(lambda m: m[1] + text + m[2], whole)
        README.write_text(whole, encoding="utf-8")
    found = marked.search(whole)
    assert found, f"README.md has no part {part}"
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
