"""Nothing private ever stands in a channel: all that two scenarios posted is searched, and so is the search itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.catalogue import Catalogue, load
from bot.pictures.board import BoardPicture
from tests.scenarios.month import CHANNEL, Month
from tests.scenarios.private import Leak, Secrets, leaks
from tests.scenarios.stage import Stage

NOW = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)
ANSWER = "At Quillfern we would first ask what a wrong refund costs, and then sample forty of them by hand."
SECRETS = Secrets(
    interviews=(date(2026, 5, 17),),
    answers=(ANSWER,),
    own_words=("Quillfern",),
    names={"Ana": ((NOW - timedelta(days=9), NOW - timedelta(days=1)),), "Ben": ((NOW, NOW + timedelta(days=1)),)},
)


@pytest.fixture(scope="module")
def bank() -> Catalogue:
    return load(None)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("role", "1. Ben, who wants to be an ML engineer: 40 points"),
        ("role", "Top of the research engineers this week"),
        ("role", "Ben (mle): 40 points"),
        ("role", "board|c1|ai_engineer"),
        ("role", "Two of you prepare as MLEs"),
        ("band", "Ben had three Strong Hires"),
        ("band", "1 Ben 40 strong_hire"),
        ("band", "answers: 12, of which no hire: 4"),
        ("pay", "median $182,000"),
        ("pay", "€ 95k and more"),
        ("pay", "they look for 120K"),
        ("pay", "Ben read about salaries"),
        ("level", "Ben, senior"),
        ("level", "three entry level learners"),
        ("interview", "Ben has something on 2026-05-17"),
        ("interview", "Good luck on 17 May"),
        ("interview", "Good luck on May 17th"),
        ("interview", "until 17.5. there is time"),
        ("interview", "Good luck with the interview"),
        ("blame", "Kofi has not answered yet"),
        ("blame", "Three did not practise"),
        ("blame", "Kofi is inactive"),
        ("blame", "Nobody took part"),
        ("blame", "Ben lost his streak"),
        ("blame", "in last place: Ben"),
        ("name", "3. Ana 20 points"),
        ("answer", "somebody at Quillfern wrote this"),
        ("answer", "we would first ask what a wrong refund costs you"),
    ],
)
def test_a_planted_leak_is_found(bank: Catalogue, kind: str, text: str) -> None:
    assert kind in {leak.kind for leak in leaks(text, NOW, bank, SECRETS)}


def test_a_leak_beside_a_problem_is_found(bank: Catalogue) -> None:
    """A prompt's own words are no leak, and hide none."""
    for problem in bank.problems.values():
        post = f"{problem.title}\nPhone screen · {problem.tags.level} level · about 5 min\n{problem.prompt}"
        closed = f"Closed: {problem.title}\nMost often left out: {problem.criteria[0].statement}\n{problem.reference}"
        for text in (post, closed):
            assert leaks(text, NOW, bank, SECRETS) == []
            assert {leak.kind for leak in leaks(f"{text}\nBen, data engineer, € 90k", NOW, bank, SECRETS)} == {
                "role",
                "pay",
            }


def test_what_may_stand_there_is_no_leak(bank: Catalogue) -> None:
    board = "Spring 2026: the week of 16 March\n1 | Ben | 40\n2 | Grey Heron | 38\nTogether: 120 of 100 due concepts"
    assert leaks(board, NOW, bank, SECRETS) == []
    assert leaks("1 | Ana | 40", NOW - timedelta(days=2), bank, SECRETS) == []
    assert leaks(f"One of your answers\n{ANSWER}", NOW, bank, SECRETS, agreed=(ANSWER,)) == []


@pytest.mark.slow
@pytest.mark.xdist_group("four weeks")
def test_four_weeks_give_nothing_private_away(month: Month) -> None:
    assert len(month.said) > 500
    assert len(month.stage.channel(CHANNEL)) > 20
    found = month_leaks(month)
    assert found == []


def month_leaks(month: Month, stage: Stage | None = None) -> list[tuple[str, Leak]]:
    """Every leak in every version of every post, with the text in which it stands. `stage`: where else it is read."""
    secrets = month.secrets()
    return [
        (version.everything, leak)
        for post in (stage or month.stage).channel(CHANNEL)
        for version in post.versions
        for leak in leaks(version.everything, version.at, month.bank, secrets, month.agreed)
    ]


@pytest.mark.slow
@pytest.mark.xdist_group("four weeks")
def test_pictures_give_nothing_private_away(month: Month, drawn: list[tuple[datetime, BoardPicture]]) -> None:
    """By what is drawn on them, and by what a file may carry beside that."""
    assert len(drawn) >= 4
    for at, board in drawn:
        rows = [f"{place} {name} {points}" for place, name, points in board.places]
        improved = [name for name, _ in board.improved]
        said = "\n".join([board.title, board.subtitle, *rows, *improved, board.note])
        assert leaks(said, at, month.bank, month.secrets()) == []
    pictures = [png for post in month.stage.channel(CHANNEL) for v in post.versions for png in v.pictures]
    assert pictures
    for png in pictures:
        assert Image.open(BytesIO(png)).info.keys() <= {"transparency", "gamma"}
