"""Every sentence of the self-assessment: its form, and what its result says."""

from __future__ import annotations

from collections.abc import Mapping

from bot.catalogue.asking import AssessmentBand, Rated
from bot.catalogue.landscape import Landscape
from bot.door.intents import About, Assess, Match, Practice, SaveAssessment
from bot.door.messages import LIMITS, Button, Choice, Facts, Field, Form, Message, clip, heading, note, paragraph, spans
from bot.model import Role
from bot.roles.assessing import HIGHEST, LOWEST, Earlier, band
from bot.roles.citing import cited
from bot.roles.reading import name_of


def form(known: Landscape) -> Form:
    """Five choices; what 1, 3 and 5 mean stands behind them."""
    return Form(
        title="Where do you stand?",
        fields=tuple(Field(d.id, d.name, kind="choice", choices=_choices(d)) for d in known.self_assessment.dimensions),
        submits=SaveAssessment(),
    )


def _choices(dimension: Rated) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(n), clip(f"{n} – {dimension.anchors.get(n, 'in between')}", LIMITS.CHOICE_LABEL))
        for n in range(LOWEST, HIGHEST + 1)
    )


def assessed(known: Landscape, ratings: Mapping[str, int], before: Earlier | None, target: Role | None) -> Message:
    """The band with its advice, what has moved, and what to read."""
    asked = known.self_assessment
    reached = band(asked, ratings)
    was: Mapping[str, int] = before.ratings if before else {}
    lines = [(d.name, spans(_rated(ratings[d.id], was.get(d.id)))) for d in asked.dimensions]
    total = sum(ratings.values())
    total_was = sum(was.values()) if was.keys() == ratings.keys() else None
    return Message(
        summary="Your self-assessment",
        title=f"{reached.name}: {total} of {len(ratings) * HIGHEST} (band {reached.low}–{reached.high})",
        blocks=(
            paragraph(reached.advice),
            heading("Your ratings" + (f", beside those of {_ago(before.days)}" if before else "")),
            Facts((*lines, ("Sum", spans(_rated(total, total_was))))),
            *((note(_moved(ratings, was)),) if before else ()),
            cited(known, asked),
        ),
        buttons=_onward(known, reached, target),
    )


def _rated(now: int, was: int | None) -> str:
    if was is None:
        return str(now)
    return f"{now} (as before)" if now == was else f"{now} ({'up' if now > was else 'down'} from {was})"


def _ago(days: int) -> str:
    if days <= 0:
        return "earlier today"
    return "yesterday" if days == 1 else f"{days} days ago"


def _moved(ratings: Mapping[str, int], was: Mapping[str, int]) -> str:
    changes = [rating - was[id] for id, rating in ratings.items() if id in was]
    if any(change > 0 for change in changes):
        return "This is how you rate yourself; what your answers show stands under /rolecall progress."
    if any(change < 0 for change in changes):
        return "A lower rating often means that you see more of the field now. A page below is a good next step."
    return "Nothing has moved. Choose your lowest rating, and read one page on it today."


def _onward(known: Landscape, reached: AssessmentBand, target: Role | None) -> tuple[Button, ...]:
    first = (
        Button(f"Your target: {target.label}", About(target), primary=True)
        if target
        else Button("Find my roles", Match(), primary=True)
    )
    return (
        first,
        *(Button(name_of(known, topic), About(topic)) for topic in reached.read),
        Button("Next problem", Practice()),
        Button("Rate again", Assess()),
    )


def examples(known: Landscape) -> Mapping[str, Message]:
    """One example of each message, for rendering tests."""
    asked = [d.id for d in known.self_assessment.dimensions]
    first = dict(zip(asked, (1, 2, 1, 2, 3), strict=True))
    second = dict(zip(asked, (3, 2, 4, 3, 2), strict=True))
    return {
        "assessed": assessed(known, first, None, None),
        "assessed_again": assessed(known, second, Earlier(first, 21), Role.MLE),
    }
