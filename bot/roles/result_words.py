"""Every sentence of the result of `role match`. Each follows from a field of the result; nothing is looked up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.catalogue.landscape import Landscape
from bot.catalogue.records import Record
from bot.door.intents import AskMatch, CompareRoles, Loop, Rematch, Target
from bot.door.messages import Block, Bullets, Button, Message, Spans, bold, heading, note, paragraph, spans
from bot.model import Interest, Preference, Role, Round, Skill
from bot.roles import citing
from bot.roles.evidence import ENOUGH
from bot.roles.matching import SOON, STUDIED, Against, Flip, Gap, Reason, Result, Score
from bot.roles.questions import State, questionnaire_of
from bot.roles.sheet import WEEKS_PER_MONTH, Sheet
from bot.roles.words import label

MARGIN = {"close call": "A close call", "lean": "A lean", "clear": "A clear lead"}


@dataclass(frozen=True, slots=True)
class Case:
    """A result and what it was made from."""

    result: Result
    sheet: Sheet
    state: State
    landscape: Landscape

    @property
    def first(self) -> Score:
        return self.result.ranking[0]

    @property
    def second(self) -> Score:
        return self.result.ranking[1]

    def have(self, skill: Skill) -> int:
        """The level that counts: shown before claimed."""
        return self.result.shown.get(skill, self.sheet.skills[skill])

    def needs(self, role: Role, skill: Skill) -> int:
        return self.landscape.roles[role].profile.skills[skill].need


def result(case: Case, target: Role | None, earlier: Result | None = None, before: tuple[Block, ...] = ()) -> Message:
    """The two roles that fit best, and why. `target` is the present one; `earlier`: the result before a change."""
    one, two = case.first.role, case.second.role
    return Message(
        summary="Two roles that fit your answers",
        title="Your two roles, based on your answers",
        blocks=(
            *before,
            *((paragraph(bold(_changed(case.result, earlier))),) if earlier else ()),
            paragraph(*_best(case)),
            paragraph(_margin(case)),
            *_advice(case),
            heading(f"Why {named(one)} first"),
            *_why(case),
            *_gaps(case),
            paragraph(*_not_this(case)),
            paragraph(_flip(case)),
            note(*_unknown(case)),
        ),
        buttons=(
            *(
                Button(f"Make {named(role)} my target", Target(role), primary=role is one)
                for role in (one, two)
                if role is not target
            ),
            Button(f"Interviews: {named(one)}", Loop(one)),
            Button("Compare the two", CompareRoles(one, two)),
            Button("Change an answer", AskMatch()),
            Button("Start over", Rematch()),
        ),
    )


def named(role: Role) -> str:
    """A role's name within a sentence: "data scientist", "AI engineer"."""
    return role.label if role.label[1].isupper() else role.label[0].lower() + role.label[1:]


def _weeks(weeks: float) -> str:
    count = max(1, round(weeks))
    if count > 104:
        return "more than two years"
    return "1 week" if count == 1 else f"{count} weeks"


def _points(points: float) -> str:
    """Signed, without decimals: "+8", "−3"."""
    return f"{'+' if points > 0 else '−'}{abs(round(points))}"


def _changed(now: Result, earlier: Result) -> str:
    roles, were = ([s.role for s in r.ranking[:2]] for r in (now, earlier))
    if roles != were:
        return f"The ranking changed. Before: {named(were[0])}, then {named(were[1])}."
    margin, was = round(now.margin), round(earlier.margin)
    return f"The same two lead, {margin} points apart" + ("." if margin == was else f"; before it was {was}.")


# --- the two roles


def _best(case: Case) -> Spans:
    one, two, sheet = case.first, case.second, case.sheet
    mind = ", as you had in mind" if sheet.in_mind is one.role else ""
    left = f"; you have {round(sheet.months * WEEKS_PER_MONTH)}" if sheet.months else ""
    return spans(
        "Best fit: ",
        bold(named(one.role)),
        f"{mind} ({_numbers(one)}). Also look at: ",
        bold(named(two.role)),
        f" ({_numbers(two)}). Fit and ready are out of 100; weeks are for the main gaps at {sheet.hours_per_week:g} "
        f"hours a week{left}.",
    )


def _numbers(score: Score) -> str:
    about = "" if score.weeks > 104 else "about "
    weeks = f"{about}{_weeks(score.weeks)}" if score.weeks else "no main gap"
    return f"fit {round(score.fit)}, ready {round(score.readiness)}, {weeks}"


def _margin(case: Case) -> str:
    points = round(case.result.margin)
    said = f"{MARGIN[case.result.word]}: {points} {'point' if points == 1 else 'points'} apart."
    if case.result.market_decided:
        said += " Your answers alone left them level, so supply and demand decided."
    if case.result.advice != "dual-track" and case.result.word != "lean":
        return said
    return f"{said} To decide: {_decide_by(case)}?"


def _decide_by(case: Case) -> str:
    return case.landscape.contrast(case.first.role, case.second.role).decide_by.rstrip("?")


def _advice(case: Case) -> Iterator[Block]:
    """The line that says what to do, and how long employers take where the date is near."""
    sheet, one, two = case.sheet, case.first, case.second
    match case.result.advice:
        case "single":
            said = f"one track. Prepare for the interviews of {named(one.role)}s."
        case "two options":
            said = f"two options, decide by: {_decide_by(case)}?"
        case "dual-track":
            way = f"the way to {named(two.role)}"
            reach = f"{way} takes about {_weeks(two.weeks)}" if two.weeks else f"{way} has no main gap"
            job = next((named(r) for r in Role if r == sheet.current), "one of the six roles")
            months = f"{round(sheet.months or 0, 1):g}"
            said = f"dual-track, so apply for both. You have {months} months, come from {job}, and {reach}."
    yield paragraph(bold("Advice: "), said)
    near = sheet.months is not None and sheet.months <= SOON
    figures = [case.landscape.figures[id] for id in citing.HIRING_TIME if near and id in case.landscape.figures]
    records: list[Record] = [*figures]
    if case.result.market_decided:
        records.append(case.landscape.roles[one.role].dimensions)
    if records:
        sources = dict.fromkeys(citing.source(case.landscape, r) for r in records)
        yield note(" ".join([*(f.text for f in figures), f"({'; '.join(sources)})"]))


# --- why, and what is missing


def _why(case: Case) -> Iterator[Block]:
    reasons = [r for r in case.result.why if round(r.points)]
    if not reasons:
        yield paragraph("No single answer separates the two by a whole point.")
        return
    yield Bullets(tuple(spans(f"{_reason(case, r)}: ", bold(_points(r.points))) for r in reasons))


def _reason(case: Case, reason: Reason) -> str:
    """Why the first role ("it") has more points than the second."""
    kind, _, name = reason.dimension.partition(".")
    one, two = case.first.role, case.second.role
    match kind:
        case "interest":
            work = case.landscape.matching.interests[Interest(name)]
            liked = _liked(case, Interest(name))
            if liked:
                return f"You like {work}, and it has more of that"
            return f"You did not pick {work}, and it has less of that"
        case "pref":
            return f"{_capital(case.landscape.matching.preferences[Preference(name)])} is nearer to your answer"
        case "skill":
            skill = Skill(name)
            needs, other, have = case.needs(one, skill), case.needs(two, skill), case.have(skill)
            what = f"{_capital(case.landscape.matching.skills[skill].name)}: you have {have}"
            if needs >= other:
                return f"{what}, and it is tested less"
            return f"{what}, it needs {needs}, the other {other}"
        case "experience":
            return "It is the job you have or had last"
        case "deadline":
            return "Its gaps fit better into the time you have"
        case "market":
            return "Supply and demand"
    return _capital(reason.dimension)


def _liked(case: Case, interest: Interest) -> bool:
    """Whether the answers put this work above the member's average: then a role gains by having more of it."""
    for score in case.result.ranking:
        levels = case.landscape.roles[score.role].profile.interests
        above = levels[interest] - sum(levels.values()) / len(levels)
        if above and (points := score.contributions.get(f"interest.{interest}")):
            return (points > 0) == (above > 0)
    return interest in (case.sheet.interest_first, case.sheet.interest_second)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _gaps(case: Case) -> Iterator[Block]:
    guide = case.landscape.roles[case.first.role]
    if not case.result.gaps:
        yield paragraph(f"You have every level that the interviews of {named(guide.role)}s ask for.")
        return
    yield heading("Biggest gaps (0 never, 4 led or taught)")
    yield Bullets(tuple(_gap(case, gap) for gap in case.result.gaps))
    names = [r.name for wanted in case.result.rounds[:3] for r in guide.loop.rounds if r.round is wanted]
    yield paragraph(bold("Study first: "), ", ".join(names) + ".")


def _gap(case: Case, gap: Gap) -> Spans:
    name = _capital(case.landscape.matching.skills[gap.skill].name)
    minor = case.landscape.roles[case.first.role].profile.skills[gap.skill].weight < STUDIED
    return spans(f"{name} {gap.have} → {gap.need}: {_weeks(gap.weeks)}{', but tested little' if minor else ''}")


# --- why not, and what would change it


def _not_this(case: Case) -> Spans:
    against = case.result.not_this
    guide = case.landscape.roles[against.role]
    had = ", which you had in mind" if case.sheet.in_mind is against.role else ""
    place = " first" if against.role is case.second.role else ""
    counted = [r for r in against.reasons[:2] if round(r.points)]
    reasons = "; ".join(f"{_deficit(case, against.role, r)} ({_points(r.points)})" for r in counted)
    reasons = reasons or "less than a point speaks against it"
    show = ""
    if against.gap and against.round:
        name = next(r.name for r in guide.loop.rounds if r.round is against.round)
        skill = case.landscape.matching.skills[against.gap.skill].name
        show = f" Its round “{name}” would show the gap: {skill} {against.gap.have} → {against.gap.need}."
    return spans(bold(f"Not {named(against.role)}{place}"), f"{had}: {reasons}.{show}")


def _deficit(case: Case, role: Role, reason: Reason) -> str:
    """Why a role ("it") has fewer points than the first."""
    kind, _, name = reason.dimension.partition(".")
    match kind:
        case "interest":
            work = case.landscape.matching.interests[Interest(name)]
            if _liked(case, Interest(name)):
                return f"it has less of {work}, which you like"
            return f"it has more of {work}, which you did not pick"
        case "pref":
            return f"{case.landscape.matching.preferences[Preference(name)]} is further from your answer"
        case "skill":
            skill = Skill(name)
            what = case.landscape.matching.skills[skill].name
            return f"it needs {case.needs(role, skill)} in {what}, you have {case.have(skill)}"
        case "experience":
            return f"you come from the job of {named(case.first.role)}"
        case "deadline":
            return "its gaps do not fit into the time you have"
        case "market":
            return "supply and demand speak against it"
    return reason.dimension


def _flip(case: Case) -> str:
    flip = case.result.flip
    if flip is None:
        return "No single answer, one step higher or lower, would put another role first."
    kind, _, name = flip.answer.partition(".")
    question = case.state.questionnaire.question(name or kind)
    if kind == "skills" or question is None:
        what = case.landscape.matching.skills[Skill(name)].name if name else kind
        change = f"With {what} at {flip.after} instead of {flip.before}"
    else:
        change = f"Had you answered “{label(case.state, question.id, str(flip.after))}” ({question.name.lower()})"
    return f"{change}, {named(flip.first)} would come first."


def _unknown(case: Case) -> Iterator[str]:
    """What the result rests on and what it cannot know."""
    sheet = case.sheet
    if replaced := [s for s, level in case.result.shown.items() if level != sheet.skills[s]]:
        names = case.landscape.matching.skills
        said = (f"{names[s].name} (you said {sheet.skills[s]}; your answers say {case.have(s)})" for s in replaced)
        yield f"Your last {ENOUGH} graded answers count in place of what you said: {', '.join(said)}. "
    if case.result.unsure:
        yield "You grab first what you did not pick, so I am one step less sure. "
    unknown = ([] if sheet.months else ["your date"]) + ([] if sheet.place else ["your place"])
    yield f"Not known: {', '.join([*unknown, 'who will hire you'])}. This compares answers and predicts no offer."


def examples(landscape: Landscape) -> dict[str, Message]:
    """One example of each kind of result, for rendering tests; the numbers are made up."""
    sheet = Sheet(
        interest_first=Interest.PRODUCT,
        interest_second=Interest.INFRA,
        interest_least=Interest.RESEARCH,
        scenario=Interest.PRODUCT,
        skills={**dict.fromkeys(Skill, 1), Skill.SWE: 2, Skill.LLM_APPS: 2},
        prefs=dict.fromkeys(Preference, 2),
        months=None,
        hours_per_week=10,
        in_mind=Role.MLE,
    )
    roles = (Role.AI_ENGINEER, Role.MLOPS, Role.MLE)
    numbers = ((79.6, 84.2, 61.4, 10.5), (64.9, 70.1, 55.0, 26.0), (50.2, 48.0, 52.0, 61.5))
    made = Result(
        ranking=tuple(Score(role, *n, contributions={}) for role, n in zip(roles, numbers, strict=True)),
        margin=14.7,
        word="lean",
        advice="single",
        why=(Reason("interest.product", 12.6), Reason("pref.on_call", 4.4), Reason("skill.ops", 3.1)),
        gaps=(Gap(Skill.SWE, 2, 3, 8.0), Gap(Skill.LLM_APPS, 2, 3, 2.5), Gap(Skill.OPS, 1, 2, 5.0)),
        rounds=(Round.SYSTEM_DESIGN, Round.CODING_ROLE, Round.ML_DEPTH),
        not_this=Against(
            Role.MLE,
            (Reason("skill.maths", -14.0), Reason("interest.modelling", -9.2)),
            Round.ML_DEPTH,
            Gap(Skill.MATHS, 1, 3, 14.0),
        ),
        flip=Flip("prefs.on_call", 2, 3, Role.MLOPS),
        unsure=False,
        market_decided=False,
    )
    close = replace(
        made,
        margin=1.2,
        word="close call",
        advice="two options",
        why=(Reason("market", 1.0), Reason("skill.swe", 0.8), Reason("interest.research", 0.7)),
        flip=Flip("skills.swe", 2, 3, Role.MLOPS),
        unsure=True,
        market_decided=True,
        shown={Skill.SWE: 2, Skill.MATHS: 0, Skill.OPS: 1},
        not_this=replace(made.not_this, gap=Gap(Skill.MATHS, 0, 3, 21.0)),
    )
    both = replace(
        made,
        ranking=(*made.ranking[1::-1], made.ranking[2]),
        advice="dual-track",
        why=(Reason("experience", 5.0), Reason("deadline", 3.4)),
        gaps=(),
        rounds=(),
        flip=None,
    )
    state = State(questionnaire_of(landscape), {}, (), outdated=False)
    pressed = replace(sheet, months=3.0, current="mlops", place="boston")
    return {
        "match_result": result(Case(made, sheet, state, landscape), None),
        "match_close": result(Case(close, replace(sheet, months=3.0), state, landscape), Role.AI_ENGINEER),
        "match_dual_track": result(Case(both, pressed, state, landscape), None, made),
        "match_changed": result(Case(made, sheet, state, landscape), None, replace(made, margin=11.0)),
    }
