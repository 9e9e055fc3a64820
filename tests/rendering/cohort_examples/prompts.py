"""What is said about a cohort's prompts, announcements, and what will be posted."""

from __future__ import annotations

from bot.catalogue import load
from bot.cohort_model import Cohort, Preset
from bot.cohorts import announcing_words, plan_words, preview_words, prompt_words
from bot.cohorts.prompt_settings import Wanted
from bot.door.messages import Form, Message
from bot.model import CohortId, ProblemId
from tests.talk import MONDAY

BANK = load()
PROBLEM = BANK.problems[ProblemId("llm.evals.first_eval_set")]
SPRING = Cohort(CohortId("c1"), "Spring", Preset.STUDY_GROUP, "Europe/Berlin", MONDAY, invite_code="K7QD-M2XA")

EXAMPLES: dict[str, Message | Form] = {
    **prompt_words.examples(PROBLEM, SPRING, MONDAY),
    **plan_words.examples(PROBLEM, SPRING, BANK, MONDAY),
    **preview_words.examples(SPRING, PROBLEM.title, MONDAY),
    **announcing_words.examples(SPRING, MONDAY),
    "prompts_form": plan_words.form(SPRING, None, Wanted(), BANK, SPRING.zone),
    "announcement_form": announcing_words.form(SPRING),
}
