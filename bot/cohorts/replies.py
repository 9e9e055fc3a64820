"""Which room of cohorts grants a wish."""

from __future__ import annotations

from datetime import datetime

from bot.cohorts import (
    announcing,
    assigning,
    board_view,
    boards,
    by_role,
    doubts,
    joining,
    points_view,
    preview,
    prompt_answers,
    prompting,
    report,
    roster,
    running,
)
from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Form, Message
from bot.store import office_roles
from bot.store.session import Tx


def form(ctx: Context, wish: c.CohortIntent) -> Form:
    """The form that a wish opens. Raises RolecallError where there is nothing to fill in."""
    match wish:
        case c.NewCohort():
            return running.new_form(ctx)
        case c.EditCohort():
            return running.edit_form(ctx, wish)
        case c.ChooseAlias():
            return joining.alias_form(ctx, wish)
        case c.PasteRoster():
            return roster.form(ctx, wish)
        case c.EditPrompts():
            return prompting.schedule_form(ctx, wish)
        case c.AnswerPrompt():
            return prompt_answers.answer_form(ctx, wish)
        case c.WriteAnnouncement():
            return announcing.form(ctx, wish)
        case c.ExplainVoid():
            return doubts.void_form(ctx, wish)
    raise TypeError(f"{type(wish).__name__} opens no form")


def answer(ctx: Context, wish: c.CohortIntent) -> Message:
    """What the member hears. Raises RolecallError with text for them where the wish cannot be granted."""
    match wish:
        case c.CreateCohort():
            return running.create(ctx, wish)
        case c.SaveCohort():
            return running.save(ctx, wish)
        case c.ShowCohort():
            return running.show(ctx, wish)
        case c.BindChannel():
            return running.bind(ctx, wish)
        case c.ArchiveCohort():
            return running.archive(ctx, wish)
        case c.InviteToCohort():
            return joining.invite(ctx, wish)
        case c.JoinCohort():
            return joining.join(ctx, wish)
        case c.LeaveCohort():
            return joining.leave(ctx, wish)
        case c.Appear():
            return joining.appear(ctx, wish)
        case c.Roster():
            return roster.show(ctx, wish)
        case c.Appoint():
            return roster.appoint(ctx, wish)
        case c.ImportRoster():
            return roster.take_list(ctx, wish)
        case c.SavePrompts():
            return prompting.save(ctx, wish)
        case c.OpenPrompt():
            return prompt_answers.open_prompt(ctx, wish)
        case c.OfferAnswer():
            return prompt_answers.offer(ctx, wish)
        case c.AssignProblem():
            return assigning.assign(ctx, wish)
        case c.Announce():
            return announcing.announce(ctx, wish)
        case c.CohortPreview():
            return preview.preview(ctx, wish)
        case c.Board():
            return board_view.board(ctx, wish)
        case c.PostBoard():
            return boards.post_now(ctx, wish)
        case c.Points():
            return points_view.points(ctx, wish)
        case c.PointsDoubts():
            return doubts.show(ctx, wish)
        case c.VoidPoints():
            return doubts.void(ctx, wish)
        case c.ClearDoubt():
            return doubts.clear(ctx, wish)
        case c.AppealVoid():
            return doubts.appeal(ctx, wish)
        case c.CohortReport():
            return report.report(ctx, wish)
        case c.ExportCohort():
            return report.export(ctx, wish)
    raise TypeError(f"{type(wish).__name__} is granted by a form, not by a reply")


def forget(ctx: Context) -> None:
    """What cohorts owe to somebody who is about to be deleted: no board names them any more."""
    joining.forget(ctx)


def follow_roles(ctx: Context) -> None:
    """Gives and takes offices as the member's roles on the platform are now."""
    by_role.follow(ctx)


def forget_roles(tx: Tx, platform: str, workspace: str, now: datetime) -> None:
    """Ends what roles of a workspace make of people, before it is forgotten."""
    for role in office_roles.in_workspaces(tx, platform, [workspace]):
        by_role.unbind(tx, role, now)


def renamed(ctx: Context) -> None:
    """What cohorts owe to somebody who has changed their name: boards that were posted change with it."""
    joining.renamed(ctx)
