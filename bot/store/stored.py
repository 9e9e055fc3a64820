"""Values as they are kept in JSON columns. Names in the data are fixed here, so a class may be renamed freely."""

from __future__ import annotations

from typing import Any

from bot.model import Assessment, CriterionId, Flag, Mistake, Quote, State, Verdict


def _quote_to(quote: Quote | None) -> dict[str, Any] | None:
    return None if quote is None else {"text": quote.text, "start": quote.start, "end": quote.end}


def _quote_from(data: dict[str, Any] | None) -> Quote | None:
    return None if data is None else Quote(data["text"], data["start"], data["end"])


def assessment_to(a: Assessment) -> dict[str, Any]:
    return {
        "grader": a.grader,
        "version": a.version,
        "cost_usd": a.cost_usd,
        "flags": [str(f) for f in a.flags],
        "verdicts": [
            {
                "criterion": v.criterion,
                "state": str(v.state),
                "quote": _quote_to(v.quote),
                "confidence": v.confidence,
                "why": v.why,
                "by_learner": v.by_learner,
            }
            for v in a.verdicts
        ],
        "mistakes": [
            {"misconception": m.misconception, "quote": _quote_to(m.quote), "confidence": m.confidence}
            for m in a.mistakes
        ],
    }


def assessment_from(data: dict[str, Any]) -> Assessment:
    return Assessment(
        verdicts=tuple(
            Verdict(
                CriterionId(v["criterion"]),
                State(v["state"]),
                _quote_from(v["quote"]),
                v["confidence"],
                v["why"],
                v["by_learner"],
            )
            for v in data["verdicts"]
        ),
        mistakes=tuple(Mistake(m["misconception"], Quote(**m["quote"]), m["confidence"]) for m in data["mistakes"]),
        flags=tuple(Flag(f) for f in data["flags"]),
        grader=data["grader"],
        version=data["version"],
        cost_usd=data["cost_usd"],
    )
