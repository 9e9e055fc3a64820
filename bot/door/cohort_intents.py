"""What can be wished for about cohorts: one small value per wish, as in `intents`.

`cohort` is a cohort's id, or what somebody typed as its name; empty: the one of the channel, or the only one. All are
private: what a whole channel is to see goes through the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.door.intents import AS_IT_IS, Intent
from bot.model import ServingId


@dataclass(frozen=True, slots=True)
class CohortIntent(Intent):
    """A wish that `bot.cohorts` grants."""


# --- what a cohort is


@dataclass(frozen=True, slots=True)
class NewCohort(CohortIntent):
    """Opens the form that sets up a cohort."""

    wire: ClassVar[str] = "cohort_new"
    opens_form: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class CreateCohort(CohortIntent):
    wire: ClassVar[str] = "cohort_create"
    name: str = ""
    preset: str = ""
    """study_group or workplace."""
    zone: str = ""
    starts: str = ""
    """A date; empty: at once. So `ends`, where empty means no end."""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class EditCohort(CohortIntent):
    """Opens the form of a cohort's settings."""

    wire: ClassVar[str] = "cohort_edit"
    opens_form: ClassVar[bool] = True
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class SaveCohort(CohortIntent):
    """What is given is changed, the rest stays."""

    wire: ClassVar[str] = "cohort_save"
    cohort: str = ""
    name: str = ""
    zone: str = ""
    starts: str = AS_IT_IS
    ends: str = AS_IT_IS
    goal: str = ""
    """Due concepts a week and person, which the team aims at while there is no average."""
    self_service: str = ""
    """yes: whoever knows the code may join; no: only whom an organiser has put on the list."""
    board: str = ""
    """yes or no: whether the week's board is posted."""
    reviewers: str = ""
    """mentors, peers or none."""
    blind: str = ""
    """yes or no."""


@dataclass(frozen=True, slots=True)
class ShowCohort(CohortIntent):
    """One cohort as its member sees it; without a name and with several: the list of theirs."""

    wire: ClassVar[str] = "cohort"
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class BindChannel(CohortIntent):
    """Makes the channel in which it is said the one in which the cohort's prompts and boards are posted."""

    wire: ClassVar[str] = "cohort_bind"
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveCohort(CohortIntent):
    wire: ClassVar[str] = "cohort_archive"
    cohort: str = ""
    confirm: str = ""
    """"yes" archives; anything else asks first."""


# --- who is in it


@dataclass(frozen=True, slots=True)
class InviteToCohort(CohortIntent):
    """Shows the code with which people join, or makes a new one."""

    wire: ClassVar[str] = "cohort_invite"
    cohort: str = ""
    renew: str = ""
    """"yes": the code until now stops working."""


@dataclass(frozen=True, slots=True)
class JoinCohort(CohortIntent):
    wire: ClassVar[str] = "cohort_join"
    code: str = ""
    """Empty: what the member was invited to by list."""


@dataclass(frozen=True, slots=True)
class LeaveCohort(CohortIntent):
    wire: ClassVar[str] = "cohort_leave"
    cohort: str = ""
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Appear(CohortIntent):
    """How the member appears on the board, and what else they agree to."""

    wire: ClassVar[str] = "appear"
    cohort: str = ""
    show: str = ""
    """name, alias or off."""
    alias: str = ""
    check_in: str = ""
    """yes or no: whether an organiser is told when they have gone silent."""
    thanks: str = ""
    """yes or no: whether a mentor is thanked by name below the board."""


@dataclass(frozen=True, slots=True)
class ChooseAlias(CohortIntent):
    """Opens the form for the name under which the member appears on the board."""

    wire: ClassVar[str] = "alias"
    opens_form: ClassVar[bool] = True
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class Roster(CohortIntent):
    wire: ClassVar[str] = "roster"
    cohort: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Appoint(CohortIntent):
    """Makes somebody organiser, mentor or learner of the cohort; "none" takes them off its list."""

    wire: ClassVar[str] = "appoint"
    cohort: str = ""
    who: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class PasteRoster(CohortIntent):
    """Opens the form into which a list of people is pasted."""

    wire: ClassVar[str] = "roster_form"
    opens_form: ClassVar[bool] = True
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class ImportRoster(CohortIntent):
    wire: ClassVar[str] = "roster_import"
    cohort: str = ""
    people: str = ""
    """CSV with a header."""
    go: str = ""
    """"yes" invites; anything else only says what would happen."""


# --- prompts


@dataclass(frozen=True, slots=True)
class EditPrompts(CohortIntent):
    """Opens the form that says when which problems are posted in the cohort's channel."""

    wire: ClassVar[str] = "prompts_form"
    opens_form: ClassVar[bool] = True
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class SavePrompts(CohortIntent):
    """What is given is changed, the rest stays."""

    wire: ClassVar[str] = "prompts"
    cohort: str = ""
    days: str = ""
    """Such as "Mon Thu"; "none" stops them."""
    time: str = ""
    topics: str = AS_IT_IS
    level: str = AS_IT_IS
    roles: str = AS_IT_IS
    """Such as "ai_engineer 2, mlops 1": in which mix; empty: all."""


@dataclass(frozen=True, slots=True)
class AnswerPrompt(CohortIntent):
    """Opens the form in which the channel's prompt is answered, which nobody else sees."""

    wire: ClassVar[str] = "prompt_answer"
    opens_form: ClassVar[bool] = True
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class AnswerInThread(CohortIntent):
    """What somebody has typed below a message of ours in a channel. Where it is no answer, there is nothing to say."""

    post: str = ""
    """The platform's reference of the message."""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class OpenPrompt(CohortIntent):
    """Puts the channel's prompt before the member in private, with its hints."""

    wire: ClassVar[str] = "prompt_open"
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class OfferAnswer(CohortIntent):
    """Lets the answer to a prompt appear in its summary, without a name."""

    wire: ClassVar[str] = "offer"
    serving: ServingId = ServingId("")
    agree: str = ""
    """"no" takes it back."""


@dataclass(frozen=True, slots=True)
class AssignProblem(CohortIntent):
    """Posts a problem in the cohort's channel now."""

    wire: ClassVar[str] = "assign"
    problem: str = ""
    cohort: str = ""
    days: str = ""
    """How long it stays open; empty: three days."""
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class WriteAnnouncement(CohortIntent):
    """Opens the form in which an announcement is written."""

    wire: ClassVar[str] = "announce_form"
    opens_form: ClassVar[bool] = True
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class Announce(CohortIntent):
    wire: ClassVar[str] = "announce"
    text: str = ""
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class CohortPreview(CohortIntent):
    """What will be posted in the next days."""

    wire: ClassVar[str] = "cohort_preview"
    cohort: str = ""


# --- points and boards


@dataclass(frozen=True, slots=True)
class Board(CohortIntent):
    """The member's own week, and their cohort's board."""

    wire: ClassVar[str] = "board"
    cohort: str = ""
    week: str = ""
    """Weeks back; empty: this one."""


@dataclass(frozen=True, slots=True)
class PostBoard(CohortIntent):
    """Posts the board in the cohort's channel."""

    wire: ClassVar[str] = "board_post"
    cohort: str = ""
    week: str = ""


@dataclass(frozen=True, slots=True)
class Points(CohortIntent):
    """Why the member has the points that they have."""

    wire: ClassVar[str] = "points"
    week: str = ""
    """Weeks back; empty: this one."""
    page: str = ""


@dataclass(frozen=True, slots=True)
class PointsDoubts(CohortIntent):
    """What an organiser is asked about: answers of two people that are nearly the same, and appeals."""

    wire: ClassVar[str] = "doubts"
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class ExplainVoid(CohortIntent):
    """Opens the form in which an organiser says why points are taken back."""

    wire: ClassVar[str] = "void_form"
    opens_form: ClassVar[bool] = True
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class VoidPoints(CohortIntent):
    wire: ClassVar[str] = "void"
    doubt: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClearDoubt(CohortIntent):
    """The points stand."""

    wire: ClassVar[str] = "clear"
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class AppealVoid(CohortIntent):
    """The member asks for points that were taken back to be looked at again."""

    wire: ClassVar[str] = "void_appeal"
    doubt: str = ""


# --- the organiser's room


@dataclass(frozen=True, slots=True)
class CohortReport(CohortIntent):
    wire: ClassVar[str] = "report"
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class ExportCohort(CohortIntent):
    wire: ClassVar[str] = "cohort_export"
    cohort: str = ""
