"""Every sentence of the questions of `role match`; `result_words` has those of its result. Looks nothing up."""

from __future__ import annotations

from dataclasses import replace

from bot.catalogue.asking import Question, Questionnaire
from bot.door.intents import AnswerMatch, AskMatch, FillMatch, Match, Rematch, SubmitMatch
from bot.door.messages import (
    LIMITS,
    Block,
    Button,
    Choice,
    Facts,
    Field,
    Form,
    Message,
    clip,
    note,
    paragraph,
    spans,
)
from bot.roles.questions import LEFT_OUT, Dropped, State, choices
from bot.roles.sheet import INTERESTS

FIRST = (
    "A few short questions, about three minutes in all; then I show which two roles fit you best, and why. Stop at any "
    "time: every answer is kept, and only you see them."
)
NOT_ASKED = "That question is no longer asked, so nothing was changed."
NO_SUCH_ANSWER = "That answer is no longer among the choices. Please choose again."
STARTED_OVER = "Your earlier answers no longer count. From the beginning, then."
NO_FORM = "That question has no form any more. /rolecall role match goes on where you are."
LINE = 40
"""Characters of a typed line."""


def question(state: State, asked: Question, *, before: tuple[Block, ...] = (), resumed: bool = False) -> Message:
    """One question and its buttons. `before` is said first; `resumed`: somebody comes back to a begun questionnaire."""
    number, of, done = state.asked.index(asked) + 1, len(state.asked), len(state.asked) - len(state.open)
    place = f"Question {number} of {of}"
    answered = asked not in state.open
    opening = (paragraph(FIRST),) if not state.given and not before else ()
    kept = (note(f"Your answers are kept: {done} of {of} so far."),) if resumed and done else ()
    return Message(
        summary=place,
        title=place,
        blocks=(
            *opening,
            *kept,
            *before,
            *(paragraph(said) for d in state.dropped if d.question == asked.id if (said := no_longer(state, d))),
            paragraph(asked.ask),
            *((note(_torn(state)),) if asked.id == "check" else ()),
            *((note(f"Your answer now: {answer(state, asked)}"),) if answered else ()),
        ),
        buttons=_buttons(state, asked, answered=answered),
    )


def _buttons(state: State, asked: Question, *, answered: bool) -> tuple[Button, ...]:
    given = bool(state.given.get(asked.id))
    if asked.fields:
        offered = [Button("Change it" if given else "Fill in", FillMatch(asked.id), primary=not answered)]
    else:
        now = state.value(asked.id)
        offered = [Button(a.label, AnswerMatch(asked.id, a.value), a.value == now) for a in choices(state, asked)]
    if asked.optional and (given or not answered):
        offered.append(Button("Leave out", AnswerMatch(asked.id, LEFT_OUT)))
    if previous := state.before(asked):
        offered.append(Button("Back", AskMatch(previous.id)))
    if answered:
        offered.append(Button("Keep it", Match()))
    return tuple(offered)


def _torn(state: State) -> str:
    first, second, grabbed = (
        label(state, q, state.value(q)) for q in ("interest_first", "interest_second", "scenario")
    )
    return f"You picked “{first}” and “{second}”. You grabbed “{grabbed}”."


def no_longer(state: State, dropped: Dropped) -> str:
    """Why an answer does not count any more, and what happens now."""
    question = state.questionnaire.question(dropped.question)
    if question is None:
        return f"“{dropped.question.replace('_', ' ')}” is no longer asked, so your answer to it no longer counts."
    if dropped.why == "gone":
        line = dropped.field.replace("_", " ")
        return f"“{question.name}” no longer asks for “{line}”, so what you wrote there no longer counts."
    if dropped.why == "contradicts" and (newer := state.questionnaire.question(dropped.by)):
        work = label(state, dropped.by, dropped.value)
        return (
            f"“{work}” stood for both “{question.name}” and “{newer.name}”. I keep the newer answer, “{newer.name}”, "
            f"and ask for “{question.name}” again."
        )
    line = next((f.label for f in question.fields if f.name == dropped.field), question.name)
    if not dropped.value:
        return f"“{line}” is a new question; the rest of your answers stays."
    return f"Your answer “{clip(dropped.value, LINE)}” to “{line}” is no longer among the choices; please answer again."


def gone(state: State) -> tuple[Block, ...]:
    """What a changed questionnaire no longer asks for; said until somebody answers the changed one."""
    said = (no_longer(state, d) for d in state.dropped if d.why == "gone" and state.outdated)
    return tuple(note(text) for text in said)


# --- answers as the member sees them


def label(state: State, question: str, value: str, field: str = "") -> str:
    """A value in the words of its button or choice; what was typed, as it was typed."""
    asked = state.questionnaire.question(question)
    if asked is None:
        return value
    answers = next((f.answers for f in asked.fields if f.name == field), asked.answers)
    return next((a.label for a in answers if a.value == value), value)


def answer(state: State, asked: Question) -> str:
    """What a question was answered with, on one line."""
    values = state.given.get(asked.id)
    if values is None:
        return "not answered yet"
    if not values:
        return "left out"
    if not asked.fields:
        return label(state, asked.id, values.get(asked.id, ""))
    lines = (f"{f.label}: {label(state, asked.id, values[f.name], f.name)}" for f in asked.fields if f.name in values)
    return "; ".join(lines)


def answers(state: State) -> Message:
    """All answers, each with a button that asks for it again."""
    given = [q for q in state.asked if q not in state.open]
    if state.open:
        on = Button("Go on", Match(), primary=True)
        what = f"{len(state.asked) - len(state.open)} of {len(state.asked)} questions are answered."
    else:
        on = Button("Show the result", Match(), primary=True)
        what = "Press what you want to change. Everything else stays as it is."
    return Message(
        summary="Your answers",
        title="Your answers",
        blocks=(paragraph(what), Facts(tuple((q.name, spans(_short(state, q))) for q in given))),
        buttons=(on, *(Button(q.name, AskMatch(q.id)) for q in given), Button("Start over", Rematch())),
    )


def _short(state: State, asked: Question) -> str:
    """An answer in the list: of a form only the values, since their names would fill a phone."""
    values = state.given[asked.id]
    if not asked.fields or not values:
        return answer(state, asked)
    return "; ".join(clip(label(state, asked.id, values[f.name], f.name), 30) for f in asked.fields if f.name in values)


# --- forms


def form(state: State, asked: Question) -> Form:
    """The form of a question with several lines, filled with what is answered already."""
    return Form(
        title=clip(asked.name, LIMITS.FORM_TITLE),
        fields=tuple(
            Field(
                f.name,
                f.label,
                kind="choice" if f.answers else "line",
                required=f.required,
                max_length=LINE,
                choices=tuple(Choice(a.value, a.label) for a in f.answers),
                initial=state.value(asked.id, f.name),
                hint=f.hint,
            )
            for f in asked.fields
        ),
        submits=SubmitMatch(asked.id),
    )


# --- beginning anew


def ask_to_start_over(answered: int, token: str) -> Message:
    """`token` is what the button has to bring back: it ties the yes to the answers of this moment."""
    count = "one answer" if answered == 1 else f"{answered} answers"
    return Message(
        summary="Start over?",
        title="Start over?",
        blocks=(
            paragraph(f"You have given {count}. If you start over they no longer count, and I ask everything anew."),
            note("To change a few of them, press Change an answer instead."),
        ),
        buttons=(
            Button("Yes, start over", Rematch(token)),
            Button("No, keep them", Match()),
            Button("Change an answer", AskMatch()),
        ),
    )


def match_examples(questionnaire: Questionnaire) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    ids = [q.id for q in questionnaire.questions]
    work = dict(zip((*INTERESTS, "scenario"), ("product", "infra", "research", "data"), strict=True))
    given: dict[str, dict[str, str]] = {
        **{q: {q: work.get(q, "2")} for q in ids if q not in {"check", "in_mind"}},
        "skills_build": {"swe": "3", "llm_apps": "2", "ml_training": "1", "ops": "0"},
        "skills_data": {"pipelines": "2", "experiment": "0", "papers": "0"},
        "situation": {"current": "another", "months": "6 weeks", "hours_per_week": "10"},
        "place_and_sector": {},
    }
    begun = State(questionnaire, {q: given[q] for q in ids[:4]}, (), outdated=False)
    rest = {"check": {"check": "chosen"}, "in_mind": {"in_mind": "none"}}
    done = State(questionnaire, given | rest, (), outdated=False)
    clash = Dropped("interest_least", "interest_least", "product", "contradicts", by="interest_first")
    lost, sign = Dropped("on_call", "on_call", "9", "unknown"), Dropped("star_sign", "star_sign", "leo", "gone")
    asked = {q.id: q for q in questionnaire.questions}
    return {
        "match_first": question(State(questionnaire, {}, (), outdated=False), asked["interest_first"]),
        "match_resumed": question(begun, asked["check"], resumed=True),
        "match_form": question(begun, asked["skills_build"]),
        "match_optional": question(done, asked["place_and_sector"]),
        "match_back": question(done, asked["scenario"]),
        "match_contradiction": question(replace(done, dropped=(clash,)), asked["interest_least"]),
        "match_outdated": question(
            replace(done, dropped=(lost,)),
            asked["on_call"],
            before=gone(replace(done, dropped=(sign,), outdated=True)),
            resumed=True,
        ),
        "match_answers": answers(done),
        "match_start_over": ask_to_start_over(14, "yes 99"),
    }
