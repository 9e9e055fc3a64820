"""What a channel sees of its members: names of those who want it, points of the top, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.cohort_model import Cohort, Preset
from bot.cohorts import standings, weeks
from bot.cohorts.week_board import Reading
from bot.door import cohort_intents as c
from bot.door import frozen
from bot.door import intents as i
from bot.door.messages import Message, Picture
from bot.model import CohortId, MemberId
from bot.store.standings import Tally
from tests.cohorts.group import group
from tests.cohorts.test_boards import SEVEN, all_earn, sent, until
from tests.talk import Talk, words

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
COHORT = Cohort(CohortId("c"), "Spring", Preset.STUDY_GROUP, "UTC", BEGAN)
THIS = weeks.week_of(COHORT, datetime(2026, 3, 2, tzinfo=UTC))


def tally(name: str, points: list[int], *, on: bool) -> Tally:
    return Tally(MemberId(name), tuple(points), (1,) * len(points), BEGAN, None, on, BEGAN)


MEMBERS = st.lists(
    st.tuples(st.lists(st.integers(-10, 90), min_size=5, max_size=5), st.booleans()), min_size=2, max_size=20
)


@given(MEMBERS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_who_is_not_on_the_board_changes_nothing_of_what_it_says_of_others(
    people: list[tuple[list[int], bool]],
) -> None:
    """But for what the team did together."""
    everybody = [tally(f"m{n}", points, on=on) for n, (points, on) in enumerate(people)]
    seen = Reading(COHORT, weeks.weeks_until(COHORT, THIS, 5), everybody)
    without = Reading(COHORT, seen.weeks, [t for t in everybody if t.on_board])

    for reading in (seen, without):
        points, earlier = reading.points(0), reading.earlier(0)
        told = standings.places(points), standings.most_improved(points, earlier), standings.is_told(points)
        assert told == (
            standings.places(without.points(0)),
            standings.most_improved(without.points(0), without.earlier(0)),
            standings.is_told(without.points(0)),
        )


def test_no_role_band_salary_interview_or_inactivity_reaches_the_channel(chat: Talk) -> None:
    made = group(chat, learners=SEVEN)
    for name in SEVEN:
        chat.settled(name, role="mlops")
        chat.say(name, i.SaveReminders(interview="2026-03-20"))
    until(chat, 14)
    all_earn(chat, SEVEN[:6])
    until(chat, 14, 11)
    made.says("Olga", c.PostBoard(made.id))
    until(chat, 23)

    assert len(sent(made)) >= 2
    for post in made.posts:
        said = _all_said(post.message).lower()
        for word in ("mlops", "hire", "salary", "interview", "2026-03-20", "20 mar", "nobody answered", "inactive"):
            assert word not in said
        assert not any(name.lower() in said for name in SEVEN[3:])


def test_the_picture_and_its_description_name_whom_the_text_names(chat: Talk) -> None:
    made = group(chat, learners=SEVEN)
    until(chat, 14)
    all_earn(chat)
    until(chat, 19)

    [post] = sent(made)
    [picture] = [b for b in post.message.blocks if isinstance(b, Picture)]
    assert [name for name in SEVEN if name in picture.alt] == ["Ana", "Ben", "Cem"]
    assert "1. Ana, 70 points; 2. Ben, 60 points; 3. Cem, 50 points" in picture.alt
    assert Image.open(BytesIO(picture.png)).width == 1080


def test_a_name_that_is_a_mention_markup_or_endless_is_one_line_of_plain_text(chat: Talk) -> None:
    made = group(chat, learners=SEVEN)
    names = ("<!channel> @everyone", "*bold* `code`\n# heading", "N" * 60)
    for name, odd in zip(SEVEN, names, strict=False):
        chat.settled(name)
        chat.say(name, i.SaveSettings(name=odd))
    until(chat, 14)
    all_earn(chat)
    until(chat, 19)

    said = words(sent(made)[0].message)
    assert "1 | <!channel> @everyone | 70" in said
    assert "2 | *bold* `code` # heading | 60" in said
    assert all(len(line) < 80 for line in said.splitlines() if " | " in line)


def test_two_people_of_one_name_have_a_row_each(chat: Talk) -> None:
    made = group(chat, learners=SEVEN)
    chat.settled("Ben")
    chat.say("Ben", i.SaveSettings(name="Ana"))
    until(chat, 14)
    all_earn(chat, SEVEN[:1] + SEVEN[2:])
    until(chat, 14, 12)
    all_earn(chat, SEVEN[1:2], first=65)
    until(chat, 19)

    assert "1 | Ana | 70\n2 | Ana | 65" in words(sent(made)[0].message)


def _all_said(message: Message) -> str:
    """Every word of a message, its buttons and what its pictures are described by."""
    blocks = tuple(replace(b, png=b"") if isinstance(b, Picture) else b for b in message.blocks)
    return json.dumps(frozen.to_json(replace(message, blocks=blocks)))
