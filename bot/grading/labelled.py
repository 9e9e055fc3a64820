"""Answers that people have judged, read from a file, and each as a question that any grader can be asked.

It knows neither graders nor figures.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn, TypeGuard

from bot.catalogue.problem import BandRule, Bands, Criterion, Exemplar, Problem, Tags
from bot.errors import RolecallError
from bot.grading.question import Question
from bot.grading.text import read
from bot.model import Band, ConceptId, CriterionId, ProblemId, Round

STRONG, LEAN = 0.85, 0.5
"""Share of the rubric from which an answer is in band 2 and in band 1."""

BANDS = (Band.NO_HIRE, Band.LEAN_HIRE, Band.STRONG_HIRE)

_WORDS = re.compile(r"[^\W_]+")
_MISSING = object()


@dataclass(frozen=True, slots=True)
class LabelledCriterion:
    """One criterion of a row, and whether people found it met."""

    id: str
    statement: str
    weight: float
    """Above 0; 3, 2 and 1 stand for must, core and bonus."""
    met: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """One judged answer. Exactly one of `band` and `correct` is set."""

    line: int
    """Where it stands in its file, from 1."""
    question_id: str
    question: str
    references: tuple[str, ...]
    """At least one; several are alternatives, any of which would do."""
    answer: str
    band: Literal[0, 1, 2] | None
    """0 No Hire, 1 Lean Hire, 2 Strong Hire."""
    correct: bool | None
    criteria: tuple[LabelledCriterion, ...] = ()

    @property
    def label(self) -> int:
        """The band, or 1 for correct and 0 for not."""
        return self.band if self.band is not None else int(bool(self.correct))


def read_labelled(path: Path) -> tuple[Labelled, ...]:
    """The rows of a JSON Lines file, UTF-8; blank lines are skipped, unknown fields ignored.

    Raises RolecallError that names file, line and field, and says what to write instead.
    """
    try:
        data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        said = error.strerror or "it cannot be read"
        raise RolecallError(f"{path}: {said}. Give a file of JSON Lines: one object a line.") from None
    rows = [_Row(path, number, raw).labelled() for number, raw in enumerate(data.split(b"\n"), start=1) if raw.strip()]
    if not rows:
        raise RolecallError(
            f"{path}: it holds no answers. Write one JSON object a line: question_id, question, reference, answer, "
            "and band or correct."
        )
    kind = "correct" if rows[0].band is None else "band"
    for row in rows:
        if (row.band is None) != (kind == "correct"):
            other = "band" if kind == "correct" else "correct"
            raise RolecallError(
                f"{path}:{row.line}: {other}: line {rows[0].line} has `{kind}`. Label all rows of a file the same way; "
                "put the others into a file of their own."
            )
    return tuple(rows)


class _Row:
    """One line being read: it knows its place, so that each fault can name it."""

    def __init__(self, path: Path, line: int, raw: bytes) -> None:
        self.path, self.line = path, line
        try:
            found = json.loads(raw.decode("utf-8"))
        except UnicodeDecodeError:
            self.refuse(None, "it is not UTF-8 text. Save the file as UTF-8.")
        except json.JSONDecodeError as error:
            self.refuse(None, f"it is not JSON ({error.msg}, column {error.colno}). Write one object a line.")
        except RecursionError:
            self.refuse(None, "it is not JSON that can be read (nested too deep). Write one flat object a line.")
        if not isinstance(found, dict):
            self.refuse(None, 'it is not an object. Write {"question_id": …, "question": …, …} on one line.')
        self.fields: Mapping[str, object] = found

    def refuse(self, field: str | None, said: str) -> NoReturn:
        where = f"{self.path}:{self.line}: {field}:" if field else f"{self.path}:{self.line}:"
        raise RolecallError(f"{where} {said}")

    def labelled(self) -> Labelled:
        answer = self.fields.get("answer", _MISSING)
        if not isinstance(answer, str):
            self.refuse("answer", f"{_kind(answer)}. Write the answer as text; it may be empty.")
        has_band, has_correct = (self.fields.get(name) is not None for name in ("band", "correct"))
        if has_band == has_correct:
            said = "both are there" if has_band else "both are missing"
            self.refuse("band, correct", f'{said}. Write either "band": 0, 1 or 2, or "correct": true or false.')
        return Labelled(
            line=self.line,
            question_id=self._text(self.fields, "question_id"),
            question=self._text(self.fields, "question"),
            references=self._references(),
            answer=answer,
            band=self._band() if has_band else None,
            correct=self._truth(self.fields, "correct") if has_correct else None,
            criteria=self._criteria(),
        )

    def _text(self, fields: Mapping[str, object], name: str, field: str | None = None) -> str:
        value = fields.get(name, _MISSING)
        if not isinstance(value, str) or not value.strip():
            self.refuse(field or name, f"{_kind(value)}. Write text that is not empty.")
        return value.strip()

    def _truth(self, fields: Mapping[str, object], name: str, field: str | None = None) -> bool:
        value = fields.get(name, _MISSING)
        if not isinstance(value, bool):
            self.refuse(field or name, f"{_kind(value)}. Write true or false.")
        return value

    def _band(self) -> Literal[0, 1, 2]:
        value = self.fields["band"]
        if not _is_number(value) or value not in (0, 1, 2):
            self.refuse("band", f"{_kind(value)}. Write 0 (No Hire), 1 (Lean Hire) or 2 (Strong Hire).")
        return 0 if value == 0 else 1 if value == 1 else 2

    def _references(self) -> tuple[str, ...]:
        value = self.fields.get("reference", _MISSING)
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(isinstance(each, str) and each.strip() for each in listed):
            wrong = next((each for each in listed if not isinstance(each, str) or not each.strip()), _MISSING)
            self.refuse("reference", f"{_kind(wrong)}. Write the reference answer as text, or a list of them.")
        return tuple(each.strip() for each in listed if isinstance(each, str))

    def _criteria(self) -> tuple[LabelledCriterion, ...]:
        value = self.fields.get("criteria")
        if value is None:
            return ()
        if not isinstance(value, list):
            self.refuse("criteria", f'{_kind(value)}. Write a list of {{"id", "statement", "weight", "met"}}.')
        found: list[LabelledCriterion] = []
        for position, each in enumerate(value):
            field = f"criteria[{position}]"
            if not isinstance(each, dict):
                self.refuse(field, f'{_kind(each)}. Write {{"id": …, "statement": …, "weight": …, "met": …}}.')
            weight = each.get("weight", _MISSING)
            if not _is_number(weight) or not 0 < weight < math.inf:
                self.refuse(f"{field}.weight", f"{_kind(weight)}. Write a number above 0.")
            criterion = LabelledCriterion(
                self._text(each, "id", f"{field}.id"),
                self._text(each, "statement", f"{field}.statement"),
                float(weight),
                self._truth(each, "met", f"{field}.met"),
            )
            if any(criterion.id == other.id for other in found):
                self.refuse(f"{field}.id", f"“{criterion.id[:40]}” is used twice. Give each criterion its own id.")
            found.append(criterion)
        return tuple(found)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(value: object) -> str:
    """What stands where something else should."""
    if value is _MISSING:
        return "it is missing"
    if value is None:
        return "it is null"
    if isinstance(value, str):
        return f"it is “{value.strip()[:40]}”" if value.strip() else "it is empty text"
    if isinstance(value, bool):
        return f"it is {str(value).lower()}"
    if isinstance(value, int | float):
        return f"it is {value!r:.40}"
    return "it is a list" if isinstance(value, list) else "it is an object"


def question_of(item: Labelled, exemplars: Sequence[Labelled] = ()) -> Question:
    """The question of a row as graders know questions, without an author's `says`.

    Its criteria are the row's; without any, the sentences of the one reference, or the first of several
    alternatives, all of which stand in `references`. `exemplars` are judged answers to learn from.
    """
    criteria = tuple(_criteria_of(item))
    problem = Problem.model_construct(
        schema_version=1,
        id=ProblemId(item.question_id),
        version=1,
        status="live",
        title=item.question,
        tags=Tags.model_construct(
            roles=("all",),
            round=Round.ML_DEPTH,
            topics=("labelled",),
            level="mid",
            difficulty=3,
            minutes=5,
            format="explain",
        ),
        concepts=(ConceptId("labelled"),),
        prompt=item.question,
        hints=(),
        criteria=criteria,
        bands=Bands(strong_hire=BandRule(min_score=STRONG), lean_hire=BandRule(min_score=LEAN)),
        reference="\n\n".join(item.references),
        exemplars=tuple(_exemplar(n, each) for n, each in enumerate(exemplars, start=1)),
    )
    return Question(problem, criteria, item.question, item.references)


def _criteria_of(item: Labelled) -> list[Criterion]:
    if item.criteria:
        scale = max(c.weight for c in item.criteria)
        return [_criterion(c.id, c.statement, _importance(c.weight, scale)) for c in item.criteria]
    if len(item.references) > 1:
        return [_criterion("c1", item.references[0], "must")]
    (reference,) = item.references
    said = [s.text for s in read(reference).sentences if len(_WORDS.findall(s.text)) > 1] or [reference]
    return [_criterion(f"c{n}", each, "core") for n, each in enumerate(said, start=1)]


def _importance(weight: float, heaviest: float) -> Literal["must", "core", "bonus"]:
    """The kind that a weight stands for; on a scale that ends below 2 every criterion counts alike."""
    if weight >= 3:
        return "must"
    return "core" if weight >= 2 or heaviest < 2 else "bonus"


def _criterion(id: str, statement: str, kind: Literal["must", "core", "bonus"]) -> Criterion:
    return Criterion.model_construct(
        id=CriterionId(id),
        kind=kind,
        concept=ConceptId("labelled"),
        statement=statement,
        reference_span=statement,
        says=(),
    )


def _exemplar(number: int, item: Labelled) -> Exemplar:
    band = BANDS[item.band] if item.band is not None else Band.STRONG_HIRE if item.correct else Band.NO_HIRE
    return Exemplar.model_construct(
        id=f"e{number}",
        band=band,
        met=tuple(CriterionId(c.id) for c in item.criteria if c.met),
        style="detailed",
        text=item.answer,
    )
