"""Where things are printed: the only owner of the output stream, its width and the empty lines between things.

It knows no session and no Rolecall; what it is given is drawn by `render`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Literal, TextIO

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.text import Text as Styled

from adapters.inert import inert, inert_line
from adapters.terminal import render
from bot.door.messages import Message

WIDEST = 100
"""Cells. Longer lines are hard to read, however wide the window is."""


class Screen:
    """`plain`: no boxes, colours or control codes. `width` None: as wide as the window, WIDEST at most."""

    def __init__(self, out: TextIO, *, plain: bool, width: int | None = None) -> None:
        self.plain = plain
        self._out = out
        self._fixed_width = width
        self._prompt: str | None = None
        self._one_at_a_time = RLock()
        self._last: Literal["nothing", "block", "question", "line"] = "nothing"
        self._console = Console(
            file=out, width=width, color_system=None if plain else "auto", markup=False, emoji=False, highlight=False
        )

    @property
    def width(self) -> int:
        return self._fixed_width or max(min(self._console.width, WIDEST), 20)

    def message(self, message: Message, *, mark: str = "", header: str = "") -> None:
        """A message; with a header, one that arrived without being asked for."""
        drawn = render.draw(message, plain=self.plain, width=self.width, mark=mark, pushed=bool(header))
        self._block(Group(self._rule(header), Styled(), drawn) if header else drawn)

    def note(self, text: str) -> None:
        self._block(render.note(text, plain=self.plain))

    def event(self, text: str) -> None:
        """Something that happened to the world, as a line across."""
        self._block(self._rule(text))

    def _rule(self, text: str) -> RenderableType:
        words = inert_line(text)
        tail = "──" if self.plain else "─" * max(self.width - cell_len(words) - 4, 2)
        return Styled(f"── {words} {tail}", "magenta")

    def question(self, parts: Sequence[RenderableType]) -> None:
        """What stands above a form's prompt."""
        if parts:
            self._block(Group(*parts))
            self._last = "question"

    def welcome(self, first: str, second: str) -> None:
        self._block(Group(Styled(first, "bold"), Styled(second)))

    def before_prompt(self, prompt: str = "") -> None:
        """An empty line, unless the prompt goes on with what was asked or typed just now."""
        if self._last == "block" or (self._last == "question" and not prompt):
            self._out.write("\n")
        self._last = "line"
        self._out.flush()

    @contextmanager
    def open_prompt(self, prompt: str) -> Iterator[None]:
        """While somebody types at a prompt, what arrives meanwhile is printed above a new one."""
        self.before_prompt(prompt)
        self._prompt = prompt
        try:
            yield
        finally:
            self._prompt = None

    def echo(self, prompt: str, line: str) -> None:
        """A typed line, where nobody's keyboard has shown it."""
        self.before_prompt(prompt)
        rest = prompt if prompt.startswith("|") else " " * cell_len(prompt)
        self._write(render.Hanging(Styled(inert(line), overflow="fold"), prompt, rest))

    def newline(self) -> None:
        """Ends the prompt line that Ctrl-C or Ctrl-D left open."""
        self._out.write("\n")
        self._out.flush()

    def _block(self, what: RenderableType) -> None:
        with self._one_at_a_time:
            prompt = self._prompt
            if prompt is not None:
                self._out.write("\n")
            if self._last != "nothing":
                self._out.write("\n")
            self._write(what)
            self._last = "block"
            if prompt is not None:
                self.before_prompt(prompt)
                self._out.write(prompt)
                self._out.flush()

    def _write(self, what: RenderableType) -> None:
        with self._console.capture() as captured:
            self._console.print(what, width=self.width, crop=False)
        text = captured.get()
        if self.plain:
            text = "".join(line.rstrip(" ") + "\n" for line in text.removesuffix("\n").split("\n"))
        self._out.write(text)
        self._out.flush()
