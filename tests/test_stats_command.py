"""`rolecall stats`: what an operator learns about graders and problems from what members and mentors said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.catalogue.problem import Problem
from bot.cli.app import app
from bot.model import (
    FLAGS,
    Account,
    Assessment,
    CriterionId,
    Event,
    Flag,
    Judge,
    Member,
    MemberId,
    Mistake,
    Origin,
    ProblemId,
    Quote,
    Ruling,
    ServingId,
    State,
    Verdict,
)
from bot.practice.projection import record
from bot.store import learning, members
from bot.store.session import Store, open_store
from bot.store.stored import assessment_to, rulings_to
from bot.store.tables import spending
from tests.grading.sample import feed

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MARKS = {"m": State.MET, "p": State.PARTLY, "x": State.MISSED, "?": State.UNSURE}
SAID = Quote("said", 0, 4)
OTHER = feed().model_copy(update={"id": ProblemId("other.problem.entirely")})


@dataclass
class Installation:
    """A database in which members answer and others judge, by way of the log."""

    store: Store
    place: Path
    events: int = 0

    def event(self, member: str, serving: str, kind: str, data: Mapping[str, object]) -> None:
        self.events += 1
        at = NOW + timedelta(minutes=self.events)
        with self.store.begin() as tx:
            assert record(tx, Event(MemberId(member), kind, at, ServingId(serving), dict(data)))

    def joins(self, member: str) -> None:
        with self.store.begin() as tx:
            members.join(
                tx, Member(MemberId(member), f"Name of {member}"), Account("terminal", "", member), member, NOW
            )

    def answers(
        self, member: str, serving: str, states: str, problem: Problem | None = None, judges: str = "", **said: Any
    ) -> None:
        """A member answers, and the grader gives c1 to c5 the states of the letters; `m` in judges is a model."""
        problem = problem or feed()
        with self.store.begin() as tx:
            learning.keep_rubric(tx, problem.id, problem.version, problem.model_dump_json(by_alias=True))
        about = {"problem": problem.id, "version": problem.version, "variant": "v1", "origin": Origin.NEW}
        self.event(member, serving, "served", about | {"expires_at": (NOW + timedelta(days=9)).isoformat()})
        self.event(member, serving, "answered", {"text": "said what I know"})
        self.event(member, serving, "assessed", {"assessment": graded(states, judges, **said)})

    def regraded(self, member: str, serving: str, states: str, **said: Any) -> None:
        data = {"version": feed().version, "assessment": graded(states, **said)}
        self.event(member, serving, "regraded", data)

    def appeals(self, member: str, serving: str, point: str) -> None:
        self.event(member, serving, "appealed", {"point": point, "start": 0, "end": 4})

    def reviewed(self, member: str, serving: str, by: Judge = Judge.MENTOR, **points: str) -> None:
        rulings = {
            p: Ruling(MARKS[mark], SAID if mark in "mp" and p.startswith("c") else None) for p, mark in points.items()
        }
        self.event(member, serving, "reviewed", {"by": by, "points": rulings_to(rulings)})

    def ask(self, *what: str) -> str:
        done = CliRunner().invoke(app, ["stats", *what, "--db", str(self.place)])
        assert done.exit_code == 0, done.output or done.exception
        return done.stdout

    def graders(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.ask("graders", "--json"))["graders"]
        return found

    def problem(self, id: str = "") -> dict[str, Any]:
        found: list[dict[str, Any]] = json.loads(self.ask("problems", "--json"))["problems"]
        return next(p for p in found if p["problem"] == (id or feed().id))


def graded(states: str, judges: str = "", version: str = "2", grader: str = "deterministic", **more: Any) -> Any:
    judged = judges.ljust(len(states))
    verdicts = tuple(
        Verdict(
            CriterionId(f"c{n}"),
            MARKS[mark],
            SAID if mark in "mp" else None,
            0.9,
            by=Judge.MODEL if judge == "m" else Judge.GRADER,
        )
        for n, (mark, judge) in enumerate(zip(states, judged, strict=True), start=1)
    )
    return assessment_to(Assessment(verdicts, grader=grader, version=version, **more))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Installation]:
    place = tmp_path / "rolecall.db"
    store = open_store(str(place))
    yield Installation(store, place)
    store.close()


def test_what_mentors_say_is_held_against_what_the_grader_had_decided(here: Installation) -> None:
    here.joins("ana")
    here.answers("ana", "s1", "mmx?x")
    here.reviewed("ana", "s1", c1="m", c2="x", c4="m")
    here.answers("ana", "s2", "mxxxx", OTHER)

    [figures] = here.graders()

    assert (figures["grader"], figures["version"], figures["answers"]) == ("deterministic", "2", 2)
    assert (figures["criteria"], figures["decided"], figures["unsure_share"]) == (10, 9, 0.1)
    # c4 was unsure: whatever people say of it is no error
    assert (figures["looked_at"], figures["overturned"], figures["confident_errors"]) == (2, 1, 50.0)
    assert figures["mentor_agreement"] == 0.5
    assert figures["by_criterion"] == [
        {"problem": feed().id, "criterion": "c1", "looked_at": 1, "same": 1},
        {"problem": feed().id, "criterion": "c2", "looked_at": 1, "same": 0},
    ]


def test_peers_count_as_people_but_not_as_mentors(here: Installation) -> None:
    here.joins("ana")
    here.answers("ana", "s1", "mmxxx")
    here.reviewed("ana", "s1", Judge.PEERS, c1="x")
    [figures] = here.graders()
    assert (figures["looked_at"], figures["overturned"], figures["mentor_agreement"]) == (1, 1, None)


def test_an_appeal_counts_once_it_is_settled_and_only_if_it_is_the_graders(here: Installation) -> None:
    here.joins("ana")
    here.answers("ana", "s1", "mmxxx")
    for point in ("c3", "c4", "c5"):
        here.appeals("ana", "s1", point)
    here.reviewed("ana", "s1", c3="m", c4="x")
    # what a mentor had said before is not the grader's to answer for
    here.appeals("ana", "s1", "c4")
    here.reviewed("ana", "s1", c4="m")

    [figures] = here.graders()
    assert (figures["appeals"], figures["appeals_settled"], figures["appeals_upheld"]) == (3, 2, 1)
    assert figures["overturn_rate"] == 0.5
    assert (here.problem()["appeals"], here.problem()["appeals_upheld"]) == (3, 1)
    assert "1 of 2, 1 open" in here.ask("graders")


def test_an_appeal_against_what_was_held_against_an_answer_is_upheld_when_it_falls(here: Installation) -> None:
    here.joins("ana")
    here.answers("ana", "s1", "mmmmm", mistakes=(Mistake("m2", SAID),), flags=(Flag.NEGATED_REFERENCE,))
    here.appeals("ana", "s1", "m2")
    here.appeals("ana", "s1", FLAGS)
    here.reviewed("ana", "s1", m2="x", flags="m")

    [figures] = here.graders()
    assert (figures["appeals_settled"], figures["appeals_upheld"]) == (2, 1)
    assert (figures["criteria"], figures["looked_at"]) == (5, 0)


def test_a_language_model_and_the_built_in_grader_answer_each_for_their_own(here: Installation) -> None:
    here.joins("ana")
    here.answers("ana", "s1", "mm?xm", judges="  mm ", grader="cascade", version="deterministic 2; llm x")
    here.reviewed("ana", "s1", c1="m", c4="m")
    with here.store.begin() as tx:
        call = {"member_id": "ana", "at": NOW, "model": "x", "tokens_in": 900, "tokens_out": 200, "cost_usd": 0.004}
        tx.execute(spending.insert(), [call | {"outcome": "answered"}] * 2 + [call | {"outcome": "slow"}])

    built_in, model = here.graders()
    assert (built_in["judge"], built_in["criteria"], built_in["overturned"]) == ("grader", 3, 0)
    assert (model["judge"], model["criteria"], model["overturned"]) == ("model", 2, 1)
    assert json.loads(here.ask("graders", "--json"))["models"] == [
        {"model": "x", "outcome": "answered", "calls": 2, "tokens_in": 1800, "tokens_out": 400, "cost_usd": 0.008},
        {"model": "x", "outcome": "slow", "calls": 1, "tokens_in": 900, "tokens_out": 200, "cost_usd": 0.004},
    ]
    assert "cascade deterministic 2; llm x, language model" in here.ask("graders")


def test_a_corrected_rubric_does_not_hide_what_the_old_one_got_wrong(here: Installation) -> None:
    here.joins("ana")
    here.answers("ana", "s1", "mmxxx")
    here.reviewed("ana", "s1", c1="x")
    here.regraded("ana", "s1", "mmmxx", version="3")

    old, new = here.graders()
    assert (old["version"], old["criteria"], old["overturned"]) == ("2", 1, 1)
    assert (new["version"], new["criteria"], new["overturned"]) == ("3", 4, 0)


def twenty(here: Installation, members_: int = 20) -> None:
    """Members of whom the later ones know both problems well: mean scores .65 and .7."""
    for n in range(members_):
        here.joins(f"m{n}")
        strong = n >= members_ // 2
        here.answers(f"m{n}", f"a{n}", "mmmmx" if strong else "mxxxx")
        here.answers(f"m{n}", f"b{n}", "mmmmx" if strong else "mxpxx", OTHER)


def test_difficulty_and_discrimination_are_given_from_twenty_members_on(here: Installation) -> None:
    twenty(here)
    found = here.problem()
    assert (found["attempts"], found["bands"]["strong_hire"], found["bands"]["lean_hire"]) == (20, 0.5, 0.5)
    assert found["difficulty"] == pytest.approx(0.35)
    assert found["discrimination"] == pytest.approx(1)
    assert found["revise"] == []
    assert "Nothing calls for a revision so far." in here.ask("problems")


def test_of_fewer_members_it_says_not_yet(here: Installation) -> None:
    twenty(here, 19)
    assert here.problem()["difficulty"] is here.problem()["discrimination"] is None
    assert here.ask("problems").count("not yet") == 4


def test_a_second_try_changes_no_difficulty(here: Installation) -> None:
    twenty(here)
    here.answers("m0", "again", "mmmmm")
    found = here.problem()
    assert (found["attempts"], found["difficulty"]) == (21, pytest.approx(0.35))


def test_problems_to_revise_are_named_with_their_reasons(here: Installation) -> None:
    for n in range(20):
        here.joins(f"m{n}")
        # who does well elsewhere does badly here, and c5 is unsure in every second answer
        here.answers(f"m{n}", f"a{n}", ("mmmm" if n < 10 else "mxxx") + ("?" if n % 2 else "x"))
        here.answers(f"m{n}", f"b{n}", "mxxxx" if n < 10 else "mmmmx", OTHER)
    for n in range(3):
        here.reviewed(f"m{n}", f"a{n}", c2="x")

    reasons = here.problem()["revise"]
    assert reasons == [
        "those who do well elsewhere do no better here (discrimination -0.95): what does it test?",
        "people overturned c2 in 3 of 3 answers: compare its words with theirs",
        "c5 stays unsure in 10 of 20 answers: add ways to say it",
    ]
    assert f"  {feed().id}: {reasons[2]}" in here.ask("problems").splitlines()
    assert "c5, 10 of 20" in here.ask("problems")


def test_nobody_is_named(here: Installation) -> None:
    here.joins("ana")
    here.answers("ana", "s1", "mm?xx")
    here.appeals("ana", "s1", "c4")
    here.reviewed("ana", "s1", c4="m")
    for what in (("graders",), ("graders", "--json"), ("problems",), ("problems", "--json")):
        out = here.ask(*what)
        assert feed().id in out or "deterministic" in out
        assert "ana" not in out.lower()
        assert "said what I know" not in out


def test_a_new_installation_says_that_nothing_was_graded(here: Installation) -> None:
    assert here.ask("graders") == here.ask("problems") == "No answer has been graded yet.\n"
    assert json.loads(here.ask("graders", "--json")) == {"graders": [], "models": []}
