"""How the grader judges answers by writers who had not seen the rubrics.

    python benchmarks/grader.py [--json] [--errors]

The data, benchmarks/data/blind_answers.jsonl: 196 answers to the 24 problems and their recall questions, written from
the prompts alone, a quarter of them confidently wrong; each labelled criterion by criterion by two raters who saw
the rubric and neither each other nor the grader. Writers and raters are language models, not practitioners. Criteria
on which the raters differ, or that both call half said, are left out.

Figures: the share of criteria that are decided (not `unsure`); confident errors per 100 decided, met and missed
together; the share of honest answers (not the confidently wrong ones) that a guard flags; bands that are decided
and not the raters' among those where the raters agree; p95 of the time per answer, beside the time to split the
same answers into sentences.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bot.catalogue import load
from bot.grading import rubric
from bot.grading.deterministic import DeterministicGrader
from bot.grading.question import full, recall
from bot.grading.text import sentences
from bot.model import State

DATA = Path(__file__).parent / "data" / "blind_answers.jsonl"


def label(answer: dict[str, Any], criterion: str) -> str | None:
    """What both raters say of a criterion: met or missed; None where they differ or call it half said."""
    said = {
        "met" if criterion in rater["met"] else "partly" if criterion in rater["partly"] else "missed"
        for rater in answer["labels"]
    }
    return said.pop() if said in ({"met"}, {"missed"}) else None


def measure(*, show_errors: bool) -> dict[str, tuple[float, float | None, bool]]:
    """Figure -> value, goal, and whether less is better."""
    bank, grader = load(), DeterministicGrader()
    count: Counter[str] = Counter()
    times, split = [], []
    answers = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    for warm in bank.problems.values():
        grader.grade(full(warm), "warm")
    for answer in answers:
        problem = bank.problems[answer["problem"]]
        if answer["recall"] and not any(r.concept == answer["recall"] for r in problem.recall):
            continue
        asked = recall(problem, answer["recall"]) if answer["recall"] else full(problem)
        begun = time.perf_counter()
        assessment = grader.grade(asked, answer["answer"])
        times.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        sentences(answer["answer"])
        split.append(time.perf_counter() - begun)
        if answer["kind"] != "wrong":
            count["honest"] += 1
            count["flagged"] += bool(assessment.flags)
        for verdict in assessment.verdicts:
            wanted = label(answer, verdict.criterion)
            if wanted is None or verdict.state is State.PARTLY:
                continue
            count["criteria"] += 1
            if verdict.state is State.UNSURE:
                continue
            count["decided"] += 1
            if verdict.state != wanted:
                count["errors"] += 1
                if show_errors:
                    print(f"{problem.id} {verdict.criterion}: {verdict.state}, not {wanted}\n  {answer['answer']}\n")
        outcome = rubric.outcome(asked, assessment)
        bands = {rater["band"] for rater in answer["labels"]}
        if len(bands) == 1 and not outcome.provisional:
            count["bands"] += 1
            count["bands_wrong"] += outcome.band not in bands
    return {
        "answers": (len(times), None, False),
        "criteria_decided": (count["decided"] / count["criteria"], 0.70, False),
        "confident_errors_per_100_decided": (100 * count["errors"] / count["decided"], 4.0, True),
        "honest_answers_flagged": (count["flagged"] / count["honest"], 0.05, True),
        "final_bands_wrong": (count["bands_wrong"] / count["bands"], None, True),
        "p95_ms": (statistics.quantiles(times, n=20)[-1] * 1000, 10.0, True),
        "median_over_sentence_splitting": (statistics.median(times) / statistics.median(split), None, True),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--errors", action="store_true", help="print each confident error")
    given = arguments.parse_args()
    found = {
        name: {
            "value": round(value, 3),
            "goal": goal,
            "ok": goal is None or (value <= goal if less_is_better else value >= goal),
        }
        for name, (value, goal, less_is_better) in measure(show_errors=given.errors and not given.json).items()
    }
    if given.json:
        print(json.dumps(found))
        return
    for name, figure in found.items():
        goal = "" if figure["goal"] is None else f"  (goal: {figure['goal']})"
        print(f"{name:36} {figure['value']:>10}{goal}{'' if figure['ok'] else '  MISSED'}")


if __name__ == "__main__":
    main()
