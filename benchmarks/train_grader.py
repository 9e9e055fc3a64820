"""Fit what the built-in grader ships, from data whose licence allows it.

    python benchmarks/train_grader.py [--saf saf.jsonl] [--check]

Always bot/grading/weights.json, from this project's own answers (benchmarks/_rubric_model.py). With a file of SAF
answers (Short Answer Feedback, English part, MIT; JSON lines with `question_id`, `question`, `reference`, `answer`,
`band`) also bot/grading/agreement.json (benchmarks/_reference_model.py). `--check` writes nothing and prints how well
each does on problems and questions that are left out of its fit. Two runs give the same files.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import _reference_model as reference
from benchmarks import _rubric_model as rubric


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saf", type=Path, help="SAF answers as JSON lines")
    parser.add_argument("--check", action="store_true", help="print figures, write nothing")
    given = parser.parse_args()
    if given.check:
        rubric.report()
    else:
        rubric.write()
    if given.saf:
        (reference.report if given.check else reference.write)(given.saf)


if __name__ == "__main__":
    main()
