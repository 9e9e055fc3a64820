"""Build idf.json (how much a word tells) and glue.json (which function words stand together) in bot/grading.

Run it again when the bank has grown by a few dozen problems:

    python benchmarks/_word_weights.py [--answers saf.jsonl]

Documents are the bank's own texts and, if given, answers of the SAF data set (Short Answer Feedback, English part, MIT
licence; JSON lines with `question_id`, `question`, `reference`, `answer`), at most twenty a question. The weight of a
stem that stands in d of n documents is log(n/d)/log(n), to two places. Stems seen once only in answers are left out:
they may be misspelt.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from pydoc_data.topics import topics

from bot.catalogue import load
from bot.grading.lexicon import GLUE
from bot.grading.text import read

PER_QUESTION = 20
PACKAGE = Path(__file__).parents[1] / "bot" / "grading"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=Path, help="SAF answers as JSON lines")
    arguments = parser.parse_args()
    careful, typed = _bank()
    if arguments.answers:
        saf_careful, saf_typed = _saf(arguments.answers)
        careful += saf_careful
        typed += saf_typed
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
    pairs: dict[str, set[str]] = {}
    for text in (*careful, *typed, *_manual()):
        for first, second in pairwise(read(text).tokens):
            if first.clause == second.clause and first.word in GLUE and second.word in GLUE:
                pairs.setdefault(first.word, set()).add(second.word)
    neighbours = {
        "comment": "Function words seen side by side, in the texts of idf.json and in Python's manual. "
        "Made by benchmarks/_word_weights.py.",
        "pairs": {first: " ".join(sorted(seconds)) for first, seconds in sorted(pairs.items())},
    }
    _write("glue.json", neighbours)


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
