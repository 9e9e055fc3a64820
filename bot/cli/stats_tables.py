"""The statistics of graders and problems as tables and as JSON. It counts nothing and names no member."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bot.grading.item_statistics import (
    ENOUGH,
    CriterionFigures,
    GraderFigures,
    ProblemFigures,
    graders,
    problems,
)
from bot.model import Band, Judge
from bot.store.session import Tx
from bot.store.statistics import Calls, calls, histories

WORST = 5
"""Criteria shown per grader, those on which it agrees least with mentors."""

JUDGES = {Judge.GRADER: "built-in", Judge.MODEL: "language model"}
NOT_YET = "not yet"


def of_graders(tx: Tx, *, as_json: bool) -> str:
    """Every grader, version and judge, and what language models were asked."""
    found, called = graders(histories(tx)), calls(tx)
    if as_json:
        return _json({"graders": [_grader(f) for f in found], "models": [_model(c) for c in called]})
    return "\n".join([*_graders(found), *_models(called)])


def of_problems(tx: Tx, *, as_json: bool) -> str:
    """Every problem that somebody answered, and which to revise."""
    found = problems(histories(tx))
    if as_json:
        return _json({"enough": ENOUGH, "problems": [_problem(f) for f in found]})
    return "\n".join(_problems(found))


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def _grader(f: GraderFigures) -> dict[str, Any]:
    return {
        "grader": f.grader,
        "version": f.version,
        "judge": f.judge,
        "answers": f.answers,
        "criteria": f.criteria,
        "decided": f.criteria - f.unsure,
        "unsure_share": _share(f.unsure, f.criteria),
        "looked_at": f.looked_at,
        "overturned": f.overturned,
        "confident_errors": _rounded(f.confident_errors, 1),
        "mentor_agreement": _rounded(f.agreement),
        "by_criterion": [
            {"problem": problem, "criterion": criterion, "looked_at": a.looked_at, "same": a.same}
            for (problem, criterion), a in sorted(f.mentors.items())
        ],
        "appeals": f.appeals,
        "appeals_settled": f.settled,
        "appeals_upheld": f.upheld,
        "overturn_rate": _share(f.upheld, f.settled),
    }


def _model(c: Calls) -> dict[str, Any]:
    return {
        "model": c.model,
        "outcome": c.outcome,
        "calls": c.calls,
        "tokens_in": c.tokens_in,
        "tokens_out": c.tokens_out,
        "cost_usd": round(c.cost_usd, 6),
    }


def _problem(f: ProblemFigures) -> dict[str, Any]:
    final = sum(f.bands.values())
    return {
        "problem": f.problem,
        "attempts": f.attempts,
        "bands": {band: _share(f.bands.get(band, 0), final) for band in Band},
        "difficulty": _rounded(f.difficulty),
        "discrimination": _rounded(f.discrimination),
        "appeals": f.appeals,
        "appeals_upheld": f.upheld,
        "criteria": {
            name: {"read": c.read, "unsure": c.unsure, "looked_at": c.looked_at, "overturned": c.overturned}
            for name, c in sorted(f.criteria.items())
        },
        "revise": list(f.revise),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)


def _graders(found: Sequence[GraderFigures]) -> Iterable[str]:
    if not found:
        yield "No answer has been graded yet."
        return
    yield from _table(
        (
            "grader",
            "answers",
            "criteria",
            "unsure",
            "looked at",
            "overturned",
            "errors per 100",
            "same as mentors",
            "appeals upheld",
        ),
        [
            (
                f"{f.grader} {f.version}" + (f", {JUDGES[f.judge]}" if f.grader == "cascade" else ""),
                str(f.answers),
                str(f.criteria),
                _percent(f.unsure, f.criteria),
                str(f.looked_at),
                str(f.overturned),
                "–" if f.confident_errors is None else f"{f.confident_errors:.1f}",
                "–" if f.agreement is None else f"{f.agreement:.0%}",
                f"{f.upheld} of {f.settled}" + (f", {f.appeals - f.settled} open" if f.appeals > f.settled else ""),
            )
            for f in found
        ],
    )
    yield ""
    yield "Looked at: decided criteria that mentors or peers ruled on; overturned: theirs was another verdict."
    yield "They look where there is doubt or an appeal, so these are no rates over all answers."
    for f in found:
        yield from _worst(f)


def _worst(f: GraderFigures) -> Iterable[str]:
    differ = sorted((a.same / a.looked_at, key, a) for key, a in f.mentors.items() if a.same < a.looked_at)
    if differ:
        yield ""
        yield f"Where mentors differ most from {f.grader} {f.version}:"
        for _, (problem, criterion), a in differ[:WORST]:
            yield f"  {problem} {criterion}: the same {a.same} of {a.looked_at} times"


def _models(called: Sequence[Calls]) -> Iterable[str]:
    if called:
        yield ""
        yield from _table(
            ("language model", "outcome", "calls", "tokens read", "written", "cost"),
            [
                (c.model, c.outcome, str(c.calls), str(c.tokens_in), str(c.tokens_out), f"${c.cost_usd:.4f}")
                for c in called
            ],
        )


def _problems(found: Sequence[ProblemFigures]) -> Iterable[str]:
    if not found:
        yield "No answer has been graded yet."
        return
    yield from _table(
        (
            "problem",
            "answers",
            "strong",
            "lean",
            "no hire",
            "difficulty",
            "discrimination",
            "appeals upheld",
            "most unsure",
        ),
        [
            (
                str(f.problem),
                str(f.attempts),
                *(
                    _percent(f.bands.get(band, 0), sum(f.bands.values()))
                    for band in (Band.STRONG_HIRE, Band.LEAN_HIRE, Band.NO_HIRE)
                ),
                NOT_YET if f.difficulty is None else f"{f.difficulty:.2f}",
                NOT_YET if f.discrimination is None else f"{f.discrimination:.2f}",
                f"{f.upheld} of {f.appeals}",
                _most_unsure(f.criteria.items()),
            )
            for f in found
        ],
    )
    yield ""
    yield f"Difficulty: 1 - mean score. Discrimination: correlation with the rest. Both need {ENOUGH} members' answers."
    revise = [(f.problem, reason) for f in found for reason in f.revise]
    yield ""
    yield "To revise:" if revise else "Nothing calls for a revision so far."
    for problem, reason in revise:
        yield f"  {problem}: {reason}"


def _most_unsure(criteria: Iterable[tuple[str, CriterionFigures]]) -> str:
    ranked = sorted((-c.unsure / c.read, name, c) for name, c in criteria if c.unsure)
    return f"{ranked[0][1]}, {ranked[0][2].unsure} of {ranked[0][2].read}" if ranked else "–"


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join([first.lstrip().ljust(widths[0]), *rest]).rstrip()
