"""The help: the command table in words. A capability that fits into one file."""

from __future__ import annotations

from bot.door.command_table import COMMANDS, GROUPS, ROOT, Command
from bot.door.commands import find
from bot.door.intents import Help, Practice, Start
from bot.door.messages import Block, Bullets, Button, Message, bold, code, heading, note, paragraph, spans
from bot.errors import RolecallError


def reply(wish: Help) -> Message:
    """All commands, one group of them, or how one is used."""
    name = " ".join(wish.command.lower().removeprefix("/").split())
    if not name:
        return _all()
    if name in GROUPS:
        return Message(
            summary=f"Help on {name}",
            title=GROUPS[name],
            blocks=(_list([c for c in COMMANDS if c.group == name]),),
        )
    command = find(name)
    if command is None:
        raise RolecallError(f"I know no command “{name[:40]}”. /{ROOT} help lists what I know.")
    return _one(command)


def _all() -> Message:
    top = [c for c in COMMANDS if c.group is None]
    blocks: list[Block] = [
        paragraph("I ask interview questions, judge your answers point by point, and bring back what you find hard."),
        _list(top),
    ]
    for group, title in GROUPS.items():
        names = ", ".join(c.name for c in COMMANDS if c.group == group)
        blocks += [heading(title), paragraph(code(f"/{ROOT} {group}"), f" and one of: {names}")]
    blocks.append(note(f"More on a group or a command: /{ROOT} help role, /{ROOT} help practice."))
    blocks.append(note("In a direct message to me the words alone will do, such as practice or role match."))
    return Message(
        summary="What I can do",
        title="What I can do",
        blocks=tuple(blocks),
        buttons=(
            Button("Start", Start(), primary=True),
            Button("Give me a problem", Practice()),
            *(Button(f"Help on {group}", Help(group)) for group in GROUPS),
        ),
    )


def welcome() -> Message:
    """What somebody sees who has never wished for anything. It takes no name, since nothing is known of them."""
    return Message(
        summary="Welcome to Rolecall",
        title="Welcome to Rolecall",
        blocks=(
            paragraph(
                "I help you to get ready for interviews in AI: I ask what interviewers ask, you answer in your own "
                "words, and I tell you at once how your answer would have been scored, point by point, with your own "
                "words as the proof."
            ),
            paragraph(
                "What you find hard comes back on the right day. Only you see your answers and verdicts, and they are "
                "for practice only; in a group that you join, a mentor may be asked about an answer that I am not sure "
                "of, unless you keep it to yourself."
            ),
            paragraph("Begin with a first, short question. Until you do, I keep nothing about you."),
        ),
        buttons=(Button("Start", Start(), primary=True),),
    )


def _list(commands: list[Command]) -> Bullets:
    return Bullets(tuple(spans(code(f"/{ROOT} {c.path}"), f" – {c.summary}") for c in commands))


def _one(command: Command) -> Message:
    blocks: list[Block] = [paragraph(f"{command.summary}."), paragraph("Write ", code(command.usage))]
    if command.options:
        blocks.append(Bullets(tuple(spans(bold(o.name), f" – {o.summary}") for o in command.options)))
    return Message(summary=f"Help on {command.path}", title=f"/{ROOT} {command.path}", blocks=tuple(blocks))


def examples() -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    return {
        "help": reply(Help()),
        "welcome": welcome(),
        "help_group": reply(Help("me")),
        "help_roles": reply(Help("role")),
        "help_command": reply(Help("practice")),
    }
