"""`rolecall doctor`: does this installation have what it needs? Each check is a function that says what it found.

It changes nothing. Slack and Discord are asked where their tokens are set; one sample answer is sent to the language
model, if there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import checkup
from bot.cli.checkup import Found, Health
from bot.errors import RolecallError, StoreError
from bot.settings import Settings

if TYPE_CHECKING:
    from adapters.findings import Channel, Finding

Check = Callable[[Settings], list[Found]]


def doctor(
    db: Annotated[
        str, typer.Option("--db", help="A file or URL; default: ROLECALL_DATABASE, or the user's data folder.")
    ] = "",
    sample: Annotated[bool, typer.Option(help="Send a sample answer to the language model.")] = True,
) -> None:
    """Check the installation (database, clock, disk, chats, content, models) and say what to do. Exits 1 on a fault."""
    from bot.cli.compose import wall_clock

    settings = Settings(**({"database": db} if db else {}))
    checks: dict[str, Check] = {
        "settings": checkup.settings_named,
        "database": lambda settings: checkup.database(settings, wall_clock),
        "disk": lambda settings: checkup.disk(checkup.file_of(settings)),
        "rights": lambda settings: checkup.rights([checkup.file_of(settings), Path(".env")]),
        "zone data": lambda _: checkup.zone_data(),
        "slack": lambda settings: slack(settings, wall_clock),
        "discord": lambda settings: discord(settings, wall_clock),
        "content": content,
        "language model": language_model if sample else language_model_settings,
        "sentence model": sentence_model,
    }
    found = [one for about, check in checks.items() for one in _checked(about, check, settings)]
    for one in found:
        typer.echo(f"{one.health:<4}  {one.about}: {one.said}")
    raise typer.Exit(int(any(one.health is Health.FAIL for one in found)))


def _checked(about: str, check: Check, settings: Settings) -> list[Found]:
    try:
        return check(settings)
    except StoreError as error:
        return [Found(Health.FAIL, about, error.detail)]
    except RolecallError as error:
        return [Found(Health.FAIL, about, str(error))]


def slack(settings: Settings, now: Callable[[], datetime]) -> list[Found]:
    """Whether Slack lets the app in and do what it has to, where it is set up."""
    import asyncio

    from adapters.slack.checks import examine
    from bot.cli.slack import installation_of

    installation = installation_of(settings)
    if installation is None:
        return [_not_set_up("slack")]
    return _told(asyncio.run(examine(installation, _channels(settings, "slack"), now)))


def discord(settings: Settings, now: Callable[[], datetime]) -> list[Found]:
    """Whether Discord lets the bot in and do what it has to, where it is set up."""
    import asyncio

    from adapters.discord.asking import filled
    from adapters.discord.checks import examine
    from bot.catalogue import load
    from bot.cli.discord import installation_of
    from bot.suggesting import suggesting

    installation = installation_of(settings)
    if installation is None:
        return [_not_set_up("discord")]
    client = filled(installation, suggesting(load(settings.content)))
    return _told(asyncio.run(examine(installation, _channels(settings, "discord"), client, now)))


def _not_set_up(platform: str) -> Found:
    said = f'it is not set up, and nothing is missing. README.md, "{platform.capitalize()} in five minutes", says how '
    return Found(Health.OK, platform, f"{said}it would be.")


def _told(found: Sequence[Finding]) -> list[Found]:
    return [Found(Health(one.health), one.about, one.said) for one in found]


def _channels(settings: Settings, platform: str) -> list[Channel]:
    """The channels of cohorts on a platform; none where the database cannot be asked, which another check says."""
    from adapters.findings import Channel
    from bot.store import cohorts
    from bot.store.session import open_store

    file = checkup.file_of(settings)
    if file and not file.exists():
        return []
    try:
        with closing(open_store(settings.database_place, upgrade=False, create=False)) as store, store.read() as tx:
            kept = [(one.name, ch) for one in cohorts.living(tx) for ch in cohorts.channels(tx, one.id)]
    except RolecallError:
        return []
    return [
        Channel(ch.workspace, ch.channel, name, (ch.closed_why or "no reason is known") if ch.closed_at else "")
        for name, ch in kept
        if ch.platform == platform
    ]


def content(settings: Settings) -> list[Found]:
    """Whether the content loads."""
    from bot.catalogue import load

    catalogue = load(settings.content)
    return [Found(Health.OK, "content", f"{len(catalogue.problems)} problems, all readable.")]


def language_model_settings(settings: Settings) -> list[Found]:
    """Whether the settings of the language model fit together. Nothing is sent."""
    from bot.cli.graders import llm_grader

    grader = llm_grader(settings)
    said = f"{grader.endpoint.name} is set." if grader else "none is set; the built-in grader judges alone."
    return [Found(Health.OK, "language model", said)]


def language_model(settings: Settings) -> list[Found]:
    """Whether the language model grades a good answer as one, and whether its price is known."""
    from bot.catalogue import load
    from bot.cli.graders import llm_grader
    from bot.grading.llm import UnansweredError
    from bot.grading.llm_prompt import prepare
    from bot.grading.question import full
    from bot.model import Band, State

    grader = llm_grader(settings)
    if grader is None:
        return language_model_settings(settings)
    problem = load(settings.content).warm_up
    strong = next(e for e in problem.exemplars if e.band is Band.STRONG_HIRE)
    try:
        opinion = grader.ask(prepare(full(problem, strong.variant), strong.text, frozenset({strong.id})))
    except UnansweredError as error:
        return [Found(Health.FAIL, "language model", REMEDIES[error.reason])]
    met = {str(v.criterion) for v in opinion.assessment.verdicts if v.state is State.MET}
    tokens = f"{opinion.spent.tokens_in} tokens read and {opinion.spent.tokens_out} written"
    name = grader.endpoint.name
    if not met.issuperset(strong.met):
        said = f"{name} answers, but does not find what stands in a good answer ({tokens}). Choose a stronger model."
        found = [Found(Health.WARN, "language model", said)]
    else:
        found = [Found(Health.OK, "language model", f"{name} graded a sample answer as it should ({tokens}).")]
    if opinion.spent.cost_usd is None:
        said = "unknown, so caps in dollars do not hold. Set ROLECALL_LLM_PRICE_IN and ROLECALL_LLM_PRICE_OUT."
        return [*found, Found(Health.WARN, "its price", said)]
    return [*found, Found(Health.OK, "its price", f"${opinion.spent.cost_usd:.4f} for the sample.")]


def sentence_model(settings: Settings) -> list[Found]:
    """Whether the sentence model that is set loads and runs."""
    from bot.catalogue import load
    from bot.cli.graders import evidence_finder

    finder = evidence_finder(settings)
    if finder is None:
        return [Found(Health.OK, "sentence model", "none is set, and none is needed.")]
    problem = load(settings.content).warm_up
    finder.model.vector(problem.reference)
    return [Found(Health.OK, "sentence model", "it loads and runs.")]


REMEDIES = {
    "slow": "it did not answer in time. Raise ROLECALL_LLM_TIMEOUT, or choose a faster model.",
    "busy": "it has too much to do. Wait a minute and try again; if it stays so, ask for a higher rate limit.",
    "down": "it cannot be reached. Check ROLECALL_LLM_BASE_URL, the network and that the service runs.",
    "refused": "it refuses the request. Check ROLECALL_LLM_API_KEY, the name in ROLECALL_LLM_MODEL, and the credit.",
    "unusable": "its replies are not of the form that is asked for. Try ROLECALL_LLM_JSON_SCHEMA=false, or another "
    "model.",
}
"""By `grading.llm.Reason`."""
