"""What there is to read about the roles: pages, lists and the roles themselves, in messages. Looks nothing up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from bot.catalogue.guidance import Page
from bot.catalogue.landscape import Landscape
from bot.catalogue.markdown import blocks
from bot.door.intents import About, CompareRoles, Level, Loop, Match, Practice, Salary, Target
from bot.door.messages import (
    Block,
    Bullets,
    Button,
    Facts,
    Message,
    Spans,
    bold,
    clip,
    code,
    heading,
    paragraph,
    spans,
)
from bot.model import Role
from bot.roles.citing import DIMENSIONS, cited, sourced
from bot.roles.paging import fits, turns
from bot.vocabulary import TOPICS

PAGES = 20
"""Buttons to pages in one message."""
NAMES = {topic: name for topic, (name, *_) in TOPICS.items()}


def contents(known: Landscape) -> Message:
    """Everything there is to read, in short."""
    return Message(
        summary="Everything there is to read",
        title="Everything there is to read",
        blocks=(
            paragraph("Press a button, or type a name: ", code("/rolecall role about salary"), "."),
            Facts(
                (
                    ("Pages", spans(" · ".join(page.title for page in known.pages.values()))),
                    ("Emerging roles", spans(", ".join(e.name for e in known.emerging))),
                )
            ),
        ),
        buttons=(
            *(Button(name, About(t), primary=t == "pages") for t, name in NAMES.items()),
            *(Button(r.label, About(r)) for r in Role),
        ),
    )


def about(known: Landscape, topic: str) -> Message:
    """What there is to read on a topic of the vocabulary. Raises KeyError for another."""
    lists: dict[str, Callable[[Landscape], Message]] = {
        "pages": pages,
        "frameworks": frameworks,
        "mistakes": mistakes,
        "roadmap": roadmap,
        "emerging": emerging,
        "programme": programme,
        "outcomes": outcomes,
        "pay_notes": pay_notes,
        "sources": sources,
    }
    if topic in set(Role):
        return role(known, Role(topic))
    if topic in known.pages:
        return page(known, known.pages[topic])
    if topic in lists:
        return lists[topic](known)
    if topic in {e.id for e in known.emerging}:
        return emerging(known, topic)
    if topic in {f.id for f in known.frameworks}:
        return framework(known, topic)
    raise KeyError(topic)


def pages(known: Landscape, number: int = 1) -> Message:
    """A button for each page, in as many parts as that takes."""
    shown = list(known.pages.values())
    of = -(-len(shown) // PAGES)
    number = min(max(number, 1), of)
    return Message(
        summary="Pages to read",
        title="Pages to read" + (f" ({number} of {of})" if of > 1 else ""),
        blocks=(paragraph("Two minutes each. Which one?"),),
        buttons=(
            *(Button(p.title, About(p.id)) for p in shown[(number - 1) * PAGES : number * PAGES]),
            *turns(number, of, lambda n: About(f"pages:{n}")),
        ),
    )


def page(known: Landscape, page: Page) -> Message:
    """A page, and the figures it rests on with who says so."""
    for_whom = tuple((label, spans(t)) for label, t in (("Best for", page.best_for), ("Skip if", page.skip_if)) if t)
    figures = [known.figures[id] for id in page.figures]

    def message(*between: Block) -> Message:
        return Message(
            summary=page.title,
            title=page.title,
            blocks=(
                *((Facts(for_whom),) if for_whom else ()),
                *blocks(page.text),
                *between,
                *_figures(known, page.figures),
            ),
            buttons=tuple(Button(name_of(known, topic), About(topic)) for topic in page.see),
        )

    whole = message()
    return whole if not figures or fits(whole) else message(cited(known, *figures))


def _figures(known: Landscape, ids: Collection[str]) -> tuple[Block, ...]:
    figures = [known.figures[id] for id in ids]
    if not figures:
        return ()
    return (heading("The figures, and who says so"), *sourced(known, ((f, spans(f.text)) for f in figures)))


def name_of(known: Landscape, topic: str) -> str:
    """What a topic of `role about` is called on a button."""
    if topic in set(Role):
        return Role(topic).label
    if topic in known.pages:
        return known.pages[topic].title
    if topic in NAMES:
        return NAMES[topic]
    named = {e.id: e.name for e in known.emerging} | {f.id: f.name for f in known.frameworks}
    return named.get(topic, topic)


def role(known: Landscape, of: Role) -> Message:
    """One role: what the work is, for whom, and where to read on."""
    guide = known.roles[of]
    dimensions = tuple((label, spans(getattr(guide.dimensions, name))) for name, label in DIMENSIONS.items())
    return Message(
        summary=of.label,
        title=of.label,
        blocks=(
            paragraph(bold(guide.one_line)),
            *blocks(guide.day),
            Facts((("Best for", spans(guide.best_for)), ("Skip if", spans(guide.skip_if)))),
            Facts(dimensions),
            cited(known, guide.dimensions),
            *_figures(known, guide.figures),
        ),
        buttons=(
            Button("Its interviews", Loop(of), primary=True),
            Button("Levels and ladder", Level(of)),
            Button("Pay", Salary(of)),
            Button("Compare with another role", CompareRoles(of)),
            Button("Practise for it", Practice(of)),
            Button("Make it my target", Target(of)),
        ),
    )


def frameworks(known: Landscape) -> Message:
    """The frames for answers that every loop asks for; a button each for its example."""
    return Message(
        summary="Answer frameworks",
        title="Frames for answers that every loop asks for",
        blocks=sourced(
            known,
            (
                (f, spans(bold(f.name), f" – for {_quoted(f.trigger)}: ", " → ".join(clip(s, 90) for s in f.steps)))
                for f in known.frameworks
            ),
        ),
        buttons=tuple(Button(f"Example: {f.name}", About(f.id)) for f in known.frameworks),
    )


def framework(known: Landscape, id: str) -> Message:
    frame = next(f for f in known.frameworks if f.id == id)
    return Message(
        summary=frame.name,
        title=frame.name,
        blocks=(
            paragraph("It answers: ", bold(frame.trigger)),
            Bullets(tuple(spans(step) for step in frame.steps), numbered=True),
            heading("An example"),
            *blocks(frame.example),
            cited(known, frame),
        ),
        buttons=(Button("All frameworks", About("frameworks")),),
    )


def _quoted(text: str) -> str:
    return text if text.startswith("“") else f"“{text.rstrip('.')}”"


def mistakes(known: Landscape) -> Message:
    lines: list[Block] = []
    for m in known.mistakes:
        lines += [
            heading(m.mistake),
            Facts(
                (
                    ("It leads to", spans(m.consequence)),
                    ("The job", spans(m.reality)),
                    ("Instead", spans(m.instead)),
                )
            ),
        ]
    return Message(
        summary="Common mistakes",
        title="Mistakes that cost offers, and what to do instead",
        blocks=(*lines, cited(known, *known.mistakes)),
        buttons=(Button("Learning roadmap", About("roadmap")),),
    )


def roadmap(known: Landscape) -> Message:
    lines: list[Block] = []
    for number, step in enumerate(known.roadmap, 1):
        facts = [("Learn", spans(step.learn))]
        if step.resources:
            facts.append(("With", spans(" · ".join(step.resources))))
        lines += [heading(f"{number}. {step.title}"), Facts((*facts, ("Done when", spans(step.done_when))))]
    return Message(
        summary="Learning roadmap",
        title=f"A roadmap in {len(known.roadmap)} steps",
        blocks=(*lines, cited(known, *known.roadmap)),
        buttons=(Button("Common mistakes", About("mistakes")),),
    )


def emerging(known: Landscape, only: str = "") -> Message:
    """The roles beside the six, or one of them."""
    shown = [e for e in known.emerging if only in {"", e.id}]
    near = list(dict.fromkeys(role for e in shown for role in e.near))
    lines: list[Block] = []
    for e in shown:
        about = (
            ("What it is", spans(e.what)),
            ("Aim at it?", spans(e.viability)),
            ("Nearest", spans(", ".join(role.label for role in e.near))),
        )
        lines += [heading(e.name), Facts(about)]
    return Message(
        summary=shown[0].name if only else "Emerging roles",
        title=shown[0].name if only else "Emerging and hybrid roles",
        blocks=(*(lines[1:] if only else lines), cited(known, *shown)),
        buttons=(
            *((Button("All emerging roles", About("emerging")),) if only else ()),
            *(Button(f"About: {r.label}", About(r)) for r in near),
        ),
    )


def programme(known: Landscape) -> Message:
    ladder = known.programme
    return Message(
        summary=ladder.title,
        title=ladder.title,
        blocks=(
            Facts(tuple((f"Day {c.day}", spans(c.task)) for c in ladder.checkpoints)),
            cited(known, ladder),
        ),
        buttons=(Button("Find my roles", Match()),),
    )


def outcomes(known: Landscape) -> Message:
    return Message(
        summary="What you can do afterwards",
        title="What you can do after all of this",
        blocks=(
            Bullets(tuple(spans(line) for line in known.self_assessment.outcomes)),
            cited(known, known.self_assessment),
        ),
        buttons=(Button("Find my roles", Match()), Button("Everything there is to read", About())),
    )


def pay_notes(known: Landscape) -> Message:
    """How to read records of pay; each note names its source where it holds a figure of its own."""
    records = {(p.source, str(p.as_of)): p for p in known.salaries.pay}
    return Message(
        summary="How to read pay",
        title="How to read pay",
        blocks=(
            Bullets(tuple(spans(line) for line in known.salaries.notes)),
            cited(known, *records.values()),
        ),
        buttons=(Button("Pay by role", Salary()), *page_button(known, "salary")),
    )


def sources(known: Landscape) -> Message:
    def line(id: str) -> Spans:
        published = known.sources[id]
        remarks = [published.note, "names no primary source" if published.primary is False else ""]
        said = "; ".join(r for r in remarks if r)
        return spans(published.title, *((f" – {said}",) if said else ()))

    return Message(
        summary="Where the facts come from",
        title="Where the facts come from",
        blocks=(
            paragraph("Every fact is shown with its source and date. Where sources disagree, you see both."),
            Bullets(tuple(line(id) for id in known.sources)),
        ),
    )


def page_button(known: Landscape, id: str) -> tuple[Button, ...]:
    """The button to a page, where the content has it."""
    return (Button(known.pages[id].title, About(id)),) if id in known.pages else ()


def examples(known: Landscape) -> Mapping[str, Message]:
    """One example of each message, for rendering tests."""
    return {
        "role_contents": contents(known),
        **{f"role_about_{topic}": about(known, topic) for topic in TOPICS},
        "role_about_role": role(known, Role.AI_ENGINEER),
        "role_about_page": page(known, next(p for p in known.pages.values() if p.figures)),
        "role_about_framework": framework(known, known.frameworks[0].id),
        "role_about_new_role": emerging(known, known.emerging[0].id),
    }
