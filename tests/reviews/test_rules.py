"""Who agrees with whom, and what a form offers: the rules on their own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import load
from bot.door.messages import LIMITS
from bot.grading.question import full
from bot.model import (
    Assessment,
    Attempt,
    CohortId,
    Judge,
    MemberId,
    Origin,
    ProblemId,
    Quote,
    Route,
    Ruling,
    Serving,
    ServingId,
    State,
    Ticket,
    TicketId,
    TicketKind,
    Verdict,
)
from bot.reviews import audience, peers, points, ruling
from bot.reviews.audience import Refusal, Reviewer
from tests.talk import DAY, MONDAY

PROBLEM = load().warm_up
POINT = str(PROBLEM.criteria[0].id)
SPRING, AUTUMN = CohortId("spring"), CohortId("autumn")
VOTES = st.lists(st.sampled_from([State.MET, State.PARTLY, State.MISSED]), max_size=5)


def attempt(text: str, quote: Quote | None = None, state: State = State.UNSURE) -> Attempt:
    serving = Serving(ServingId("s"), MemberId("ana"), PROBLEM.id, 1, "v1", Origin.NEW, MONDAY, MONDAY + 7 * DAY)
    verdicts = tuple(Verdict(c.id, state, quote, chance=0.7) for c in PROBLEM.criteria)
    return Attempt(serving, text, MONDAY, Assessment(verdicts))


@given(VOTES)
def test_two_who_agree_settle_a_point_and_after_a_difference_the_third(said: list[State]) -> None:
    votes = [{POINT: Ruling(state)} for state in said]

    found = peers.settled((POINT,), votes)

    if len(said) < 2 or (len(said) == 2 and said[0] is not said[1]):
        assert found == {}
        assert peers.needed((POINT,), votes) == max(1, 2 - len(said))
    else:
        assert found == {POINT: Ruling(said[-1])}


@given(
    st.frozensets(
        st.tuples(st.sampled_from(["learner", "mentor", "organiser"]), st.sampled_from([None, SPRING, AUTUMN]))
    ),
    st.sampled_from(Route),
    st.sampled_from(TicketKind),
    st.booleans(),
    st.booleans(),
)
def test_nobody_judges_from_outside_or_twice(
    offices: frozenset[tuple[str, CohortId | None]], route: Route, kind: TicketKind, late: bool, practised: bool
) -> None:
    ticket = Ticket(
        TicketId("t"),
        MemberId("ana"),
        kind,
        route,
        ProblemId("p"),
        (POINT,),
        MONDAY,
        cohort=SPRING,
        escalated_at=MONDAY if late else None,
    )

    said = audience.judges_as(ticket, Reviewer(MemberId("ben"), offices, practised))

    assert audience.judges_as(ticket, Reviewer(MemberId("ana"), offices, practised)) is Refusal.OWN
    again = audience.judges_as(ticket, Reviewer(MemberId("ben"), offices, practised, decided=True))
    assert isinstance(again, Refusal)
    if not any(cohort in {None, SPRING} for _, cohort in offices):
        assert said is Refusal.FOREIGN
    if said is Judge.MENTOR and not late:
        assert offices & {("mentor", None), ("mentor", SPRING)}
    if said is Judge.PEERS:
        assert practised
        assert ("learner", SPRING) in offices


def test_a_short_answer_offers_every_sentence_as_met_and_half() -> None:
    short = attempt("One thing. Another thing. A third thing.")

    offered = [o.value for o in ruling.options(full(PROBLEM), short, POINT)]

    assert offered == ["missed", "met:0", "met:1", "met:2", "partly:0", "partly:1", "partly:2"]


def test_a_long_answer_offers_the_likeliest_sentences_and_never_more_than_a_field_holds() -> None:
    telling = PROBLEM.criteria[0].reference_span
    long = attempt(" ".join(f"This is sentence number {n}." for n in range(40)) + f" {telling}.")

    offered = ruling.options(full(PROBLEM), long, POINT)

    assert len(offered) == LIMITS.CHOICES
    assert any(o.ruling.quote and telling in o.ruling.quote.text for o in offered)
    for option in offered:
        assert ruling.rule(full(PROBLEM), long, POINT, option.value) == option.ruling


@given(st.text(max_size=12))
def test_a_field_holds_a_ruling_or_nothing_and_quotes_are_the_learners_words(value: str) -> None:
    done = attempt("One thing. Another thing.")

    said = ruling.rule(full(PROBLEM), done, POINT, value)

    if said and said.quote:
        assert done.text[said.quote.start : said.quote.end] == said.quote.text


def test_the_graders_guess_is_the_first_choice() -> None:
    text = "One thing. Another thing."

    assert ruling.proposal(full(PROBLEM), attempt(text, Quote("Another thing.", 11, 25)), POINT) == "met:1"
    assert ruling.proposal(full(PROBLEM), attempt(text, None, State.MISSED), POINT) == "missed"


def test_only_what_can_move_the_band_is_asked() -> None:
    problem = next(p for p in load().problems.values() if len(p.criteria) > 6 and p.bands.strong_hire.all)
    asked = full(problem)
    bonus = next(c for c in asked.criteria if c.kind == "bonus")
    must = next(c for c in asked.criteria if c.id in problem.bands.strong_hire.all)

    def unsure(id: str) -> Assessment:
        quote = Quote("x", 0, 1)
        return Assessment(
            tuple(Verdict(c.id, State.UNSURE if c.id == id else State.MET, quote) for c in asked.criteria)
        )

    assert points.doubts(asked, unsure(must.id)) == (must.id,)
    assert points.doubts(asked, unsure(bonus.id)) == ()
    assert points.all_open(asked, unsure(bonus.id)) == (bonus.id,)
