"""The command table: the single source of every platform's commands, the help and the README's table.

Names are two levels deep, at most 25 on each level (Discord). How typed text becomes a wish is `commands`' business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.intents import Intent

ROOT = "rolecall"

OptionKind = Literal[
    "want",
    "word",
    "person",
    "duration",
    "until",
    "level",
    "zone",
    "time",
    "yes_no",
    "target",
    "role",
    "topic",
    "place",
    "sector",
    "rating",
    "cohort",
    "code",
    "problem",
    "preset",
    "appearance",
    "office",
    "reviewers",
    "command",
    "text",
]
"""`until` is a number of days or a date; `target` is a role or "not sure yet"; `topic` is whatever `role about` can
show; `rating` is 1 to 5."""


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    """The name of the wish's attribute."""
    kind: OptionKind
    summary: str


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    intent: type[Intent]
    summary: str
    group: str | None = None
    options: tuple[Option, ...] = ()
    """All optional; typed in this order or as name=value."""
    given: type[Intent] | None = None
    """The wish where something follows the command and no form has to be opened."""

    @property
    def path(self) -> str:
        return f"{self.group} {self.name}" if self.group else self.name

    @property
    def usage(self) -> str:
        return " ".join([f"/{ROOT}", self.path, *(f"[{o.name}]" for o in self.options)])


GROUPS = {
    "role": "Which role fits you, and what its interviews and market are like",
    "cohort": "Groups that learn together: joining, prompts, and the organiser's room",
    "mentor": "Answers of others that wait for your judgement",
    "me": "Your reminders and your data",
}

_COHORT = Option("cohort", "cohort", "the name of a cohort")

COMMANDS: tuple[Command, ...] = (
    Command("start", i.Start, "Say hello and get your first problem"),
    Command(
        "practice",
        i.Practice,
        "Get a problem: what is due first, then something new",
        options=(Option("want", "want", "a topic, role or interview round"),),
    ),
    Command("review", i.Review, "Answer the recall questions that are due"),
    Command(
        "answer",
        i.WriteAnswer,
        "Answer the open problem in your own words",
        options=(Option("answer", "text", "your answer; leave it out to write over several lines"),),
        given=i.SubmitAnswer,
    ),
    Command("hint", i.Hint, "Get the next hint for the open problem"),
    Command("reveal", i.Reveal, "See the reference answer; the problem then counts as not known"),
    Command("skip", i.Skip, "Put the open problem away unanswered"),
    Command("today", i.Today, "What is open and due today, your plan, and your last verdicts"),
    Command("progress", i.Progress, "See what you hold, what is due and how your answers were judged"),
    Command("board", c.Board, "Your week, and your cohort's board", options=(_COHORT,)),
    Command(
        "settings",
        i.Settings,
        "Your name, time zone, reminder time and target role",
        options=(
            Option("name", "word", "what I call you"),
            Option("zone", "zone", "such as Europe/Berlin"),
            Option("time", "time", "such as 09:00"),
            Option("role", "target", "the role you prepare for"),
            Option("reminders", "yes_no", "yes or no"),
        ),
        given=i.SaveSettings,
    ),
    Command(
        "help",
        i.Help,
        "What I can do, or how one command works",
        options=(Option("command", "command", "command"),),
    ),
    Command(
        "assess",
        i.Assess,
        "Rate what you know of roles, interviews, pay and market, and see what to read first",
        group="role",
        options=(
            Option("role_clarity", "rating", "telling the roles apart, 1 to 5"),
            Option("interview_knowledge", "rating", "knowing the interviews, 1 to 5"),
            Option("salary_awareness", "rating", "knowing what is paid, 1 to 5"),
            Option("career_planning", "rating", "having a plan, 1 to 5"),
            Option("industry_awareness", "rating", "following the market, 1 to 5"),
        ),
        given=i.SaveAssessment,
    ),
    Command("match", i.Match, "Find the two roles that fit you best, and why", group="role"),
    Command(
        "about",
        i.About,
        "Read about a role or topic in two minutes",
        group="role",
        options=(Option("topic", "topic", "role or topic"),),
    ),
    Command(
        "compare",
        i.CompareRoles,
        "Tell two roles apart in sixty seconds",
        group="role",
        options=(Option("one", "role", "role"), Option("other", "role", "role")),
    ),
    Command(
        "loop",
        i.Loop,
        "The interviews of a role, and what each tests",
        group="role",
        options=(Option("role", "role", "role"),),
    ),
    Command(
        "level",
        i.Level,
        "What each level of a role must show, red flags, and the ladder",
        group="role",
        options=(Option("role", "role", "role"),),
    ),
    Command(
        "salary",
        i.Salary,
        "What a role is paid, source by source",
        group="role",
        options=(Option("role", "role", "role"), Option("place", "place", "place")),
    ),
    Command(
        "market",
        i.Market,
        "Which roles are wanted, by sector or industry",
        group="role",
        options=(Option("sector", "sector", "sector or industry"),),
    ),
    Command(
        "decode",
        i.Decode,
        "Paste a job posting: which role it really is",
        group="role",
        options=(Option("posting", "text", "the posting; leave it out to paste it into a form"),),
        given=i.SubmitPosting,
    ),
    Command(
        "create",
        c.NewCohort,
        "Set up a cohort in a minute",
        group="cohort",
        options=(
            Option("name", "word", "what it is called"),
            Option("preset", "preset", "study group or workplace"),
            Option("zone", "zone", "whose midnight ends its week"),
            Option("starts", "word", "its first day"),
            Option("ends", "word", "its last day"),
        ),
        given=c.CreateCohort,
    ),
    Command(
        "show", c.ShowCohort, "A cohort of yours: what it does and who runs it", group="cohort", options=(_COHORT,)
    ),
    Command(
        "edit",
        c.EditCohort,
        "Change a cohort's settings",
        group="cohort",
        options=(
            _COHORT,
            Option("name", "word", "what it is called"),
            Option("zone", "zone", "from next week on"),
            Option("starts", "word", "its first day"),
            Option("ends", "word", "its last day, or none"),
            Option("goal", "word", "due concepts a week and person"),
            Option("self_service", "yes_no", "may join with the code: yes or no"),
            Option("board", "yes_no", "post the week's board: yes or no"),
            Option("reviewers", "reviewers", "mentors, peers or none"),
            Option("blind", "yes_no", "reviews without names: yes or no"),
        ),
        given=c.SaveCohort,
    ),
    Command(
        "bind", c.BindChannel, "Post a cohort's prompts and boards in this channel", group="cohort", options=(_COHORT,)
    ),
    Command(
        "invite",
        c.InviteToCohort,
        "The code with which people join",
        group="cohort",
        options=(_COHORT,),
    ),
    Command(
        "join",
        c.JoinCohort,
        "Join a cohort with its code, or as you were invited",
        group="cohort",
        options=(Option("code", "code", "such as K7QD-M2XA"),),
    ),
    Command(
        "leave", c.LeaveCohort, "Leave a cohort; its board forgets you at once", group="cohort", options=(_COHORT,)
    ),
    Command(
        "appear",
        c.Appear,
        "Whether and how its board names you, and who may check in on you",
        group="cohort",
        options=(
            Option("show", "appearance", "name, alias or off"),
            Option("alias", "word", "the name on the board"),
            Option("check_in", "yes_no", "tell an organiser when you go silent: yes or no"),
            Option("thanks", "yes_no", "thank you by name for reviews: yes or no"),
            _COHORT,
        ),
    ),
    Command(
        "roster",
        c.Roster,
        "Who is in a cohort",
        group="cohort",
        options=(_COHORT,),
    ),
    Command(
        "import",
        c.PasteRoster,
        "Invite a list of people, after a dry run",
        group="cohort",
        options=(_COHORT,),
    ),
    Command(
        "appoint",
        c.Appoint,
        "Make somebody organiser, mentor or learner, or take them off the list",
        group="cohort",
        options=(
            Option("who", "person", "name or id"),
            Option("office", "office", "organiser, mentor, learner or none"),
            _COHORT,
        ),
    ),
    Command(
        "prompts",
        c.EditPrompts,
        "When which problems are posted in the channel",
        group="cohort",
        options=(
            Option("days", "word", "such as Mon Thu, or none"),
            Option("time", "time", "such as 09:00"),
            Option("topics", "word", "topics, with commas between them"),
            Option("level", "word", "entry, mid or senior"),
            Option("roles", "word", "such as ai_engineer 2, mlops 1"),
            _COHORT,
        ),
        given=c.SavePrompts,
    ),
    Command(
        "assign",
        c.AssignProblem,
        "Post a problem for everybody now",
        group="cohort",
        options=(
            Option("problem", "problem", "a problem or topic"),
            Option("days", "word", "how many days it stays open"),
            _COHORT,
        ),
    ),
    Command(
        "announce",
        c.WriteAnnouncement,
        "Say something in the cohort's channel",
        group="cohort",
        options=(Option("text", "text", "what you want to say; leave it out to write it in a form"), _COHORT),
        given=c.Announce,
    ),
    Command(
        "preview",
        c.CohortPreview,
        "What will be posted in the next days",
        group="cohort",
        options=(_COHORT,),
    ),
    Command(
        "report",
        c.CohortReport,
        "How a cohort is doing, without names",
        group="cohort",
        options=(_COHORT,),
    ),
    Command(
        "download",
        c.ExportCohort,
        "The roster and the weeks' figures as CSV",
        group="cohort",
        options=(_COHORT,),
    ),
    Command(
        "doubts",
        c.PointsDoubts,
        "Points that an organiser is asked about",
        group="cohort",
        options=(_COHORT,),
    ),
    Command(
        "archive",
        c.ArchiveCohort,
        "End a cohort; everybody keeps what they learned",
        group="cohort",
        options=(_COHORT,),
    ),
    Command(
        "queue",
        i.Queue,
        "The answers that wait for you",
        group="mentor",
        options=(Option("topic", "want", "a topic or round"), Option("cohort", "word", "the name of a cohort")),
    ),
    Command(
        "take",
        i.TakeTicket,
        "Read and grade the next answer that waits for you",
        group="mentor",
    ),
    Command(
        "predict",
        i.AskToPredict,
        "Be asked which band you expect before each verdict: yes or no",
        group="me",
        options=(Option("ask", "yes_no", "yes or no"),),
    ),
    Command(
        "reminders",
        i.Reminders,
        "How often and when I may remind you, and for which interview",
        group="me",
        options=(
            Option("level", "level", "light, standard or active"),
            Option("days", "word", "such as weekdays or Mon Wed Fri"),
            Option("quiet", "word", "hours without messages, such as 22:00-07:00, or none"),
            Option("summary", "yes_no", "a summary of each week: yes or no"),
            Option("interview", "word", "the date of your next interview, or none"),
        ),
        given=i.SaveReminders,
    ),
    Command(
        "pause",
        i.Pause,
        "Stop reminders: for some days, until a date, or until you resume",
        group="me",
        options=(Option("until", "until", "how many days, or the first day to be reminded again"),),
    ),
    Command("resume", i.Resume, "Start reminders again", group="me"),
    Command(
        "snooze",
        i.Snooze,
        "Move the next reminder, by a day if you name no time",
        group="me",
        options=(Option("length", "duration", "such as 3h or 2d"),),
    ),
    Command("points", c.Points, "Why you have the points that you have", group="me"),
    Command("why", i.Why, "Why you did or did not get a reminder", group="me"),
    Command(
        "link",
        i.Link,
        "Be one person here and on another platform",
        group="me",
        options=(Option("code", "code", "the code that I gave you on the other platform"),),
    ),
    Command(
        "unlink",
        i.Unlink,
        "Take one of your linked accounts away again",
        group="me",
        options=(Option("account", "word", "which one, such as discord"),),
    ),
    Command("export", i.Export, "Everything that is kept about you, as JSON", group="me"),
    Command(
        "delete",
        i.Delete,
        "Delete everything that is kept about you",
        group="me",
        options=(Option("confirm", "word", "yes, to go ahead"),),
    ),
)
