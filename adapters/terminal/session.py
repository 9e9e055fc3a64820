"""What a typed line does: steer, press a button, fill in a form, be a command, or answer the open problem.

It keeps words that were not accepted, and knows no rule of Rolecall's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import assert_never

import structlog

from adapters.terminal import lines, questions, steering
from adapters.terminal import people as p
from adapters.terminal.arrivals import Arrivals
from adapters.terminal.attached import read_files
from adapters.terminal.chat import Chat
from adapters.terminal.choosing import choose
from adapters.terminal.drafts import Values
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

KEYS = (
    "In this terminal hint alone is /rolecall hint, and a number presses that button; \\42 or /answer 42 sends it as "
    "text. answer alone takes several lines, up to an empty one. "
    "> wait 3d moves the clock, > as Ben lets somebody else speak. quit leaves."
)
KEPT = "Your words are kept: type answer to go on with them."
CHANNEL = "In a channel I listen to commands and buttons only; > dm goes back to where your answers are read."
UNCHANGED = "Nothing was changed in the editor, so nothing is sent. Write on here, or type cancel to leave."


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
        gateway.attach(self._arrivals.push)

    @property
    def prompt(self) -> str:
        """What stands before the line that is typed next."""
        me = self._people.current
        if me.form:
            return questions.prompt(me.form)
        return f"{me.name}> " if me.place.is_private else f"{me.name} in {me.place.channel}> "

    @property
    def is_filling(self) -> bool:
        return self._people.current.form is not None

    @property
    def is_writing(self) -> bool:
        """Whether a text has begun that an empty line would send."""
        return bool((filling := self._people.current.form) and filling.lines)

    def is_text(self, line: str) -> bool:
        """Whether the line is part of somebody's text, so that lines typed at once with it belong to it."""
        me, vocabulary = self._people.current, self._world.rolecall.vocabulary
        word = line.strip().lower()
        if not word or steering.is_steering(line):
            return False
        if filling := me.form:
            is_key = word in ("cancel", "e") or bool(lines.slashed(line, vocabulary))
            return filling.field.kind == "paragraph" and not is_key
        if not me.place.is_private or word == "e" or word[0] == "/" or lines.leaves(line):
            return False
        wish = commands.read(line, vocabulary)
        return not self._chat.numbered(word, me.id) and (wish is None or isinstance(wish, SubmitAnswer))

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
        me = self._people.current
        if (filling := me.form) is None:
            return
        me.close_form()
        self._screen.note(f"You left the form. {KEPT if filling.has_text else 'Nothing was changed.'}")

    def _line(self, line: str) -> None:
        if steering.is_steering(line):
            self._steer(steering.parse(line))
            return
        line = steering.unescaped(line)
        if filling := self._people.current.form:
            self._form_line(filling, line)
        else:
            self._free_line(line)

    # Lines outside a form

    def _free_line(self, line: str) -> None:
        text, me = line.strip(), self._people.current
        if not text:
            return
        if lines.leaves(text):
            self.left = True
        elif text == "e" and self._edit and me.place.is_private:
            self._wish(WriteAnswer(), me.place)
            if me.form:
                self._form_line(me.form, text)
        elif pressed := self._chat.numbered(text, me.id):
            self._press(*pressed)
        elif wish := commands.read(line, self._world.rolecall.vocabulary):
            self._wish(wish, me.place)
        elif me.place.is_private:
            self._wish(SubmitAnswer(answer=lines.literal(line, self._world.rolecall.vocabulary)), me.place)
        else:
            self._screen.note(CHANNEL)

    def _press(self, wire: str, place: Place) -> None:
        self._wish(commands.decode(wire), place)

    def _wish(self, intent: Intent, place: Place) -> None:
        me = self._people.current
        if intent.opens_form:
            form = self._world.rolecall.form_for(self._invocation(intent, place))
            self._arrivals.learn_zone(form, me.id)
            me.close_form()
            me.open_form(Filling(form, me.drafts.take(form.submits)), place)
            self._ask(opening=True)
            return
        draft_of, typed = intent, {}
        if isinstance(intent, SubmitAnswer) and intent.answer.strip():
            draft_of, typed = replace(intent, answer=""), {"answer": intent.answer}
        self._arrivals.reply(self._sent(intent, place, draft_of, typed), intent, place)
        if isinstance(intent, Help) and not intent.command:
            self._screen.note(KEYS)

    def _sent(self, intent: Intent, place: Place, draft_of: Intent, typed: Values) -> Reply | None:
        """Rolecall's reply. What was typed is a draft of the wish `draft_of` until Rolecall has taken it."""
        drafts = self._people.current.drafts
        try:
            reply = self._world.rolecall.reply_to(self._invocation(intent, place))
        except RolecallError as error:
            if not typed or isinstance(error, FieldError):
                raise
            drafts.keep(draft_of, typed)
            way = KEPT if isinstance(intent, SubmitAnswer) else "Your words are kept: open the form again to send them."
            raise RolecallError(f"{error}\n{way}") from error
        except Exception:
            drafts.keep(draft_of, typed)
            raise
        if typed:
            drafts.drop(draft_of)
        return reply

    # Forms

    def _form_line(self, filling: Filling, line: str) -> None:
        word = line.strip().lower()
        if word == "cancel":
            self.cancel()
            return
        if intent := lines.slashed(line, self._world.rolecall.vocabulary):
            self._wish(intent, self._people.current.place)
            if self._people.current.form is filling:
                self._ask()
        elif word == "e" and self._edit and filling.field.kind == "paragraph":
            self._fill(filling, partial(self._write, filling, self._edit))
        else:
            self._fill(filling, lambda: filling.type(lines.literal(line, self._world.rolecall.vocabulary)))

    def _write(self, filling: Filling, edit: Callable[[str], str]) -> None:
        """Takes the paragraph as the editor leaves it. Raises RolecallError where it was left as it was."""
        begun = filling.written
        text = edit(begun)
        if text.strip() == begun.strip():
            raise RolecallError(UNCHANGED)
        filling.write(text)

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
            reply = self._sent(intent, place, filling.form.submits, filling.draft())
        except FieldError as refusal:
            me.filling = filling
            self._screen.note(f"{refusal}\nType it again, or cancel to leave the form.")
            filling.ask_again(refusal.field, self._world.rolecall.suggest)
            self._ask()
            return
        self._arrivals.reply(reply, intent, place)

    def _refuse(self, refusal: RolecallError) -> None:
        self._screen.note(str(refusal))
        self._ask()

    def _ask(self, *, opening: bool = False) -> None:
        if filling := self._people.current.form:
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
                self._go(p.channel(channel))
            case steering.Dm():
                self._go(p.dm(me.id))
            case steering.Wait(length, words):
                self._world.wait(length)
                self._screen.event(f"{words} later · {self._arrivals.local_now(me.actor)}")
            case steering.Restart():
                self._world.restart()
                self._screen.event("restarted")
            case steering.Click(label):
                if (filling := me.form) and filling.choices:
                    self._fill(filling, partial(self._pick, filling, label))
                else:
                    self._press(*self._chat.labelled(label, me.id))
            case steering.Fill(values):
                if (filling := me.form) is None:
                    raise RolecallError(me.waiting or "No form is open. Type settings or answer first.")
                read = read_files(values, filling.form, self._folder)
                self._fill(filling, lambda: filling.fill(read))
            case _:
                assert_never(asked)

    def _go(self, place: Place) -> None:
        me = self._people.current
        left, me.place = me.form, place
        if me.form is not left:
            self._ask()
            if left:
                self._screen.note(me.waiting)

    def _pick(self, filling: Filling, label: str) -> None:
        filling.pick(choose(label, filling.choices))

    def _invocation(self, intent: Intent, place: Place) -> Invocation:
        return Invocation(self._world.new_key(), self._people.current.actor, place, intent)
