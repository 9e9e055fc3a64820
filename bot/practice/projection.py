"""What each event of the log does to the projections. Grades nothing and reads no clock,
so that replaying the whole log gives the same state again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from bot.catalogue.problem import Problem
from bot.grading import rubric
from bot.grading.question import Question, full, recall
from bot.model import (
    Assessment,
    Band,
    ConceptId,
    Event,
    Judge,
    MemberId,
    Origin,
    ProblemId,
    Quote,
    Serving,
    ServingId,
)
from bot.practice import memory
from bot.store import learning
from bot.store.session import Tx
from bot.store.stored import assessment_from, rulings_from

FIRST_RETRY = timedelta(minutes=1)
"""How long an answer may stay ungraded before the ticker looks after it."""


@lru_cache(maxsize=1024)
def _parsed(body: str) -> Problem:
    return Problem.model_validate_json(body)


def served_problem(tx: Tx, problem: ProblemId, version: int) -> Problem:
    """A problem as it was when it was served."""
    return _parsed(learning.rubric_body(tx, problem, version))


def question_of(tx: Tx, serving: Serving) -> Question:
    """What a serving asked: the full problem, or one concept's recall question."""
    problem = served_problem(tx, serving.problem, serving.version)
    return recall(problem, serving.concept) if serving.concept else full(problem, serving.variant)


def record(tx: Tx, event: Event) -> bool:
    """Writes an event to the log and its effect to the projections.

    False, and nothing is written, for a second answer to the same serving. Events of one serving wait for each other,
    so that of two people who speak of an answer at once both are heard.
    """
    if event.serving is not None:
        learning.serving_of(tx, event.serving, lock=True)
    with tx.begin_nested() as both:
        if project(tx, learning.append(tx, event)):
            return True
        both.rollback()
    return False


def rebuild(tx: Tx) -> int:
    """Empties every projection and replays the log; returns the number of events."""
    learning.clear_projections(tx)
    count = 0
    for event in learning.events(tx):
        project(tx, event)
        count += 1
    return count


def project(tx: Tx, event: Event) -> bool:
    if event.serving is None:
        return True
    if event.kind == "served":
        learning.add_serving(tx, _serving(event), event.id)
        return True
    serving = learning.serving_of(tx, event.serving)
    if serving is None:
        return True
    match event.kind:
        case "hinted":
            learning.change_serving(tx, serving.id, hints=max(serving.hints, _number(event.data, "level")))
        case "skipped":
            learning.change_serving(tx, serving.id, closed_at=event.at)
        case "revealed":
            learning.change_serving(tx, serving.id, closed_at=serving.closed_at or event.at, revealed=True)
            asked = question_of(tx, serving)
            _remember(tx, serving, dict.fromkeys(_concepts(asked), memory.AGAIN), event.at)
        case "answered":
            if not learning.add_attempt(tx, serving, str(event.data["text"]), event.at, event.at + FIRST_RETRY):
                return False
            learning.change_serving(tx, serving.id, closed_at=event.at)
        case "predicted":
            learning.keep_prediction(tx, serving.id, Band(str(event.data["band"])))
        case "assessed":
            _assess(tx, serving, assessment_from(_mapping(event.data["assessment"])))
        case "regraded":
            learning.change_serving(tx, serving.id, version=_number(event.data, "version"))
            _assess(
                tx,
                replace(serving, version=_number(event.data, "version")),
                assessment_from(_mapping(event.data["assessment"])),
            )
        case kind if kind in AMENDING:
            attempt = learning.attempt_of(tx, serving.id)
            if attempt and attempt.assessment:
                _assess(tx, serving, amended(attempt.assessment, event, attempt.text))
    return True


def rerate(tx: Tx, of: MemberId, since: int) -> None:
    """Works out anew what a member's answers say of their memory, since another's log has been mixed into theirs.

    `since`: the first place in the log at which that changes anything. What was asked, answered and judged stays:
    of all projections only memory depends on other answers. A rebuild gives the same.
    """
    events = learning.events_of(tx, of, RATING)
    touched = {e.serving for e in events if e.id >= since and e.serving}
    attempts = {a.serving.id: a for a in learning.attempts_since(tx, of, events[0].at)} if events else {}
    versions: dict[ServingId, int] = {}
    said: dict[ServingId, Assessment] = {}
    concepts = learning.forget_reviews(tx, touched)
    for event in events:
        id = event.serving
        if id is None or id not in touched:
            continue
        if "version" in event.data:
            versions[id] = _number(event.data, "version")
        attempt = attempts.get(id)
        serving = attempt.serving if attempt else learning.serving_of(tx, id)
        if serving is None or event.kind == "served":
            continue
        serving = replace(serving, version=versions[id])
        asked = question_of(tx, serving)
        if event.kind == "revealed":
            rated, at = dict.fromkeys(_concepts(asked), int(memory.AGAIN)), event.at
        elif attempt is None:
            continue
        else:
            if event.kind not in AMENDING:
                said[id] = assessment_from(_mapping(event.data["assessment"]))
            elif id in said:
                said[id] = amended(said[id], event, attempt.text)
            else:
                continue
            rated, at = _rated(tx, asked, serving, said[id], attempt.answered_at), attempt.answered_at
        learning.keep_reviews(tx, serving, rated, at)
        concepts |= set(rated)
    _keep_cards(tx, of, concepts)


AMENDING = frozenset({"compared", "appealed", "reviewed"})
"""The kinds of event by which people change what a grader said."""


RATING = AMENDING | {"served", "revealed", "assessed", "regraded"}
"""The kinds of event that say something of memory; `served` says with which version of the problem."""


def amended(assessment: Assessment, event: Event, text: str) -> Assessment:
    """What people say, by an event of an AMENDING kind, of an answer with this text that a grader has judged."""
    data = event.data
    match event.kind:
        case "compared":
            return rubric.settle(assessment, str(data["criterion"]), _place(data, text))
        case "appealed":
            alone = data.get("ticket") is None
            return rubric.appeal(assessment, str(data["point"]), _place(data, text), alone=alone)
        case _:
            return rubric.decide(assessment, rulings_from(_mapping(data["points"])), Judge(str(data["by"])))


def _serving(event: Event) -> Serving:
    data = event.data
    return Serving(
        id=ServingId(str(event.serving)),
        member=event.member,
        problem=ProblemId(str(data["problem"])),
        version=_number(data, "version"),
        variant=str(data["variant"]),
        origin=Origin(str(data["origin"])),
        served_at=event.at,
        expires_at=datetime.fromisoformat(str(data["expires_at"])),
        concept=ConceptId(str(data["concept"])) if data.get("concept") else None,
        prompt=str(data.get("prompt") or ""),
    )


def _assess(tx: Tx, serving: Serving, assessment: Assessment) -> None:
    attempt = learning.attempt_of(tx, serving.id)
    if attempt is None:
        return
    asked = question_of(tx, serving)
    learning.keep_assessment(tx, serving.id, assessment, rubric.outcome(asked, assessment))
    _remember(tx, serving, _rated(tx, asked, serving, assessment, attempt.answered_at), attempt.answered_at)


def _rated(tx: Tx, asked: Question, serving: Serving, assessment: Assessment, at: datetime) -> dict[ConceptId, int]:
    is_gradable = rubric.outcome(asked, assessment).band is not Band.NOT_GRADABLE
    return ratings(tx, asked, serving, assessment, at) if is_gradable else {}


def ratings(tx: Tx, asked: Question, serving: Serving, assessment: Assessment, at: datetime) -> dict[ConceptId, int]:
    """The rating (1..4) of each concept that the assessment settles; an unsure concept has none yet."""
    rated: dict[ConceptId, int] = {}
    fresh = not learning.served_within(tx, serving, memory.FRESH_AFTER)
    for concept in _concepts(asked):
        share = rubric.share(asked, assessment, concept)
        if share is None:
            continue
        about = {c.id for c in asked.criteria if c.concept == concept}
        rated[concept] = int(
            memory.rate(
                share,
                must_missed=rubric.must_missed(asked, assessment, concept),
                fatal=rubric.fatal(asked, assessment),
                revealed=serving.revealed,
                hints=serving.hints,
                fresh=fresh,
                first=not learning.has_reviews_before(tx, serving.member, concept, at),
                confident=all(
                    v.confidence >= memory.CERTAIN and not v.by_learner
                    for v in assessment.verdicts
                    if v.criterion in about
                ),
            )
        )
    return rated


def _remember(tx: Tx, serving: Serving, rated: dict[ConceptId, int], at: datetime) -> None:
    touched = learning.reviewed_concepts(tx, serving.id) | set(rated)
    learning.keep_reviews(tx, serving, rated, at)
    _keep_cards(tx, serving.member, touched)


def _keep_cards(tx: Tx, of: MemberId, concepts: Collection[ConceptId]) -> None:
    for concept in sorted(concepts):
        learning.keep_card(tx, of, concept, memory.replay(concept, learning.reviews(tx, of, concept)))


def _concepts(asked: Question) -> tuple[ConceptId, ...]:
    """The concepts that the question's must and core criteria test, in the problem's order."""
    tested = {c.concept for c in asked.criteria if c.kind != "bonus"}
    return tuple(c for c in asked.problem.concepts if c in tested)


def _place(data: Mapping[str, object], text: str) -> Quote | None:
    if data.get("start") is None:
        return None
    start, end = _number(data, "start"), _number(data, "end")
    return Quote(text[start:end], start, end)


def _number(data: Mapping[str, object], key: str) -> int:
    value = data[key]
    if not isinstance(value, int):
        raise TypeError(f"{key} in the log is {value!r}, not a whole number")
    return value


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"the log holds {value!r} where a mapping belongs")
    return value
