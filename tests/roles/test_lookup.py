"""Asking about roles: every reply is short, sourced, and leads on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from bot.catalogue import load
from bot.catalogue.market import Pay
from bot.door import intents as i
from bot.door.commands import decode, encode, parse
from bot.door.intents import Intent
from bot.door.messages import LIMITS, Button, Choice, Message
from bot.errors import RolecallError, UsageError
from bot.model import Role
from bot.roles import citing, market
from bot.vocabulary import TOPICS, sectors, topics
from tests.rendering.test_examples import drawn
from tests.talk import Talk, buttons, talk, words

BANK = load()
KNOWN = BANK.landscape
NOVEMBER = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def ana(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """Somebody without a target role."""
    with talk(tmp_path_factory.mktemp("lookup"), start=NOVEMBER) as chat:
        yield chat


def asked(chat: Talk, typed: str) -> Message:
    return chat.say("Ana", parse(typed, chat.world.rolecall.vocabulary))


def whole(chat: Talk, wish: Intent) -> tuple[Message, ...]:
    """A reply with all of its parts."""
    parts = [chat.say("Ana", wish)]
    while onward := buttons(parts[-1]).get("Next part"):
        parts.append(chat.say("Ana", onward))
        assert len(parts) < 10
    return tuple(parts)


EVERY: list[Intent] = [
    i.About(),
    *(i.About(t) for t in dict.fromkeys(topics(KNOWN).values())),
    *(i.CompareRoles(a, b) for a, b in permutations(Role, 2)),
    *(kind(r) for r in Role for kind in (i.Loop, i.Level, i.Salary)),
    *(i.Salary(r, p.id) for r in Role for p in KNOWN.salaries.places),
    i.Market(),
    *(i.Market(id) for id in dict.fromkeys(sectors(KNOWN).values())),
]


@pytest.mark.parametrize("wish", EVERY, ids=lambda w: encode_of(w))
def test_every_reply_fits_is_sourced_and_its_buttons_lead_on(ana: Talk, wish: Intent) -> None:
    for message in whole(ana, wish):
        seen = drawn(message, 10_000)
        assert len(seen) <= LIMITS.MESSAGE, seen
        if any(mark in seen for mark in ("k USD", "k+ USD", " % ", " weeks")):
            assert "as of " in seen or "names no primary source" in seen
        for button in message.buttons:
            assert decode(encode(button)) == button.intent
            if isinstance(button.intent, i.About | i.Market):
                assert ana.say("Ana", button.intent).blocks


def encode_of(wish: Intent) -> str:
    return encode(Button("x", wish))


# --- without a role


@pytest.mark.parametrize("typed", ["loop", "level", "salary", "salary seattle"])
def test_without_a_role_the_six_are_offered(ana: Talk, typed: str) -> None:
    said = asked(ana, typed)

    assert list(buttons(said)) == [r.label for r in Role]
    chosen = ana.say("Ana", buttons(said)["ML engineer"])
    assert "ML engineer" in (chosen.title or "")


def test_a_place_is_kept_while_the_role_is_asked_for(ana: Talk) -> None:
    said = asked(ana, "salary seattle")

    assert buttons(said)["AI engineer"] == i.Salary("ai_engineer", "seattle")


def test_the_target_role_stands_in_for_a_missing_one(chat: Talk) -> None:
    chat.settled("Ana", role="ml eng")

    assert (chat.say("Ana", i.Loop()).title or "").startswith("ML engineer")
    assert (chat.say("Ana", i.CompareRoles("ds")).title or "").startswith("Data scientist or ML engineer")
    assert "ML engineer, compared with which role?" in words(chat.say("Ana", i.CompareRoles()))


# --- names


def test_an_adapter_may_pass_on_what_was_typed(ana: Talk) -> None:
    assert ana.say("Ana", i.Loop("ml eng")) == ana.say("Ana", i.Loop("mle"))
    assert ana.say("Ana", i.About("Data Scientists")) == ana.say("Ana", i.About("data_scientist"))


@pytest.mark.parametrize(
    "wish", [i.Loop("chef"), i.Level("chef"), i.Salary("mle", "atlantis"), i.Market("moon"), i.About("xyzzy"),
             i.CompareRoles("mle", "chef")],
    ids=lambda w: encode_of(w),
)  # fmt: skip
def test_an_unknown_name_is_refused_with_the_known_ones(ana: Talk, wish: Intent) -> None:
    with pytest.raises(RolecallError, match=r"I know no .* called “.*”\. (Did you mean|Choose from|Name a)"):
        ana.say("Ana", wish)


def test_an_unknown_place_names_those_with_figures(ana: Talk) -> None:
    with pytest.raises(UsageError, match=r"no place called “berlin”.*San Francisco Bay Area, Seattle"):
        asked(ana, "salary mle berlin")


@pytest.mark.parametrize("kind", ["role", "target", "topic", "place", "sector", "want", "zone", "rating", "command"])
def test_every_kind_of_option_has_suggestions(ana: Talk, kind: str) -> None:
    rolecall = ana.world.rolecall
    first = rolecall.suggest(kind, "")

    assert 0 < len(first) <= LIMITS.CHOICES
    best = rolecall.suggest(kind, first[-1].label)
    assert best[0] == first[-1]


def test_suggestions_are_labels_people_can_read(ana: Talk) -> None:
    suggest = ana.world.rolecall.suggest

    assert suggest("role", "mle")[0] == Choice("mle", "ML engineer")
    assert suggest("place", "sf")[0].label == "San Francisco Bay Area"
    assert suggest("target", "unsure")[0].value == "not sure yet"
    assert suggest("days", "") == ()
    bank = ana.world.rolecall.bank
    for topic, name in bank.topics.items():
        offered = [c.value for c in suggest("want", name)]
        assert (topic in offered) == any(topic in p.tags.topics for p in bank.problems.values()), offered


# --- about


def test_every_page_role_and_list_is_reached_from_the_contents(ana: Talk) -> None:
    reached: set[str] = set()
    waiting: list[Intent] = [i.About()]
    while waiting:
        for intent in buttons(ana.say("Ana", waiting.pop())).values():
            if isinstance(intent, i.About) and intent.topic not in reached:
                reached.add(intent.topic)
                waiting.append(intent)

    assert {*KNOWN.pages, *Role, *TOPICS, *(f.id for f in KNOWN.frameworks)} <= reached


def test_a_page_shows_its_figures_with_source_and_date(ana: Talk) -> None:
    for page in KNOWN.pages.values():
        said = "\n".join(words(m) for m in whole(ana, i.About(page.id)))
        for id in page.figures:
            figure = KNOWN.figures[id]
            assert figure.text in said
            assert citing.source(KNOWN, figure) in said


def test_a_list_in_parts_names_its_source_in_each(ana: Talk) -> None:
    parts = whole(ana, i.About("mistakes"))

    assert len(parts) > 1
    assert all("\nSource" in words(m) for m in parts)
    assert "Previous part" in buttons(parts[-1])
    assert all(sum(m.mistake in words(p) for p in parts) == 1 for m in KNOWN.mistakes)


def test_a_part_that_is_not_there_is_the_nearest(ana: Talk) -> None:
    assert ana.say("Ana", i.About("mistakes:99")) == whole(ana, i.About("mistakes"))[-1]
    assert ana.say("Ana", i.About("mistakes:x")) == ana.say("Ana", i.About("mistakes"))


# --- compare, loop, level


def test_two_roles_are_told_apart_by_text_and_dimensions(ana: Talk) -> None:
    said = words(asked(ana, "compare mle vs ai engineer"))

    contrast = KNOWN.contrast(Role.MLE, Role.AI_ENGINEER)
    assert f"Decide by: {contrast.decide_by}" in said
    for role in (Role.MLE, Role.AI_ENGINEER):
        assert KNOWN.roles[role].dimensions.key_skill in said
    assert "Total pay, L5: 300–450k USD | 250–400k USD" in said


def test_a_role_is_not_compared_with_itself(ana: Talk) -> None:
    said = asked(ana, "compare mle ml engineer")

    assert list(buttons(said)) == [r.label for r in Role if r is not Role.MLE]


def test_a_loop_says_what_each_round_tests_and_how_long_it_takes(ana: Talk) -> None:
    said = words(asked(ana, "loop mle"))

    for held in KNOWN.roles[Role.MLE].loop.rounds:
        assert held.name in said and held.tests in said and held.prepare in said
    assert "2–4 weeks" in said and "6–8 weeks" in said


@pytest.mark.parametrize("role", [Role.RESEARCH_ENGINEER, Role.DATA_ENGINEER])
def test_a_derived_loop_says_so(ana: Talk, role: Role) -> None:
    assert "Derived. No source describes this" in words(ana.say("Ana", i.Loop(role)))


@pytest.mark.parametrize("role", list(Role))
def test_the_practice_buttons_of_a_loop_bring_a_problem_of_that_role_and_round(chat: Talk, role: Role) -> None:
    chat.settled("Ana", role=role)
    offered = [b for b in buttons(chat.say("Ana", i.Loop())).values() if isinstance(b, i.Practice)]

    assert offered
    for practice in offered:
        chat.say("Ana", i.Skip())
        chat.say("Ana", practice)
        problem = chat.world.rolecall.bank.problems[chat.serving("Ana").problem]
        assert f"{role}+{problem.tags.round}" == practice.want
        assert {role, "all"} & set(problem.tags.roles)


def test_levels_are_by_evidence_with_red_flags_and_the_ladder(ana: Talk) -> None:
    said = "\n".join(words(m) for m in whole(ana, i.Level("ai_engineer")))

    for expected in KNOWN.roles[Role.AI_ENGINEER].levels.levels:
        assert f"({expected.years} years, as a hint)" in said
        assert all(flag in said for flag in expected.red_flags)
    assert all(rung.title in said for rung in KNOWN.roles[Role.AI_ENGINEER].ladder.rungs)


# --- pay


def test_pay_is_one_line_a_record_base_before_total(ana: Talk) -> None:
    said = "\n".join(words(m) for m in whole(ana, i.Salary("ai_engineer")))

    assert said.index("Base pay a year") < said.index("Total pay a year")
    records = [p for p in KNOWN.salaries.pay if p.role is Role.AI_ENGINEER and p.place == "us"]
    lines = said.splitlines()
    for pay in records:
        shown = [x for x in lines if x.startswith(f"{citing.amount(pay)} {pay.measure} · {pay.scope} · ")]
        assert len(shown) == 1
        assert citing.source(KNOWN, pay) in shown[0]


def test_where_nothing_is_known_it_says_so_and_what_to_do(ana: Talk) -> None:
    said = words(asked(ana, "salary mlops boston"))

    assert "No source I know says what MLOps engineers are paid in Boston. To find out: ask" in said
    assert "250–380k USD total · L5 · United States" in said


def test_a_city_shows_its_own_records_and_what_living_costs(ana: Talk) -> None:
    said = asked(ana, "salary aie san francisco")

    assert "180–250k USD base · all levels · San Francisco Bay Area (cost of living 1.8 × the average)" in words(said)
    assert buttons(said)["United States"] == i.Salary("ai_engineer", "us")


@pytest.mark.parametrize(
    ("as_of", "now", "stale"),
    [
        (date(2026, 6, 1), datetime(2027, 6, 1, tzinfo=UTC), False),
        (date(2026, 6, 1), datetime(2027, 6, 2, tzinfo=UTC), True),
        (2026, datetime(2027, 6, 30, tzinfo=UTC), False),
        (2026, datetime(2027, 7, 2, tzinfo=UTC), True),
        (2026, datetime(2026, 1, 5, tzinfo=UTC), False),
    ],
)
def test_a_record_is_old_after_twelve_months(as_of: int | date, now: datetime, stale: bool) -> None:
    record = Pay(
        role=Role.MLE, measure="base", low=100_000, high=120_500, currency="EUR", scope="all", place="us",
        source="hiring_guide", as_of=as_of,
    )  # fmt: skip
    assert citing.is_stale(record, now) is stale
    assert citing.amount(record) == "100k–120,500 EUR"


def test_an_old_record_carries_a_warning(tmp_path: Path) -> None:
    with talk(tmp_path, start=NOVEMBER + timedelta(days=600)) as chat:
        assert market.OLD in words(chat.say("Ana", i.Salary("mle")))
        assert market.OLD not in words(chat.say("Ana", i.Market()))


# --- market


def test_the_market_shows_every_cell_and_the_contradiction(ana: Talk) -> None:
    said = "\n".join(words(m) for m in whole(ana, i.Market()))

    cells = KNOWN.market.heatmap.cells
    for sector in KNOWN.market.sectors:
        line = next(x for x in said.splitlines() if x.startswith(f"{sector.name}: "))
        by_demand = dict(part.split(": ", 1) for part in line.removeprefix(f"{sector.name}: ").split(" · "))
        for role in Role:
            assert role.label in by_demand[market.DEMAND[cells[role][sector.id]]].split(", ")
    assert "contradicts itself" in said
    assert all(trend.text in said for trend in KNOWN.market.trends)


def test_an_industry_shows_what_it_asks_for_and_its_sector(ana: Talk) -> None:
    said = words(asked(ana, "market cars"))

    assert "sensor fusion" in said
    assert "The heat map counts it under Enterprise." in said


def test_lookups_ask_for_no_write(ana: Talk) -> None:
    """A lookup leaves no trace of what somebody reads."""
    before = ana.kept("Ana")["log"]
    for wish in EVERY[:20]:
        ana.say("Ana", wish)
    assert ana.kept("Ana")["log"] == before
