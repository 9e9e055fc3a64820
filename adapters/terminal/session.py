"""What a typed line does: steer, press a button, fill in a form, be a command, or answer the open problem.

It keeps words that were not accepted, and knows no rule of Rolecall's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import assert_never

import structlog

from adapters.terminal import people as p
from adapters.terminal import questions, steering
from adapters.terminal.arrivals import Arrivals
from adapters.terminal.chat import Chat
from adapters.terminal.choosing import choose
from adapters.terminal.filling import Filling
from adapters.terminal.gateway import TerminalGateway
from adapters.terminal.people import People
from adapters.terminal.screen import Screen
from adapters.terminal.world import World
from bot.door import commands
from bot.door.intents import Help, Intent, SubmitAnswer, WriteAnswer
from bot.door.invocation import Invocation, Place
from bot.door.messages import Reply
from bot.errors import FieldError, RolecallError

log = structlog.get_logger()

LEAVE = ("quit", "exit")
KEYS = (
    "In this terminal hint alone is /rolecall hint, and a number presses that button; \\42 or /answer 42 sends it as "
    "text. answer alone takes several lines, up to an empty one. "
    "> wait 3d moves the clock, > as Ben lets somebody else speak. quit leaves."
)
KEPT = "Your words are kept: type answer to go on with them."


class Session:
    """`folder`: where `answer=@FILE` looks. `edit`: opens an editor on a text; None where nobody sits at a keyboard."""

    def __init__(
        self,
        world: World,
        gateway: TerminalGateway,
        screen: Screen,
        people: People,
        *,
        folder: Path,
        edit: Callable[[str], str] | None = None,
    ) -> None:
        self._world, self._screen, self._people, self._folder, self._edit = world, screen, people, folder, edit
        self._chat = Chat()
        self._arrivals = Arrivals(world, screen, self._chat, people)
        self.left = False
        gateway.attach(self._arrivals.push, self._arrivals.edit)

    @property
    def prompt(self) -> str:
        """What stands before the line that is typed next."""
        me = self._people.current
        if me.filling:
            return questions.prompt(me.filling)
        return f"{me.name}> " if me.place.is_private else f"{me.name} in {me.place.channel}> "

    @property
    def is_filling(self) -> bool:
        return self._people.current.filling is not None

    @property
    def is_writing(self) -> bool:
        """Whether a text has begun that an empty line would send."""
        return bool((filling := self._people.current.filling) and filling.lines)

    def has_open_problem(self) -> bool:
        wish = self._invocation(WriteAnswer(), self._people.current.place)
        return self._guarded(lambda: self._world.rolecall.form_for(wish), tell=False)

    def handle(self, line: str) -> None:
        """Does what one typed line asks, then delivers what is due. An error is shown, never raised."""
        self._guarded(partial(self._line, line))
        self._guarded(self._world.settle)

    def _guarded(self, step: Callable[[], object], *, tell: bool = True) -> bool:
        """Whether the step went through; if not, its error is shown. `tell` False leaves out a mere refusal."""
        try:
            step()
        except RolecallError as error:
            if tell:
                self._screen.note(str(error))
        except BrokenPipeError:  # nobody reads the screen any more
            raise
        except Exception:
            reference = hashlib.blake2s(self._world.new_key().encode(), digest_size=4).hexdigest()
            log.error("terminal_line_failed", reference=reference, exc_info=True)
            self._screen.note(f"Something went wrong (reference {reference}). Your words are kept.")
        else:
            return True
        return False

    def cancel(self) -> None:
        """Leaves the open form; a text already begun is kept as a draft."""
        me, filling = self._people.current, self._people.current.filling
        if filling is None:
            return
        me.filling = None
        if filling.has_text:
            me.drafts[type(filling.form.submits)] = filling.draft()
        self._screen.note(f"You left the form. {KEPT if filling.has_text else 'Nothing was changed.'}")

    def _line(self, line: str) -> None:
        if steering.is_steering(line):
            self._steer(steering.parse(line))
            return
        line = steering.unescaped(line)
        if filling := self._people.current.filling:
            self._form_line(filling, line)
        else:
            self._free_line(line)

    # Lines outside a form

    def _free_line(self, line: str) -> None:
        text, me = line.strip(), self._people.current
        if not text:
            return
        if text.removeprefix("/").lower() in LEAVE:
            self.left = True
        elif text == "e" and self._edit:
            self._wish(WriteAnswer(), me.place)
            if me.filling:
                self._form_line(me.filling, text)
        elif pressed := self._chat.numbered(text, me.id):
            self._press(*pressed)
        else:
            self._wish(self._meant(line), me.place)

    def _meant(self, line: str) -> Intent:
        text, vocabulary = line.strip(), self._world.rolecall.vocabulary
        if text.startswith("/"):
            return commands.parse(text, vocabulary)
        bare = None if "\n" in text else commands.parse_bare(text, vocabulary)
        return bare or SubmitAnswer(answer=self._literal(line))

    def _literal(self, line: str) -> str:
        """The line without the backslash that keeps it from being read as a number, a command or a key word."""
        rest = line.strip().removeprefix("\\")
        if rest == line.strip():
            return line
        is_special = (
            rest.isdigit()
            or rest.startswith("/")
            or rest.lower() in (*LEAVE, "cancel", "e")
            or (rest and commands.parse_bare(rest, self._world.rolecall.vocabulary))
        )
        return rest if is_special else line

    def _press(self, wire: str, place: Place) -> None:
        self._wish(commands.decode(wire), place)

    def _wish(self, intent: Intent, place: Place) -> None:
        me = self._people.current
        if intent.opens_form:
            form = self._world.rolecall.form_for(self._invocation(intent, place))
            self._arrivals.learn_zone(form, me.id)
            me.filling, me.filled_in = Filling(form, me.drafts.pop(type(form.submits), {})), place
            self._ask(opening=True)
            return
        typed = {"answer": intent.answer} if isinstance(intent, SubmitAnswer) and intent.answer.strip() else {}
        self._arrivals.reply(self._sent(intent, place, typed), intent, place)
        if isinstance(intent, Help) and not intent.command:
            self._screen.note(KEYS)

    def _sent(self, intent: Intent, place: Place, typed: Mapping[str, str]) -> Reply | None:
        """Rolecall's reply. What was typed is a draft until Rolecall has taken it."""
        drafts = self._people.current.drafts
        try:
            reply = self._world.rolecall.reply_to(self._invocation(intent, place))
        except RolecallError as error:
            if not typed or isinstance(error, FieldError):
                raise
            drafts[type(intent)] = typed
            way = KEPT if isinstance(intent, SubmitAnswer) else "Your words are kept: open the form again to send them."
            raise RolecallError(f"{error}\n{way}") from error
        except Exception:
            drafts[type(intent)] = typed
            raise
        drafts.pop(type(intent), None)
        return reply

    # Forms

    def _form_line(self, filling: Filling, line: str) -> None:
        word = line.strip().lower()
        if word == "cancel":
            self.cancel()
            return
        if line.startswith("/") and (intent := self._command(line)):
            self._wish(intent, self._people.current.place)
            if self._people.current.filling is filling:
                self._ask()
            return
        if word == "e" and self._edit and filling.field.kind == "paragraph":
            edit = self._edit
            self._fill(filling, lambda: filling.write(edit("\n".join(filling.lines) or filling.initial)))
        else:
            self._fill(filling, lambda: filling.type(self._literal(line)))

    def _command(self, line: str) -> Intent | None:
        """The command that a line is; a line of somebody's text may begin with a slash, too."""
        try:
            return commands.parse(line, self._world.rolecall.vocabulary)
        except RolecallError:
            return None

    def _fill(self, filling: Filling, take: Callable[[], None]) -> None:
        """Takes a value into the form; then asks on, or sends what is complete."""
        try:
            take()
        except RolecallError as refusal:
            self._refuse(refusal)
            return
        if not filling.done:
            if not filling.lines:
                self._ask()
            return
        me, intent = self._people.current, filling.intent()
        place, me.filling = me.filled_in or me.place, None
        try:
            reply = self._sent(intent, place, filling.draft())
        except FieldError as refusal:
            me.filling = filling
            filling.ask_again(refusal.field, self._world.rolecall.suggest)
            self._refuse(refusal)
            return
        self._arrivals.reply(reply, intent, place)

    def _refuse(self, refusal: RolecallError) -> None:
        self._screen.note(str(refusal))
        self._ask()

    def _ask(self, *, opening: bool = False) -> None:
        if filling := self._people.current.filling:
            plain, has_editor = self._screen.plain, self._edit is not None
            self._screen.question(questions.parts(filling, plain=plain, opening=opening, has_editor=has_editor))

    # Steering

    def _steer(self, asked: steering.Steering) -> None:
        me = self._people.current
        match asked:
            case steering.As(name):
                self._people.seat(name)
                self._ask()
            case steering.In(channel):
                me.place = p.channel(channel)
            case steering.Dm():
                me.place = p.dm(me.id)
            case steering.Wait(length, words):
                self._world.wait(length)
                self._screen.event(f"{words} later · {self._arrivals.local_now(me.actor)}")
            case steering.Restart():
                self._world.restart()
                self._screen.event("restarted")
            case steering.Click(label):
                if (filling := me.filling) and filling.choices:
                    self._fill(filling, partial(self._pick, filling, label))
                else:
                    self._press(*self._chat.labelled(label, me.id))
            case steering.Fill(values):
                if (filling := me.filling) is None:
                    raise RolecallError("No form is open. Type settings or answer first.")
                read = {name: self._value(filling, name, value) for name, value in values.items()}
                self._fill(filling, lambda: filling.fill(read))
            case _:
                assert_never(asked)

    def _pick(self, filling: Filling, label: str) -> None:
        filling.pick(choose(label, filling.choices))

    def _value(self, filling: Filling, name: str, value: str) -> str:
        """The value itself, or for `@FILE` in a field that takes a text: what the file holds."""
        writes = any(f.name == name and f.kind == "paragraph" for f in filling.form.fields)
        if not writes or not value.startswith("@"):
            return value
        try:
            return (self._folder / value[1:]).read_text("utf-8", errors="replace").removesuffix("\n")
        except OSError as error:
            raise RolecallError(f"I cannot read the file {value[1:]}: {error.strerror}.") from error

    def _invocation(self, intent: Intent, place: Place) -> Invocation:
        return Invocation(self._world.new_key(), self._people.current.actor, place, intent)
