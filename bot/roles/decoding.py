"""Which of the six roles a job posting describes, by its own words. Pure: a text and cues in, a reading out.

Duties decide. A title, wishes, lists of tools, what other teams do, the company and its benefits count less or nothing;
what a posting denies counts against. It knows nothing of members, and it keeps nothing of the text but quotes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.catalogue.role import Postings
from bot.grading import language, negation
from bot.model import Quote, Role
from bot.roles.cues import Cues, cues_of
from bot.roles.posting_parts import EDGES, TITLE_WORDS, Part, Section, parts, without_tags

LONGEST = 20_000
"""Characters; a longer text is more than one posting."""

FEWEST = 25
"""Words; fewer describe no job."""

SNIPPET = 2.6
"""Words between commas, on average, up to which a text is a list of names."""

POINTS = {"strong": 3.0, "usual": 1.0}
"""Of a cue, where it stands in a duty."""

WEIGHT: Mapping[Section, float] = {
    "duties": 1.0,
    "prose": 0.7,
    "wanted": 0.45,
    "about": 0.4,
    "stack": 0.25,
    "wishes": 0.1,
    "benefits": 0.0,
    "title": 0.0,
}
"""What a cue counts by what its sentence is about."""

TITLE = 1.5
"""Points of the title."""

AGAIN, DENIED = 0.3, -0.7
"""What a cue counts when the same words come again, and where the posting denies it."""

MOST, WORDS = 6.0, 20
"""Points that so many words of one sentence can give one role, before its weight; a longer one more."""

ENOUGH, PLENTY = 3.0, 7.0
"""Points below which nobody can tell the role, and below which no reading is clear."""

LEAN, CLEAR = 0.12, 0.35
"""Share of its points by which the first role leads the second, at the least, to lean and to be clear."""

QUOTE = 90
"""Characters of a quote, about."""

EVERYTHING = 0.6
"""Share of the first role's points that the fourth has where a posting asks for everything."""

_SHORT = frozenset(["ai", "ml", "learning"])
_FIELD = (
    *("llm", "data", "model", "machine", "statist", "predict", "algorithm", "neural", "analytic", "research"),
    *("experiment", "warehouse", "pytorch", "tensorflow", "gpu", "forecast"),
)
"""Words and beginnings of words one of which every posting of the six roles has, and few others."""

Why = Literal["empty", "too_short", "too_long", "other_language", "names_only", "too_little", "everything"]
Margin = Literal["clear", "lean", "close"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place where the posting speaks for a role."""

    quote: Quote
    """`posting[start:end] == text`."""
    points: float
    """More than 0."""


@dataclass(frozen=True, slots=True)
class Score:
    role: Role
    points: float
    """0 or more."""
    evidence: tuple[Evidence, ...]
    """Best first; no two overlap."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a posting says."""

    ranking: tuple[Score, ...]
    """All six, best first."""
    margin: Margin
    title: Role | None
    """The role that the title names; None where it names none of the six."""

    @property
    def misleads(self) -> bool:
        """Whether the title names another role than the duties do."""
        return self.title is not None and self.title is not self.ranking[0].role


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why no role can be named."""

    why: Why


def decode(posting: str, postings: Postings) -> Reading | Unclear:
    """The role that a posting describes. Any string will do; 9,000 characters take some 10 ms."""
    if not posting.strip():
        return Unclear("empty")
    if len(posting) > LONGEST:
        return Unclear("too_long")
    cut = tuple(parts(posting))
    if unclear := _unreadable(cut):
        return Unclear(unclear)
    cues = cues_of(postings)
    title = _title(cut, cues)
    totals: dict[Role, float] = dict.fromkeys(Role, 0.0)
    evidence: dict[Role, list[Evidence]] = defaultdict(list)
    seen: set[_Words] = set()
    for part in cut:
        for role, found in _heard(part, cues, seen).items():
            totals[role] += found.points
            if found.points > 0:
                evidence[role].append(Evidence(_quote(posting, part, found.start, found.end), found.points))
    if title:
        totals[title] += TITLE
    ranking = sorted((Score(r, max(0.0, totals[r]), _apart(evidence[r])) for r in Role), key=lambda s: -s.points)
    first, second = ranking[:2]
    if first.points < ENOUGH or not first.evidence:
        return Unclear("too_little")
    if ranking[3].points > EVERYTHING * first.points:
        return Unclear("everything")
    lead = (first.points - second.points) / first.points
    margin: Margin = "clear" if lead >= CLEAR and first.points >= PLENTY else "lean" if lead >= LEAN else "close"
    return Reading(tuple(ranking), margin, title)


def _unreadable(cut: Sequence[Part]) -> Why | None:
    tokens = [token for part in cut for token in part.tokens]
    if language.foreign(tokens):
        return "other_language"
    if len(tokens) < FEWEST:
        return "too_short"
    items = {(part.start, token.clause) for part in cut for token in part.tokens}
    if len(tokens) <= SNIPPET * len(items):
        return "names_only"
    work = (token.word for part in cut if part.section != "benefits" for token in part.tokens)
    return None if any(_of_the_field(word) for word in work) else "too_little"


def _of_the_field(word: str) -> bool:
    return word in _SHORT or word.startswith(_FIELD)


def _title(cut: Sequence[Part], cues: Cues) -> Role | None:
    """The role that the first line names, or one of the next two if they are short: the longest name in it."""
    for part in cut[:3]:
        if len(part.tokens) > TITLE_WORDS:
            continue
        named = [(len(hit.own), -hit.own[0], hit.role) for hit in cues.heard(part.tokens) if hit.kind == "title"]
        if named:
            return max(named, key=lambda name: name[:2])[2]
    return None


_Words = tuple[Role, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Found:
    """What one sentence gives one role, and where its best cue stands."""

    points: float
    start: int
    end: int


def _heard(part: Part, cues: Cues, seen: set[_Words]) -> dict[Role, _Found]:
    """What a sentence gives each role. Words that were counted once are kept in `seen`."""
    if not WEIGHT[part.section]:
        return {}
    tokens = part.tokens
    hits = sorted(
        (hit for hit in cues.heard(tokens) if hit.kind != "title"),
        key=lambda hit: (-POINTS[hit.kind], -len(hit.own), hit.own),
    )
    negating = negation.negators(tokens) if hits else {}
    taken: dict[Role, set[int]] = defaultdict(set)
    points: dict[Role, float] = defaultdict(float)
    best: dict[Role, tuple[float, int, int]] = {}
    for hit in hits:
        first, last = hit.own[0], hit.own[-1]
        if not taken[hit.role].isdisjoint(hit.own):
            continue
        taken[hit.role].update(hit.own)
        if tokens[last].clause in part.others:
            continue
        worth = POINTS[hit.kind]
        if negation.before(tokens, first, negating, hit.own) or negation.after(tokens, last + 1, hit.own):
            points[hit.role] += DENIED * worth
            continue
        words = (hit.role, tuple(tokens[at].stem for at in hit.own))
        worth *= AGAIN if words in seen else 1.0
        seen.add(words)
        points[hit.role] += worth
        if hit.role not in best or worth > best[hit.role][0]:
            best[hit.role] = (worth, part.offset + tokens[first].start, part.offset + tokens[last].end)
    whole = (0.0, part.start, part.end)
    weight, most = WEIGHT[part.section], MOST * max(1.0, len(tokens) / WORDS)
    return {role: _Found(min(most, total) * weight, *best.get(role, whole)[1:]) for role, total in points.items()}


def _apart(found: Sequence[Evidence]) -> tuple[Evidence, ...]:
    kept: list[Evidence] = []
    for one in sorted(found, key=lambda e: (-e.points, e.quote.start)):
        if all(one.quote.end <= k.quote.start or k.quote.end <= one.quote.start for k in kept):
            kept.append(one)
    return tuple(kept)


def _quote(posting: str, part: Part, start: int, end: int) -> Quote:
    """The words around posting[start:end]: their sentence, or as many of its clauses as fit, or of its words."""
    left, right = without_tags(posting, part.start, part.end, (start, end))
    if right - left > QUOTE:
        cuts = [left, *(mark.end() for mark in _CLAUSE.finditer(posting, left, right)), right]
        left, right = _widest(cuts, start, end)
    if right - left > QUOTE * 1.5:
        cuts = [left, *(mark.end() for mark in _WORD.finditer(posting, left, right)), right]
        left, right = _widest(cuts, start, end)
    while left < start and posting[left] in EDGES:
        left += 1
    while right > end and (posting[right - 1].isspace() or posting[right - 1] in "*_,;:|("):
        right -= 1
    return Quote(posting[left:right], left, right)


_CLAUSE = re.compile(r"[,;:)–—](?=\s)|\s(?=\()|\s-(?=\s)")
_WORD = re.compile(r"\s+")


def _widest(cuts: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """The span between two of the cuts that holds start..end and grows, onwards first, while it is short enough."""
    first = max(i for i, cut in enumerate(cuts) if cut <= start)
    last = min(i for i, cut in enumerate(cuts) if cut >= end)
    while last + 1 < len(cuts) and cuts[last + 1] - cuts[first] <= QUOTE:
        last += 1
    while first and cuts[last] - cuts[first - 1] <= QUOTE:
        first -= 1
    return cuts[first], cuts[last]
