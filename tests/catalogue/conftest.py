"""A small content folder without a fault, to copy and to spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

GOOD = Path(__file__).parent / "content"
LANDSCAPE = Path(__file__).parent / "landscape"
"""What a content folder holds about roles, small but complete."""
PROBLEM = Path("content/problems/ops.incident/bad_deploy.yaml")
"""The one problem of the good folder, as seen from a test's working folder."""


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`content`, a copy of the good folder in the working folder of the test."""
    shutil.copytree(GOOD, tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    return Path("content")


@pytest.fixture
def landscape(content: Path) -> Path:
    """`content` with role knowledge of its own."""
    shutil.copytree(LANDSCAPE, content, dirs_exist_ok=True)
    return content


def plant(instead_of: str, write: str, file: Path = PROBLEM) -> None:
    """Change the first occurrence of a text in a file."""
    text = file.read_text(encoding="utf-8")
    assert instead_of in text
    file.write_text(text.replace(instead_of, write, 1), encoding="utf-8")
