"""Which of several labelled things somebody means: by number, by label, or by the label's first letters."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.inert import inert_line
from bot.door.messages import Choice
from bot.errors import RolecallError


def matching(text: str, choices: Sequence[Choice]) -> Sequence[Choice]:
    """Every choice that may be meant by a number from 1, a value, a label, or the beginning of a label.

    Case does not matter. A whole label or value leaves out those that only begin with it.
    """
    wanted = _folded(text)
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted[:4]) <= len(choices):
        return [choices[int(wanted) - 1]]
    exact = [c for c in choices if wanted in (_folded(c.label), _folded(c.value))]
    return exact[:1] or [c for c in choices if wanted and _folded(c.label).startswith(wanted)]


def choose(text: str, choices: Sequence[Choice]) -> Choice:
    """The one choice that is meant. Raises RolecallError that lists the labels."""
    found = matching(text, choices)
    if len(found) == 1:
        return found[0]
    labels = " · ".join(f"{n} {inert_line(c.label)}" for n, c in enumerate(choices, start=1))
    shown = text if len(text) <= 40 else text[:39] + "…"
    fault = f"More than one begins with “{shown}”" if found else f"None is called “{shown}”"
    raise RolecallError(f"{fault}. Choose from: {labels}")


def _folded(text: str) -> str:
    return inert_line(text).casefold()
