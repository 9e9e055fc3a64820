"""Rating oneself: the form, the band, and what has moved since the last time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.catalogue import load
from bot.door import intents as i
from bot.door.messages import Choice
from bot.errors import FieldError
from bot.roles.assessing import band
from tests.talk import Talk, buttons, words

KNOWN = load().landscape.self_assessment


def rated(*ratings: int) -> i.SaveAssessment:
    return i.SaveAssessment(*map(str, ratings))


def test_the_form_has_five_choices_with_anchors(chat: Talk) -> None:
    form = chat.form("Ana", i.Assess())

    assert [f.name for f in form.fields] == [d.id for d in KNOWN.dimensions]
    for field, dimension in zip(form.fields, KNOWN.dimensions, strict=True):
        assert [c.value for c in field.choices] == ["1", "2", "3", "4", "5"]
        assert field.choices[0] == Choice("1", f"1 – {dimension.anchors[1]}")
        assert field.choices[1].label == "2 – in between"
    assert form.submit({d.id: "3" for d in KNOWN.dimensions}) == rated(3, 3, 3, 3, 3)


@pytest.mark.parametrize("total", range(5, 26))
def test_every_sum_has_its_band(total: int) -> None:
    ratings = dict.fromkeys((d.id for d in KNOWN.dimensions), 0) | {"role_clarity": total}
    reached = band(KNOWN, ratings)
    assert reached.low <= total <= reached.high
    assert (reached is KNOWN.bands[0]) == (total <= 10)
    assert (reached is KNOWN.bands[-1]) == (total >= 19)


def test_the_result_gives_advice_and_what_to_read(chat: Talk) -> None:
    said = chat.say("Ana", rated(1, 2, 1, 2, 3))

    assert said.title == f"{KNOWN.bands[0].name}: 9 of 25 (band 5–10)"
    assert KNOWN.bands[0].advice in words(said)
    assert "from" not in words(said).split("Your ratings")[1].split("Source")[0], "there is nothing to compare with"
    assert {b.topic for b in buttons(said).values() if isinstance(b, i.About)} == set(KNOWN.bands[0].read)
    for opened in buttons(said).values():
        if isinstance(opened, i.About):
            assert chat.say("Ana", opened).blocks


def test_the_second_time_shows_what_moved_and_how_long_it_took(chat: Talk) -> None:
    chat.say("Ana", rated(1, 2, 3, 2, 3))
    chat.world.wait(timedelta(days=21))

    said = words(chat.say("Ana", rated(3, 2, 2, 3, 3)))

    assert "beside those of 21 days ago" in said
    for name, line in zip(
        [d.name for d in KNOWN.dimensions],
        ["3 (up from 1)", "2 (as before)", "2 (down from 3)", "3 (up from 2)", "3 (as before)"],
        strict=True,
    ):
        assert f"{name}: {line}" in said
    assert "Sum: 13 (up from 11)" in said


def test_only_the_last_time_is_compared_with(chat: Talk) -> None:
    for ratings in ((1, 1, 1, 1, 1), (2, 2, 2, 2, 2), (5, 5, 5, 5, 5)):
        said = words(chat.say("Ana", rated(*ratings)))
        chat.world.wait(timedelta(hours=1))

    assert "beside those of earlier today" in said
    assert "Sum: 25 (up from 10)" in said


def test_what_others_rate_is_not_compared_with(chat: Talk) -> None:
    chat.say("Ana", rated(1, 1, 1, 1, 1))

    assert "up from" not in words(chat.say("Ben", rated(3, 3, 3, 3, 3)))


@pytest.mark.parametrize(
    ("ratings", "field"),
    [
        (("3", "2"), "salary_awareness"),
        (("0", "1", "1", "1", "1"), "role_clarity"),
        (("1", "6", "1", "1", "1"), "interview_knowledge"),
        (("1", "1", "1", "1", "good"), "industry_awareness"),
        (("1", "1", "1.5", "1", "1"), "salary_awareness"),
        (("²", "1", "1", "1", "1"), "role_clarity"),
    ],
)
def test_a_rating_that_is_none_is_asked_again_and_nothing_is_kept(
    chat: Talk, ratings: tuple[str, ...], field: str
) -> None:
    chat.say("Ana", rated(1, 1, 1, 1, 1))
    with pytest.raises(FieldError, match="rate it 1 to 5") as refused:
        chat.say("Ana", i.SaveAssessment(*ratings))

    assert refused.value.field == field
    assert sum(e["kind"] == "self_assessed" for e in chat.kept("Ana")["log"]) == 1
