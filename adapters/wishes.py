"""What somebody typed, or what a message offers on its buttons -> what they wish for. Pure; it knows no platform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from adapters.sentences import NOTHING_TO_ANSWER, TEXT_ONLY
from bot.door import commands
from bot.door.cohort_intents import AnswerPrompt
from bot.door.commands import Vocabulary
from bot.door.intents import FillMatch, Hint, Intent, Reveal, Skip, SubmitAnswer, WriteAnswer
from bot.errors import RolecallError, UsageError


def typed(text: str, vocabulary: Vocabulary) -> Intent:
    """A command where the text is one as a whole, an answer otherwise. RolecallError where there is no text."""
    if not text:
        raise RolecallError(TEXT_ONLY)
    return commands.read(text, vocabulary) or SubmitAnswer(answer=text)


def about(wish: Intent, question: WriteAnswer | None) -> Intent:
    """A typed wish that names no problem, for the one that its thread is about."""
    if question is None or not isinstance(wish, SubmitAnswer | WriteAnswer | Hint | Reveal | Skip) or wish.serving:
        return wish
    return replace(wish, serving=question.serving)


def answerable(wires: Iterable[str]) -> Intent:
    """The first button that opens the form for an answer. RolecallError where there is none."""
    found = next((w for w in _offered(wires) if isinstance(w, WriteAnswer | AnswerPrompt | FillMatch)), None)
    if found is None:
        raise RolecallError(NOTHING_TO_ANSWER)
    return found


def question(wires: Iterable[str]) -> WriteAnswer | None:
    """The last question that buttons are about; None where they are about none."""
    found = [w for w in _offered(wires) if isinstance(w, WriteAnswer) and w.serving]
    return found[-1] if found else None


def _offered(wires: Iterable[str]) -> Iterator[Intent]:
    """What buttons are for, as far as this version knows."""
    for wire in wires:
        with suppress(UsageError):
            yield commands.decode(wire)
