"""Every form that any capability can open, by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.catalogue import load
from bot.door.messages import Form
from bot.grading.question import full
from bot.members import reminder_words
from bot.members import words as members
from bot.model import FLAGS, Judge, Route, Ticket, TicketId, TicketKind
from bot.model import State as Met
from bot.practice import words as practice
from bot.reviews import case_words
from bot.roles import assess_words, posting_words
from bot.roles import words as role_words
from bot.roles.questions import State, questionnaire_of
from tests.rendering.cohort_examples import people, points, prompts, room
from tests.rendering.test_examples import ANA, ANSWER, PROBLEM, SERVING, attempt
from tests.talk import MONDAY


def all_forms() -> dict[str, Form]:
    known = load().landscape
    judged = (*(c.id for c in PROBLEM.criteria[:3]), FLAGS)
    ticket = Ticket(TicketId("t1"), ANA.id, TicketKind.DOUBT, Route.MENTORS, PROBLEM.id, judged, MONDAY)
    case = case_words.Case(ticket, full(PROBLEM), attempt(Met.UNSURE), judged, Judge.MENTOR, "Ana")
    nothing = State(questionnaire_of(known), {}, (), outdated=False)
    cohorts = {**people.EXAMPLES, **points.EXAMPLES, **prompts.EXAMPLES, **room.EXAMPLES}
    return {
        "settings": members.settings_form(ANA, ANA.zone),
        "reminders": reminder_words.form(ANA, date(2026, 3, 2)),
        "answer": practice.answer_form(SERVING, PROBLEM.title, ANSWER),
        "assess": assess_words.form(known),
        "decode": posting_words.form(),
        "judge": case_words.form(case, "The second half is strong."),
        "judge_as_peer": case_words.form(replace(case, judge=Judge.PEERS, author=""), ""),
        "review_note": case_words.note_form(ticket.id, ""),
        **{f"match_{q.id}": role_words.form(nothing, q) for q in nothing.questionnaire.questions if q.fields},
        **{name.removesuffix("_form"): said for name, said in cohorts.items() if isinstance(said, Form)},
    }


FORMS = all_forms()
