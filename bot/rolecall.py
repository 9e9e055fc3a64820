"""The bot, as adapters and delivery see it: wishes in, messages out. It dispatches and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from bot import guide, workspaces
from bot.catalogue import Catalogue
from bot.cohorts import board_view, channels, posts, prompt_answers
from bot.cohorts import pushes as cohort_pushes
from bot.cohorts import replies as cohorts
from bot.context import Context, NewId
from bot.delivery.outbox import Later, Skip, bucket_of
from bot.door import intents as i
from bot.door.cohort_intents import AnswerInThread, CohortIntent
from bot.door.commands import Vocabulary
from bot.door.intents import Intent
from bot.door.invocation import Actor, Invocation, Place
from bot.door.messages import Choice, DirectMessage, Form, Message, Push, Reply
from bot.errors import RolecallError, StoreError
from bot.grading.grader import Judging
from bot.grading.question import Question
from bot.linking import replies as linking
from bot.members import consent, fields, planning, quiet, reminding, unreachable
from bot.members import replies as members
from bot.model import Account, Attempt, Member, MemberId, ServingId
from bot.practice import answering, learner, regrading, reminders, weekly
from bot.practice import replies as practice
from bot.practice.answering import Bench, Underway
from bot.practice.progress import progress
from bot.practice.today import today
from bot.practice.today_words import Around
from bot.reviews import judging, leech, opening, pushes
from bot.reviews import replies as reviews
from bot.reviews.queue import waiting_for
from bot.roles import lookup
from bot.roles import replies as roles
from bot.store import inbox, office_roles, presence
from bot.store import members as people
from bot.store import workspaces as there
from bot.store.delivery import OutboxRow
from bot.store.session import Store, Tx
from bot.suggesting import suggesting
from bot.vocabulary import vocabulary

PATIENCE = 2.0
"""Seconds after which a member is told that their answer is still being read."""
QUICK = 0.5
"""So long where the verdict takes the place of that notice as soon as it is there: a thread is taken meanwhile."""
GRADERS = 4
"""Answers graded at once; a slow grader never keeps other wishes waiting."""


class Rolecall:
    """One bot on one store. Time, ids and the grader come from outside; every method may be called from any thread."""

    def __init__(
        self,
        store: Store,
        bank: Catalogue,
        grader: Judging,
        *,
        clock: Callable[[], datetime],
        new_id: NewId,
        default_zone: str = "UTC",
        patience: float = PATIENCE,
        maker: str = "",
    ) -> None:
        """`maker`: whose language model is among the graders, as members are told; empty: none is."""
        self.store = store
        self.bank = bank
        self.bench = Bench(store, grader, self._graded)
        self.clock = clock
        self.new_id = new_id
        self.default_zone = default_zone
        self.vocabulary: Vocabulary = vocabulary(bank)
        self._suggest = suggesting(bank)
        self.patience = patience
        self.maker = maker
        self._pool = ThreadPoolExecutor(GRADERS, thread_name_prefix="grading")

    def close(self) -> None:
        """Lets what is being graded finish; what waits for its turn is graded after the next start."""
        self._pool.shutdown(cancel_futures=True)

    def reply_to(self, invocation: Invocation, *, waits: bool = False) -> Reply | None:
        """What the member hears; None for an event that was taken in before, or where there is nothing to say.

        `waits`: where an answer takes longer to read than QUICK, the reply has a `reading`, which brings the verdict.
        Raises RolecallError with text for the member where the wish cannot be granted.
        """
        if isinstance(invocation.intent, AnswerInThread) and not self._is_answer(invocation.intent, invocation.actor):
            return None
        with self._begin(invocation) as ctx:
            if not inbox.accept(ctx.tx, invocation.place.workspace, invocation.key, ctx.now):
                return None
            answer = _answer(ctx, invocation.intent)
            if isinstance(answer, Message) and invocation.intent.visibility == "private":
                answer = unreachable.tell(ctx, invocation.actor.account, answer)
            trial = consent.trial(ctx, invocation.intent)
        if not isinstance(answer, practice.Ungraded):
            return Reply(answer, trial=trial) if answer else None
        work = answering.judge_soon(self.bench, self._pool, answer.serving, self.clock())
        if waits and not work.within(min(self.patience, QUICK)):
            return Reply(practice.reading(), _Reading(self, invocation.actor, answer.serving, work))
        try:
            done = work.at_last(self.patience)
            return self.verdict_for(invocation.actor, answer.serving) if done else Reply(practice.reading())
        except StoreError:  # the answer is saved all the same: to send it again would not help
            return Reply(practice.out_of_reach())

    def verdict_for(self, actor: Actor, serving: ServingId) -> Reply | None:
        """The verdict on an answer just judged; None where it comes by itself, or its author has been deleted."""
        with self.store.begin() as tx:
            member = people.of_account(tx, actor.account, lock="shared")
            if member is None or answering.comes_by_itself(tx, serving):
                return None
            ctx = self._context(tx, member, actor, self.clock())
            return Reply(practice.reply_to_answer(ctx, serving))

    def form_for(self, invocation: Invocation) -> Form:
        """The form that a wish opens. Raises RolecallError where there is nothing to fill in."""
        with self._begin(invocation) as ctx:
            match invocation.intent:
                case i.Settings():
                    return members.settings_form(ctx, invocation.actor.zone)
                case i.Reminders():
                    return reminding.form(ctx)
                case i.WriteAnswer() as wish:
                    return practice.answer_form(ctx, wish)
                case i.Assess():
                    return roles.assessment_form(ctx)
                case i.FillMatch() as wish:
                    return roles.match_form(ctx, wish)
                case i.Decode():
                    return roles.posting_form(ctx)
                case i.WriteReview() as wish:
                    return judging.form(ctx, wish)
                case CohortIntent() as wish:
                    return cohorts.form(ctx, wish)
        raise TypeError(f"{type(invocation.intent).__name__} opens no form")

    def zone_of(self, account: Account) -> str | None:
        """The time zone of the member behind an account, for who shows them what came by itself; None for a stranger.

        To be asked is no sign of life of theirs.
        """
        with self.store.begin() as tx:
            member = people.of_account(tx, account)
        return member.zone if member else None

    def user_ids(self, platform: str, tenant: str, members: Iterable[MemberId]) -> Mapping[MemberId, str]:
        """What a platform calls members there, for mentions; those without an account there are left out."""
        with self.store.read() as tx:
            return people.user_ids(tx, platform, tenant, set(members))

    def welcome(self) -> Message:
        """What a stranger is told; it keeps nothing of them."""
        return guide.welcome()

    def workspace_here(self, platform: str, tenant: str, name: str) -> None:
        """Remembers that a workspace has Rolecall: to be called when its token has proved to work, as often as liked.

        Not for whatever else comes from it: an event may be late, and come after it has left.
        """
        workspaces.here(self.store, platform, tenant, name, self.new_id, self.clock())

    def workspace_left(self, platform: str, tenant: str) -> None:
        """Remembers that a workspace has removed Rolecall, or its token no longer works; may be said more than once."""
        workspaces.left(self.store, platform, tenant, self.new_id, self.clock())

    def workspaces(self, platform: str) -> frozenset[str]:
        """The ids of a platform's workspaces that are known to be there, for an adapter that may have missed a farewell
        while it was away."""
        with self.store.read() as tx:
            return there.present(tx, platform)

    def role_workspaces(self, account: Account) -> frozenset[str]:
        """Where a member's offices depend on the roles that they hold on the platform: what an adapter has to look up
        when they wish for something in private."""
        with self.store.read() as tx:
            member = people.of_account(tx, account)
            return office_roles.met_where_bound(tx, member.id, account.platform) if member else frozenset()

    def door_tried(self, account: Account, why: str | None) -> Message | None:
        """What a member is told after a `Reply.trial`: nothing where it arrived (`why` is None); else that their direct
        messages are closed, with what follows and how to open them. Their reminders are off then."""
        with self.store.begin() as tx:
            member = people.of_account(tx, account)
            if member is None:
                return None
            ctx = Context(tx, member, self.clock(), self.bank, self.new_id, self.maker, account=account)
            return consent.tried(ctx, why)

    def forget_left(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Forgets the workspaces that left long ago, with those who were known only there."""
        workspaces.forget_left(self.store, self.bank, self.new_id, self.clock, stopping)

    def suggest(self, kind: str, typed: str) -> tuple[Choice, ...]:
        """Up to 25 values of a kind of option or field, as `bot.suggesting`."""
        return self._suggest(kind, typed)

    def push_for(self, tx: Tx, row: OutboxRow, now: datetime) -> Push | Skip | Later:
        """What a row of the outbox says now, or why it says nothing."""
        if row.cohort:
            return posts.post(tx, row, now, self.bank)
        member = people.of_id(tx, row.member) if row.member else None
        if member is None:
            return Skip("nobody is there any more")
        if until := quiet.over_at(member, now):
            return Later(until)
        ctx = Context(tx, member, now, self.bank, self.new_id, self.maker)
        said: Message | Skip
        match row.kind:
            case planning.REMINDER:
                said = reminders.due(ctx, snoozed=bool(row.data.get("snoozed")))
            case planning.SUMMARY:
                said = weekly.summary(ctx, date.fromisoformat(str(row.data["on"])))
            case answering.LATE:
                said = reminders.late_verdict(ctx, ServingId(str(row.data["serving"])))
            case regrading.REGRADED:
                said = reminders.regraded(ctx, ServingId(str(row.data["serving"])), str(row.data.get("before", "")))
            case kind if kind in pushes.KINDS:
                said = pushes.push(ctx, kind, row.data)
            case kind if kind in cohort_pushes.KINDS:
                said = cohort_pushes.push(ctx, kind, row.data)
            case _:
                return Skip(f"this version knows no message of the kind {row.kind}")
        if not isinstance(said, Message):
            return said
        to = next((a for a in people.accounts(tx, member.id) if bucket_of(a) == row.bucket), None)
        if to is None:
            return Skip("the account is no longer linked")
        return Push(row.dedupe_key, DirectMessage(member.id, to), said)

    def closed(self, tx: Tx, row: OutboxRow, why: str, now: datetime) -> None:
        """What follows where a platform lets nothing through to the member or channel of a message."""
        if row.member:
            unreachable.closed(tx, row.member, why, now)
            channels.member_unreachable(tx, row, now)
        else:
            channels.closed(tx, row, why, now)

    def _is_answer(self, wish: AnswerInThread, actor: Actor) -> bool:
        """Whether what somebody says below a post of ours answers it. Whoever only chats there is not taken in."""
        with self.store.read() as tx:
            member = people.of_account(tx, actor.account)
            if member is None:
                return False
            return (
                prompt_answers.prompt_in_thread(tx, member.id, actor.account.platform, wish, self.clock()) is not None
            )

    def _graded(self, tx: Tx, attempt: Attempt, asked: Question, now: datetime) -> None:
        """What else follows from a verdict, in the transaction that records it."""
        opening.after_grading(tx, attempt, asked, now, self.new_id)
        leech.after_review(tx, attempt.serving, asked, now, self.new_id)

    @contextmanager
    def _begin(self, invocation: Invocation) -> Iterator[Context]:
        now, actor, place = self.clock(), invocation.actor, invocation.place
        zone = _zone(actor) or self.default_zone
        try:
            with self.store.begin() as tx:
                alone = isinstance(invocation.intent, i.Link | i.Unlink | i.Delete)
                member = members.known(tx, actor.account, actor.display_name, zone, self.new_id(), now, alone=alone)
                if member.seen_at is None or now - member.seen_at >= reminders.SEEN_WITHIN:
                    people.seen(tx, member.id, now)
                if place.workspace and not actor.account.tenant:
                    presence.note(tx, member.id, actor.account.platform, place.workspace)
                ctx = self._context(tx, member, actor, now, place)
                cohorts.follow_roles(ctx)
                yield ctx
        except StoreError:
            raise
        except RolecallError:
            self._follow_roles(actor)
            raise

    def _follow_roles(self, actor: Actor) -> None:
        """What somebody's roles give and take holds also where their wish was refused, and undone."""
        if actor.roles:
            with self.store.begin() as tx:
                if member := people.of_account(tx, actor.account):
                    cohorts.follow_roles(self._context(tx, member, actor, self.clock()))

    def _context(self, tx: Tx, member: Member, actor: Actor, now: datetime, place: Place | None = None) -> Context:
        return Context(
            tx,
            member,
            now,
            self.bank,
            self.new_id,
            self.maker,
            account=actor.account,
            place=place,
            manages=actor.manages,
            organises=actor.organises,
            roles=actor.roles,
            asks_zone=member.settled_at is None and member.zone == self.default_zone and _zone(actor) is None,
        )


def _zone(actor: Actor) -> str | None:
    """Where somebody lives, as the platform says it, where it is a zone that we know."""
    try:
        return fields.zone(actor.zone) if actor.zone else None
    except RolecallError:
        return None


@dataclass(frozen=True, slots=True)
class _Reading:
    """`door.messages.Reading`: an answer of somebody who waits for its verdict."""

    rolecall: Rolecall
    actor: Actor
    serving: ServingId
    work: Underway

    def wait(self, seconds: float) -> Reply | None:
        try:
            done = self.work.at_last(seconds)
            return self.rolecall.verdict_for(self.actor, self.serving) if done else None
        except StoreError:
            return Reply(practice.out_of_reach())

    def give_up(self) -> None:
        self.work.patience.give_up()


def _answer(ctx: Context, wish: Intent) -> Message | practice.Ungraded | None:
    match wish:
        case i.Start():
            return practice.start(ctx)
        case i.Practice():
            return practice.practice(ctx, wish)
        case i.Review():
            return practice.review(ctx, wish)
        case i.SubmitAnswer():
            return practice.submit(ctx, wish)
        case i.Hint():
            return practice.hint(ctx, wish)
        case i.Reveal():
            return practice.reveal(ctx, wish)
        case i.Skip():
            return practice.skip(ctx, wish)
        case i.Compare():
            return practice.compare(ctx, wish)
        case i.Predict():
            return practice.predict(ctx, wish)
        case i.ReadVerdict():
            return practice.read_verdict(ctx, wish)
        case i.Appeal():
            return reviews.appeal(ctx, wish)
        case i.AskReview():
            return reviews.ask(ctx, wish)
        case i.KeepPrivate():
            return reviews.keep_private(ctx, wish)
        case i.Thank():
            return reviews.thank(ctx, wish)
        case i.Lend():
            return reviews.lend(ctx, wish)
        case i.Queue():
            return judging.queue(ctx, wish)
        case i.TakeTicket():
            return judging.take(ctx, wish)
        case i.SubmitReview():
            return judging.submit(ctx, wish)
        case i.ReleaseTicket():
            return judging.release(ctx, wish)
        case i.ShareNote():
            return judging.share(ctx, wish)
        case i.Today():
            around = Around(
                prompt_answers.unanswered(ctx), board_view.this_week(ctx), waiting_for(ctx.tx, ctx.member.id, ctx.now)
            )
            return today(ctx, around)
        case i.Progress():
            return progress(ctx)
        case i.SaveSettings():
            new = members.save(ctx, wish)
            if new.name != ctx.member.name:
                cohorts.renamed(ctx)
            return practice.first_full_problem(ctx, new)
        case i.AskToPredict():
            return members.ask_to_predict(ctx, wish)
        case i.Target():
            return members.aim(ctx, wish)
        case i.SaveAssessment():
            return roles.save_assessment(ctx, wish)
        case i.Match():
            return roles.match(ctx)
        case i.AskMatch():
            return roles.ask(ctx, wish)
        case i.AnswerMatch():
            return roles.answer(ctx, wish)
        case i.SubmitMatch():
            return roles.submit(ctx, wish)
        case i.Rematch():
            return roles.rematch(ctx, wish)
        case i.SubmitPosting():
            return roles.decode(ctx, wish)
        case i.About():
            return lookup.about(ctx, wish)
        case i.CompareRoles():
            return lookup.compare(ctx, wish)
        case i.Loop():
            return lookup.loop(ctx, wish)
        case i.Level():
            return lookup.level(ctx, wish)
        case i.Salary():
            return lookup.salary(ctx, wish)
        case i.Market():
            return lookup.market(ctx, wish)
        case i.SaveReminders():
            return reminding.save(ctx, wish)
        case i.Pause():
            return reminding.pause(ctx, wish)
        case i.Resume():
            return reminding.resume(ctx, spread=learner.has_backlog(ctx))
        case i.Snooze():
            return reminding.snooze(ctx, wish)
        case i.Why():
            return reminding.why(ctx)
        case i.Link():
            return linking.link(ctx, wish)
        case i.Unlink():
            return linking.unlink(ctx, wish)
        case i.RemindHere():
            return linking.remind_here(ctx)
        case i.Export():
            return members.export(ctx)
        case i.Delete():
            return members.delete(ctx, wish, before=cohorts.forget)
        case i.Help():
            return guide.reply(wish)
        case AnswerInThread():
            return prompt_answers.in_thread(ctx, wish)
        case CohortIntent():
            return cohorts.answer(ctx, wish)
    raise TypeError(f"{type(wish).__name__} is granted by a form, not by a reply")
