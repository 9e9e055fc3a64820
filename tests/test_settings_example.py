"""The example of the settings file names every setting there is, and no other, and all of it can be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import RolecallError
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

    assert settings.resend_uncertain is True
    assert settings.review_threshold == 0.91
    assert settings.llm_daily_calls_member == 40


def test_every_line_is_explained() -> None:
    """What a setting does stands above it, or above its twin: a pair shares an explanation."""
    lines = EXAMPLE.splitlines()
    settings = [n for n, line in enumerate(lines) if re.match(r"# ROLECALL_\w+=", line)]

    for n in settings:
        above = lines[n - 1] if n - 1 not in settings else lines[n - 2]
        assert re.match(r"# [A-Za-z]", above), f"{lines[n]} is not explained"
        assert "ROLECALL_" not in above, f"{lines[n]} is not explained"


def test_settings_that_cannot_be_read_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that this user may not read; here one that nobody can, since root may read all others."""
    (tmp_path / ".env").symlink_to("/proc/self/mem")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(RolecallError, match=r"The settings in \.env cannot be read: .* Let this user read that file"):
        Settings()


def test_an_env_file_that_is_no_text_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_bytes("ROLECALL_DATABASE=r.db".encode("utf-16"))
    monkeypatch.chdir(tmp_path)

    with pytest.raises(RolecallError, match=r"The file \.env is not plain text in UTF-8"):
        Settings()
