"""`rolecall eval`: how good a grader is on answers that people have judged, beside what guessing would give."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import RolecallError
from bot.grading.evaluation import Evaluation, Summary, evaluate
from bot.grading.grader import Grader
from bot.grading.labelled import read_labelled

ROWS = {
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "qwk": "quadratic weighted kappa",
    "two_band_flips": "two-band flips (share of answers)",
    "kappa": "kappa per criterion",
    "ece": "expected calibration error",
}
LABEL, CELL = 36, 24
"""Widths of the table's first and other columns, in characters."""


def evaluate_grader(
    data: Annotated[Path, typer.Option("--data", help="Judged answers, one JSON object a line.")],
    exemplars: Annotated[
        int,
        typer.Option(min=0, help="Judged answers per question that the grader may learn from; they are not tested."),
    ] = 0,
    grader: Annotated[str, typer.Option(help="deterministic, or llm where one is set up.")] = "deterministic",
    seed: Annotated[int, typer.Option(help="Draws the exemplars and the resamples.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Measure a grader on judged answers. Each line of the file: question_id, question, reference (text or a list of
    alternatives), answer, and band (0, 1, 2) or correct; optionally criteria: id, statement, weight, met."""
    rows = read_labelled(data)
    found = evaluate(rows, _grader(grader), time.perf_counter, exemplars=exemplars, seed=seed)
    if as_json:
        typer.echo(json.dumps(report(found), indent=2))
        return
    typer.echo(_table(found))
    again = ["rolecall", "eval", "--data", str(data), "--exemplars", str(exemplars), "--grader", grader]
    typer.echo(f"\nRepeat: {shlex.join([*again, '--seed', str(seed)])}")


def _deterministic() -> Grader:
    from bot.grading.deterministic import DeterministicGrader

    return DeterministicGrader()


def _llm() -> Grader:
    from bot.cli.graders import llm_grader
    from bot.settings import Settings

    grader = llm_grader(Settings())
    if grader is None:
        raise RolecallError("No language model is set up. Set ROLECALL_LLM_MODEL and its key, then try again.")
    return grader


GRADERS: dict[str, Callable[[], Grader]] = {"deterministic": _deterministic, "llm": _llm}


def _grader(name: str) -> Grader:
    if name not in GRADERS:
        raise RolecallError(f"There is no grader “{name[:40]}”. Choose one of: {', '.join(GRADERS)}.")
    return GRADERS[name]()


def report(found: Evaluation) -> dict[str, object]:
    """The object of `--json`: shares 0..1 with four decimals, times in milliseconds, null where nothing applies."""
    return {
        **_figures(found, found.result, timed=True),
        "majority": _figures(found, found.majority),
        "majority_per_question": _figures(found, found.majority_per_question),
    }


def _figures(found: Evaluation, summary: Summary, *, timed: bool = False) -> dict[str, object]:
    return {
        "n": found.n,
        "questions": found.questions,
        **{name: value if value is None else round(value, 4) for name, value in asdict(summary.measures).items()},
        "coverage": {percent: round(accuracy, 4) for percent, accuracy in summary.coverage.items()},
        "ci": {name: each and [round(end, 4) for end in each] for name, each in summary.ci.items()},
        "p50_ms": round(found.p50_ms, 3) if timed else None,
        "p95_ms": round(found.p95_ms, 3) if timed else None,
    }


def _table(found: Evaluation) -> str:
    columns = (found.result, found.majority, found.majority_per_question)
    what = "bands 0 to 2" if found.bands else "correct or not"
    learnt = f"; {found.exemplars} more served as exemplars or were copies of them" if found.exemplars else ""
    lines = [
        f"{found.grader} {found.version}: {found.n} answers to {found.questions} questions, {what}{learnt}.",
        "In brackets: 95 % intervals, resampling questions.",
        "",
        _line("", "grader", "majority", "majority per question*"),
    ]
    for name, title in ROWS.items():
        if getattr(found.result.measures, name) is not None:
            lines.append(_line(title, *(_cell(column, name) for column in columns)))
    lines += [
        _line(f"accuracy on the surest {percent} %", *(f"{column.coverage[percent]:.3f}" for column in columns))
        for percent in found.result.coverage
    ]
    if found.decided is not None:
        errors = "none decided" if found.confident_errors is None else f"{found.confident_errors:.1f}"
        lines.append(_line("confident errors per 100 decided", f"{errors} ({found.decided} decided)"))
    lines.append(_line("time per answer, p50 / p95", f"{found.p50_ms:.2f} / {found.p95_ms:.2f} ms"))
    if found.cost_usd:
        lines.append(_line("cost", f"${found.cost_usd:.2f}"))
    if found.unanswered:
        lines.append(_line("answers that it could not judge", str(found.unanswered)))
    lines += ["", "* the commonest label of each question: an oracle, it has seen the labels it is tested on."]
    return "\n".join(lines)


def _line(title: str, *cells: str) -> str:
    return (title.ljust(LABEL) + "".join(cell.ljust(CELL) for cell in cells)).rstrip()


def _cell(summary: Summary, name: str) -> str:
    value, interval = getattr(summary.measures, name), summary.ci[name]
    if value is None:
        return "–"
    return f"{value:.3f}" + (f" ({interval[0]:.3f}–{interval[1]:.3f})" if interval else "")
