"""Where typed lines come from: a keyboard with line editing, or a stream read to its end."""

from __future__ import annotations

import os
import select
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from bot.door.command_table import COMMANDS
from bot.errors import RolecallError

Reader = Callable[[str], str]
"""The next line, without its end, for the prompt that stands before it. Raises EOFError."""

PASTE_GAP = 0.02
"""Seconds: longer than between two pasted lines, shorter than anybody types one."""


def from_stream(stream: TextIO) -> Reader:
    """Lines as they come; only line feeds and carriage returns end one."""
    lines: Iterator[str] = iter(stream)

    def read(prompt: str) -> str:
        try:
            return next(lines).removesuffix("\n").removesuffix("\r")
        except StopIteration:
            raise EOFError from None

    return read


def from_keyboard(*, plain: bool) -> Reader:
    """Line editing, history and completion of commands; none of them in plain mode, which sends no control codes."""
    if plain:
        return input
    try:
        import readline
    except ImportError:  # Windows
        return input
    readline.set_completer(_complete)
    readline.set_completer_delims("")
    is_libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")

    def read(prompt: str) -> str:
        # The marks tell readline which characters take no room.
        return input(f"\001\x1b[1;36m\002{prompt}\001\x1b[0m\002")

    return read


def joining(read: Reader, is_text: Callable[[str], bool], is_more_waiting: Callable[[], bool]) -> Reader:
    """Makes one text of lines that arrive together, as from a paste that the terminal does not mark as one.

    Commands and what else `is_text` denies stay lines of their own; so does the empty line at the end.
    """
    held: list[str] = []

    def read_text(prompt: str) -> str:
        line = held.pop(0) if held else read(prompt)
        if not is_text(line):
            return line
        lines = [line]
        while not held and is_more_waiting():
            try:
                line = read("")
            except EOFError:
                break
            (lines if is_text(line) or not line.strip() else held).append(line)
        if not lines[-1].strip():
            held.insert(0, "")
        while not lines[-1].strip():
            lines.pop()
        return "\n".join(lines)

    return read_text


def is_more_waiting() -> bool:
    """Whether another line is there within PASTE_GAP seconds; never where a terminal cannot be asked (Windows)."""
    try:
        return bool(select.select([sys.stdin], [], [], PASTE_GAP)[0])
    except (OSError, ValueError):
        return False


def edit(text: str) -> str:
    """The text after somebody has changed it in $VISUAL or $EDITOR. Raises RolecallError."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
    with tempfile.TemporaryDirectory(prefix="rolecall-") as folder:
        path = Path(folder, "answer.md")
        path.write_text(text, "utf-8")
        try:
            subprocess.run([*shlex.split(editor), str(path)], check=True)  # noqa: S603 the person's own editor
            return path.read_text("utf-8", errors="replace").rstrip("\n")
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            raise RolecallError(f"The editor “{editor}” did not work. Set EDITOR, or type your text here.") from error


def _complete(begun: str, number: int) -> str | None:
    slash = "/" if begun.startswith("/") else ""
    word = begun.removeprefix("/").lstrip()
    fitting = [c.path for c in COMMANDS if word and c.path.startswith(word)]
    return slash + fitting[number] if number < len(fitting) else None
