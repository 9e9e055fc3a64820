"""A job posting -> its sentences, and what each is about: duties, wishes, tools, the company, benefits. Pure.

It knows how postings are written, not what any role is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.grading import injection
from bot.grading.text import READ, Token, read

Section = Literal["title", "duties", "prose", "wanted", "about", "stack", "wishes", "benefits"]

HEADING, TITLE_WORDS = 8, 14
"""Words of a heading, and of a title line, at the most."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of a posting."""

    tokens: tuple[Token, ...]
    offset: int
    """Where in the posting the positions of the tokens count from."""
    section: Section
    start: int
    end: int
    """In the posting."""
    others: frozenset[int]
    """The clauses of it that tell what somebody else does."""


def parts(posting: str) -> Iterator[Part]:
    """The sentences in order, without those that speak to whoever reads postings by machine."""
    section: Section | None = None
    bullets = titled = False
    for start, line in _lines(_flat(posting)):
        if not line.strip():
            if bullets and section != "benefits":
                section = None
            bullets = False
            continue
        bullet = _BULLET.match(line) is not None
        heading, own = None, section
        if not titled:
            titled, own = True, "title" if len(line.split()) <= TITLE_WORDS else None
        elif not bullet and (heading := _heading(line)):
            section = own = heading
        elif not bullet and ":" in line[:60] and (inline := _heading(line[: line.index(":")])):
            own = inline
        elif bullet and section is None:
            own = "duties"
        bullets = bullets or bullet
        yield from _sentences(start, line, own, is_heading=heading is not None)


def without_tags(posting: str, start: int, end: int, around: tuple[int, int]) -> tuple[int, int]:
    """The part of posting[start:end] that holds the span `around` and, outside of that, no HTML tag."""
    for tag in _TAG.finditer(posting, start, end):
        if tag.end() <= around[0]:
            start = tag.end()
        elif tag.start() >= around[1]:
            return start, tag.start()
    return start, end


_TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-zA-Z][^<>]{0,400}>|&(?:#\d+|\w+);", re.DOTALL)
_BREAKS = re.compile(r"</?(?:p|li|ul|ol|br|div|h\d|tr|td|table|section)\b", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*•·▪●◦‣–—+>]|\d{1,2}[.)])\s+")
_WRAPPED = re.compile(r"(?<=[^\n]{50}[\w,])\r?\n(?=[a-z(])")
"""Where a sentence goes on in the next line."""
_LONG_LINE = re.compile(r"[^\n]{300,}")
_INNER_BULLET = re.compile(r"\s(?=[-*•·▪●◦‣] \S)")
"""Bullets that lost their line breaks on the way."""
EDGES = " \t\r\n#*_>-•·▪●◦‣–—+:|`~"
"""What may stand around a sentence without being part of it."""


def _flat(posting: str) -> str:
    """The posting with blanks for its HTML, so that every other character keeps its place."""
    flat = _TAG.sub(lambda m: ("\n" if _BREAKS.match(m[0]) else " ") + " " * (len(m[0]) - 1), posting)
    whole = _WRAPPED.sub(lambda m: " " * len(m[0]), flat)
    return _LONG_LINE.sub(lambda m: _INNER_BULLET.sub("\n", m[0]), whole)


def _lines(flat: str) -> Iterator[tuple[int, str]]:
    """Lines with their offsets, none longer than `read` reads."""
    start = 0
    for line in flat.splitlines(keepends=True):
        at = 0
        while at < len(line):
            end = min(len(line), at + READ)
            if end < len(line):
                end = max(line.rfind(" ", at, end), at + READ // 2)
            yield start + at, line[at:end].rstrip("\r\n")
            at = end
        start += len(line)


def _sentences(offset: int, line: str, section: Section | None, *, is_heading: bool) -> Iterator[Part]:
    text = read(line)
    for index, (quote, plain) in enumerate(zip(text.sentences, text.plain, strict=True)):
        said = plain.lstrip(EDGES)
        if injection.addressed(plain) or _TO_US.search(said):
            continue
        own = text.words_of(index)
        yield Part(
            tokens=own,
            offset=offset,
            section=section if section and (is_heading or section == "title") else _about(said, section),
            start=quote.start + offset,
            end=quote.end + offset,
            others=_others(line, own),
        )


def _heading(line: str) -> Section | None:
    """What a line announces, if it is a heading."""
    words = line.strip(EDGES).lower().replace("’", "'")
    if not words or len(words.split()) > HEADING or words[-1] in ".!?,;":
        return None
    last = words.rsplit(". ", 1)[-1]
    return next((section for section, pattern in _HEADINGS if pattern.search(last)), None)


def _about(said: str, section: Section | None) -> Section:
    """What a sentence is about: its own words count more than its heading, except under duties."""
    if section in ("benefits", "wishes", "stack"):
        return section
    if section == "duties":
        return "wishes" if _WISH.search(said) else "duties"
    if _BENEFIT.search(said):
        return "benefits"
    if _WISH.search(said):
        return "wishes"
    if _STACK.search(said):
        return "stack"
    if section == "wanted" or _NEED.search(said):
        return "wanted"
    if _DUTY.search(said):
        return "duties"
    if _WANTED.search(said):
        return "wanted"
    if section == "about" or _COMPANY.search(said):
        return "about"
    return section or "prose"


def _others(line: str, tokens: Sequence[Token]) -> frozenset[int]:
    start, end = tokens[0].start, tokens[-1].end
    said = line[start:end].lower().replace("’", "'")
    if _JOINED.search(said):
        return frozenset()
    spans = [(found.start() + start, found.end() + start) for found in _OTHERS.finditer(said)]
    # Only the clause in which somebody else is named: what follows a comma may be the reader's again.
    return frozenset(next((t.clause for t in tokens if t.start >= a and t.end <= b), -1) for a, b in spans)


def _any(patterns: str, **names: str) -> re.Pattern[str]:
    """One of the patterns, which stand one a line; {names} in them are filled in."""
    filled = (line.strip() for line in patterns.strip().splitlines())
    return re.compile("|".join(re.sub(r"\{([a-z]+)\}", lambda m: names[m[1]], line) for line in filled))


_HEADINGS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    (
        "wishes",
        _any(
            r"""
            \b(?:nice|good|great)[ -]to[ -]haves?\b
            \b(?:bonus|plus|pluses|optional|preferred|ideally|helpful|useful)\b
            \b(?:desirable|extra|advantage)
            """
        ),
    ),
    (
        "benefits",
        _any(
            r"""
            \bwe (?:offer|give|provide)\b
            \b(?:offer|offers|benefits?|perks?|compensation|salary|pay|package|rewards?|location|conditions|privacy)\b
            \b(?:equal|diversity|inclusion|how to apply|our values|life at|our promise|in return|in it for you)\b
            \bwhat you(?:'ll)? get\b
            \bwhy (?:join|us|you)\b
            \b(?:hiring|interview|application) process\b
            """
        ),
    ),
    ("stack", _any(r"\b(?:stack|tech|technology|technologies|tools?|toolbox)\b")),
    (
        "wanted",
        _any(
            r"""
            \b(?:require|qualif|candidate|applicant)
            \bwhat you(?:'ll|'d| will)? (?:need|bring|have|know|should)\b
            \byou(?:'ll| will) (?:need|bring|have|thrive|love)\b
            \byou (?:are|have|bring|know|should|must)\b
            \byour (?:profile|background|qualif|experience|skills)
            \b(?:skills?|must|who you are|about you|essential|the person|experience|needed|need|expected|criteria)\b
            \b(?:ideal|minimum|profile|education|we'd like)\b
            \bwe(?:'re| are)? (?:looking|look|expect|want|hope|ask|care|need)\b
            """
        ),
    ),
    (
        "duties",
        _any(
            r"""
            \bwhat (?:you|the role|the job|to expect)\b
            \b(?:responsib|accountab|activit)
            \b(?:duty|duties|tasks?|mission|scope|purpose|deliverables|typical|months?|projects?|post holder|how you)\b
            \byour (?:role|work|job|focus|areas?|week|days?|impact|remit|contribution|challenge|first)\b
            \b(?:the|this|in this|about the) (?:role|job|work|position|post|challenge|opportunity|opening)\b
            \b(?:job|role|position) (?:description|summary|overview)\b
            \bday[ -]to[ -]day\b
            \byou(?:'ll| will|'d| would)\b
            """
        ),
    ),
    ("about", _any(r"\b(?:about|who we are|company|our|team|us)\b")),
)
"""The first that fits says what stands below a heading."""

_BENEFIT = _any(
    r"""
    \bequal(?:ity|ly)? ?(?:opportunit|chance|consider|pay)
    \b(?:days?|weeks)'? (?:of )?(?:annual )?(?:leave|off|holiday|vacation)
    \b(?:pension|discriminat|regardless of|unlimited (?:pto|vacation|holiday|leave))
    \b(?:parental|salary|equity|perks?|gym|lunch|competitive pay|competitive salary|paid time|share options)\b
    \b(?:stock options|hybrid work\w*|health cover|health insurance|health care|medical insurance|learning budget)\b
    \b(?:staff|employee|product|plant|mortgage|medicines) discount
    \bapplications? from\b
    \b(?:are|is|everyone|everybody|all) (?:\w+ )?(?:welcome|encouraged) to apply\b
    \bbackgrounds?\b.{0,20}\bwelcome
    \bwelcome\b.{0,30}\bbackground
    \bvisa (?:support|help|sponsor)
    \b401
    \bwe (?:offer|provide) (?!our |users |customers |clients )
    """
)
_WISH = _any(
    r"""
    \b(?:is|are|would be|be|as) (?:\w+ )?(?:a |an )?(?:\w+ )?(?:plus|bonus|advantage|asset|extra)\b
    \b(?:nice to have|good to (?:have|know)|great to (?:have|know)|desirable|preferred|ideally|now and then)\b
    \b(?:bonus(?: points|:| for| if)|advantage(?:ous)?\b)
    \b(?:is|are|be|also|so|experience|exposure) (?:\w+ )?(?:welcome|helpful|useful|handy|appreciated|fine|optional)\b
    \b(?:welcome|beneficial) extras?\b
    \bhelpful (?:experience|to)\b
    \b(?:some|a little|a bit of) (?:exposure|familiarity|idea)\b
    \bhelps?(?:\.?$| (?:you|when|too|with)\b)
    \b(?:quickly learnt|no harm|won't hurt|happy to teach|can be learn\w*|having tried|curious|curiosity)\b
    \b(?:we|you) (?:don't|do not|won't|will not) (?:really )?need\b
    \b(?:not|n't) (?:be )?(?:needed|required|necessary|essential|expected)\b
    \byou(?:'ll| will|'d| may| might) (?:occasionally|rarely|sometimes|also (?:meet|touch|see))\b
    \b(?:you may meet|from time to time|occasional(?:ly)?|sympathi\w+)\b
    """
)
_STACK = _any(
    r"""
    ^(?:\w+ ){0,2}(?:stack|tools)\b
    \b(?:we (?:use|run on|work with)|our (?:tech )?stack|are in use|are what we use|tools are)\b
    """
)
_NEED = _any(r"\byou(?:'ll| will|'d| would) (?:need\b|have (?:\d|an?\b|at least|experience|strong|solid|worked|built))")
_DUTY = _any(
    r"""
    \byou(?:'ll| will|'d| would)\b
    \b(?:the )?(?:post ?holder|successful candidate|engineer|person) will\b
    \bas (?:a|an|our)\b.{3,40}\byou\b
    \byour (?:goal|job|task|work|mission|week|day|first)\b
    \bexpect to\b
    \btypical (?:day|week|month)\b
    \byou (?!have|know|bring|are|should|need|must|can|may|get|want|enjoy|like|love)\w+
    \bthe (?:job|work|role|task)\b
    """
)
_WANTED = _any(
    r"""
    \byou(?:'ve| have| know| bring| can show|'re| are| should| need| must| hold| understand)\b
    \bwe(?:'re| are)? (?:look|expect|'d love|'d like|ask|seek|need|want)
    \bexperience (?:with|in|of)\b
    \b(?:knowledge|understanding|command|grasp) of\b
    \b(?:familiar|proficien|fluen)
    \byears?\b.{0,20}\b(?:of|with|in|experience)\b
    \b(?:degree|applicants|candidates?|must[ -]have)\b
    ^(?:needed|essential|required|expected|useful|requirements?|must|skills?|strong|solid|good|excellent|deep)\b
    """
)
_COMPANY = _any(
    r"""
    ^we(?:'re| are)\b
    ^our\b
    ^(?:a|an|the) \w+.{0,60}\b(?:company|firm|agency|start-?up|bank|studio)\b
    """
)
_OTHERS = _any(
    r"""
    \b(?:another|other|a separate|a different|a dedicated|a sister|separate)\b(?: [\w-]+){0,3} {team}\b.*
    \b(?:an|a|our|the) (?:[\w-]+ ){0,2}{team} (?:\w+ )?{does}\b.*
    \b(?:product|engineering|platform|research|science|data|infrastructure|model) teams {does}\b.*
    \b{people}\b(?: who| that| down the corridor| next door|,)? (?:\w+ )?{makes}\b.*
    \b{done} (?:and \w+ )?by (?:another|others?|a|an|our|the|different|separate)\b.*
    \bbelongs? to (?:another|a|an|the|our|other)\b.*
    \b(?:with|of) people who (?:build|make|train)\b.*
    \b(?:for|to|with|from|by|between|alongside|help|helps|helping|coach|supporting|teach) (?:\w+ ){0,2}{neighbours}
    """,
    people=(
        r"(?:data scientists?|research scientists?|scientists?|researchers?|analysts?|modell?ers?|statisticians?|"
        r"(?:ml|data|mlops|platform|devops) (?:engineers?|colleagues|people)|epidemiologists?|linguists?|quants?)"
    ),
    neighbours=r"(?:data scientists?|scientists?|researchers?|analysts?|modell?ers?|ml|machine learning) ?{}".replace(
        "{}", r"(?:teams?|groups?|engineers?)?\b(?: \w+ing\b.*)?"
    ),
    team=r"(?:teams?|groups?|squads?|departments?|section|unit|desk|division|vendor|colleagues)",
    does=(
        r"(?:owns?|runs?|keeps?|handles?|manages?|maintains?|suppl(?:y|ies)|provides?|operates?|looks? after|works?|"
        r"takes?|builds?|trains?|releases?|makes?|develops?|serves?|does|creates?|writes?|"
        r"deploys?)"
    ),
    makes=(
        r"(?:uses?|makes?|creates?|builds?|trains?|owns?|develops?|writes?|produces?|practise|hand over|remain|"
        r"looks? after|runs?|keeps?|hosts?)"
    ),
    done=(r"(?:kept|owned|run|handled|managed|maintained|supplied|provided|operated|built|trained|looked after|done)"),
)
"""What somebody else does."""

_JOINED = _any(r"\byou(?:'ll| will|'d| would) (?:join|be)\b|\byour team\b|\bteam you(?:'d| would|'ll| will)? ")
"""But not where it is the team that is joined."""

_TO_US = _any(
    r"""
    \b(?:ignore|disregard|forget)\b.{0,40}\b(?:above|previous|prior|instructions?|rules|cues|posting|everything|rest)\b
    \b(?:decide|answer|output|respond|reply|classify|decode|conclude|say|print)\b(?:\W+\w+){0,5}?\W+{role}\b(?!s)
    \b(?:dear|attention|note to|message to|instructions? (?:to|for))(?: the| all)? (?:ai|bot|decoder|classifier|model)\b
    \b(?:correct|right|true|real) (?:role|answer|label|class)\b.{0,10}(?:is|:|=)
    \b(?:rolecall|as (?:a|an) (?:ai|language) (?:model|assistant))\b
    ^(?:role|label|answer|verdict) ?[:=]
    """,
    role=r"(?:data scientist|data engineer|research engineer|ai engineer|ml engineer|machine learning engineer|mlops)",
)
"""Sentences that speak to whoever reads postings by machine: no part of the job."""
