"""Build idf.json (how much a word tells) and order.json (which kinds of words follow each other) in bot/grading.

Run it again when the bank has grown by a few dozen problems:

    python benchmarks/_word_weights.py [--answers saf.jsonl] [--only order.json]

Documents are the bank's own texts and, if given, answers of the SAF data set (Short Answer Feedback, English part, MIT
licence; JSON lines with `question_id`, `question`, `reference`, `answer`), at most twenty a question. The weight of a
stem that stands in d of n documents is log(n/d)/log(n), to two places. Stems seen once only in answers are left out:
they may be misspelt. The order is counted in the same texts and in Python's manual.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from pydoc_data.topics import topics

from bot.catalogue import load
from bot.grading.order import kinds
from bot.grading.text import read

PER_QUESTION = 20
PACKAGE = Path(__file__).parents[1] / "bot" / "grading"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=Path, help="SAF answers as JSON lines")
    parser.add_argument("--only", choices=("idf.json", "order.json"), help="build one of the two")
    arguments = parser.parse_args()
    careful, typed = _bank()
    if arguments.answers:
        saf_careful, saf_typed = _saf(arguments.answers)
        careful += saf_careful
        typed += saf_typed
    if arguments.only != "order.json":
        _word_weights(careful, typed)
    if arguments.only != "idf.json":
        _word_order([*careful, *typed, *_manual()])


def _word_weights(careful: list[str], typed: list[str]) -> None:
    proper = {token.stem for text in careful for token in read(text).tokens}
    seen = Counter(stem for text in careful + typed for stem in {token.stem for token in read(text).tokens})
    n = len(careful) + len(typed)
    idf = {
        stem: round(math.log(n / d) / math.log(n), 2)
        for stem, d in sorted(seen.items())
        if stem.isalpha() and stem.isascii() and (stem in proper or d > 1)
    }
    table = {
        "comment": "Weight 0..1 of a stem: log(n/d)/log(n) over n documents, d of which hold it. Documents: the "
        "problems of this repository, and answers of the SAF data set (MIT). Made by benchmarks/_word_weights.py.",
        "documents": n,
        "unknown": 1.0,
        "idf": idf,
    }
    _write("idf.json", table)


def _word_order(texts: list[str]) -> None:
    seen: Counter[str] = Counter()
    following: tuple[dict[str, Counter[str]], dict[str, Counter[str]]] = ({}, {})
    for text in texts:
        row = list(kinds(read(text).tokens))
        seen.update(row)
        for distance, counts in enumerate(following, start=1):
            for first, second in zip(row, row[distance:], strict=False):
                counts.setdefault(first, Counter())[second] += 1
    near, far = ({kind: dict(sorted(c.items())) for kind, c in sorted(counts.items())} for counts in following)
    table = {
        "comment": "How often kinds of words were seen: function words, endings of others, breaks; and how often one "
        "next to another, and next but one. From the texts of idf.json and Python's manual. "
        "Made by benchmarks/_word_weights.py.",
        "kinds": dict(sorted(seen.items())),
        "next": near,
        "next_but_one": far,
    }
    _write("order.json", table)


def _write(name: str, table: Mapping[str, object]) -> None:
    target = PACKAGE / name
    target.write_text(json.dumps(table, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{name}: {target.stat().st_size / 1000:.0f} kB")


def _bank() -> tuple[list[str], list[str]]:
    careful, typed = [], []
    for problem in load().problems.values():
        careful += [problem.prompt, problem.reference, *(hint.text for hint in problem.hints)]
        careful.append("\n".join(claim.statement for claim in (*problem.criteria, *problem.misconceptions)))
        typed += [e.text for e in problem.exemplars if e.style not in {"keyword_stuffing", "injection"}]
    return careful, typed


def _manual() -> list[str]:
    """Paragraphs of Python's own language reference, which every Python brings along: a lot of plain English."""
    return [part for topic in topics.values() for part in topic.split("\n\n")]


def _saf(path: Path) -> tuple[list[str], list[str]]:
    careful: dict[str, str] = {}
    typed: dict[str, list[str]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            careful[row["question_id"]] = f"{row['question']}\n{row['reference']}"
            typed.setdefault(row["question_id"], []).append(row["answer"])
    return list(careful.values()), [text for texts in typed.values() for text in texts[:PER_QUESTION]]


if __name__ == "__main__":
    main()
