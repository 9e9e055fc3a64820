"""When a cohort's board is posted, and when what stands in its channels is made anew.

What a post says is read from the ledger when it is sent. What was posted stays true: when a week is final, when
points change, and at once when somebody no longer wants to be named, each message is replaced by what the board says
then, wherever it stands. What is on a board is `week_board`'s business.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot import calendar
from bot.cohort_model import Cohort, Office
from bot.cohorts import board_words as words
from bot.cohorts import finding, outlets, timetable, week_board, weeks
from bot.cohorts.posting import Posting
from bot.cohorts.timetable import Task
from bot.cohorts.weeks import Week
from bot.context import Context
from bot.delivery import outbox
from bot.delivery.outbox import REPLACES, Skip
from bot.door import cohort_intents as c
from bot.door.messages import Message
from bot.errors import RolecallError
from bot.model import MemberId
from bot.pictures.board import draw
from bot.store import agenda, cohorts, posted
from bot.store.posted import Posted
from bot.store.session import Tx

WEEK = "board"
MIDWEEK = "midweek"
FINAL = "final"
AT = time(9)
"""When both are posted, by the cohort's wall clock: at midnight, when a week ends, they would ring telephones."""
ON = {WEEK: 0, MIDWEEK: 3}
"""The day of the week, Monday being 0."""
LATE = timedelta(hours=12)
"""After so long a mid-week line is left out."""
PATIENCE = timedelta(hours=1)
"""A message in a channel is changed no sooner than so long after it was sent or changed, unless it has to be."""
FAR = datetime.max.replace(tzinfo=UTC)
A_DAY = 3
"""So often organisers may post a board on one day of the cohort."""


def begin(tx: Tx, cohort: Cohort, now: datetime) -> None:
    """Plans the posts of a cohort's board, or drops them where it is switched off."""
    for kind, weekday in ON.items():
        if cohort.board:
            timetable.plan(tx, cohort, kind, AT, (weekday,), now)
        else:
            agenda.drop(tx, cohort.id, kind)


def post_week(task: Task) -> None:
    """Posts the board of the week that was the last to end, also when that is long ago."""
    week = week_told(task.cohort, WEEK, task.now)
    if week:
        _post(task.tx, task.cohort, WEEK, week, task.now)
        _finish_later(task.tx, task.cohort, week, task.now)


def post_midweek(task: Task) -> None:
    week = week_told(task.cohort, MIDWEEK, task.now)
    if week and task.now < task.entry.due_at + LATE:
        _post(task.tx, task.cohort, MIDWEEK, week, task.now)


def week_told(cohort: Cohort, kind: str, at: datetime) -> Week | None:
    """The week that a post of the timetable tells of: None before the cohort's first one and after its last.

    The board is that of the week before; the mid-week line needs a whole week, and comes not after the last day.
    """
    this, began = weeks.week_of(cohort, at), weeks.began(cohort)
    if kind == WEEK:
        week = weeks.before(cohort, this)
        has_ended = cohort.ends_on is not None and cohort.ends_on < week.monday
        return week if week.ends_at > began and not has_ended else None
    today = calendar.local_date(at, weeks.zone_at(cohort, at))
    has_ended = cohort.ends_on is not None and cohort.ends_on < today
    return this if this.starts_at >= began and not has_ended else None


def finish_week(task: Task) -> None:
    """Makes the board of a week final wherever it was posted."""
    _renew(task.tx, task.cohort, task.now, monday=task.entry.kind.partition(":")[2])


def refresh(tx: Tx, cohort: Cohort, now: datetime, *, at_once: bool = True) -> None:
    """Sees to it that all boards that were ever posted of a cohort say what they would say now.

    `at_once` is for who no longer wants to be named; else a message is left alone until PATIENCE is over. What says
    the same already is not sent again, which shows when its turn comes.
    """
    cohorts.cohort_of(tx, cohort.id, lock=True)
    _renew(tx, cohort, now, at_once=at_once)


def points_changed(tx: Tx, member: MemberId, earned_at: datetime, now: datetime) -> None:
    """Sees to it that provisional boards count what a member has for an answer now."""
    for id in sorted(s.cohort for s in cohorts.seats_of(tx, member) if s.office is Office.LEARNER):
        cohort = cohorts.cohort_of(tx, id, lock=True)
        if cohort and (week := weeks.week_of(cohort, earned_at)).is_provisional(now):
            _renew(tx, cohort, now, monday=week.monday.isoformat(), at_once=False)


def _post(tx: Tx, cohort: Cohort, kind: str, week: Week, now: datetime, once: str = "") -> int:
    """Puts a post of a week into the outbox for each of a cohort's channels; returns for how many it was new.

    `once`: makes it another one than the week's own.
    """
    # with its instants, so that a later change of the cohort's zone leaves what was posted as it is
    data: dict[str, object] = {
        "week": week.monday.isoformat(),
        "from": week.starts_at.isoformat(),
        "to": week.ends_at.isoformat(),
    }
    if once:
        data["asked"] = True
    return sum(
        outbox.post(
            tx,
            to,
            key=f"{kind}:{cohort.id}:{week.label}:{to.platform}" + (f":{once}" if once else ""),
            kind=kind,
            now=now,
            data=data,
        )
        for to in cohorts.channels(tx, cohort.id)
    )


def _finish_later(tx: Tx, cohort: Cohort, week: Week, now: datetime) -> None:
    if now < week.final_at:
        timetable.plan_once(tx, cohort, f"{FINAL}:{week.monday}", week.final_at)


def _renew(tx: Tx, cohort: Cohort, now: datetime, *, monday: str | None = None, at_once: bool = True) -> None:
    known = posted.posted(tx, cohort.id, WEEK)
    waiting = posted.waiting(tx, cohort.id, WEEK)
    for first in known:
        if REPLACES in first.data or first.state in {"skipped", "dead"} or monday not in {None, first.data["week"]}:
            continue
        versions = _versions(known, first.key)
        not_before = now if at_once else max([now, *(v.sent_at + PATIENCE for v in versions if v.sent_at)])
        if any(waiting.get(v.id, FAR) <= not_before for v in versions):
            continue  # it will say what is true when it is sent
        number = 1 + max((int(v.key.rpartition(":r")[2]) for v in versions if v is not first), default=0)
        data = {name: first.data[name] for name in ("week", "from", "to")}
        outbox.renew(tx, first, key=f"{first.key}:r{number}", now=now, not_before=not_before, data=data)


def _versions(known: Sequence[Posted], key: str) -> list[Posted]:
    """A message and all that were to take its place, oldest first."""
    return [p for p in known if key in {p.key, p.data.get(REPLACES)}]


def week_post(of: Posting) -> Message | Skip:
    week = _week(of)
    found = week_board.look(of.tx, of.cohort, week)
    board = week_board.board_of(of.tx, found, of.now)
    is_new = REPLACES not in of.row.data
    if is_new and not found.is_team:
        return Skip("nobody else learns in the cohort")
    if is_new and board.is_empty:
        return Skip("there was nothing to tell")
    # What was tried before may have arrived, so that nobody knows what stands there.
    if not is_new and of.row.tried_at is None and _said(of) == board.content:
        return Skip("it says that already")
    if not (is_new and of.row.message):  # else it goes out with the words it had
        posted.note(of.tx, of.row.id, {**of.row.data, "said": board.content})
    shows = board.places or board.improved or board.goal
    return words.post(board, of.now, draw(words.picture(board)) if shows else b"")


def _said(of: Posting) -> str | None:
    """What stands in the channel in the place that a row is for; None where that is not known."""
    known = posted.posted(of.tx, of.cohort.id, WEEK)
    versions = [v for v in _versions(known, str(of.row.data[REPLACES])) if v.id != of.row.id]
    if any(v.state in {"sending", "unknown"} for v in versions):
        return None
    sent = [(v.sent_at, v.id, v.data.get("said")) for v in versions if v.state == "sent" and v.sent_at]
    return max(sent)[2] if sent else None


def midweek_post(of: Posting) -> Message | Skip:
    week = _week(of)
    found = week_board.look(of.tx, of.cohort, week)
    board = week_board.board_of(of.tx, found, of.now)
    if of.now >= week.ends_at:
        return Skip("the week was over")
    if not found.is_team:
        return Skip("nobody else learns in the cohort")
    if board.goal is None or not board.cleared:
        return Skip("there was nothing to tell")
    return words.midweek(board, board.goal)


def _week(of: Posting) -> Week:
    first, last = (datetime.fromisoformat(str(of.row.data[name])) for name in ("from", "to"))
    return Week(date.fromisoformat(str(of.row.data["week"])), first, last)


def post_now(ctx: Context, wish: c.PostBoard) -> Message:
    """Posts this week's board so far, or that of the week before."""
    cohort = finding.run_by(ctx, wish.cohort)
    cohorts.cohort_of(ctx.tx, cohort.id, lock=True)
    week = weeks.week_of(cohort, ctx.now)
    if (back := wish.week.strip() or "0") not in {"0", "1"}:
        raise RolecallError(words.ONLY_LATEST)
    if back == "1":
        week = weeks.before(cohort, week)
    outlets.required(ctx.tx, cohort)
    found = week_board.look(ctx.tx, cohort, week)
    if not found.is_team:
        raise RolecallError(words.ALONE)
    if week_board.board_of(ctx.tx, found, ctx.now).is_empty:
        raise RolecallError(words.NOTHING_YET)
    since = calendar.start_of_day(ctx.now, weeks.zone_at(cohort, ctx.now))
    asked = (p for p in posted.posted(ctx.tx, cohort.id, WEEK) if p.data.get("asked") and p.created_at >= since)
    if len({p.key.rpartition(":")[2] for p in asked}) >= A_DAY:  # one for each platform has the same end
        raise RolecallError(words.ENOUGH)
    _post(ctx.tx, cohort, WEEK, week, ctx.now, once=ctx.new_id())
    _finish_later(ctx.tx, cohort, week, ctx.now)
    return words.posting(cohort.name)
