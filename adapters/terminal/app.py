"""A whole sitting at the terminal: welcome, line after line, goodbye.

It joins screen, session and the source of lines; what a line does is `session`'s decision.
"""

from __future__ import annotations

from pathlib import Path

from adapters.terminal import keyboard, steering
from adapters.terminal.gateway import TerminalGateway
from adapters.terminal.keyboard import Reader
from adapters.terminal.people import People
from adapters.terminal.screen import Screen
from adapters.terminal.session import Session
from adapters.terminal.world import World


def play_interactively(
    world: World, gateway: TerminalGateway, screen: Screen, people: People, typed: Reader | None = None
) -> None:
    """Serves a person at a keyboard, `typed`, until quit, Ctrl-D or Ctrl-C (which leaves an open form first)."""
    session = Session(world, gateway, screen, people, folder=Path(), edit=keyboard.edit)
    _welcome(session, screen, people)
    typed = typed or keyboard.from_keyboard(plain=screen.plain)
    read = keyboard.joining(typed, session.is_text, keyboard.is_more_waiting)
    while not session.left:
        prompt = session.prompt
        try:
            with screen.open_prompt(prompt):
                line = read(prompt)
            session.handle(line)
        except KeyboardInterrupt:
            screen.newline()
            if not session.is_filling:
                break
            session.cancel()
        except EOFError:
            screen.newline()
            break
    screen.note("See you soon. Everything is saved.")


def play_lines(
    world: World,
    gateway: TerminalGateway,
    screen: Screen,
    people: People,
    read: Reader,
    *,
    folder: Path,
    welcome: bool,
) -> None:
    """Serves lines that nobody types here, and echoes each of them, so that the output reads as a transcript."""
    session = Session(world, gateway, screen, people, folder=folder)
    if welcome:
        _welcome(session, screen, people)
    while not session.left:
        try:
            line = read(session.prompt)
        except EOFError:
            if not session.is_writing:
                break
            line = ""  # the end of the input ends a text, too
        if steering.is_steering(line):
            screen.echo("", line)
        elif line.strip() or session.is_filling:
            screen.echo(session.prompt, steering.unescaped(line))
        session.handle(line)


def _welcome(session: Session, screen: Screen, people: People) -> None:
    if session.has_open_problem():
        way = "A problem is open: type your answer, hint or skip. practice shows it again; quit leaves."
    else:
        way = "Type start for your first question. help lists what I know; quit leaves."
    screen.welcome(f"Rolecall in your terminal. You are {people.current.name}; nothing leaves this computer.", way)
    session.handle("")  # what fell due since the last sitting
