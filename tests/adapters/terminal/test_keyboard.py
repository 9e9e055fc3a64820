"""A person at a keyboard: line editing, forms, the editor, and the ways out."""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path

import pexpect
import pytest

from adapters.terminal import keyboard
from bot.errors import RolecallError

# A child of a program with threads may deadlock in theory; pexpect's child runs another program at once.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def sit_down(folder: Path, *options: str, **env: str) -> pexpect.spawn[str]:
    return pexpect.spawn(
        sys.executable,
        ["-m", "bot", "play", "--as", "Ana", *options],
        cwd=str(folder),
        env=os.environ
        | {
            "XDG_DATA_HOME": str(folder),
            "TERM": "xterm-256color",
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "INPUTRC": os.devnull,
        }
        | env,
        encoding="utf-8",
        dimensions=(50, 90),
        timeout=20,
    )


def see(child: pexpect.spawn[str], words: str) -> str:
    """Waits for words on the screen; returns what came before them, without colours."""
    child.expect_exact(words)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", str(child.before))


def test_from_the_welcome_to_settings_and_out(tmp_path: Path) -> None:
    child = sit_down(tmp_path)
    assert "Type start for your first question." in see(child, "Ana> ")
    child.sendline("start")
    assert "╭" in see(child, "[4]")
    child.sendline("1")
    see(child, "An empty line ends it; e alone opens your editor.")
    see(child, "| ")
    child.sendline("A model that never flags anything")
    see(child, "| ")
    child.sendline("is right 99 times of 100.")
    see(child, "| ")
    child.sendline("")
    assert "You said: “" in see(child, "[2]")
    child.sendline("settings")
    see(child, "[Ana]> ")
    child.sendline("")
    see(child, "[UTC]> ")
    child.sendcontrol("c")
    see(child, "You left the form. Nothing was changed.")
    see(child, "Ana> ")
    child.sendcontrol("d")
    see(child, "See you soon.")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.parametrize("way", ["quit", "ctrl-c"])
def test_the_other_ways_out(tmp_path: Path, way: str) -> None:
    child = sit_down(tmp_path)
    see(child, "Ana> ")
    if way == "quit":
        child.sendline("quit")
    else:
        child.sendcontrol("c")
    rest = see(child, "See you soon.")
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 0
    assert "Traceback" not in rest


def test_the_editor_writes_the_answer(tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 'Written in the editor:\\nit flags nothing.\\n' > \"$1\"\n")
    editor.chmod(0o755)
    child = sit_down(tmp_path, VISUAL=str(editor))
    see(child, "Ana> ")
    child.sendline("start")
    see(child, "[4]")
    child.sendline("e")
    see(child, "I will ask again")
    child.sendline("me export")
    see(child, "Written in the editor:")
    child.close()


@pytest.mark.parametrize("options", [["--plain"], []], ids=["plain", "readline"])
def test_lines_pasted_without_marks_are_one_answer(tmp_path: Path, options: list[str]) -> None:
    inputrc = tmp_path / "inputrc"
    inputrc.write_text("set enable-bracketed-paste off\n")
    child = sit_down(tmp_path, *options, INPUTRC=str(inputrc))
    see(child, "Ana> ")
    child.sendline("start")
    see(child, "[4]")
    see(child, "Ana> ")
    child.send("A model that never flags anything\nis right 99 times of 100.\n\nIt finds no fraud.\n")
    see(child, "[2]")
    see(child, "Ana> ")
    child.sendline("me export")
    exported = re.sub(r"[\s│]", "", see(child, "Ana> "))
    child.close()

    assert r"Amodelthatneverflagsanything\nisright99timesof100.\n\nItfindsnofraud." in exported


def test_plain_sends_no_control_codes(tmp_path: Path) -> None:
    child = sit_down(tmp_path, "--plain")
    child.expect_exact("Ana> ")
    before = str(child.before)
    child.sendline("start")
    child.expect_exact("Ana> ")
    before += str(child.before)
    child.close()

    assert "\x1b" not in before
    assert "╭" not in before


def test_tab_completes_a_command(tmp_path: Path) -> None:
    child = sit_down(tmp_path)
    see(child, "Ana> ")
    child.send("prog\t\r")
    see(child, "Nothing to show yet")
    child.close()


def test_lines_end_only_at_line_feeds_and_carriage_returns() -> None:
    read = keyboard.from_stream(io.StringIO("one\u2028still one\x0b\ntwo\r\n\nthree"))

    assert [read("") for _ in range(4)] == ["one\u2028still one\x0b", "two", "", "three"]
    with pytest.raises(EOFError):
        read("")


@pytest.mark.parametrize("command", ["/nowhere/editor", "false", "unclosed 'quote"])
def test_an_editor_that_does_not_work_says_what_to_do(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("VISUAL", command)

    with pytest.raises(RolecallError, match="Set EDITOR, or type your text here"):
        keyboard.edit("begun")


def test_an_editor_gets_what_was_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "sed -i s/begun/ended/")

    assert keyboard.edit("begun, with ümlauts") == "ended, with ümlauts"
