"""How the grader judges answers by writers who had not seen the rubrics.

    python benchmarks/grader.py [--json] [--errors] [--curve] [--split] [--data FILE] [--set NAME]

The data, benchmarks/data/blind_answers.jsonl: answers to the 24 problems and their recall questions, written from the
prompts alone, a quarter of them confidently wrong; each labelled criterion by criterion by two raters who saw the
rubric and neither each other nor the grader. Writers and raters are language models, not practitioners. Criteria on
which the raters differ, or that both call half said, are left out. On the first set (196 answers) the wording of the
bank was improved and the weights were fitted; of the second (105) only totals were looked at, to choose the threshold;
the third (107) was kept from whoever worked on grader and bank. Figures are of both; `--set third` is strictest.

Figures: the share of criteria that are decided (not `unsure`); confident errors per 100 decided, met and missed
together, and both figures for the first set; the share of honest answers (not the confidently wrong ones) that a guard
flags; the share of answers whose band is final, those that are not the raters' among them where the raters agree, and
the same with good answers called No Hire counted double; the calibration error of the chance; p95 of the processor
time per answer, beside that to split the same answers into sentences; gradings a second in two processes at once;
memory with 500 problems loaded and heard.

`--split` adds the first two figures by format and by length, also for the bank's exemplars, each graded without itself.
`--curve` prints what other thresholds would decide, and how often wrongly.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from bot.catalogue import Catalogue, load
from bot.grading import rubric
from bot.grading.deterministic import DeterministicGrader
from bot.grading.exemplars import near_duplicates
from bot.grading.question import Question, full, recall
from bot.grading.text import sentences
from bot.model import Assessment, Band, State, Verdict

DATA = Path(__file__).parent / "data" / "blind_answers.jsonl"
KNOWN, UNKNOWN = "first", "second+third"
SECONDS = 3.0
LOADED = 500
THRESHOLDS = (0.75, 0.8, 0.85, 0.88, 0.89, 0.9, 0.91, 0.92, 0.93, 0.95)
LENGTHS = ((25, "under 25 words"), (75, "25 to 74 words"), (10_000, "75 words and more"))

Figures = dict[str, tuple[float, float | None, bool]]
"""Figure -> value, goal, and whether less is better."""

Asked = Sequence[tuple[Mapping[str, Any], Question]]
"""Answers with their labels, and what was asked."""


def label(answer: Mapping[str, Any], criterion: str) -> str | None:
    """What both raters say of a criterion: met or missed; None where they differ or call it half said."""
    said = {
        "met" if criterion in rater["met"] else "partly" if criterion in rater["partly"] else "missed"
        for rater in answer["labels"]
    }
    return said.pop() if said in ({"met"}, {"missed"}) else None


def blind(bank: Catalogue, part: str = "", data: Path = DATA) -> Asked:
    """The answers of a set, or all, with what was asked; not those whose recall question is no longer in the bank."""
    found: list[tuple[Mapping[str, Any], Question]] = []
    for line in data.read_text(encoding="utf-8").splitlines():
        answer = json.loads(line)
        problem = bank.problems[answer["problem"]]
        if part and answer.get("set", KNOWN) not in part.split("+"):
            continue
        if not answer["recall"]:
            found.append((answer, full(problem)))
        elif any(r.concept == answer["recall"] for r in problem.recall):
            found.append((answer, recall(problem, answer["recall"])))
    return found


class Tally:
    """Criteria judged, decided and decided wrongly."""

    def __init__(self) -> None:
        self.judged = self.decided = self.wrong = 0

    def count(self, verdict: Verdict, wanted: str) -> bool:
        """Whether the verdict is a confident error."""
        self.judged += 1
        self.decided += verdict.state is not State.UNSURE
        wrong = verdict.state not in {State.UNSURE, wanted}
        self.wrong += wrong
        return wrong

    @property
    def share(self) -> float:
        return self.decided / max(1, self.judged)

    @property
    def errors(self) -> float:
        """Confident errors per 100 decided."""
        return 100 * self.wrong / max(1, self.decided)


def verdicts(assessment: Assessment, answer: Mapping[str, Any]) -> Iterator[tuple[Verdict, str]]:
    """The verdicts on which the raters agree, with what they say; half said is not compared."""
    for verdict in assessment.verdicts:
        wanted = label(answer, verdict.criterion)
        if wanted is not None and verdict.state is not State.PARTLY:
            yield verdict, wanted


def tally_of(asked: Asked, grader: DeterministicGrader) -> Tally:
    """What a grader decides of the answers, and what of it wrongly."""
    tally = Tally()
    for answer, question in asked:
        for verdict, wanted in verdicts(grader.grade(question, answer["answer"]), answer):
            tally.count(verdict, wanted)
    return tally


def measure(bank: Catalogue, answers: Asked, *, show_errors: bool) -> Figures:
    """The figures of quality and of time."""
    grader = DeterministicGrader()
    count: Counter[str] = Counter()
    tally = Tally()
    chances: list[tuple[float, bool]] = []
    times, split = [], []
    for warm in bank.problems.values():
        grader.grade(full(warm), "warm")
    for answer, asked in answers:
        begun = time.process_time()
        assessment = grader.grade(asked, answer["answer"])
        times.append(time.process_time() - begun)
        begun = time.process_time()
        sentences(answer["answer"])
        split.append(time.process_time() - begun)
        if answer["kind"] != "wrong":
            count["honest"] += 1
            count["flagged"] += bool(assessment.flags)
        for verdict, wanted in verdicts(assessment, answer):
            if verdict.chance is not None:
                chances.append((verdict.chance, wanted == "met"))
            if tally.count(verdict, wanted) and show_errors:
                heading = f"{asked.problem.id} {verdict.criterion}: {verdict.state}, not {wanted} ({verdict.why})"
                print(f"{heading}\n  {answer['answer']}\n")
        outcome = rubric.outcome(asked, assessment)
        bands = {rater["band"] for rater in answer["labels"]}
        count["final"] += not outcome.provisional
        if len(bands) == 1 and not outcome.provisional:
            wrong = outcome.band not in bands
            count["bands"] += 1
            count["bands_wrong"] += wrong
            count["good_refused"] += wrong and outcome.band is Band.NO_HIRE
    return {
        "answers": (len(times), None, False),
        "criteria_decided": (tally.share, 0.70, False),
        "confident_errors_per_100_decided": (tally.errors, 4.0, True),
        "honest_answers_flagged": (count["flagged"] / count["honest"], 0.05, True),
        "final_bands": (count["final"] / len(times), None, False),
        "final_bands_wrong": (count["bands_wrong"] / count["bands"], None, True),
        "final_bands_wrong_refusals_double": (
            (count["bands_wrong"] + count["good_refused"]) / count["bands"], None, True,
        ),
        "calibration_error": (calibration_error(chances), 0.05, True),
        "p95_ms": (statistics.quantiles(times, n=20)[-1] * 1000, 10.0, True),
        "median_over_sentence_splitting": (statistics.median(times) / statistics.median(split), None, True),
    }  # fmt: skip


def calibration_error(chances: Iterable[tuple[float, bool]]) -> float:
    """Mean distance 0..1 between chance and share met, over ten bins of equal width."""
    bins: dict[int, list[float]] = defaultdict(list)
    for chance, met in chances:
        bins[min(9, int(chance * 10))].append(chance - met)
    return sum(abs(sum(found)) for found in bins.values()) / max(1, sum(map(len, bins.values())))


def splits(bank: Catalogue, answers: Asked) -> dict[str, Tally]:
    """Decided and wrong by format and by length, for the blind answers and the exemplars."""
    grader = DeterministicGrader()
    found: dict[str, Tally] = defaultdict(Tally)

    def note(source: str, question: Question, answer: str, verdict: Verdict, wanted: str) -> None:
        words = len(answer.split())
        length = next(name for limit, name in LENGTHS if words < limit)
        for part in (question.problem.tags.format, length):
            found[f"{source}, {part}"].count(verdict, wanted)

    for answer, asked in answers:
        assessment = grader.grade(asked, answer["answer"])
        for verdict, wanted in verdicts(assessment, answer):
            note("blind", asked, answer["answer"], verdict, wanted)
    for problem in bank.problems.values():
        for exemplar in problem.exemplars:
            asked = full(problem, exemplar.variant)
            assessment = grader.grade(asked, exemplar.text, near_duplicates(problem, exemplar))
            for verdict in assessment.verdicts:
                if verdict.criterion not in exemplar.partly and verdict.state is not State.PARTLY:
                    wanted = "met" if verdict.criterion in exemplar.met else "missed"
                    note("exemplars", asked, exemplar.text, verdict, wanted)
    return found


def gradings(_: int) -> int:
    """How many answers one process grades in SECONDS, its problems compiled before."""
    grader = DeterministicGrader()
    asked = [(question, answer["answer"]) for answer, question in blind(load())]
    for question, text in asked:
        grader.grade(question, text)
    done, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        grader.grade(*asked[done % len(asked)])
        done += 1
    return done


def memory_mb() -> float:
    """Growth of this process, in megabytes, by LOADED problems of which each was graded once."""
    before = _resident()
    originals = list(load().problems.values())
    grader = DeterministicGrader()
    problems = [
        originals[n % len(originals)].model_copy(update={"id": f"{originals[n % len(originals)].id}_{n}"}, deep=True)
        for n in range(LOADED)
    ]
    for problem in problems:
        grader.grade(full(problem), problem.reference)
    return _resident() - before


def _resident() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def speed() -> Figures:
    """Gradings a second in two processes at once, and memory."""
    with ProcessPoolExecutor(2) as pool:
        done = sum(pool.map(gradings, range(2)))
    with ProcessPoolExecutor(1) as pool:
        memory = pool.submit(memory_mb).result()
    return {
        "gradings_a_second_2_processes": (done / SECONDS, None, False),
        f"memory_mb_{LOADED}_problems": (memory, 100.0, True),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--errors", action="store_true", help="print each confident error")
    arguments.add_argument("--split", action="store_true", help="by format and by length")
    arguments.add_argument("--curve", action="store_true", help="what other thresholds would decide")
    arguments.add_argument("--data", type=Path, default=DATA, help="another file of the same form")
    arguments.add_argument("--set", help=f"first, second, third, or {UNKNOWN} (the default)")
    given = arguments.parse_args()
    bank = load()
    part = given.set or (UNKNOWN if given.data == DATA else "")
    asked, known = blind(bank, part, given.data), blind(bank, KNOWN)
    if given.curve:
        print("threshold  decided  errors per 100 decided")
        for threshold in THRESHOLDS:
            tally = tally_of(asked, DeterministicGrader(threshold))
            print(f"{threshold:9.2f}  {tally.share:7.3f}  {tally.errors:7.2f}")
        return
    figures = measure(bank, asked, show_errors=given.errors and not given.json)
    tally = tally_of(known, DeterministicGrader())
    figures["first_set_criteria_decided"] = (tally.share, None, False)
    figures["first_set_confident_errors_per_100_decided"] = (tally.errors, None, True)
    found = {
        name: {
            "value": round(value, 3),
            "goal": goal,
            "ok": goal is None or (value <= goal if less_is_better else value >= goal),
        }
        for name, (value, goal, less_is_better) in (figures | speed()).items()
    }
    by_part = splits(bank, asked) if given.split or given.json else {}
    if given.json:
        parts = {name: {"decided": tally.share, "errors": tally.errors} for name, tally in by_part.items()}
        print(json.dumps(found | {"split": parts}))
        return
    for name, figure in found.items():
        goal = "" if figure["goal"] is None else f"  (goal: {figure['goal']})"
        print(f"{name:42} {figure['value']:>10}{goal}{'' if figure['ok'] else '  MISSED'}")
    for name, tally in sorted(by_part.items()):
        print(f"{name:42} {tally.share:>10.3f} decided of {tally.judged}, {tally.errors:.1f} wrong per 100")


if __name__ == "__main__":
    main()
