"""Frozen values that several capabilities share; it decides nothing and imports nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NewType

MemberId = NewType("MemberId", str)
ServingId = NewType("ServingId", str)
ProblemId = NewType("ProblemId", str)
ConceptId = NewType("ConceptId", str)
CriterionId = NewType("CriterionId", str)
TicketId = NewType("TicketId", str)
CohortId = NewType("CohortId", str)


class Role(StrEnum):
    """The six roles of the AI job market that Rolecall prepares for."""

    AI_ENGINEER = "ai_engineer"
    MLE = "mle"
    MLOPS = "mlops"
    DATA_SCIENTIST = "data_scientist"
    RESEARCH_ENGINEER = "research_engineer"
    DATA_ENGINEER = "data_engineer"

    @property
    def label(self) -> str:
        return _LABELS[self]


class Round(StrEnum):
    """The kinds of interview in a loop."""

    PHONE_SCREEN = "phone_screen"
    CODING_DSA = "coding_dsa"
    CODING_ROLE = "coding_role"
    ML_DEPTH = "ml_depth"
    SYSTEM_DESIGN = "system_design"
    BEHAVIOURAL = "behavioural"
    UNIQUE = "unique"

    @property
    def label(self) -> str:
        return _LABELS[self]


class Interest(StrEnum):
    """The kinds of work that somebody can enjoy."""

    PRODUCT = "product"
    MODELLING = "modelling"
    INFRA = "infra"
    ANALYSIS = "analysis"
    RESEARCH = "research"
    DATA = "data"


class Skill(StrEnum):
    """What a loop asks for, on a scale from 0 (never) to 4 (led it or taught it)."""

    SWE = "swe"
    LLM_APPS = "llm_apps"
    ML_TRAINING = "ml_training"
    MATHS = "maths"
    OPS = "ops"
    PIPELINES = "pipelines"
    EXPERIMENT = "experiment"
    PAPERS = "papers"


class Preference(StrEnum):
    """What somebody likes or can stand in a job, on a scale from 0 to 4."""

    USER_FACING = "user_facing"
    ON_CALL = "on_call"
    READING = "reading"
    BUSINESS = "business"


class Band(StrEnum):
    """What an interviewer would have written down; NOT_GRADABLE is a state of its own, not the lowest band."""

    STRONG_HIRE = "strong_hire"
    LEAN_HIRE = "lean_hire"
    NO_HIRE = "no_hire"
    NOT_GRADABLE = "not_gradable"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: dict[StrEnum, str] = {
    Role.AI_ENGINEER: "AI engineer",
    Role.MLE: "ML engineer",
    Role.MLOPS: "MLOps engineer",
    Role.DATA_SCIENTIST: "Data scientist",
    Role.RESEARCH_ENGINEER: "Research engineer",
    Role.DATA_ENGINEER: "Data engineer",
    Round.PHONE_SCREEN: "Phone screen",
    Round.CODING_DSA: "Algorithms",
    Round.CODING_ROLE: "Role coding",
    Round.ML_DEPTH: "ML depth",
    Round.SYSTEM_DESIGN: "System design",
    Round.BEHAVIOURAL: "Behavioural",
    Round.UNIQUE: "Special round",
    Band.STRONG_HIRE: "Strong Hire",
    Band.LEAN_HIRE: "Lean Hire",
    Band.NO_HIRE: "No Hire",
    Band.NOT_GRADABLE: "Not gradable yet",
}


class State(StrEnum):
    """The verdict on one criterion. UNSURE means: a person has to say."""

    MET = "met"
    PARTLY = "partly"
    MISSED = "missed"
    UNSURE = "unsure"


class Judge(StrEnum):
    """Who decided a verdict. From LEARNER on it is a person."""

    GRADER = "grader"
    MODEL = "model"
    """A language model."""
    LEARNER = "learner"
    PEERS = "peers"
    MENTOR = "mentor"

    @property
    def is_reviewer(self) -> bool:
        """A person who is not the learner."""
        return self in {Judge.PEERS, Judge.MENTOR}


class Flag(StrEnum):
    """What a guard noticed about an answer as a whole."""

    EMPTY = "empty"
    TOO_SHORT = "too_short"
    COPIED_PROMPT = "copied_prompt"
    COPIED_HINT = "copied_hint"
    COPIED_REFERENCE = "copied_reference"
    OTHER_LANGUAGE = "other_language"
    OFF_TOPIC = "off_topic"
    KEYWORD_LIST = "keyword_list"
    NEGATED_REFERENCE = "negated_reference"
    WORD_SALAD = "word_salad"
    INJECTION = "injection"


@dataclass(frozen=True, slots=True)
class Quote:
    """The learner's own words: `answer[start:end] == text`, offsets in characters."""

    text: str
    start: int
    end: int

    def overlaps(self, other: Quote) -> bool:
        """Whether the two share a place in the answer."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Verdict:
    """One criterion, judged on its own."""

    criterion: CriterionId
    state: State
    quote: Quote | None = None
    """Always there when the state is MET or PARTLY."""
    confidence: float = 1.0
    """0..1: how sure the grader is of `state` (for UNSURE: of the likelier side)."""
    why: str = ""
    """Which words met which concept, or what was looked for."""
    by: Judge = Judge.GRADER
    """LEARNER: settled by their own comparison, which counts for memory, never for points."""
    chance: float | None = None
    """0..1: the grader's chance that the criterion is met, where it gives one."""
    appealed: bool = False
    """The state is what the learner says of it, until somebody else has looked: memory counts it, the band waits."""

    @property
    def by_learner(self) -> bool:
        return self.by is Judge.LEARNER


@dataclass(frozen=True, slots=True)
class Mistake:
    """A misconception of the problem that the answer holds."""

    misconception: str
    quote: Quote
    confidence: float = 1.0
    appealed: bool = False
    """The learner says that they did not mean it: memory leaves it out, the band waits."""
    denied: bool = False
    """Appealed where nobody could be asked: the band takes the learner's word, as their own judgement."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything a grader says of one answer. Score and band are not in it: `grading.rubric` computes them."""

    verdicts: tuple[Verdict, ...]
    mistakes: tuple[Mistake, ...] = ()
    flags: tuple[Flag, ...] = ()
    grader: str = "deterministic"
    version: str = "1"
    cost_usd: float = 0.0
    overall: float | None = None
    """0..1: the share of the rubric that a grader expects to be met, where it judges the answer as a whole."""
    fallback: str = ""
    """Why another grader than the configured one judged this, in a sentence for the learner."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Score and band of an assessment. `lowest` counts unsure criteria as missed, `highest` as met."""

    score: float
    """0..1, unsure counted as missed."""
    band: Band
    lowest: Band
    highest: Band
    provisional: bool
    """True while an unsure criterion could still change the band."""
    by_learner: bool = False
    """True when the band rests on a criterion that the learner settled."""


class Origin(StrEnum):
    """Why a problem was put before a member. Only SELF is unrated."""

    DUE = "due"
    NEW = "new"
    PROMPT = "prompt"
    CHECKPOINT = "checkpoint"
    MOCK = "mock"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Account:
    """A person as one platform knows them. `tenant` is the Slack team, empty on Discord and in the terminal."""

    platform: str
    tenant: str
    user_id: str

    @property
    def key(self) -> str:
        """platform:tenant:user_id."""
        return f"{self.platform}:{self.tenant}:{self.user_id}"


class Level(StrEnum):
    """How often a member is reminded."""

    LIGHT = "light"
    """At most every third day."""
    STANDARD = "standard"
    """On every day on which something is due."""
    ACTIVE = "active"
    """Every day: with something new where nothing is due."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """An interview, and when its date was told."""

    interview_on: date
    """The member's local date."""
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A learner, on however many platforms."""

    id: MemberId
    name: str
    zone: str = "UTC"
    """IANA name."""
    remind_at: time = time(9, 0)
    """Wall time in `zone`."""
    role: Role | None = None
    reminders: bool = False
    settled_at: datetime | None = None
    """When the settings form was first saved; None for a newcomer."""
    paused_until: datetime | None = None
    paused: bool = False
    """Paused without an end."""
    predicts: bool = False
    """Whether they are asked which band they expect before every verdict."""
    level: Level = Level.STANDARD
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    """The local days on which they may be reminded; Monday is 0. Never empty."""
    quiet: tuple[time, time] | None = (time(22, 0), time(7, 0))
    """From when until when, by their wall clock, nothing comes by itself; may pass midnight. None: any hour will do."""
    summary: bool = True
    """Whether they get a summary of each week."""
    horizon: Horizon | None = None
    """The interview that they prepare for."""
    seen_at: datetime | None = None
    """When they last wished for anything, to within a few minutes."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A problem put before a member. It takes one answer."""

    id: ServingId
    member: MemberId
    problem: ProblemId
    version: int
    variant: str
    origin: Origin
    served_at: datetime
    expires_at: datetime
    concept: ConceptId | None = None
    """Set for a recall question: the one concept it asks for."""
    hints: int = 0
    """How many hints were shown."""
    revealed: bool = False
    """The reference was shown before an answer."""
    closed_at: datetime | None = None
    """When it was answered, skipped or revealed."""
    prompt: str = ""
    """The cohort's prompt that it answers."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A member's answer to a serving, and what has been said of it so far."""

    serving: Serving
    text: str
    answered_at: datetime
    assessment: Assessment | None = None
    """None until it is graded."""
    outcome: Outcome | None = None
    predicted: Band | None = None
    """The band that the learner expected before they saw the verdict."""


class TicketKind(StrEnum):
    """Why people were asked."""

    DOUBT = "doubt"
    """The graders were not sure."""
    APPEAL = "appeal"
    """The learner says that the verdict is wrong."""
    LEECH = "leech"
    """A concept that keeps being forgotten."""


class Route(StrEnum):
    """Who is asked."""

    MENTORS = "mentors"
    PEERS = "peers"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A question put to mentors or peers."""

    id: TicketId
    member: MemberId
    """The learner whom it is about."""
    kind: TicketKind
    route: Route
    problem: ProblemId
    points: tuple[str, ...]
    """What is to be decided: ids of criteria and misconceptions, and FLAGS; none for a leech."""
    opened_at: datetime
    serving: ServingId | None = None
    """None for a leech."""
    concept: ConceptId | None = None
    """Set for a leech."""
    cohort: CohortId | None = None
    state: str = "open"
    """open, settled or withdrawn."""
    escalated_at: datetime | None = None
    closed_at: datetime | None = None
    offered_to: MemberId | None = None
    """The mentor who is told of it alone for now; anybody else may take it all the same."""
    offered_at: datetime | None = None


FLAGS = "flags"
"""The point of a ticket that asks whether what a guard noticed stands."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person says of one point. Of a misconception or FLAGS: MET means that it stands, MISSED that it falls."""

    state: State
    quote: Quote | None = None
    """Always there for a criterion that is MET or PARTLY."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewer's claim on a ticket, and what they said."""

    ticket: TicketId
    reviewer: MemberId
    claimed_at: datetime
    claimed_until: datetime
    points: Mapping[str, Ruling] = field(default_factory=dict)
    note: str = ""
    decided_at: datetime | None = None
    thanked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a learner is told about an answer that people will look at."""

    ticket: TicketId
    kind: TicketKind
    route: Route
    ahead: int
    """Answers that wait longer; it never grows."""
    median: timedelta | None
    """How long the last ones took; None while too few have been settled."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a member's memory of one concept looks like (FSRS)."""

    concept: ConceptId
    due_at: datetime
    stability: float
    """Days until the chance of recall falls to 90 %."""
    difficulty: float
    """1..10, FSRS's scale."""
    last_at: datetime
    last_rating: int
    """1 Again, 2 Hard, 3 Good, 4 Easy."""
    interval_days: int
    reviews: int
    passes: int
    lapses: int


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the append-only log, from which every projection can be rebuilt."""

    member: MemberId
    kind: str
    at: datetime
    serving: ServingId | None = None
    data: dict[str, object] = field(default_factory=dict)
    id: int = 0
    """Position in the log; 0 before it is written."""
