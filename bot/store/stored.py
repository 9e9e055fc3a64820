"""Values as they are kept in JSON columns. Names in the data are fixed here, so a class may be renamed freely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.model import Assessment, CriterionId, Flag, Judge, Mistake, Quote, Ruling, State, Verdict


def _quote_to(quote: Quote | None) -> dict[str, Any] | None:
    return None if quote is None else {"text": quote.text, "start": quote.start, "end": quote.end}


def _quote_from(data: dict[str, Any] | None) -> Quote | None:
    return None if data is None else Quote(data["text"], data["start"], data["end"])


def assessment_to(a: Assessment) -> dict[str, Any]:
    return {
        "grader": a.grader,
        "version": a.version,
        "cost_usd": a.cost_usd,
        "overall": a.overall,
        "fallback": a.fallback,
        "flags": [str(f) for f in a.flags],
        "verdicts": [
            {
                "criterion": v.criterion,
                "state": str(v.state),
                "quote": _quote_to(v.quote),
                "confidence": v.confidence,
                "why": v.why,
                "by": str(v.by),
                "chance": v.chance,
                "appealed": v.appealed,
            }
            for v in a.verdicts
        ],
        "mistakes": [
            {
                "misconception": m.misconception,
                "quote": _quote_to(m.quote),
                "confidence": m.confidence,
                "appealed": m.appealed,
                "denied": m.denied,
            }
            for m in a.mistakes
        ],
    }


def rulings_to(rulings: Mapping[str, Ruling]) -> dict[str, Any]:
    return {point: {"state": str(r.state), "quote": _quote_to(r.quote)} for point, r in rulings.items()}


def rulings_from(data: Mapping[str, Any]) -> dict[str, Ruling]:
    return {point: Ruling(State(r["state"]), _quote_from(r["quote"])) for point, r in data.items()}


def _judge(data: dict[str, Any]) -> Judge:
    """Who decided; before there were mentors it was the grader or the learner."""
    return Judge(data["by"]) if "by" in data else Judge.LEARNER if data["by_learner"] else Judge.GRADER


def assessment_from(data: dict[str, Any]) -> Assessment:
    return Assessment(
        verdicts=tuple(
            Verdict(
                CriterionId(v["criterion"]),
                State(v["state"]),
                _quote_from(v["quote"]),
                v["confidence"],
                v["why"],
                _judge(v),
                v.get("chance"),
                v.get("appealed", False),
            )
            for v in data["verdicts"]
        ),
        mistakes=tuple(
            Mistake(
                m["misconception"],
                Quote(**m["quote"]),
                m["confidence"],
                m.get("appealed", False),
                m.get("denied", False),
            )
            for m in data["mistakes"]
        ),
        flags=tuple(Flag(f) for f in data["flags"]),
        grader=data["grader"],
        version=data["version"],
        cost_usd=data["cost_usd"],
        overall=data.get("overall"),
        fallback=data.get("fallback", ""),
    )
