"""Whether what is said of the roles is good: rules over files that have their shape. Today is an argument.

Add a rule by writing a function and naming it in RULES or, where it needs more than the files, in `landscape_faults`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from bot.catalogue.copying import Runs, copied
from bot.catalogue.facts import numbers_without, too_old, wrong_calculation
from bot.catalogue.fault import Fault, Finding
from bot.catalogue.landscape_pieces import Piece, Pieces, walk
from bot.catalogue.lint import banned
from bot.catalogue.market import Market, Salaries
from bot.catalogue.prose import words
from bot.catalogue.readability import hard_words, long_sentences
from bot.catalogue.reading import Place
from bot.catalogue.records import Record
from bot.model import Round

Rule = Callable[[Pieces], Iterator[Fault]]

PAGE_CHARACTERS = 1300
DAY_CHARACTERS = 600
CONTRAST_WORDS = 160
"""Sixty seconds aloud."""
PERISHABLE = frozenset({"ads", "aie", "ds", "hiring", "jobs", "market", "pay"})
"""First parts of the ids of figures about pay or the market."""


def texts(pieces: Pieces) -> Iterator[tuple[Piece[Any], Place, str]]:
    """Everything that somebody may read, with its file and place there."""
    for piece in pieces:
        for place, value in walk(piece.value):
            # An id, a role or an address is no text, and has no space.
            if type(value) is str and " " in value:
                yield piece, place, value


def passages(pieces: Pieces) -> Iterator[tuple[Piece[Any], Place, str]]:
    """What is read in one go, and written in Markdown."""
    for piece in pieces.roles:
        yield piece, ("day",), piece.value.day
    for page in pieces.pages:
        yield page, ("text",), page.value.text
    if contrasts := pieces.contrasts:
        for n, contrast in enumerate(contrasts.value.contrasts):
            yield contrasts, ("contrasts", n, "text"), contrast.text


def numbers_have_figures(pieces: Pieces) -> Iterator[Fault]:
    """L07: each number of a page, role or contrast stands in one of its figures."""
    if pieces.figures is None:
        return
    said = {figure.id: figure.text for figure in pieces.figures.value.figures}
    of_role = {guide.value.role: [said[id] for id in guide.value.figures if id in said] for guide in pieces.roles}
    prose: list[tuple[Piece[Any], Place, str, list[str]]] = []
    for guide in pieces.roles:
        own = of_role[guide.value.role]
        prose += [(guide, (field,), getattr(guide.value, field), own) for field in ("one_line", "day", *_WHO)]
    for page in pieces.pages:
        own = [said[id] for id in page.value.figures if id in said]
        prose += [(page, (field,), getattr(page.value, field), own) for field in ("title", "text", *_WHO)]
    if contrasts := pieces.contrasts:
        for n, contrast in enumerate(contrasts.value.contrasts):
            both = [text for role in contrast.between for text in of_role.get(role, ())]
            prose += [
                (contrasts, ("contrasts", n, name), getattr(contrast, name), both) for name in ("decide_by", "text")
            ]
    for piece, place, text, known in prose:
        if missing := numbers_without(known, text):
            what = "the number" if len(missing) == 1 else "the numbers"
            named = "`figures` of its two roles" if piece is pieces.contrasts else "`figures`"
            yield piece.fault(
                place,
                f"no figure of it holds {what} {', '.join(missing)}",
                f"name under {named} the one in figures.yaml that does, or leave the number out",
            )


_WHO = ("best_for", "skip_if")


def calculations_are_right(pieces: Pieces) -> Iterator[Fault]:
    """L07: what a figure computes is a number in its text."""
    if piece := pieces.figures:
        for n, figure in enumerate(piece.value.figures):
            if figure.calc is not None:
                yield from _at(piece, ("figures", n, "calc"), wrong_calculation("", figure.calc, figure.text))


def texts_have_their_length(pieces: Pieces) -> Iterator[Fault]:
    """L09: what fits one message, and what takes a minute to say."""
    for piece, place, text in passages(pieces):
        if piece is pieces.contrasts:
            found, most, unit = len(words(text)), CONTRAST_WORDS, "words"
        else:
            found, unit = len(text), "characters"
            most = DAY_CHARACTERS if place == ("day",) else PAGE_CHARACTERS
        if found > most:
            yield piece.fault(place, f"has {found} {unit}, at most {most} are allowed", "shorten it")


def texts_read_easily(pieces: Pieces) -> Iterator[Fault]:
    """L10: passages at grade 11 or below; no sentence of more than 30 words anywhere."""
    terms = frozenset(_terms(pieces))
    for piece, place, text in texts(pieces):
        yield from _at(piece, place, long_sentences("", text))
    for piece, place, text in passages(pieces):
        yield from _at(piece, place, hard_words("", text, terms))


def _terms(pieces: Pieces) -> Iterator[str]:
    """The vocabulary of the trade: what things are called here."""
    for name in (*pieces.topics.values(), *(kind.label for kind in Round)):
        yield from words(name)
    for piece in pieces.roles:
        guide = piece.value
        named = (guide.role.label, guide.dimensions.primary_focus, guide.dimensions.key_skill)
        for name in (*named, guide.dimensions.interview_emphasis, *guide.aliases):
            yield from words(name)
        for name in (*(held.name for held in guide.loop.rounds), *(rung.title for rung in guide.ladder.rungs)):
            yield from words(name)
    for page in pieces.pages:
        for name in (page.value.title, *page.value.aliases):
            yield from words(name)
    for single in (pieces.matching, pieces.market, pieces.emerging, pieces.frameworks):
        for place, value in walk(single.value if single else ()):
            if isinstance(value, str) and place[-1:] == ("name",):
                yield from words(value)


def markdown_is_plain(pieces: Pieces) -> Iterator[Fault]:
    """L16: what every platform can draw."""
    from bot.catalogue.markdown import MarkdownError, blocks

    for piece, place, text in passages(pieces):
        try:
            blocks(text)
        except MarkdownError as error:
            yield piece.fault(place, error.problem, error.remedy)


def nothing_banned(pieces: Pieces) -> Iterator[Fault]:
    """L18: nobody is promised to be hired, and no company's interview is told."""
    for piece, place, text in texts(pieces):
        yield from _at(piece, place, banned("", text))


def everything_is_shown(pieces: Pieces) -> Iterator[Fault]:
    """A figure that no page or role shows is never seen."""
    shown = {id for guide in pieces.roles for id in guide.value.figures}
    shown |= {id for page in pieces.pages for id in page.value.figures}
    if pieces.figures and pieces.whole:
        for n, figure in enumerate(pieces.figures.value.figures):
            if figure.id not in shown:
                remedy = "name it under `figures` of a page or role, or take it out"
                yield _warning(pieces.figures.fault(("figures", n), f"no page or role shows {figure.id}", remedy))


RULES: tuple[Rule, ...] = (
    numbers_have_figures,
    calculations_are_right,
    texts_have_their_length,
    texts_read_easily,
    markdown_is_plain,
    nothing_banned,
    everything_is_shown,
)


def landscape_faults(pieces: Pieces, today: date, against: Runs | None = None) -> Iterator[Fault]:
    """What every rule says of the files, with what is too old, and what is copied from the texts in `against`."""
    for rule in RULES:
        yield from rule(pieces)
    yield from facts_are_fresh(pieces, today)
    if against is not None:
        for piece, place, text in texts(pieces):
            names_a_work = piece is pieces.sources or "resources" in place
            if not names_a_work:
                yield from _at(piece, place, copied("", text, against))


def facts_are_fresh(pieces: Pieces, today: date) -> Iterator[Fault]:
    """L08: old facts are worth a look; old facts about pay and the market are wrong."""
    for piece in pieces:
        about_market = isinstance(piece.value, Salaries | Market)
        for place, value in walk(piece.value):
            if isinstance(value, Record):
                area = str(getattr(value, "id", "")).partition(".")[0] if piece is pieces.figures else ""
                perishable = about_market or area in PERISHABLE
                yield from _at(piece, (*place, "as_of"), too_old("", value.as_of, today, perishable))


def _at(piece: Piece[Any], place: Place, findings: Iterator[Finding]) -> Iterator[Fault]:
    """Findings about the text at a place."""
    for finding in findings:
        fault = piece.fault(place, finding.problem, finding.remedy)
        yield _warning(fault) if finding.warning else fault


def _warning(fault: Fault) -> Fault:
    return replace(fault, warning=True)
