"""What must never stand in a channel, and a search for it in all that a channel has ever got.

It knows the bank, so that a problem's own text, which may speak of roles and pay, is not taken for a person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from bot.catalogue import Catalogue
from bot.model import Band
from bot.vocabulary import roles

RUN = 6
"""So many words of somebody's answer in a row are theirs, and no coincidence."""
_BLAME = (
    r"\b(did|have|has|does|do)(n.t| not)( yet)? (answer|practi[sc]|take part|join|repl|respond|show)",
    r"\binactiv",
    r"\babsen(t|ce)",
    r"\bsilen(t|ce)",
    r"\b(nobody|no one|none of you) (has|had|took|answer|practi|join|repl|yet|this)",
    r"\bstreak",
    r"\byet to (answer|practi)",
    r"\bgone quiet",
    r"\b(lowest|last place|bottom|worst)\b",
    r"\bpaused?\b|\baway\b",
)
_PAY = (r"[€$£₹¥]\s?\d", r"\b\d[\d,.]*\s?k\b", r"\bsalar", r"\b(USD|EUR|GBP)\b", r"\bpaid\b|\bpay\b")
_LEVELS = (r"\b(junior|senior|principal)\b", r"\b(entry|mid)[ -]level\b", r"\bL[3-7]\b")
_META = re.compile(r"^[^\n·]+ · (entry|mid|senior) level · about \d+ min[^\n]*$", re.M)
"""The line that says what kind of problem a prompt is."""


@dataclass(frozen=True, slots=True)
class Leak:
    kind: str
    words: str
    """What was found."""


@dataclass(frozen=True)
class Secrets:
    interviews: Sequence[date]
    answers: Sequence[str]
    own_words: Sequence[str]
    """Words that stand in somebody's answers, and nowhere else."""
    names: Mapping[str, Sequence[tuple[datetime, datetime]]]
    """Everybody, with the spans of time in which they may be named."""

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """Words of answers in a row."""
        return frozenset(run for answer in self.answers for run in _runs(answer))


def leaks(text: str, at: datetime, bank: Catalogue, secrets: Secrets, agreed: Sequence[str] = ()) -> list[Leak]:
    """What a text, posted at an instant, gives away. `agreed`: answers that their authors let appear."""
    for answer in agreed:  # a long one is cut off at its end
        text = "\n".join(line for line in text.split("\n") if not line.startswith(answer[:80]))
    said = _without_problems(text, bank)
    found = [Leak("role", w) for w in _found(_role_patterns(bank), said)]
    found += [Leak("band", w) for w in _found(_band_patterns(), said)]
    found += [Leak("pay", w) for w in _found(_PAY, said)]
    found += [Leak("level", w) for w in _found(_LEVELS, said)]
    found += [Leak("interview", w) for w in _found(_date_patterns(secrets.interviews), said)]
    found += [Leak("blame", w) for w in _found(_BLAME, said)]
    found += [
        Leak("name", name)
        for name, spans in secrets.names.items()
        if _found((rf"\b{re.escape(name)}\b",), said) and not any(a <= at < b for a, b in spans)
    ]
    found += [Leak("answer", w) for w in secrets.own_words if w.casefold() in said.casefold()]
    free = {run for answer in agreed for run in _runs(answer)}
    found += [Leak("answer", " ".join(run)) for run in _runs(said) if run in secrets.runs and run not in free]
    return found


def _found(patterns: Iterable[str], text: str) -> list[str]:
    return [m[0] for p in patterns for m in re.finditer(p, text, re.I)]


def _role_patterns(bank: Catalogue) -> list[str]:
    """Each name of a role, whole; names such as "re", which are other words as well, as abbreviations only."""
    names = {*roles(bank.landscape), *roles(bank.landscape).values()}
    return [rf"\b{re.escape(n)}s?\b" if len(n) > 2 else rf"(?-i:\b{re.escape(n.upper())}\b)" for n in sorted(names)]


def _band_patterns() -> list[str]:
    return [rf"\b{b.value}\b" for b in Band] + [rf"\b{b.value.replace('_', ' ')}s?\b" for b in Band] + [r"\bhired?\b"]


def _date_patterns(days: Iterable[date]) -> list[str]:
    return [
        pattern
        for day in days
        for pattern in (
            day.isoformat(),
            rf"\b{day.day} ?{day:%b}",
            rf"{day:%b}[a-z]* {day.day}(?!\d)",
            rf"\b{day.day}[./]{day.month}\b",
        )
    ] + [r"\binterviews?\b"]


def _without_problems(text: str, bank: Catalogue) -> str:
    """The text without the lines and phrases that the bank's problems hold."""
    known = " ".join(
        _plain(part)
        for p in bank.problems.values()
        for part in (p.prompt, p.reference, *(v.prompt for v in p.variants), *(h.text for h in p.hints))
    )
    lines = (line for line in text.split("\n") if len(line.split()) < 4 or _plain(line) not in known)
    text = _META.sub(" ", "\n".join(lines))
    for problem in bank.problems.values():
        for phrase in (problem.id, problem.title, *(c.statement for c in problem.criteria)):
            text = re.sub(re.escape(phrase.rstrip(".")), " ", text, flags=re.I)
    return text


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _runs(text: str) -> list[tuple[str, ...]]:
    said = re.findall(r"\w+", text.casefold())
    return [tuple(said[n : n + RUN]) for n in range(len(said) - RUN + 1)]
