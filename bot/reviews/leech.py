"""When a concept that keeps being forgotten becomes a mentor's ticket, and what the mentor sees of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bot import calendar
from bot.context import NewId
from bot.delivery import outbox
from bot.grading.question import Question
from bot.model import Card, CohortId, MemberId, Route, Serving, State, Ticket, TicketId, TicketKind
from bot.practice import memory
from bot.practice.projection import question_of
from bot.reviews.case_words import Tried
from bot.reviews.offers import put_to_people
from bot.store import learning, reviews
from bot.store.session import Tx

LEECH = "leech"
"""The kind of push that tells a learner that somebody is asked for another way in."""
LAPSES, MORE = 8, 4
"""Lapses after which a concept is a leech, and after a mentor's note how many more until it is one again."""
SHOWN, POINTS = 12, 3
"""How many times it was asked and how many points the mentor is shown, the latest and the most missed."""


def after_review(tx: Tx, served: Serving, asked: Question, now: datetime, new_id: NewId) -> list[Ticket]:
    """Opens a ticket for each concept of a question just graded that has become a leech, if there is a mentor."""
    concepts = {c.concept for c in asked.criteria}
    cards = learning.cards(tx, served.member)
    leeches = [card for card in cards if card.concept in concepts and _is_leech(tx, served.member, card)]
    route = reviews.route_for(tx, served.member) if leeches else None
    if route is None or not reviews.mentors_of(tx, route[1]) - {served.member}:
        return []
    return [_open(tx, served, card, route[1], now, new_id) for card in leeches]


def _is_leech(tx: Tx, member: MemberId, card: Card) -> bool:
    if card.lapses < LAPSES or card.last_rating != memory.AGAIN:
        return False
    last = next((t for t in reversed(reviews.leeches(tx, member)) if t.concept == card.concept), None)
    if last is None:
        return True
    again = [at for at, rating in learning.reviews(tx, member, card.concept) if rating == memory.AGAIN]
    return last.closed_at is not None and sum(at > last.closed_at for at in again) >= MORE


def _open(tx: Tx, served: Serving, card: Card, cohort: CohortId | None, now: datetime, new_id: NewId) -> Ticket:
    new = Ticket(
        id=TicketId(new_id()),
        member=served.member,
        kind=TicketKind.LEECH,
        route=Route.MENTORS,
        problem=served.problem,
        points=(),
        opened_at=now,
        concept=card.concept,
        cohort=cohort,
    )
    opened = put_to_people(tx, reviews.add(tx, new), now)
    data: dict[str, object] = {"ticket": opened.id, "lapses": card.lapses}
    outbox.put(tx, key=f"{LEECH}:{opened.id}", kind=LEECH, member=served.member, now=now, data=data)
    return opened


def history(tx: Tx, ticket: Ticket, zone: str) -> tuple[list[Tried], list[str]]:
    """The latest times that the concept was asked, newest last, and the statements that were missed most."""
    tried: list[Tried] = []
    missed: Counter[str] = Counter()
    for at, rating, serving in reviews.history(tx, ticket.member, ticket.concept) if ticket.concept else ():
        attempt = learning.attempt_of(tx, serving)
        served = attempt.serving if attempt else learning.serving_of(tx, serving)
        if served is None:
            continue
        asked = question_of(tx, served)
        tried.append(Tried(calendar.local_date(at, zone).isoformat(), rating, asked.problem.title))
        verdicts = attempt.assessment.verdicts if attempt and attempt.assessment else ()
        states = {v.criterion: v.state for v in verdicts}
        missed.update(
            c.statement
            for c in asked.criteria
            if c.concept == ticket.concept and states.get(c.id) in {State.MISSED, State.PARTLY}
        )
    return tried[-SHOWN:], [statement for statement, _ in missed.most_common(POINTS)]
