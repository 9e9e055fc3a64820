"""What Dockerfile, compose files, unit and handbook name is there: commands, options, settings, extras, paths."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bot.cli.app import app
from bot.cli.run import PARTS
from bot.settings import Settings
from bot.store.session import open_store

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "rolecall.service").read_text(encoding="utf-8")
HANDBOOK = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
README = re.search(r"^## Host it\n.*?(?=^## )", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
COMPOSE = {name: yaml.safe_load((ROOT / name).read_text()) for name in ("compose.yaml", "compose.postgres.yaml")}
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
BUILT_HERE = [(file, name) for file, whole in COMPOSE.items() for name, s in whole["services"].items() if "build" in s]


UsageError = typer.BadParameter.__bases__[0]
"""Typer's own click has no public name for it."""


def understood(words: list[str]) -> None:
    """Parses a command line as the program would; UsageError for what it would refuse."""
    command: Any = typer.main.get_command(app)
    context = command.make_context("rolecall", list(words))
    while hasattr(command, "resolve_command"):
        name, command, words = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, words, parent=context)
    if command.name == "run" and not set(context.params["only"] or ()) <= set(PARTS):
        raise typer.BadParameter(f"--only takes {PARTS}")


def typed() -> list[str]:
    """Each line to be typed, of the README's section and of docs/hosting.md: in blocks, and between backquotes."""
    assert README
    lines: list[str] = []
    for block, inline in re.findall(r"^```sh\n(.*?)^```|`([^`]+)`", f"{README[0]}\n{HANDBOOK}", re.M | re.S):
        lines += block.splitlines() if block else [" ".join(inline.split())]
    return lines


CALLED = re.compile(r"(?:/bin/|(?<!exec )(?<![\w=/:-]))rolecall ([a-z][^&#>]*)")
"""The program with arguments; not its user, its service or its container."""


def test_every_command_that_is_to_be_typed_is_understood() -> None:
    commands = [shlex.split(found[1]) for line in typed() if (found := CALLED.search(line))]

    assert {"run", "doctor", "health", "db"} == {words[0] for words in commands}
    for words in commands:
        understood(words)


@pytest.mark.parametrize(
    "wrong", ["docter", "run --onyl ticker", "run --only tricker", "db upgrade now", "health --part x"]
)
def test_a_command_that_is_not_there_would_be_noticed(wrong: str) -> None:
    with pytest.raises(UsageError):
        understood(wrong.split())


def test_the_image_starts_commands_that_there_are() -> None:
    [start] = re.findall(r"^CMD (.+)$", DOCKERFILE, re.M)
    [health] = re.findall(r"^HEALTHCHECK .* CMD (.+)$", DOCKERFILE, re.M)

    assert re.findall(r"^ENTRYPOINT (.+)$", DOCKERFILE, re.M) == ['["rolecall"]']
    understood(json.loads(start))
    understood(json.loads(health)[1:])


def test_the_image_copies_what_the_wheel_is_built_of_and_nothing_else_gets_near_it() -> None:
    copied = {n for names in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M) for n in names.split()}
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())
    built = wheel["tool"]["hatch"]["build"]["targets"]["wheel"]
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert {
        *built["packages"],
        *built["force-include"],
        wheel["project"]["readme"],
        "LICENSE",
        "pyproject.toml",
    } == copied
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_runs_as_nobody_special_and_writes_only_to_its_volume() -> None:
    [user] = re.findall(r"^USER (.+)$", DOCKERFILE, re.M)
    places = re.findall(r"ROLECALL_\w+=(\S+)", DOCKERFILE)

    assert f"--uid {user} " in DOCKERFILE
    assert user != "0"
    assert all(place.startswith("/data/") for place in places)


def test_extras_that_are_installed_are_declared() -> None:
    named = re.findall(r"EXTRAS=([\w,]+)", DOCKERFILE + HANDBOOK)
    named += re.findall(r"EXTRAS:-(\w+)", json.dumps(COMPOSE)) + re.findall(r"'\.\[(\w+)\]'", "\n".join(typed()))

    assert {extra for names in named for extra in names.split(",")} <= set(EXTRAS)
    assert len(named) >= 5


def test_settings_that_are_named_are_settings() -> None:
    assert README
    files = (DOCKERFILE, UNIT, HANDBOOK, README[0], json.dumps(COMPOSE))

    named = {name.lower() for text in files for name in re.findall(r"\bROLECALL_([A-Z_]+[A-Z])\b", text)}

    assert {"database", "mailbox"} <= named <= set(Settings.model_fields)


@pytest.mark.parametrize(("file", "name"), BUILT_HERE)
def test_a_service_of_ours_starts_a_command_stops_gracefully_and_is_kept_small(file: str, name: str) -> None:
    service: dict[str, Any] = COMPOSE[file]["services"][name]

    understood(service.get("command", ["run"]))
    check = service.get("healthcheck", {}).get("test")
    if check:
        assert check[:2] == ["CMD", "rolecall"]
        understood(check[2:])
    assert int(service["stop_grace_period"].removesuffix("s")) > 10
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert service["volumes"] == ["data:/data"]
    assert set(service.get("depends_on", ())) <= set(COMPOSE[file]["services"])


def test_the_workers_of_the_larger_installation_are_a_ticker_and_two_senders() -> None:
    services = COMPOSE["compose.postgres.yaml"]["services"]

    assert services["ticker"]["command"] == ["run", "--only", "ticker"]
    assert services["ticker"].get("deploy") is None
    assert (services["sender"]["command"], services["sender"]["deploy"]["replicas"]) == (["run", "--only", "sender"], 2)
    assert services["migrate"]["command"] == ["db", "upgrade"]


def test_no_password_stands_in_a_file_and_none_is_assumed() -> None:
    passwords = [line for f in COMPOSE for line in (ROOT / f).read_text().splitlines() if "PASSWORD:" in line]

    assert passwords
    assert all("${POSTGRES_PASSWORD:?" in line for line in passwords)
    assert "POSTGRES_PASSWORD" not in (ROOT / "compose.yaml").read_text()  # or the small one would not start without


def test_the_containers_that_are_called_by_name_are_there() -> None:
    found = 0
    for line in typed():
        called = re.search(r"docker compose(?: -f (\S+))? (?:exec|attach|run(?: --rm)?|cp) (\w+)", line)
        if called:
            assert called[2] in COMPOSE[called[1] or "compose.yaml"]["services"], line
            found += 1
    assert found >= 6


def test_paths_that_are_linked_or_copied_are_there() -> None:
    assert README
    linked = re.findall(r"\]\(([^)#]+)[^)]*\)", README[0])
    linked += [f"docs/{path}" for path in re.findall(r"\]\(([^)#]+)[^)]*\)", HANDBOOK)]
    linked += re.findall(r"\bdeploy/\S+\.service|\.env\.example", "\n".join(typed()))

    assert len(linked) >= 5
    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_the_unit_starts_a_command_in_the_folder_of_its_settings() -> None:
    settings = dict(line.split("=", 1) for line in UNIT.splitlines() if re.match(r"[A-Z]\w+=", line))

    program, *words = settings["ExecStart"].split()
    assert f"python3 -m venv {program.removesuffix('/bin/rolecall')}" in "\n".join(typed())
    understood(words)
    assert f"{settings['WorkingDirectory']}/.env" in "\n".join(typed())
    assert f"ROLECALL_DATABASE=/var/lib/{settings['StateDirectory']}/rolecall.db" in "\n".join(typed())
    assert int(settings["TimeoutStopSec"]) > 10


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_knows_every_line_of_the_units(tmp_path: Path) -> None:
    [split] = [line for line in typed() if line.startswith("sed ")]
    parts = subprocess.run(shlex.split(split)[:3], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "ExecStart=/opt/rolecall/bin/rolecall run --only %i\n" in parts
    for name, unit in (("rolecall.service", UNIT), ("rolecall@ticker.service", parts)):
        file = tmp_path / name
        here = unit.replace("/opt/rolecall/bin/rolecall", sys.executable).replace("User=rolecall\n", "User=daemon\n")
        file.write_text(here)

        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", file], check=False, capture_output=True, text=True
        )

        assert [line for line in done.stderr.splitlines() if name in line] == []
        assert done.returncode == 0, done.stderr


def test_a_backup_is_a_database_that_opens(tmp_path: Path) -> None:
    """With Python, as in a container, while the database is open."""
    [line] = [line for line in typed() if "VACUUM INTO ?" in line]
    code = shlex.split(line)[-1].replace("/data/", f"{tmp_path}/")
    store = open_store(str(tmp_path / "rolecall.db"))

    subprocess.run([sys.executable, "-c", code], check=True)

    store.close()
    open_store(str(tmp_path / "copy.db"), upgrade=False, create=False).close()
    assert sqlite3.connect(tmp_path / "copy.db").execute("PRAGMA integrity_check").fetchone() == ("ok",)
