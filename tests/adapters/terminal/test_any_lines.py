"""No sequence of lines, clicks, fills and refusals ends a session or leaves it without a prompt."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.terminal.session import Session
from bot.door.intents import Hint, Skip
from bot.door.invocation import Invocation
from bot.door.messages import Button, Choice, Reply
from bot.errors import FieldError, RolecallError
from bot.model import ServingId
from tests.adapters.terminal.desk import Desk, said

MOODS = ("heard", "name", "zone", "role", "answer", "no such field", "refused", "fault")
OPENERS = ("settings", "answer", "/settings", "/answer", "> click Hint")
LINES = (
    *("answer in one line", "start", "hint", "e", "cancel", "/nothing", "", "1", "2", "9", "words", "x" * 61, "Berln"),
    *("plumber", "two\nlines", "\\42", ">> quoted", "\0\x1b[", "> click Hint", "> click ML", "> click Europe/Belfast"),
    *("> in #cohort", "> dm", "> as Ben", "> as Ana", "> restart", "> wait 1h", "> fill colour=red"),
)
VALUES = {
    "name": ("Anna", '""', "n" * 101),
    "zone": ("UTC", "Berln", '""'),
    "role": ("mle", "plumber", '""'),
    "answer": ("short", "y" * 61, '""', "@none"),
}


def fills(*names: str) -> st.SearchStrategy[str]:
    """A line that fills some of these fields, with values that fit or do not."""
    values = st.fixed_dictionaries({}, optional={name: st.sampled_from(VALUES[name]) for name in names})
    return values.filter(bool).map(lambda given: "> fill " + " ".join(f"{n}={v}" for n, v in given.items()))


def episodes(opener: str, *names: str) -> st.SearchStrategy[list[str]]:
    """A form is opened, and then mostly filled."""
    line = st.one_of(fills(*names), fills(*names), st.sampled_from(LINES))
    return st.lists(line, min_size=1, max_size=6).map(lambda lines: [opener, *lines])


SITTINGS = st.lists(
    st.one_of(
        episodes("settings", "name", "zone", "role"),
        episodes("settings", "zone", "role"),
        episodes("answer", "answer"),
        st.lists(st.sampled_from((*LINES, *OPENERS)), max_size=6),
    ),
    min_size=1,
    max_size=5,
).map(lambda parts: [line for part in parts for line in part])


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


@settings(max_examples=400, deadline=None)
@given(SITTINGS, st.lists(st.sampled_from(MOODS), min_size=4, max_size=12), st.booleans())
@example(["settings", "> fill zone=Berln role=mle", "> fill zone=UTC role=plumber"], ["zone"], False)
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
