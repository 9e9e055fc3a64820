"""The example of the settings file names every setting there is, and no other, and all of it can be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import Settings

EXAMPLE = (Path(__file__).parents[1] / ".env.example").read_text(encoding="utf-8")


def test_it_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^# ROLECALL_(\w+)=", EXAMPLE, re.MULTILINE)

    assert sorted(name.lower() for name in named) == sorted(Settings.model_fields)


def test_its_lines_are_read_as_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = re.findall(r"^# (ROLECALL_\w+=.+)$", EXAMPLE, re.MULTILINE)
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    settings = Settings()

    assert settings.review_threshold == 0.91
    assert settings.llm_daily_calls_member == 40
