"""What somebody typed about a cohort, as the value it means; and codes. Refuses with the remedy; pure.

Who may change what is not its business.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from datetime import date

from rapidfuzz import fuzz

from bot.cohort_model import Preset
from bot.door import dates
from bot.errors import FieldError

NAME = 60
"""Characters of a cohort's name; the table holds more."""
ALIAS = 40
GOALS = range(1, 101)
YEARS = 5
"""How far away a cohort's first and last day may lie."""
REVIEWERS = ("mentors", "peers", "none")
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of codes: without 0, O, 1, I and L, which look alike."""
_HALF = 4
_NOBODY = ("none", "never", "no", "no end", "-")
_TITLES = ("organiser", "organizer", "mentor", "moderator", "administrator", "admin", "rolecall")
_ALIKE = str.maketrans("0135lаеорсухіѕοαεικνυ", "oiesiaeopcyxisoaeikvu")
"""Figures, and Cyrillic and Greek letters, that pass for a Latin one; l passes for a capital i."""
_BLANK = "\u115f\u1160\u3164\uffa0"
"""Letters by their category that leave a gap."""
_LIKE = 88
"""Likeness (0..100) from which a name passes for an organiser's."""


def code(seed: str) -> str:
    """An invite code such as K7QD-M2XA, of 39.6 bits, from a random id."""
    left = int.from_bytes(hashlib.sha256(seed.encode()).digest())
    drawn = ""
    for _ in range(2 * _HALF):
        left, at = divmod(left, len(ALPHABET))
        drawn += ALPHABET[at]
    return f"{drawn[:_HALF]}-{drawn[_HALF:]}"


def new_code(new_id: Callable[[], str], is_taken: Callable[[str], bool]) -> str:
    """A code that no cohort has."""
    while is_taken(drawn := code(new_id())):
        pass
    return drawn


def typed_code(text: str) -> str:
    """A code as it is kept, from one typed in small letters, with spaces or without its hyphen; "" for no code."""
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    return f"{plain[:_HALF]}-{plain[_HALF:]}" if len(plain) == 2 * _HALF else ""


def cohort_name(text: str) -> str:
    """A cohort's name: one line, 1 to 60 characters, none of them invisible."""
    clean = _one_line(text)
    if not clean:
        raise FieldError("name", "Give the cohort a name, such as Spring group.")
    if len(clean) > NAME:
        raise FieldError("name", f"That name has {len(clean)} characters; at most {NAME} fit. Shorten it, please.")
    return clean


def preset(text: str) -> Preset:
    said = "_".join(text.lower().split()) or Preset.STUDY_GROUP.value
    if said not in {p.value for p in Preset}:
        raise FieldError("preset", f"“{text.strip()[:40]}” is neither study_group nor workplace.")
    return Preset(said)


def day(field: str, text: str, today: date) -> date | None:
    """A date from 2026-12-03, 3 Dec, Friday or "in 4 weeks"; None where there is to be none."""
    said = text.strip()
    if not said or said.lower() in _NOBODY:
        return None
    if (meant := dates.read(said, today)) is None:
        raise FieldError(field, f"“{said[:40]}” is no date that I can read. Write it like 2026-12-03, or none.")
    if abs(meant.year - today.year) > YEARS:
        raise FieldError(field, f"{meant} is more than {YEARS} years away. Choose a nearer day, or none.")
    return meant


def check_days(starts: date | None, ends: date | None, today: date, *, ends_is_new: bool) -> None:
    """Refuses a last day before the first, and a new one that has passed."""
    if starts and ends and ends < starts:
        raise FieldError("ends", f"Its last day, {ends}, lies before its first, {starts}. Choose a later last day.")
    if ends_is_new and ends and ends < today:
        raise FieldError("ends", f"{ends} has passed. Choose a later day; cohort archive ends a cohort at once.")


def goal(text: str) -> int:
    """Due concepts a week and person, 1 to 100."""
    said = text.strip()
    if not re.fullmatch(r"[0-9]{1,3}", said) or int(said) not in GOALS:
        raise FieldError("goal", f"“{said[:40]}” is no number from {GOALS[0]} to {GOALS[-1]}.")
    return int(said)


def reviewers(text: str) -> str:
    said = text.strip().lower()
    if said not in REVIEWERS:
        raise FieldError("reviewers", f"“{text.strip()[:40]}” is none of mentors, peers and none.")
    return said


def alias(text: str, taken: Collection[str], organisers: Sequence[str]) -> str:
    """A name for the board: one line, 1 to 40 characters, that is nobody else's and passes for nobody else.

    `taken`: names and aliases of the others. `organisers`: the names of those who run the cohort, but for the
    member's own. Raises FieldError that says what to change.
    """
    clean = _one_line(text)
    if not any(c.isalnum() for c in clean):
        raise FieldError("alias", "An alias needs a letter or a figure. Try Blue Heron.")
    if len(clean) > ALIAS:
        raise FieldError("alias", f"That alias has {len(clean)} characters; at most {ALIAS} fit. Shorten it, please.")
    if strange := sorted({c for c in clean if not (c.isalnum() or c in " '’.-" or unicodedata.category(c)[0] == "M")}):
        shown = " ".join(strange)[:20]
        raise FieldError("alias", f"Leave out {shown} please: letters, figures, spaces, ' . and - will do.")
    plain = likeness(clean)
    if plain in {likeness(name) for name in taken}:
        raise FieldError("alias", "Somebody in this cohort has that name already. Choose another.")
    if _passes_for(clean, organisers):
        raise FieldError("alias", "That could be taken for somebody who runs the cohort. Choose another.")
    return clean


def _passes_for(alias: str, organisers: Sequence[str]) -> bool:
    """Whether an alias is a title, much like the name of one of them, or has a word of three letters with it."""
    plain, words = likeness(alias), {likeness(word) for word in alias.split()}
    theirs = {likeness(word) for name in organisers for word in name.split()}
    return (
        bool(words & {likeness(title) for title in _TITLES})
        or any(len(word) >= 3 for word in words & theirs)
        or any(fuzz.ratio(plain, likeness(name)) >= _LIKE for name in organisers)
    )


def likeness(name: str) -> str:
    """What is left of a name once case, accents, spaces and look-alike letters are set aside."""
    letters = unicodedata.normalize("NFKD", name).casefold().translate(_ALIKE)
    return "".join(c for c in letters if c.isalnum())


def _one_line(text: str) -> str:
    """The text in composed form on one line, without control, format and other invisible characters."""
    composed = unicodedata.normalize("NFKC", text)
    seen = (c for c in composed if c.isspace() or not (unicodedata.category(c)[0] == "C" or c in _BLANK))
    return " ".join("".join(seen).split())
