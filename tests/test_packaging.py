"""A wheel in a clean environment runs the main job from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = "start\nIt can say fine to everything, be right 99 % of the time and catch no fraud at all.\n"


@pytest.mark.slow
def test_a_wheel_installed_into_a_fresh_venv_plays_from_another_folder(tmp_path: Path) -> None:
    def run(*command: str | Path, **more: str) -> str:
        done = subprocess.run(
            [str(c) for c in command],
            cwd=tmp_path,
            input=more.get("input"),
            env={k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, ROOT)
    [wheel] = tmp_path.glob("rolecall-*.whl")
    top = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {t for t in top if not t.endswith(".dist-info")} == {"bot", "adapters"}

    run(sys.executable, "-m", "venv", tmp_path / "fresh")
    run(tmp_path / "fresh/bin/python", "-m", "pip", "install", "--quiet", wheel)
    told = run(tmp_path / "fresh/bin/rolecall", "play", "--script", "-", input=SCRIPT)

    assert "Strong Hire" in told
