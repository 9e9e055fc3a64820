"""What a member can wish for: one small value per wish.

Visibility and whether a wish opens a form are static, because platforms force both
choices before any work is done. `wire` is the name under which a button is stored in
a chat, so it never changes, whatever the class is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.model import CriterionId, ServingId, TicketId

Visibility = Literal["private", "public"]

AS_IT_IS = "-"
"""Leaves a value alone where an empty one would clear it."""


@dataclass(frozen=True, slots=True)
class Intent:
    wire: ClassVar[str] = ""
    visibility: ClassVar[Visibility] = "private"
    opens_form: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Start(Intent):
    wire: ClassVar[str] = "start"


@dataclass(frozen=True, slots=True)
class Practice(Intent):
    wire: ClassVar[str] = "practice"
    want: str = ""
    """A role, round or topic id; empty lets the mentor choose."""


@dataclass(frozen=True, slots=True)
class Review(Intent):
    wire: ClassVar[str] = "review"
    everything: str = ""
    """"yes": also what is left for the next days."""


@dataclass(frozen=True, slots=True)
class WriteAnswer(Intent):
    """Opens the form in which an answer is written."""

    wire: ClassVar[str] = "answer"
    opens_form: ClassVar[bool] = True
    serving: ServingId = ServingId("")
    """Empty: the latest open one. So in every wish below."""


@dataclass(frozen=True, slots=True)
class SubmitAnswer(Intent):
    wire: ClassVar[str] = "submit"
    serving: ServingId = ServingId("")
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Predict(Intent):
    """Says which band is expected for an answer whose verdict was held back for it."""

    wire: ClassVar[str] = "predict"
    serving: ServingId = ServingId("")
    band: str = ""
    """Empty: just show the verdict."""


@dataclass(frozen=True, slots=True)
class AskToPredict(Intent):
    """Switches the question before every verdict on or off."""

    wire: ClassVar[str] = "predicts"
    ask: str = ""
    """yes or no; empty: the other than now."""


@dataclass(frozen=True, slots=True)
class ReadVerdict(Intent):
    """Shows the verdict on an earlier answer again."""

    wire: ClassVar[str] = "verdict"
    serving: ServingId = ServingId("")


@dataclass(frozen=True, slots=True)
class Hint(Intent):
    wire: ClassVar[str] = "hint"
    serving: ServingId = ServingId("")
    level: str = ""
    """The level that the button promised, so that a double click shows one hint; empty: the next."""


@dataclass(frozen=True, slots=True)
class Reveal(Intent):
    wire: ClassVar[str] = "reveal"
    serving: ServingId = ServingId("")


@dataclass(frozen=True, slots=True)
class Skip(Intent):
    wire: ClassVar[str] = "skip"
    serving: ServingId = ServingId("")


@dataclass(frozen=True, slots=True)
class Compare(Intent):
    """The learner's own verdict on an unsure criterion: which sentence says it."""

    wire: ClassVar[str] = "compare"
    serving: ServingId = ServingId("")
    criterion: CriterionId = CriterionId("")
    sentence: str = ""
    """Index of the sentence in the answer, from 0; "none" if no sentence says it."""


@dataclass(frozen=True, slots=True)
class Appeal(Intent):
    """ "I did say that": against a verdict on a criterion, or on a misconception ("I did not say that")."""

    wire: ClassVar[str] = "appeal"
    serving: ServingId = ServingId("")
    point: str = ""
    """Id of a criterion or misconception; empty: shows what can be appealed."""
    sentence: str = ""
    """Index of the sentence that says it, from 0; empty: asks for it where it matters."""


@dataclass(frozen=True, slots=True)
class AskReview(Intent):
    """Puts what the grader was unsure of to mentors or peers."""

    wire: ClassVar[str] = "askreview"
    serving: ServingId = ServingId("")


@dataclass(frozen=True, slots=True)
class KeepPrivate(Intent):
    """Takes an answer out of the queue again."""

    wire: ClassVar[str] = "private"
    ticket: TicketId = TicketId("")


@dataclass(frozen=True, slots=True)
class Thank(Intent):
    wire: ClassVar[str] = "thank"
    ticket: TicketId = TicketId("")


@dataclass(frozen=True, slots=True)
class Lend(Intent):
    """Lets an answer, without a name, become an example that the grader learns from."""

    wire: ClassVar[str] = "lend"
    serving: ServingId = ServingId("")


@dataclass(frozen=True, slots=True)
class Queue(Intent):
    """The answers that wait for a reviewer, oldest first."""

    wire: ClassVar[str] = "queue"
    topic: str = ""
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class TakeTicket(Intent):
    """Claims an answer and shows it."""

    wire: ClassVar[str] = "take"
    ticket: TicketId = TicketId("")
    """Empty: the oldest one that waits."""


@dataclass(frozen=True, slots=True)
class WriteReview(Intent):
    """Opens the form in which a claimed answer is graded."""

    wire: ClassVar[str] = "review_form"
    opens_form: ClassVar[bool] = True
    ticket: TicketId = TicketId("")


@dataclass(frozen=True, slots=True)
class SubmitReview(Intent):
    """Up to four points of a ticket, each "missed", "met:SENTENCE" or "partly:SENTENCE"; and a note."""

    wire: ClassVar[str] = "reviewed"
    ticket: TicketId = TicketId("")
    points: str = ""
    """Which points the fields are about, with commas between them."""
    first: str = ""
    second: str = ""
    third: str = ""
    fourth: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseTicket(Intent):
    wire: ClassVar[str] = "release"
    ticket: TicketId = TicketId("")


@dataclass(frozen=True, slots=True)
class ShareNote(Intent):
    """Sends the note on one answer to everybody whose waiting answer misses the same."""

    wire: ClassVar[str] = "share"
    ticket: TicketId = TicketId("")


@dataclass(frozen=True, slots=True)
class Progress(Intent):
    wire: ClassVar[str] = "progress"


@dataclass(frozen=True, slots=True)
class Today(Intent):
    """What is open and due today, and what was said last."""

    wire: ClassVar[str] = "today"


@dataclass(frozen=True, slots=True)
class Settings(Intent):
    wire: ClassVar[str] = "settings"
    opens_form: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class SaveSettings(Intent):
    wire: ClassVar[str] = "save"
    name: str = ""
    zone: str = ""
    time: str = ""
    role: str = ""
    reminders: str = ""


@dataclass(frozen=True, slots=True)
class Reminders(Intent):
    """Opens the form that says how often, on which days and when something may come."""

    wire: ClassVar[str] = "reminders"
    opens_form: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class SaveReminders(Intent):
    """What is given is changed, the rest stays."""

    wire: ClassVar[str] = "remind"
    level: str = ""
    """light, standard or active."""
    days: str = ""
    """Such as "weekdays" or "Mon Wed Fri"."""
    quiet: str = ""
    """Such as 22:00-07:00; "none": any hour will do."""
    summary: str = ""
    """yes or no."""
    interview: str = AS_IT_IS
    """A date; empty or "none" forgets it."""


@dataclass(frozen=True, slots=True)
class Pause(Intent):
    wire: ClassVar[str] = "pause"
    until: str = ""
    """A number of days, or the first day on which reminders come again; empty: until they resume."""


@dataclass(frozen=True, slots=True)
class Resume(Intent):
    wire: ClassVar[str] = "resume"


@dataclass(frozen=True, slots=True)
class Snooze(Intent):
    wire: ClassVar[str] = "snooze"
    length: str = ""
    """Such as 3h or 2d; empty is a day."""


@dataclass(frozen=True, slots=True)
class Why(Intent):
    wire: ClassVar[str] = "why"


@dataclass(frozen=True, slots=True)
class Export(Intent):
    wire: ClassVar[str] = "export"


@dataclass(frozen=True, slots=True)
class Delete(Intent):
    wire: ClassVar[str] = "delete"
    confirm: str = ""
    """"yes" deletes; anything else asks first."""


@dataclass(frozen=True, slots=True)
class Link(Intent):
    """Makes one person of the member and whoever made a code; without one it makes a code."""

    wire: ClassVar[str] = "link"
    code: str = ""
    confirm: str = ""
    """"yes" goes ahead, "no" does not; anything else asks first."""


@dataclass(frozen=True, slots=True)
class Unlink(Intent):
    """Takes one of the member's accounts away, which is a stranger's then."""

    wire: ClassVar[str] = "unlink"
    account: str = ""
    """A platform or an id; empty: the list of them."""
    confirm: str = ""
    """As in Link."""


@dataclass(frozen=True, slots=True)
class RemindHere(Intent):
    """Has reminders come to the account from which this is wished."""

    wire: ClassVar[str] = "remindhere"


@dataclass(frozen=True, slots=True)
class Assess(Intent):
    """Opens the self-assessment."""

    wire: ClassVar[str] = "assess"
    opens_form: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class SaveAssessment(Intent):
    """The five ratings, each "1" to "5"; a field's name is the id of its dimension."""

    wire: ClassVar[str] = "assessed"
    role_clarity: str = ""
    interview_knowledge: str = ""
    salary_awareness: str = ""
    career_planning: str = ""
    industry_awareness: str = ""


@dataclass(frozen=True, slots=True)
class Match(Intent):
    """Goes on with the questions, or shows the result."""

    wire: ClassVar[str] = "match"


@dataclass(frozen=True, slots=True)
class AskMatch(Intent):
    """Shows one question again, to go back or to change an answer."""

    wire: ClassVar[str] = "ask"
    question: str = ""
    """Empty: the list of all answers."""


@dataclass(frozen=True, slots=True)
class AnswerMatch(Intent):
    wire: ClassVar[str] = "choose"
    question: str = ""
    value: str = ""
    """"-" leaves an optional question out."""


@dataclass(frozen=True, slots=True)
class FillMatch(Intent):
    """Opens the form of a question that has several lines."""

    wire: ClassVar[str] = "fill"
    opens_form: ClassVar[bool] = True
    question: str = ""


@dataclass(frozen=True, slots=True)
class SubmitMatch(Intent):
    """The lines of one form question; the others stay empty."""

    wire: ClassVar[str] = "filled"
    question: str = ""
    swe: str = ""
    llm_apps: str = ""
    ml_training: str = ""
    ops: str = ""
    pipelines: str = ""
    experiment: str = ""
    papers: str = ""
    current: str = ""
    years: str = ""
    months: str = ""
    hours_per_week: str = ""
    sector: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Rematch(Intent):
    """Begins the questions anew."""

    wire: ClassVar[str] = "rematch"
    confirm: str = ""
    """"yes" drops the answers; anything else asks first."""


@dataclass(frozen=True, slots=True)
class Target(Intent):
    """Makes a role the one that the member prepares for."""

    wire: ClassVar[str] = "target"
    role: str = ""


@dataclass(frozen=True, slots=True)
class About(Intent):
    wire: ClassVar[str] = "about"
    topic: str = ""
    """A page, role, or list such as frameworks; empty: everything there is to read."""


@dataclass(frozen=True, slots=True)
class CompareRoles(Intent):
    wire: ClassVar[str] = "versus"
    one: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Loop(Intent):
    wire: ClassVar[str] = "loop"
    role: str = ""
    """Empty: the member's target role. So in the wishes below."""


@dataclass(frozen=True, slots=True)
class Level(Intent):
    wire: ClassVar[str] = "level"
    role: str = ""


@dataclass(frozen=True, slots=True)
class Salary(Intent):
    wire: ClassVar[str] = "salary"
    role: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Market(Intent):
    wire: ClassVar[str] = "market"
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Decode(Intent):
    """Opens the form into which a job posting is pasted."""

    wire: ClassVar[str] = "decode"
    opens_form: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class SubmitPosting(Intent):
    """A job posting, in up to three parts since a platform's field is short. It is read and not kept."""

    wire: ClassVar[str] = "posting"
    posting: str = ""
    more: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Help(Intent):
    wire: ClassVar[str] = "help"
    command: str = ""
