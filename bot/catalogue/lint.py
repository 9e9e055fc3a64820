"""Whether a problem is good: rules that need the problem alone. Add one by writing a function and naming it in RULES.

A rule takes a problem whose structure is sound and yields its findings: field, problem, remedy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product

from bot.catalogue.fault import Finding, short
from bot.catalogue.problem import BandRule, Claim, Problem
from bot.catalogue.prose import heard, jaccard, keywords, overlap, spoken, words
from bot.catalogue.readability import hard_words, long_sentences
from bot.model import Band, CriterionId

Rule = Callable[[Problem], Iterator[Finding]]

EXEMPLARS = 6
STYLES = ("paraphrase", "fluent_wrong", "keyword_stuffing", "injection")
"""Each problem has an exemplar of each, beside a strong and a lean one in its author's own style."""
LENGTH_RATIO = (0.6, 1.6)
HINT_OVERLAP = 0.15
VARIANT_JACCARD = 0.6
DENIED = 4
"""Letters of a word that is worth comparing."""


def texts(problem: Problem) -> Iterator[tuple[str, str]]:
    """Field and text of everything that a learner may be shown in Markdown."""
    yield "prompt", problem.prompt
    yield "reference", problem.reference
    yield from ((f"variants.{v.id}.prompt", v.prompt) for v in problem.variants)
    yield from ((f"hints.{n}.text", h.text) for n, h in enumerate(problem.hints, 1))
    yield from ((f"recall.{n}.ask", r.ask) for n, r in enumerate(problem.recall, 1))
    yield from ((f"criteria.{c.id}.statement", c.statement) for c in problem.criteria)
    yield from ((f"misconceptions.{m.id}.statement", m.statement) for m in problem.misconceptions)
    yield from ((f"misconceptions.{m.id}.feedback", m.feedback) for m in problem.misconceptions if m.feedback)
    yield from ((f"follow_ups.{n}.ask", f.ask) for n, f in enumerate(problem.follow_ups, 1))


def prompts(problem: Problem) -> Iterator[tuple[str, str]]:
    yield "prompt", problem.prompt
    yield from ((f"variants.{v.id}.prompt", v.prompt) for v in problem.variants)


def spans_stand_in_reference(problem: Problem) -> Iterator[Finding]:
    """L02: where the reference says it."""
    for criterion in problem.criteria:
        span = criterion.reference_span
        if " ".join(span.split()) not in " ".join(problem.reference.split()):
            yield Finding(
                f"criteria.{criterion.id}.reference_span",
                f"“{short(span)}” does not stand in the reference",
                "copy the words from `reference` exactly",
            )


def recall_for_every_concept(problem: Problem) -> Iterator[Finding]:
    """A due review asks a concept's recall question, and grades it by that concept's criteria."""
    asked = {recall.concept for recall in problem.recall}
    for concept in problem.concepts:
        if not problem.criteria_of(concept):
            yield Finding("concepts", f"no criterion is about {concept}", "give one this `concept`, or drop it here")
        elif concept not in asked:
            yield Finding(
                "recall", f"nothing asks for {concept}", f"add {{concept: {concept}, ask: …, criteria: [...]}}"
            )
    for n, recall in enumerate(problem.recall, 1):
        others = [name for name in recall.criteria if problem.criterion(name).concept != recall.concept]
        for name in others:
            yield Finding(
                f"recall.{n}.criteria",
                f"{name} is about {problem.criterion(name).concept}, the question about {recall.concept}",
                f"take {name} out, or move it to the question of its concept",
            )


def misconceptions_are_answered(problem: Problem) -> Iterator[Finding]:
    for wrong in problem.misconceptions:
        if not wrong.feedback.strip():
            yield Finding(
                f"misconceptions.{wrong.id}.feedback",
                "is missing",
                "add `feedback:` with the correction in two or three sentences",
            )


def follow_up_for_every_must(problem: Problem) -> Iterator[Finding]:
    """Feedback ends with the question that an interviewer would ask next."""
    asked = {follow_up.when_missing for follow_up in problem.follow_ups}
    for criterion in problem.criteria:
        if criterion.kind == "must" and criterion.id not in asked:
            remedy = f"add {{when_missing: {criterion.id}, ask: …}}"
            yield Finding("follow_ups", f"nothing is asked when {criterion.id} is missing", remedy)


def exemplars_are_balanced(problem: Problem) -> Iterator[Finding]:
    """L04: every band and style is there, and length does not predict the band."""
    exemplars = problem.exemplars
    if len(exemplars) < EXEMPLARS:
        yield Finding("exemplars", f"there are {len(exemplars)}, at least {EXEMPLARS} are needed", "write more answers")
    for style in STYLES:
        if not any(e.style == style for e in exemplars):
            yield Finding("exemplars", f"none has the style {style}", f"add an answer with `style: {style}`")
    for band in (Band.STRONG_HIRE, Band.LEAN_HIRE, Band.NO_HIRE, Band.NOT_GRADABLE):
        if not any(e.band == band and e.style != "paraphrase" for e in exemplars):
            beside = " besides the paraphrase" if band is Band.STRONG_HIRE else ""
            yield Finding("exemplars", f"none has the band {band}{beside}", f"add an answer with `band: {band}`")
    strong = [len(e.text) for e in exemplars if e.band is Band.STRONG_HIRE]
    weak = [len(e.text) for e in exemplars if e.band is Band.NO_HIRE]
    if strong and weak:
        mean_strong, mean_weak = sum(strong) / len(strong), sum(weak) / len(weak)
        low, high = LENGTH_RATIO
        if not low <= mean_strong / mean_weak <= high:
            longer, shorter = ("strong_hire", "no_hire") if mean_strong > mean_weak else ("no_hire", "strong_hire")
            yield Finding(
                "exemplars",
                f"length gives the band away: strong_hire has {mean_strong:.0f} characters on average, "
                f"no_hire {mean_weak:.0f}",
                f"lengthen the {shorter} answers or shorten the {longer} ones until neither is more than "
                f"{high} times the other",
            )


def exemplars_fit_their_style(problem: Problem) -> Iterator[Finding]:
    """L04: what an exemplar is for decides its band; a paraphrase shares no keyword with a must or core criterion."""
    expected = {"fluent_wrong": Band.NO_HIRE, "keyword_stuffing": Band.NO_HIRE, "injection": Band.NOT_GRADABLE}
    counted = [c for c in problem.criteria if c.kind != "bonus"]
    for exemplar in problem.exemplars:
        field = f"exemplars.{exemplar.id}"
        band = expected.get(exemplar.style)
        if band and exemplar.band is not band:
            yield Finding(f"{field}.band", f"an answer of style {exemplar.style} is {band}", f"write `band: {band}`")
        if exemplar.style in ("keyword_stuffing", "injection") and (exemplar.met or exemplar.partly):
            yield Finding(f"{field}.met", f"an answer of style {exemplar.style} meets nothing", "write `met: []`")
        if exemplar.style == "paraphrase" and (shared := keywords(counted, exemplar.text)):
            shown = ", ".join(f"“{way}”" for way in shared[:6])
            yield Finding(
                f"{field}.text",
                f"a paraphrase shares no word with `says`, this one has {shown}",
                "say it in other words, or make those ways more specific",
            )


def exemplar_bands_follow_from_met(problem: Problem) -> Iterator[Finding]:
    """L03: the stated band is what the rubric makes of the stated criteria."""
    for exemplar in problem.exemplars:
        if exemplar.band is Band.NOT_GRADABLE:
            continue
        given: dict[CriterionId, float] = dict.fromkeys(exemplar.partly, 0.5) | dict.fromkeys(exemplar.met, 1.0)
        held = [m.severity for m in problem.misconceptions if m.id in exemplar.misconceptions]
        band, score = band_of(problem, given, minor=held.count("minor"), fatal=held.count("fatal"))
        if band is not exemplar.band:
            yield Finding(
                f"exemplars.{exemplar.id}.band",
                f"is {exemplar.band}, but its criteria and misconceptions make {band} (score {score:.2f})",
                f"write `band: {band}`, or correct `met`, `misconceptions` or `bands`",
            )


def band_of(problem: Problem, given: dict[CriterionId, float], minor: int = 0, fatal: int = 0) -> tuple[Band, float]:
    """Band and score of an answer that meets each criterion to this degree (1, ½ or absent)."""
    counted = [c for c in problem.criteria if c.kind != "bonus"]
    total = sum(c.weight for c in counted) or 1
    score = sum(c.weight * given.get(c.id, 0.0) for c in counted) / total - 0.10 * minor
    score += min(0.10, 0.05 * sum(given.get(c.id) == 1.0 for c in problem.criteria if c.kind == "bonus"))
    score = min(1.0, max(0.0, score))

    def passes(rule: BandRule) -> bool:
        every = all(given.get(name) == 1.0 for name in rule.all)
        return every and score >= rule.min_score - 1e-9 and not (rule.no_fatal and fatal)

    if score > 0 and passes(problem.bands.strong_hire):
        return Band.STRONG_HIRE, score
    if score > 0 and passes(problem.bands.lean_hire):
        return Band.LEAN_HIRE, score
    return Band.NO_HIRE, score


def hints_give_away_in_order(problem: Problem) -> Iterator[Finding]:
    """L05: a hint reveals what it says it reveals, and all hints together leave something to find."""
    everything = {c.id for c in problem.criteria}
    revealed: set[CriterionId] = set()
    if not 2 <= len(problem.hints) <= 3:
        yield Finding(
            "hints", f"there are {len(problem.hints)}, two or three are needed", "add a hint, or take one out"
        )
    for n, hint in enumerate(problem.hints, 1):
        field = f"hints.{n}"
        revealed |= set(hint.reveals)
        if hint.level != n:
            yield Finding(f"{field}.level", f"is {hint.level} on hint number {n}", f"write `level: {n}`")
        if n == 1 and hint.reveals:
            yield Finding(
                f"{field}.reveals", "the first hint points the way only", "write `reveals: []`, and let it say less"
            )
        for criterion in problem.criteria:
            if criterion.id not in revealed and (ways := heard(criterion, hint.text)):
                yield Finding(
                    f"{field}.text",
                    f"gives {criterion.id} away with {_quoted(ways)}",
                    f"say it without those words, or add {criterion.id} to `reveals`",
                )
        share = overlap(hint.text, problem.reference, 5)
        if share >= HINT_OVERLAP:
            yield Finding(
                f"{field}.text",
                f"repeats the reference ({share:.0%} of its runs of five words, less than {HINT_OVERLAP:.0%} may)",
                "put the hint in other words",
            )
    if len(everything) > 1 and revealed >= everything:
        yield Finding("hints", "together they reveal every criterion", "leave at least one for the learner to find")


def questions_give_nothing_away(problem: Problem) -> Iterator[Finding]:
    """L06: neither prompt nor recall question says what a must criterion listens for."""
    for field, text in prompts(problem):
        for criterion in problem.criteria:
            if criterion.kind == "must" and (ways := heard(criterion, text)):
                yield Finding(
                    field,
                    f"gives {criterion.id} away with {_quoted(ways)}",
                    "take the words out of the prompt, or make the `says` of the criterion more specific",
                )
    for n, recall in enumerate(problem.recall, 1):
        for name in recall.criteria:
            if ways := heard(problem.criterion(name), recall.ask):
                yield Finding(f"recall.{n}.ask", f"gives {name} away with {_quoted(ways)}", "ask without those words")


def texts_have_their_length(problem: Problem) -> Iterator[Finding]:
    """L09: what fits a phone and both platforms."""
    limits = {"prompt": 1200, "text": 350, "reference": 1500, "statement": 160, "feedback": 400, "ask": 200}
    for field, text in (("title", problem.title), *texts(problem)):
        most = limits.get(field.rpartition(".")[2], 80)
        if len(text) > most:
            yield Finding(field, f"has {len(text)} characters, at most {most} are allowed", "shorten it")
    least = 150 if problem.tags.warm_up else 400
    if len(problem.reference) < least:
        found = len(problem.reference)
        yield Finding("reference", f"has {found} characters, at least {least} are needed", "write a complete answer")


def texts_read_easily(problem: Problem) -> Iterator[Finding]:
    """L10: prompts, and the hints together, at grade 11 or below; no sentence of more than 30 words."""
    terms = frozenset(_terms(problem))
    hints = [(f"hints.{n}.text", h.text) for n, h in enumerate(problem.hints, 1)]
    for field, text in [*prompts(problem), *hints]:
        yield from long_sentences(field, text)
    for field, text in [*prompts(problem), ("hints", "\n\n".join(h.text for h in problem.hints))]:
        yield from hard_words(field, text, terms)


def _terms(problem: Problem) -> Iterator[str]:
    """The vocabulary of the trade in this problem: what its criteria, title and tags are about."""
    for claim in problem.criteria:
        yield from words(claim.statement)
        yield from (w for way in claim.ways if isinstance(way, str) for w in words(way))
    for text in (problem.title, *problem.concepts, *problem.tags.topics):
        yield from words(text)


def weights_are_balanced(problem: Problem) -> Iterator[Finding]:
    """L11: few criteria, most of the weight on what nobody may miss, one claim each."""
    must = [c for c in problem.criteria if c.kind == "must"]
    counted = [c for c in problem.criteria if c.kind != "bonus"]
    bonus = len(problem.criteria) - len(counted)
    least = 1 if problem.tags.warm_up else 3
    if not least <= len(counted) <= 6:
        yield Finding(
            "criteria", f"{len(counted)} are must or core, {least} to 6 are allowed", "split, merge or regrade some"
        )
    if bonus > 2:
        yield Finding("criteria", f"{bonus} are bonus, at most 2 are allowed", "drop the least telling one")
    total = sum(c.weight for c in problem.criteria)
    if 2 * sum(c.weight for c in must) < total:
        yield Finding(
            "criteria",
            f"must criteria hold {sum(c.weight for c in must)} of {total} points, at least half is needed",
            "make another criterion a must, or drop a core or bonus one",
        )
    for criterion in problem.criteria:
        joined = _TWO_CLAIMS.search(criterion.statement)
        if joined:
            yield Finding(
                f"criteria.{criterion.id}.statement",
                f"“{joined[0]}” may join two claims",
                "make two criteria of it if one can be met without the other",
                warning=True,
            )


_TWO_CLAIMS = re.compile(
    r"\b(?:and|as well as) (?:also )?(?:adds|asks|chooses|compares|computes|defines|describes|explains|gives|links|"
    r"mentions|names|notes|points|proposes|recommends|says|shows|states|suggests|tells|uses|warns)\b"
)


def bands_are_ordered(problem: Problem) -> Iterator[Finding]:
    """L12: whoever is a strong hire is a lean hire too, and every band can be reached."""
    strong, lean = problem.bands.strong_hire, problem.bands.lean_hire
    for name in lean.all:
        if name not in strong.all:
            yield Finding("bands.strong_hire.all", f"leaves out {name}, which lean_hire asks for", f"add {name}")
    if strong.min_score < lean.min_score:
        remedy = f"write {lean.min_score} or more, or lower that of lean_hire"
        yield Finding("bands.strong_hire.min_score", "is lower than that of lean_hire", remedy)
    if lean.no_fatal and not strong.no_fatal:
        yield Finding("bands.strong_hire.no_fatal", "is laxer than that of lean_hire", "write `no_fatal: true`")
    names = [c.id for c in problem.criteria]
    reached = set()
    for met in product((0.0, 1.0), repeat=len(names)):
        reached.add(band_of(problem, {name: value for name, value in zip(names, met, strict=True) if value})[0])
    for band in (Band.STRONG_HIRE, Band.LEAN_HIRE, Band.NO_HIRE):
        if band not in reached:
            where = "bands" if band is Band.NO_HIRE else f"bands.{band}"
            yield Finding(where, f"no answer can be {band}", "let `all` or `min_score` of the two bands differ")


def licences_allow_quoting(problem: Problem) -> Iterator[Finding]:
    """L14: words may be taken from free sources only, and with their notice."""
    for n, source in enumerate(problem.sources, 1):
        if source.used_for == "text" and not re.match(
            r"(CC[ -]?BY([ -]\d|$)|CC0|MIT|Apache)", source.licence or "", re.I
        ):
            yield Finding(
                f"sources.{n}.licence",
                f"{f'“{source.licence}”' if source.licence else 'none is named, which'} does not let us take words",
                "take facts or the topic only, in our own words; text may come from CC BY, CC0, MIT or Apache",
            )


def markdown_is_plain(problem: Problem) -> Iterator[Finding]:
    """L16: what every platform can draw."""
    from bot.catalogue.markdown import MarkdownError, blocks

    for field, text in texts(problem):
        try:
            blocks(text)
        except MarkdownError as error:
            yield Finding(field, error.problem, error.remedy)


def variants_differ(problem: Problem) -> Iterator[Finding]:
    """L17: another dress, not another spelling; and an exemplar to try it on."""
    earlier = [("the prompt", problem.prompt)]
    for variant in problem.variants:
        for name, text in earlier:
            share = jaccard(variant.prompt, text)
            if share >= VARIANT_JACCARD:
                yield Finding(
                    f"variants.{variant.id}.prompt",
                    f"shares {share:.0%} of its words with {name}, less than {VARIANT_JACCARD:.0%} may",
                    "set the same question in another situation",
                )
        earlier.append((variant.id, variant.prompt))
        if not any(e.variant == variant.id for e in problem.exemplars):
            remedy = f"add an exemplar with `variant: {variant.id}`"
            yield Finding(f"variants.{variant.id}", "has no exemplar", remedy)


_BANNED = (
    (
        r"\b(?:guarantee[sd]?|ensures?|will get you|gets you)\b[^.]{0,40}\b(?:job|offer|hired|position|role)\b",
        "promises a job",
    ),
    (r"\byou will (?:be hired|get (?:the|an?) (?:job|offer))\b", "promises a job"),
    (
        r"\b(?:asks|asked) exactly\b|\bexact (?:interview )?questions? (?:from|at|of|asked)\b",
        "claims to know a real interview",
    ),
    (
        r"\b(?:real|actual|leaked) (?:\w+ )?interview questions? (?:from|at|of|asked)\b",
        "claims to know a real interview",
    ),
)


def nothing_banned(problem: Problem) -> Iterator[Finding]:
    """L18: nobody is promised to be hired, and no company's interview is told."""
    for field, text in (("title", problem.title), *texts(problem)):
        yield from banned(field, text)


def banned(field: str, text: str) -> Iterator[Finding]:
    """L18, for any text."""
    said = " ".join(text.split())
    for pattern, why in _BANNED:
        if match := re.search(pattern, said, re.I):
            yield Finding(field, f"“{short(match[0])}” {why}", "say what usually helps, or what is often asked")


def everything_is_said(problem: Problem) -> Iterator[Finding]:
    """Every criterion can be heard: `at_least` is not more than the groups there are, and no way is blank."""
    for field, claim in _claims(problem):
        if claim.at_least is not None and claim.at_least > len(claim.says):
            yield Finding(
                f"{field}.at_least", f"is {claim.at_least} of {len(claim.says)} groups", "lower it, or add groups"
            )
        for name, sets in (("says", (claim.says,)), ("also", claim.also)):
            ways = (way for groups in sets for group in groups for way in group)
            if any(isinstance(way, str) and not spoken(way).strip() for way in ways):
                yield Finding(f"{field}.{name}", "one way to say it has no letter or digit", "take it out")


_DENIAL = re.compile(r"\b(?:not|never|no|none|nothing|nobody|without|instead of|rather than)\b([^,;:.]*)", re.I)

_NEGATIVE = re.compile(r"\b(?:not|never|no|none|nothing|nobody|without|miss\w*|free|un\w+|non)\b|n['’]?t\b", re.I)


def denials_deny_nothing_that_is_said(problem: Problem) -> Iterator[Finding]:
    """A word that a statement denies is heard under a denial too, so it must not be one that the claim asserts."""
    for where, claim in _claims(problem):
        for denial in _DENIAL.finditer(claim.statement):
            denied = [word for word in words(denial[1]) if len(word) >= DENIED]
            ways = (way for way in claim.ways if isinstance(way, str))
            lost = [way for way in ways if any(_same(word, part) for word in denied for part in words(way))]
            # A claim that is itself a denial is said with one.
            if lost and not any(_NEGATIVE.search(way) for way in lost):
                yield Finding(
                    f"{where}.statement",
                    f"“{short(denial[0].strip())}” lets {_quoted(lost[:3])} be heard even where an answer denies it",
                    "say it without a denial, or put a comma behind the part that is denied",
                    warning=True,
                )
                break


def _same(word: str, part: str) -> bool:
    return len(part) >= DENIED and (word.startswith(part) or part.startswith(word))


def _claims(problem: Problem) -> Iterator[tuple[str, Claim]]:
    yield from ((f"criteria.{c.id}", c) for c in problem.criteria)
    yield from ((f"misconceptions.{m.id}", m) for m in problem.misconceptions)


def _quoted(ways: list[str]) -> str:
    return ", ".join(f"“{way}”" for way in ways)


RULES: tuple[Rule, ...] = (
    spans_stand_in_reference,
    recall_for_every_concept,
    misconceptions_are_answered,
    follow_up_for_every_must,
    exemplars_are_balanced,
    exemplars_fit_their_style,
    exemplar_bands_follow_from_met,
    hints_give_away_in_order,
    questions_give_nothing_away,
    texts_have_their_length,
    texts_read_easily,
    weights_are_balanced,
    bands_are_ordered,
    licences_allow_quoting,
    markdown_is_plain,
    variants_differ,
    nothing_banned,
    everything_is_said,
    denials_deny_nothing_that_is_said,
)


def lint(problem: Problem) -> list[Finding]:
    """The findings of every rule that needs the problem alone."""
    return [finding for rule in RULES for finding in rule(problem)]
