"""The command line: which commands there are. Each stands in a module of its own."""

from __future__ import annotations

import sys

import structlog
import typer

from bot.cli import check, cohort, db, discord_sync, exemplars, grant, invite, logs, manifest, stats
from bot.cli.deliveries import deliveries
from bot.cli.doctor import doctor
from bot.cli.eval import evaluate_grader
from bot.cli.grade import grade
from bot.cli.health import health
from bot.cli.match import match_sheets
from bot.cli.play import play
from bot.cli.regrade import regrade
from bot.cli.run import run as run_bot
from bot.cli.simulate import simulate
from bot.errors import RolecallError, StoreError

app = typer.Typer(
    help="Rolecall: a mentor for AI interviews, in team chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(play)
app.command("run")(run_bot)
app.command()(grade)
app.command("eval")(evaluate_grader)
app.command()(regrade)
app.command("match")(match_sheets)
app.command()(grant.grant)
app.command()(doctor)
app.command()(health)
app.command()(deliveries)
app.command()(simulate)
app.add_typer(check.app, name="check")
app.add_typer(db.app, name="db")
app.add_typer(cohort.app, name="cohort")
app.add_typer(stats.app, name="stats")
app.add_typer(manifest.app, name="manifest")
app.add_typer(invite.app, name="invite")
app.add_typer(discord_sync.app, name="discord")
app.add_typer(exemplars.app, name="exemplars")


def run() -> None:
    """Runs the command line; an error that is meant for a person is one sentence on stderr and exit code 1."""
    logs.configure()
    try:
        app()
    except RolecallError as error:
        said = error.detail if isinstance(error, StoreError) else error
        print(f"rolecall: {said}", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except Exception as error:
        structlog.get_logger().exception("command_failed")
        print(f"rolecall: something went wrong ({type(error).__name__}); the line above says where.", file=sys.stderr)  # noqa: T201
        sys.exit(1)
