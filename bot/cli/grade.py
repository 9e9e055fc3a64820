"""`rolecall grade`: one answer against one problem, for authors and for other programs. It stores nothing."""

from __future__ import annotations

import difflib
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text as Line

from bot.catalogue import load
from bot.catalogue.problem import Problem
from bot.errors import RolecallError
from bot.grading import question as asked
from bot.grading import rubric
from bot.grading.deterministic import THRESHOLD, DeterministicGrader
from bot.grading.question import Question
from bot.model import Assessment, Outcome, ProblemId, Quote, State
from bot.settings import Settings

MARKS = {State.MET: "✓", State.PARTLY: "◐", State.MISSED: "✗", State.UNSURE: "?"}


def grade(
    problem_id: Annotated[str, typer.Argument(help="The id of a problem, such as llm.rag.wrong_chunks.")],
    answer: Annotated[
        str, typer.Option("--answer", "-a", help="A text file with the answer, or - for standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of words.")] = False,
    variant: Annotated[str, typer.Option(help="The variant that was answered.")] = "v1",
    recall: Annotated[str | None, typer.Option(help="Grade as the recall question of this concept.")] = None,
    content: Annotated[Path | None, typer.Option(help="A content folder. Default: what ships.")] = None,
) -> None:
    """Grade one answer: each criterion with the words that meet it, then score and band."""
    problem = problem_of(problem_id, content)
    question = _question(problem, variant, recall)
    text = _answer(answer)
    assessment = DeterministicGrader(Settings().review_threshold or THRESHOLD).grade(question, text)
    outcome = rubric.outcome(question, assessment)
    if as_json:
        typer.echo(json.dumps(report(question, assessment, outcome), ensure_ascii=False, indent=2))
    else:
        _show(question, assessment, outcome)


def report(question: Question, assessment: Assessment, outcome: Outcome) -> dict[str, object]:
    """The JSON object of `--json`; offsets are in characters of the answer as it was read."""
    severity = {m.id: m.severity for m in question.problem.misconceptions}
    criteria = {str(c.id): c for c in question.criteria}
    return {
        "problem": str(question.problem.id),
        "version": question.problem.version,
        "grader": f"{assessment.grader} {assessment.version}",
        "band": outcome.band,
        "lowest": outcome.lowest,
        "highest": outcome.highest,
        "provisional": outcome.provisional,
        "score": round(outcome.score, 4),
        "flags": list(assessment.flags),
        "verdicts": [
            {
                "criterion": verdict.criterion,
                "kind": criteria[verdict.criterion].kind,
                "statement": criteria[verdict.criterion].statement,
                "state": verdict.state,
                "confidence": verdict.confidence,
                "why": verdict.why,
                "quote": _quoted(verdict.quote),
            }
            for verdict in assessment.verdicts
        ],
        "misconceptions": [
            {
                "id": mistake.misconception,
                "severity": severity[mistake.misconception],
                "confidence": mistake.confidence,
                "quote": _quoted(mistake.quote),
            }
            for mistake in assessment.mistakes
        ],
    }


def _quoted(quote: Quote | None) -> dict[str, object] | None:
    return None if quote is None else {"text": quote.text, "start": quote.start, "end": quote.end}


def problem_of(problem_id: str, content: Path | None) -> Problem:
    """A problem of the bank; RolecallError that names the nearest ids."""
    problems = load(content).problems
    if problem_id in problems:
        return problems[ProblemId(problem_id)]
    near = difflib.get_close_matches(problem_id, [str(known) for known in problems], n=3, cutoff=0.4)
    hint = f"Did you mean {', '.join(near)}?" if near else "`rolecall check content` lists what there is."
    raise RolecallError(f"There is no problem {problem_id[:80]!r}. {hint}")


def _question(problem: Problem, variant: str, concept: str | None) -> Question:
    if concept is not None:
        try:
            return asked.recall(problem, concept)
        except KeyError:
            known = ", ".join(str(r.concept) for r in problem.recall) or "none"
            raise RolecallError(
                f"{problem.id} has no recall question for {concept[:80]!r}. It has these: {known}."
            ) from None
    known_variants = ["v1", *(v.id for v in problem.variants)]
    if variant not in known_variants:
        raise RolecallError(f"{problem.id} has no variant {variant[:40]!r}. It has: {', '.join(known_variants)}.")
    return asked.full(problem, variant)


def _answer(source: str) -> str:
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise RolecallError(f"{source}: {reason}. Give a text file with the answer, or - for standard input.") from None
    if b"\0" in data:
        raise RolecallError("The answer is not text: it holds binary data. Give a plain text file in UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RolecallError("The answer is not UTF-8 text. Save the file as UTF-8 and try again.") from None
    if not text.strip():
        raise RolecallError("The answer is empty. Write a sentence or two and try again.")
    return text


def _show(question: Question, assessment: Assessment, outcome: Outcome) -> None:
    console = Console(highlight=False)
    kinds = {str(c.id): c for c in question.criteria}
    console.print(Line(question.problem.title, style="bold"))
    for verdict in assessment.verdicts:
        criterion = kinds[verdict.criterion]
        console.print(Line(f"{MARKS[verdict.state]} {verdict.state:<6} {criterion.kind:<5} {criterion.statement}"))
        if verdict.quote:
            console.print(Line(f"    “{_printable(verdict.quote.text)}”", style="italic"))
        console.print(Line(f"    {_printable(verdict.why)} ({verdict.confidence:.0%} sure)", style="dim"))
    for mistake in assessment.mistakes:
        console.print(Line(f"! {mistake.misconception}: “{_printable(mistake.quote.text)}”"))
    if assessment.flags:
        console.print(Line(f"Flags: {', '.join(assessment.flags)}"))
    span = f", between {outcome.lowest} and {outcome.highest} until the unsure ones are settled"
    console.print(Line(f"{outcome.band}, score {outcome.score:.2f}{span if outcome.provisional else ''}", style="bold"))


def _printable(text: str) -> str:
    """One line, without control characters that a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)
