"""Numbers in running text: digits, words, thousands and units. It decides which quantities stand where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalogue.problem import Quantity
from bot.grading.text import Token, spell

_UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_TENS = {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0, "ninety": 90.0}
_SMALL = {spell(word): float(value) for value, word in enumerate(_UP_TO_TWENTY.split(" "))} | _TENS
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "once": 1.0, "twice": 2.0, "double": 2.0, "dozen": 12.0}
_TIMES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "lakh": 1e5, spell("million"): 1e6, "mio": 1e6, "m": 1e6, "mn": 1e6,
    spell("billion"): 1e9, "bn": 1e9, "b": 1e9,
}  # fmt: skip
_LARGE = {spell("hundred"): 1e2, spell("thousand"): 1e3, spell("million"): 1e6, spell("billion"): 1e9}
_PERCENT = frozenset({"%", "percent", "pct"})
_UNIT_REACH = 3


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from tokens[start:end]; several values where it can be read in several ways (5m, 40 %)."""

    values: tuple[float, ...]
    start: int
    end: int


def numbers(tokens: Sequence[Token]) -> tuple[Number, ...]:
    """Every number in the tokens, in order."""
    found: list[Number] = []
    index = 0
    while index < len(tokens):
        number = _at(tokens, index)
        if number is None:
            index += 1
        else:
            found.append(number)
            index = number.end
    return tuple(found)


def _at(tokens: Sequence[Token], start: int) -> Number | None:
    word = tokens[start].word
    end = start + 1
    if word[0].isdigit() and word.isascii():
        try:
            values = [float(word)]
        except ValueError:
            return None
    elif word in _SMALL or word in _LARGE:
        values, end = _spelt(tokens, start)
    elif word in _FRACTIONS:
        values = [_FRACTIONS[word]]
    else:
        return None
    while end < len(tokens) and tokens[end].word in _TIMES:
        times = _TIMES[tokens[end].word]
        scaled = [value * times for value in values]
        # One letter may be a unit as well: 5 m is five metres, or five million.
        values = values + scaled if len(tokens[end].word) == 1 else scaled
        end += 1
    if end < len(tokens) and tokens[end].word in _PERCENT:
        values = values + [value / 100 for value in values]
    return Number(tuple(values), start, end)


def _spelt(tokens: Sequence[Token], start: int) -> tuple[list[float], int]:
    """A number in words, such as two thousand five hundred and forty, and where it ends."""
    total = part = 0.0
    index = end = start
    while index < len(tokens):
        word = tokens[index].word
        if word in _SMALL and (
            part == 0 or part % 100 == 0 or (part % 100 >= 20 and part % 10 == 0 and 0 < _SMALL[word] < 10)
        ):
            part += _SMALL[word]
        elif word in _LARGE and (part or index == start):
            part = (part or 1.0) * _LARGE[word]
            if _LARGE[word] > 100:
                total, part = total + part, 0.0
        elif word != "and" or tokens[index - 1].word not in _LARGE:
            break
        index += 1
        if word != "and":
            end = index
    return [total + part], end


def spelt_out(tokens: Sequence[Token]) -> bool:
    """Whether somebody writes figures in words ("eight and a half grand"), of which not every way can be read."""
    return any(
        token.word in _LARGE or token.word in _FRACTIONS or token.word == "grand" or _SMALL.get(token.word, 0.0) > 10
        for token in tokens
    )


def fits(quantity: Quantity, number: Number, tokens: Sequence[Token]) -> bool:
    """Whether a number of the text is the quantity: size within tolerance, a unit beside it if one is asked for."""
    room = abs(quantity.number) * quantity.tolerance + 1e-9
    if not any(abs(value - quantity.number) <= room for value in number.values):
        return False
    following = {token.word for token in tokens[number.end : number.end + 1]}
    if quantity.unit and _PERCENT & following and _PERCENT.isdisjoint(quantity.unit):
        return False  # "about 95 %" is not about 95 of anything
    return not quantity.unit or any(_beside(unit, number, tokens) for unit in quantity.unit)


def _beside(unit: str, number: Number, tokens: Sequence[Token]) -> bool:
    wanted = spell(unit.lower().strip()).split()
    before = [token.word for token in tokens[max(0, number.start - 2) : number.start]]
    after = [token.word for token in tokens[number.start + 1 : number.end + _UNIT_REACH]]
    if len(wanted) > 1:
        joined = " ".join(after)
        return any(joined[i:].startswith(" ".join(wanted)) for i in range(len(joined)))
    return any(_same_unit(wanted[0], word) for word in (*before, *after)) if wanted else True


def _same_unit(unit: str, word: str) -> bool:
    return word == unit or (len(unit) >= 3 and word.startswith(unit)) or word == unit + "s"
