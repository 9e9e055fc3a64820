"""Arithmetic of facts."""

from __future__ import annotations

from datetime import date

import pytest

from bot.catalogue.facts import age_in_months, calculate


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("4 / 1", 4),
        ("2 ** 10", 1024),
        ("-(3 - 5) * 1.5", 3),
        ("ceil(log2(1000))", 10),
        ("round(10 / 3)", 3),
        ("7 % 4", 3),
    ],
)
def test_arithmetic(expression: str, value: float) -> None:
    assert calculate(expression) == value


@pytest.mark.parametrize(
    "expression",
    ["", "4 +", "x + 1", "open('f')", "__import__('os')", "(1).real", "'4'", "True", "(-1) ** 0.5", "1 < 2", "[1]"],
)
def test_anything_else_is_refused(expression: str) -> None:
    with pytest.raises(ValueError):
        calculate(expression)


@pytest.mark.parametrize("expression", ["1 / 0", "9.0 ** 9999"])
def test_what_has_no_value_is_refused(expression: str) -> None:
    with pytest.raises(ArithmeticError):
        calculate(expression)


@pytest.mark.parametrize(
    ("as_of", "today", "months"),
    [
        (date(2026, 1, 15), date(2026, 11, 14), 9),
        (date(2026, 1, 15), date(2026, 11, 15), 10),
        (2025, date(2026, 12, 31), 12),
        (2026, date(2026, 6, 1), -7),
    ],
)
def test_age(as_of: date | int, today: date, months: int) -> None:
    assert age_in_months(as_of, today) == months
