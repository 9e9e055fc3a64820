"""Whether every number of a problem has a source, still holds and is computed rightly. Today is an argument."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from bot.catalogue.fault import Finding, short
from bot.catalogue.problem import Problem
from bot.catalogue.prose import figures, numbers

WARN_AFTER, BLOCK_AFTER = 12, 18
"""Months after which a fact is worth a look, and after which one about pay or the market is out of date."""
AGEING_AREAS = frozenset({"career", "llm"})
"""Where figures age. What statistics or SQL holds to be true stays as it is dated."""
PERISHABLE_TOPICS = frozenset({"career.market", "career.negotiation"})
NEAR = 0.01
"""Relative: a computed figure may be rounded this much."""

_OPERATIONS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "exp": math.exp,
    "ceil": math.ceil,
    "floor": math.floor,
    "round": round,
    "min": min,
    "max": max,
    "abs": abs,
}


def numbers_have_facts(problem: Problem) -> Iterator[Finding]:
    """L07: each number in prompt, hints or reference stands in the text of a fact."""
    known = [fact.text for fact in problem.facts]
    texts = [
        ("prompt", problem.prompt),
        *((f"variants.{v.id}.prompt", v.prompt) for v in problem.variants),
        *((f"hints.{n}.text", h.text) for n, h in enumerate(problem.hints, 1)),
        ("reference", problem.reference),
    ]
    for field, text in texts:
        missing = numbers_without(known, text)
        if missing:
            yield Finding(
                field,
                f"no fact holds {'the number' if len(missing) == 1 else 'the numbers'} {', '.join(missing)}",
                'add under `facts`, for instance {text: "' + missing[0] + ' …", source: scenario, as_of: 2026}',
            )


def numbers_without(facts: Iterable[str], text: str) -> list[str]:
    """The numbers of a text, as they are written, that stand in none of the texts of its facts; each once."""
    known = [value for fact in facts for value in _values(fact)]
    missing = (
        written
        for written, value, scale in figures(text)
        if not any(math.isclose(number, k, rel_tol=1e-9) for number in (value, value * scale) for k in known)
    )
    return list(dict.fromkeys(missing))


def calculations_are_right(problem: Problem) -> Iterator[Finding]:
    """L07: what a fact computes is the number in its text."""
    for n, fact in enumerate(problem.facts, 1):
        if fact.calc is not None:
            yield from wrong_calculation(f"facts.{n}.calc", fact.calc, fact.text)


def wrong_calculation(field: str, calc: str, text: str) -> Iterator[Finding]:
    """L07, for any calculation and the text that states its result."""
    try:
        value = calculate(calc)
    except (ValueError, ArithmeticError) as error:
        yield Finding(field, f"“{short(calc)}” cannot be computed ({error})", "write numbers with + - * / ** ( )")
        return
    if not any(_agrees(value, number) for number in _values(text)):
        remedy = f"write {value:.6g} in `text`, or correct the calculation"
        yield Finding(field, f"gives {value:.6g}, which “{short(text)}” does not hold", remedy)


def facts_are_fresh(problem: Problem, today: date) -> Iterator[Finding]:
    """L08: old facts are worth a look; old facts about pay and the market are wrong. Scenarios do not age."""
    if not AGEING_AREAS.intersection(topic.partition(".")[0] for topic in problem.tags.topics):
        return
    for n, fact in enumerate(problem.facts, 1):
        if fact.calc is not None or fact.source.strip().lower().startswith("scenario"):
            continue
        perishable = bool(PERISHABLE_TOPICS.intersection(problem.tags.topics))
        yield from too_old(f"facts.{n}.as_of", fact.as_of, today, perishable, f"“{short(fact.text)}” ")


def too_old(field: str, as_of: int | date, today: date, perishable: bool, what: str = "") -> Iterator[Finding]:
    """L08, for anything with a date; what is perishable is wrong some months after it is worth a look."""
    months = age_in_months(as_of, today)
    if months > WARN_AFTER:
        wrong = perishable and months > BLOCK_AFTER
        remedy = "look it up again and write the new date" if wrong else "see whether it still holds, and date it again"
        yield Finding(field, f"{what}is {months} months old", remedy, warning=not wrong)


def age_in_months(as_of: int | date, today: date) -> int:
    """Whole months since then; a year counts from its last day."""
    then = as_of if isinstance(as_of, date) else date(as_of, 12, 31)
    return (today.year - then.year) * 12 + today.month - then.month - (today.day < then.day)


def calculate(expression: str) -> float:
    """The value of an arithmetic expression. Raises ValueError for anything else, ArithmeticError as Python does."""
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, MemoryError, RecursionError):
        raise ValueError("it is not arithmetic") from None
    return _evaluate(tree.body)


def _evaluate(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return float(value)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_evaluate(left), _evaluate(right))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _OPERATIONS[type(op)](_evaluate(left), _evaluate(right))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATIONS:
            return _OPERATIONS[type(op)](_evaluate(operand))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            return float(_FUNCTIONS[name](*(_evaluate(a) for a in args)))
        case ast.Name(id="pi"):
            return math.pi
        case ast.Name(id="e"):
            return math.e
    raise ValueError(f"“{short(ast.unparse(node), 20)}” is not arithmetic")


def _power(base: float, exponent: float) -> float:
    value = base**exponent
    if isinstance(value, complex):
        raise ValueError("it has no real value")
    return float(value)


def _values(text: str) -> list[float]:
    """Every reading of the numbers in a text: as written, and scaled by a word such as "million"."""
    return [*numbers(text), *(value for _, value, _ in figures(text))]


def _agrees(value: float, written: float) -> bool:
    """Equal but for rounding; a share may be written in per cent."""
    return any(
        math.isclose(candidate, written, rel_tol=NEAR, abs_tol=_half_unit(written))
        for candidate in (value, 100 * value)
    )


def _half_unit(written: float) -> float:
    """Half of the last decimal that was written."""
    decimals = len(f"{written:.10f}".rstrip("0").partition(".")[2])
    return 0.5 * 10.0**-decimals if decimals or abs(written) >= 1 else 0.0
