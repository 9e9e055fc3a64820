"""`rolecall match`: the role matcher over a file of answer sheets, for those who argue with its numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from bot.catalogue import load
from bot.errors import FieldError, RolecallError
from bot.roles.matching import Result, Score, match
from bot.roles.sheet import sheet_from

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_FAULTS = 20


def match_sheets(
    answers: Annotated[Path, typer.Option("--answers", "-a", help="A YAML or JSON list of {id, answers: {…}}.")],
    as_json: Annotated[bool, typer.Option("--json", help="A JSON list instead of words.")] = False,
    content: Annotated[Path | None, typer.Option(help="A content folder. Default: what ships.")] = None,
) -> None:
    """Match each sheet to the six roles: ranking with every contribution, margin, advice, gaps."""
    sheets = _sheets(answers)
    landscape = load(content).landscape
    results: list[tuple[str, Result]] = []
    faults: list[str] = []
    for n, (name, raw) in enumerate(sheets, 1):
        try:
            results.append((name, match(sheet_from(raw), landscape)))
        except FieldError as fault:
            faults.append(f"{answers}: sheet {n} ({name}): {fault.field}: {fault}")
    if faults:
        more = f"\n… and {len(faults) - MOST_FAULTS} more." if len(faults) > MOST_FAULTS else ""
        raise RolecallError("\n".join(faults[:MOST_FAULTS]) + more)
    if as_json:
        typer.echo(json.dumps([report(name, result) for name, result in results], ensure_ascii=False, indent=1))
    else:
        for name, result in results:
            typer.echo(_line(name, result))


def report(name: str, result: Result) -> dict[str, object]:
    """One object of `--json`. Points and weeks have two decimals, contributions four."""
    gap = result.not_this.gap
    flip = result.flip
    return {
        "id": name,
        "ranking": [_scored(score) for score in result.ranking],
        "margin": round(result.margin, 2),
        "advice": result.advice,
        "gaps": [{"skill": g.skill, "have": g.have, "need": g.need, "weeks": round(g.weeks, 2)} for g in result.gaps],
        "not_this": {
            "role": result.not_this.role,
            "because": {r.dimension: round(r.points, 2) for r in result.not_this.reasons},
            "gap": gap and {"skill": gap.skill, "have": gap.have, "need": gap.need, "weeks": round(gap.weeks, 2)},
            "round": result.not_this.round,
        },
        "flip": flip and {"answer": flip.answer, "from": flip.before, "to": flip.after, "first": flip.first},
    }


def _scored(score: Score) -> dict[str, object]:
    return {
        "role": score.role,
        "total": round(score.total, 2),
        "fit": round(score.fit, 2),
        "readiness": round(score.readiness, 2),
        "weeks": round(score.weeks, 2),
        "contributions": {dimension: round(points, 4) for dimension, points in score.contributions.items() if points},
    }


def _line(name: str, result: Result) -> str:
    ranked = ", ".join(f"{s.role} {s.total:.0f} (fit {s.fit:.0f}, ready {s.readiness:.0f})" for s in result.ranking[:2])
    return f"{name}: {ranked}; {result.word}, {result.advice}"


def _sheets(file: Path) -> list[tuple[str, Mapping[str, object]]]:
    """Id and answers of each sheet. Raises RolecallError that says what the file should hold."""
    try:
        data = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=Loader)  # noqa: S506 - a safe loader, in C
    except OSError as error:
        raise RolecallError(f"{file}: {error.strerror or 'it cannot be read'}. Give a YAML file of sheets.") from None
    except UnicodeDecodeError:
        raise RolecallError(f"{file}: it is not UTF-8 text. Save it as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        said = getattr(error, "problem", None) or "it cannot be read as YAML"
        raise RolecallError(f"{file}{where}: {said}. Compare this line with its neighbours.") from None
    listed = data.get("personas") if isinstance(data, dict) else data
    if not isinstance(listed, list) or not listed:
        raise RolecallError(f"{file}: it holds no sheets. Write a list of {{id: a1, answers: {{interest_first: …}}}}.")
    sheets: list[tuple[str, Mapping[str, object]]] = []
    for n, item in enumerate(listed, 1):
        answers = item.get("answers") if isinstance(item, dict) else None
        if not isinstance(answers, dict):
            raise RolecallError(f"{file}: sheet {n} has no `answers`. Write {{id: a{n}, answers: {{…}}}}.")
        sheets.append((str(item.get("id", n)), answers))
    return sheets
