"""Lines beginning with ">" steer the terminal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.terminal.steering import (
    As,
    Click,
    Dm,
    Fill,
    In,
    Restart,
    Steering,
    Wait,
    is_steering,
    parse,
    slug,
    unescaped,
)
from bot.errors import UsageError


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("> as Ben", As("Ben")),
        (">as  Ana   María ", As("Ana María")),
        ("> in #cohort", In("#cohort")),
        ("> in cohort", In("#cohort")),
        ("> dm", Dm()),
        ("> DM", Dm()),
        ("> wait 30m", Wait(timedelta(minutes=30), "30m")),
        ("> wait 1d12h", Wait(timedelta(days=1, hours=12), "1d12h")),
        ("> wait 2W", Wait(timedelta(weeks=2), "2W")),
        ("> click Show the reference", Click("Show the reference")),
        ('> click "Hint"', Click("Hint")),
        ("> restart", Restart()),
        ("> fill zone=Europe/Berlin time=09:00", Fill({"zone": "Europe/Berlin", "time": "09:00"})),
        ('> fill answer="two words\\nand \\"more\\"" name=', Fill({"answer": 'two words\nand "more"', "name": ""})),
        ("> fill answer=@answer.txt name=O'Brien", Fill({"answer": "@answer.txt", "name": "O'Brien"})),
    ],
)
def test_what_a_line_asks(line: str, asked: Steering) -> None:
    assert parse(line) == asked


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("> jump", "> as NAME, > in #CHANNEL, > dm, > wait 3d, > click LABEL"),
        (">", "Begin it with >> to send it as text"),
        ("> as", "Write > as NAME"),
        ("> as !!!", "1 to 40 letters"),
        ("> as " + "x" * 41, "1 to 40 letters"),
        ("> in two words", "such as #cohort"),
        ("> dm now", "Write > dm"),
        ("> restart now", "Write > restart"),
        ("> wait soon", "30m, 8h, 3d, 2w or 1d12h"),
        ("> wait 0d", "between one minute"),
        ("> wait 105w", "two years"),
        ("> wait 99999w99999w", "two years"),
        ("> fill nonsense", "this does not fit: nonsense"),
        ('> fill a=1 b="open', 'this does not fit: b="open'),
    ],
)
def test_a_line_that_does_not_parse_says_how_it_is_written(line: str, remedy: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(line)

    assert remedy in str(refused.value)


def test_two_signs_send_one() -> None:
    assert is_steering("> dm")
    assert not is_steering(">> quoted")
    assert unescaped(">> quoted") == "> quoted"
    assert unescaped("no sign") == "no sign"


@pytest.mark.parametrize(
    ("name", "id"),
    [("Ana", "ana"), ("Ana María", "ana-maría"), ("王芳", "王芳"), ("O'Brien", "o-brien"), ("ＡＮＡ", "ana")],
)
def test_a_persons_account_id(name: str, id: str) -> None:
    assert slug(name) == id
