"""No sequence of lines, clicks, fills and refusals ends a session or leaves it without a prompt."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.terminal.session import Session
from bot.door.intents import Hint, Skip
from bot.door.invocation import Invocation
from bot.door.messages import Button, Choice, Reply
from bot.errors import FieldError, RolecallError
from bot.model import ServingId
from tests.adapters.terminal.desk import Desk, said

OUTCOMES = ("heard", "name", "zone", "role", "answer", "no such field", "refused", "fault")
LINES = (
    *("settings", "answer", "/settings", "/answer", "answer in one line", "start", "hint", "e", "cancel", "/nothing"),
    *("", "1", "2", "9", "words", "x" * 61, "Berln", "plumber", "two\nlines", "\\42", ">> quoted", "\0\x1b["),
    *("> fill zone=Berln", "> fill zone=UTC role=plumber", "> fill role=mle", "> fill name= role=none", "> fill name="),
    *("> fill answer=short", f"> fill answer={'y' * 61}", "> fill answer=", "> fill answer=@none", "> fill colour=red"),
    *("> click Hint", "> click ML", "> click Europe/Belfast", "> in #cohort", "> dm", "> as Ben", "> as Ana"),
    *("> restart", "> wait 1h"),
)


@dataclass
class Moody(Desk):
    """Refuses as `moods` says, one mood a wish, and then hears everything."""

    moods: list[str] = field(default_factory=list)

    def reply_to(self, invocation: Invocation) -> Reply | None:
        self.heard.append(invocation)
        mood = self.moods.pop() if self.moods else "heard"
        if mood == "refused":
            raise RolecallError("Not now.")
        if mood == "fault":
            raise ZeroDivisionError
        if mood != "heard":
            raise FieldError(mood, f"That is no {mood}.")
        return Reply(said("Heard.", Button("Hint", Hint(ServingId("s1"))), Button("Skip", Skip(ServingId("s1")))))

    def suggest(self, field: str, prefix: str) -> tuple[Choice, ...]:
        if len(self.moods) % 5 == 4:
            raise ZeroDivisionError
        return super().suggest(field, prefix)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=30), st.lists(st.sampled_from(OUTCOMES), max_size=20), st.booleans())
def test_a_session_survives_any_lines(lines: list[str], moods: list[str], has_editor: bool) -> None:
    desk = Moody(moods=moods)
    session = desk.sit_down(editor=(lambda begun: begun[:30] + "!") if has_editor else None)
    for line in lines:
        session.is_text(line)
        session.handle(line)
        assert session.prompt.endswith(("> ", "| "))
        assert isinstance(session.is_filling, bool)
        assert isinstance(session.is_writing, bool)
    _still_works(desk, session)


def _still_works(desk: Moody, session: Session) -> None:
    """Whatever came before, the settings can be saved."""
    desk.moods.clear()
    for line in ("> as Cleo", "settings", "> fill zone=UTC role=mle"):
        session.handle(line)
    assert not session.is_filling
    assert desk.heard[-1].actor.display_name == "Cleo"
